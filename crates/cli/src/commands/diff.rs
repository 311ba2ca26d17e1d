//! `callscope diff`: where two sessions part.

mod payload;

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use callscope_protocol::{Message, MessageType, RecordedMessage, Severity, Side};
use callscope_session_view::SessionView;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::Status;
use crate::input::Input;
use crate::output::Output;
use crate::style::{BOLD, DIM, GAP, GOOD, paint, severity, side};
use crate::text::{safe, short};
use crate::words;

const EXAMPLES: &str = "\
Examples:
  callscope diff good.callscope.jsonl bad.callscope.jsonl
  callscope diff --flow before.jsonl after.jsonl     the order of messages only

The sessions are aligned by who sent which message; repeated SYNCs count as one. Of messages that
both have, the keys, the kinds of values, booleans and named values such as callEndStatus are
compared. Ids, numbers, times and free texts differ in any two sessions and are not.

Exit status: 0 the sessions do the same, 1 they differ, 2 one of them could not be read.";

/// Messages before and after a difference that are shown.
const CONTEXT: usize = 3;

/// Compares two sessions: which messages, in which order, with which keys, and what differs first.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Compare only who sent which message when.
    #[arg(long)]
    flow: bool,

    /// A session log; `-` is standard input.
    #[arg(value_name = "A")]
    left: Input,

    /// Another session log.
    #[arg(value_name = "B")]
    right: Input,
}

/// A message, or a run of SYNC, as far as it is compared.
struct Token {
    seq: u64,
    /// Counts the conversations of a session by their beginning.
    conversation: u32,
    from: Side,
    type_name: String,
    message: Message,
}

impl Token {
    fn key(&self) -> (u32, Side, &str) {
        (self.conversation, self.from, &self.type_name)
    }
}

/// A message in both sessions, or in one of them.
#[derive(Clone, Debug, PartialEq)]
enum Pair {
    Both {
        left: usize,
        right: usize,
        changes: Vec<String>,
    },
    Left(usize),
    Right(usize),
}

impl Pair {
    const fn is_equal(&self) -> bool {
        matches!(self, Self::Both { changes, .. } if changes.is_empty())
    }
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    if args.left == args.right && args.left.file().is_none() {
        anyhow::bail!("only one of the two logs can be standard input");
    }
    let left = SessionView::from(args.left.read_log()?);
    let right = SessionView::from(args.right.read_log()?);
    let (left_tokens, right_tokens) = (tokens(&left), tokens(&right));
    let pairs = align(&left_tokens, &right_tokens, args.flow);
    writeln!(out, "A  {}", about(&args.left, &left))?;
    writeln!(out, "B  {}", about(&args.right, &right))?;
    let is_same = pairs.iter().all(Pair::is_equal);
    if is_same {
        let what = if args.flow {
            "messages in the same order"
        } else {
            "messages"
        };
        writeln!(out, "\n{} The same {what}.", paint(GOOD, "No difference."))?;
    } else {
        let view = View {
            left: &left_tokens,
            right: &right_tokens,
        };
        view.print(&pairs, out)?;
    }
    let same_findings = print_findings(&left, &right, out)?;
    Ok(if is_same && same_findings {
        Status::Clean
    } else {
        Status::Found
    })
}

fn about(input: &Input, whole: &SessionView) -> String {
    format!(
        "{}: {}, {}, {}",
        paint(BOLD, input.name()),
        words::counted(whole.session().message_count() as u64, "message"),
        words::counted(
            whole.session().conversations().count() as u64,
            "conversation"
        ),
        words::counted(whole.session().calls().len() as u64, "call"),
    )
}

fn tokens(whole: &SessionView) -> Vec<Token> {
    let mut numbers = BTreeMap::new();
    let mut tokens: Vec<Token> = Vec::new();
    for recorded in whole.messages() {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let conversation = *numbers.entry(recorded.conversation).or_insert(next);
        let token = token(recorded, conversation);
        // How often SYNC is repeated is a matter of time.
        let is_repeated = token.type_name == MessageType::Sync.name()
            && tokens.last().is_some_and(|last| last.key() == token.key());
        if !is_repeated {
            tokens.push(token);
        }
    }
    tokens
}

fn token(recorded: &RecordedMessage, conversation: u32) -> Token {
    let message = Message::decode(&recorded.message);
    let type_name = message.type_name().unwrap_or("(no type)").to_owned();
    Token {
        seq: recorded.seq,
        conversation,
        from: recorded.from,
        type_name,
        message,
    }
}

fn align(left: &[Token], right: &[Token], flow_only: bool) -> Vec<Pair> {
    let keys = |tokens: &[Token]| -> Vec<(u32, Side, String)> {
        let owned = |token: &Token| (token.conversation, token.from, token.type_name.clone());
        tokens.iter().map(owned).collect()
    };
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &keys(left), &keys(right)) {
        match op {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => {
                for (left_at, right_at) in (old_index..).zip(new_index..).take(len) {
                    let both = left.get(left_at).zip(right.get(right_at));
                    let changes = match both {
                        Some((left, right)) if !flow_only => {
                            payload::changes(&left.message, &right.message)
                        }
                        _ => Vec::new(),
                    };
                    pairs.push(Pair::Both {
                        left: left_at,
                        right: right_at,
                        changes,
                    });
                }
            }
            DiffOp::Delete {
                old_index, old_len, ..
            } => {
                pairs.extend((old_index..old_index + old_len).map(Pair::Left));
            }
            DiffOp::Insert {
                new_index, new_len, ..
            } => {
                pairs.extend((new_index..new_index + new_len).map(Pair::Right));
            }
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => {
                pairs.extend((old_index..old_index + old_len).map(Pair::Left));
                pairs.extend((new_index..new_index + new_len).map(Pair::Right));
            }
        }
    }
    pairs
}

/// Both sessions, for printing.
struct View<'a> {
    left: &'a [Token],
    right: &'a [Token],
}

impl View<'_> {
    fn print(&self, pairs: &[Pair], out: &mut Output) -> io::Result<()> {
        let first = pairs.iter().position(|pair| !pair.is_equal()).unwrap_or(0);
        let agreed = words::counted(first as u64, "message");
        writeln!(
            out,
            "\n{}",
            paint(BOLD, format!("The first {agreed} agree; then they differ:"))
        )?;
        let is_near = |index: usize| {
            let from = index.saturating_sub(CONTEXT);
            let near = pairs.get(from..(index + CONTEXT + 1).min(pairs.len()));
            near.is_some_and(|near| near.iter().any(|pair| !pair.is_equal()))
        };
        writeln!(
            out,
            "{}",
            paint(DIM, format_args!("  {:>6} {:>6}", "A", "B"))
        )?;
        let mut is_skipping = false;
        for (index, pair) in pairs.iter().enumerate() {
            if !is_near(index) {
                if !std::mem::replace(&mut is_skipping, true) && index > first {
                    writeln!(out, "{}", paint(DIM, "  …"))?;
                }
                continue;
            }
            is_skipping = false;
            self.print_pair(pair, out)?;
            if out.is_closed() {
                break;
            }
        }
        Ok(())
    }

    fn print_pair(&self, pair: &Pair, out: &mut Output) -> io::Result<()> {
        let at = |tokens: &[Token], index: usize| {
            tokens
                .get(index)
                .map_or(String::new(), |token| token.seq.to_string())
        };
        let (mark, style, left, right, token) = match pair {
            Pair::Both {
                left,
                right,
                changes,
            } => {
                let (mark, style) = if changes.is_empty() {
                    (' ', DIM)
                } else {
                    ('~', GAP)
                };
                let numbers = (at(self.left, *left), at(self.right, *right));
                (mark, style, numbers.0, numbers.1, self.left.get(*left))
            }
            Pair::Left(index) => {
                let error = severity(Severity::Error);
                (
                    '-',
                    error,
                    at(self.left, *index),
                    String::new(),
                    self.left.get(*index),
                )
            }
            Pair::Right(index) => (
                '+',
                GOOD,
                String::new(),
                at(self.right, *index),
                self.right.get(*index),
            ),
        };
        let Some(token) = token else { return Ok(()) };
        let line = format!(
            "{} {left:>6} {right:>6}  {}  {}  {}",
            paint(style, mark),
            paint(side(token.from), words::sender(token.from)),
            paint(style, short(&token.type_name, 40)),
            paint(DIM, safe(&token.message.summary())),
        );
        writeln!(out, "{line}")?;
        if let Pair::Both { changes, .. } = pair {
            for change in changes {
                writeln!(out, "{:18}{}", "", paint(GAP, change))?;
            }
        }
        Ok(())
    }
}

/// Prints which rules find more in one session than in the other; whether none does.
fn print_findings(left: &SessionView, right: &SessionView, out: &mut Output) -> io::Result<bool> {
    let mut counts: BTreeMap<&str, (&str, Severity, [u64; 2])> = BTreeMap::new();
    for (side, whole) in [left, right].into_iter().enumerate() {
        for finding in whole.session().findings() {
            let entry = (finding.rule.title, finding.severity, [0, 0]);
            let (_, worst, count) = counts.entry(finding.rule.code).or_insert(entry);
            *worst = finding.severity.max(*worst);
            count[side] += 1;
        }
    }
    counts.retain(|_, (_, _, [left, right])| left != right);
    if counts.is_empty() {
        writeln!(out, "\nThe same rules are broken in both.")?;
        return Ok(true);
    }
    writeln!(out, "\n{}", paint(BOLD, "Findings"))?;
    writeln!(
        out,
        "{}",
        paint(DIM, format_args!("  {:>6} {:>6}", "A", "B"))
    )?;
    for (code, (title, worst, [left, right])) in counts {
        let mark = paint(severity(worst), words::mark(worst));
        writeln!(out, "  {left:>6} {right:>6}  {mark} {code}  {title}")?;
    }
    Ok(false)
}
