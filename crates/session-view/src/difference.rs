//! What differs between two messages, key by key, ids and times included.
//!
//! [`compare`](crate::compare) is about two calls and leaves out what differs between any two.

use std::collections::BTreeSet;

use callscope_protocol::Message;
use serde_json::Value;

use crate::value;
use crate::visible::visible;

/// More differences than anybody reads.
const MAX_DIFFERENCES: usize = 200;
const MAX_DEPTH: usize = 64;
/// Longer values are cut.
const MAX_TEXT: usize = 400;

/// A value that only one of two messages has, or that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it is: `data.engagementId`, `data.list[0]`; "the message" for the whole.
    pub path: String,
    /// Its value in the first message.
    pub left: Option<String>,
    /// Its value in the second message.
    pub right: Option<String>,
}

/// The result of comparing two messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// By path, in the order of the keys' names.
    pub all: Vec<Difference>,
    /// How many there are beyond these.
    pub more: usize,
    /// How many values are the same in both.
    pub same: usize,
}

/// Compares two messages.
#[must_use]
pub fn differences(left: &Message, right: &Message) -> Differences {
    let mut found = Differences::default();
    walk(
        &mut found,
        "",
        Some(left.value()),
        Some(right.value()),
        MAX_DEPTH,
    );
    found
}

fn walk(
    found: &mut Differences,
    path: &str,
    left: Option<&Value>,
    right: Option<&Value>,
    depth: usize,
) {
    match (left, right) {
        (Some(Value::Object(left)), Some(Value::Object(right))) if depth > 0 => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let path = value::member_path(path, key);
                walk(found, &path, left.get(key), right.get(key), depth - 1);
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) if depth > 0 => {
            for index in 0..left.len().max(right.len()) {
                let path = format!("{path}[{index}]");
                walk(found, &path, left.get(index), right.get(index), depth - 1);
            }
        }
        (left, right) if left == right => found.same += 1,
        (left, right) => {
            if found.all.len() == MAX_DIFFERENCES {
                found.more += 1;
                return;
            }
            let text = |value: &Value| value::inline(value, MAX_TEXT);
            found.all.push(Difference {
                path: if path.is_empty() {
                    "the message".to_owned()
                } else {
                    visible(path).into_owned()
                },
                left: left.map(text),
                right: right.map(text),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(left: &str, right: &str, expected: &Expect) {
        let [left, right] = [left, right].map(|text| Message::decode(&text.into()));
        let found = differences(&left, &right);
        let mut text = String::new();
        for Difference { path, left, right } in &found.all {
            writeln!(text, "{path}").unwrap();
            for (sign, value) in [('-', left), ('+', right)] {
                if let Some(value) = value {
                    writeln!(text, "  {sign} {value}").unwrap();
                }
            }
        }
        writeln!(text, "{} the same, {} more", found.same, found.more).unwrap();
        expected.assert_eq(&text);
    }

    #[test]
    fn keys_and_values_that_differ() {
        check(
            r#"{"type":"CALL_ENDED","messageId":"1_2","data":{"externalCallId":"a","engagementId":7,"list":[1,2],"o":{"x":null}}}"#,
            r#"{"type":"CALL_ENDED","messageId":"1_3","data":{"engagementId":"7","list":[1,3,4],"o":{"x":null},"new\n":true}}"#,
            &expect![[r#"
                data.engagementId
                  - 7
                  + "7"
                data.externalCallId
                  - "a"
                data.list[1]
                  - 2
                  + 3
                data.list[2]
                  + 4
                data.new\n
                  + true
                messageId
                  - "1_2"
                  + "1_3"
                3 the same, 0 more
            "#]],
        );
    }

    #[test]
    fn what_is_no_object_differs_as_a_whole() {
        check(
            "null",
            r#"{"type":"X"}"#,
            &expect![[r#"
            the message
              - null
              + {type}
            0 the same, 0 more
        "#]],
        );
        check(
            r#""a""#,
            r#""a""#,
            &expect![[r#"
            1 the same, 0 more
        "#]],
        );
    }

    #[test]
    fn no_more_are_told_than_anybody_reads() {
        let list = |first: usize| {
            let items: Vec<String> = (first..first + 1_000).map(|it| it.to_string()).collect();
            format!("[{}]", items.join(","))
        };
        let [left, right] = [list(0), list(1)].map(|text| Message::decode(&text.as_str().into()));
        let found = differences(&left, &right);
        assert_eq!((found.all.len(), found.more), (MAX_DIFFERENCES, 800));
    }
}
