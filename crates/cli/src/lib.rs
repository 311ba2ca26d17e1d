//! The `callscope` program: checks, explains, shows, compares, redacts and records session logs of
//! HubSpot calling widgets from the command line.
//!
//! Each command is one module of `commands`. `callscope-protocol` decides what is wrong in a
//! session, `callscope-session-log` reads logs; this crate turns the results into words, pictures
//! and exit codes.

#![expect(
    clippy::format_push_string,
    reason = "single lines of text; `write!` to a String would need its error dropped each time"
)]

mod analysis;
mod cli;
mod commands;
mod http;
mod input;
mod missing;
mod output;
mod page;
mod progress;
mod salt;
mod style;
mod terminal;
mod text;
mod words;

use std::io::{BufRead, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};
use crate::output::Output;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// There are no findings and no differences.
    Clean,
    /// There are findings, or differences.
    Found,
    /// Something could not be read; the user has been told why.
    Failed,
}

impl Status {
    /// The exit code, which is part of the interface.
    const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Found => 1,
            Self::Failed => 2,
        }
    }
}

/// Runs the program with the arguments of the process.
///
/// Exit codes: 0 clean, 1 findings at or above the level, 2 something could not be read or done.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    cli.color.apply();
    let mut out = Output::stdout();
    let result = run(&cli.command, &mut out).and_then(|status| {
        out.flush()?;
        Ok(status)
    });
    match result {
        Ok(status) => status.code().into(),
        Err(error) => {
            // Output from before the error must appear before it.
            _ = out.flush();
            tell_error(&error);
            Status::Failed.code().into()
        }
    }
}

/// Checks a log without printing anything, for the benchmark.
///
/// Returns the numbers of messages and of findings. Memory does not grow with either.
///
/// # Errors
///
/// The log cannot be read; the error says in which line and why.
pub fn check_log(reader: impl BufRead + Send) -> anyhow::Result<(u64, u64)> {
    commands::check::check_quietly(reader)
}

fn run(command: &Command, out: &mut Output) -> anyhow::Result<Status> {
    match command {
        Command::Check(args) => commands::check::run(args, out),
        Command::Explain(args) => commands::explain::run(args, out),
        Command::Messages(args) => commands::messages::run(args, out),
        Command::Show(args) => commands::show::run(args, out),
        Command::Stats(args) => commands::stats::run(args, out),
        Command::Diagram(args) => commands::diagram::run(args, out),
        Command::Redact(args) => commands::redact::run(args, out),
        Command::Report(args) => commands::report::run(args, out),
        Command::Diff(args) => commands::diff::run(args, out),
        Command::Completions(args) => commands::completions::run(args, out),
        Command::Man(args) => commands::man::run(args, out),
        Command::Record(args) => commands::record::run(args, out),
        Command::Conform(args) => commands::conform::run(args, out),
        Command::Scenario(args) => commands::scenario::run(args, out),
        Command::Simulate(args) => commands::simulate::run(args, out),
    }
}

/// Reports an error in the command line, or prints the help or version that it asks for.
///
/// An error quotes arguments, which a script may have taken from a log.
fn refuse(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let lines: Vec<_> = text.lines().map(text::safe).collect();
    if text.lines().eq(lines.iter().map(AsRef::as_ref)) {
        // Printed with clap's colors.
        _ = error.print();
    } else {
        anstream::eprintln!("{}", lines.join("\n"));
    }
    u8::try_from(error.exit_code()).unwrap_or(2).into()
}

/// Prints an error with its causes to standard error, in one line.
fn tell_error(error: &anyhow::Error) {
    let style = style::severity(callscope_protocol::Severity::Error);
    let words = format!("{error:#}");
    anstream::eprintln!("{}: {}", style::paint(style, "error"), text::safe(&words));
    if let Some(bad) = error.downcast_ref::<commands::show::BadFilter>() {
        for line in &bad.marked {
            anstream::eprintln!("  {line}");
        }
    }
}
