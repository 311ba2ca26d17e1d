//! Checks a message before it is sent.

use callscope_protocol::{
    FieldProblem, Message, MessageType, Severity, Side, Version, VersionRange, check_fields,
};
use serde_json::Value;
use serde_json::value::RawValue;

/// Something that is wrong with a message, which can still be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The path of the field; empty for the whole message.
    pub path: String,
    /// What is wrong, without the path and without a final period.
    pub words: String,
    /// Whether the receiver may fail because of it; otherwise it is only worth knowing.
    pub is_serious: bool,
}

/// Why a text cannot be sent at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsendable {
    /// It is not JSON.
    #[error("It is not JSON: line {line}, column {column}: {reason}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// The parser's message.
        reason: String,
    },
}

/// What is wrong with a message that the user wrote as JSON, and its type if the catalogue has it.
///
/// `speaks` is the range of versions that the widget's SDK can be.
///
/// # Errors
///
/// If the text is not JSON.
pub fn check(
    text: &str,
    from: Side,
    speaks: VersionRange,
) -> Result<(Option<MessageType>, Vec<Problem>), Unsendable> {
    // What `Value` cannot represent, such as half a surrogate pair, can still be sent.
    if let Err(error) = serde_json::from_str::<&RawValue>(text) {
        let reason = error.to_string();
        return Err(Unsendable::NotJson {
            line: error.line(),
            column: error.column(),
            reason: reason
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned(),
        });
    }
    let message = Message::decode(&text.into());
    let mut problems = Vec::new();
    let mut add = |path: &str, words: &str| {
        problems.push(Problem {
            path: path.to_owned(),
            words: words.to_owned(),
            is_serious: true,
        });
    };
    if !message.value().is_object() {
        add("", "a message is an object; both SDKs ignore anything else");
    } else if message.known().is_none() && message.value().get("type").is_some_and(Value::is_string)
    {
        add("type", "the catalogue has no such message");
    }
    problems.extend(problems_of(&message, from, speaks));
    Ok((message.known(), problems))
}

/// What is wrong with a message that was built from its fields.
pub(super) fn problems(message: &Value, from: Side, speaks: VersionRange) -> Vec<Problem> {
    problems_of(&Message::decode(&message.to_string().into()), from, speaks)
}

fn problems_of(message: &Message, from: Side, speaks: VersionRange) -> Vec<Problem> {
    // What the newest SDK sends is never wrong, even if this widget does not know it.
    let versions = VersionRange {
        oldest: speaks.oldest,
        newest: Version::NEWEST,
    };
    // A side that never sends a message need not send its fields.
    let sends_it = |known: MessageType| known.spec().direction.allows(from);
    let is_sent = message.known().is_none_or(sends_it);
    let is_idle = |path: &str, problem: &FieldProblem| {
        !is_sent && *problem == FieldProblem::Missing && !is_envelope(path)
    };
    let reports = check_fields(message, versions).into_iter();
    let problem = |(path, problem): (String, FieldProblem)| Problem {
        words: words(&problem, &path, from),
        is_serious: problem.severity() > Severity::Note,
        path,
    };
    reports
        .filter_map(|it| Some((it.path, it.problem?)))
        .filter(|(path, problem)| !is_idle(path, problem))
        .map(problem)
        .collect()
}

pub(super) fn is_envelope(path: &str) -> bool {
    matches!(path, "type" | "messageId")
}

/// A problem, worded for somebody who is writing the value.
fn words(problem: &FieldProblem, path: &str, from: Side) -> String {
    match problem {
        FieldProblem::Missing if is_envelope(path) => "every message has one".to_owned(),
        FieldProblem::Missing if from == Side::Host => "HubSpot always sends it".to_owned(),
        FieldProblem::Missing => "HubSpot requires it".to_owned(),
        FieldProblem::WrongType { expected, .. } | FieldProblem::UnknownValue { expected } => {
            let expected = match expected.as_str() {
                "number" => "a number".to_owned(),
                "boolean" => "true or false".to_owned(),
                "string" => "a string".to_owned(),
                "object" => "an object".to_owned(),
                other => match other.strip_prefix("enum ") {
                    Some(texts) => format!("one of {}", texts.replace('|', ", ")),
                    None => other.to_owned(),
                },
            };
            format!("should be {expected}")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn tell(text: &str, from: Side, expected: &Expect) {
        let said = match check(text, from, VersionRange::default()) {
            Err(error) => error.to_string(),
            Ok((ty, problems)) => {
                let ty = ty.map_or("unknown", MessageType::name);
                let mut lines = vec![ty.to_owned()];
                lines.extend(problems.iter().map(|it| {
                    let mark = if it.is_serious { "!" } else { "i" };
                    format!("{mark} {}: {}", it.path, it.words)
                }));
                lines.join("\n")
            }
        };
        expected.assert_eq(&said);
    }

    #[test]
    fn nothing_is_required_of_a_side_that_never_sends_it() {
        let lacks = |text: &str, from: Side| {
            let newest = VersionRange {
                oldest: Version::NEWEST,
                newest: Version::NEWEST,
            };
            let (_, problems) = check(text, from, newest).unwrap();
            !problems.is_empty()
        };
        let ended = r#"{"type":"CALL_ENDED","messageId":"1_1","data":{}}"#;
        assert!(lacks(ended, Side::Widget));
        assert!(!lacks(ended, Side::Host));
        let dial = r#"{"type":"DIAL_NUMBER","messageId":"1_1","data":{}}"#;
        assert!(lacks(dial, Side::Host));
        assert!(!lacks(dial, Side::Widget));
    }

    #[test]
    fn what_is_written_as_json_is_checked_like_fields() {
        tell(
            "{",
            Side::Host,
            &expect!["It is not JSON: line 1, column 1: EOF while parsing an object"],
        );
        tell(
            "[1]",
            Side::Host,
            &expect![[r#"
            unknown
            ! : a message is an object; both SDKs ignore anything else"#]],
        );
        tell(
            r#"{"type":"MINE","messageId":"1_1"}"#,
            Side::Host,
            &expect![[r#"
                unknown
                ! type: the catalogue has no such message"#]],
        );
        tell(
            r#"{"type":"CALL_ENDED","data":{"callEndStatus":"OVER","mine":1}}"#,
            Side::Widget,
            &expect![[r#"
                CALL_ENDED
                ! messageId: every message has one
                ! data.callEndStatus: should be one of COMPLETED, FAILED, CANCELED, BUSY, NO_ANSWER, REJECTED, MISSED"#]],
        );
        tell(
            r#"{"type":"DIAL_NUMBER","messageId":"1_1","data":{"phoneNumber":"\ud800","ownerId":"me"}}"#,
            Side::Host,
            &expect![[r#"
                DIAL_NUMBER
                ! data.ownerId: should be a number"#]],
        );
    }
}
