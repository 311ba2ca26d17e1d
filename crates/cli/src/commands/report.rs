//! `callscope report`: one file for a bug report.

mod html;
mod markdown;

use std::path::{Path, PathBuf};

use callscope_session_log::Header;
use callscope_session_view::SessionView;
use callscope_session_view::findings::{self, Group};
use callscope_session_view::header;
use callscope_session_view::ladder::{Choice, Ladder, ladders};
use callscope_session_view::rows::Look;
use clap::ValueEnum;

use crate::commands::stats::Stats;
use crate::input::Input;
use crate::output::{Output, put};
use crate::{Status, salt};

const EXAMPLES: &str = "\
Examples:
  callscope report session.callscope.jsonl -o report.html   one page with everything
  callscope report session.callscope.jsonl -o report.md     to paste into an issue
  callscope report --no-redact session.jsonl -o full.html   with numbers and names as they were

Phone numbers, names, e-mail addresses and ids are replaced, as by `callscope redact`.";

/// Longer issues and comments are refused by GitHub.
const GITHUB_LIMIT: usize = 65_536;

/// Writes one self-contained file for a bug report: environment, summary, findings, ladder,
/// timeline.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A session log; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: Input,

    /// Write to this file; `.md` makes it Markdown.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// What to write; without it the name of the -o file tells.
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

/// What a report says, whatever it is written in.
struct Report<'a> {
    header: &'a Header,
    whole: &'a SessionView,
    stats: Stats,
    ladders: Vec<Ladder>,
    is_redacted: bool,
}

impl Report<'_> {
    /// Label and value of each fact about the recording.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let told = header::facts(self.header).map(|(label, value)| (label, value.to_owned()));
        let mut rows: Vec<_> = told.collect();
        rows.push(("Checked with", header::TOOL.to_owned()));
        let privacy = if self.is_redacted {
            "numbers, names and ids were replaced"
        } else {
            "nothing was replaced: this report may hold personal data"
        };
        rows.push(("Privacy", privacy.to_owned()));
        rows
    }

    /// "2 errors, 1 warning, no notes".
    fn finding(&self) -> String {
        let counted = findings::Counts::of(self.whole.session());
        let counts = counted.worst_first().map(|(severity, count)| match count {
            0 => format!("no {severity}s"),
            count => crate::words::counted(count as u64, severity.name()),
        });
        let strangers = crate::words::of_strangers(counted.of_strangers as u64);
        let parts: Vec<String> = counts.into_iter().chain(strangers).collect();
        parts.join(", ")
    }

    /// The findings by rule, the worst first, each rule's in the order of the session.
    fn findings(&self) -> Vec<Group<'_>> {
        let session = self.whole.session();
        let is_strangers = |it: &_| findings::is_strangers(session, it);
        findings::groups(session.findings(), is_strangers)
    }
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let mut log = args.file.read_log()?;
    if !args.no_redact {
        log = salt::redactor()?.log(&log);
    }
    let header = log.header.clone();
    let mut whole = SessionView::from(log);
    whole.look_at(&Look::everything());
    let report = Report {
        header: &header,
        whole: &whole,
        stats: Stats::new(&whole, &header),
        ladders: ladders(&whole, Choice::default()),
        is_redacted: !args.no_redact,
    };
    let extension = args.output.as_deref().and_then(Path::extension);
    let by_name = match extension.and_then(|it| it.to_str()) {
        Some("md" | "markdown") => Format::Md,
        _ => Format::Html,
    };
    let mut text = String::new();
    match args.format.unwrap_or(by_name) {
        Format::Html => html::write(&report, &mut text)?,
        Format::Md => {
            markdown::write(&report, &mut text)?;
            if text.chars().count() > GITHUB_LIMIT {
                anstream::eprintln!(
                    "note: the report is too long for a comment on GitHub: attach it as a file"
                );
            }
        }
    }
    put(args.output.as_deref(), &text, out)?;
    Ok(Status::Clean)
}
