//! `callscope redact`: removes personal data from a log.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use callscope_session_log::LogReader;

use crate::input::{Input, tell};
use crate::output::{NewFile, Output};
use crate::text::safe_json;
use crate::{Status, salt};

const EXAMPLES: &str = "\
Examples:
  callscope redact session.callscope.jsonl -o shareable.callscope.jsonl
  callscope redact - < session.jsonl | callscope check -

Phone numbers, names, e-mail addresses, ids and other words about people are replaced: within one
run the same value always by the same other value, in the next run by another one. Times, message
types, the SDK's message ids, and schemes, hosts and ports of addresses are kept.
The checker finds the same in both logs. Look at the result before you publish it: what people
write into free texts is not always recognized.";

/// Replaces phone numbers, names, e-mail addresses and ids, and keeps structure and findings.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A session log; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: Input,

    /// Write to this file instead of standard output; it may be the log itself.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let Some(path) = &args.output else {
        redact(&args.file, out)?;
        return Ok(Status::Clean);
    };
    let mut file = NewFile::create(path)?;
    redact(&args.file, &mut file)?;
    file.keep()?;
    Ok(Status::Clean)
}

/// Redacts line by line, so that only the longest line has to fit into memory.
fn redact(input: &Input, out: &mut impl Write) -> anyhow::Result<()> {
    let redactor = salt::redactor()?;
    let mut opened = input.open()?;
    let mut reader = LogReader::new(opened.reader()).with_context(|| input.name())?;
    let header = redactor.header(reader.header()).to_line();
    writeln!(out, "{}", safe_json(&header))?;
    for entry in &mut reader {
        let entry = entry.with_context(|| input.name())?;
        if let Some(line) = redactor.entry(&entry).to_line() {
            // Equivalent JSON without control characters: it may be shown on a terminal, or in an
            // issue.
            writeln!(out, "{}", safe_json(&line)).context("writing the redacted log")?;
        }
    }
    tell(&input.name(), reader.notes());
    Ok(())
}
