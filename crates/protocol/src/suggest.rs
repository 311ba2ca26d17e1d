//! "Did you mean": the known word nearest to an unknown one.

use strsim::levenshtein;

/// Longer words are not compared: nobody mistypes that much.
const MAX_CHARS: usize = 64;

/// The nearest of `known`, if it is near enough to have been meant.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length == 0 || length > MAX_CHARS {
        return None;
    }
    let normal = normalize(word);
    known
        .filter(|candidate| *candidate != word && candidate.len() <= MAX_CHARS)
        .map(|candidate| (levenshtein(&normal, &normalize(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 4 + 1)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The known word that differs only in case and separators.
pub(crate) fn same_letters<'a>(
    word: &str,
    mut known: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    if word.len() > MAX_CHARS {
        return None;
    }
    let normal = normalize(word);
    known.find(|candidate| *candidate != word && normalize(candidate) == normal)
}

/// Drops case and separators.
fn normalize(word: &str) -> String {
    word.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MessageType;

    fn type_near(word: &str) -> Option<&'static str> {
        nearest(word, MessageType::ALL.iter().map(|ty| ty.name()))
    }

    #[test]
    fn near_words_are_found() {
        assert_eq!(type_near("CALL_END"), Some("CALL_ENDED"));
        assert_eq!(type_near("callAnswered"), Some("CALL_ANSWERED"));
        assert_eq!(
            type_near("OUTGOING_CALL_START"),
            Some("OUTGOING_CALL_STARTED")
        );
        assert_eq!(type_near("LOGED_IN"), Some("LOGGED_IN"));
        assert_eq!(
            nearest(
                "externalCallID",
                ["engagementId", "externalCallId"].into_iter()
            ),
            Some("externalCallId")
        );
    }

    #[test]
    fn far_words_are_not() {
        assert_eq!(type_near("webpackHotUpdate"), None);
        assert_eq!(type_near(""), None);
        assert_eq!(type_near(&"X".repeat(1000)), None);
    }
}
