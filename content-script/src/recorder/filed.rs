//! Facts for the history.

use callscope_protocol::{Closed, ConversationId, ConversationStart, Gap, Millis, Setting};
use callscope_session_log::{write_closed, write_conversation, write_gap, write_setting};

use super::heard::Passed;
use super::inside::InsideReport;

/// A fact of the session, not yet numbered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filed {
    /// A message.
    Message(Passed),
    /// Messages are missing here.
    Gap(Gap),
    /// Two documents were paired.
    Start(ConversationStart),
    /// A document is gone.
    Closed(Closed),
    /// A local setting was read.
    Setting(Setting),
    /// A page reported something about itself.
    Inside(Box<InsideReport>),
}

impl Filed {
    /// When it happened.
    pub(crate) fn at(&self) -> Millis {
        match self {
            Self::Message(passed) => Millis(passed.heard.at),
            Self::Gap(gap) => gap.at,
            Self::Start(start) => start.at,
            Self::Closed(closed) => closed.at,
            Self::Setting(setting) => setting.at,
            Self::Inside(report) => Millis(report.at),
        }
    }

    /// The conversation that it is about; `None` if it is about all of them or none.
    pub(crate) fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Message(passed) => Some(passed.conversation),
            Self::Gap(gap) => gap.conversation,
            Self::Start(start) => Some(start.id),
            Self::Closed(closed) => Some(closed.conversation),
            Self::Setting(_) => None,
            Self::Inside(report) => report.conversation,
        }
    }

    /// Its log line; for a message, with this number.
    pub(crate) fn line(&self, seq: u64) -> String {
        match self {
            Self::Message(passed) => passed.line(seq),
            Self::Gap(gap) => write_gap(gap),
            Self::Start(start) => write_conversation(start),
            Self::Closed(closed) => write_closed(closed),
            Self::Setting(setting) => write_setting(setting),
            Self::Inside(report) => report.line(),
        }
    }
}
