//! The detail pane: everything about the selected entry.

use std::collections::HashMap;
use std::rc::Rc;

use callscope_protocol::{CallId, Fact, Message, Millis, RecordedMessage};
use callscope_session_view::SessionView;
use callscope_session_view::calls::TieLine;
use callscope_session_view::card::{Card, FindingCard};
use callscope_session_view::inside;
use callscope_session_view::words::{self, UtcOffset};

use super::Model;
use super::calls::Beside;
use super::json_tree::{self, TreeLine};
use super::reading::{self, Code, Other, OtherMessage, Reading, Search};
use crate::action::{Fold, View};

/// What the user has folded (`false`) and unfolded (`true`).
pub(crate) type Folds = HashMap<Fold, bool>;

/// Everything about the selected entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DetailData {
    /// A message.
    Message(Box<MessageDetail>),
    /// Another entry.
    Other {
        title: String,
        /// The message that it is about.
        about: Option<TieLine>,
        lines: Vec<(String, String)>,
        findings: Vec<FindingCard>,
    },
    /// A message that is only in another session than the shown one.
    Elsewhere {
        title: String,
        /// The name of that session.
        session: String,
    },
}

/// Everything about a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MessageDetail {
    /// The entry's id.
    pub(crate) id: u64,
    pub(crate) card: Card,
    pub(crate) tree: Vec<TreeLine>,
    /// The message as it was recorded, for copying.
    pub(crate) raw: String,
    /// The call that the message belongs to, and its name.
    pub(crate) call: Option<(CallId, String)>,
    pub(crate) search: Search,
    /// The SDK call that sends it, or the handler that receives it.
    pub(crate) code: Option<Code>,
    /// What it is compared with, or why there is nothing to compare it with.
    pub(crate) other: Result<OtherMessage, &'static str>,
    /// Whether other messages are compared with it.
    pub(crate) is_marked: bool,
}

impl DetailData {
    /// Whether the pane changes as time passes.
    pub(crate) fn counts_time(&self) -> bool {
        matches!(self, Self::Message(message) if message.card.is_waiting)
    }

    /// The details of the entry with this id.
    ///
    /// `now` is the time up to which the session is complete.
    pub(crate) fn new(
        source: &SessionView,
        id: u64,
        (folds, reading): (&Folds, &Reading),
        offset: UtcOffset,
        now: Option<Millis>,
    ) -> Option<Self> {
        let (_, placed) = source.find(id)?;
        let at = source.session().at(placed);
        let time = offset.time_of_day(at);
        let other = |title: &str, lines: Vec<(&str, String)>| {
            let mut lines: Vec<(String, String)> = lines
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            lines.insert(0, ("time".to_owned(), time.clone()));
            Some(Self::Other {
                title: title.to_owned(),
                about: source.tie_of_report(id),
                lines,
                findings: (source.findings_of_entry(id).into_iter())
                    .map(|it| FindingCard::new(source, it))
                    .collect(),
            })
        };
        let unknown = || "unknown".to_owned();
        match &placed.fact {
            Fact::Message(recorded) => {
                let detail =
                    MessageDetail::new(source, id, recorded, (folds, reading), (offset, now));
                Some(Self::Message(Box::new(detail)))
            }
            Fact::Gap(gap) => {
                let what = ("what", words::gap(gap));
                let why = words::gap_advice(&gap.why).map(|why| ("why", why.to_owned()));
                let lines = std::iter::once(what).chain(why);
                other("Messages are missing here", lines.collect())
            }
            Fact::Conversation(start) => {
                let mut facts = vec![
                    ("number", start.id.0.to_string()),
                    ("host", start.host_origin.clone().unwrap_or_else(unknown)),
                    (
                        "widget",
                        start.widget_origin.clone().unwrap_or_else(unknown),
                    ),
                    (
                        "in",
                        if start.in_calling_window {
                            "a calling window of this page".to_owned()
                        } else {
                            "the page".to_owned()
                        },
                    ),
                ];
                let continues = start.continues;
                facts.extend(continues.map(|it| ("continues", format!("conversation {}", it.0))));
                other("A conversation began", facts)
            }
            Fact::Closed(closed) => other(
                "A page went away",
                vec![
                    ("conversation", closed.conversation.0.to_string()),
                    ("side", closed.side.name().to_owned()),
                ],
            ),
            Fact::Setting(setting) => other(
                "A local setting",
                vec![
                    ("key", setting.key.clone()),
                    (
                        "value",
                        setting
                            .value
                            .clone()
                            .unwrap_or_else(|| "not set".to_owned()),
                    ),
                ],
            ),
            Fact::Inside(inside) => other(inside::title(inside), inside::facts(inside)),
            Fact::End(_) => other("End of the recording", Vec::new()),
        }
    }
}

/// What the contents of the detail pane depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DetailKey {
    id: u64,
    beside: Option<Beside>,
    session: u64,
    folds: u64,
    options_revision: u64,
    /// The options of the rows, which come later on a long session.
    drawn: u64,
    /// The time in seconds, if the pane shows a running time.
    second: Option<i64>,
}

impl Model {
    /// What the detail pane shows; `None` if it is closed.
    pub(crate) fn detail_data(&mut self) -> Option<Rc<Option<DetailData>>> {
        if !self.is_detail_open {
            return None;
        }
        if let Some(elsewhere) = self.elsewhere_detail() {
            return Some(Rc::new(Some(elsewhere)));
        }
        let id = self.selected?;
        let now = self.shown_now();
        let beside = self.beside_selected();
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let second = now.map(|now| (now.0 / 1000.0).floor() as i64);
        let key = DetailKey {
            beside,
            id,
            second: second.filter(|_| self.detail_counts_time()),
            session: self.shown().session().revision(),
            folds: self.fold_revision,
            options_revision: self.options_revision,
            drawn: self.drawn.1,
        };
        let mut cached = std::mem::take(&mut self.detail);
        let data = cached.get(key, || {
            let reading = &self.reading;
            let mut data =
                DetailData::new(self.shown(), id, (&self.folds, reading), self.offset, now);
            if let Some(DetailData::Message(message)) = &mut data {
                self.compare_in_detail(message, beside);
            }
            data
        });
        self.detail = cached;
        data.is_some().then_some(data)
    }

    /// Compares a message with what a comparison has beside it, unless the user chose another.
    pub(super) fn compare_in_detail(&self, message: &mut MessageDetail, beside: Option<Beside>) {
        let is_chosen = (message.other.as_ref()).is_ok_and(|it| it.is == Other::Chosen);
        let beside = beside.filter(|_| !is_chosen);
        if let Some(other) = beside.and_then(|it| self.compared_beside(message.id, it)) {
            message.other = other;
        }
    }

    /// Whether the details shown last change as time passes.
    pub(super) fn detail_counts_time(&self) -> bool {
        let last = self.detail.last().and_then(Option::as_ref);
        self.is_detail_open && last.is_some_and(DetailData::counts_time)
    }

    /// Says that the filter hides what the details are about, which stay open for who reads them.
    pub(crate) fn hidden_detail_words(&self) -> Option<&'static str> {
        let source = self.shown();
        // A comparison lists its messages whatever the filter.
        let is_compared = self.view == View::Calls && self.is_comparing();
        if self.view_options.filter.is_empty() || source.filtering().is_some() || is_compared {
            return None;
        }
        if self.view == View::Findings && !self.findings_show_message() {
            let finding = self.chosen_finding()?;
            let is_hidden = source.filters_out_finding(finding);
            return is_hidden.then_some("The filter hides this finding");
        }
        let (position, placed) = source.find(self.selected?)?;
        let words = match placed.message() {
            Some(_) => "The filter hides this message",
            None => "The filter hides this entry",
        };
        let is_hidden = !source.shows(position) && !source.is_cleared(placed);
        is_hidden.then_some(words)
    }
}

impl MessageDetail {
    fn new(
        source: &SessionView,
        id: u64,
        recorded: &RecordedMessage,
        (folds, reading): (&Folds, &Reading),
        (offset, now): (UtcOffset, Option<Millis>),
    ) -> Self {
        let message = Message::decode(&recorded.message);
        let holders = reading::holders(message.value(), &reading.search);
        let unfolded = |path: &str| {
            if holders.contains(path) {
                return Some(true);
            }
            let path = path.to_owned();
            folds.get(&Fold::Json { path }).copied()
        };
        let card = Card::new(source, recorded, offset, now);
        let mut tree = json_tree::lines(message.value(), &unfolded);
        json_tree::explain(&mut tree, &card.fields);
        Self {
            search: reading.search(message.value(), &tree),
            card,
            tree,
            raw: recorded.message.as_str().to_owned(),
            call: (source.session().placement(recorded.seq).call)
                .map(|id| (id, source.call_name(id))),
            id,
            code: Code::of(recorded),
            other: reading.other(source, id, recorded),
            is_marked: reading.marked == Some(id),
        }
    }
}
