//! `callscope report`: writes one file for a bug report.

use std::path::{Path, PathBuf};

use callscope_report::{GITHUB_LIMIT, Report};
use clap::ValueEnum;

use crate::input::Input;
use crate::output::{Output, put};
use crate::{Status, salt};

const EXAMPLES: &str = "\
Examples:
  callscope report session.callscope.jsonl -o report.html   one page with everything
  callscope report session.callscope.jsonl -o report.md     to paste into an issue
  callscope report --no-redact session.jsonl -o full.html   with numbers and names as they were

Phone numbers, names, e-mail addresses and ids are replaced, as by `callscope redact`.";

/// Writes one self-contained file for a bug report: environment, summary, findings, ladder,
/// timeline.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A session log; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: Input,

    /// Write to this file instead of standard output; `.md` makes it Markdown.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// What to write; without it the ending of the -o file decides.
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Leave phone numbers, names and ids as they are.
    #[arg(long)]
    no_redact: bool,
}

/// What a report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A page without scripts, with pictures inside.
    Html,
    /// Markdown with a Mermaid diagram, as GitHub shows it.
    Md,
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let mut log = args.file.read_log()?;
    if !args.no_redact {
        log = salt::redactor()?.log(&log);
    }
    let report = Report::new(log, !args.no_redact);
    let extension = args.output.as_deref().and_then(Path::extension);
    let by_name = match extension.and_then(|it| it.to_str()) {
        Some("md" | "markdown") => Format::Md,
        _ => Format::Html,
    };
    let format = args.format.unwrap_or(by_name);
    let text = report.write(match format {
        Format::Html => callscope_report::Format::Html,
        Format::Md => callscope_report::Format::Markdown,
    });
    if format == Format::Md && text.chars().count() > GITHUB_LIMIT {
        anstream::eprintln!(
            "note: the report is too long for a comment on GitHub: attach it as a file"
        );
    }
    put(args.output.as_deref(), &text, out)?;
    Ok(Status::Clean)
}
