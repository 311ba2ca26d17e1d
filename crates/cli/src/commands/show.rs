//! `callscope show`: the timeline.

mod detail;

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use anyhow::Context as _;
use callscope_protocol::{
    CallId, ConversationId, Fact, Finding, Frame, Message, MessageType, Millis, Side,
};

use crate::Status;
use crate::analysis::Whole;
use crate::input::Input;
use crate::output::Output;
use crate::style::{BOLD, DIM, GAP, INJECTED, paint, severity, side};
use crate::text::{safe, short};
use crate::words;
use callscope_session_log::filter::{Filter, Subject};

const EXAMPLES: &str = "\
Examples:
  callscope show session.jsonl                        everything
  callscope show session.jsonl type:CALL_* -from:host what the widget said about calls
  callscope show session.jsonl severity:warning       messages with warnings and errors
  callscope show --json session.jsonl code:M14        with the messages themselves
  callscope show --message 12 session.jsonl           one message, field by field

Filter words, as in the panel; all must match, `-` before one negates it:
  hello \"two words\"    type, origin, summary or payload holds the text
  type:CALL_*,SYNC     the type; * stands for anything, a comma for or
  from:host to:widget  the side that sent or received it
  is:injected          also finding, unknown, cut, call
  severity:error       it has a finding that is at least as bad
  code:M14             it has a finding of this rule
  conv:2               the conversation
  id:1700*             the messageId
  origin:localhost     the sender's origin holds the text

Times are in UTC.";

/// Shows a session as a timeline, with the panel's filter words.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Print each message as JSON below its line.
    #[arg(long)]
    json: bool,

    /// Show only this message, with all of its fields and what is wrong with them.
    #[arg(long, value_name = "NUMBER")]
    message: Option<u64>,

    /// Leave the findings out.
    #[arg(long)]
    no_findings: bool,

    /// A session log; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: Input,

    /// Filter words; all must match.
    #[arg(
        value_name = "FILTER",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    filter: Vec<String>,
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let filter = Filter::parse(&args.filter.join(" ")).context("the filter cannot be used")?;
    let whole = Whole::new(args.file.read_log()?);
    if let Some(seq) = args.message {
        let frame = whole.session.frame(seq).with_context(|| {
            let count = words::counted(whole.session.frame_count() as u64, "message");
            format!(
                "{}: there is no message {seq} among its {count}",
                args.file.name()
            )
        })?;
        detail::print(&whole, frame, out)?;
        return Ok(Status::Clean);
    }
    let rows = rows(&whole, &filter);
    let mut printer = Printer::new(args, &whole, &rows);
    let mut hidden = 0;
    for row in &rows {
        match row {
            Row::Hidden => hidden += 1,
            row => printer.print(row, out)?,
        }
        if out.is_closed() {
            return Ok(Status::Clean);
        }
    }
    printer.finish(hidden, out)?;
    Ok(Status::Clean)
}

/// A line of the timeline.
enum Row<'a> {
    /// A message, or a run of SYNC.
    Message {
        frame: &'a Frame,
        type_name: String,
        summary: String,
        /// How many there are, and when the last one passed.
        run: (u64, Millis),
    },
    /// Something else that happened.
    Fact(&'a Fact),
    /// The filter hides it.
    Hidden,
}

fn rows<'a>(whole: &'a Whole, filter: &Filter) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    for placed in whole.session.facts() {
        let Fact::Frame(frame) = &placed.fact else {
            rows.push(Row::Fact(&placed.fact));
            continue;
        };
        let message = Message::decode(&frame.message);
        let verdicts: Vec<_> = whole
            .session
            .findings_of(frame.seq)
            .map(|finding| (finding.severity, finding.rule.code))
            .collect();
        let message_id = message.message_id();
        let summary = message.summary();
        let subject = Subject {
            type_name: message.type_name().unwrap_or_default(),
            known: message.known(),
            message_id: message_id.as_deref().unwrap_or_default(),
            from: frame.from,
            origin: &frame.origin,
            summary: &summary,
            injected: frame.injected,
            truncated: frame.truncated.is_some(),
            conversation: frame.conversation.0,
            text: frame.message.as_str(),
        };
        if !filter.matches(&subject, &verdicts) {
            rows.push(Row::Hidden);
            continue;
        }
        // HubSpot repeats SYNC every 100 ms until it is answered.
        let is_sync = message.known() == Some(MessageType::Sync);
        if is_sync
            && verdicts.is_empty()
            && let Some(Row::Message {
                frame: first,
                type_name,
                run,
                ..
            }) = rows.last_mut()
            && type_name == MessageType::Sync.name()
            && (first.conversation, first.from) == (frame.conversation, frame.from)
            && first.injected == frame.injected
        {
            *run = (run.0 + 1, frame.at);
            continue;
        }
        let type_name = message.type_name().unwrap_or("(no type)").to_owned();
        rows.push(Row::Message {
            frame,
            type_name,
            summary,
            run: (1, frame.at),
        });
    }
    rows
}

/// Prints rows and what belongs between them.
struct Printer<'a> {
    args: &'a Args,
    whole: &'a Whole,
    seq_width: usize,
    type_width: usize,
    has_conversations: bool,
    is_filtered: bool,
    last_at: Option<Millis>,
    /// The call of each conversation that the last heading named.
    call: BTreeMap<ConversationId, CallId>,
    /// Findings that belong to no message, the latest first.
    loose: Vec<&'a Finding>,
}

impl<'a> Printer<'a> {
    fn new(args: &'a Args, whole: &'a Whole, rows: &[Row<'_>]) -> Self {
        let type_width = |row: &Row<'_>| match row {
            Row::Message { type_name, .. } => short(type_name, 36).chars().count(),
            Row::Fact(_) | Row::Hidden => 0,
        };
        let is_filtered = !args.filter.is_empty();
        let mut loose: Vec<&Finding> = Vec::new();
        if !args.no_findings && !is_filtered {
            loose.extend(
                whole
                    .session
                    .findings()
                    .iter()
                    .filter(|it| it.seq.is_none()),
            );
        }
        loose.sort_by(|left, right| right.at.0.total_cmp(&left.at.0));
        let last_seq = whole.frames().last().map_or(0, |frame| frame.seq);
        Self {
            args,
            whole,
            seq_width: last_seq.to_string().len(),
            type_width: rows.iter().map(type_width).max().unwrap_or(0),
            has_conversations: whole.session.conversations().count() > 1,
            is_filtered,
            last_at: None,
            call: BTreeMap::new(),
            loose,
        }
    }

    fn print(&mut self, row: &Row<'_>, out: &mut Output) -> io::Result<()> {
        match row {
            Row::Message {
                frame,
                type_name,
                summary,
                run,
            } => {
                self.print_loose(frame.at, out)?;
                self.print_call(frame, out)?;
                self.print_message(frame, type_name, summary, *run, out)
            }
            Row::Fact(fact) => {
                self.print_loose(fact.at(), out)?;
                self.print_fact(fact, out)
            }
            Row::Hidden => Ok(()),
        }
    }

    /// A heading where a call begins, or where messages of it come late.
    fn print_call(&mut self, frame: &Frame, out: &mut Output) -> io::Result<()> {
        let Some(call) = self.whole.call_of(frame.seq) else {
            return Ok(());
        };
        if self.call.insert(frame.conversation, call.id) == Some(call.id) {
            return Ok(());
        }
        let name = if self.has_conversations {
            format!(
                "call {} of conversation {}",
                call.id.serial, call.id.conversation.0
            )
        } else {
            format!("call {}", call.id.serial)
        };
        writeln!(out, "{} · {}", paint(BOLD, name), words::call(call))
    }

    fn print_message(
        &mut self,
        frame: &Frame,
        type_name: &str,
        summary: &str,
        (count, end): (u64, Millis),
        out: &mut Output,
    ) -> io::Result<()> {
        let (seq_width, type_width) = (self.seq_width, self.type_width);
        let since = self
            .last_at
            .map_or(String::new(), |last| words::duration(frame.at - last));
        self.last_at = Some(end);
        let conversation = if self.has_conversations {
            format!("#{} ", frame.conversation.0)
        } else {
            String::new()
        };
        let mut line = format!(
            "{} {} {} {conversation}{}  {:type_width$}",
            paint(DIM, format_args!("{:>seq_width$}", frame.seq)),
            words::time_of_day(frame.at),
            paint(DIM, format_args!("{since:>10}")),
            paint(side(frame.from), words::sender(frame.from)),
            short(type_name, 36),
        );
        if count > 1 {
            let span = words::duration(end - frame.at);
            line.push_str(&format!("  ×{} in {span}", words::count(count)));
        }
        if frame.injected {
            line.push_str(&format!("  {}", paint(INJECTED, "injected")));
        }
        if let Some(size) = frame.truncated {
            line.push_str(&format!(
                "  {}",
                paint(GAP, format_args!("cut, {size} bytes"))
            ));
        }
        if !summary.is_empty() {
            line.push_str("  ");
            line.push_str(&safe(summary));
        }
        if let Some(answer) = self.whole.session.placement(frame.seq).answers {
            line.push_str(&format!("  {}", paint(DIM, words::answer(&answer))));
        }
        writeln!(out, "{}", line.trim_end())?;
        if !self.args.no_findings {
            for finding in self.whole.session.findings_of(frame.seq) {
                self.print_finding(finding, out)?;
            }
        }
        if self.args.json {
            detail::print_json(frame, out)?;
        }
        Ok(())
    }

    fn print_fact(&mut self, fact: &Fact, out: &mut Output) -> io::Result<()> {
        let words = match fact {
            Fact::Gap(gap) => {
                let words = format!("┄┄ {}", words::gap(gap.lost, &gap.why));
                paint(GAP, words).to_string()
            }
            // What is no message is hidden by any filter, but not that something is missing.
            _ if self.is_filtered => return Ok(()),
            Fact::Conversation(start) => {
                let known = |it: &Option<String>| {
                    it.as_deref().map_or("unknown".to_owned(), |it| {
                        safe(words::origin(it)).into_owned()
                    })
                };
                let continues = start.continues.map_or(String::new(), |ConversationId(id)| {
                    format!(", continues {id} after a reload")
                });
                format!(
                    "conversation {}: {} ⇄ {}{continues}",
                    start.id.0,
                    known(&start.host_origin),
                    known(&start.widget_origin)
                )
            }
            Fact::Closed(closed) => format!(
                "the {} of conversation {} went away",
                match closed.side {
                    Side::Host => "HubSpot page",
                    Side::Widget => "widget",
                },
                closed.conversation.0
            ),
            Fact::Setting(setting) => match &setting.value {
                Some(value) => format!("{} is {}", safe(&setting.key), safe(value)),
                None => format!("{} is not set", safe(&setting.key)),
            },
            Fact::End(_) => "end of the recording".to_owned(),
            Fact::Frame(_) => return Ok(()),
        };
        let seq_width = self.seq_width;
        let time = words::time_of_day(fact.at());
        writeln!(
            out,
            "{:seq_width$} {time} {}",
            "",
            paint(DIM, format_args!("{:>10} {words}", ""))
        )
    }

    /// What was found between messages, up to a time.
    fn print_loose(&mut self, until: Millis, out: &mut Output) -> io::Result<()> {
        while let Some(finding) = self.loose.pop_if(|finding| finding.at < until) {
            self.print_finding(finding, out)?;
        }
        Ok(())
    }

    fn print_finding(&self, finding: &Finding, out: &mut Output) -> io::Result<()> {
        let seq_width = self.seq_width;
        let level = finding.severity;
        let words = format!(
            "{} {} {}: {}",
            words::mark(level),
            finding.rule.code,
            level,
            safe(&finding.message)
        );
        writeln!(out, "{:seq_width$}   {}", "", paint(severity(level), words))
    }

    fn finish(&mut self, hidden: u64, out: &mut Output) -> io::Result<()> {
        self.print_loose(Millis(f64::INFINITY), out)?;
        if hidden > 0 {
            let words = format!("{} hidden by the filter", words::counted(hidden, "message"));
            writeln!(out, "{}", paint(DIM, words))?;
        }
        Ok(())
    }
}
