//! Runs `callscope record` in a real Chromium, on the demo with the real SDK.
//!
//! These tests need Chromium, what npm installs, and the extension in `dist/extension` or where
//! `CALLSCOPE_EXTENSION` says: `cargo test -p callscope-cli --test record -- --ignored`. The last
//! needs a program that was compiled with the extension in it, as `cargo xtask test` does.

#![expect(clippy::unwrap_used, reason = "all of it is test code")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use callscope_demo::{Demo, DemoOptions, serve};
use callscope_session_log::{Log, Session};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn demo() -> Demo {
    serve(DemoOptions {
        port: None,
        node_modules: root().join("node_modules"),
        own_sdk: None,
    })
    .unwrap()
}

fn extension() -> PathBuf {
    std::env::var_os("CALLSCOPE_EXTENSION")
        .map_or_else(|| root().join("dist/extension"), PathBuf::from)
}

fn record(url: &str, log: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args([
            "record",
            url,
            "--headless",
            "--accept-insecure-certs",
            "--extension",
        ])
        .arg(extension())
        .arg("-o")
        .arg(log)
        .args(arguments)
        .output()
        .unwrap()
}

/// The types of the messages of a log, without repeated SYNCs.
fn types(log: &Path) -> Vec<String> {
    let log = Log::read(&std::fs::read(log).unwrap()).unwrap();
    let session = Session::from(log);
    let messages = session.facts().iter().filter_map(|placed| placed.message());
    let mut types: Vec<String> = messages
        .map(|recorded| {
            let message = callscope_protocol::Message::decode(&recorded.message);
            let injected = if recorded.injected { " injected" } else { "" };
            format!(
                "{} {}{injected}",
                recorded.from.name(),
                message.type_name().unwrap_or("-")
            )
        })
        .collect();
    types.dedup();
    types
}

#[test]
#[ignore = "needs Chromium and dist/extension"]
fn a_call_from_the_first_message_to_the_last() {
    let demo = demo();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("session.callscope.jsonl");
    let output = record(
        &demo.host_url_with("delay=0"),
        &log,
        &[
            "--click=#log-in",
            "--dial=+442079460123",
            // The call is saved under its engagement's id.
            "--wait=ENGAGEMENT_CREATED",
            "--click=#hang-up",
            "--click=#save",
            "--until=UPDATE_ENGAGEMENT_SUCCEEDED",
            "--for=60s",
        ],
    );
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let types = types(&log);
    let mut rest = types.iter();
    for expected in [
        "host SYNC",
        "widget SYNC_ACK",
        "widget INITIALIZED",
        "widget LOGGED_IN",
        "host DIAL_NUMBER injected",
        "widget OUTGOING_CALL_STARTED",
        "widget CALL_ENDED",
        "widget CALL_COMPLETED",
        "host UPDATE_ENGAGEMENT_SUCCEEDED",
    ] {
        assert!(rest.any(|it| it == expected), "{expected} in {types:#?}");
    }
    let check = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["check", "--deny=warning"])
        .arg(&log)
        .output()
        .unwrap();
    assert_eq!(
        check.status.code(),
        Some(0),
        "{}",
        String::from_utf8(check.stdout).unwrap()
    );
}

#[test]
#[ignore = "needs Chromium and dist/extension"]
fn what_does_not_come_is_said_and_the_log_is_written() {
    let demo = demo();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("session.callscope.jsonl");
    let url = demo.host_url_with("silent");
    let output = record(
        &url,
        &log,
        &["--dial=+1555", "--until=CALL_ENDED", "--for=3s"],
    );
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("CALL_ENDED did not come"), "{stderr}");
    assert!(
        stderr.contains("before the widget was ready for --dial +1555"),
        "{stderr}"
    );
    assert_eq!(types(&log), ["host SYNC"]);
}

#[test]
#[ignore = "needs Chromium and dist/extension"]
fn a_page_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("session.callscope.jsonl");
    let output = record("http://localhost:9/", &log, &["--for=3s"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("http://localhost:9/ cannot be loaded"),
        "{stderr}"
    );
    assert!(!log.exists());
}

#[test]
#[ignore = "needs Chromium, and CALLSCOPE_EMBED_EXTENSION at compile time"]
fn a_program_with_the_extension_inside_needs_nothing_else() {
    let demo = demo();
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["record", &demo.host_url_with("delay=0")])
        .args(["--headless", "--accept-insecure-certs", "-o", "a.jsonl"])
        .args(["--until=INITIALIZED", "--for=60s"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let types = types(&folder.path().join("a.jsonl"));
    assert!(types.iter().any(|it| it == "host SYNC"), "{types:#?}");
}

#[test]
fn a_plain_build_says_where_to_get_the_extension() {
    if option_env!("CALLSCOPE_EMBED_EXTENSION").is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args([
            "record",
            "http://localhost:9/",
            "--headless",
            "-o",
            "a.jsonl",
        ])
        .current_dir(&folder)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    for words in ["cargo xtask dist", "--extension", "dist/callscope"] {
        assert!(stderr.contains(words), "{words}: {stderr}");
    }
}
