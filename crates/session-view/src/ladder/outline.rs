//! The ladder of a whole session, without its words: the lanes, the order of the steps, and where
//! the calls are. The words of a step are made when it becomes visible.

use std::collections::HashMap;
use std::ops::Range;

use callscope_protocol::{
    CallId, Conversation, ConversationId, Fact, GapReason, Millis, Severity, Side,
};

use super::{FindingMark, Rung, heading, rung, says_its_gap};
use crate::calls::is_about_call;
use crate::visible::name;
use crate::{SessionView, findings, words};

/// The ladder of all conversations of a session, in session order.
///
/// It has one step for each row of the view, as last [updated](SessionView::update_rows), and
/// between them steps for beginning calls and for findings that belong to no message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// The lanes, from left to right.
    pub lanes: Vec<Lane>,
    /// The steps, from top to bottom.
    pub steps: Vec<Step>,
    /// The calls, in the order of their first steps.
    pub bands: Vec<Band>,
    /// The index of each row's step.
    steps_of_rows: Vec<usize>,
    /// The ids and positions of the first and the last row.
    ends: Option<[(u64, usize); 2]>,
    /// The session's [`judgments`](callscope_session_log::Session::judgments).
    judgments: u64,
}

/// A frame that sends and receives: one lifeline.
///
/// A reloaded frame keeps its lane, and so does a host that talks to several widgets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Which side it is.
    pub side: Side,
    /// "HubSpot", "widget 2", "HubSpot's calling window".
    pub title: String,
    /// Its origin, ready for display.
    pub origin: String,
    /// The conversations that it takes part in.
    pub conversations: Vec<ConversationId>,
}

/// One step of the ladder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// When.
    pub at: Millis,
    /// What.
    pub kind: StepKind,
    /// The host's and the widget's lanes; `None` if it concerns all lanes.
    pub lanes: Option<(usize, usize)>,
}

/// What a step shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A call begins, or continues after another one.
    Call(CallId),
    /// The row with this index is a message, or a run of one type.
    Message(usize),
    /// The row with this index breaks the lifelines: messages are missing, or a page unloaded or
    /// loaded.
    Break(usize),
    /// The row with this index is something else that happened.
    Remark(usize),
    /// The finding at this index of the session belongs to no message.
    Finding(usize),
}

impl StepKind {
    /// The index of the row in the timeline.
    #[must_use]
    pub const fn row(self) -> Option<usize> {
        match self {
            Self::Message(row) | Self::Break(row) | Self::Remark(row) => Some(row),
            Self::Call(_) | Self::Finding(_) => None,
        }
    }
}

/// The extent of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// The call.
    pub call: CallId,
    /// From its first step to its last one.
    pub steps: Range<usize>,
    /// The lanes of the host and of the widget.
    pub lanes: (usize, usize),
    /// Its place beside overlapping calls between the same lanes; 0 is the first.
    pub depth: usize,
    /// The worst finding about one of the messages that are about the call.
    pub severity: Option<Severity>,
}

/// The ids and positions of the first row and of the last one of this many.
fn ends(view: &SessionView, count: usize) -> Option<[(u64, usize); 2]> {
    let end = |row: usize| {
        let row = view.rows().get(row)?;
        Some((row.id, row.positions().start))
    };
    Some([end(0)?, end(count.checked_sub(1)?)?])
}

impl Outline {
    /// The outline of a session.
    #[must_use]
    pub fn new(view: &SessionView) -> Self {
        let session = view.session();
        let places = Places::new(session.conversations());
        let mut outline = Self::default();
        let mut headings: HashMap<ConversationId, CallId> = HashMap::new();
        let mut open: HashMap<CallId, usize> = HashMap::new();
        let mut unanchored = unanchored(view).into_iter().peekable();
        for (row, of_row) in view.rows().iter().enumerate() {
            let Some(fact) = session.facts().get(of_row.positions().start) else {
                continue;
            };
            let at = session.at(fact);
            let lanes = conversation_of(&fact.fact).and_then(|id| places.of(id));
            while let Some(step) = unanchored.next_if(|(finding_at, ..)| *finding_at < at) {
                outline.push_finding(step, &places);
            }
            let kind = match &fact.fact {
                Fact::Message(_) => StepKind::Message(row),
                Fact::Gap(gap) if gap.why == GapReason::Cleared => StepKind::Remark(row),
                Fact::Gap(_) | Fact::Closed(_) => StepKind::Break(row),
                Fact::Conversation(start) if start.continues.is_some() => StepKind::Break(row),
                Fact::Conversation(_) | Fact::Inside(_) | Fact::Setting(_) | Fact::End(_) => {
                    StepKind::Remark(row)
                }
            };
            let seq = fact.message().map(|recorded| recorded.seq);
            if let Some(call) = seq.and_then(|seq| session.placement(seq).call) {
                if headings.insert(call.conversation, call) != Some(call) {
                    let kind = StepKind::Call(call);
                    outline.steps.push(Step { at, kind, lanes });
                }
                if let Some(lanes) = lanes {
                    let found = view.findings_of_row(row);
                    let found = found.filter(|_| is_about_call(view, fact));
                    let severity = found.map(|it| findings::severity(session, it)).max();
                    outline.extend_band(call, lanes, severity, &mut open);
                }
            }
            outline.steps_of_rows.push(outline.steps.len());
            outline.steps.push(Step { at, kind, lanes });
        }
        for step in unanchored {
            outline.push_finding(step, &places);
        }
        outline.lay_beside();
        outline.keep_lanes(places);
        outline.ends = ends(view, outline.steps_of_rows.len());
        outline.judgments = session.judgments();
        outline
    }

    /// Whether its steps are still right: since it was made, rows and findings were only added at the
    /// end.
    #[must_use]
    pub fn fits(&self, view: &SessionView) -> bool {
        self.judgments == view.session().judgments()
            && self.ends == ends(view, self.steps_of_rows.len())
    }

    /// The step of a row of the timeline.
    #[must_use]
    pub fn step_of(&self, row: usize) -> Option<usize> {
        self.steps_of_rows.get(row).copied()
    }

    /// What a step says, in words.
    #[must_use]
    pub fn rung(&self, view: &SessionView, step: usize) -> Option<Rung> {
        match self.steps.get(step)?.kind {
            StepKind::Call(id) => Some(heading(&view.call_name(id), &view.session().call(id)?)),
            StepKind::Message(row) | StepKind::Break(row) | StepKind::Remark(row) => {
                rung(view, row)
            }
            StepKind::Finding(position) => {
                let finding = view.session().findings().get(position)?;
                Some(Rung::Finding(FindingMark::new(view, finding)))
            }
        }
    }

    fn push_finding(&mut self, (at, position, id): (Millis, usize, ConversationId), in_: &Places) {
        let kind = StepKind::Finding(position);
        let lanes = in_.of(id);
        self.steps.push(Step { at, kind, lanes });
    }

    /// Extends a call's band by the next step.
    fn extend_band(
        &mut self,
        call: CallId,
        lanes: (usize, usize),
        severity: Option<Severity>,
        open: &mut HashMap<CallId, usize>,
    ) {
        let step = self.steps.len();
        let index = *open.entry(call).or_insert_with(|| {
            self.bands.push(Band {
                call,
                steps: step..step,
                lanes,
                depth: 0,
                severity: None,
            });
            self.bands.len() - 1
        });
        if let Some(band) = self.bands.get_mut(index) {
            band.steps.end = step + 1;
            band.severity = band.severity.max(severity);
        }
    }

    /// Places overlapping calls side by side.
    fn lay_beside(&mut self) {
        let mut open: Vec<Band> = Vec::new();
        for band in &mut self.bands {
            open.retain(|it| it.steps.end > band.steps.start);
            let same = || open.iter().filter(|it| it.lanes == band.lanes);
            let is_free = |depth: &usize| same().all(|it| it.depth != *depth);
            band.depth = (0..=open.len()).find(is_free).unwrap_or_default();
            open.push(band.clone());
        }
    }

    /// Removes lanes in which nothing is shown.
    fn keep_lanes(&mut self, places: Places) {
        let mut is_used = vec![self.steps.iter().all(|it| it.lanes.is_none()); places.lanes.len()];
        for (host, widget) in self.steps.iter().filter_map(|step| step.lanes) {
            for lane in [host, widget] {
                if let Some(is_used) = is_used.get_mut(lane) {
                    *is_used = true;
                }
            }
        }
        let mut left = 0;
        let mut now = Vec::with_capacity(is_used.len());
        for is_used in &is_used {
            now.push(left);
            left += usize::from(*is_used);
        }
        let moved = |lane: usize| now.get(lane).copied().unwrap_or_default();
        let steps = self.steps.iter_mut().filter_map(|step| step.lanes.as_mut());
        for (host, widget) in steps.chain(self.bands.iter_mut().map(|band| &mut band.lanes)) {
            (*host, *widget) = (moved(*host), moved(*widget));
        }
        let lanes = places.lanes.into_iter().zip(is_used);
        self.lanes = lanes
            .filter_map(|(lane, is_used)| is_used.then_some(lane))
            .collect();
    }
}

/// The visible findings that belong to no message, each with time, index and conversation.
fn unanchored(view: &SessionView) -> Vec<(Millis, usize, ConversationId)> {
    let all = view.session().findings().iter().enumerate();
    let mut unanchored: Vec<_> = all
        .filter(|(_, finding)| finding.seq.is_none() && view.tells(finding))
        .filter(|(_, finding)| !says_its_gap(view.session(), finding))
        .map(|(position, finding)| (finding.at, position, finding.conversation))
        .collect();
    // The sort is stable, so ties stay in the checker's order.
    unanchored.sort_by(|left, right| left.0.0.total_cmp(&right.0.0));
    unanchored
}

const fn conversation_of(fact: &Fact) -> Option<ConversationId> {
    match fact {
        Fact::Message(recorded) => Some(recorded.conversation),
        Fact::Gap(gap) => gap.conversation,
        Fact::Closed(closed) => Some(closed.conversation),
        Fact::Conversation(start) => Some(start.id),
        Fact::Inside(inside) => inside.conversation,
        Fact::Setting(_) | Fact::End(_) => None,
    }
}

/// Which lanes each conversation uses.
#[derive(Debug, Default)]
struct Places {
    lanes: Vec<Lane>,
    of: HashMap<ConversationId, (usize, usize)>,
}

impl Places {
    fn new<'a>(conversations: impl Iterator<Item = &'a Conversation>) -> Self {
        // Widgets stand to the right of the host that they talk to.
        let mut hosts: Vec<(&Conversation, Vec<Vec<&Conversation>>)> = Vec::new();
        for conversation in conversations {
            let is_same = |it: &Conversation| {
                it.host_origin == conversation.host_origin
                    && it.in_calling_window == conversation.in_calling_window
            };
            let known = hosts.iter().position(|(host, _)| is_same(host));
            let host = known.unwrap_or(hosts.len());
            if known.is_none() {
                hosts.push((conversation, Vec::new()));
            }
            let Some((_, widgets)) = hosts.get_mut(host) else {
                continue;
            };
            let before = widgets.iter_mut().find(|frame| {
                frame
                    .last()
                    .is_some_and(|last| conversation.continues == Some(last.id))
            });
            match before {
                Some(frame) => frame.push(conversation),
                None => widgets.push(vec![conversation]),
            }
        }
        let widget_count: usize = hosts.iter().map(|(_, widgets)| widgets.len()).sum();
        let mut places = Self::default();
        let mut number = 0;
        for (host, widgets) in hosts {
            let title = if host.in_calling_window {
                "HubSpot's calling window"
            } else {
                "HubSpot"
            };
            let of_host = places.lanes.len();
            let conversations = widgets.iter().flatten();
            places.lanes.push(Lane {
                side: Side::Host,
                title: title.to_owned(),
                origin: shown(host.host_origin.as_deref()),
                conversations: conversations.map(|it| it.id).collect(),
            });
            for frame in widgets {
                number += 1;
                let title = if widget_count > 1 {
                    format!("widget {number}")
                } else {
                    "widget".to_owned()
                };
                let last = frame
                    .iter()
                    .rev()
                    .find_map(|it| it.widget_origin.as_deref());
                let of_widget = places.lanes.len();
                for conversation in &frame {
                    places.of.insert(conversation.id, (of_host, of_widget));
                }
                places.lanes.push(Lane {
                    side: Side::Widget,
                    title,
                    origin: shown(last),
                    conversations: frame.iter().map(|it| it.id).collect(),
                });
            }
        }
        places
    }

    fn of(&self, id: ConversationId) -> Option<(usize, usize)> {
        self.of.get(&id).copied()
    }
}

fn shown(origin: Option<&str>) -> String {
    name(words::known_origin(origin)).into_owned()
}
