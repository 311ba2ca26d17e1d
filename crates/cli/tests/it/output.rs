//! What `-o` writes to.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::run;

fn folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("callscope-")
        .tempdir()
        .unwrap()
}

/// Runs `redact` with this output.
fn redact(output: &std::path::Path) -> (i32, String) {
    let output = output.to_str().unwrap();
    let ran = run(&["redact", "clean.callscope.jsonl", "-o", output]);
    (ran.code, ran.stderr)
}

const WRITTEN: (i32, String) = (0, String::new());

#[cfg(unix)]
#[test]
fn a_pipe_is_written_to_and_stays_one() {
    use std::os::unix::fs::FileTypeExt as _;

    let folder = folder();
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let reader = Command::new("cat")
        .arg(&pipe)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    assert_eq!(redact(&pipe), WRITTEN);
    let read = reader.wait_with_output().unwrap().stdout;
    assert!(read.starts_with(b"{\"kind\":\"header\""));
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
}

#[cfg(unix)]
#[test]
fn a_link_stays_one() {
    let folder = folder();
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert_eq!(redact(&link), WRITTEN);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_ne!(fs::read_to_string(&file).unwrap(), "old");
}

#[test]
fn what_cannot_be_written_is_named_as_the_user_did() {
    let folder = folder();
    let missing = folder.path().join("missing").join("file");
    let (code, words) = redact(&missing);
    assert_eq!(code, 2);
    let start = format!("error: {} cannot be written: ", missing.display());
    assert!(words.starts_with(&start), "{words}");
    assert!(!words.contains(".tmp"), "{words}");
}

/// Nobody should record for an hour and then lose it.
#[test]
fn a_recording_that_could_not_be_written_does_not_begin() {
    let folder = folder();
    let missing = folder.path().join("missing").join("file");
    let output = missing.to_str().unwrap();
    let ran = run(&["record", "https://localhost", "-o", output]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot be written"), "{}", ran.stderr);
}
