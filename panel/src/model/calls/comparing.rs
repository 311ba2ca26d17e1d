//! Two calls or two sessions compared: what they are, and which of their messages is chosen.

use std::rc::Rc;

use callscope_protocol::CallId;
use callscope_session_view::calls;
use callscope_session_view::compare::{Comparison, Depth, Pair, Part, Step, compare};
use callscope_session_view::words::log_name;
use callscope_session_view::{SessionView, visible};

use crate::action::{Action, Move, OtherSession, View};
use crate::model::Model;
use crate::model::detail::DetailData;
use crate::model::reading::{Other, OtherMessage};

/// The most steps of a call or session that are compared: more would make the panel freeze.
const MAX_STEPS: usize = 2_000;

/// What is being compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparing {
    /// Two calls of the shown session.
    Calls([CallId; 2]),
    /// The shown session and another one.
    Sessions(OtherSession),
}

/// The comparison of two calls or sessions.
#[derive(Clone, Debug)]
pub(crate) struct ComparisonData {
    pub(crate) comparison: Rc<Comparison>,
    /// Whether both are in the shown session, so that every message can be shown.
    pub(crate) is_of_shown: bool,
    /// The pair that is selected.
    pub(crate) selected: Option<usize>,
    /// The pair to scroll into view.
    pub(crate) reveal: Option<usize>,
    pub(crate) max_steps: usize,
}

/// A message of a comparison, by its id.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Compared {
    /// It is in the shown session.
    Shown(u64),
    /// It is only in the session that the shown one is compared with.
    Elsewhere(u64),
}

/// The message that a pair stands for.
fn message_of(pair: &Pair, is_of_shown: bool) -> Compared {
    match pair {
        Pair::Both { left, .. } | Pair::Left(left) => Compared::Shown(left.id),
        Pair::Right(right) if is_of_shown => Compared::Shown(right.id),
        Pair::Right(right) => Compared::Elsewhere(right.id),
    }
}

/// What a comparison has beside the selected message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model) struct Beside {
    comparing: Comparing,
    /// The id of the message there; `None` if only one side has this step.
    id: Option<u64>,
    /// Whether it is a message of the first of the two.
    comes_first: bool,
}

impl Model {
    pub(super) fn comparison_data(&mut self) -> Option<ComparisonData> {
        let comparing = self.calls.comparing?;
        let revision = self.shown().session().revision();
        let other = match comparing {
            Comparing::Calls(_) => None,
            Comparing::Sessions(other) => Some(self.session_named(other)?),
        };
        let other_revision = other.map_or(0, |it| it.session().revision());
        let mut cached = std::mem::take(&mut self.calls.comparison);
        let comparison = cached.get((revision, other_revision, comparing), || {
            self.compare(comparing)
        });
        self.calls.comparison = cached;
        let is_of_shown = matches!(comparing, Comparing::Calls(_));
        Some(ComparisonData {
            selected: self.selected_pair(&comparison, is_of_shown),
            comparison,
            is_of_shown,
            reveal: self.calls.reveals_pair,
            max_steps: MAX_STEPS,
        })
    }

    fn selected_pair(&self, comparison: &Comparison, is_of_shown: bool) -> Option<usize> {
        let is_shown = |step: &Step| self.selected == Some(step.id);
        let elsewhere = self.elsewhere();
        comparison.pairs.iter().position(|pair| match pair {
            Pair::Both { left, right, .. } => is_shown(left) || (is_of_shown && is_shown(right)),
            Pair::Left(left) => is_shown(left),
            Pair::Right(right) if is_of_shown => is_shown(right),
            Pair::Right(right) => elsewhere == Some(right.id),
        })
    }

    /// What the comparison that is shown has beside the selected message.
    pub(in crate::model) fn beside_selected(&mut self) -> Option<Beside> {
        if self.view != View::Calls {
            return None;
        }
        let comparing = self.calls.comparing?;
        let data = self.comparison_data()?;
        let pair = data.comparison.pairs.get(data.selected?)?;
        let selected = self.selected;
        let is_left = (pair.left()).is_some_and(|step| selected == Some(step.id));
        let other = if is_left { pair.right() } else { pair.left() };
        Some(Beside {
            comparing,
            id: other.map(|it| it.id),
            comes_first: !is_left,
        })
    }

    /// The message beside the selected one; an error says that there is none.
    pub(in crate::model) fn compared_beside(
        &self,
        this: u64,
        beside: Beside,
    ) -> Option<Result<OtherMessage, &'static str>> {
        let (other, only) = match beside.comparing {
            Comparing::Calls(_) => (None, "only this call has it"),
            Comparing::Sessions(other) => (Some(other), "only this session has it"),
        };
        let Some(id) = beside.id else {
            return Some(Err(only));
        };
        let source = other.map_or(Some(self.shown()), |it| self.session_named(it))?;
        let message = source.find(id)?.1.message()?;
        let name = source.named(message.seq);
        let link = match other {
            None => (name, Action::SelectSeq { seq: message.seq }),
            Some(other) => {
                let session = self.name_of(other);
                let name = format!("{name} of {}", visible::visible(&session));
                (name, Action::SelectElsewhere { id })
            }
        };
        let this = self.shown().find(this)?.1.message()?;
        let (is, comes_first) = (Other::Beside, beside.comes_first);
        Some(Ok(OtherMessage::new(
            (message, link),
            this,
            is,
            comes_first,
        )))
    }

    /// The selected message of the session that the shown one is compared with.
    fn elsewhere(&self) -> Option<u64> {
        let is_there = self.selected.is_none() && self.view == View::Calls;
        let is_other = matches!(self.calls.comparing, Some(Comparing::Sessions(_)));
        self.calls.elsewhere.filter(|_| is_there && is_other)
    }

    /// Says where the selected message is, if it is only in the session that the shown one is
    /// compared with.
    pub(in crate::model) fn elsewhere_detail(&self) -> Option<DetailData> {
        let id = self.elsewhere()?;
        let Some(Comparing::Sessions(other)) = self.calls.comparing else {
            return None;
        };
        let view = self.session_named(other)?;
        let title = view.digest(id)?.type_words();
        Some(DetailData::Elsewhere {
            title: visible::visible(title).into_owned(),
            session: visible::visible(&self.name_of(other)).into_owned(),
        })
    }

    /// Selects a message of the session that the shown one is compared with, and opens what there
    /// is to say about it.
    pub(in crate::model) fn select_elsewhere(&mut self, id: u64) {
        self.choose_compared(Compared::Elsewhere(id));
        self.is_detail_open = true;
    }

    fn choose_compared(&mut self, message: Compared) {
        match message {
            Compared::Shown(id) => self.select_alone(Some(id)),
            Compared::Elsewhere(id) => {
                self.select_alone(None);
                self.calls.elsewhere = Some(id);
            }
        }
    }

    /// Shows the selected message in its session, which is then the shown one.
    pub(in crate::model) fn show_elsewhere(&mut self) {
        let Some(id) = self.elsewhere() else {
            return;
        };
        match self.calls.comparing {
            Some(Comparing::Sessions(OtherSession::Live)) => self.switch_session(),
            Some(Comparing::Sessions(OtherSession::Before)) => {
                if let Some(aside) = self.calls.aside.take() {
                    self.show_imported(aside);
                }
            }
            Some(Comparing::Calls(_)) | None => return,
        }
        self.view = View::Timeline;
        self.select(id);
        self.show_selection();
    }

    fn compare(&self, comparing: Comparing) -> Comparison {
        let view = self.shown();
        let depth = Depth {
            max_steps: MAX_STEPS,
            ..Depth::default()
        };
        let part = |view, call, name| Part { view, call, name };
        match comparing {
            Comparing::Calls(ids) => {
                let has_several = view.session().conversations().nth(1).is_some();
                let [left, right] = ids.map(|id| calls::name(id, has_several));
                let [first, second] = ids.map(Some);
                compare(part(view, first, &left), part(view, second, &right), depth)
            }
            Comparing::Sessions(other) => {
                let other_view = self.session_named(other).unwrap_or(view);
                let (shown, name) = (self.shown_name(), self.name_of(other));
                compare(
                    part(view, None, &shown),
                    part(other_view, None, &name),
                    depth,
                )
            }
        }
    }

    fn session_named(&self, other: OtherSession) -> Option<&SessionView> {
        match other {
            OtherSession::Live => Some(&self.live),
            OtherSession::Before => Some(&self.calls.aside.as_ref()?.source),
        }
    }

    fn shown_name(&self) -> String {
        let name = self
            .imported
            .as_ref()
            .map(|it| log_name(&it.name).to_owned());
        name.unwrap_or_else(|| self.name_of(OtherSession::Live))
    }

    fn name_of(&self, other: OtherSession) -> String {
        match (other, &self.calls.aside) {
            (OtherSession::Before, Some(aside)) => log_name(&aside.name).to_owned(),
            _ => "the live session".to_owned(),
        }
    }

    /// The sessions that the shown one can be compared with.
    pub(crate) fn other_sessions(&self) -> Vec<(OtherSession, String)> {
        let has_live = self.imported.is_some() && self.live.session().message_count() > 0;
        let live = has_live.then_some(OtherSession::Live);
        let aside = self.calls.aside.is_some().then_some(OtherSession::Before);
        let others = live.into_iter().chain(aside);
        others.map(|it| (it, self.name_of(it))).collect()
    }

    pub(in crate::model) fn compare_calls(&mut self) {
        if let [first, second] = self.shown_picks()[..] {
            self.compare_calls_of([first, second]);
        }
    }

    pub(super) fn compare_calls_of(&mut self, [first, second]: [CallId; 2]) {
        // In session order.
        let ids = [first.min(second), first.max(second)];
        self.begin_comparing(Comparing::Calls(ids));
    }

    pub(in crate::model) fn compare_session(&mut self, other: OtherSession) {
        self.view = View::Calls;
        self.begin_comparing(Comparing::Sessions(other));
    }

    fn begin_comparing(&mut self, comparing: Comparing) {
        self.calls.is_choosing = false;
        self.calls.comparing = Some(comparing);
        // What was pressed is gone; the keys now go through the comparison.
        self.nudges.focus_list = true;
        // Users want to see the first difference.
        let Some(data) = self.comparison_data() else {
            return;
        };
        if let Some(first) = data.comparison.first {
            self.choose_pair(&data, first);
        }
    }

    fn choose_pair(&mut self, data: &ComparisonData, index: usize) {
        if let Some(pair) = data.comparison.pairs.get(index) {
            self.choose_compared(message_of(pair, data.is_of_shown));
            self.calls.reveals_pair = Some(index);
        }
    }

    /// Selects another pair that is compared.
    pub(in crate::model) fn move_in_comparison(&mut self, step: Move) {
        let Some(data) = self.comparison_data() else {
            return;
        };
        let Some(last) = data.comparison.pairs.len().checked_sub(1) else {
            return;
        };
        let at = data.selected.or(data.comparison.first);
        self.choose_pair(&data, step.from(at, last, self.page_rows));
    }

    /// What Enter does in a comparison: opens the details of the selected message.
    pub(super) fn enter_in_comparison(&self) -> Option<Action> {
        let elsewhere = self.elsewhere();
        let elsewhere = elsewhere.map(|id| Action::SelectElsewhere { id });
        elsewhere.or_else(|| self.selected.map(|id| Action::Select { id }))
    }

    pub(in crate::model) fn close_comparison(&mut self) {
        self.calls.comparing = None;
        self.calls.elsewhere = None;
        self.nudges.focus_list = true;
    }

    /// Whether two calls are picked, and shown, that can be compared.
    pub(crate) fn can_compare_calls(&self) -> bool {
        let table = self.calls.table.last();
        let picks = table.map(|it| self.calls.shown_picks(it).len());
        self.view == View::Calls && picks == Some(2) && !self.is_comparing()
    }

    /// Whether a comparison is shown.
    pub(crate) const fn is_comparing(&self) -> bool {
        self.calls.comparing.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{log, source};

    const CALL: &str = r#"
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550101","externalCallId":"a"}}
        widget {"type":"CALL_ANSWERED","messageId":"18_3","data":{"externalCallId":"a"}}
        widget {"type":"CALL_ENDED","messageId":"18_4","data":{"externalCallId":"a","callEndStatus":"COMPLETED"}}
    "#;

    /// A log from yesterday compared with the live session: the live session's entries are not in
    /// the imported one, and only messages of the imported one can be selected.
    #[test]
    fn the_live_session_is_compared_with_an_imported_one() {
        let live: String = CALL
            .lines()
            .filter(|it| !it.contains("CALL_ANSWERED"))
            .fold(String::new(), |text, line| text + line + "\n");
        let mut model = Model {
            live: source(&live),
            ..Model::default()
        };
        assert_eq!(model.calls_data().others, []);
        model.perform(Action::ImportText {
            name: "yesterday".to_owned(),
            text: log(&source(CALL)),
        });
        let with = OtherSession::Live;
        let data = model.calls_data();
        assert_eq!(data.others, [(with, "the live session".to_owned())]);
        model.perform(Action::CompareSession { with });
        let comparison = model.calls_data().comparison.unwrap();
        assert_eq!(
            comparison.comparison.sentence,
            "The live session has no CALL_ANSWERED after OUTGOING_CALL_STARTED"
        );
        assert!(!comparison.is_of_shown);
        assert_eq!(model.selected_seq(), Some(3), "what differs first");
    }
}
