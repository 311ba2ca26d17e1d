//! Patterns to search texts for. Case does not matter.

use std::fmt;

use regex_lite::{Regex, RegexBuilder};

/// Whether `text` contains `lower`, which must be in lower case.
pub(super) fn contains_ignoring_case(text: &str, lower: &str) -> bool {
    if !lower.is_ascii() {
        return text.to_lowercase().contains(lower);
    }
    let Some(&first) = lower.as_bytes().first() else {
        return true;
    };
    let (text, lower) = (text.as_bytes(), lower.as_bytes());
    let upper = first.to_ascii_uppercase();
    memchr::memchr2_iter(first, upper, text).any(|at| {
        text.get(at..at + lower.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(lower))
    })
}

/// A text in which `*` matches anything, ignoring case.
///
/// ```
/// use callscope_session_view::filter::Glob;
///
/// let glob = Glob::new("call_*ed");
/// assert!(glob.matches("CALL_ENDED") && !glob.matches("CALL_DATA"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    written: String,
    /// The parts between the stars, in lower case.
    parts: Vec<String>,
}

impl Glob {
    /// Parses a text with stars.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            written: text.to_owned(),
            parts: text.to_lowercase().split('*').map(str::to_owned).collect(),
        }
    }

    pub(super) fn written(&self) -> &str {
        &self.written
    }

    /// Whether it matches everything: only stars.
    pub(super) fn is_anything(&self) -> bool {
        !self.written.is_empty() && self.parts.iter().all(String::is_empty)
    }

    /// Whether it matches a whole text. Takes time proportional to the text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        // The catalogue's types, by far the most frequent texts, need no copy.
        if let [part] = self.parts.as_slice()
            && part.is_ascii()
            && text.is_ascii()
        {
            return part.eq_ignore_ascii_case(text);
        }
        let text = text.to_lowercase();
        let text = text.as_str();
        let Some((first, rest)) = self.parts.split_first() else {
            return text.is_empty();
        };
        let Some((last, middle)) = rest.split_last() else {
            return text == first;
        };
        let Some(mut text) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for part in middle {
            let Some(at) = text.find(part.as_str()) else {
                return false;
            };
            text = text.get(at + part.len()..).unwrap_or_default();
        }
        text.ends_with(last.as_str())
    }
}

/// A regular expression; matching takes time proportional to the text, whatever the expression.
///
/// The crate `regex-lite` folds the case of ASCII letters only, and its `\w` and `\d` are ASCII:
/// the tables for all other characters would be ten times as large as the rest of it, and the panel
/// would have to load them.
#[derive(Clone)]
pub(super) struct Pattern {
    written: String,
    regex: Regex,
}

/// A regular expression that needs more memory is refused, because its time grows with it.
const MAX_REGEX_BYTES: usize = 64 << 10;

impl Pattern {
    /// Compiles the text between the slashes; `\/` in it stands for a slash.
    pub(super) fn new(written: &str) -> Result<Self, String> {
        let regex = RegexBuilder::new(&written.replace("\\/", "/"))
            .case_insensitive(true)
            .size_limit(MAX_REGEX_BYTES)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            written: written.to_owned(),
            regex,
        })
    }

    pub(super) fn written(&self) -> &str {
        &self.written
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.written)
    }
}
