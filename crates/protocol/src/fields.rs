//! Checks a message's fields against the catalogue, for a detailed look at one message.

use std::fmt;

use serde_json::Value;

use crate::catalogue::{FieldSpec, FieldType, Meant, MessageSpec};
use crate::{Kind, Message, Severity, Version, VersionRange};

mod meant;
mod node;
mod types;
mod walk;

pub(crate) use meant::{property, stand_in};
pub(crate) use types::type_words;
pub(crate) use walk::{Field, Guess, Which, documented, undocumented};

/// One field that a message has or should have.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldReport {
    /// Where it is in the message: `hostUrl`, `data.phoneNumber`,
    /// `data.callerIdMatches[0].name`.
    pub path: String,
    /// The catalogue's row; `None` for a key that it does not know.
    pub spec: Option<&'static FieldSpec>,
    /// The value; `None` if the message lacks it.
    pub value: Option<Value>,
    /// What is wrong with it.
    pub problem: Option<FieldProblem>,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldProblem {
    /// It must be there and is not.
    Missing,
    /// It is of another type than documented.
    WrongType {
        /// The documented type, in words.
        expected: String,
        /// What was found, with its article.
        found: &'static str,
    },
    /// It is of the documented type, but none of the documented values.
    UnknownValue {
        /// The documented values, in words.
        expected: String,
    },
    /// It should be a bare origin, and has a path, a slash, capitals or a default port.
    NotBareOrigin,
    /// The catalogue has no such key.
    Unknown {
        /// The documented key that was probably meant.
        did_you_mean: Option<Meant>,
    },
    /// It stands beside `data` and belongs inside it.
    Misplaced,
    /// The widget's SDK version is too old for it.
    Newer {
        /// The version that introduced it.
        since: Version,
    },
    /// The widget's SDK version is too new for it.
    Older {
        /// The last version that knew it.
        until: Version,
    },
}

impl FieldProblem {
    /// How bad it is, unless a rule says otherwise.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Missing
            | Self::WrongType { .. }
            | Self::UnknownValue { .. }
            | Self::NotBareOrigin
            | Self::Unknown {
                did_you_mean: Some(_),
            } => Severity::Warning,
            Self::Unknown { did_you_mean: None }
            | Self::Misplaced
            | Self::Newer { .. }
            | Self::Older { .. } => Severity::Note,
        }
    }
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::WrongType { expected, found } => write!(f, "{found}, expected {expected}"),
            Self::UnknownValue { expected } => write!(f, "expected {expected}"),
            Self::NotBareOrigin => f.write_str("not a bare origin like https://host:port"),
            Self::Unknown {
                did_you_mean: Some(known),
            } => {
                write!(f, "unknown, did you mean {known}")
            }
            Self::Unknown { did_you_mean: None } => f.write_str("not documented"),
            Self::Misplaced => f.write_str("belongs into data"),
            Self::Newer { since } => write!(f, "only since SDK {since}"),
            Self::Older { until } => write!(f, "only until SDK {until}"),
        }
    }
}

static TYPE: FieldSpec = FieldSpec::envelope("type", "The message's name.");
static MESSAGE_ID: FieldSpec = FieldSpec::envelope(
    "messageId",
    "Minted by the sender: its instance and the time, joined by an underscore.",
)
.or(FieldType::Number);

/// Every field that the catalogue has for this message, then every key that it does not know.
///
/// `versions` are those that the widget's SDK can be: only what is wrong in all of them is a
/// problem.
/// A message that is not an object, or not of a known type, has only unknown keys.
///
/// The rules of family F check a message in the same way.
#[must_use]
pub fn check_fields(message: &Message, versions: VersionRange) -> Vec<FieldReport> {
    let value = message.value();
    if !value.is_object() {
        return Vec::new();
    }
    let ty = message.known();
    let mut reports = Vec::new();
    documented(value, ty, (Which::All, versions), &mut |field| {
        reports.push(report(field));
    });
    if let Some(ty) = ty {
        explain_alternatives(ty.spec(), &mut reports);
    }
    undocumented(value, ty, (Guess::Names, versions), &mut |_, field| {
        reports.push(report(field));
    });
    let odd_data = message
        .data()
        .filter(|data| !data.is_object() && !data.is_null());
    if let Some(data) = odd_data {
        reports.push(FieldReport {
            path: "data".to_owned(),
            spec: None,
            value: Some(data.clone()),
            problem: ty.map(|_| FieldProblem::WrongType {
                expected: "object".to_owned(),
                found: Kind::of(data).words(),
            }),
        });
    }
    reports
}

fn report(field: Field<'_, Value>) -> FieldReport {
    let Field {
        place,
        spec,
        value,
        problem,
        ..
    } = field;
    FieldReport {
        path: place.to_string(),
        spec,
        value: value.cloned(),
        problem,
    }
}

/// `SET_WIDGET_URL` carries `iFrameUrl` in one of two places; either will do.
fn explain_alternatives(spec: &MessageSpec, reports: &mut Vec<FieldReport>) {
    for field in spec.fields {
        let twins = spec
            .fields
            .iter()
            .filter(|other| other.name == field.name)
            .count();
        if twins > 1 {
            let is_here = |report: &FieldReport| {
                report.spec.is_some_and(|spec| spec.name == field.name) && report.value.is_some()
            };
            if reports.iter().any(is_here) {
                reports.retain(|report| {
                    report.spec.is_none_or(|spec| spec.name != field.name) || report.value.is_some()
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, version: &str, expected: &Expect) {
        let message = Message::decode(&text.into());
        let mut lines = String::new();
        for report in check_fields(&message, Version::parse(version).unwrap().into()) {
            let value = report
                .value
                .map_or("–".to_owned(), |value| value.to_string());
            let problem = report
                .problem
                .map(|problem| format!("  ! {problem}"))
                .unwrap_or_default();
            if value != "–" || !problem.is_empty() {
                writeln!(lines, "{} = {value}{problem}", report.path).unwrap();
            }
        }
        expected.assert_eq(&lines);
    }

    #[test]
    fn a_good_message_has_no_problems() {
        check(
            r#"{"type":"DIAL_NUMBER","messageId":"1_2","data":{"phoneNumber":"+15550100","objectId":7,"calleeInfo":{"calleeId":8}}}"#,
            "0.9.7",
            &expect![[r#"
                type = "DIAL_NUMBER"
                messageId = "1_2"
                data.phoneNumber = "+15550100"
                data.objectId = 7
                data.calleeInfo.calleeId = 8
            "#]],
        );
    }

    #[test]
    fn problems_are_named() {
        check(
            r#"{"type":"CALL_ENDED","externalCallId":"a","data":{"externalCallID":"a","callEndStatus":"INTERNAL_COMPLETED","engagementId":"7"}}"#,
            "0.9.7",
            &expect![[r#"
                type = "CALL_ENDED"
                messageId = –  ! missing
                data.callEndStatus = "INTERNAL_COMPLETED"  ! expected enum COMPLETED|FAILED|CANCELED|BUSY|NO_ANSWER|REJECTED|MISSED
                data.externalCallId = –  ! missing
                data.engagementId = "7"  ! a string, expected number
                externalCallId = "a"  ! belongs into data
                data.externalCallID = "a"  ! unknown, did you mean externalCallId
            "#]],
        );
        check(
            r#"{"type":"SYNC","messageId":"1_2","hostUrl":"https://app.hubspot.com/","portalId":"7"}"#,
            "0.2.1",
            &expect![[r#"
                type = "SYNC"
                messageId = "1_2"
                hostUrl = "https://app.hubspot.com/"  ! not a bare origin like https://host:port
                portalId = "7"  ! only since SDK 0.5.0
            "#]],
        );
    }

    #[test]
    fn lists_are_walked() {
        check(
            r#"{"type":"CALLER_ID_MATCH_SUCCEEDED","messageId":"1_2","data":{"callerIdMatches":[
                {"callerIdType":"CONTACT","firstName":"Ada","objectCoordinates":{"portalId":1,"objectId":2,"objectTypeId":"0-1"}},
                {"callerIdType":"DEAL"}]}}"#,
            "0.9.7",
            &expect![[r#"
                type = "CALLER_ID_MATCH_SUCCEEDED"
                messageId = "1_2"
                data.callerIdMatches = [{"callerIdType":"CONTACT","firstName":"Ada","objectCoordinates":{"portalId":1,"objectId":2,"objectTypeId":"0-1"}},{"callerIdType":"DEAL"}]
                data.callerIdMatches[0].callerIdType = "CONTACT"
                data.callerIdMatches[1].callerIdType = "DEAL"  ! expected enum CONTACT|COMPANY
                data.callerIdMatches[0].objectCoordinates = {"portalId":1,"objectId":2,"objectTypeId":"0-1"}
                data.callerIdMatches[1].objectCoordinates = –  ! missing
                data.callerIdMatches[0].firstName = "Ada"
            "#]],
        );
    }

    #[test]
    fn the_other_place_of_a_field_is_enough() {
        check(
            r#"{"type":"SET_WIDGET_URL","messageId":"1_2","data":{"iFrameUrl":"https://w.example/x"}}"#,
            "0.9.7",
            &expect![[r#"
                type = "SET_WIDGET_URL"
                messageId = "1_2"
                data.iFrameUrl = "https://w.example/x"
            "#]],
        );
    }

    #[test]
    fn unknown_types_and_odd_data_show_their_keys() {
        check(
            r#"{"type":"MINE","messageId":"1_2","data":{"a":1},"b":2}"#,
            "0.9.7",
            &expect![[r#"
                type = "MINE"
                messageId = "1_2"
                b = 2
                data.a = 1
            "#]],
        );
        check(
            r#"{"type":"LOGGED_IN","messageId":"1_2","data":"now"}"#,
            "0.9.7",
            &expect![[r#"
                type = "LOGGED_IN"
                messageId = "1_2"
                data = "now"  ! a string, expected object
            "#]],
        );
        check("null", "0.9.7", &expect![[""]]);
    }
}
