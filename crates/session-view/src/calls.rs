//! Calls, and which message answers which.

mod table;

pub use table::{CallRow, CallTable, Engagement, Lasting, Worst, table};

use std::collections::HashMap;

use callscope_protocol::{
    Call, CallId, Category, ConversationId, Fact, MessageType, Millis, RecordedMessage, Waiting,
};
use callscope_session_log::Placed;

use crate::{SessionView, words};

/// How a message relates to another one, or to a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Tie {
    /// It answers this message.
    Answers {
        /// The request.
        seq: u64,
        /// How long the answer took.
        latency: Millis,
    },
    /// This message answers it.
    AnsweredBy {
        /// The answer.
        seq: u64,
        /// How long the answer took.
        latency: Millis,
    },
    /// It has not been answered yet.
    Waits {
        /// How long it has been waiting.
        waited: Millis,
        /// Any of these answers it.
        answers: &'static [MessageType],
    },
    /// It belongs to this call.
    BelongsTo(Box<Call>),
}

/// A message's ties; `now` is the time until which the session is known.
#[must_use]
pub fn ties(view: &SessionView, recorded: &RecordedMessage, now: Option<Millis>) -> Vec<Tie> {
    let session = view.session();
    let placement = session.placement(recorded.seq);
    let mut ties = Vec::new();
    ties.extend(placement.answers.map(|answer| Tie::Answers {
        seq: answer.request,
        latency: answer.latency,
    }));
    ties.extend(
        session
            .answers_to(recorded.seq)
            .map(|(seq, answer)| Tie::AnsweredBy {
                seq,
                latency: answer.latency,
            }),
    );
    ties.extend(waits(view, recorded).map(|waiting| Tie::Waits {
        waited: now.map_or(Millis(0.0), |now| now - waiting.since),
        answers: waiting.answers,
    }));
    ties.extend(call_of(view, recorded.seq).map(|call| Tie::BelongsTo(Box::new(call))));
    ties
}

/// What a message waits for, and since when, if it is not answered.
#[must_use]
pub fn waits(view: &SessionView, recorded: &RecordedMessage) -> Option<Waiting> {
    let mut waiting = view.session().waiting(recorded.conversation);
    waiting.find(|it| it.request == recorded.seq)
}

/// The call that the message with this number belongs to.
#[must_use]
pub fn call_of(view: &SessionView, seq: u64) -> Option<Call> {
    let id = view.session().placement(seq).call?;
    view.session().call(id)
}

/// Whether an entry is about the call that it belongs to, so that what is wrong with it is wrong
/// with the call: not if it only came while the call was in progress, such as `LOGGED_OUT`.
pub(crate) fn is_about_call(view: &SessionView, placed: &Placed) -> bool {
    let known = match &placed.fact {
        Fact::Message(recorded) => {
            // An answer belongs to the call of its request.
            if view.session().placement(recorded.seq).answers.is_some() {
                return true;
            }
            view.digest(placed.id).and_then(|digest| digest.known)
        }
        Fact::Inside(inside) => inside.type_name.as_deref().and_then(MessageType::from_name),
        _ => None,
    };
    known.is_none_or(|ty| match ty.spec().category {
        Category::Transport | Category::Error | Category::Session => false,
        Category::Outbound | Category::Inbound | Category::Call | Category::Engagement => true,
    })
}

/// A call and, if there are several conversations, its conversation: `call 1`, `call 1 of
/// conversation 2`.
#[must_use]
pub fn name(id: CallId, has_conversations: bool) -> String {
    if has_conversations {
        format!("call {} of conversation {}", id.serial, id.conversation.0)
    } else {
        format!("call {}", id.serial)
    }
}

impl SessionView {
    /// [`name`], with the conversation where the session has several.
    #[must_use]
    pub fn call_name(&self, id: CallId) -> String {
        name(id, self.session().conversations().nth(1).is_some())
    }
}

/// The filter that shows only one call: `call:1`, or `conv:2 call:1` if there are several
/// conversations, because each numbers its own calls.
#[must_use]
pub fn filter(id: CallId, has_conversations: bool) -> String {
    if has_conversations {
        format!("conv:{} call:{}", id.conversation.0, id.serial)
    } else {
        format!("call:{}", id.serial)
    }
}

/// Decides where a list of messages has a call's heading: where the call begins, and where its
/// messages come after those of another call.
#[derive(Clone, Debug, Default)]
pub struct Headings(HashMap<ConversationId, CallId>);

impl Headings {
    /// The call whose heading stands before the next message, if there is one.
    pub fn before(&mut self, view: &SessionView, seq: u64) -> Option<Call> {
        let call = call_of(view, seq)?;
        let last = self.0.insert(call.id.conversation, call.id);
        (last != Some(call.id)).then_some(call)
    }
}

/// A message to go to, and the link's text: `3 DIAL_NUMBER`, `call 1`.
pub type Link = (u64, String);

/// A tie as a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TieLine {
    /// `answers`, `answered by`, `waiting` or `belongs to`.
    pub name: &'static str,
    /// The other message.
    pub other: Option<Link>,
    /// The text after the link: `after 340 ms`.
    pub words: String,
}

/// The name of the line about the message's call.
const BELONGS_TO: &str = "belongs to";

impl TieLine {
    /// Whether it is about the message's call.
    #[must_use]
    pub fn is_of_call(&self) -> bool {
        self.name == BELONGS_TO
    }

    /// The line without its name: `3 DIAL_NUMBER after 340 ms`.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.other {
            Some((_, other)) => format!("{other} {}", self.words),
            None => self.words.clone(),
        }
    }
}

impl Tie {
    /// The tie in words, for the message that it belongs to.
    #[must_use]
    pub fn line(&self, view: &SessionView, recorded: &RecordedMessage) -> TieLine {
        let after = |name, seq, latency| TieLine {
            name,
            other: Some((seq, view.named(seq))),
            words: format!("after {}", words::duration(latency)),
        };
        match self {
            Self::Answers { seq, latency } => after("answers", *seq, *latency),
            Self::AnsweredBy { seq, latency } => after("answered by", *seq, *latency),
            Self::Waits { waited, answers } => {
                let names: Vec<&str> = answers.iter().map(|it| it.name()).collect();
                let waited = words::seconds(*waited);
                TieLine {
                    name: "waiting",
                    other: None,
                    words: format!("no {} yet, {waited}", names.join(" or ")),
                }
            }
            Self::BelongsTo(call) => {
                let name = name(call.id, false);
                let is_first = call.first_seq == recorded.seq;
                let words = words::brief_call(call);
                TieLine {
                    name: BELONGS_TO,
                    words: if is_first {
                        format!("{name}, {words}")
                    } else {
                        words
                    },
                    other: (!is_first).then_some((call.first_seq, name)),
                }
            }
        }
    }
}
