//! Plays the examples of every rule.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;

use expect_test::{Expect, expect};

use super::*;
use crate::rules::{self, rules};
use crate::trace::{annotate, facts, findings};
use crate::{Fact, Message, RecordedMessage, Rule, Version, ids};

/// The lines without the source's indentation.
fn dedent(text: &str) -> String {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines()
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    lines().flat_map(|line| [&line[indent..], "\n"]).collect()
}

/// Replaces a trace in the rule's source by another.
fn update(rule: &Rule, old: &str, new: &str) {
    let path = rules::file_of(rule.code);
    let source = fs::read_to_string(&path).unwrap();
    let literal = |text: &str, hash: &str| format!("r{hash}\"{text}\"{hash}");
    let hash = if new.contains('"') { "#" } else { "" };
    let dedented = dedent(new);
    let body: String = dedented
        .lines()
        .flat_map(|line| ["            ", line, "\n"])
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

/// What happens in a trace, without the times.
#[derive(Debug)]
struct Happening {
    /// The messages; `None` for what is not a message.
    seqs: Vec<Option<u64>>,
    ty: Option<String>,
    words: String,
}

impl Happening {
    fn is_named(&self, named: &BTreeSet<Option<u64>>) -> bool {
        self.seqs.iter().any(|seq| named.contains(seq))
    }
}

/// What happens in a trace; equal events in a row count once, and the passing of time is left out.
fn happenings(trace: &str) -> Vec<Happening> {
    let mut all: Vec<Happening> = Vec::new();
    for fact in facts(trace) {
        let (seq, ty, words) = match fact {
            Fact::Message(recorded) => {
                let words = frame_words(&recorded);
                let ty = Message::decode(&recorded.message)
                    .type_name()
                    .map(str::to_owned);
                (Some(recorded.seq), ty, words)
            }
            Fact::Gap(gap) => (None, None, format!("gap {:?} {:?}", gap.why, gap.lost)),
            Fact::Conversation(it) => (None, None, format!("conversation {:?}", it.id)),
            Fact::Closed(closed) => (None, None, format!("closed {:?}", closed.side)),
            Fact::Setting(it) => (None, None, format!("setting {} {:?}", it.key, it.value)),
            Fact::Inside(it) => (
                None,
                None,
                format!("inside {} {:?}", it.what.name(), it.text),
            ),
            Fact::End(_) => continue,
        };
        match all.last_mut().filter(|last| last.words == words) {
            Some(last) => last.seqs.push(seq),
            None => all.push(Happening {
                seqs: vec![seq],
                ty,
                words,
            }),
        }
    }
    all
}

/// A message without what depends on the time and on the widget's SDK.
fn frame_words(recorded: &RecordedMessage) -> String {
    let mut message = Message::decode(&recorded.message).value().clone();
    if let Some(Value::String(id)) = message.get_mut("messageId")
        && let Some(instance) = ids::instance(id)
    {
        *id = instance.to_owned();
    }
    if let Some(message) = message.as_object_mut() {
        message.remove("version");
    }
    let RecordedMessage {
        seq: _,
        at: _,
        message: _,
        conversation,
        from,
        origin,
        injected,
        cloned,
        truncated,
    } = recorded;
    format!("{conversation:?} {from:?} {origin} {injected} {cloned:?} {truncated:?} {message}")
}

/// Rules that are obeyed by not sending a message, or by sending another.
const UNSENT: &[&str] = &["T17", "T18", "T21", "Q08", "M20", "M26"];

/// How many messages a fix may add besides what it changes.
const MORE: usize = 3;

/// Changing only what the finding is about is enough to fix it.
///
/// Everything that the findings of the breaking example do not name is in the clean one as well, in
/// the same order; a message of a type that they do name is there too; and little else is new.
#[test]
fn the_clean_example_is_the_cure_of_the_breaking_one() {
    let mut odd = String::new();
    for rule in rules() {
        let code = rule.code;
        let Example { breaks, clean } = rule.example;
        let named: BTreeSet<Option<u64>> = findings(breaks)
            .iter()
            .filter(|finding| finding.rule == *rule)
            .flat_map(|it| it.related.iter().copied().map(Some).chain([it.seq]))
            .collect();
        let (broken, cured) = (happenings(breaks), happenings(clean));
        let (changed, kept): (Vec<_>, Vec<_>) = broken.iter().partition(|it| it.is_named(&named));

        let mut rest = cured.iter();
        let lost = kept
            .iter()
            .find(|it| !rest.any(|cured| cured.words == it.words));
        if let Some(it) = lost {
            _ = writeln!(odd, "{code} lacks {:?} {}", it.seqs, it.words);
        }
        let types: BTreeSet<&str> = changed.iter().filter_map(|it| it.ty.as_deref()).collect();
        let has_type = |it: &Happening| it.ty.as_deref().is_some_and(|ty| types.contains(ty));
        let is_sent = cured.iter().any(has_type);
        if !types.is_empty() && is_sent == UNSENT.contains(&code) {
            _ = writeln!(odd, "{code} has one of {types:?}: {is_sent}");
        }
        let more = cured.len().saturating_sub(broken.len());
        if more > MORE {
            _ = writeln!(odd, "{code} has {more} more");
        }
    }
    assert!(odd.is_empty(), "clean examples that are no cure:\n{odd}");
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

/// The same trace with a widget of another version.
fn speaking(trace: &str, version: Version) -> String {
    let reported = match version {
        Version::OLDEST => "1.0.0".to_owned(),
        version if version < Version::new(0, 1, 6) => "0.0.1".to_owned(),
        version => version.to_string(),
    };
    let is_old = version < Version::new(0, 0, 7);
    let mut text = String::new();
    for line in trace.lines() {
        let words = line.split(' ').filter(|word| {
            let is_url = word.starts_with(".iFrameUrl=") && line.contains(" SYNC_ACK ");
            *word != "old" && !(is_old && is_url)
        });
        let mut is_handshake = false;
        let words: Vec<String> = words
            .map(|word| {
                if is_handshake {
                    is_handshake = false;
                    let old = if is_old { " old" } else { "" };
                    return format!("{reported}{old}");
                }
                is_handshake = matches!(word, "handshake" | "ready");
                match word.strip_prefix(".version=") {
                    Some(_) => format!(".version={reported}"),
                    None => word.to_owned(),
                }
            })
            .collect();
        text.push_str(&words.join(" "));
        text.push('\n');
    }
    text
}

#[test]
fn rules_hold_from_their_first_version_to_their_last() {
    // One version of each generation and of each change of the protocol.
    let versions = [
        Version::new(0, 0, 1),
        Version::new(0, 0, 6),
        Version::new(0, 0, 10),
        Version::new(0, 1, 6),
        Version::new(0, 1, 7),
        Version::new(0, 1, 8),
        Version::new(0, 2, 0),
        Version::new(0, 2, 2),
        Version::new(0, 3, 0),
        Version::new(0, 4, 0),
        Version::new(0, 5, 0),
        Version::new(0, 5, 1),
        Version::new(0, 6, 3),
        Version::new(0, 7, 0),
        Version::new(0, 8, 0),
        Version::new(0, 8, 2),
        Version::new(0, 9, 0),
        Version::new(0, 9, 4),
        Version::new(0, 9, 5),
        Version::new(0, 9, 6),
        Version::new(0, 9, 7),
    ];
    let mut odd = Vec::new();
    for rule in rules() {
        for version in versions {
            let has = findings(&speaking(rule.example.breaks, version))
                .iter()
                .any(|finding| finding.rule == *rule);
            // A widget that reports 0.0.1 with iFrameUrl may be any of these.
            let newest = match version {
                it if it == Version::new(0, 0, 10) => Version::new(0, 1, 5),
                it => it,
            };
            let holds = rule.since <= newest && rule.until.is_none_or(|until| version <= until);
            let is_known = match rule.code {
                // Reported at SYNC, when the version is not known yet.
                "T04" => has,
                // It answers every SYNC, so two answers do not show two objects.
                "T09" => version == Version::OLDEST,
                // The example waits for an answer, or has a field, that exists from 0.0.10 on;
                // older versions have others.
                "H04" | "F01" => version < Version::new(0, 0, 10),
                // The example's field exists from 0.1.7 on.
                "F02" => version < Version::new(0, 1, 7),
                _ => false,
            };
            if has != holds && !is_known {
                odd.push(format!("{} at {version}: {has}", rule.code));
            }
        }
    }
    assert_eq!(odd, [""; 0]);
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
            Some((1, 3)) Some(0.0) SYNC, SYNC_ACK and INITIALIZED { isLoggedIn: true }; the widget reports version 0.0.1, as SDK 0.0.2–0.0.6 do
            Some((4, 5)) Some(0.01) SYNC portalId: 7 and SYNC_ACK; the widget reports version 0.9.7-beta.0
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
