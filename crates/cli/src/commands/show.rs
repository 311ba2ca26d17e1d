//! `callscope show`: the timeline.

mod calls;
mod detail;

use std::fmt::Display;
use std::io::{self, Write as _};

use anyhow::Context as _;
use callscope_protocol::{Fact, Finding};
use callscope_session_view::calls::{Headings, name};
use callscope_session_view::filter::{Filter, TERMS};
use callscope_session_view::findings::{self, UnanchoredFindings};
use callscope_session_view::rows::{MessageRow, RowBody, RowText, ViewOptions};
use callscope_session_view::words::{UtcOffset, remark};
use callscope_session_view::{SessionView, columns};

use crate::Status;
use crate::input::Input;
use crate::output::Output;
use crate::style::{BOLD, DIM, GAP, INJECTED, INSIDE, paint, severity, side};
use crate::text::{safe, short};
use crate::words;

const EXAMPLES: &str = "\
Examples:
  callscope show session.jsonl                          everything
  callscope show session.jsonl type:CALL_* -from:host   what the widget said about calls
  callscope show session.jsonl 'severity>=warning'      messages with warnings and errors
  callscope show --json session.jsonl rule:M14          with the messages themselves
  callscope show --message 12 session.jsonl             one message, field by field
  callscope show --calls session.jsonl                  the calls, one line each
  callscope show session.jsonl --filter 'call:2 (latency>500ms or size>1kB)'
                                                        slow or large messages of a call

Four or more messages of one type in a row, or two SYNC, are one line: ×4 in 30 ms.

A filter is written as in the panel. It shows messages
";

/// The examples, and the terms of the filter language from their shared table.
fn after_help() -> String {
    use std::fmt::Write as _;

    const EXAMPLE: usize = 28;
    const LINE: usize = 66;
    let mut text = EXAMPLES.to_owned();
    for term in TERMS {
        let first = term.examples.first().copied().unwrap_or_default();
        let mut lines = vec![String::new()];
        for word in term.help.split(' ') {
            let last = lines.len() - 1;
            let line = &mut lines[last];
            if line.is_empty() {
                line.push_str(word);
            } else if line.len() + 1 + word.len() <= LINE {
                line.push(' ');
                line.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
        for (index, line) in lines.iter().enumerate() {
            let example = if index == 0 { first } else { "" };
            // Writing to a `String` never fails.
            _ = writeln!(text, "  {example:<EXAMPLE$} {line}");
        }
    }
    text.push_str("\nTimes are in UTC.");
    text
}

/// Shows a session as a timeline, with the panel's filter words.
#[derive(Debug, clap::Args)]
#[command(after_help = after_help())]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command"
)]
pub(crate) struct Args {
    /// Print each message as JSON below its line.
    #[arg(long)]
    json: bool,

    /// Give each message of a run its own line, as --json does anyway.
    #[arg(long)]
    unfold: bool,

    /// Show only this message, with all of its fields and what is wrong with them.
    #[arg(long, value_name = "NUMBER")]
    message: Option<u64>,

    /// Print the calls instead of the messages: one line a call, its worst finding below it.
    #[arg(long, conflicts_with_all = ["json", "message"])]
    calls: bool,

    /// Leave the findings out.
    #[arg(long)]
    no_findings: bool,

    /// Show only the messages that match this filter, which may also follow the file.
    #[arg(long = "filter", value_name = "FILTER")]
    quoted_filter: Option<String>,

    /// A session log; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: Input,

    /// Show only the messages that match this filter; its words may be separate arguments.
    #[arg(
        value_name = "FILTER",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    filter: Vec<String>,
}

impl Args {
    /// Combines both filters, if there are two.
    fn filter(&self) -> anyhow::Result<Filter> {
        let words = self.filter.join(" ");
        let quoted = self.quoted_filter.as_deref().unwrap_or_default();
        for text in [quoted, &words] {
            Filter::parse(text).map_err(|error| {
                let marked = error.marked(text);
                anyhow::Error::new(error).context(BadFilter { marked })
            })?;
        }
        let text = match (quoted.trim(), words.trim()) {
            ("", text) | (text, "") => text.to_owned(),
            (one, other) => format!("({one}) ({other})"),
        };
        Ok(Filter::parse(&text)?)
    }

    fn has_filter(&self) -> bool {
        self.quoted_filter.is_some() || !self.filter.is_empty()
    }
}

/// An invalid filter.
#[derive(Debug)]
pub(crate) struct BadFilter {
    /// The filter, and a line that marks the offending word; safe to print.
    pub(crate) marked: [String; 2],
}

impl Display for BadFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the filter cannot be used")
    }
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let filter = args.filter()?;
    let mut whole = SessionView::from(args.file.read_log()?);
    if let Some(seq) = args.message {
        let recorded = whole.session().message(seq).with_context(|| {
            let count = words::counted(whole.session().message_count() as u64, "message");
            format!(
                "{}: there is no message {seq}; the log has {count}",
                args.file.name()
            )
        })?;
        detail::print(&whole, recorded, out)?;
        return Ok(Status::Clean);
    }
    whole.update_rows(&ViewOptions {
        filter,
        unfolds_runs: args.unfold || args.json,
        ..ViewOptions::everything()
    });
    if args.calls {
        calls::print(&whole, !args.no_findings, out)?;
        return Ok(Status::Clean);
    }
    let mut printer = Printer::new(args, &whole);
    for row in 0..whole.rows().len() {
        for text in whole.describe(row..row + 1, UtcOffset::UTC) {
            printer.print(&text, out)?;
        }
        if out.is_closed() {
            return Ok(Status::Clean);
        }
    }
    printer.finish(out)?;
    Ok(Status::Clean)
}

/// No type of the SDK is longer; longer ones are cut to keep the columns.
const MAX_TYPE: usize = 37;

/// Prints rows and what comes between them.
struct Printer<'a> {
    args: &'a Args,
    whole: &'a SessionView,
    seq_width: usize,
    type_width: usize,
    has_conversations: bool,
    headings: Headings,
    /// Findings that belong to no message.
    unanchored: UnanchoredFindings<'a>,
    /// The text of the last gap's row, which its finding would repeat.
    gap: String,
}

impl<'a> Printer<'a> {
    fn new(args: &'a Args, whole: &'a SessionView) -> Self {
        let session = whole.session();
        let last = session.message_count().checked_sub(1);
        let last = last.and_then(|last| session.nth_message(last)?.message());
        let types = whole.rows().iter().filter_map(|row| whole.digest(row.id));
        let widths = types.map(|it| columns::width(&short(it.type_words(), MAX_TYPE)));
        Self {
            args,
            whole,
            seq_width: last.map_or(0, |recorded| recorded.seq).to_string().len(),
            type_width: widths.max().unwrap_or(0),
            has_conversations: session.conversations().count() > 1,
            headings: Headings::default(),
            unanchored: if args.no_findings {
                UnanchoredFindings::none()
            } else {
                UnanchoredFindings::shown(whole, None)
            },
            gap: String::new(),
        }
    }

    fn print(&mut self, row: &RowText, out: &mut Output) -> io::Result<()> {
        while let Some(finding) = self.unanchored.before(row.at) {
            self.print_finding(finding, out)?;
        }
        match &row.body {
            RowBody::Message(message) => {
                self.print_call(row, out)?;
                self.print_message(row, message, out)
            }
            RowBody::Gap(words) => {
                self.gap.clone_from(words);
                let words = format!("┄┄ {}", safe(words));
                self.print_remark(&row.time, paint(GAP, words), out)
            }
            RowBody::Inside(inside) => {
                let words = inside.line();
                let words = safe(&words);
                let words = match inside.side {
                    Some(side) => format!("inside the {}: {words}", side.name()),
                    None => words.to_string(),
                };
                self.print_remark(&row.time, paint(INSIDE, words), out)
            }
            RowBody::Remark(words) => self.print_remark(&row.time, paint(DIM, safe(words)), out),
        }
    }

    /// Prints a heading where a call begins, or where late messages of it come.
    fn print_call(&mut self, row: &RowText, out: &mut Output) -> io::Result<()> {
        let call = row
            .seq
            .and_then(|seq| self.headings.before(self.whole, seq));
        let Some(call) = call else { return Ok(()) };
        let name = name(call.id, self.has_conversations);
        writeln!(out, "{} · {}", paint(BOLD, name), words::call(&call))
    }

    fn print_message(
        &self,
        row: &RowText,
        message: &MessageRow,
        out: &mut Output,
    ) -> io::Result<()> {
        let (seq, seq_width) = (row.seq.unwrap_or_default(), self.seq_width);
        let conversation = row.conversation;
        let conversation = conversation.map_or(String::new(), |number| format!("#{number} "));
        let type_name = short(&message.type_name, MAX_TYPE);
        let mut line = format!(
            "{} {} {} {conversation}{}  {}",
            paint(DIM, format_args!("{seq:>seq_width$}")),
            row.time,
            paint(
                DIM,
                format_args!("{:>10}", row.delta.as_deref().unwrap_or_default())
            ),
            paint(side(message.from), words::sender(message.from)),
            columns::pad(&type_name, self.type_width),
        );
        let mut add = |part: String| {
            line.push_str("  ");
            line.push_str(&part);
        };
        if let Some(run) = &message.run {
            add(run.words());
        }
        if message.injected {
            add(paint(INJECTED, "injected").to_string());
        }
        if let Some(size) = message.truncated {
            add(paint(GAP, format!("cut, {size} bytes")).to_string());
        }
        if !message.summary.is_empty() {
            add(safe(&message.summary).into_owned());
        }
        if let Some(answer) = &message.answers {
            add(paint(DIM, words::answer(answer)).to_string());
        }
        writeln!(out, "{}", line.trim_end())?;
        if !self.args.no_findings {
            for finding in self.whole.session().findings_of(seq) {
                self.print_finding(finding, out)?;
            }
        }
        if self.args.json
            && let Some(recorded) = self.whole.session().message(seq)
        {
            detail::print_json(recorded, out)?;
        }
        Ok(())
    }

    fn print_remark(&self, time: &str, words: impl Display, out: &mut Output) -> io::Result<()> {
        let seq_width = self.seq_width;
        writeln!(out, "{:seq_width$} {time} {:>10} {words}", "", "")
    }

    fn print_finding(&self, finding: &Finding, out: &mut Output) -> io::Result<()> {
        let seq_width = self.seq_width;
        let level = findings::severity(self.whole.session(), finding);
        let cause = finding.cause.as_ref();
        let cause = cause.map_or(String::new(), |it| format!(" ({})", words::cause(it)));
        let message = if finding.message == self.gap {
            String::new()
        } else {
            format!(": {}", safe(&finding.message))
        };
        let mark = words::mark(level);
        let code = finding.rule.code;
        let words = format!("{mark} {code} {level}{message}{cause}");
        writeln!(out, "{:seq_width$}   {}", "", paint(severity(level), words))
    }

    fn finish(&mut self, out: &mut Output) -> io::Result<()> {
        while let Some(finding) = self.unanchored.pop() {
            self.print_finding(finding, out)?;
        }
        if let Some(Fact::End(at)) = self.whole.session().facts().last().map(|last| &last.fact)
            && !self.args.has_filter()
        {
            let words = remark(&Fact::End(*at));
            self.print_remark(&words::time_of_day(*at), paint(DIM, words), out)?;
        }
        let hidden = self.whole.rows().hidden();
        if hidden > 0 {
            let words = format!("{} hidden by the filter", words::counted(hidden, "message"));
            writeln!(out, "{}", paint(DIM, words))?;
        }
        Ok(())
    }
}
