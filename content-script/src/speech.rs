//! Decides what makes a message calling-extension traffic.

use callscope_protocol::MessageType;

/// No type name in the catalogue is longer than this, in bytes.
pub(crate) const LONGEST_TYPE: usize = 64;

/// What a message's `type` and `messageId` say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speech {
    /// Only a calling extension sends this type.
    Distinct(MessageType),
    /// It has the envelope of a calling extension: a type and a messageId.
    Envelope,
    /// Most likely another script's message, unless its sender has spoken the protocol before.
    Other,
}

/// Judges a message by its `type`, if that is a string, and whether it has a `messageId`.
pub(crate) fn judge(type_name: Option<&str>, has_id: bool) -> Speech {
    let Some(type_name) = type_name else {
        return Speech::Other;
    };
    match MessageType::from_name(type_name) {
        Some(known) if has_id || !known.is_common_word() => Speech::Distinct(known),
        None if has_id => Speech::Envelope,
        Some(_) | None => Speech::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_catalogue_counts_with_an_id() {
        for known in MessageType::ALL {
            assert!(known.name().len() <= LONGEST_TYPE);
            let speech = judge(Some(known.name()), true);
            assert_eq!(speech, Speech::Distinct(*known), "{known}");
        }
    }

    #[test]
    fn common_words_need_an_id() {
        assert_eq!(judge(Some("ERROR"), false), Speech::Other);
        assert_eq!(
            judge(Some("LOGGED_IN"), false),
            Speech::Distinct(MessageType::LoggedIn)
        );
    }

    #[test]
    fn an_unknown_type_counts_with_an_id_only() {
        assert_eq!(judge(Some("MINE"), true), Speech::Envelope);
        assert_eq!(judge(Some("MINE"), false), Speech::Other);
        assert_eq!(judge(None, true), Speech::Other);
    }
}
