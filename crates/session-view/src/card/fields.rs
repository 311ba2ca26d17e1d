//! The fields of a message, held against what is known of the widget's SDK.

use callscope_protocol::{FieldProblem, Frame, Message, Severity, Version, check_fields};
use callscope_session_log::Session;

use crate::{about, value};

/// Longer texts are cut; the message itself has them whole.
const MAX_TEXT: usize = 200;

/// A field of the message against the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldCard {
    /// Where it is: `hostUrl`, `data.phoneNumber`.
    pub path: String,
    /// Its value in one line; `None` if the message lacks it.
    pub value: Option<String>,
    /// What the catalogue says of it: its type, its unit, whether it is required, its versions,
    /// what else is known. Empty for a key that it does not know.
    pub about: String,
    /// What is wrong with it.
    pub problem: Option<(Severity, String)>,
}

impl FieldCard {
    /// Whether the message has it, or should have it.
    #[must_use]
    pub const fn is_sent(&self) -> bool {
        self.value.is_some() || self.problem.is_some()
    }
}

/// The fields of a message.
///
/// One side sends them and the other reads them, and neither SDK looks at a payload. The widget's
/// version is known to be one of a range; HubSpot's is told by no message, but it is no older,
/// and what HubSpot serves is the newest. So nothing is wrong with a field that any version from
/// the widget's oldest to the newest takes as it is. That the widget's own SDK does not know it
/// yet is no mistake then, and is told as what the catalogue says of it.
pub(super) fn fields(session: &Session, frame: &Frame, message: &Message) -> Vec<FieldCard> {
    let conversation = session.conversation(frame.conversation);
    let widget = conversation.map(|it| it.speaks).unwrap_or_default();
    let by_oldest = check_fields(message, Some(widget.oldest));
    let by_newest = check_fields(message, Some(Version::NEWEST.max(widget.newest)));
    by_oldest
        .into_iter()
        .zip(by_newest)
        .map(|(oldest, newest)| FieldCard {
            path: newest.path,
            value: newest.value.map(|value| value::inline(&value, MAX_TEXT)),
            about: newest
                .spec
                .map_or_else(String::new, |spec| about::field(spec, widget)),
            problem: surely(oldest.problem, newest.problem)
                .map(|problem| (problem.severity(), problem.to_string())),
        })
        .collect()
}

/// What is wrong with a field whichever version it is, from what is wrong with it in the oldest
/// and in the newest one.
fn surely(oldest: Option<FieldProblem>, newest: Option<FieldProblem>) -> Option<FieldProblem> {
    use FieldProblem::{Newer, Older};
    match (oldest?, newest?) {
        // A version between the two knew it.
        (Newer { .. }, Older { .. }) => None,
        // A version that knows the field takes something else amiss, and one that does not know
        // it has no use for it either.
        (Newer { .. }, problem) | (problem, _) => Some(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wrong_in_every_version_is_told() {
        let newer = || {
            Some(FieldProblem::Newer {
                since: Version::new(0, 5, 0),
            })
        };
        let older = || {
            Some(FieldProblem::Older {
                until: Version::new(0, 6, 0),
            })
        };
        let missing = || Some(FieldProblem::Missing);
        let wrong = || Some(FieldProblem::NotBareOrigin);
        for (oldest, newest, expected) in [
            (None, None, None),
            (newer(), None, None),
            (None, older(), None),
            (None, missing(), None),
            (missing(), None, None),
            (newer(), newer(), newer()),
            (older(), older(), older()),
            (newer(), older(), None),
            (newer(), wrong(), wrong()),
            (wrong(), older(), wrong()),
            (missing(), missing(), missing()),
        ] {
            let words = format!("{oldest:?} and {newest:?}");
            assert_eq!(surely(oldest, newest), expected, "{words}");
        }
    }
}
