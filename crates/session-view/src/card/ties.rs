//! What ties a message to others: its call, its request, its answers.

use callscope_protocol::{Frame, Millis};
use callscope_session_log::Session;
use callscope_session_log::words;

use super::named;

/// A message to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub seq: u64,
    /// What it is called here: "3 `CALL_ENDED`", "call 1".
    pub text: String,
}

/// One tie of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// "answers", "answered by", "waiting", "belongs to".
    pub label: &'static str,
    /// The other message.
    pub link: Option<Link>,
    /// What follows the link: "after 340 ms".
    pub words: String,
    /// It waits for its answer: the words change as time passes.
    pub is_waiting: bool,
}

impl Tie {
    /// The tie without its label: "3 `DIAL_NUMBER` after 340 ms".
    #[must_use]
    pub fn text(&self) -> String {
        match &self.link {
            Some(link) => format!("{} {}", link.text, self.words),
            None => self.words.clone(),
        }
    }
}

/// The ties of a message; `now` is until when the session is known.
pub(super) fn ties(session: &Session, frame: &Frame, now: Option<Millis>) -> Vec<Tie> {
    let placement = session.placement(frame.seq);
    let after = |label, seq, latency| Tie {
        label,
        link: Some(Link {
            seq,
            text: named(session, seq),
        }),
        words: format!("after {}", words::duration(latency)),
        is_waiting: false,
    };
    let mut ties = Vec::new();
    if let Some(answer) = placement.answers {
        ties.push(after("answers", answer.request, answer.latency));
    }
    for (seq, answer) in session.answers_to(frame.seq) {
        ties.push(after("answered by", seq, answer.latency));
    }
    let mut waiting = session.waiting(frame.conversation);
    if let Some(waiting) = waiting.find(|it| it.request == frame.seq) {
        let last = || session.facts().last().map(|last| last.fact.at());
        let now = now.or_else(last).unwrap_or(waiting.since);
        let lacking: Vec<&str> = waiting.answers.iter().map(|it| it.name()).collect();
        ties.push(Tie {
            label: "waiting",
            link: None,
            words: format!(
                "{} for {}",
                words::seconds(now - waiting.since),
                lacking.join(" or ")
            ),
            is_waiting: true,
        });
    }
    if let Some(call) = placement.call.and_then(|id| session.call(id)) {
        let name = format!("call {}", call.id.serial);
        let words = format!("· {}", words::call(&call));
        let is_first = call.first_seq == frame.seq;
        ties.push(Tie {
            label: "belongs to",
            words: if is_first {
                format!("{name} {words}")
            } else {
                words
            },
            link: (!is_first).then_some(Link {
                seq: call.first_seq,
                text: name,
            }),
            is_waiting: false,
        });
    }
    ties
}
