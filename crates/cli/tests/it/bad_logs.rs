//! Damaged logs and files that are not logs: never a panic, always a reason.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use crate::run_with;

const HEADER: &str = r#"{"kind":"header","format":"callscope-session","version":1}"#;

fn recorded(seq: u64, message: &str) -> String {
    format!(
        r#"{{"kind":"frame","seq":{seq},"at":{seq}000,"from":"widget","origin":"https://w.example","message":{message}}}"#
    )
}

fn log(lines: &[String]) -> Vec<u8> {
    let mut text = HEADER.to_owned();
    for line in lines {
        writeln!(text).unwrap();
        text.push_str(line);
    }
    text.push('\n');
    text.into_bytes()
}

/// Checks everything that is printed about reading, and the exit code.
#[track_caller]
fn check(input: &[u8], expected: &Expect) {
    let ran = run_with(&["check", "--format=json", "--deny=none", "-"], input);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let messages = &value["summary"]["messages"];
    expected.assert_eq(&format!(
        "{}{messages} messages, exit {}\n",
        ran.stderr, ran.code
    ));
}

#[test]
fn no_log_at_all() {
    check(
        b"",
        &expect![[r#"
            error: standard input: the log is empty
            0 messages, exit 2
        "#]],
    );
    check(
        b"\n\r\n  \n",
        &expect![[r#"
            error: standard input: the log is empty
            0 messages, exit 2
        "#]],
    );
    check(
        b"hello\n",
        &expect![[r#"
        error: standard input: this is not a Callscope session log, whose first line is a `header` entry; line 1: the line is not JSON (expected value, near byte 1)
        0 messages, exit 2
    "#]],
    );
    check(
        b"{\"log\":{\"version\":\"1.2\",\"entries\":[]}}",
        &expect![[r#"
            error: standard input: this is not a Callscope session log, whose first line is a `header` entry; line 1: the entry has no `kind`
            0 messages, exit 2
        "#]],
    );
    check(
        &[0x1f, 0x8b, 8, 0, 0],
        &expect![[r#"
        error: standard input: this is not a Callscope session log, whose first line is a `header` entry; line 1: the file is gzipped, unpack it first
        0 messages, exit 2
    "#]],
    );
    check(
        b"\xff\xfe{\0",
        &expect![[r#"
        error: standard input: this is not a Callscope session log, whose first line is a `header` entry; line 1: the text is UTF-16, save it as UTF-8
        0 messages, exit 2
    "#]],
    );
    check(
        &[0; 4096],
        &expect![[r#"
        error: standard input: this is not a Callscope session log, whose first line is a `header` entry; line 1: the line is not JSON (expected value, near byte 1)
        0 messages, exit 2
    "#]],
    );
    check(
        recorded(1, "null").as_bytes(),
        &expect![[r#"
        error: standard input: this is not a Callscope session log, whose first line is a `header` entry; line 1: the entries have already begun: the beginning of the log is missing
        0 messages, exit 2
    "#]],
    );
    check(
        br#"{"kind":"header","format":"callscope-session","version":2}"#,
        &expect![[r#"
            error: standard input: line 1: the log has format version 2, but this Callscope reads up to version 1: update Callscope
            0 messages, exit 2
        "#]],
    );
    check(
        br#"{"kind":"header","format":"callscope-session","version":"1"}"#,
        &expect![[r#"
            error: standard input: this is not a Callscope session log, whose first line is a `header` entry; line 1: `version` must be a whole number from 1, but is the string "1"
            0 messages, exit 2
        "#]],
    );
}

/// A CI job must not pass on a recording without messages.
#[test]
fn a_log_without_messages_has_an_error() {
    let end = r#"{"kind":"end","at":1700000000000}"#.to_owned();
    let gap = r#"{"kind":"gap","at":1700000000000,"lost":3,"why":"buffer full"}"#.to_owned();
    for (lines, message) in [
        (vec![], "Nothing was recorded: the session has no message"),
        (
            vec![end],
            "Nothing was recorded: the session has no message",
        ),
        (
            vec![gap],
            "Nothing was recorded: the session has no message; 3 are missing",
        ),
    ] {
        let ran = run_with(&["check", "--format=github", "-"], &log(&lines));
        assert_eq!(ran.code, 1, "{lines:?}");
        let told = format!("title=X06 Nothing was recorded::{message}%0A");
        assert!(ran.stdout.contains(&told), "{}", ran.stdout);
    }
}

#[test]
fn a_damaged_tail_is_told_and_the_rest_is_read() {
    let mut cut = log(&[recorded(1, "null"), recorded(2, r#"{"type":"ÄÖ"}"#)]);
    cut.truncate(cut.len() - 5);
    check(
        &cut,
        &expect![[r#"
        note: standard input: line 3, the last one, was left out: the line is cut off after 100 bytes
        1 messages, exit 0
    "#]],
    );
    cut.truncate(cut.len() - 1);
    check(
        &cut,
        &expect![[r#"
        note: standard input: line 3, the last one, was left out: the line is cut off after 100 bytes
        1 messages, exit 0
    "#]],
    );
    let mut nul = log(&[recorded(1, "null")]);
    nul.extend([0; 512]);
    check(
        &nul,
        &expect![[r#"
        note: standard input: line 3, the last one, was left out: the line is not JSON (expected value, near byte 1)
        1 messages, exit 0
    "#]],
    );
}

#[test]
fn damage_in_the_middle_is_refused() {
    check(
        &log(&["{\"kind\":\"fra".to_owned(), recorded(1, "null")]),
        &expect![[r#"
            error: standard input: line 2: the line is cut off after 12 bytes
            0 messages, exit 2
        "#]],
    );
    check(
        &log(&[recorded(1, "null"), recorded(1, "null")]),
        &expect![[r#"
            error: standard input: line 3: `seq` is 1, but must be above 1, the `seq` of the message before it: messages were doubled or moved
            0 messages, exit 2
        "#]],
    );
    check(
        &log(&[recorded(2, "null"), recorded(1, "null")]),
        &expect![[r#"
            error: standard input: line 3: `seq` is 1, but must be above 2, the `seq` of the message before it: messages were doubled or moved
            0 messages, exit 2
        "#]],
    );
    check(
        &log(&[recorded(1, "\"\u{1}\""), recorded(2, "null")]),
        &expect![[r#"
            error: standard input: line 2: the line is not JSON (control character (\u0000-\u001F) found while parsing a string, near byte 90)
            0 messages, exit 2
        "#]],
    );
    check(
        &log(&[HEADER.to_owned()]),
        &expect![[r#"
        error: standard input: line 2: a second `header` begins here: the file holds more than one log, split it
        0 messages, exit 2
    "#]],
    );
    let mut latin = log(&[recorded(1, "null")]);
    latin.extend(b"{\"kind\":\"frame\",\"x\":\"\xe9\"}\n{}\n");
    check(
        &latin,
        &expect![[r#"
        error: standard input: line 3: byte 22 is not UTF-8; a session log is UTF-8 text throughout
        0 messages, exit 2
    "#]],
    );
    check(&log(&[r#"{"kind":"frame","seq":1,"at":"2026-11-22","from":"host","origin":"","message":null}"#.to_owned()]), &expect![[r#"
        error: standard input: line 2: `at` must be a number of milliseconds since the epoch, but is the string "2026-11-22"
        0 messages, exit 2
    "#]]);
    check(
        &log(&[
            r#"{"kind":"frame","seq":1,"at":1,"from":"both","origin":"","message":null}"#
                .to_owned(),
        ]),
        &expect![[r#"
            error: standard input: line 2: `from` must be "host" or "widget", but is the string "both"
            0 messages, exit 2
        "#]],
    );
}

#[test]
fn whatever_a_page_can_post_is_read() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let messages = [
        "null",
        "\"SYNC\"",
        "[1,2]",
        "1e999",
        r#""\ud800""#,
        r#"{"__proto__":{"type":1}}"#,
        &deep,
    ];
    let lines: Vec<String> = messages
        .iter()
        .zip(1..)
        .map(|(it, seq)| recorded(seq, it))
        .collect();
    check(
        &log(&lines),
        &expect![[r#"
        7 messages, exit 0
    "#]],
    );
}

#[test]
fn a_long_line_is_read() {
    let long = format!("{{\"type\":\"X\",\"data\":\"{}\"}}", "x".repeat(50 << 20));
    check(
        &log(&[recorded(1, &long), recorded(2, "null")]),
        &expect![[r#"
            2 messages, exit 0
        "#]],
    );
}

#[test]
fn oddities_that_are_fine() {
    let mut bom = b"\xef\xbb\xbf".to_vec();
    bom.extend(
        String::from_utf8(log(&[recorded(1, "null")]))
            .unwrap()
            .replace('\n', "\r\n")
            .bytes(),
    );
    check(
        &bom,
        &expect![[r#"
        1 messages, exit 0
    "#]],
    );
    let backwards = recorded(2, "null").replace("2000", "500");
    check(
        &log(&[recorded(1, "null"), backwards]),
        &expect![[r#"
        2 messages, exit 0
    "#]],
    );
    check(
        &log(&[
            r#"{"kind":"\u001b[2Jweather","at":1}"#.to_owned(),
            recorded(1, "null"),
        ]),
        &expect![[r#"
            note: standard input: line 2: this Callscope does not know entries of kind "\u{1b}[2Jweather" (1 of them)
            1 messages, exit 0
        "#]],
    );
}
