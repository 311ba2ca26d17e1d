//! A message's fields against the catalogue, for looking at one message closely.

use std::fmt;

use serde_json::{Map, Value};

use crate::catalogue::{FieldSpec, FieldType, Location, MessageSpec, Required};
use crate::{Kind, Message, MessageType, Version, origin, suggest};

/// More extra keys than anybody looks at.
const MAX_EXTRAS: usize = 200;
/// More list items than anybody looks at.
const MAX_ITEMS: usize = 20;

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
    /// It should be a bare origin, and has a path, a slash, capitals or a default port.
    NotBareOrigin,
    /// The catalogue has no such key.
    Unknown {
        /// A key that may have been meant.
        did_you_mean: Option<&'static str>,
    },
    /// It stands beside `data` and belongs into it.
    Misplaced,
    /// The widget's version does not know it yet.
    Newer {
        /// The version that introduced it.
        since: Version,
    },
    /// The widget's version does not know it any more.
    Older {
        /// The last version that knew it.
        until: Version,
    },
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::WrongType { expected, found } => write!(f, "{found}, expected {expected}"),
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
);

/// Every field of the catalogue for this message, then every key that it does not know.
///
/// `version` is the widget's; `None` stands for the newest.
/// A message that is no object, or of no known type, has only extra keys.
#[must_use]
pub fn check_fields(message: &Message, version: Option<Version>) -> Vec<FieldReport> {
    let Value::Object(top) = message.value() else {
        return Vec::new();
    };
    let version = version.unwrap_or(Version::NEWEST);
    let spec = message.known().map(MessageType::spec);
    let mut reports = Vec::new();

    for field in [&TYPE, &MESSAGE_ID] {
        reports.push(report(
            field.name.to_owned(),
            field,
            top.get(field.name),
            version,
        ));
    }
    let fields = spec.map_or(&[][..], |spec| spec.fields);
    for field in fields {
        if matches!(field.name, "type" | "messageId") && field.location == Location::Top {
            continue;
        }
        let (root, prefix) = match field.location {
            Location::Top => (Some(message.value()), ""),
            Location::Data => (message.data(), "data."),
        };
        for path in field.paths() {
            find(root, &path, prefix, field, version, &mut reports);
        }
    }
    if let Some(spec) = spec {
        explain_alternatives(spec, &mut reports);
    }
    add_extras(top, fields, Location::Top, &mut reports);
    if let Some(Value::Object(data)) = message.data() {
        add_extras(data, fields, Location::Data, &mut reports);
    } else if let Some(data) = message.data().filter(|data| !data.is_null()) {
        reports.push(FieldReport {
            path: "data".to_owned(),
            spec: None,
            value: Some(data.clone()),
            problem: spec.is_some().then(|| FieldProblem::WrongType {
                expected: "object".to_owned(),
                found: Kind::of(data).words(),
            }),
        });
    }
    reports
}

/// Follows a dotted path, through every item of a list where it says `[]`.
fn find(
    root: Option<&Value>,
    path: &str,
    prefix: &str,
    field: &'static FieldSpec,
    version: Version,
    reports: &mut Vec<FieldReport>,
) {
    let Some((list, rest)) = path.split_once("[].") else {
        let value = root.and_then(|root| path.split('.').try_fold(root, |at, key| at.get(key)));
        reports.push(report(format!("{prefix}{path}"), field, value, version));
        return;
    };
    let items = root.and_then(|root| root.get(list)?.as_array());
    for (index, item) in items.into_iter().flatten().take(MAX_ITEMS).enumerate() {
        let prefix = format!("{prefix}{list}[{index}].");
        find(Some(item), rest, &prefix, field, version, reports);
    }
}

fn report(
    path: String,
    field: &'static FieldSpec,
    value: Option<&Value>,
    version: Version,
) -> FieldReport {
    let known = field.since <= version && field.until.is_none_or(|until| version <= until);
    let problem = match value {
        None | Some(Value::Null) => {
            (field.required == Required::Yes && known).then_some(FieldProblem::Missing)
        }
        Some(_) if version < field.since => Some(FieldProblem::Newer { since: field.since }),
        Some(value) if !fits(field.ty, value) => Some(FieldProblem::WrongType {
            expected: field.ty.to_string(),
            found: Kind::of(value).words(),
        }),
        Some(Value::String(text)) if field.ty == FieldType::Origin && !origin::is_bare(text) => {
            Some(FieldProblem::NotBareOrigin)
        }
        Some(_) => field
            .until
            .filter(|until| *until < version)
            .map(|until| FieldProblem::Older { until }),
    };
    FieldReport {
        path,
        spec: Some(field),
        value: value.cloned(),
        problem,
    }
}

/// `SET_WIDGET_URL` has `iFrameUrl` in one of two places; only one is needed.
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

fn add_extras(
    object: &Map<String, Value>,
    fields: &'static [FieldSpec],
    location: Location,
    reports: &mut Vec<FieldReport>,
) {
    let here = || fields.iter().filter(|field| field.location == location);
    let first = |path: String| path.split(['.', '[']).next().unwrap_or_default().to_owned();
    let mut known: Vec<String> = here().flat_map(FieldSpec::paths).map(first).collect();
    if location == Location::Top {
        known.extend(["type", "messageId", "data"].map(str::to_owned));
    }
    let wildcard = here().find(|field| field.is_wildcard());
    let candidates = || {
        here().map(|field| field.name).filter(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    };
    let is_data_field = |key: &str| {
        fields
            .iter()
            .any(|field| field.location == Location::Data && field.name == key)
    };

    let extras = object.iter().filter(|(key, _)| !known.contains(key));
    for (key, value) in extras.take(MAX_EXTRAS) {
        let problem = if wildcard.is_some() {
            // Anything may be there, but hardly a known key in another spelling.
            let meant = suggest::same_letters(key, candidates());
            meant.map(|known| FieldProblem::Unknown {
                did_you_mean: Some(known),
            })
        } else if fields.is_empty() {
            None
        } else if location == Location::Top && is_data_field(key) {
            Some(FieldProblem::Misplaced)
        } else {
            Some(FieldProblem::Unknown {
                did_you_mean: suggest::nearest(key, candidates()),
            })
        };
        let prefix = if location == Location::Data {
            "data."
        } else {
            ""
        };
        reports.push(FieldReport {
            path: format!("{prefix}{key}"),
            spec: wildcard,
            value: Some(value.clone()),
            problem,
        });
    }
}

/// Whether a value is of the documented type.
fn fits(ty: FieldType, value: &Value) -> bool {
    match ty {
        FieldType::String | FieldType::Origin | FieldType::Url => value.is_string(),
        FieldType::Number => value.is_number(),
        FieldType::Boolean => value.is_boolean(),
        FieldType::Undefined => value.is_null(),
        FieldType::Constant(text) => value == text,
        FieldType::Enum(values) => value.as_str().is_some_and(|text| values.contains(&text)),
        FieldType::OneOf(types) => types.iter().any(|ty| fits(*ty, value)),
        FieldType::Object(members) => {
            value.is_object()
                && members
                    .iter()
                    .all(|(name, ty)| value.get(name).is_some_and(|it| fits(*ty, it)))
        }
        FieldType::Properties => value.as_object().is_some_and(|map| {
            map.values()
                .all(|value| value.is_string() || value.is_null())
        }),
        FieldType::Array => value.is_array(),
        FieldType::Any | FieldType::Mixed => true,
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
        for report in check_fields(&message, Version::parse(version)) {
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
                data.callEndStatus = "INTERNAL_COMPLETED"  ! a string, expected enum COMPLETED|FAILED|CANCELED|BUSY|NO_ANSWER|REJECTED|MISSED
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
                data.callerIdMatches[1].callerIdType = "DEAL"  ! a string, expected enum CONTACT|COMPANY
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
