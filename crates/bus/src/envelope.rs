//! One JSON text per message: `{"callscope":VERSION,"body":…}`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version of everything in this crate; raise it with every change that an older part of the
/// extension would misread.
pub const VERSION: u32 = 1;

/// Why a message of another part could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BusError {
    /// The other part belongs to another build of the extension.
    #[error("bus version {found} met version {VERSION}: reload the page and reopen DevTools")]
    VersionMismatch {
        /// The version that the message names.
        found: u32,
    },
    /// The text is not a message of the bus.
    #[error("not a message of the bus")]
    Malformed(#[from] serde_json::Error),
}

#[derive(Deserialize)]
struct Envelope<'a> {
    callscope: u32,
    #[serde(borrow)]
    body: &'a RawValue,
}

#[derive(Serialize)]
struct Outgoing<'a, T> {
    callscope: u32,
    body: &'a T,
}

/// Writes one message.
///
/// # Errors
///
/// [`BusError::Malformed`] if `body` cannot be JSON, which no type of this crate can cause.
pub fn encode<T: Serialize>(body: &T) -> Result<String, BusError> {
    Ok(serde_json::to_string(&Outgoing {
        callscope: VERSION,
        body,
    })?)
}

/// Reads one message, checking the version before the body.
///
/// # Errors
///
/// [`BusError::VersionMismatch`] even if the body would not parse, else [`BusError::Malformed`].
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, BusError> {
    let Envelope { callscope, body } = serde_json::from_str(text)?;
    if callscope != VERSION {
        return Err(BusError::VersionMismatch { found: callscope });
    }
    Ok(serde_json::from_str(body.get())?)
}
