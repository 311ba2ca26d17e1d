//! Whatever a log contains, the program prints no character that hides or reverses others or
//! controls a terminal, and no markup from it.

use std::fmt::Write as _;

use callscope_protocol::InsideKind;
use callscope_session_view::visible::is_trouble;

use crate::{callscope, commands, run, run_with};

/// A NUL, terminal escapes, line breaks, a direction override and isolate, a zero-width space, a
/// joiner, a byte order mark and a tag, then markup and a workflow command.
const EVIL: &str = "a\0\u{1b}[2J\u{9b}1m\r\n\u{202e}b\u{2066}\u{200b}\u{200d}\u{feff}\u{e0041}\
                    <script>alert(1)</script>\"'&::error::";

/// A log in which everything that a page or a writer of logs can choose is that text.
fn log() -> String {
    let units = EVIL.encode_utf16();
    let escaped = units.fold(String::new(), |mut text, unit| {
        write!(text, "\\u{unit:04x}").unwrap();
        text
    });
    let frames = [
        r#""from":"host","message":{"type":"SYNC","messageId":"17_1","hostUrl":"E","iframeLocation":"E","portalId":"E","E":"E"}"#,
        r#""from":"widget","message":{"type":"SYNC_ACK","messageId":"17_1","version":"E","iFrameUrl":"E"}"#,
        r#""from":"widget","message":{"type":"INITIALIZED","messageId":"E","data":{"isLoggedIn":"E","E":1}}"#,
        r#""from":"widget","message":{"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"E","externalCallId":"E","createEngagement":"E"}}"#,
        r#""from":"widget","message":{"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"E","callEndStatus":"E","engagementId":"E"}}"#,
        r#""from":"widget","message":{"type":"E","messageId":"18_4","data":{"E":{"E":"E"}}}"#,
        r#""from":"widget","cloned":{"E":"E"},"message":{"type":"ERROR","messageId":"18_5","data":{"type":"E","data":{"originalMessage":{"type":"E"}}}}"#,
        r#""from":"widget","message":"E""#,
        // Two calls, one of them requested, and answers with their own ids and reasons.
        r#""from":"host","message":{"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"E","ownerId":"E","objectTypeId":"E","toPhoneNumberSrc":"E"}}"#,
        r#""from":"widget","message":{"type":"INCOMING_CALL","messageId":"18_6","data":{"fromNumber":"E","toNumber":"E","externalCallId":"E2","createEngagement":true}}"#,
        r#""from":"host","message":{"type":"CREATE_ENGAGEMENT_FAILED","messageId":"17_3","data":{"error":"E","externalCallId":"E2"}}"#,
        r#""from":"host","message":{"type":"ENGAGEMENT_CREATED","messageId":"17_4","data":{"engagementId":"E"}}"#,
        r#""from":"widget","message":{"type":"CALL_COMPLETED","messageId":"18_7","data":{"engagementId":"E","externalCallId":"E2","hideWidget":"E","engagementProperties":{"E":"E"}}}"#,
        // An unpaired surrogate, which no Rust string can hold.
        r#""from":"widget","message":{"type":"\ud800","messageId":"\udc00","data":"\ud83d"}"#,
    ];
    let mut text = r#"{"kind":"header","format":"callscope-session","version":1,"created":"E","started":"E","page":"E","browser":"E","tool":"E"}
{"kind":"conversation","conversation":1,"at":0,"hostOrigin":"E","widgetOrigin":"E"}
{"kind":"setting","at":0,"key":"E","value":"E"}
{"kind":"gap","at":0,"lost":3,"why":"E"}
{"kind":"E","E":"E"}
"#
    .to_owned();
    for (frame, seq) in frames.iter().zip(1..) {
        writeln!(
            text,
            r#"{{"kind":"frame","seq":{seq},"at":{seq},"origin":"E",{frame}}}"#
        )
        .unwrap();
    }
    for (kind, at) in InsideKind::ALL.iter().zip(20..) {
        writeln!(
            text,
            r#"{{"kind":"inside","at":{at},"conversation":1,"side":"widget","origin":"E","what":"{}","type":"E","messageId":"E","text":"E","place":"E","target":"E","recipient":"E","channel":"E","message":"E","stack":"E"}}"#,
            kind.name()
        )
        .unwrap();
    }
    text.push_str(r#"{"kind":"closed","conversation":1,"side":"widget","at":40}"#);
    text.push('\n');
    text.replace("\"E\"", &format!("\"{escaped}\""))
        .replace("\"E2\"", &format!("\"2{escaped}\""))
}

/// What reads the output of a command.
#[derive(Clone, Copy)]
enum Reader {
    /// A person, on a terminal.
    Terminal,
    /// A program that reads one value.
    Json,
    /// A program that reads one value per line.
    JsonLines,
    /// A program that reads markup.
    Xml,
    /// A browser.
    Html,
    /// A page that renders Markdown.
    Markdown,
    /// GitHub, which treats lines that begin with `::` as commands.
    Commands,
}

/// Every command that shows a log, in each of its formats.
const OUTPUTS: &[(&[&str], Reader)] = &[
    (&["show", "-"], Reader::Terminal),
    (
        &["show", "--unfold", "--no-findings", "-"],
        Reader::Terminal,
    ),
    (&["show", "--calls", "-"], Reader::Terminal),
    (&["show", "--message", "1", "-"], Reader::Terminal),
    (&["show", "--message", "3", "-"], Reader::Terminal),
    (&["show", "--message", "6", "-"], Reader::Terminal),
    (&["show", "--message", "8", "-"], Reader::Terminal),
    (&["show", "--message", "14", "-"], Reader::Terminal),
    (&["show", "--json", "-"], Reader::Terminal),
    (&["show", "--json", "--message", "6", "-"], Reader::Terminal),
    (&["check", "-"], Reader::Terminal),
    (&["check", "--format", "json", "-"], Reader::Json),
    (&["check", "--format", "junit", "-"], Reader::Xml),
    (&["check", "--format", "github", "-"], Reader::Commands),
    (&["stats", "-"], Reader::Terminal),
    (&["stats", "--format", "json", "-"], Reader::Json),
    (&["diagram", "-"], Reader::Terminal),
    (&["diagram", "--call", "1", "-"], Reader::Terminal),
    (&["diagram", "--format", "mermaid", "-"], Reader::Terminal),
    (&["diagram", "--format", "svg", "-"], Reader::Xml),
    (&["report", "--no-redact", "-"], Reader::Html),
    (
        &["report", "--no-redact", "--format", "md", "-"],
        Reader::Markdown,
    ),
    (&["report", "-"], Reader::Html),
    (&["report", "--format", "md", "-"], Reader::Markdown),
    (&["diff", "-", "broken.callscope.jsonl"], Reader::Terminal),
    (
        &["diff", "--flow", "broken.callscope.jsonl", "-"],
        Reader::Terminal,
    ),
    (&["diff", "--calls", "1,2", "-"], Reader::Terminal),
    (&["redact", "-"], Reader::JsonLines),
    (&["scenario", "from", "-"], Reader::Terminal),
    (&["scenario", "from", "--strict", "-"], Reader::Terminal),
];

impl Reader {
    #[track_caller]
    fn read(self, arguments: &[&str], text: &str) {
        match self {
            Self::Terminal => {}
            Self::Json => {
                let read = serde_json::from_str::<serde_json::Value>(text);
                assert!(read.is_ok(), "{arguments:?}: {read:?}");
            }
            Self::JsonLines => {
                for line in text.lines() {
                    // A string with an unpaired surrogate is valid JSON, but not a Rust string.
                    let read = serde_json::from_str::<&serde_json::value::RawValue>(line);
                    assert!(read.is_ok(), "{arguments:?}: {read:?} in {line}");
                }
            }
            Self::Xml => {
                let read = roxmltree::Document::parse(text);
                assert!(read.is_ok(), "{arguments:?}: {read:?}");
                assert!(!text.contains("<script"), "{arguments:?}");
            }
            Self::Html => assert!(!text.contains("<script"), "{arguments:?}"),
            Self::Markdown => {
                // In a code block, it is plain text.
                let is_code = |line: &&str| line.starts_with("    ");
                let lines = text.lines().filter(|line| !is_code(line));
                for line in lines {
                    let raw = line.replace("\\<", "");
                    assert!(!raw.contains("<script"), "{arguments:?}: {line}");
                }
            }
            Self::Commands => {
                let commands = text.lines().filter(|line| line.contains("::"));
                assert!(
                    commands.clone().all(|line| line.starts_with("::")),
                    "{text}"
                );
            }
        }
    }
}

/// The text without the program's own colors.
fn without_colors(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|it: char| !it.is_ascii_digit() && it != ';');
        match end.map(|end| piece.split_at(end)) {
            Some((_, rest)) if rest.starts_with('m') => plain.push_str(&rest[1..]),
            _ => {
                plain.push_str("\u{1b}[");
                plain.push_str(piece);
            }
        }
    }
    plain
}

#[track_caller]
fn check(arguments: &[&str], text: &str) {
    // Line ends are fine; tabs are not used anywhere.
    let bad: Vec<char> = text
        .chars()
        .filter(|it| *it != '\n' && is_trouble(*it))
        .collect();
    assert!(bad.is_empty(), "{arguments:?}: {bad:?} in {text:?}");
}

#[test]
fn no_output_is_raw() {
    let log = log();
    for (arguments, reader) in OUTPUTS {
        let ran = run_with(arguments, log.as_bytes());
        assert!(ran.code < 2, "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stdout.is_empty(), "{arguments:?}");
        check(arguments, &ran.stdout);
        check(arguments, &ran.stderr);
        reader.read(arguments, &ran.stdout);

        let colored = [&["--color", "always"], *arguments].concat();
        let ran = run_with(&colored, log.as_bytes());
        check(&colored, &without_colors(&ran.stdout));
        check(&colored, &without_colors(&ran.stderr));
    }
}

/// Each command that reads a log is in the table, with each of its formats.
#[test]
fn the_table_has_every_command_that_shows_a_log() {
    let mut count = 0;
    for command in commands() {
        let help = run(&[&command, "--help"]).stdout;
        // Options may take files of another kind.
        let usage = help.lines().find(|line| line.starts_with("Usage:"));
        let reads_log = usage.is_some_and(|it| it.contains("<FILE>") || it.contains("<A>"));
        if !reads_log {
            continue;
        }
        count += 1;
        let lines = OUTPUTS.iter().filter(|(it, _)| it[0] == command);
        assert!(lines.clone().next().is_some(), "{command}");
        for format in ["json", "junit", "github", "mermaid", "svg", "md"] {
            let is_there = help.contains(&format!("- {format}:"));
            let is_held = lines.clone().any(|(it, _)| it.contains(&format));
            assert!(!is_there || is_held, "{command} --format {format}");
        }
    }
    assert_eq!(count, 7);
}

/// Errors quote what they are about: the log, the command line, a file name.
#[test]
fn no_error_is_raw() {
    let name = EVIL.replace('\0', "");
    let commands: &[&[&str]] = &[
        &["explain", &name],
        &["messages", &name],
        &["show", &name],
        &["check", &name],
        &["check", "--allow", &name, "-"],
        &["show", "-", &format!("type:{name}")],
        &["show", "-", &format!("{name}:{name}")],
        &["diagram", "--call", &name, "-"],
    ];
    for arguments in commands {
        let ran = run_with(arguments, log().as_bytes());
        check(arguments, &ran.stdout);
        check(arguments, &ran.stderr);
    }
    let header = r#"{"kind":"header","format":"callscope-session","version":1}"#;
    let logs = [
        EVIL.to_owned(),
        format!("{header}\n{EVIL}\n{header}\n"),
        format!(
            "{header}\n{{\"kind\":\"frame\",\"seq\":\"{}\"}}\n{header}\n",
            name.replace(['"', '\r', '\n', '\u{1b}'], "")
        ),
        header.replace("callscope-session", "\\u202e\\u001b[2J"),
        format!("{header}\n{}\n", r#"{"kind":"\u202e\u001b[2J","\u202e":1}"#),
    ];
    for log in &logs {
        for command in ["show", "check", "stats"] {
            let arguments = [command, "-"];
            let ran = run_with(&arguments, log.as_bytes());
            check(&arguments, &ran.stdout);
            check(&arguments, &ran.stderr);
        }
        let ran = run_with(&["check", "--format", "json", "-"], log.as_bytes());
        check(&["check", "--format", "json"], &ran.stdout);
    }
    // A file with such a name that can be read.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name.replace('/', "-"));
    std::fs::write(&path, log()).unwrap();
    for format in ["text", "json", "junit", "github"] {
        let output = callscope(&["check", "--format", format])
            .arg(&path)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        check(&["check", "--format", format], &text);
        let text = String::from_utf8(output.stderr).unwrap();
        check(&["check", "--format", format], &text);
    }
}
