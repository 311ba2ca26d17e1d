//! `callscope check`: reports where session logs break the protocol.

mod excerpts;
mod github;
mod json;
mod junit;
mod spool;
mod text;

use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead};
use std::sync::mpsc;
use std::thread;

use anyhow::Context as _;
use callscope_protocol::{
    Call, CallId, Conversation, ConversationId, Fact, Finding, Rule, Severity, Summary, rule, rules,
};
use callscope_reference::FAMILIES;
use callscope_session_log::{Entry, Header, LogError, LogReader, Note};
use clap::ValueEnum;
use serde::Serialize;

use crate::analysis::{LocatedFinding, Stream};
use crate::input::{Input, Opened};
use crate::output::Output;
use crate::{Status, tell_error};

const EXAMPLES: &str = "\
Examples:
  callscope check session.callscope.jsonl
  callscope check --deny warning logs/*.jsonl             fail on warnings, too
  callscope check --allow M09,M18 session.jsonl           leave two rules out
  callscope check --format github session.jsonl           annotations in GitHub Actions
  callscope check --format json - < session.jsonl | jq .summary

Exit status: 0 no finding at or above the level of --deny, 1 there is one,
2 a log could not be read. Findings about a frame that HubSpot does not sync with are
shown, but do not count.";

/// Checks session logs against the rules of the protocol: what was expected, what came, how to
/// fix it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Session logs; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<Input>,

    /// How to print the findings.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// The mildest severity that makes the exit status 1.
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = Deny::Error)]
    deny: Deny,

    /// Rules to leave out, such as M09,M18; `callscope explain` lists them.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = parse_rule)]
    allow: Vec<&'static Rule>,

    /// Show at most this many findings of each severity as text; 0 shows all.
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the messages around each finding.
    Text,
    /// One JSON object: findings and summary.
    Json,
    /// For continuous integration.
    #[value(help = "JUnit XML, which most CI systems read")]
    Junit,
    /// Annotations for GitHub Actions.
    Github,
}

/// From which severity on findings make the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Fail on errors.
    Error,
    /// Fail on errors and warnings.
    Warning,
    /// Fail on errors, warnings and notes.
    Note,
    /// Do not fail on findings.
    None,
}

impl Deny {
    pub(crate) const fn denies(self, severity: Severity) -> bool {
        match (self, severity) {
            (Self::None, _)
            | (Self::Error, Severity::Note | Severity::Warning)
            | (Self::Warning, Severity::Note) => false,
            (Self::Error | Self::Warning | Self::Note, _) => true,
        }
    }
}

/// Finds a rule by its code, given in any case.
pub(crate) fn parse_rule(code: &str) -> Result<&'static Rule, String> {
    let code = code.trim();
    if let Some(rule) = rule(&code.to_ascii_uppercase()) {
        return Ok(rule);
    }
    let family: String = code.chars().take(1).flat_map(char::to_uppercase).collect();
    let codes: Vec<&str> = rules().iter().map(|rule| rule.code).collect();
    let same: Vec<&str> = codes
        .iter()
        .copied()
        .filter(|it| it.starts_with(&family))
        .collect();
    let known = match (same.first(), same.last()) {
        (Some(first), Some(last)) if !family.is_empty() => format!("{first} to {last}"),
        _ => format!("the families {}", families()),
    };
    let hint = did_you_mean(code).map_or_else(
        || format!("there are {known}"),
        |rule| {
            format!(
                "did you mean {}: {}? There are {known}",
                rule.code, rule.title
            )
        },
    );
    Err(format!(
        "there is no rule with this code; {hint}, see `callscope explain`"
    ))
}

/// The letters of the families, as text: `T, S, Q`.
pub(crate) fn families() -> String {
    let letters: Vec<&str> = FAMILIES.iter().map(|family| family.letter).collect();
    letters.join(", ")
}

/// A suggestion: `M5` means M05, `hidewidget` the rule with that word in its title.
fn did_you_mean(code: &str) -> Option<&'static Rule> {
    let letter = code.chars().next()?.to_ascii_uppercase();
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    if let Ok(number) = digits.parse::<u32>() {
        return rule(&format!("{letter}{number:02}"));
    }
    let word = code.to_lowercase();
    let has_word = |rule: &&&Rule| rule.title.to_lowercase().contains(&word);
    rules()
        .iter()
        .find(has_word)
        .copied()
        .filter(|_| word.len() > 3)
}

/// The results of one log.
#[derive(Debug)]
struct Checked {
    header: Header,
    summary: Summary,
    counts: Counts,
    notes: Vec<Note>,
}

/// Findings by severity, also as `--format json` writes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    errors: u64,
    warnings: u64,
    notes: u64,
    /// Findings of rules that `--allow` leaves out.
    allowed: u64,
    /// Findings about frames that HubSpot does not sync with, whatever their severity.
    of_strangers: u64,
}

impl Counts {
    const fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
    }

    /// Moves the findings of strangers from the severities to `of_strangers`.
    const fn lower(&mut self, strangers: Self) {
        self.errors -= strangers.errors;
        self.warnings -= strangers.warnings;
        self.notes -= strangers.notes;
        self.of_strangers += strangers.errors + strangers.warnings + strangers.notes;
    }

    const fn merge(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.notes += other.notes;
        self.allowed += other.allowed;
        self.of_strangers += other.of_strangers;
    }

    fn denied(self, deny: Deny) -> u64 {
        let all = [
            (Severity::Error, self.errors),
            (Severity::Warning, self.warnings),
            (Severity::Note, self.notes),
        ];
        all.iter()
            .filter(|(it, _)| deny.denies(*it))
            .map(|(_, count)| count)
            .sum()
    }
}

/// Receives the findings of one log after the other.
///
/// Its memory must not grow with the number of findings in a log.
trait Printer {
    /// The next log is about to be read.
    fn begin(&mut self, input: &Input, opened: &mut Opened);

    /// The checker has made a finding.
    fn finding(&mut self, located: LocatedFinding, stream: &mut Stream) -> io::Result<()>;

    /// The log was read to its end.
    fn end(
        &mut self,
        end: &LogEnd<'_>,
        opened: &mut Opened,
        out: &mut Output,
    ) -> anyhow::Result<()>;

    /// The log could not be read: the findings so far are void.
    fn refused(
        &mut self,
        input: &Input,
        error: &anyhow::Error,
        out: &mut Output,
    ) -> anyhow::Result<()>;

    /// There are no more logs.
    fn finish(&mut self, counts: Counts, out: &mut Output) -> anyhow::Result<()>;
}

/// A log that was read to its end.
struct LogEnd<'a> {
    input: &'a Input,
    checked: &'a Checked,
    stream: &'a Stream,
}

impl LogEnd<'_> {
    fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.stream.conversations()
    }

    fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        self.stream.conversation(id)
    }

    fn is_strangers(&self, finding: &Finding) -> bool {
        let conversation = self.conversation(finding.conversation);
        conversation.is_some_and(|it| finding.is_strangers(it))
    }

    fn call(&self, id: CallId) -> Option<Call> {
        self.stream.call(id)
    }
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let allowed: HashSet<&str> = args.allow.iter().map(|rule| rule.code).collect();
    let mut printer: Box<dyn Printer> = match args.format {
        Format::Text => Box::new(text::Text::new(args.limit)),
        Format::Json => Box::new(json::Json::default()),
        Format::Junit => Box::new(junit::Junit::new(args.deny)),
        Format::Github => Box::new(github::Github::default()),
    };
    let mut total = Counts::default();
    let mut is_readable = true;
    for input in &args.files {
        match check_input(input, &allowed, printer.as_mut(), out) {
            Ok(counts) => total.merge(counts),
            Err(Failure::Log(error)) => {
                is_readable = false;
                tell_error(&error);
                printer.refused(input, &error, out)?;
            }
            Err(Failure::Output(error)) => return Err(error),
        }
    }
    printer.finish(total, out)?;
    Ok(match (is_readable, total.denied(args.deny)) {
        (false, _) => Status::Failed,
        (true, 0) => Status::Clean,
        (true, _) => Status::Found,
    })
}

/// Why a log was not checked.
enum Failure {
    /// The log is at fault.
    Log(anyhow::Error),
    /// The findings could not be printed.
    Output(anyhow::Error),
}

fn check_input(
    input: &Input,
    allowed: &HashSet<&str>,
    printer: &mut dyn Printer,
    out: &mut Output,
) -> Result<Counts, Failure> {
    let mut opened = match input.open() {
        Ok(opened) => opened,
        Err(error) => return Err(Failure::Log(error)),
    };
    printer.begin(input, &mut opened);
    let mut stream = Stream::new();
    let mut print = |located, stream: &mut Stream| printer.finding(located, stream);
    let checked =
        check(opened.reader(), &mut stream, allowed, &mut print).map_err(
            |failure| match failure {
                Failure::Log(error) => Failure::Log(error.context(input.name())),
                Failure::Output(error) => Failure::Output(error),
            },
        )?;
    crate::input::tell(&input.name(), &checked.notes);
    let end = LogEnd {
        input,
        checked: &checked,
        stream: &stream,
    };
    printer
        .end(&end, &mut opened, out)
        .map_err(Failure::Output)?;
    Ok(checked.counts)
}

/// Facts with their lines.
type Batch = Vec<(u64, Fact)>;

/// Enough facts to make handing them over cheap.
const BATCH_FACTS: usize = 64;

/// Long messages travel in smaller batches, so that only a few of the longest are in memory.
const BATCH_BYTES: usize = 1 << 16;

/// Reads the next facts into `batch`; none at the end.
fn read_batch(reader: &mut LogReader<impl BufRead>, batch: &mut Batch) -> Result<(), LogError> {
    let mut bytes = 0;
    while batch.len() < BATCH_FACTS && bytes < BATCH_BYTES {
        let Some(entry) = reader.next() else { break };
        if let Entry::Fact(line) = entry? {
            if let Fact::Message(recorded) = &line.fact {
                bytes += recorded.message.as_str().len();
            }
            batch.push((reader.line(), line.fact));
        }
    }
    Ok(())
}

/// Checks one log while reading it.
fn check(
    reader: impl BufRead + Send,
    stream: &mut Stream,
    allowed: &HashSet<&str>,
    print: &mut dyn FnMut(LocatedFinding, &mut Stream) -> io::Result<()>,
) -> Result<Checked, Failure> {
    let refuse = |error: LogError| Failure::Log(error.into());
    let mut reader = LogReader::new(reader).map_err(refuse)?;
    let mut counts = Counts::default();
    // Which frames are strangers is only known at the end.
    let mut by_conversation: BTreeMap<ConversationId, Counts> = BTreeMap::new();
    let mut say = |found: Vec<LocatedFinding>, stream: &mut Stream| {
        for located in found {
            if allowed.contains(located.finding.rule.code) {
                counts.allowed += 1;
                continue;
            }
            let finding = &located.finding;
            counts.add(finding.severity);
            if finding.is_about_conversation() {
                let its = by_conversation.entry(finding.conversation).or_default();
                its.add(finding.severity);
            }
            let result = print(located, stream).context("keeping a finding");
            result.map_err(Failure::Output)?;
        }
        Ok(())
    };
    // The next lines are read while the last ones are checked.
    thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel(1);
        // Memory is freed by the thread that allocated it, which costs less.
        let (give_back, used) = mpsc::channel::<Batch>();
        let reader = &mut reader;
        scope.spawn(move || {
            loop {
                let mut batch = used.try_recv().unwrap_or_default();
                batch.clear();
                let result = read_batch(reader, &mut batch);
                let is_last = result.is_err() || batch.is_empty();
                // If a finding could not be printed, nobody is listening any more.
                if send.send(result.map(|()| batch)).is_err() || is_last {
                    break;
                }
            }
        });
        for batch in receive {
            let batch = batch.map_err(refuse)?;
            for (line, fact) in &batch {
                let found = stream.observe(fact, *line);
                say(found, stream)?;
            }
            _ = give_back.send(batch);
        }
        Ok(())
    })?;
    let found = stream.finish(reader.header());
    say(found, stream)?;
    for conversation in stream.conversations().filter(|it| it.is_strangers()) {
        if let Some(strangers) = by_conversation.get(&conversation.id) {
            counts.lower(*strangers);
        }
    }
    Ok(Checked {
        header: reader.header().clone(),
        summary: stream.summary(),
        counts,
        notes: reader.notes().to_vec(),
    })
}

/// See [`check_log`](crate::check_log).
pub(crate) fn check_quietly(reader: impl BufRead + Send) -> anyhow::Result<(u64, u64)> {
    let mut stream = Stream::new();
    match check(reader, &mut stream, &HashSet::new(), &mut |_, _| Ok(())) {
        Ok(Checked {
            summary, counts, ..
        }) => Ok((
            summary.message_count,
            counts.errors + counts.warnings + counts.notes + counts.of_strangers,
        )),
        Err(Failure::Log(error) | Failure::Output(error)) => Err(error),
    }
}
