//! Which conversation a message belongs to.

mod halves;
mod places;
mod routes;

use callscope_bus::{ParkedConversation, bounds};
use callscope_protocol::{
    Closed, ConversationId, ConversationStart, Gap, GapReason, MessageType, Millis, Side,
};

use super::documents::{DocIx, Documents};
use super::filed::Filed;
use super::heard::{Direction, Heard, Passed};
use super::pairing::{FromChild, Pairing};
use crate::speech::Speech;

pub(crate) use self::routes::NoRoute;

/// The most messages kept of a pair before either speaks the protocol.
const MOST_UNDECIDED: usize = bounds::UNDECIDED_MESSAGES;
/// The limit for such messages of all pairs, in bytes: any frame can send a few.
const MOST_UNDECIDED_BYTES: usize = bounds::UNDECIDED_BYTES;

/// The origin of a sandboxed frame, as the browser serializes it.
pub(crate) const OPAQUE: &str = "null";

#[derive(Debug)]
struct Pair {
    host: Option<DocIx>,
    /// The widget's window as the host sees it: slot and last index.
    window: Option<(u32, u32)>,
    widget: Option<DocIx>,
    widget_origin: Option<String>,
    /// The origin that messages to the widget came from.
    host_origin: Option<String>,
    first_at: f64,
    undecided: Vec<Heard>,
    started: Option<Started>,
    closed: Option<Side>,
}

#[derive(Debug)]
struct Started {
    id: ConversationId,
    at: f64,
    /// Documents whose late start is on record as a gap.
    late_recorded: Vec<DocIx>,
    /// Whether the content script was requested in the frames that may hold the missing half.
    frames_asked: bool,
    missing_half_recorded: bool,
}

impl Pair {
    fn is_window(&self, host: DocIx, slot: u32) -> bool {
        self.host == Some(host) && self.window.is_some_and(|(known, _)| known == slot)
    }
}

fn bytes_of(undecided: &[Heard]) -> usize {
    undecided.iter().map(Heard::bytes).sum()
}

/// All conversations of the page.
#[derive(Debug, Default)]
pub(crate) struct Conversations {
    pairs: Vec<Pair>,
    /// The size of the undecided messages of all pairs, in bytes.
    undecided_bytes: usize,
    count: u32,
}

impl Conversations {
    /// Files a message: returns the facts that follow from it, in order.
    ///
    /// For a message that belongs to no conversation, there are none.
    pub(crate) fn file(
        &mut self,
        documents: &Documents,
        pairing: &mut Pairing,
        heard: Heard,
    ) -> Vec<Filed> {
        let speech = heard.message.speech();
        let place = match heard.direction {
            Direction::FromParent => {
                self.place_of_widget(documents, pairing, documents.meant(heard.by))
            }
            Direction::ToChild { slot } => {
                let same = |pair: &Pair| pair.is_window(heard.by, slot);
                match self.pairs.iter().rposition(same) {
                    Some(place) => place,
                    None => return Vec::new(),
                }
            }
            Direction::FromChild { slot, index } => {
                let from = FromChild {
                    host: heard.by,
                    slot,
                    index,
                    origin: &heard.origin,
                    at: heard.at,
                    instance: match speech {
                        // A SYNC_ACK repeats the id of the host's SYNC.
                        Speech::Distinct(MessageType::SyncAck) => None,
                        _ => heard.message.instance(),
                    },
                };
                self.place_of_child(documents, pairing, &from)
            }
        };
        let undecided = self.undecided_bytes;
        let Some(pair) = self.pairs.get_mut(place) else {
            return Vec::new();
        };
        if heard.direction == Direction::FromParent && pair.host_origin.is_none() {
            pair.host_origin = Some(heard.origin.clone());
        }
        if pair.started.is_none() && !matches!(speech, Speech::Distinct(_)) {
            let bytes = heard.bytes();
            if pair.undecided.len() < MOST_UNDECIDED && undecided + bytes <= MOST_UNDECIDED_BYTES {
                self.undecided_bytes += bytes;
                pair.undecided.push(heard);
            }
            return Vec::new();
        }

        let mut filed = Vec::new();
        let earlier = std::mem::take(&mut pair.undecided);
        self.undecided_bytes -= bytes_of(&earlier);
        if pair.started.is_none() {
            let first = earlier.first().unwrap_or(&heard);
            let at = first.at.min(heard.at);
            filed.push(self.start(documents, place, at));
        }
        if let Some(pair) = self.pairs.get_mut(place)
            && let Some(started) = &mut pair.started
        {
            filed.extend(late_starts(documents, pair.host, pair.widget, started));
            for heard in earlier.into_iter().chain([heard]) {
                filed.push(Filed::Message(Passed {
                    conversation: started.id,
                    heard,
                }));
            }
        }
        filed
    }

    fn start(&mut self, documents: &Documents, place: usize, at: f64) -> Filed {
        self.count += 1;
        let id = ConversationId(self.count);
        let continues = self.predecessor(documents, place);
        let origin = |ix: Option<DocIx>| {
            ix.and_then(|ix| documents.get(ix))
                .map(|document| document.hello.origin.clone())
        };
        let mut start = ConversationStart {
            id,
            at: Millis(at),
            continues,
            host_origin: None,
            widget_origin: None,
            in_calling_window: false,
        };
        if let Some(pair) = self.pairs.get_mut(place) {
            // The widget's document exists before its first message.
            let widget = pair.widget.and_then(|widget| documents.get(widget));
            let at = widget.map_or(at, |widget| widget.hello.at.min(at));
            start.at = Millis(at);
            pair.started = Some(Started {
                id,
                at,
                late_recorded: Vec::new(),
                frames_asked: false,
                missing_half_recorded: false,
            });
            start.host_origin = origin(pair.host);
            start.widget_origin = origin(pair.widget).or_else(|| pair.widget_origin.clone());
        }
        Filed::Start(start)
    }

    /// The latest earlier conversation between the same two frames.
    fn predecessor(&self, documents: &Documents, place: usize) -> Option<ConversationId> {
        let pair = self.pairs.get(place)?;
        let frame = |ix: Option<DocIx>| ix.and_then(|ix| documents.get(ix)).map(|doc| doc.frame);
        self.pairs
            .iter()
            .enumerate()
            .filter(|(other_place, _)| *other_place != place)
            .filter_map(|(_, other)| Some((other, other.started.as_ref()?.id)))
            .filter(|(other, _)| {
                let widget =
                    frame(pair.widget).is_some() && frame(other.widget) == frame(pair.widget);
                let window = match (pair.window, other.window) {
                    (Some((one, _)), Some((two, _))) => one == two && pair.host == other.host,
                    _ => false,
                };
                // After the host's frame was reloaded, its new widget is in a new frame as well.
                let host = pair.host != other.host
                    && other.closed.is_some()
                    && frame(pair.host).is_some()
                    && frame(other.host) == frame(pair.host);
                widget || window || host
            })
            .map(|(_, id)| id)
            .max()
    }

    /// A document is gone: closes its conversations.
    pub(crate) fn close(&mut self, document: DocIx, at: f64) -> Vec<Filed> {
        let mut filed = Vec::new();
        for pair in &mut self.pairs {
            let side = if pair.widget == Some(document) {
                Side::Widget
            } else if pair.host == Some(document) {
                Side::Host
            } else {
                continue;
            };
            if pair.closed.is_some() {
                continue;
            }
            pair.closed = Some(side);
            if let Some(Started { id, .. }) = pair.started {
                filed.push(Filed::Closed(Closed {
                    conversation: id,
                    at: Millis(at),
                    side,
                }));
            }
        }
        filed
    }

    /// The widget of a conversation; `None` if it is not known.
    pub(crate) fn widget_of(&self, id: ConversationId) -> Option<DocIx> {
        let mut pairs = self.pairs.iter();
        let is_it = |pair: &&Pair| pair.started.as_ref().is_some_and(|it| it.id == id);
        pairs.find(is_it)?.widget
    }

    /// The conversation that a loss in this document concerns; `None` for all.
    pub(crate) fn heard_by(&self, document: DocIx) -> Option<ConversationId> {
        let mut ids = self
            .pairs
            .iter()
            .filter(|pair| pair.closed.is_none())
            .filter(|pair| pair.widget == Some(document) || pair.host == Some(document))
            .filter_map(|pair| pair.started.as_ref().map(|started| started.id));
        match (ids.next(), ids.next()) {
            (Some(id), None) => Some(id),
            _ => None,
        }
    }

    /// The conversation that a document takes part in, and as which side; if there are several, the
    /// newest.
    pub(crate) fn part_of(&self, document: DocIx) -> Option<(ConversationId, Side)> {
        let mut pairs = self.pairs.iter().rev();
        pairs.find_map(|pair| {
            let id = pair.started.as_ref()?.id;
            if pair.widget == Some(document) {
                Some((id, Side::Widget))
            } else {
                (pair.host == Some(document)).then_some((id, Side::Host))
            }
        })
    }

    /// Whether this document is the widget of a conversation.
    pub(crate) fn has(&self, document: DocIx) -> bool {
        self.pairs
            .iter()
            .any(|pair| pair.started.is_some() && pair.widget == Some(document))
    }

    /// The widgets without a tap: origin, host, and index in the host.
    pub(crate) fn untapped(&self) -> impl Iterator<Item = (&str, Option<(DocIx, u32)>)> {
        self.pairs
            .iter()
            .filter(|pair| pair.started.is_some() && pair.widget.is_none() && pair.closed.is_none())
            .filter_map(|pair| {
                let place = pair.host.zip(pair.window.map(|(_, index)| index));
                Some((pair.widget_origin.as_deref()?, place))
            })
    }

    /// Whether a conversation was dated by what the host had heard before this widget's tap said
    /// hello, although the widget's page began to load earlier.
    pub(crate) fn was_dated_late(&self, documents: &Documents, widget: DocIx) -> bool {
        let document = documents.get(widget).filter(|it| it.hello.from_start);
        document.is_some_and(|document| {
            let mut pairs = self.pairs.iter().filter(|pair| pair.widget == Some(widget));
            pairs.any(|pair| {
                let started = pair.started.as_ref();
                started.is_some_and(|started| document.hello.at < started.at)
            })
        })
    }

    /// Forgets all pairs, because what they were based on turned out to be wrong; returns their
    /// undecided messages.
    pub(crate) fn forget(&mut self) -> Vec<Heard> {
        std::mem::take(self)
            .pairs
            .into_iter()
            .flat_map(|pair| pair.undecided)
            .collect()
    }

    /// The conversations that have started, in the order in which their pairs were found.
    pub(crate) fn park(&self, documents: &Documents) -> Vec<ParkedConversation> {
        let name = |ix: Option<DocIx>| {
            let document = documents.get(ix?)?;
            Some(document.hello.document.clone())
        };
        let parked = self.pairs.iter().filter_map(|pair| {
            let started = pair.started.as_ref()?;
            Some(ParkedConversation {
                conversation: started.id.0,
                began: started.at,
                host: name(pair.host),
                slot: pair.window.map(|(slot, _)| slot),
                widget: name(pair.widget),
                widget_origin: pair.widget_origin.clone(),
                closed: pair.closed.is_some(),
                half_missing: started.missing_half_recorded,
            })
        });
        parked.collect()
    }
}

fn index_of(documents: &Documents, widget: DocIx) -> u32 {
    documents
        .get(widget)
        .and_then(|document| document.hello.path.last().copied())
        .unwrap_or(0)
}

fn late_starts(
    documents: &Documents,
    host: Option<DocIx>,
    widget: Option<DocIx>,
    started: &mut Started,
) -> Vec<Filed> {
    let mut filed = Vec::new();
    for ix in [host, widget].into_iter().flatten() {
        if let Some(document) = documents.get(ix)
            && !document.hello.from_start
            && !started.late_recorded.contains(&ix)
        {
            started.late_recorded.push(ix);
            filed.push(gap(started, document.hello.at, GapReason::LateStart));
        }
    }
    filed
}

fn gap(started: &Started, at: f64, why: GapReason) -> Filed {
    Filed::Gap(Gap {
        at: Millis(at),
        conversation: Some(started.id),
        lost: None,
        why,
    })
}
