//! One text per message: `callscope VERSION` and the message.

use crate::wire::{Input, Wire, push_digits};

/// The version of everything in this crate; raise it with every change that an older part of the
/// extension would misread.
pub const VERSION: u32 = 8;

/// The prefix of every message.
const BEGINNING: &str = "callscope ";

/// Why a message from another part could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BusError {
    /// The other part belongs to another build of the extension.
    #[error("bus version {found} met version {VERSION}: reload the page and reopen DevTools")]
    VersionMismatch {
        /// The version that the message names.
        found: u32,
    },
    /// The text is not a message of this crate.
    #[error("not a message of the bus")]
    Malformed,
}

/// Writes one message.
#[must_use]
pub fn encode<T: Wire>(body: &T) -> String {
    let mut out = String::from(BEGINNING);
    push_digits(&mut out, VERSION, '\n');
    body.write(&mut out);
    out
}

/// Reads one message, checking its version before its body.
///
/// # Errors
///
/// [`BusError::VersionMismatch`] even if the body cannot be read, otherwise
/// [`BusError::Malformed`].
pub fn decode<T: Wire>(text: &str) -> Result<T, BusError> {
    let mut input = Input(text.strip_prefix(BEGINNING).ok_or(BusError::Malformed)?);
    let found = input.digits('\n').ok_or(BusError::Malformed)?;
    if found != VERSION {
        return Err(BusError::VersionMismatch { found });
    }
    T::read(&mut input)
        .filter(|_| input.0.is_empty())
        .ok_or(BusError::Malformed)
}
