//! Runs the built program on logs, as a user sees it: output, errors and exit codes as text.

#![expect(clippy::unwrap_used, reason = "all of it is test code")]

mod bad_logs;
mod catalogue;
mod causes;
mod check;
mod diagram;
mod diff;
mod guide;
mod help;
mod hostile;
mod output;
mod redact;
mod report;
mod show;
mod simulate;
mod stats;
mod strangers;
mod telling;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use expect_test::Expect;

/// The folder of the logs.
fn logs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs")
}

/// The program, set up to run in the folder of the logs.
fn callscope(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(arguments).current_dir(logs());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

/// The result of a run.
struct Ran {
    stdout: String,
    stderr: String,
    code: i32,
}

/// Runs the program with this standard input.
fn run_with(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = callscope(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // The program may stop before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Ran {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}

fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, b"")
}

/// The program's commands, according to its help.
fn commands() -> Vec<String> {
    let help = run(&["--help"]).stdout;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.split_whitespace().next());
    let names: Vec<String> = names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect();
    assert!(names.len() > 10, "{help}");
    names
}

/// Compares everything that a run printed, and its exit code.
#[track_caller]
fn check_run(arguments: &[&str], expected: &Expect) {
    expected.assert_eq(&shown(&run(arguments)));
}

fn shown(ran: &Ran) -> String {
    let Ran {
        stdout,
        stderr,
        code,
    } = ran;
    // Trailing blanks would not survive in a source file.
    let lines = stdout.lines().map(str::trim_end);
    let mut text: String = lines.flat_map(|line| [line, "\n"]).collect();
    if !stderr.is_empty() {
        text.push_str("--- standard error\n");
        text.push_str(stderr);
    }
    text + &format!("--- exit {code}\n")
}
