//! What differs between two messages of one type, except for what differs in any two sessions.

use std::collections::BTreeSet;

use callscope_protocol::{FieldSpec, FieldType, Kind, Location, Message, MessageSpec, MessageType};
use serde_json::Value;

use crate::visible::visible;
use crate::{columns, value};

/// More differences in one message than anybody reads.
const MAX_CHANGES: usize = 12;
const MAX_DEPTH: usize = 16;
/// The width of a value in a sentence, in columns.
const MAX_VALUE: usize = 40;

/// The names of the two messages: `A` and `B`, `call 1` and `call 2`.
pub(super) type Names<'a> = [&'a str; 2];

/// The differences of two messages.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// One sentence for each.
    pub(super) lines: Vec<String>,
    /// The paths of values that differ but are not compared.
    pub(super) ignored: BTreeSet<String>,
}

/// Compares two messages.
pub(super) fn changes(left: &Message, right: &Message, names: Names<'_>) -> Changes {
    let mut walk = Walk {
        spec: left.known().map(MessageType::spec),
        names,
        changes: Changes::default(),
    };
    walk.compare("", left.value(), right.value(), 0);
    let mut changes = walk.changes;
    if changes.lines.len() > MAX_CHANGES {
        let more = changes.lines.len() - MAX_CHANGES;
        changes.lines.truncate(MAX_CHANGES);
        changes.lines.push(format!("… and {more} more"));
    }
    changes
}

struct Walk<'a> {
    spec: Option<&'static MessageSpec>,
    names: Names<'a>,
    changes: Changes,
}

impl Walk<'_> {
    fn compare(&mut self, path: &str, left: &Value, right: &Value, depth: usize) {
        let kinds = (Kind::of(left), Kind::of(right));
        if kinds.0 != kinds.1 {
            return self.differ(path, kinds.0.words(), kinds.1.words());
        }
        match (left, right) {
            (Value::Object(left), Value::Object(right)) if depth < MAX_DEPTH => {
                let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
                for key in keys {
                    let path = value::member_path(path, key);
                    match (left.get(key), right.get(key)) {
                        (Some(left), Some(right)) => self.compare(&path, left, right, depth + 1),
                        (Some(_), None) => self.only_in(&path, self.names[0]),
                        (None, _) => self.only_in(&path, self.names[1]),
                    }
                }
            }
            (Value::Array(left), Value::Array(right)) if left.len() != right.len() => {
                let [first, second] = self.names;
                let path = shown(path);
                let (left, right) = (left.len(), right.len());
                let words = format!("{path} has {left} items in {first}, {right} in {second}");
                self.changes.lines.push(words);
            }
            _ if left == right => {}
            (Value::Bool(_), Value::Bool(_)) => self.differ_in_values(path, left, right),
            (Value::String(_) | Value::Number(_), _) if is_compared(self.spec, path) => {
                self.differ_in_values(path, left, right);
            }
            _ => {
                self.changes.ignored.insert(shown(path));
            }
        }
    }

    fn differ(&mut self, path: &str, left: &str, right: &str) {
        let [first, second] = self.names;
        let path = shown(path);
        let words = format!("{path} is {left} in {first}, {right} in {second}");
        self.changes.lines.push(words);
    }

    fn only_in(&mut self, path: &str, name: &str) {
        let words = format!("{} is only in {name}", shown(path));
        self.changes.lines.push(words);
    }

    fn differ_in_values(&mut self, path: &str, left: &Value, right: &Value) {
        let text = |it: &Value| {
            let text = it.to_string();
            columns::cut(&visible(&text), MAX_VALUE).into_owned()
        };
        self.differ(path, &text(left), &text(right));
    }
}

fn shown(path: &str) -> String {
    match path {
        "" => "the message".to_owned(),
        path => columns::cut(&visible(path), 2 * MAX_VALUE).into_owned(),
    }
}

/// Properties of an engagement whose values HubSpot lists.
const LISTED_PROPERTIES: [&str; 2] = ["hs_call_direction", "hs_call_status"];

/// Whether a string or a number should be the same in any two sessions that do the same: the
/// catalogue lists the field's values, or it is a size on the screen or a version.
fn is_compared(spec: Option<&MessageSpec>, path: &str) -> bool {
    let Some(spec) = spec else { return false };
    if path == "version" || path == "data.sdkVersion" {
        return true;
    }
    let (location, path) = match path.strip_prefix("data.") {
        Some(rest) => (Location::Data, rest),
        None => (Location::Top, path),
    };
    let is_listed = |field: &FieldSpec| {
        let (before, name) = path.rsplit_once('.').unwrap_or_default();
        let is_object = matches!(field.ty, FieldType::Properties);
        is_object && field.paths().any(|it| it == before) && LISTED_PROPERTIES.contains(&name)
    };
    spec.fields.iter().any(|field| {
        let is_named = matches!(field.ty, FieldType::Enum(_) | FieldType::Constant(_));
        let is_same = (is_named || field.unit == Some("px")) && field.paths().any(|it| it == path);
        field.location == location && (is_same || is_listed(field))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &str, right: &str, lines: &[&str], ignored: &[&str]) {
        let decode = |text: &str| Message::decode(&text.into());
        let changes = changes(&decode(left), &decode(right), ["A", "B"]);
        assert_eq!(changes.lines, lines);
        assert!(changes.ignored.iter().eq(ignored), "{:?}", changes.ignored);
    }

    #[test]
    fn what_differs_in_any_two_sessions_is_left_out_and_named() {
        check(
            r#"{"type":"CALL_ENDED","messageId":"1_2","data":{"externalCallId":"a","engagementId":7}}"#,
            r#"{"type":"CALL_ENDED","messageId":"3_4","data":{"externalCallId":"b","engagementId":7}}"#,
            &[],
            &["data.externalCallId", "messageId"],
        );
    }

    #[test]
    fn keys_kinds_and_named_values_are_compared() {
        check(
            r#"{"type":"CALL_ENDED","data":{"externalCallId":"a","callEndStatus":"BUSY","x":true,"engagementId":7}}"#,
            r#"{"type":"CALL_ENDED","data":{"callEndStatus":"COMPLETED","x":false,"engagementId":"7","y":[]}}"#,
            &[
                "data.callEndStatus is \"BUSY\" in A, \"COMPLETED\" in B",
                "data.engagementId is a number in A, a string in B",
                "data.externalCallId is only in A",
                "data.x is true in A, false in B",
                "data.y is only in B",
            ],
            &[],
        );
        check(
            "null",
            "[]",
            &["the message is null in A, an array in B"],
            &[],
        );
    }

    #[test]
    fn properties_with_listed_values_are_compared() {
        check(
            r#"{"type":"CALL_COMPLETED","data":{"engagementProperties":{"hs_call_direction":"OUTBOUND","hs_call_status":"COMPLETED","hs_call_title":"a"}}}"#,
            r#"{"type":"CALL_COMPLETED","data":{"engagementProperties":{"hs_call_direction":"INBOUND","hs_call_status":"BUSY","hs_call_title":"b"}}}"#,
            &[
                "data.engagementProperties.hs_call_direction is \"OUTBOUND\" in A, \"INBOUND\" in B",
                "data.engagementProperties.hs_call_status is \"COMPLETED\" in A, \"BUSY\" in B",
            ],
            &["data.engagementProperties.hs_call_title"],
        );
    }

    #[test]
    fn a_size_on_the_screen_is_compared() {
        check(
            r#"{"type":"RESIZE_WIDGET","data":{"height":600,"width":400}}"#,
            r#"{"type":"RESIZE_WIDGET","data":{"height":600,"width":420}}"#,
            &["data.width is 400 in A, 420 in B"],
            &[],
        );
    }
}
