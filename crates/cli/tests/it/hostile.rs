//! Whatever a log holds, the program prints no character that hides, turns others or commands a
//! terminal, and no markup of it.

use std::fmt::Write as _;

use callscope_session_view::visible::is_trouble;

use crate::{callscope, run_with};

/// A NUL, a terminal's escapes, line ends, an override and an isolate of direction, a zero-width
/// space, a joiner, a byte order mark and a tag, then markup and a workflow command.
const EVIL: &str = "a\0\u{1b}[2J\u{9b}1m\r\n\u{202e}b\u{2066}\u{200b}\u{200d}\u{feff}\u{e0041}\
                    <script>alert(1)</script>\"'&::error::";

/// A log in which everything that a page or a writer of logs can choose is that.
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
    text.replace("\"E\"", &format!("\"{escaped}\""))
}

#[track_caller]
fn check(arguments: &[&str], text: &str) {
    // Lines end, and tables of help may be indented by tabs nowhere.
    let bad: Vec<char> = text
        .chars()
        .filter(|it| *it != '\n' && is_trouble(*it))
        .collect();
    assert!(bad.is_empty(), "{arguments:?}: {bad:?} in {text:?}");
}

#[test]
fn no_output_is_raw() {
    let log = log();
    let outputs: &[&[&str]] = &[
        &["show", "-"],
        &["show", "--json", "-"],
        &["show", "--message", "3", "-"],
        &["show", "--message", "6", "-"],
        &["check", "-"],
        &["check", "--format", "json", "-"],
        &["check", "--format", "junit", "-"],
        &["check", "--format", "github", "-"],
        &["stats", "-"],
        &["stats", "--format", "json", "-"],
        &["diagram", "-"],
        &["diagram", "--format", "mermaid", "-"],
        &["diagram", "--format", "svg", "-"],
        &["report", "--no-redact", "-"],
        &["report", "--no-redact", "--format", "md", "-"],
        &["report", "-"],
        &["diff", "-", "broken.callscope.jsonl"],
        &["redact", "-"],
    ];
    for arguments in outputs {
        let ran = run_with(arguments, log.as_bytes());
        assert!(ran.code < 2, "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stdout.is_empty(), "{arguments:?}");
        check(arguments, &ran.stdout);
        check(arguments, &ran.stderr);
        // In Markdown and in a terminal it is text; these are read by programs that know tags.
        let is_markup = arguments.contains(&"svg")
            || arguments.contains(&"junit")
            || arguments[0] == "report" && !arguments.contains(&"md");
        if is_markup {
            assert!(!ran.stdout.contains("<script"), "{arguments:?}");
        }
        if arguments.contains(&"github") {
            let commands = ran.stdout.lines().filter(|line| line.contains("::"));
            assert!(commands.clone().all(|line| line.starts_with("::")));
        }
    }
}

/// Errors quote what they are about: the log, the command line, the name of a file.
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
    // A file that has such a name and can be read.
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
