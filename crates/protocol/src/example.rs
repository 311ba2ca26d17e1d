//! The sessions that a rule shows: one that breaks it, and one that does not.

use std::fmt::Write as _;

use serde_json::Value;

use crate::trace::{About, Fields, Line, Said, Step};
use crate::{GapReason, Severity, Side};

/// Two sessions as text.
///
/// A test plays both: the findings beneath their lines are those that the checker has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// A session that breaks the rule.
    pub(crate) breaks: &'static str,
    /// One that does not.
    pub(crate) clean: &'static str,
}

/// One line of an example, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleLine {
    /// The session's numbers of the messages that the line stands for; none if it is no message.
    pub messages: Option<(u64, u64)>,
    /// When it happens, in seconds from the beginning; a finding has no time of its own.
    pub seconds: Option<f64>,
    /// What happens.
    pub what: ExampleEvent,
}

/// What happens in a line of an example.
#[derive(Clone, Debug, PartialEq)]
pub enum ExampleEvent {
    /// A message, or a run of equal ones.
    Message {
        /// Who sends it.
        from: Side,
        /// Its type, what it holds and what is odd about it, as a JavaScript programmer would
        /// write it.
        text: String,
    },
    /// Something that is no message, or the whole handshake.
    Other(String),
    /// What Callscope says about the line above.
    Finding {
        /// The rule.
        code: String,
        /// How bad it is.
        severity: Severity,
        /// The message that it is about, if that is not the line above.
        about: Option<u64>,
        /// What was expected and what came.
        message: String,
    },
}

impl Example {
    /// The session that breaks the rule, with what Callscope says about it.
    #[must_use]
    pub fn breaks(&self) -> Vec<ExampleLine> {
        read(self.breaks)
    }

    /// The session that does not break it; it may have notes of other rules.
    #[must_use]
    pub fn clean(&self) -> Vec<ExampleLine> {
        read(self.clean)
    }
}

/// As many equal messages as are told one by one.
const RUN: usize = 3;

fn read(trace: &str) -> Vec<ExampleLine> {
    let mut lines: Vec<ExampleLine> = Vec::new();
    let mut seq = 0;
    for line in trace.lines().filter_map(Line::parse) {
        match line {
            Line::Step { at, step } => {
                let count = match &step {
                    Step::Ready { initialized, .. } => 2 + u64::from(initialized.is_some()),
                    Step::Message(_) => 1,
                    _ => 0,
                };
                lines.push(ExampleLine {
                    messages: (count > 0).then_some((seq + 1, seq + count)),
                    seconds: Some(at / 1000.0),
                    what: event(&step),
                });
                seq += count;
            }
            Line::Finding {
                code,
                about,
                severity,
                message,
            } => lines.push(ExampleLine {
                messages: None,
                seconds: None,
                what: ExampleEvent::Finding {
                    code,
                    severity,
                    about: match about {
                        About::Frame(seq) => Some(seq),
                        About::Own | About::Nothing => None,
                    },
                    message,
                },
            }),
        }
    }
    fold(lines)
}

/// Makes one line of a run of equal messages.
fn fold(lines: Vec<ExampleLine>) -> Vec<ExampleLine> {
    let mut folded: Vec<ExampleLine> = Vec::new();
    for run in lines.chunk_by(|left, right| left.what == right.what) {
        match run {
            [first, .., last] if run.len() >= RUN => {
                let mut line = first.clone();
                line.messages = first.messages.zip(last.messages).map(|(a, b)| (a.0, b.1));
                if let ExampleEvent::Message { text, .. } = &mut line.what {
                    let until = last.seconds.unwrap_or_default();
                    // A `String` never fails.
                    _ = write!(text, ", {} times until {until:.3} s", run.len());
                }
                folded.push(line);
            }
            _ => folded.extend_from_slice(run),
        }
    }
    folded
}

fn event(step: &Step) -> ExampleEvent {
    let side = |side: &Side| match side {
        Side::Host => "HubSpot's page",
        Side::Widget => "The widget's page",
    };
    ExampleEvent::Other(match step {
        Step::Message(said) => {
            return ExampleEvent::Message {
                from: said.from,
                text: message(said),
            };
        }
        Step::Ready {
            version,
            fields,
            initialized,
        } => handshake(version, fields, initialized.as_ref()),
        Step::Gap { why, lost } => gap(why, *lost),
        Step::Closed(page) => format!("{} goes away", side(page)),
        Step::Conversation { .. } => "Another conversation begins".to_owned(),
        Step::Setting {
            key,
            value: Some(value),
        } => format!("localStorage[\"{key}\"] is {value}"),
        Step::Setting { key, value: None } => format!("localStorage[\"{key}\"] is not set"),
        Step::Advance => "Nothing has happened since".to_owned(),
        Step::End => "The recording ends".to_owned(),
    })
}

fn handshake(version: &str, fields: &Fields, initialized: Option<&Fields>) -> String {
    let mut words = format!("SYNC{}", contents(fields));
    match initialized {
        Some(initialized) => {
            words.push_str(", SYNC_ACK and INITIALIZED");
            words.push_str(&contents(initialized));
        }
        None => words.push_str(" and SYNC_ACK"),
    }
    words.push_str("; the widget ");
    words.push_str(&match (version, fields.old) {
        ("none", _) => "reports no version".to_owned(),
        ("0.0.1", true) => "reports 0.0.1, as SDK 0.0.2–0.0.6 do".to_owned(),
        ("0.0.1", false) => "reports 0.0.1, as SDK 0.0.7–0.1.5 do".to_owned(),
        (version, _) => format!("reports SDK {version}"),
    });
    words
}

fn gap(why: &GapReason, lost: Option<u64>) -> String {
    let lost = match lost {
        Some(1) => "1 message is missing".to_owned(),
        Some(lost) => format!("{lost} messages are missing"),
        None => "Messages are missing".to_owned(),
    };
    let why = match why {
        GapReason::BufferFull => "a buffer was full",
        GapReason::Evicted => "the history was full",
        GapReason::Paused => "recording was paused",
        GapReason::Cleared => "the list was cleared",
        GapReason::LateStart => "recording began later",
        GapReason::HalfMissing(Side::Host) => "what HubSpot sends is not recorded",
        GapReason::HalfMissing(Side::Widget) => "what the widget sends is not recorded",
        GapReason::Other(words) => words,
    };
    format!("{lost}: {why}")
}

fn message(said: &Said) -> String {
    let Said {
        from,
        is_second,
        name,
        fields,
    } = said;
    let mut text = match &fields.raw {
        Some(raw) => serde_json::from_str(raw).map_or_else(|_| raw.clone(), |raw| script(&raw)),
        None => format!("{name}{}", contents(fields)),
    };
    let mut remarks = Vec::new();
    if *is_second {
        remarks.push(match from {
            Side::Host => "from another host in the same page".to_owned(),
            Side::Widget => "from a second instance of the SDK".to_owned(),
        });
    }
    if fields.without_id {
        remarks.push("without messageId".to_owned());
    }
    if let Some(origin) = &fields.origin {
        remarks.push(format!("from {origin}"));
    }
    if fields.injected {
        remarks.push("posted by Callscope".to_owned());
    }
    if fields.truncated.is_some() {
        remarks.push("cut by the recorder".to_owned());
    }
    for (path, what) in &fields.cloned {
        remarks.push(format!("{path} is a {what}"));
    }
    if !remarks.is_empty() {
        text.push_str(" (");
        text.push_str(&remarks.join(", "));
        text.push(')');
    }
    text
}

/// What is beside `type`, then `data` in braces.
fn contents(fields: &Fields) -> String {
    let mut text = String::new();
    for (index, (key, value)) in fields.top.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        _ = write!(text, "{separator} {key}: {}", script(value));
    }
    if let Some(data) = &fields.data {
        text.push(' ');
        text.push_str(&script(data));
    }
    text
}

/// A value as JavaScript: keys without quotes where they need none.
fn script(value: &Value) -> String {
    let is_name = |key: &str| {
        let first = key.chars().next();
        first.is_some_and(|it| it.is_ascii_alphabetic())
            && key
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    match value {
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| match is_name(key) {
                    true => format!("{key}: {}", script(value)),
                    false => format!("{key:?}: {}", script(value)),
                })
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(script).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::trace::{annotate, findings};
    use crate::{Rule, rules};

    /// The lines without the indentation of the source.
    fn dedent(text: &str) -> String {
        let lines = || text.lines().filter(|line| !line.trim().is_empty());
        let indent = lines()
            .map(|line| line.len() - line.trim_start().len())
            .min()
            .unwrap_or(0);
        lines().flat_map(|line| [&line[indent..], "\n"]).collect()
    }

    /// Writes a trace into the rule's source in place of another.
    fn update(rule: &Rule, old: &str, new: &str) {
        let code = rule.code.to_lowercase();
        let path = format!("{}/src/rules/{code}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = fs::read_to_string(&path).unwrap();
        let literal = |text: &str, hash: &str| format!("r{hash}\"{text}\"{hash}");
        let hash = if new.contains('"') { "#" } else { "" };
        let body: String = dedent(new)
            .lines()
            .map(|line| format!("            {line}\n"))
            .collect();
        let new = literal(&format!("\n{body}        "), hash);
        let updated = source
            .replace(&literal(old, ""), &new)
            .replace(&literal(old, "#"), &new);
        fs::write(path, updated).unwrap();
    }

    #[test]
    fn every_example_is_what_the_checker_says() {
        let mut wrong = String::new();
        for rule in rules() {
            let Example { breaks, clean } = rule.example;
            for trace in [breaks, clean] {
                let actual = annotate(trace);
                if dedent(trace) == actual {
                    continue;
                }
                if std::env::var_os("UPDATE_EXPECT").is_some() {
                    update(rule, trace, &actual);
                } else {
                    _ = write!(
                        wrong,
                        "{} has\n{}it would be\n{actual}\n",
                        rule.code,
                        dedent(trace)
                    );
                }
            }
        }
        assert!(
            wrong.is_empty(),
            "{wrong}run with UPDATE_EXPECT=1 to write it"
        );
    }

    #[test]
    fn every_rule_is_broken_by_one_example_only() {
        for rule in rules() {
            let has = |trace: &str| findings(trace).iter().any(|it| it.rule == *rule);
            let Example { breaks, clean } = rule.example;
            assert!(has(breaks), "{} is not broken", rule.code);
            assert!(!has(clean), "{} is broken", rule.code);
        }
    }

    #[test]
    fn clean_examples_have_no_errors_and_no_warnings() {
        for rule in rules() {
            for line in rule.example.clean() {
                if let ExampleEvent::Finding { severity, code, .. } = line.what {
                    assert_eq!(severity, Severity::Note, "{} shows {code}", rule.code);
                }
            }
        }
    }

    #[test]
    fn every_line_of_an_example_is_shown() {
        for rule in rules() {
            let Example { breaks, clean } = rule.example;
            for line in breaks.lines().chain(clean.lines()) {
                let line = line.trim();
                assert!(
                    line.is_empty() || Line::parse(line).is_some(),
                    "{}: {line}",
                    rule.code
                );
            }
        }
    }

    #[track_caller]
    fn check_words(trace: &str, expected: &Expect) {
        let mut text = String::new();
        for ExampleLine {
            messages,
            seconds,
            what,
        } in read(trace)
        {
            let what = match what {
                ExampleEvent::Message { from, text } => format!("{}: {text}", from.name()),
                ExampleEvent::Other(words) => words,
                ExampleEvent::Finding {
                    code,
                    severity,
                    about,
                    message,
                } => format!("{code} {severity} about {about:?}: {message}"),
            };
            _ = writeln!(text, "{messages:?} {seconds:?} {what}");
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn traces_in_words() {
        check_words(
            r#"
               0 handshake 0.0.1 old
              10 ready 0.9.7-beta.0 .portalId=7
              20 host SYNC
             120 host SYNC
             220 host SYNC
             300 host2 DIAL_NUMBER phoneNumber=+15550100 a-b=[1,{"x":null}] .messageId=m1
             400 widget – raw={"type":7}
             500 widget LOGGED_IN -messageId @https://other.example injected
                 ! T05 [#9] error it is odd
             600 gap lost=1 
             700 setting LocalSettings:X {"name":"Demo"}
                 ! E01 [–] note it is set
             800 closed host
             900 end
            "#,
            &expect![[r#"
                Some((1, 3)) Some(0.0) SYNC, SYNC_ACK and INITIALIZED { isLoggedIn: true }; the widget reports 0.0.1, as SDK 0.0.2–0.0.6 do
                Some((4, 5)) Some(0.01) SYNC portalId: 7 and SYNC_ACK; the widget reports SDK 0.9.7-beta.0
                Some((6, 8)) Some(0.02) host: SYNC, 3 times until 0.220 s
                Some((9, 9)) Some(0.3) host: DIAL_NUMBER messageId: "m1" { phoneNumber: "+15550100", "a-b": [1, { x: null }] } (from another host in the same page)
                Some((10, 10)) Some(0.4) widget: { type: 7 }
                Some((11, 11)) Some(0.5) widget: LOGGED_IN (without messageId, from https://other.example, posted by Callscope)
                None None T05 error about Some(9): it is odd
                None Some(0.6) 1 message is missing: a buffer was full
                None Some(0.7) localStorage["LocalSettings:X"] is {"name":"Demo"}
                None None E01 note about None: it is set
                None Some(0.8) HubSpot's page goes away
                None Some(0.9) The recording ends
            "#]],
        );
    }
}
