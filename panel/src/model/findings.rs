//! The findings: their list, its chosen line, and which rules are muted.

use std::collections::BTreeSet;
use std::rc::Rc;

use callscope_protocol::{CallId, ConversationId, Millis, Rule, rule};
use callscope_session_view::SessionView;
use callscope_session_view::card::FindingCard;
use callscope_session_view::finding_list::{
    self, FindingLine, GroupBy, HeadingOf, ListLine, Listing,
};
use callscope_session_view::findings::Counts;
use callscope_session_view::words::UtcOffset;
use serde::{Deserialize, Serialize};

use super::Model;
use super::cached::{Cached, Paced};
use crate::action::{Fold, View};

mod choosing;
mod muting;

pub(crate) use muting::{Mute, MutedRule};

/// How findings are grouped in the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grouping {
    /// By rule.
    #[default]
    Rule,
    /// By call.
    Call,
    /// Not grouped: in the order in which what they are about happened.
    Time,
}

impl Grouping {
    /// All groupings, in the order of their buttons.
    pub const ALL: [Self; 3] = [Self::Rule, Self::Call, Self::Time];

    /// The label of its button.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Rule => "By rule",
            Self::Call => "By call",
            Self::Time => "By time",
        }
    }
}

/// The state of the Findings view.
#[derive(Debug, Default)]
pub(crate) struct FindingsState {
    data: Paced<ListKey, FindingsData>,
    detail: Paced<(ListKey, Option<Chosen>), Option<FindingDetail>>,
    muted_count: Cached<(u64, u64), usize>,
    /// The chosen line.
    chosen: Option<Chosen>,
    /// The line where a range selection starts.
    anchor: Option<Chosen>,
    /// Whether the chosen line's details are shown beside the list.
    is_open: bool,
    /// Whether the details beside the list are those of the selected message.
    pub(super) shows_message: bool,
    /// Whether muted findings are listed.
    shows_muted: bool,
    /// The rules muted until the panel is closed.
    muted: BTreeSet<&'static str>,
}

/// What the list depends on: the session's judgments, the options, the folds, the grouping, and
/// whether muted findings are listed.
type ListKey = (u64, u64, u64, Grouping, bool);

/// A line of the list, identified so that it can be found again while the session grows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Chosen {
    Finding(FindingName),
    Heading(HeadingOf),
    /// A rule, in the list or not.
    Rule(&'static str),
}

/// What identifies a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FindingName {
    conversation: ConversationId,
    code: &'static str,
    /// The id of the entry that it is about; message numbers change when one arrives late.
    id: Option<u64>,
    message: String,
}

/// The list of findings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FindingsData {
    pub(crate) lines: Vec<ListLine>,
    pub(crate) by: Grouping,
    /// How many messages were checked.
    pub(crate) checked: usize,
    /// The number of findings listed, without those of strangers.
    pub(crate) count: usize,
    /// How many of them the filter hides.
    pub(crate) hidden: usize,
    /// How many are muted, and whether these are listed.
    pub(crate) muted: usize,
    pub(crate) shows_muted: bool,
}

/// The details beside the list: of a finding or of a rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FindingDetail {
    /// `None` if a rule is shown.
    pub(crate) card: Option<FindingCard>,
    /// When what it is about happened.
    pub(crate) time: String,
    pub(crate) rule: &'static Rule,
    /// The call that it is about, and its name.
    pub(crate) call: Option<(CallId, String)>,
    /// The findings that it caused.
    pub(crate) consequences: Vec<Place>,
    /// Other places where the rule is broken; for a rule, all places.
    pub(crate) elsewhere: Vec<Place>,
    /// How many places there are beyond those listed.
    pub(crate) more: usize,
    pub(crate) mute: Mute,
}

/// The place of a finding.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) line: FindingLine,
    pub(crate) time: String,
}

/// The most places of a rule or consequences of a finding that are listed.
const MAX_PLACES: usize = 20;

impl FindingsState {
    /// Forgets the chosen line; what is muted stays muted.
    pub(super) fn look_at_another_session(&mut self) {
        self.chosen = None;
        self.anchor = None;
        self.is_open = false;
        self.shows_message = false;
    }
}

impl FindingsState {
    /// When what lags behind should be requested again; the list only while it is on the screen.
    pub(super) fn due(&self, pause: Millis) -> [Option<Millis>; 2] {
        let detail = self.detail.due(pause).filter(|_| self.is_open);
        [self.data.due(pause), detail.filter(|_| !self.shows_message)]
    }
}

impl FindingsData {
    fn new(
        source: &SessionView,
        by: Grouping,
        shows_muted: bool,
        fold: &dyn Fn(&str) -> Option<bool>,
    ) -> Self {
        let session = source.session();
        let listing = Listing {
            by: match by {
                Grouping::Rule => GroupBy::Rule,
                Grouping::Call => GroupBy::Call,
                Grouping::Time => GroupBy::Time,
            },
            has_muted: shows_muted,
        };
        let count = Counts::of_these(session, source.shown_findings()).total();
        Self {
            lines: finding_list::lines(source, listing, fold),
            by,
            checked: session.message_count(),
            count,
            hidden: source.finding_counts().total() - count,
            muted: source.muted_count(),
            shows_muted,
        }
    }
}

impl FindingName {
    fn new(source: &SessionView, index: usize) -> Option<Self> {
        let finding = source.session().findings().get(index)?;
        Some(Self {
            conversation: finding.conversation,
            code: finding.rule.code,
            id: source.session().anchor_of(finding).map(|entry| entry.id),
            message: finding.message.clone(),
        })
    }

    /// The finding's index in the session.
    fn find(&self, source: &SessionView) -> Option<usize> {
        let session = source.session();
        session.findings().iter().position(|it| {
            it.rule.code == self.code
                && it.conversation == self.conversation
                && it.message == self.message
                && session.anchor_of(it).map(|entry| entry.id) == self.id
        })
    }
}

impl Place {
    fn new(source: &SessionView, offset: UtcOffset, index: usize) -> Option<Self> {
        let line = FindingLine::new(source, index)?;
        let time = offset.time_of_day(line.at);
        Some(Self { line, time })
    }
}

impl Model {
    fn list_key(&self) -> ListKey {
        (
            self.shown().session().judgments(),
            self.options_revision,
            self.fold_revision,
            self.settings.group_findings,
            self.findings.shows_muted,
        )
    }

    /// The list of findings.
    pub(crate) fn findings_data(&mut self) -> Rc<FindingsData> {
        let key = self.list_key();
        let mut cached = std::mem::take(&mut self.findings.data);
        let revision = self.shown().session().revision();
        let data = cached.get((key, revision), self.now, self.calls_pause(), || {
            let fold = |name: &str| {
                let name = name.to_owned();
                self.folds.get(&Fold::Findings { name }).copied()
            };
            let (_, _, _, by, shows_muted) = key;
            FindingsData::new(self.shown(), by, shows_muted, &fold)
        });
        self.findings.data = cached;
        data
    }

    /// The text of a line.
    pub(crate) fn finding_line(&self, index: usize) -> Option<FindingLine> {
        FindingLine::new(self.shown(), index)
    }

    /// The details beside the list; `None` if there are none, or those of the selected message are
    /// shown.
    pub(crate) fn finding_detail(&mut self) -> Option<Rc<Option<FindingDetail>>> {
        let state = &self.findings;
        if self.view != View::Findings || !state.is_open || state.shows_message {
            return None;
        }
        let key = (self.list_key(), state.chosen.clone());
        let mut cached = std::mem::take(&mut self.findings.detail);
        let revision = self.shown().session().revision();
        let pause = self.calls_pause();
        let detail = cached.get((key, revision), self.now, pause, || self.make_detail());
        self.findings.detail = cached;
        detail.is_some().then_some(detail)
    }

    fn make_detail(&self) -> Option<FindingDetail> {
        let source = self.shown();
        let all = source.session().findings();
        let chosen = match self.findings.chosen.as_ref()? {
            Chosen::Finding(name) => Err(name.find(source)?),
            Chosen::Heading(HeadingOf::Rule(code, ..) | HeadingOf::AtOnce(code, _))
            | Chosen::Rule(code) => Ok(rule(code)?),
            Chosen::Heading(_) => return None,
        };
        let places = |indices: &[usize]| -> Vec<Place> {
            let first = indices.iter().take(MAX_PLACES);
            let places = first.filter_map(|index| Place::new(source, self.offset, *index));
            places.collect()
        };
        let (rule, index) = match chosen {
            Ok(rule) => (rule, None),
            Err(index) => (all[index].rule, Some(index)),
        };
        let is_muted = self.mute_of(rule.code) != Mute::No;
        let elsewhere = all.iter().enumerate().filter(|(place, it)| {
            it.rule.code == rule.code
                && Some(*place) != index
                && (is_muted || source.lists_finding(it))
        });
        let elsewhere: Vec<usize> = elsewhere.map(|(place, _)| place).collect();
        let consequences =
            index.map_or_else(Vec::new, |it| finding_list::consequences_of(source, it));
        let finding = index.and_then(|index| all.get(index));
        Some(FindingDetail {
            card: finding.map(|it| FindingCard::new(source, it)),
            time: (index.and_then(|index| FindingLine::new(source, index)))
                .map_or_else(String::new, |line| self.offset.time_of_day(line.at)),
            rule,
            call: (finding.and_then(|it| it.call)).map(|id| (id, source.call_name(id))),
            consequences: places(&consequences),
            more: elsewhere.len().saturating_sub(MAX_PLACES),
            elsewhere: places(&elsewhere),
            mute: self.mute_of(rule.code),
        })
    }

    /// What identifies a finding while the session is shown: its rule and the id of the entry that
    /// it is about, 0 if there is none.
    pub(crate) fn finding_name(&self, index: usize) -> Option<(&'static str, u64)> {
        let finding = self.shown().session().findings().get(index)?;
        let entry = self.shown().session().anchor_of(finding);
        Some((finding.rule.code, entry.map_or(0, |entry| entry.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chosen finding is found again after messages are inserted before it, which changes all
    /// numbers.
    #[test]
    fn the_chosen_finding_stays_chosen() {
        let trace = r#"widget {"type":"NO_SUCH_TYPE","messageId":"18_4"}"#;
        let source = crate::model::testing::source(trace);
        let name = FindingName::new(&source, 0).unwrap();
        assert_eq!(name.find(&source), Some(0));
        let other = FindingName {
            message: "another".to_owned(),
            ..name
        };
        assert_eq!(other.find(&source), None);
    }
}
