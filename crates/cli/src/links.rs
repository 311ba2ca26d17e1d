//! Requests and their answers, and how long each answer took.
//!
//! What answers what is the catalogue's; messages alone do not say which request an answer is
//! for, so the oldest that waits gets it. Only a `SYNC_ACK` names its `SYNC`.

use std::collections::{BTreeMap, VecDeque};

use callscope_protocol::{ConversationId, Frame, Message, MessageType, Millis};

/// An answer that came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    pub(crate) request: MessageType,
    /// What kind of answer: `CREATE_ENGAGEMENT` for its success and its failure.
    pub(crate) answer: &'static str,
    pub(crate) request_seq: u64,
    pub(crate) answer_seq: u64,
    pub(crate) latency: Millis,
}

/// A request that waits for one kind of answer.
#[derive(Clone, Debug)]
struct Open {
    request: MessageType,
    answer: &'static str,
    seq: u64,
    at: Millis,
    /// Set for `SYNC`.
    id: Option<String>,
}

/// Enough for a host that repeats `SYNC` for 30 s.
const MANY: usize = 400;

/// Ties answers to requests.
#[derive(Debug, Default)]
pub(crate) struct Links {
    open: BTreeMap<ConversationId, VecDeque<Open>>,
}

impl Links {
    /// Looks at the next message; returns the requests that it answers.
    pub(crate) fn observe(&mut self, frame: &Frame, message: &Message) -> Vec<Link> {
        let Some(ty) = message
            .known()
            .filter(|ty| ty.spec().direction.allows(frame.from))
        else {
            return Vec::new();
        };
        let open = self.open.entry(frame.conversation).or_default();
        let id = message.message_id();
        let mut links = Vec::new();
        let answer = kind(ty);
        // One message can answer a request of each kind, the oldest of each.
        let is_for = |it: &Open| {
            it.answer == answer && it.id.as_deref().is_none_or(|it| id.as_deref() == Some(it))
        };
        if let Some(index) = open.iter().position(is_for)
            && let Some(request) = open.remove(index)
        {
            links.push(Link {
                request: request.request,
                answer,
                request_seq: request.seq,
                answer_seq: frame.seq,
                latency: frame.at - request.at,
            });
        }
        if ty == MessageType::SyncAck {
            // A new page of the widget, or the same one again: nothing older will be answered.
            open.clear();
            return links;
        }
        if ty == MessageType::DialNumber {
            // A second click asks for the same answer.
            open.retain(|it| it.request != ty);
        }
        let mut kinds: Vec<&'static str> = ty.spec().answers().map(kind).collect();
        kinds.dedup();
        for answer in kinds {
            if open.len() == MANY {
                open.pop_front();
            }
            let id = id
                .as_deref()
                .filter(|_| ty == MessageType::Sync)
                .map(str::to_owned);
            open.push_back(Open {
                request: ty,
                answer,
                seq: frame.seq,
                at: frame.at,
                id,
            });
        }
        links
    }
}

/// The name of an answer without how it turned out.
fn kind(ty: MessageType) -> &'static str {
    let name = ty.name();
    let name = name.strip_suffix("_SUCCEEDED").unwrap_or(name);
    name.strip_suffix("_FAILED").unwrap_or(name)
}

/// Spans of time, for percentiles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans(Vec<f64>);

impl Spans {
    pub(crate) fn push(&mut self, Millis(span): Millis) {
        self.0.push(span);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Puts the spans in order, as [`percentile`](Self::percentile) needs them.
    pub(crate) fn sort(&mut self) {
        self.0.sort_by(f64::total_cmp);
    }

    /// The span that `percent` of all do not exceed (nearest rank); 0 gives the shortest, 100
    /// the longest.
    pub(crate) fn percentile(&self, percent: usize) -> Option<Millis> {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().map(Millis)
    }
}

#[cfg(test)]
mod tests {
    use callscope_protocol::Side;

    use super::*;

    #[track_caller]
    fn check(frames: &[(u32, Side, &str, &str)], expected: &[(u64, u64, &str)]) {
        let mut links = Links::default();
        let mut found = Vec::new();
        for ((at, from, ty, id), seq) in frames.iter().zip(1..) {
            let text = format!(r#"{{"type":"{ty}","messageId":"{id}"}}"#);
            let frame = Frame {
                seq,
                at: Millis(f64::from(*at)),
                conversation: ConversationId::default(),
                from: *from,
                origin: String::new(),
                injected: false,
                message: text.into(),
                cloned: BTreeMap::new(),
                truncated: None,
            };
            found.extend(links.observe(&frame, &Message::decode(&frame.message)));
        }
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.request_seq, it.answer_seq, it.answer))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn answers_find_their_requests() {
        use Side::{Host, Widget};
        check(
            &[
                (0, Host, "SYNC", "1_1"),
                (100, Host, "SYNC", "1_2"),
                (130, Widget, "SYNC_ACK", "1_2"),
                (200, Host, "DIAL_NUMBER", "1_3"),
                (300, Host, "DIAL_NUMBER", "1_4"),
                (400, Widget, "OUTGOING_CALL_STARTED", "2_1"),
                (500, Host, "INITIATE_CALL_ID_FAILED", "1_5"),
                (600, Host, "CREATE_ENGAGEMENT_SUCCEEDED", "1_6"),
                (700, Host, "CREATE_ENGAGEMENT_SUCCEEDED", "1_7"),
                (800, Host, "CALL_ENDED", "1_8"),
            ],
            &[
                (2, 3, "SYNC_ACK"),
                (5, 6, "OUTGOING_CALL_STARTED"),
                (6, 7, "INITIATE_CALL_ID"),
                (6, 8, "CREATE_ENGAGEMENT"),
            ],
        );
    }

    #[test]
    fn percentiles_are_spans_that_were_measured() {
        let mut spans = Spans::default();
        assert_eq!(spans.percentile(50), None);
        for span in [5.0, 1.0, 4.0, 2.0, 3.0] {
            spans.push(Millis(span));
        }
        spans.sort();
        let percentiles = [0, 20, 50, 90, 100].map(|percent| spans.percentile(percent).unwrap().0);
        assert_eq!(
            percentiles.map(|it| it.to_string()),
            ["1", "1", "3", "5", "5"]
        );
    }
}
