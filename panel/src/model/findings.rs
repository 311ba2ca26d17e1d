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
use crate::action::{Action, Fold, Move, View};
use crate::event::Effect;

/// How findings are grouped in the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grouping {
    /// By rule.
    #[default]
    Rule,
    /// By call.
    Call,
    /// Not grouped: in the order they were found.
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
    /// The id of its message; message numbers change when one arrives late.
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
    /// When it was found.
    pub(crate) time: String,
    pub(crate) rule: &'static Rule,
    pub(crate) call: Option<CallId>,
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

/// Whether a rule is muted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mute {
    No,
    /// Until the panel is closed.
    ForNow,
    Always,
}

/// A muted rule, for the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MutedRule {
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) mute: Mute,
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
            id: finding.seq.and_then(|seq| source.id_of(seq)),
            message: finding.message.clone(),
        })
    }

    /// The finding's index in the session.
    fn find(&self, source: &SessionView) -> Option<usize> {
        let seq = match self.id {
            Some(id) => Some(source.find(id)?.1.message()?.seq),
            None => None,
        };
        source.session().findings().iter().position(|it| {
            it.seq == seq
                && it.rule.code == self.code
                && it.conversation == self.conversation
                && it.message == self.message
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
    /// The muted rules, for now or always.
    pub(super) fn muted_rules(&self) -> BTreeSet<&'static str> {
        let always = self.settings.muted_rules.iter();
        let always = always.filter_map(|code| Some(rule(code)?.code));
        always.chain(self.findings.muted.iter().copied()).collect()
    }

    /// The muted rules, so that the user can unmute them.
    pub(crate) fn muted(&self) -> Vec<MutedRule> {
        let muted = self.muted_rules().into_iter();
        muted
            .filter_map(rule)
            .map(|rule| MutedRule {
                code: rule.code,
                title: rule.title,
                mute: self.mute_of(rule.code),
            })
            .collect()
    }

    pub(super) fn mute_of(&self, code: &str) -> Mute {
        if self.settings.muted_rules.iter().any(|it| it == code) {
            Mute::Always
        } else if self.findings.muted.contains(code) {
            Mute::ForNow
        } else {
            Mute::No
        }
    }

    pub(super) fn mute_rule(&mut self, code: &str, always: bool) -> Vec<Effect> {
        let Some(rule) = rule(code) else {
            return Vec::new();
        };
        let mut effects = self.forget_muted(rule.code);
        if always {
            self.settings.muted_rules.push(rule.code.to_owned());
            effects = self.store();
        } else {
            self.findings.muted.insert(rule.code);
        }
        self.options_revision += 1;
        effects
    }

    pub(super) fn unmute_rule(&mut self, code: &str) -> Vec<Effect> {
        let effects = self.forget_muted(code);
        self.options_revision += 1;
        effects
    }

    /// The rules muted until the panel is closed.
    pub(super) fn muted_for_now(&mut self) -> &mut BTreeSet<&'static str> {
        &mut self.findings.muted
    }

    fn forget_muted(&mut self, code: &str) -> Vec<Effect> {
        self.findings.muted.remove(code);
        let count = self.settings.muted_rules.len();
        self.settings.muted_rules.retain(|it| it != code);
        if self.settings.muted_rules.len() == count {
            Vec::new()
        } else {
            self.store()
        }
    }

    /// The number of muted findings.
    pub(crate) fn muted_count(&mut self) -> usize {
        let key = (self.shown().session().revision(), self.options_revision);
        let mut cached = std::mem::take(&mut self.findings.muted_count);
        let count = cached.get(key, || self.shown().muted_count());
        self.findings.muted_count = cached;
        *count
    }

    pub(super) fn show_muted(&mut self, shown: bool) {
        self.view = View::Findings;
        self.findings.shows_muted = shown;
    }

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

    /// The index of the chosen line.
    pub(crate) fn chosen_line(&mut self) -> Option<usize> {
        let data = self.findings_data();
        self.line_of(self.findings.chosen.as_ref()?, &data)
    }

    fn line_of(&self, chosen: &Chosen, data: &FindingsData) -> Option<usize> {
        let source = self.shown();
        match chosen {
            Chosen::Finding(name) => {
                let place = name.find(source)?;
                data.lines.iter().position(
                    |line| matches!(line, ListLine::Finding { index, .. } if *index == place),
                )
            }
            Chosen::Heading(of) => data
                .lines
                .iter()
                .position(|line| matches!(line, ListLine::Heading(heading) if heading.of == *of)),
            Chosen::Rule(_) => None,
        }
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
            Chosen::Heading(HeadingOf::Rule(code, ..)) | Chosen::Rule(code) => Ok(rule(code)?),
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
            time: finding.map_or_else(String::new, |it| self.offset.time_of_day(it.at)),
            rule,
            call: finding.and_then(|it| it.call),
            consequences: places(&consequences),
            more: elsewhere.len().saturating_sub(MAX_PLACES),
            elsewhere: places(&elsewhere),
            mute: self.mute_of(rule.code),
        })
    }

    pub(super) fn select_finding(&mut self, line: usize) {
        self.choose_finding(line);
        self.findings.anchor.clone_from(&self.findings.chosen);
        // All views share one selection.
        if let Some(Chosen::Finding(FindingName { id: Some(id), .. })) = self.findings.chosen {
            self.select_alone(Some(id));
        } else {
            self.select_alone(self.selected);
        }
    }

    /// Extends the selection to the messages of all findings up to this line.
    pub(super) fn extend_to_finding(&mut self, line: usize) {
        let data = self.findings_data();
        let chosen = self
            .findings
            .anchor
            .as_ref()
            .and_then(|it| self.line_of(it, &data));
        let anchor = chosen.or_else(|| self.chosen_line()).unwrap_or(line);
        let anchor_name = self.findings.anchor.clone();
        // The message at the far end becomes the one whose details are shown.
        let mut lines: Vec<usize> = (anchor.min(line)..=anchor.max(line)).collect();
        if line < anchor {
            lines.reverse();
        }
        let ids = lines
            .iter()
            .filter_map(|line| self.message_of_line(&data, *line));
        let ids: Vec<u64> = ids.collect();
        let first = self.message_of_line(&data, anchor);
        self.choose_finding(line);
        self.findings.anchor = anchor_name.or_else(|| self.findings.chosen.clone());
        self.select_messages(&ids, first);
    }

    /// Adds the message of a finding to the selection, or removes it.
    pub(super) fn toggle_finding(&mut self, line: usize) {
        let data = self.findings_data();
        self.choose_finding(line);
        self.findings.anchor.clone_from(&self.findings.chosen);
        if let Some(id) = self.message_of_line(&data, line) {
            self.toggle_message(id);
        }
    }

    /// Moves like the arrow keys and extends the selection to the line moved to.
    pub(super) fn extend_in_findings_by(&mut self, step: Move) {
        self.refresh();
        let data = self.findings_data();
        let Some(last) = data.lines.len().checked_sub(1) else {
            return;
        };
        let at = self.chosen_line();
        self.extend_to_finding(step.from(at, last, self.page_rows));
    }

    /// Selects the messages of all listed findings.
    pub(super) fn select_all_findings(&mut self) {
        let data = self.findings_data();
        let ids = (0..data.lines.len()).filter_map(|line| self.message_of_line(&data, line));
        let mut ids: Vec<u64> = ids.collect();
        if let Some(at) = ids.iter().position(|it| Some(*it) == self.selected) {
            let lead = ids.remove(at);
            ids.push(lead);
        }
        self.select_messages(&ids, None);
    }

    /// The id of the message that the finding in a line is about.
    fn message_of_line(&self, data: &FindingsData, line: usize) -> Option<u64> {
        let ListLine::Finding { index, .. } = data.lines.get(line)? else {
            return None;
        };
        let seq = self.shown().session().findings().get(*index)?.seq?;
        self.shown().id_of(seq)
    }

    /// What identifies a finding while the session is shown: its rule and the id of its message, 0
    /// if it has none.
    pub(crate) fn finding_name(&self, index: usize) -> Option<(&'static str, u64)> {
        let finding = self.shown().session().findings().get(index)?;
        let id = finding.seq.and_then(|seq| self.shown().id_of(seq));
        Some((finding.rule.code, id.unwrap_or_default()))
    }

    /// Whether the message of a finding is part of a multiple selection.
    pub(crate) fn is_finding_selected(&self, index: usize) -> bool {
        let finding = self.shown().session().findings().get(index);
        let id = finding.and_then(|it| self.shown().id_of(it.seq?));
        id.is_some_and(|id| self.is_among_selected(id))
    }

    /// The lines of the selected findings as a table: severity, rule, sentence, message, time.
    pub(super) fn selected_finding_table(&mut self) -> Vec<String> {
        let data = self.findings_data();
        let chosen = self.chosen_line();
        let lines = data.lines.iter().enumerate().filter_map(|(at, line)| {
            let ListLine::Finding { index, .. } = line else {
                return None;
            };
            let is_in = chosen == Some(at) || self.is_finding_selected(*index);
            let line = FindingLine::new(self.shown(), *index).filter(|_| is_in)?;
            let severity = line.severity.to_string();
            let time = self.offset.time_of_day(line.at);
            Some([&severity, line.code, &line.message, &line.place, &time].join("\t"))
        });
        lines.collect()
    }

    /// Shows the details of the selected message beside the list.
    pub(super) fn show_message_in_findings(&mut self) {
        self.findings.shows_message = true;
    }

    fn choose_finding(&mut self, line: usize) {
        let data = self.findings_data();
        let Some(line) = data.lines.get(line) else {
            return;
        };
        match line {
            ListLine::Heading(heading) => {
                self.findings.chosen = Some(Chosen::Heading(heading.of));
            }
            ListLine::Finding { index, .. } => {
                let Some(name) = FindingName::new(self.shown(), *index) else {
                    return;
                };
                self.findings.chosen = Some(Chosen::Finding(name));
            }
        }
        self.findings.is_open = true;
        self.findings.shows_message = false;
        self.nudges.reveal = true;
    }

    /// Shows the details of a rule.
    pub(super) fn show_rule(&mut self, code: &str) {
        if let Some(rule) = rule(code) {
            self.view = View::Findings;
            self.findings.chosen = Some(Chosen::Rule(rule.code));
            self.findings.is_open = true;
            self.findings.shows_message = false;
        }
    }

    /// Chooses a finding of the selected message, unless one is already chosen.
    pub(super) fn enter_findings(&mut self) {
        self.findings.shows_message = false;
        let Some(seq) = self.selected_seq() else {
            return;
        };
        let id = self.selected;
        if matches!(&self.findings.chosen, Some(Chosen::Finding(name)) if name.id == id) {
            return;
        }
        let data = self.findings_data();
        let all = self.shown().session().findings();
        let line = data.lines.iter().position(|line| {
            let ListLine::Finding { index, .. } = line else {
                return false;
            };
            all.get(*index).is_some_and(|it| it.seq == Some(seq))
        });
        if let Some(line) = line {
            self.select_finding(line);
        }
    }

    /// Goes back one step within the view; returns whether there was one.
    pub(super) fn back_in_findings(&mut self) -> bool {
        let state = &mut self.findings;
        if state.shows_message {
            state.shows_message = false;
        } else if state.is_open {
            state.is_open = false;
        } else {
            return state.chosen.take().is_some();
        }
        true
    }

    /// Moves to another line.
    pub(super) fn move_in_findings(&mut self, step: Move) {
        self.refresh();
        let data = self.findings_data();
        let Some(last) = data.lines.len().checked_sub(1) else {
            return;
        };
        let at = self.chosen_line();
        self.select_finding(step.from(at, last, self.page_rows));
    }

    /// What Enter does in the list: it folds or unfolds a heading, or shows the message of a
    /// finding.
    pub(crate) fn enter_in_findings(&mut self) -> Option<Action> {
        let data = self.findings_data();
        match data.lines.get(self.chosen_line()?)? {
            ListLine::Heading(heading) => {
                let name = heading.of.name();
                Some(Action::SetUnfolded {
                    fold: Fold::Findings { name },
                    unfolded: !heading.fold?,
                })
            }
            ListLine::Finding { index, .. } => {
                let seq = self.shown().session().findings().get(*index)?.seq?;
                Some(Action::SelectSeq { seq })
            }
        }
    }

    /// The chosen heading, for the keys that fold it.
    pub(crate) fn chosen_fold(&self) -> Option<Fold> {
        let Some(Chosen::Heading(of)) = &self.findings.chosen else {
            return None;
        };
        let name = of.name();
        Some(Fold::Findings { name })
    }

    /// Whether the details beside the list of findings are those of the selected message.
    pub(crate) const fn findings_show_message(&self) -> bool {
        self.findings.shows_message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_muted_always_is_kept_and_what_is_muted_for_now_is_not() {
        let mut model = Model::default();
        assert!(
            (model.mute_rule("M15", false).iter())
                .all(|it| !matches!(it, Effect::StoreSettings(_)))
        );
        let effects = model.mute_rule("M14", true);
        let [Effect::StoreSettings(text)] = effects.as_slice() else {
            panic!("{effects:?}");
        };
        let later = Model::new(Some(text), UtcOffset::default(), true);
        assert_eq!(later.muted_rules(), BTreeSet::from(["M14"]));
        let muted: Vec<_> = model.muted().iter().map(|it| (it.code, it.mute)).collect();
        assert_eq!(muted, [("M14", Mute::Always), ("M15", Mute::ForNow)]);
        // A code that this version does not know is kept and mutes nothing.
        let odd = r#"{"mutedRules":["NOT_A_RULE"]}"#;
        let odd = Model::new(Some(odd), UtcOffset::default(), true);
        assert!(odd.muted_rules().is_empty());
    }

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
