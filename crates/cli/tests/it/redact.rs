//! `callscope redact`

use std::fs;

use crate::{logs, run, run_with};

/// The personal data in a log.
const PRIVATE: [&str; 4] = ["15550100", "15550122", "Lovelace", "call-1"];

/// The checker's findings: rule, message and place, without words that quote values.
fn findings(log: &[u8]) -> Vec<String> {
    let ran = run_with(&["check", "--format=json", "--deny=none", "-"], log);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = value["findings"].as_array().unwrap().iter();
    findings
        .map(|it| {
            format!(
                "{} {} {} {} {}",
                it["code"], it["severity"], it["seq"], it["line"], it["related"]
            )
        })
        .collect()
}

#[test]
fn people_are_gone_and_the_findings_are_the_same() {
    for name in ["broken", "clean", "hostile", "unanswered"] {
        let log = fs::read(logs().join(format!("{name}.callscope.jsonl"))).unwrap();
        let ran = run_with(&["redact", "-"], &log);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
        assert_eq!(findings(ran.stdout.as_bytes()), findings(&log), "{name}");
        assert_eq!(
            ran.stdout.lines().count(),
            log.split(|it| *it == b'\n').count() - 1
        );
        for private in PRIVATE {
            assert!(!ran.stdout.contains(private), "{private} in {name}");
        }
    }
}

#[test]
fn the_same_value_is_another_one_each_time() {
    let arguments = ["redact", "clean.callscope.jsonl"];
    assert_ne!(run(&arguments).stdout, run(&arguments).stdout);
}

#[test]
fn a_log_can_be_redacted_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    fs::copy(logs().join("clean.callscope.jsonl"), &path).unwrap();
    let path = path.to_str().unwrap();
    let ran = run(&["redact", path, "-o", path]);
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "", "")
    );
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains("CALL_COMPLETED") && !text.contains("15550100"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_unreadable_log_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.jsonl");
    let ran = run_with(&["redact", "-", "-o", path.to_str().unwrap()], b"no log");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("line 1"), "{}", ran.stderr);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
