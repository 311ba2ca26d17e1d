//! Findings as text, in the style of compiler messages.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write as _};

use anyhow::Context as _;
use callscope_protocol::{ConversationId, Finding, Missing, Rule, Severity};
use callscope_session_log::Header;
use callscope_session_view::header;

use super::excerpts::{Excerpts, MessageLine};
use super::{Counts, LogEnd, Printer};
use callscope_session_view::columns;
use callscope_session_view::findings::{self, WithConsequences};

use crate::analysis::{LocatedFinding, Stream};
use crate::input::{Input, Opened};
use crate::output::Output;
use crate::style::{BOLD, DIM, FILE, GOOD, GUTTER, INJECTED, paint, severity, side};
use crate::text::{safe, short};
use crate::words;

/// No type of the SDK is longer; longer ones are cut to keep the columns.
const MAX_TYPE: usize = 41;

/// Prints findings with the messages around them, log by log.
pub(super) struct Text {
    /// How many findings of each severity to show.
    limit: usize,
    found: Vec<LocatedFinding>,
    shown: [usize; Severity::ALL.len()],
    log_count: u64,
    unreadable_count: u64,
    explained: HashSet<&'static str>,
}

impl Text {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit: if limit == 0 { usize::MAX } else { limit },
            found: Vec::new(),
            shown: [0; Severity::ALL.len()],
            log_count: 0,
            unreadable_count: 0,
            explained: HashSet::new(),
        }
    }
}

impl Printer for Text {
    fn begin(&mut self, _: &Input, opened: &mut Opened) {
        self.found.clear();
        self.shown = [0; Severity::ALL.len()];
        opened.keep();
    }

    fn finding(&mut self, located: LocatedFinding, stream: &mut Stream) -> io::Result<()> {
        let shown = &mut self.shown[located.finding.severity as usize];
        if *shown < self.limit {
            *shown += 1;
            if let Some(call) = located.finding.call {
                stream.pin(call);
            }
            self.found.push(located);
        }
        Ok(())
    }

    fn end(
        &mut self,
        end: &LogEnd<'_>,
        opened: &mut Opened,
        out: &mut Output,
    ) -> anyhow::Result<()> {
        self.log_count += 1;
        if self.log_count > 1 {
            writeln!(out)?;
        }
        let excerpts = if self.found.is_empty() {
            Excerpts::default()
        } else {
            opened
                .rewind()
                .with_context(|| format!("reading {} again", end.input.name()))?;
            Excerpts::read(opened.reader(), &self.found)
        };
        writeln!(
            out,
            "{}{}",
            paint(FILE, end.input.name()),
            about(&end.checked.header)
        )?;

        let conversations: BTreeMap<ConversationId, String> = end
            .conversations()
            .map(|it| (it.id, words::conversation(it)))
            .collect();
        let mut place = None;
        let hidden = self.hidden(end.checked.counts);
        let mut grouped = findings::group_consequences(self.found.drain(..), |it| &it.finding);
        // A stranger's findings come last, because the widget's developer cannot fix them.
        let strangers = |it: &LocatedFinding| end.is_strangers(&it.finding);
        grouped.sort_by(|left, right| {
            (strangers(&left.finding).cmp(&strangers(&right.finding)))
                .then_with(|| compare(&left.finding, &right.finding))
        });
        for WithConsequences {
            finding: located,
            consequences,
        } in &grouped
        {
            let conversation = located.finding.conversation;
            let now = (conversation, located.finding.call);
            if place.map(|(it, _)| it) != Some(conversation) {
                let unknown = || {
                    if conversations.is_empty() {
                        "no conversation".to_owned()
                    } else {
                        format!("conversation {}", conversation.0)
                    }
                };
                let heading = conversations
                    .get(&conversation)
                    .cloned()
                    .unwrap_or_else(unknown);
                writeln!(out, "\n{}", paint(BOLD, heading))?;
            }
            if place != Some(now)
                && let Some(id) = located.finding.call
            {
                let call = end.call(id).map_or(String::new(), |it| words::call(&it));
                writeln!(
                    out,
                    "\n{} · {call}",
                    paint(BOLD, format_args!("call {}", id.serial))
                )?;
            }
            place = Some(now);
            let is_new = self.explained.insert(located.finding.rule.code);
            print(
                located,
                &excerpts.of(&located.finding),
                end.input,
                is_new,
                out,
            )?;
            print_consequences(consequences, out)?;
        }
        print_summary(hidden, end, out)?;
        Ok(())
    }

    fn refused(&mut self, _: &Input, _: &anyhow::Error, _: &mut Output) -> anyhow::Result<()> {
        self.unreadable_count += 1;
        self.found.clear();
        Ok(())
    }

    fn finish(&mut self, counts: Counts, out: &mut Output) -> anyhow::Result<()> {
        if self.log_count > 1 {
            let logs = paint(BOLD, words::counted(self.log_count, "log"));
            let unreadable = match self.unreadable_count {
                0 => String::new(),
                count => format!(", {} more could not be read", words::count(count)),
            };
            writeln!(out, "\n{logs}: {}{unreadable}", found(counts))?;
        }
        Ok(())
    }
}

impl Text {
    /// How many findings are not shown.
    fn hidden(&self, counts: Counts) -> u64 {
        let all = counts.errors + counts.warnings + counts.notes + counts.of_strangers;
        all.saturating_sub(self.found.len() as u64)
    }
}

fn print_summary(hidden: u64, end: &LogEnd<'_>, out: &mut Output) -> io::Result<()> {
    let counts = end.checked.counts;
    let summary = &end.checked.summary;
    if hidden > 0 {
        let hidden = words::counted(hidden, "more finding");
        writeln!(
            out,
            "\n… and {hidden}: see them with --limit 0 or --format json"
        )?;
    }
    let mut seen = vec![words::counted(summary.message_count, "message")];
    seen.push(words::counted(summary.conversation_count, "conversation"));
    seen.push(words::counted(summary.calls.count, "call"));
    let missing = summary.missing;
    if missing != Missing::default() {
        seen.push(words::missing_line(missing));
    }
    let seen = seen.join(", ");
    writeln!(
        out,
        "\n{} {}",
        found(counts),
        paint(DIM, format_args!("in {seen}"))
    )
}

/// Prints the consequences of a finding, indented under it.
fn print_consequences(consequences: &[LocatedFinding], out: &mut Output) -> io::Result<()> {
    if consequences.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {}:", words::consequences(consequences.len()))?;
    for LocatedFinding { finding, line } in consequences {
        let level = finding.severity;
        let title = paint(severity(level), format!("{level}[{}]", finding.rule.code));
        let place = match (finding.seq, line) {
            (Some(seq), Some(line)) => format!("message {seq} on line {line}"),
            (Some(seq), None) => format!("message {seq}"),
            (None, _) => words::time_of_day(finding.at),
        };
        writeln!(out, "    {title} {place}: {}", safe(&finding.message))?;
    }
    Ok(())
}

/// Orders findings by conversation, call and message.
fn compare(left: &LocatedFinding, right: &LocatedFinding) -> Ordering {
    let place = |located: &LocatedFinding| (located.finding.conversation, located.finding.call);
    // A finding without a message comes after those with one.
    let seq = |located: &LocatedFinding| located.finding.seq.unwrap_or(u64::MAX);
    (place(left).cmp(&place(right)))
        .then(seq(left).cmp(&seq(right)))
        .then(left.finding.at.0.total_cmp(&right.finding.at.0))
        .then(right.finding.severity.cmp(&left.finding.severity))
}

fn about(header: &Header) -> String {
    let parts: Vec<_> = header::facts(header)
        .map(|(_, part)| short(part, 100))
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    format!("\n{}", paint(DIM, parts.join(" · ")))
}

fn found(counts: Counts) -> String {
    let Counts {
        errors,
        warnings,
        notes,
        allowed,
        of_strangers,
    } = counts;
    let parts: Vec<String> = [
        (Severity::Error, errors),
        (Severity::Warning, warnings),
        (Severity::Note, notes),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(level, count)| paint(severity(level), words::counted(count, level.name())).to_string())
    .collect();
    let mut text = if parts.is_empty() {
        paint(GOOD, "no findings").to_string()
    } else {
        parts.join(", ")
    };
    if let Some(words) = words::of_strangers(of_strangers) {
        text.push_str(&format!(", {words}"));
    }
    if allowed > 0 {
        text.push_str(&format!(" ({} left out)", words::count(allowed)));
    }
    text
}

fn print(
    located: &LocatedFinding,
    lines: &[&MessageLine],
    input: &Input,
    explain: bool,
    out: &mut Output,
) -> io::Result<()> {
    let Finding {
        rule,
        severity: level,
        seq,
        at,
        message,
        related,
        ..
    } = &located.finding;
    let style = severity(*level);
    let title = format!("{level}[{}]", rule.code);
    writeln!(
        out,
        "\n{}: {}",
        paint(style, title),
        paint(BOLD, rule.title)
    )?;

    let numbers = lines
        .iter()
        .map(|line| line.seq.to_string().len())
        .max()
        .unwrap_or(1);
    let pad = " ".repeat(numbers);
    let bar = paint(GUTTER, "|");
    let arrow = paint(GUTTER, "-->");
    match (seq, located.line) {
        (Some(seq), Some(line)) => {
            writeln!(out, "{pad}{arrow} {}:{line} (message {seq})", input.name())?;
        }
        (Some(seq), None) => writeln!(out, "{pad}{arrow} {} (message {seq})", input.name())?,
        (None, line) => {
            let line = line.map_or(String::new(), |line| format!(":{line}"));
            let time = words::time_of_day(*at);
            writeln!(out, "{pad}{arrow} {}{line} at {time}", input.name())?;
        }
    }
    if lines.iter().all(|line| Some(line.seq) != *seq) {
        writeln!(
            out,
            "{pad} {} {}",
            paint(GUTTER, "="),
            paint(style, safe(message))
        )?;
    }
    if !lines.is_empty() {
        writeln!(out, "{pad} {bar}")?;
    }
    let type_name = |line: &MessageLine| short(line.digest.type_words(), MAX_TYPE).into_owned();
    let types = lines.iter().map(|line| columns::width(&type_name(line)));
    let width = types.max().unwrap_or(0);
    let mut last = None;
    for line in lines {
        if last.is_some_and(|last| last + 1 != line.seq) {
            writeln!(out, "{}", paint(GUTTER, "..."))?;
        }
        last = Some(line.seq);
        let number = format!("{:>numbers$}", line.seq);
        let type_name = type_name(line);
        let injected = if line.injected { " injected" } else { "" };
        let text = format!(
            "{} {bar} {}  {}  {}{}  {}",
            paint(GUTTER, number),
            words::time_of_day(line.at),
            paint(side(line.from), words::sender(line.from)),
            columns::pad(&type_name, width),
            paint(INJECTED, injected),
            safe(&line.digest.summary),
        );
        writeln!(out, "{}", text.trim_end())?;
        // Below the type, which follows the time, the sender and two gaps.
        let indent = " ".repeat(12 + 2 + 8 + 2);
        let marks = columns::width(&type_name);
        if Some(line.seq) == *seq {
            let carets = "^".repeat(marks);
            let label = format!("{carets} {}", safe(message));
            writeln!(out, "{pad} {bar} {indent}{}", paint(style, label))?;
        } else if related.contains(&line.seq) {
            let dashes = "-".repeat(marks);
            writeln!(out, "{pad} {bar} {indent}{}", paint(GUTTER, dashes))?;
        }
    }
    if explain {
        print_help(rule, &pad, out)?;
    }
    Ok(())
}

/// Prints why a rule matters and what to do, the first time that the rule occurs.
fn print_help(rule: &Rule, pad: &str, out: &mut Output) -> io::Result<()> {
    let equals = paint(GUTTER, "=");
    writeln!(out, "{pad} {}", paint(GUTTER, "|"))?;
    for (label, text) in [("why", rule.why), ("fix", rule.fix)] {
        // After "  = why: ".
        let indent = pad.len() + 3 + label.len() + 2;
        let mut lines = words::wrap(text, 100 - indent).into_iter();
        let first = lines.next().unwrap_or_default();
        writeln!(out, "{pad} {equals} {}: {first}", paint(BOLD, label))?;
        for line in lines {
            writeln!(out, "{:indent$}{line}", "")?;
        }
    }
    let code = rule.code;
    writeln!(
        out,
        "{pad} {equals} {}",
        paint(DIM, format_args!("callscope explain {code}"))
    )
}
