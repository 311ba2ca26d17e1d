//! How a conversation got ready, step by step.

use std::collections::BTreeMap;

use callscope_protocol::{ConversationId, Fact, Link, MessageType, Millis};

use crate::{SessionView, words};

/// The handshake of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Handshake {
    /// The conversation.
    pub conversation: ConversationId,
    /// The steps that were recorded, in the order of the protocol.
    pub steps: Vec<Step>,
    /// The step that is missing.
    pub missing: Option<StepKind>,
}

/// One step of a handshake.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The kind of step.
    pub kind: StepKind,
    /// The id of its fact.
    pub id: u64,
    /// When it happened.
    pub at: Millis,
    /// The time since the earliest step that was seen.
    pub since_first: Millis,
    /// The time since the previous step; 0 for the first.
    pub took: Millis,
    /// How many messages of this type came before the next step; 0 if it is not a message.
    pub count: u64,
}

/// A step of a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// Callscope began to listen in the widget's frame: before the page's own scripts, unless the
    /// recording began after the page had loaded.
    FrameLoad,
    /// The first `SYNC`.
    Sync,
    /// `SYNC_ACK`
    SyncAck,
    /// `INITIALIZED`
    Initialized,
}

impl StepKind {
    const ALL: [Self; 4] = [
        Self::FrameLoad,
        Self::Sync,
        Self::SyncAck,
        Self::Initialized,
    ];

    /// Its name in a chart.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FrameLoad => "iframe load",
            Self::Sync => "first SYNC",
            Self::SyncAck => "SYNC_ACK",
            Self::Initialized => "INITIALIZED",
        }
    }

    const fn of(known: MessageType) -> Option<Self> {
        match known {
            MessageType::Sync => Some(Self::Sync),
            MessageType::SyncAck => Some(Self::SyncAck),
            MessageType::Initialized => Some(Self::Initialized),
            _ => None,
        }
    }
}

impl Step {
    /// `SYNC_ACK after 2.1 ms`, `first SYNC after 340 ms, 12 sent`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = self.kind.name().to_owned();
        // Of the first there is nothing before.
        if self.since_first.0 > 0.0 {
            words.push_str(" after ");
            words.push_str(&words::duration(self.took));
        }
        if self.count > 1 {
            words.push_str(", ");
            words.push_str(&words::count(self.count));
            words.push_str(" sent");
        }
        words
    }
}

impl Handshake {
    /// How long the handshake took in all.
    #[must_use]
    pub fn span(&self) -> Millis {
        self.steps.last().map_or(Millis(0.0), |it| it.since_first)
    }

    /// The steps in one line: `iframe load, first SYNC after 340 ms, …`.
    #[must_use]
    pub fn words(&self) -> String {
        let steps: Vec<String> = self.steps.iter().map(Step::words).collect();
        let missing = self.missing.map(|it| format!(", no {}", it.name()));
        format!("{}{}", steps.join(", "), missing.unwrap_or_default())
    }
}

/// The handshakes of a session, by conversation, as a whole. Left out are conversations without
/// recorded messages, and those of which `is_chosen` selects no message by its position in the
/// session.
#[must_use]
pub fn handshakes(view: &SessionView, is_chosen: impl Fn(usize) -> bool) -> Vec<Handshake> {
    let session = view.session();
    let ids = session.conversations().map(|it| it.id);
    let mut all: BTreeMap<ConversationId, Gathered> =
        ids.map(|id| (id, Gathered::default())).collect();
    for (position, placed) in session.facts().iter().enumerate() {
        let (id, kind) = match &placed.fact {
            Fact::Conversation(start) => (start.id, Some(StepKind::FrameLoad)),
            Fact::Message(recorded) => {
                let known = view.digest(placed.id).and_then(|it| it.known);
                (recorded.conversation, known.and_then(StepKind::of))
            }
            _ => continue,
        };
        let Some(gathered) = all.get_mut(&id) else {
            continue;
        };
        let is_message = placed.message().is_some();
        gathered.is_chosen = gathered.is_chosen || (is_message && is_chosen(position));
        if let Some(kind) = kind {
            gathered.add(kind, placed.id, placed.fact.at());
        }
    }
    let chosen = all.into_iter().filter(|(_, it)| it.is_chosen);
    chosen.filter_map(|(id, it)| it.finish(id, view)).collect()
}

/// Whether the widget answered a `SYNC` that came before its frame was loaded: then the start of
/// the conversation was dated by a message that reached the recorder sooner.
fn was_dated_late(steps: &[Step], view: &SessionView) -> bool {
    let [load, rest @ ..] = steps else {
        return false;
    };
    let session = view.session();
    let ack = rest.iter().find(|it| it.kind == StepKind::SyncAck);
    let ack = ack.and_then(|it| session.facts().get(session.position(it.id)?)?.message());
    let answer = ack.and_then(|it| session.placement(it.seq).answers);
    let sync = answer.and_then(|it| session.message(it.request));
    load.kind == StepKind::FrameLoad && sync.is_some_and(|it| it.at < load.at)
}

#[derive(Debug, Default)]
struct Gathered {
    steps: Vec<Step>,
    /// Whether a message of the conversation is chosen.
    is_chosen: bool,
}

impl Gathered {
    fn add(&mut self, kind: StepKind, id: u64, at: Millis) {
        let last = self.steps.last_mut();
        if let Some(last) = last {
            if last.kind == kind && kind == StepKind::Sync {
                last.count += 1;
            }
            if last.kind >= kind {
                return;
            }
        }
        let before = self.steps.last().map_or(at, |it| it.at);
        self.steps.push(Step {
            kind,
            id,
            at,
            since_first: Millis(0.0),
            took: Millis((at - before).0.max(0.0)),
            count: u64::from(kind != StepKind::FrameLoad),
        });
    }

    fn finish(self, conversation: ConversationId, view: &SessionView) -> Option<Handshake> {
        let Self { mut steps, .. } = self;
        if was_dated_late(&steps, view) {
            steps.retain(|it| it.kind != StepKind::FrameLoad);
        }
        // Messages that arrived before the widget's page are listed after the load, but are
        // earlier.
        let earliest = steps.iter().map(|it| it.at.0).fold(f64::INFINITY, f64::min);
        for step in &mut steps {
            step.since_first = Millis((step.at.0 - earliest).max(0.0));
        }
        let last = steps.last()?.kind;
        if last == StepKind::FrameLoad {
            return None;
        }
        let link = &view.session().conversation(conversation)?.link;
        // If the handshake was not recorded, the step may have happened.
        let is_incomplete = !matches!(link, Link::Joined | Link::Initialized { .. });
        let next = StepKind::ALL.into_iter().find(|it| *it > last);
        Some(Handshake {
            conversation,
            steps,
            missing: next.filter(|_| is_incomplete),
        })
    }
}
