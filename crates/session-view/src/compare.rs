//! Compares two calls, or two sessions: which messages, in which order, with which keys, and what
//! differs first.
//!
//! They are aligned by sender and type. A run of SYNC, which a timeline folds, is one step here,
//! because how often HubSpot repeats it is a matter of time. In steps that both have, the keys, the
//! types of the values, booleans, and values that the catalogue lists are compared. Ids, times and
//! free texts differ between any two calls.

mod payload;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use callscope_protocol::{
    CallId, ConversationId, Finding, Message, MessageType, RecordedMessage, Severity, Side,
};
use callscope_session_log::Placed;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::SessionView;
use crate::columns;
use crate::findings;
use crate::rows::repeated;
use crate::visible::visible;

/// One of the two things compared.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The session.
    pub view: &'a SessionView,
    /// One call of the session; `None` for the whole session.
    pub call: Option<CallId>,
    /// Its name in sentences: `A`, `call 2`.
    pub name: &'a str,
}

/// How much is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    /// Compare only who sent which message, and in which order.
    pub flow_only: bool,
    /// At most this many steps of each are compared; the rest is left out.
    pub max_steps: usize,
}

impl Default for Depth {
    fn default() -> Self {
        Self {
            flow_only: false,
            max_steps: usize::MAX,
        }
    }
}

/// A message, or a run of SYNC.
///
/// Every text in it is safe to display.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The id of its first message.
    pub id: u64,
    /// The number of its first message.
    pub seq: u64,
    /// Who sent it.
    pub from: Side,
    /// Its type.
    pub type_name: String,
    /// What tells it apart from others of its type.
    pub summary: String,
    /// How many messages it stands for.
    pub count: u64,
}

/// A step in both, or in one of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Pair {
    /// Both have it.
    Both {
        /// The first one's.
        left: Step,
        /// The second one's.
        right: Step,
        /// What differs, one sentence each.
        changes: Vec<String>,
    },
    /// Only the first has it.
    Left(Step),
    /// Only the second has it.
    Right(Step),
}

impl Pair {
    /// Whether both have it and nothing differs.
    #[must_use]
    pub const fn is_equal(&self) -> bool {
        matches!(self, Self::Both { changes, .. } if changes.is_empty())
    }

    /// The first one's step, otherwise the second one's.
    #[must_use]
    pub const fn step(&self) -> &Step {
        match self {
            Self::Both { left, .. } | Self::Left(left) => left,
            Self::Right(right) => right,
        }
    }

    /// The first one's step.
    #[must_use]
    pub const fn left(&self) -> Option<&Step> {
        match self {
            Self::Both { left, .. } | Self::Left(left) => Some(left),
            Self::Right(_) => None,
        }
    }

    /// The second one's step.
    #[must_use]
    pub const fn right(&self) -> Option<&Step> {
        match self {
            Self::Both { right, .. } | Self::Right(right) => Some(right),
            Self::Left(_) => None,
        }
    }
}

/// A rule with more findings in one than in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDifference {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's title.
    pub title: &'static str,
    /// The worst of its findings.
    pub severity: Severity,
    /// How many there are in each.
    pub counts: [u64; 2],
}

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The names of the two.
    pub names: [String; 2],
    /// All steps, aligned.
    pub pairs: Vec<Pair>,
    /// The first pair that is not equal.
    pub first: Option<usize>,
    /// The first difference as a sentence, or a sentence saying that there is none.
    pub sentence: String,
    /// The paths of values that differ and were not compared.
    pub ignored: Vec<String>,
    /// The rules whose number of findings differs.
    pub rules: Vec<RuleDifference>,
    /// Whether there were more steps than were compared.
    pub is_cut: bool,
}

impl Comparison {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.first.is_none() && self.rules.is_empty()
    }

    /// What differs and was not compared, as a sentence; `None` if there is nothing.
    #[must_use]
    pub fn ignored_words(&self) -> Option<String> {
        // A known message has fewer; only a page that invents keys has more.
        const MAX: usize = 100;
        if self.ignored.is_empty() {
            return None;
        }
        let named = self.ignored.iter().take(MAX).map(String::as_str);
        let mut list = named.collect::<Vec<_>>().join(", ");
        if let Some(more) = self.ignored.len().checked_sub(MAX).filter(|more| *more > 0) {
            list = format!("{list} and {more} more");
        }
        Some(format!(
            "Not compared, as ids, times and free texts differ anyway: {list}"
        ))
    }
}

/// A step, with the key that it is compared by.
struct Token<'a> {
    recorded: &'a RecordedMessage,
    key: Key,
    step: Step,
    is_sync: bool,
}

/// Two steps match if these are equal: the conversation, numbered in order of appearance, the
/// sender and the type.
type Key = (usize, Side, Box<str>);

/// Compares two calls, or two sessions.
#[must_use]
pub fn compare(left: Part<'_>, right: Part<'_>, depth: Depth) -> Comparison {
    let names = [left.name, right.name];
    let mut tokens = [left, right].map(tokens);
    let is_cut = tokens.iter().any(|it| it.len() > depth.max_steps);
    for tokens in &mut tokens {
        tokens.truncate(depth.max_steps);
    }
    let [left_tokens, right_tokens] = &tokens;
    let mut ignored = BTreeSet::new();
    let mut pairs = Vec::new();
    for (at_left, at_right) in align(left_tokens, right_tokens) {
        let at = |tokens: &[Token<'_>], index: Option<usize>| {
            index.and_then(|index| Some(tokens.get(index)?.step.clone()))
        };
        let both = at_left.zip(at_right);
        let both =
            both.and_then(|(left, right)| Some((left_tokens.get(left)?, right_tokens.get(right)?)));
        if let Some((left, right)) = both {
            let changes = if depth.flow_only {
                Vec::new()
            } else {
                changes(left, right, names, &mut ignored)
            };
            pairs.push(Pair::Both {
                left: left.step.clone(),
                right: right.step.clone(),
                changes,
            });
        } else {
            pairs.extend(at(left_tokens, at_left).map(Pair::Left));
            pairs.extend(at(right_tokens, at_right).map(Pair::Right));
        }
    }
    let first = pairs.iter().position(|pair| !pair.is_equal());
    Comparison {
        sentence: sentence(&pairs, first, names),
        names: names.map(str::to_owned),
        pairs,
        first,
        ignored: ignored.into_iter().collect(),
        rules: rules(left, right),
        is_cut,
    }
}

/// The steps of a part: a repeated SYNC joins the last step of its conversation.
fn tokens(part: Part<'_>) -> Vec<Token<'_>> {
    let source = part.view.source();
    let session = part.view.session();
    let mut conversations: HashMap<ConversationId, usize> = HashMap::new();
    let mut lasts: HashMap<ConversationId, (usize, usize)> = HashMap::new();
    let mut tokens: Vec<Token<'_>> = Vec::new();
    for (position, placed) in session.facts().iter().enumerate() {
        let Some(recorded) = placed.message() else {
            continue;
        };
        if part
            .call
            .is_some_and(|call| session.placement(recorded.seq).call != Some(call))
        {
            continue;
        }
        let id = recorded.conversation;
        let count = conversations.len();
        let conversation = *conversations.entry(id).or_insert(count);
        let token = token(part.view, placed, recorded, conversation);
        let last = lasts.get(&id).copied();
        let joined = last.filter(|(before, _)| {
            let repeated = |position| repeated(source, position);
            // A SYNC that Callscope posted is not a repetition.
            let this = repeated(position).filter(|_| token.is_sync);
            this.is_some() && repeated(*before) == this
        });
        let joined = joined.and_then(|(_, index)| Some((index, tokens.get_mut(index)?)));
        let index = match joined {
            Some((index, step)) if step.key == token.key => {
                step.step.count += 1;
                index
            }
            _ => {
                tokens.push(token);
                tokens.len() - 1
            }
        };
        lasts.insert(id, (position, index));
    }
    tokens
}

fn token<'a>(
    view: &SessionView,
    placed: &Placed,
    recorded: &'a RecordedMessage,
    conversation: usize,
) -> Token<'a> {
    let digest = view.digest(placed.id);
    let type_name = digest.map_or("", |digest| &digest.type_name);
    let words = digest.map_or("(no type)", |digest| digest.type_words());
    let summary = digest.map_or("", |digest| &digest.summary);
    Token {
        recorded,
        key: (conversation, recorded.from, type_name.into()),
        step: Step {
            id: placed.id,
            seq: recorded.seq,
            from: recorded.from,
            type_name: visible(words).into_owned(),
            summary: visible(summary).into_owned(),
            count: 1,
        },
        is_sync: digest.and_then(|digest| digest.known) == Some(MessageType::Sync),
    }
}

/// Which step of the left corresponds to which step of the right.
fn align(left: &[Token<'_>], right: &[Token<'_>]) -> Vec<(Option<usize>, Option<usize>)> {
    let keys = |tokens: &[Token<'_>]| -> Vec<Key> {
        tokens.iter().map(|token| token.key.clone()).collect()
    };
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &keys(left), &keys(right)) {
        let (old, new) = (op.old_range(), op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            pairs.extend(old.zip(new).map(|(left, right)| (Some(left), Some(right))));
        } else {
            pairs.extend(old.map(|left| (Some(left), None)));
            pairs.extend(new.map(|right| (None, Some(right))));
        }
    }
    pairs
}

fn changes(
    left: &Token<'_>,
    right: &Token<'_>,
    names: [&str; 2],
    ignored: &mut BTreeSet<String>,
) -> Vec<String> {
    let decode = |token: &Token<'_>| Message::decode(&token.recorded.message);
    let changes = payload::changes(&decode(left), &decode(right), names);
    ignored.extend(changes.ignored);
    changes.lines
}

/// Picks the step of one of the two.
type StepOf = fn(&Pair) -> Option<&Step>;

/// The first difference in words.
fn sentence(pairs: &[Pair], first: Option<usize>, names: [&str; 2]) -> String {
    let Some((index, pair)) = first.and_then(|index| Some((index, pairs.get(index)?))) else {
        return "The same messages in the same order".to_owned();
    };
    let type_name = |step: &Step| columns::cut(&step.type_name, 40).into_owned();
    let before = |at: usize, of: StepOf| {
        let before = pairs.get(..at).unwrap_or_default();
        before.iter().rev().find_map(of)
    };
    let (step, [has, lacks], of, of_other): (_, _, StepOf, StepOf) = match pair {
        Pair::Both { left, changes, .. } => {
            let change = changes.first().map_or("", String::as_str);
            return format!("{}: {change}", type_name(left));
        }
        Pair::Left(step) => (step, names, Pair::left, Pair::right),
        Pair::Right(step) => (step, [names[1], names[0]], Pair::right, Pair::left),
    };
    let name = type_name(step);
    let is_it = |other: &Pair| {
        let is_single = !matches!(other, Pair::Both { .. });
        is_single && of_other(other).is_some_and(|other| is_same(step, other))
    };
    let elsewhere = pairs.iter().position(is_it);
    let place = |before: Option<&Step>| match before {
        Some(step) => format!("after {}", type_name(step)),
        None => "first".to_owned(),
    };
    let previous = before(index, of);
    if let Some(elsewhere) = elsewhere {
        let there = place(before(elsewhere, of_other));
        return format!(
            "{name} comes {} in {has}, {there} in {lacks}",
            place(previous)
        );
    }
    let mut words = match previous {
        Some(previous) if is_same(previous, step) => {
            format!("{lacks} has no further {name}")
        }
        Some(previous) => format!("{lacks} has no {name} after {}", type_name(previous)),
        None => format!("{lacks} does not begin with {name}, as {has} does"),
    };
    capitalize(&mut words);
    words
}

fn is_same(step: &Step, other: &Step) -> bool {
    (step.from, &step.type_name) == (other.from, &other.type_name)
}

/// A sentence begins with a capital letter, but not the name of a file.
fn capitalize(words: &mut str) {
    let is_name = !["call ", "the "].iter().any(|it| words.starts_with(it));
    if is_name {
        return;
    }
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
}

/// The rules whose number of findings differs.
fn rules(left: Part<'_>, right: Part<'_>) -> Vec<RuleDifference> {
    let mut rules: BTreeMap<&'static str, RuleDifference> = BTreeMap::new();
    for (side, part) in [left, right].into_iter().enumerate() {
        let session = part.view.session();
        let is_of_it = |it: &&Finding| part.call.is_none() || it.call == part.call;
        for finding in session.findings().iter().filter(is_of_it) {
            let severity = findings::severity(session, finding);
            let rule = rules
                .entry(finding.rule.code)
                .or_insert_with(|| RuleDifference {
                    code: finding.rule.code,
                    title: finding.rule.title,
                    severity,
                    counts: [0, 0],
                });
            rule.severity = rule.severity.max(severity);
            rule.counts[side] += 1;
        }
    }
    let mut rules: Vec<RuleDifference> = rules.into_values().collect();
    rules.retain(|rule| rule.counts[0] != rule.counts[1]);
    rules
}
