//! The fields of a message, checked against what is known about the widget's SDK.

use callscope_protocol::{Message, RecordedMessage, Severity, Version, VersionRange, check_fields};
use callscope_session_log::Session;

use crate::{about, value};

/// Longer values are cut; the message itself shows them whole.
const MAX_TEXT: usize = 200;

/// A field of the message, checked against the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldCard {
    /// Where it is: `hostUrl`, `data.phoneNumber`.
    pub path: String,
    /// Its value in one line; `None` if the message lacks it.
    pub value: Option<String>,
    /// What the catalogue says about it: its type, its unit, whether it is required, its versions
    /// and its note. Empty for a key that the catalogue does not know.
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
/// One side sends them and the other reads them, and neither SDK validates a payload. The widget's
/// version is known to be in a range; no message names HubSpot's, but it is no older, and HubSpot
/// serves the newest. So a field is fine if any version from the widget's oldest to the newest one
/// accepts it. If the widget's own SDK is too old to know the field, that is not a mistake, and is
/// shown with what the catalogue says about it.
pub(super) fn fields(
    session: &Session,
    recorded: &RecordedMessage,
    message: &Message,
) -> Vec<FieldCard> {
    let conversation = session.conversation(recorded.conversation);
    let widget = conversation.map(|it| it.speaks).unwrap_or_default();
    let versions = VersionRange {
        oldest: widget.oldest,
        newest: Version::NEWEST.max(widget.newest),
    };
    // An Error object arrives with its message, although JSON cannot represent it.
    let is_error = recorded
        .cloned
        .get("data")
        .is_some_and(|what| what == "Error");
    let reports = check_fields(message, versions).into_iter();
    reports
        .map(|report| FieldCard {
            problem: report
                .problem
                .filter(|_| !(is_error && report.path == "data"))
                .map(|problem| (problem.severity(), problem.to_string())),
            path: report.path,
            value: report.value.map(|value| value::inline(&value, MAX_TEXT)),
            about: report
                .spec
                .map_or_else(String::new, |spec| about::field(spec, widget)),
        })
        .collect()
}
