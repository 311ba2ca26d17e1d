//! Writes filter terms for values that a page chose.

use super::Filter;

/// A term that shows the messages with this value: `type:CALL_ENDED`.
///
/// `None` if the language cannot express it. `key` is one whose values are strings (`type`, `id`,
/// `rule`, `origin`), or a path such as `data.engagementId`.
#[must_use]
pub fn term(key: &str, text: &str) -> Option<String> {
    let term = format!("{key}:{}", value(text, true)?);
    Filter::parse(&term).is_ok().then_some(term)
}

/// A value as written after a key, in quotes or as a regular expression if needed; `None` if it
/// cannot be written, which may happen in a list, where quotes are not possible.
pub(super) fn value(text: &str, is_alone: bool) -> Option<String> {
    let is_special = text.is_empty()
        || text.starts_with(['"', '/', '>', '<', '=', ':'])
        || text.contains(|it: char| it.is_whitespace() || matches!(it, ',' | '(' | ')'));
    match (is_special, text.contains('"')) {
        (false, _) => Some(text.to_owned()),
        (true, _) if !is_alone => None,
        (true, false) => Some(format!("\"{text}\"")),
        (true, true) => Some(format!(
            "/^{}$/",
            regex_lite::escape(text).replace('/', "\\/")
        )),
    }
}
