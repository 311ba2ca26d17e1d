//! Checks that docs/cli.md shows what the program prints.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::logs;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Runs the commands in the `console` blocks and writes their output beneath each.
///
/// They run in a shell, in a folder with the two sessions that the guide uses.
fn with_outputs(guide: &str, folder: &Path) -> String {
    let mut text = String::new();
    let mut in_block = false;
    for line in guide.lines() {
        if line.starts_with("```") {
            in_block = line == "```console";
        }
        // The old output is replaced.
        if in_block && !line.starts_with("```") && !line.starts_with("$ ") {
            continue;
        }
        text.push_str(line);
        text.push('\n');
        if let Some(command) = line.strip_prefix("$ ").filter(|_| in_block) {
            text.push_str(&printed(command, folder));
        }
    }
    text
}

fn printed(command: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_callscope"));
    let mut path = program.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("{command} 2>&1")])
        .current_dir(folder)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect()
}

#[test]
#[cfg(unix)]
fn the_guide_shows_what_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    // Copies of recorded sessions, so that the guide does not change when those are recorded anew.
    for (from, to) in [("recorded", "session"), ("recorded-good", "good")] {
        let from = logs().join(format!("{from}.callscope.jsonl"));
        fs::copy(from, folder.path().join(format!("{to}.callscope.jsonl"))).unwrap();
    }
    let path = Path::new(ROOT).join("docs/cli.md");
    let guide = fs::read_to_string(&path).unwrap();
    let expected = with_outputs(&guide, folder.path());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, expected).unwrap();
        return;
    }
    let difference = guide.lines().zip(expected.lines()).find(|(a, b)| a != b);
    assert!(
        guide == expected,
        "docs/cli.md shows other outputs; run with UPDATE_EXPECT=1\nfirst difference: {difference:?}"
    );
}
