//! `callscope diff`: where two sessions, or two calls, differ.

use std::io::{self, Write as _};

use anyhow::Context as _;
use callscope_protocol::{Call, Severity};
use callscope_session_view::compare::{Comparison, Depth, Pair, Part, Step, compare};
use callscope_session_view::{SessionView, calls, columns};

use crate::Status;
use crate::input::Input;
use crate::output::Output;
use crate::style::{BOLD, DIM, GAP, GOOD, paint, severity, side};
use crate::words;

const EXAMPLES: &str = "\
Examples:
  callscope diff good.callscope.jsonl bad.callscope.jsonl
  callscope diff --flow before.jsonl after.jsonl     the order of messages only
  callscope diff --calls 1,2 session.jsonl           two calls of one session
  callscope diff --calls 1,1 good.jsonl bad.jsonl    the first call of each

The sessions are aligned by who sent which message; a SYNC that HubSpot repeats counts as one. Of
messages that both have, the keys, the kinds of values, booleans, sizes and named values such as
callEndStatus are compared. Ids, times and free texts differ in any two sessions; the output ends
with which of them were left out.

Exit status: 0 the sessions do the same, 1 they differ, 2 one of them could not be read.";

/// How many messages before and after a difference are shown.
const CONTEXT: usize = 3;

/// Compares two sessions or two calls: which messages, in which order, with which keys, and what
/// differs first.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Compare only who sent which message when.
    #[arg(long)]
    flow: bool,

    /// Compare two calls by their numbers: one of A and one of B, or both of A if there is no B.
    ///
    /// Where a session has several conversations, CONVERSATION:CALL.
    #[arg(long, value_name = "CALL,CALL", value_parser = call_numbers)]
    calls: Option<CallNumbers>,

    /// A session log; `-` is standard input.
    #[arg(value_name = "A")]
    left: Input,

    /// Another session log.
    #[arg(value_name = "B", required_unless_present = "calls")]
    right: Option<Input>,
}

/// The two calls to compare.
#[derive(Clone, Copy, Debug)]
struct CallNumbers([CallNumber; 2]);

/// A call by its number, and by its conversation if there are several.
#[derive(Clone, Copy, Debug)]
struct CallNumber {
    conversation: Option<u32>,
    serial: u32,
}

fn call_numbers(text: &str) -> Result<CallNumbers, String> {
    let number = |text: &str| {
        let (conversation, serial) = match text.trim().split_once(':') {
            Some((conversation, serial)) => (Some(conversation.parse().ok()?), serial),
            None => (None, text.trim()),
        };
        let serial = serial.parse().ok()?;
        Some(CallNumber {
            conversation,
            serial,
        })
    };
    let numbers = text.split_once(',');
    let numbers = numbers.and_then(|(left, right)| Some([number(left)?, number(right)?]));
    let expected = "two calls are needed: 1,2, or with their conversations 1:1,2:1";
    numbers.map(CallNumbers).ok_or_else(|| expected.to_owned())
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let Args {
        flow,
        calls,
        left,
        right,
    } = args;
    let is_input_twice = right.as_ref() == Some(left) && left.file().is_none();
    if is_input_twice {
        anyhow::bail!("only one of the two logs can be standard input");
    }
    let left_view = SessionView::from(left.read_log()?);
    let right_view = match right {
        Some(right) => Some(SessionView::from(right.read_log()?)),
        None => None,
    };
    let right_view = right_view.as_ref().unwrap_or(&left_view);
    let right = right.as_ref().unwrap_or(left);
    let [left_call, right_call] = match calls {
        Some(CallNumbers([first, second])) => [
            Some(find_call(left, &left_view, *first)?),
            Some(find_call(right, right_view, *second)?),
        ],
        None => [None, None],
    };
    writeln!(out, "A  {}", about(left, &left_view, left_call.as_ref()))?;
    writeln!(out, "B  {}", about(right, right_view, right_call.as_ref()))?;
    let depth = Depth {
        flow_only: *flow,
        ..Depth::default()
    };
    let part = |view, call: Option<Call>, name| Part {
        view,
        call: call.map(|call| call.id),
        name,
    };
    let comparison = compare(
        part(&left_view, left_call, "A"),
        part(right_view, right_call, "B"),
        depth,
    );
    print(&comparison, *flow, out)?;
    Ok(if comparison.is_same() {
        Status::Clean
    } else {
        Status::Found
    })
}

fn find_call(input: &Input, view: &SessionView, number: CallNumber) -> anyhow::Result<Call> {
    let CallNumber {
        conversation,
        serial,
    } = number;
    let calls = view.session().calls();
    let count = words::counted(calls.len() as u64, "call");
    let mut found = calls.into_iter().filter(|it| it.id.serial == serial);
    let found = found.find(|it| conversation.is_none_or(|id| id == it.id.conversation.0));
    found.with_context(|| {
        let of = conversation.map_or(String::new(), |id| format!(" of conversation {id}"));
        format!(
            "{}: there is no call {serial}{of}; the log has {count}",
            input.name()
        )
    })
}

fn about(input: &Input, whole: &SessionView, call: Option<&Call>) -> String {
    let name = paint(BOLD, input.name());
    let session = whole.session();
    let conversations = session.conversations().count();
    if let Some(call) = call {
        let number = calls::name(call.id, conversations > 1);
        return format!("{name}: {number}, {}", words::call(call));
    }
    format!(
        "{name}: {}, {}, {}",
        words::counted(session.message_count() as u64, "message"),
        words::counted(conversations as u64, "conversation"),
        words::counted(session.calls().len() as u64, "call"),
    )
}

fn print(comparison: &Comparison, flow: bool, out: &mut Output) -> io::Result<()> {
    if comparison.first.is_none() {
        let what = if flow {
            "messages in the same order"
        } else {
            "messages"
        };
        writeln!(out, "\n{} The same {what}.", paint(GOOD, "No difference."))?;
    } else {
        print_pairs(comparison, out)?;
    }
    if let Some(words) = comparison.ignored_words() {
        writeln!(out, "\n{}", paint(DIM, format!("{words}.")))?;
    }
    print_rules(comparison, out)
}

fn print_pairs(comparison: &Comparison, out: &mut Output) -> io::Result<()> {
    let pairs = &comparison.pairs;
    let first = comparison.first.unwrap_or(0);
    writeln!(out, "\n{}", paint(BOLD, &comparison.sentence))?;
    let agreed = words::counted(first as u64, "step");
    match first {
        0 => writeln!(out, "They differ from the first step on:")?,
        _ => writeln!(out, "The first {agreed} agree; then they differ:")?,
    }
    let is_near = |index: usize| {
        let from = index.saturating_sub(CONTEXT);
        let near = pairs.get(from..(index + CONTEXT + 1).min(pairs.len()));
        near.is_some_and(|near| near.iter().any(|pair| !pair.is_equal()))
    };
    print_head(out)?;
    let mut is_skipping = false;
    for (index, pair) in pairs.iter().enumerate() {
        if !is_near(index) {
            if !std::mem::replace(&mut is_skipping, true) && index > first {
                writeln!(out, "{}", paint(DIM, "  …"))?;
            }
            continue;
        }
        is_skipping = false;
        print_pair(pair, out)?;
        if out.is_closed() {
            break;
        }
    }
    Ok(())
}

fn print_head(out: &mut Output) -> io::Result<()> {
    let head = format_args!("  {:>6} {:>6}", "A", "B");
    writeln!(out, "{}", paint(DIM, head))
}

fn print_pair(pair: &Pair, out: &mut Output) -> io::Result<()> {
    let (mark, style) = match pair {
        Pair::Both { changes, .. } if changes.is_empty() => (' ', DIM),
        Pair::Both { .. } => ('~', GAP),
        Pair::Left(_) => ('-', severity(Severity::Error)),
        Pair::Right(_) => ('+', GOOD),
    };
    let number = |step: Option<&Step>| step.map_or(String::new(), |step| step.seq.to_string());
    let (left, right) = match pair {
        Pair::Both { left, right, .. } => (Some(left), Some(right)),
        Pair::Left(left) => (Some(left), None),
        Pair::Right(right) => (None, Some(right)),
    };
    let (left, right) = (number(left), number(right));
    let step = pair.step();
    let line = format!(
        "{} {left:>6} {right:>6}  {}  {}  {}",
        paint(style, mark),
        paint(side(step.from), words::sender(step.from)),
        paint(style, columns::cut(&step.type_name, 40)),
        paint(DIM, &step.summary),
    );
    writeln!(out, "{line}")?;
    if let Pair::Both { changes, .. } = pair {
        for change in changes {
            writeln!(out, "{:18}{}", "", paint(GAP, change))?;
        }
    }
    Ok(())
}

/// Prints which rules find more in one session than in the other.
fn print_rules(comparison: &Comparison, out: &mut Output) -> io::Result<()> {
    if comparison.rules.is_empty() {
        return writeln!(out, "\nThe same rules are broken in both.");
    }
    writeln!(out, "\n{}", paint(BOLD, "Findings"))?;
    print_head(out)?;
    for rule in &comparison.rules {
        let mark = paint(severity(rule.severity), words::mark(rule.severity));
        let [left, right] = rule.counts;
        let (code, title) = (rule.code, rule.title);
        writeln!(out, "  {left:>6} {right:>6}  {mark} {code}  {title}")?;
    }
    Ok(())
}
