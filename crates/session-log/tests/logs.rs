//! Reads and writes whole logs, valid and broken.

use callscope_protocol::{Fact, MessageText};
use callscope_session_log::{
    Entry, Header, Log, LogError, LogReader, Session, Timestamp, write_log,
};
use expect_test::{Expect, expect};

const HEADER: &str = r#"{"kind":"header","format":"callscope-session","version":1}"#;

fn recorded(seq: u64) -> String {
    format!(
        r#"{{"kind":"frame","seq":{seq},"at":{seq}.5,"conversation":1,"from":"host","origin":"https://app.hubspot.com","message":{{"type":"SYNC"}}}}"#
    )
}

fn log(lines: &[&str]) -> String {
    let mut text = HEADER.to_owned();
    for line in lines {
        text.push('\n');
        text.push_str(line);
    }
    text.push('\n');
    text
}

fn seqs(log: &Log) -> Vec<u64> {
    log.facts()
        .filter_map(|fact| match fact {
            Fact::Message(recorded) => Some(recorded.seq),
            _ => None,
        })
        .collect()
}

#[track_caller]
fn check_refused(text: impl AsRef<[u8]>, expected: &Expect) {
    let error = Log::read(text.as_ref()).expect_err("refused");
    expected.assert_eq(&error.to_string());
}

/// Checks which messages are read, and the notes.
#[track_caller]
fn check_read(text: impl AsRef<[u8]>, messages: &[u64], notes: &Expect) {
    let log = Log::read(text.as_ref()).expect("readable");
    assert_eq!(seqs(&log), messages);
    let lines: Vec<_> = log.notes.iter().map(ToString::to_string).collect();
    notes.assert_eq(&lines.join("\n"));
}

#[test]
fn a_log_with_everything() {
    let text = format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n",
        r#"{"kind":"header","format":"callscope-session","version":1,"created":"2026-11-22T12:00:00Z","started":"2026-11-22T11:00:00+01:00","tool":"callscope 0.1.0","browser":"Chromium 156","page":"https://app.hubspot.com/","comment":{"a":[1]}}"#,
        r#"{"kind":"conversation","conversation":1,"at":1.0,"note":"x"}"#,
        recorded(1),
        r#"{"kind":"mood", "mood" : 5}"#,
        recorded(3),
        r#"{"kind":"end","at":9.0}"#,
    );
    let log = Log::read(text.as_bytes()).unwrap();
    assert_eq!(log.header.tool.as_deref(), Some("callscope 0.1.0"));
    assert_eq!(
        log.header
            .created
            .as_ref()
            .unwrap()
            .time()
            .unwrap()
            .timestamp(),
        1_795_348_800
    );
    assert_eq!(
        log.header.started.as_ref().map(Timestamp::as_str),
        Some("2026-11-22T11:00:00+01:00")
    );
    assert_eq!(
        log.header.extra["comment"],
        MessageText::from(r#"{"a":[1]}"#)
    );
    assert_eq!(seqs(&log), [1, 3]);
    assert_eq!(log.entries.len(), 5);
    assert_eq!(log.to_text(), text);
    assert_eq!(
        log.notes[0].to_string(),
        "line 4: this Callscope does not know entries of kind \"mood\" (1 of them)"
    );
}

#[test]
fn findings_are_left_out() {
    let text = log(&[
        &recorded(1),
        r#"{"kind":"finding","code":"T01"}"#,
        &recorded(2),
    ]);
    let read = Log::read(text.as_bytes()).unwrap();
    assert_eq!(read.entries.len(), 2);
    assert!(!read.to_text().contains("finding"));
}

#[test]
fn only_a_header_is_an_empty_session() {
    check_read(HEADER, &[], &expect![""]);
}

#[test]
fn writing_takes_lines() {
    let mut out = String::new();
    let entry = Entry::Fact(Fact::End(callscope_protocol::Millis(1.0)).into());
    write_log(&mut out, &Header::default(), entry.to_line()).unwrap();
    assert_eq!(out, format!("{HEADER}\n{}\n", r#"{"kind":"end","at":1.0}"#));
}

#[test]
fn empty_files() {
    check_refused("", &expect!["the log is empty"]);
    check_refused("\n \r\n\n", &expect!["the log is empty"]);
    check_refused("\u{feff}", &expect!["the log is empty"]);
    check_refused("\u{feff}\r\n", &expect!["the log is empty"]);
}

#[test]
fn what_is_no_log() {
    check_refused(
        "hello\n",
        &expect![
            "this is not a Callscope session log, whose first line is a `header` entry; line 1: the line is not JSON (expected value, near byte 1)"
        ],
    );
    check_refused(
        "{\n  \"log\": {}\n}\n",
        &expect![
            "this is not a Callscope session log, whose first line is a `header` entry; line 1: the line is cut off after 1 bytes"
        ],
    );
    check_refused(
        r#"{"log":{"version":"1.2"}}"#,
        &expect![
            "this is not a Callscope session log, whose first line is a `header` entry; line 1: the entry has no `kind`"
        ],
    );
    check_refused(
        r#"{"kind":"header","format":"pcap","version":1}"#,
        &expect![[
            r#"this is not a Callscope session log, whose first line is a `header` entry; line 1: the format is the string "pcap", not "callscope-session""#
        ]],
    );
    check_refused(
        format!("\n\n{}\n{HEADER}\n", recorded(1)),
        &expect![
            "this is not a Callscope session log, whose first line is a `header` entry; line 3: the entries have already begun: the beginning of the log is missing"
        ],
    );
    check_refused(
        b"\x89PNG\r\n\x1a\n",
        &expect![
            "this is not a Callscope session log, whose first line is a `header` entry; line 1: byte 1 is not UTF-8"
        ],
    );
    check_refused(
        b"\x1f\x8b\x08\0\0",
        &expect![
            "this is not a Callscope session log, whose first line is a `header` entry; line 1: the file is gzipped, unpack it first"
        ],
    );
    check_refused(
        b"\xff\xfe{\0\"\0",
        &expect![
            "this is not a Callscope session log, whose first line is a `header` entry; line 1: the text is UTF-16, save it as UTF-8"
        ],
    );
    check_refused(
        "\0\0\0",
        &expect![
            "this is not a Callscope session log, whose first line is a `header` entry; line 1: the line is not JSON (expected value, near byte 1)"
        ],
    );
}

#[test]
fn odd_headers() {
    check_refused(
        r#"{"kind":"header","format":"callscope-session","version":7,"created":["new"]}"#,
        &expect![
            "line 1: the log has format version 7, but this Callscope reads up to version 1: update Callscope"
        ],
    );
    check_refused(
        r#"{"kind":"header","format":"callscope-session","version":"1"}"#,
        &expect![[
            r#"this is not a Callscope session log, whose first line is a `header` entry; line 1: `version` must be a whole number from 1, but is the string "1""#
        ]],
    );
    check_refused(
        log(&[&recorded(1), HEADER]),
        &expect![
            "line 3: a second `header` begins here: the file holds more than one log, split it"
        ],
    );
    check_read(
        r#"{"kind":"header","format":"callscope-session","version":1.0,"created":"yesterday"}"#,
        &[],
        &expect!["line 1: `created` is not a date such as 2026-11-22T12:00:00Z"],
    );
}

#[test]
fn a_damaged_tail_is_a_note() {
    let whole = log(&[&recorded(1), &recorded(2)]);
    let body = HEADER.len() + 1 + recorded(1).len() + 1;
    for length in body..whole.len() - 2 {
        let cut = Log::read(&whole.as_bytes()[..length]).unwrap();
        assert_eq!(seqs(&cut), [1], "cut at {length}");
        assert_eq!(
            cut.notes.len(),
            usize::from(length > body),
            "cut at {length}"
        );
    }
    check_read(
        &whole[..whole.len() - 5],
        &[1],
        &expect!["line 3, the last one, was left out: the line is cut off after 121 bytes"],
    );
    check_read(whole.trim_end(), &[1, 2], &expect![""]);
    check_read(
        format!("{}\n\n", &whole[..whole.len() - 5]),
        &[1],
        &expect!["line 3, the last one, was left out: the line is cut off after 121 bytes"],
    );
    check_read(
        log(&[&recorded(1), "Killed"]),
        &[1],
        &expect![
            "line 3, the last one, was left out: the line is not JSON (expected value, near byte 1)"
        ],
    );
}

#[test]
fn a_tail_of_nuls_is_a_note() {
    check_read(
        format!("{}{}", log(&[&recorded(1)]), "\0".repeat(5000)),
        &[1],
        &expect![
            "line 3, the last one, was left out: the line is not JSON (expected value, near byte 1)"
        ],
    );
    check_read(
        format!("{}{}\n{}", log(&[]), &recorded(1)[..30], "\0".repeat(5000)),
        &[],
        &expect!["line 2, the last one, was left out: the line is cut off after 30 bytes"],
    );
}

#[test]
fn a_character_cut_in_two_at_the_end_is_a_note() {
    let text = log(&[&recorded(1), &recorded(2).replace("SYNC", "é")]);
    let cut = text.find('é').unwrap() + 1;
    check_read(
        &text.as_bytes()[..cut],
        &[1],
        &expect!["line 3, the last one, was left out: the line is cut off after 118 bytes"],
    );
}

#[test]
fn damage_in_the_middle_is_refused() {
    check_refused(
        log(&[&recorded(1)[..40], &recorded(2)]),
        &expect!["line 2: the line is cut off after 40 bytes"],
    );
    check_refused(
        log(&[&recorded(1), "\0\0\0", &recorded(2)]),
        &expect!["line 3: the line is not JSON (expected value, near byte 1)"],
    );
    check_refused(
        log(&[&recorded(1).replace("SYNC", "\0"), &recorded(2)]),
        &expect![
            r"line 2: the line is not JSON (control character (\u0000-\u001F) found while parsing a string, near byte 118)"
        ],
    );
    check_refused(
        log(&[&format!("{}{}", recorded(1), recorded(2)), &recorded(3)]),
        &expect!["line 2: the line is not JSON (trailing characters, near byte 126)"],
    );
    check_refused(
        log(&[&recorded(1), "[]"]),
        &expect!["line 3: the line is an array, but an entry is an object with a `kind`"],
    );
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    let mut bytes = log(&[
        &recorded(1),
        &recorded(2).replace("SYNC", "?"),
        &recorded(3),
    ])
    .into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'?').unwrap();
    bytes[at] = 0xe9;
    let expected = expect!["line 3: byte 119 is not UTF-8; a session log is UTF-8 text throughout"];
    check_refused(&bytes, &expected);
    // In the last line, it is not a cut either.
    let end = bytes.len() - recorded(3).len() - 1;
    check_refused(&bytes[..end], &expected);
}

#[test]
fn a_defect_of_the_last_frame_is_refused_too() {
    check_refused(
        log(&[&recorded(1).replace("\"seq\":1,", "")]),
        &expect!["line 2: a `frame` entry needs the key `seq`, which is missing"],
    );
}

#[test]
fn sequence_numbers_must_rise() {
    check_refused(
        log(&[&recorded(1), &recorded(1)]),
        &expect![
            "line 3: `seq` is 1, but must be above 1, the `seq` of the message before it: messages were doubled or moved"
        ],
    );
    check_refused(
        log(&[&recorded(7), r#"{"kind":"end","at":1}"#, &recorded(3)]),
        &expect![
            "line 4: `seq` is 3, but must be above 7, the `seq` of the message before it: messages were doubled or moved"
        ],
    );
    check_read(
        log(&[&recorded(5), &recorded(900)]),
        &[5, 900],
        &expect![""],
    );
}

#[test]
fn times_may_run_backwards() {
    let text = log(&[
        &recorded(1).replace("\"at\":1.5", "\"at\":99"),
        &recorded(2),
    ]);
    check_read(text, &[1, 2], &expect![""]);
}

#[test]
fn byte_order_mark_line_ends_and_blank_lines() {
    let text = format!("\u{feff}{}", log(&[&recorded(1), "", " ", &recorded(2)]));
    check_read(&text, &[1, 2], &expect![""]);
    check_read(text.replace('\n', "\r\n"), &[1, 2], &expect![""]);
    let inner = log(&[&format!("\u{feff}{}", recorded(1)), &recorded(2)]);
    check_refused(
        inner,
        &expect!["line 2: the line is not JSON (expected value, near byte 1)"],
    );
}

#[test]
fn notes_about_unknown_kinds_are_bounded() {
    let lines: Vec<String> = (0..1000)
        .map(|number| format!(r#"{{"kind":"k{}"}}"#, number % 100))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let read = Log::read(log(&lines).as_bytes()).unwrap();
    assert_eq!(read.entries.len(), 1000);
    assert_eq!(read.notes.len(), 16);
    assert_eq!(
        read.notes[3].to_string(),
        "line 5: this Callscope does not know entries of kind \"k3\" (10 of them)"
    );
}

#[test]
fn a_line_of_50_mb() {
    let message = format!(r#""{}""#, "a".repeat(50_000_000));
    let text = log(&[
        &recorded(1).replace(r#"{"type":"SYNC"}"#, &message),
        &recorded(2),
    ]);
    check_read(&text, &[1, 2], &expect![""]);
    check_read(
        &text[..40_000_000],
        &[],
        &expect!["line 2, the last one, was left out: the line is cut off after 39999941 bytes"],
    );
}

#[test]
fn nesting_100_000_levels() {
    let deep = format!("{}1{}", r#"{"a":["#.repeat(100_000), "]}".repeat(100_000));
    let text = log(&[
        &recorded(1).replace(r#"{"type":"SYNC"}"#, &deep),
        &format!(r#"{{"kind":"mood","deep":{deep}}}"#),
        &recorded(2),
    ]);
    let read = Log::read(text.as_bytes()).unwrap();
    assert_eq!(seqs(&read), [1, 2]);
    assert!(read.to_text() == text);
}

#[test]
fn an_input_that_fails() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let text = log(&[&recorded(1)]);
    let input = std::io::BufReader::new(std::io::Read::chain(text.as_bytes(), Broken));
    let mut reader = LogReader::new(input).unwrap();
    assert!(matches!(reader.next(), Some(Ok(Entry::Fact(_)))));
    let error = reader.next().unwrap().unwrap_err();
    assert!(matches!(error, LogError::Io { line: 3, .. }));
    assert_eq!(
        error.to_string(),
        "reading failed in line 3: the disk is gone"
    );
    assert!(reader.next().is_none());
}

/// Findings that depend on the end of a recording are also made for a cut log, on every way of
/// reading.
#[test]
fn a_log_without_an_end_ends_at_its_last_fact() {
    let recorded = |seq: u32, at: u32| {
        format!(
            r#"{{"kind":"frame","seq":{seq},"at":{at},"from":"host","origin":"https://app.hubspot.com","message":{{"type":"SYNC","messageId":"1_{at}","hostUrl":"https://app.hubspot.com"}}}}"#
        )
    };
    let header = r#"{"kind":"header","format":"callscope-session","version":1}"#;
    let cut = [header.to_owned(), recorded(1, 1000), recorded(2, 30_950)].join("\n");
    let ended = format!("{cut}\n{{\"kind\":\"end\",\"at\":30950}}\n");
    let codes = |text: &str| -> Vec<&str> {
        let session = Session::from(Log::read(text.as_bytes()).unwrap());
        session.findings().iter().map(|it| it.rule.code).collect()
    };
    assert!(codes(&ended).contains(&"T13"));
    assert_eq!(codes(&cut), codes(&ended));
}
