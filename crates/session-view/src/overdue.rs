//! A request that is not answered, while it happens.
//!
//! Rule H07 tells of it after 10 s, when it is certain; who watches wants to know at once.

use callscope_protocol::{ConversationId, Fact, GapReason, MessageType, Millis, Side};

use crate::{SessionView, words};

/// From when on it is worth a word. A widget that dials answers within a second.
const WORTH_A_WORD: Millis = Millis(2_000.0);

/// A `DIAL_NUMBER` that the widget has not answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overdue {
    /// Its number.
    pub request: u64,
    /// For how long.
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

/// The `DIAL_NUMBER` of a conversation that is not answered at this time, if that is worth a word.
#[must_use]
pub fn dial(view: &SessionView, id: ConversationId, now: Millis) -> Option<Overdue> {
    let session = view.session();
    let asked = session.waiting(id).find(|it| {
        let is_dial = it.answers.contains(&MessageType::OutgoingCallStarted);
        is_dial && now - it.since >= WORTH_A_WORD
    })?;
    // What the widget says may not be heard at all.
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
