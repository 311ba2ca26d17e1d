//! What differs between two messages of one type, leaving out what differs in any two sessions.

use std::collections::BTreeSet;

use callscope_protocol::{FieldType, Kind, Location, Message, MessageSpec, MessageType};
use serde_json::Value;

use crate::text::{safe, short};

/// More differences of one message than anybody reads.
const MAX_CHANGES: usize = 12;
const MAX_DEPTH: usize = 16;

/// One line per difference, safe to print.
pub(super) fn changes(left: &Message, right: &Message) -> Vec<String> {
    let mut changes = Vec::new();
    let spec = left.known().map(MessageType::spec);
    walk(spec, "", left.value(), right.value(), 0, &mut changes);
    if changes.len() > MAX_CHANGES {
        let more = changes.len() - MAX_CHANGES;
        changes.truncate(MAX_CHANGES);
        changes.push(format!("… and {more} more"));
    }
    changes
}

fn walk(
    spec: Option<&MessageSpec>,
    path: &str,
    left: &Value,
    right: &Value,
    depth: usize,
    changes: &mut Vec<String>,
) {
    let name = || {
        if path.is_empty() {
            "the message".into()
        } else {
            safe(path)
        }
    };
    let kinds = (Kind::of(left), Kind::of(right));
    if kinds.0 != kinds.1 {
        changes.push(format!(
            "{} is {} in A, {} in B",
            name(),
            kinds.0.words(),
            kinds.1.words()
        ));
        return;
    }
    match (left, right) {
        (Value::Object(left), Value::Object(right)) if depth < MAX_DEPTH => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                match (left.get(key), right.get(key)) {
                    (Some(left), Some(right)) => {
                        walk(spec, &path, left, right, depth + 1, changes);
                    }
                    (Some(_), None) => changes.push(format!("{} is only in A", safe(&path))),
                    (None, _) => changes.push(format!("{} is only in B", safe(&path))),
                }
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() != right.len() => {
            let counts = (left.len(), right.len());
            changes.push(format!(
                "{} has {} items in A, {} in B",
                name(),
                counts.0,
                counts.1
            ));
        }
        (Value::Bool(_), Value::Bool(_)) => compare(path, left, right, changes),
        (Value::String(_), Value::String(_)) if is_named(spec, path) => {
            compare(path, left, right, changes);
        }
        _ => {}
    }
}

fn compare(path: &str, left: &Value, right: &Value, changes: &mut Vec<String>) {
    if left != right {
        let (left, right) = (left.to_string(), right.to_string());
        changes.push(format!(
            "{} is {} in A, {} in B",
            safe(path),
            short(&left, 40),
            short(&right, 40)
        ));
    }
}

/// Whether the catalogue gives a field a few values to choose from, or it is a version.
fn is_named(spec: Option<&MessageSpec>, path: &str) -> bool {
    let Some(spec) = spec else { return false };
    if path == "version" || path == "data.sdkVersion" {
        return true;
    }
    let (location, path) = match path.strip_prefix("data.") {
        Some(rest) => (Location::Data, rest),
        None => (Location::Top, path),
    };
    spec.fields.iter().any(|field| {
        field.location == location
            && matches!(field.ty, FieldType::Enum(_) | FieldType::Constant(_))
            && field.paths().any(|it| it == path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &str, right: &str, expected: &[&str]) {
        assert_eq!(
            changes(
                &Message::decode(&left.into()),
                &Message::decode(&right.into())
            ),
            expected
        );
    }

    #[test]
    fn what_differs_in_any_two_sessions_is_left_out() {
        check(
            r#"{"type":"CALL_ENDED","messageId":"1_2","data":{"externalCallId":"a","engagementId":7}}"#,
            r#"{"type":"CALL_ENDED","messageId":"3_4","data":{"externalCallId":"b","engagementId":8}}"#,
            &[],
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
        );
        check("null", "[]", &["the message is null in A, an array in B"]);
    }
}
