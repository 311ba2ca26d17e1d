//! The list of findings as lines: by rule, by call or by time, with consequences under their
//! causes.
//!
//! It leaves out what the filter hides and what was cleared; muted findings come at its end, if
//! they are asked for. A line identifies its finding by its index in [`Session::findings`], so that
//! words are only made for visible lines.
//!
//! [`Session::findings`]: callscope_session_log::Session::findings

use std::cmp::Reverse;
use std::collections::BTreeMap;

use callscope_protocol::{CallId, ConversationId, Finding, Millis, Rule, Severity};

use crate::findings::{self, WithConsequences, group_consequences};
use crate::{SessionView, calls, words};

/// How findings are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// By rule, the worst first.
    #[default]
    Rule,
    /// By call.
    Call,
    /// Not grouped: in the order in which what they are about happened.
    Time,
}

/// How to build the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listing {
    /// How findings are grouped.
    pub by: GroupBy,
    /// Whether muted findings are listed at the end.
    pub has_muted: bool,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListLine {
    /// What the lines after it have in common.
    Heading(Heading),
    /// A finding.
    Finding {
        /// Its index in the session's findings.
        index: usize,
        /// How far it is indented: under a heading or under its cause.
        depth: u8,
        /// It is a consequence of the previous line that is indented less.
        is_consequence: bool,
    },
}

/// What several lines have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// What the lines are about.
    pub of: HeadingOf,
    /// The severity of the worst finding.
    pub severity: Severity,
    /// The heading's text: the rule's title, "Call 1, outbound to +1555".
    pub title: String,
    /// How many findings it covers, without consequences; for muted findings, with them.
    pub count: usize,
    /// How far it is indented.
    pub depth: u8,
    /// Whether its findings are shown; `None` if it cannot be folded.
    pub fold: Option<bool>,
}

/// What the lines under a heading are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeadingOf {
    /// A rule, with the stranger whose messages broke it, if it was one.
    Rule(&'static str, Option<ConversationId>),
    /// A call.
    Call(CallId),
    /// No call.
    NoCall,
    /// A rule that was broken several times at once, and what identifies the first of them.
    AtOnce(&'static str, u64),
    /// A frame that HubSpot does not sync with.
    Stranger(ConversationId),
    /// The findings that the user has muted.
    Muted,
}

impl HeadingOf {
    /// A name that stays the same while the session is shown.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Rule(code, None) => (*code).to_owned(),
            Self::Rule(code, Some(stranger)) => format!("{code} of {}", stranger.0),
            Self::Call(id) => calls::name(*id, true),
            Self::NoCall => "no call".to_owned(),
            // The first of them may be filtered out, and all of a rule are unfolded alike.
            Self::AtOnce(code, _) => format!("{code} at once"),
            Self::Stranger(id) => format!("conversation {}", id.0),
            Self::Muted => "muted".to_owned(),
        }
    }
}

/// From this number of findings on, a rule is folded until the user unfolds it.
const FOLDED_FROM: usize = 9;

/// From this number on, findings of a rule about the same moment are one line until the user
/// unfolds it.
const AT_ONCE: usize = 3;

/// Findings are about the same moment if each comes within this time of the one before.
const MOMENT: Millis = Millis(1_000.0);

/// A finding and its consequences, by their indices.
type Item = WithConsequences<usize>;

/// What the findings of a group have in common: stranger and rule.
type OfRule<'a> = (Option<ConversationId>, &'a Rule);

/// The list of a session's findings; `fold` returns what the user did to the heading of this name:
/// unfolded it, folded it, or nothing.
#[must_use]
pub fn lines(
    view: &SessionView,
    listing: Listing,
    fold: &dyn Fn(&str) -> Option<bool>,
) -> Vec<ListLine> {
    let maker = Maker { view, fold };
    let all = view.session().findings();
    let listed = |is_muted: bool| {
        let places = all.iter().enumerate();
        let places =
            places.filter(move |(_, it)| view.is_muted(it) == is_muted && view.lists_finding(it));
        let items = group_consequences(places, |(_, it)| it);
        items.into_iter().map(places_of).collect::<Vec<Item>>()
    };
    let items = listed(false);
    let mut lines = match listing.by {
        GroupBy::Rule => maker.by_rule(items, 0),
        GroupBy::Call => maker.by_call(items),
        GroupBy::Time => maker.by_time(items),
    };
    if listing.has_muted {
        let muted = listed(true);
        let count = muted.iter().map(|it| 1 + it.consequences.len()).sum();
        let worst = muted.iter().map(|it| maker.severity(it)).max();
        if let Some(severity) = worst {
            lines.push(ListLine::Heading(Heading {
                of: HeadingOf::Muted,
                severity,
                title: "Muted".to_owned(),
                count,
                depth: 0,
                fold: None,
            }));
            lines.extend(maker.by_rule(muted, 1));
        }
    }
    lines
}

fn places_of(item: WithConsequences<(usize, &Finding)>) -> Item {
    let consequences = item.consequences.into_iter();
    WithConsequences {
        finding: item.finding.0,
        consequences: consequences.map(|(index, _)| index).collect(),
    }
}

struct Maker<'a> {
    view: &'a SessionView,
    fold: &'a dyn Fn(&str) -> Option<bool>,
}

impl<'a> Maker<'a> {
    fn finding(&self, item: &Item) -> &'a Finding {
        &self.view.session().findings()[item.finding]
    }

    fn severity(&self, item: &Item) -> Severity {
        findings::severity(self.view.session(), self.finding(item))
    }

    fn stranger(&self, item: &Item) -> Option<ConversationId> {
        let finding = self.finding(item);
        let is_strangers = findings::is_strangers(self.view.session(), finding);
        is_strangers.then_some(finding.conversation)
    }

    /// The worst first, then those of each stranger. A rule has one heading, even if it is an error
    /// in one place and a note in another.
    fn by_rule(&self, mut items: Vec<Item>, depth: u8) -> Vec<ListLine> {
        // The sort is stable, so ties stay in session order.
        items.sort_by_cached_key(|it| (self.stranger(it), Reverse(self.severity(it))));
        let mut groups: Vec<(OfRule<'_>, Vec<Item>)> = Vec::new();
        let mut indices = BTreeMap::new();
        for item in items {
            let rule = self.finding(&item).rule;
            let stranger = self.stranger(&item);
            let index = *indices.entry((stranger, rule.code)).or_insert_with(|| {
                groups.push(((stranger, rule), Vec::new()));
                groups.len() - 1
            });
            groups[index].1.push(item);
        }
        let mut lines = Vec::new();
        let mut last = None;
        for ((stranger, rule), items) in groups {
            if let Some(id) = stranger.filter(|_| stranger != last) {
                lines.push(ListLine::Heading(Heading {
                    of: HeadingOf::Stranger(id),
                    severity: Severity::Note,
                    title: format!("Conversation {}: {}", id.0, words::STRANGER),
                    count: 0,
                    depth,
                    fold: None,
                }));
            }
            last = stranger;
            if items.len() == 1 {
                Self::add(&items, depth, &mut lines);
                continue;
            }
            // They are sorted by severity.
            let severity = (items.first()).map_or(Severity::Note, |it| self.severity(it));
            let of = HeadingOf::Rule(rule.code, stranger);
            let title = rule.title.to_owned();
            if self.head(of, severity, title, items.len(), depth, &mut lines) {
                Self::add(&items, depth + 1, &mut lines);
            }
        }
        lines
    }

    /// One call after another, then the findings about no call.
    fn by_call(&self, mut items: Vec<Item>) -> Vec<ListLine> {
        let session = self.view.session();
        let at = |item: &Item| happened_at(self.view, self.finding(item));
        items.sort_by(|a, b| at(a).0.total_cmp(&at(b).0));
        let mut groups: BTreeMap<(bool, Option<CallId>), Vec<Item>> = BTreeMap::new();
        for item in items {
            let call = self.finding(&item).call;
            groups.entry((call.is_none(), call)).or_default().push(item);
        }
        let has_conversations = session.conversations().nth(1).is_some();
        let mut lines = Vec::new();
        for ((_, call), items) in groups {
            let severity = items.iter().map(|it| self.severity(it)).max();
            let severity = severity.unwrap_or(Severity::Note);
            let (of, title) = match call {
                Some(id) => {
                    let name = calls::name(id, has_conversations);
                    let title = match session.call(id) {
                        Some(call) => format!("{name}, {}", words::call(&call)),
                        None => name,
                    };
                    // The names of calls begin with an ASCII letter.
                    let title = title.replacen("call", "Call", 1);
                    (HeadingOf::Call(id), title)
                }
                None => (HeadingOf::NoCall, "In no call".to_owned()),
            };
            if self.head(of, severity, title, items.len(), 0, &mut lines) {
                self.add_moments(&items, 1, &mut lines);
            }
        }
        lines
    }

    fn by_time(&self, mut items: Vec<Item>) -> Vec<ListLine> {
        items.sort_by(|a, b| self.finding(a).at.0.total_cmp(&self.finding(b).at.0));
        let mut lines = Vec::new();
        self.add_moments(&items, 0, &mut lines);
        lines
    }

    /// Adds findings in the order of time. What breaks one rule again and again at once, such as a
    /// missing handler for each message after the handshake, is one line.
    fn add_moments(&self, items: &[Item], depth: u8, lines: &mut Vec<ListLine>) {
        let mut rest = items;
        while let Some(first) = rest.first() {
            let (these, others) = rest.split_at(self.at_once(rest));
            rest = others;
            if these.len() < AT_ONCE {
                Self::add(these, depth, lines);
                continue;
            }
            let finding = self.finding(first);
            let anchor = self.view.session().anchor_of(finding);
            let id = anchor.map_or(finding.at.0.to_bits(), |placed| placed.id);
            let of = HeadingOf::AtOnce(finding.rule.code, id);
            let title = finding.rule.title.to_owned();
            if self.head(of, self.severity(first), title, these.len(), depth, lines) {
                Self::add(these, depth + 1, lines);
            }
        }
    }

    /// How many of the first findings break the same rule at once. An error has its own line, and
    /// so has what others follow from.
    fn at_once(&self, items: &[Item]) -> usize {
        let is_one_of_many =
            |item: &Item| item.consequences.is_empty() && self.severity(item) < Severity::Error;
        let alike = items.windows(2).take_while(|pair| {
            let [before, after] = pair else {
                return false;
            };
            let (one, other) = (self.finding(before), self.finding(after));
            is_one_of_many(before)
                && is_one_of_many(after)
                && one.rule.code == other.rule.code
                && one.conversation == other.conversation
                && self.severity(before) == self.severity(after)
                && other.at - one.at <= MOMENT
        });
        1 + alike.count()
    }

    /// Adds a heading; returns whether its findings are shown.
    fn head(
        &self,
        of: HeadingOf,
        severity: Severity,
        title: String,
        count: usize,
        depth: u8,
        lines: &mut Vec<ListLine>,
    ) -> bool {
        // Headings inside the muted group start unfolded: opening it asks for all of it.
        let is_unfolded_at_first =
            !matches!(of, HeadingOf::AtOnce(..)) && (count < FOLDED_FROM || depth > 0);
        let is_unfolded = (self.fold)(&of.name()).unwrap_or(is_unfolded_at_first);
        lines.push(ListLine::Heading(Heading {
            of,
            severity,
            title,
            count,
            depth,
            fold: Some(is_unfolded),
        }));
        is_unfolded
    }

    fn add(items: &[Item], depth: u8, lines: &mut Vec<ListLine>) {
        for item in items {
            lines.push(ListLine::Finding {
                index: item.finding,
                depth,
                is_consequence: false,
            });
            lines.extend(item.consequences.iter().map(|index| ListLine::Finding {
                index: *index,
                depth: depth + 1,
                is_consequence: true,
            }));
        }
    }
}

/// A finding in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingLine {
    /// How bad it is; a finding about a stranger is a note.
    pub severity: Severity,
    /// The rule.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
    /// When what it is about happened; without an entry, when it was found.
    pub at: Millis,
    /// Its message, "41 `SYNC_ACK`", another entry, "the widget's page", or its conversation.
    pub place: String,
    /// The id of the entry that it is about.
    pub entry: Option<u64>,
}

impl FindingLine {
    /// The line of the finding at this index of the session's findings.
    #[must_use]
    pub fn new(view: &SessionView, index: usize) -> Option<Self> {
        let session = view.session();
        let finding = session.findings().get(index)?;
        let is_of_conversation = session
            .conversations()
            .any(|it| it.id == finding.conversation);
        let entry = session.anchor_of(finding);
        let place = match entry {
            Some(placed) => view.entry_name(placed),
            None if is_of_conversation => format!("conversation {}", finding.conversation.0),
            None => String::new(),
        };
        Some(Self {
            severity: findings::severity(session, finding),
            code: finding.rule.code,
            message: crate::visible::sentence(&finding.message).into_owned(),
            at: happened_at(view, finding),
            place,
            entry: entry.map(|placed| placed.id),
        })
    }
}

/// The consequences of the finding at this index, as indices of the session's findings.
#[must_use]
pub fn consequences_of(view: &SessionView, index: usize) -> Vec<usize> {
    let all = view.session().findings();
    let Some(finding) = all.get(index) else {
        return Vec::new();
    };
    let follows = |it: &&Finding| it.conversation == finding.conversation;
    let grouped = group_consequences(
        all.iter().enumerate().filter(|(_, it)| follows(it)),
        |(_, it)| it,
    );
    let of_it = grouped.into_iter().find(|it| it.finding.0 == index);
    of_it.map_or_else(Vec::new, |it| places_of(it).consequences)
}

/// When what a finding is about happened; without an entry, when it was found.
#[must_use]
pub fn happened_at(view: &SessionView, finding: &Finding) -> Millis {
    let session = view.session();
    let entry = session.anchor_of(finding);
    entry.map_or(finding.at, |placed| session.at(placed))
}
