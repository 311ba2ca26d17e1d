//! A request that is not answered, while it is waiting.
//!
//! Rule H07 reports it after 10 s, when it is certain; somebody who is watching wants to know at
//! once.

use callscope_protocol::{ConversationId, Fact, GapReason, MessageType, Millis, Side};

use crate::{SessionView, words};

/// How long to wait before mentioning it. A widget that dials answers within a second.
const WORTH_A_WORD: Millis = Millis(2_000.0);

/// A `DIAL_NUMBER` that the widget has not answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overdue {
    /// The number of the message.
    pub request: u64,
    /// How long it has been waiting.
    pub waited: Millis,
}

impl Overdue {
    /// `no answer from the widget for 4 s`.
    #[must_use]
    pub fn words(self) -> String {
        format!(
            "no answer from the widget for {}",
            words::seconds(self.waited)
        )
    }
}

/// A conversation's unanswered `DIAL_NUMBER` at this time, if it has waited long enough to mention.
#[must_use]
pub fn dial(view: &SessionView, id: ConversationId, now: Millis) -> Option<Overdue> {
    let session = view.session();
    let asked = session.waiting(id).find(|it| {
        let is_dial = it.answers.contains(&MessageType::OutgoingCallStarted);
        is_dial && now - it.since >= WORTH_A_WORD
    })?;
    // The widget's messages may not be recorded at all.
    let is_unheard = session.facts().iter().any(|placed| match &placed.fact {
        Fact::Gap(gap) => {
            gap.why == GapReason::HalfMissing(Side::Widget)
                && gap.conversation.is_none_or(|it| it == id)
        }
        _ => false,
    });
    (!is_unheard).then_some(Overdue {
        request: asked.request,
        waited: now - asked.since,
    })
}
