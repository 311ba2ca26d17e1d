//! The scenarios that come with Callscope.

use crate::read::ReadError;
use crate::scenario::Scenario;

macro_rules! files {
    ($($name:literal,)*) => {
        /// The name and text of each, in display order.
        const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../scenarios/", $name, ".jsonc"))),)*
        ];
    };
}

files! {
    "handshake",
    "handshake-slow",
    "login-late",
    "outbound-answered",
    "outbound-no-answer",
    "outbound-busy",
    "outbound-ended-by-host",
    "inbound-answered",
    "inbound-missed",
    "inbound-while-busy",
    "caller-id-several",
    "transfer",
    "logout-during-call",
    "reload-during-call",
    "navigate-during-ringing",
    "minimise-during-call",
    "engagement-fails",
    "engagement-late",
    "dial-while-logged-out",
    "fast-redial",
    "call-from-ticket",
}

/// All built-in scenarios, the simplest first.
///
/// # Errors
///
/// Never: a test reads them all.
pub fn built_in() -> Result<Vec<Scenario>, ReadError> {
    FILES
        .iter()
        .map(|(name, text)| Scenario::read(&format!("{name}.jsonc"), text))
        .collect()
}

/// The text of a built-in scenario.
#[must_use]
pub fn built_in_text(name: &str) -> Option<&'static str> {
    let file = FILES.iter().find(|(it, _)| *it == name);
    file.map(|(_, text)| *text)
}
