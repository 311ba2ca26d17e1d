//! What HubSpot sends, one row each: when, after which delay, and what can go wrong with it.
//!
//! The delays are the simulator's own choice: no source says how long HubSpot takes for anything
//! but the handshake.

use callscope_protocol::MessageType;
use serde::Serialize;

use crate::{Certainty, Profile};

/// What can go wrong with a message from HubSpot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// It comes later, or sooner, than by default.
    Delay,
    /// `…_FAILED` comes instead.
    Fail,
    /// It never arrives, although what it reports has happened.
    Drop,
    /// It comes twice.
    Duplicate,
    /// It is addressed to another origin than the widget's, so the browser does not deliver it.
    WrongOrigin,
}

impl Fault {
    /// All faults.
    pub const ALL: [Self; 5] = [
        Self::Delay,
        Self::Fail,
        Self::Drop,
        Self::Duplicate,
        Self::WrongOrigin,
    ];

    /// The part of a switch's name after the dot.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Fail => "fail",
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::WrongOrigin => "wrong-origin",
        }
    }
}

/// Identifies a row of [`ANSWERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the rows of the table describe them")]
pub enum AnswerId {
    Sync,
    DialNumber,
    EndCall,
    SetCallState,
    VisibilityChanged,
    InitiateCallId,
    CallerIdMatch,
    CreateEngagement,
    EngagementCreated,
    UpdateEngagement,
    FinalizeEngagement,
    PublishToChannel,
    NavigateToRecord,
    SetWidgetUrl,
}

/// A message, or a pair of messages, that HubSpot sends.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The id of the row.
    pub id: AnswerId,
    /// The part of its switches' names before the dot.
    pub name: &'static str,
    /// The message sent on success; `None` if the answer is a page.
    pub sends: Option<MessageType>,
    /// The message sent instead on failure.
    pub fails_with: Option<MessageType>,
    /// The default delay in milliseconds.
    pub delay_ms: f64,
    /// What triggers it.
    pub after: &'static str,
    /// How certain this is.
    pub certainty: Certainty,
    /// What can go wrong with it.
    pub faults: &'static [Fault],
}

const SENT: &[Fault] = &[
    Fault::Delay,
    Fault::Drop,
    Fault::Duplicate,
    Fault::WrongOrigin,
];
const ANSWERED: &[Fault] = &Fault::ALL;
/// Only its failure is a message.
const FAILS_ONLY: &[Fault] = &[Fault::Delay, Fault::Fail, Fault::Drop];

/// All rows, in the order in which they occur in a call.
pub const ANSWERS: &[Answer] = &[
    Answer {
        id: AnswerId::Sync,
        name: "sync",
        sends: Some(MessageType::Sync),
        fails_with: None,
        delay_ms: 0.0,
        after: "the load of the widget's frame, then every 100 ms until it is acknowledged, for 30 s",
        certainty: Certainty::Certain,
        faults: SENT,
    },
    Answer {
        id: AnswerId::DialNumber,
        name: "dial-number",
        sends: Some(MessageType::DialNumber),
        fails_with: None,
        delay_ms: 100.0,
        after: "a click on a phone number",
        certainty: Certainty::Documented,
        faults: SENT,
    },
    Answer {
        id: AnswerId::EndCall,
        name: "end-call",
        sends: Some(MessageType::EndCall),
        fails_with: None,
        delay_ms: 0.0,
        after: "End call in the call bar",
        certainty: Certainty::Documented,
        faults: SENT,
    },
    Answer {
        id: AnswerId::SetCallState,
        name: "set-call-state",
        sends: Some(MessageType::SetCallState),
        fails_with: None,
        delay_ms: 0.0,
        after: "nothing by itself; HubSpot sends it on a new call, with what is not known",
        certainty: Certainty::Inferred,
        faults: SENT,
    },
    Answer {
        id: AnswerId::VisibilityChanged,
        name: "visibility-changed",
        sends: Some(MessageType::VisibilityChanged),
        fails_with: None,
        delay_ms: 60.0,
        after: "minimizing, closing and restoring the widget",
        certainty: Certainty::Certain,
        faults: SENT,
    },
    Answer {
        id: AnswerId::InitiateCallId,
        name: "initiate-call-id",
        sends: Some(MessageType::InitiateCallIdSucceeded),
        fails_with: Some(MessageType::InitiateCallIdFailed),
        delay_ms: 140.0,
        after: "OUTGOING_CALL_STARTED or INCOMING_CALL with a number",
        certainty: Certainty::Inferred,
        faults: ANSWERED,
    },
    Answer {
        id: AnswerId::CallerIdMatch,
        name: "caller-id-match",
        sends: Some(MessageType::CallerIdMatchSucceeded),
        fails_with: Some(MessageType::CallerIdMatchFailed),
        delay_ms: 220.0,
        after: "INCOMING_CALL",
        certainty: Certainty::Documented,
        faults: ANSWERED,
    },
    Answer {
        id: AnswerId::CreateEngagement,
        name: "create-engagement",
        sends: Some(MessageType::CreateEngagementSucceeded),
        fails_with: Some(MessageType::CreateEngagementFailed),
        delay_ms: 320.0,
        after: "OUTGOING_CALL_STARTED or INCOMING_CALL with createEngagement true",
        certainty: Certainty::Documented,
        faults: ANSWERED,
    },
    Answer {
        id: AnswerId::EngagementCreated,
        name: "engagement-created",
        sends: Some(MessageType::EngagementCreated),
        fails_with: None,
        delay_ms: 335.0,
        after: "the same; deprecated, and not sent if the engagement cannot be created",
        certainty: Certainty::Documented,
        faults: SENT,
    },
    Answer {
        id: AnswerId::UpdateEngagement,
        name: "update-engagement",
        sends: Some(MessageType::UpdateEngagementSucceeded),
        fails_with: Some(MessageType::UpdateEngagementFailed),
        delay_ms: 260.0,
        after: "CALL_COMPLETED with engagementProperties",
        certainty: Certainty::Documented,
        faults: ANSWERED,
    },
    Answer {
        id: AnswerId::FinalizeEngagement,
        name: "finalize-engagement",
        sends: Some(MessageType::FinalizeEngagementSucceeded),
        fails_with: Some(MessageType::FinalizeEngagementFailed),
        delay_ms: 180.0,
        after: "FINALIZE_ENGAGEMENT",
        certainty: Certainty::Inferred,
        faults: ANSWERED,
    },
    Answer {
        id: AnswerId::PublishToChannel,
        name: "publish-to-channel",
        sends: Some(MessageType::PublishToChannelSucceeded),
        fails_with: Some(MessageType::PublishToChannelFailed),
        delay_ms: 180.0,
        after: "PUBLISH_TO_CHANNEL",
        certainty: Certainty::Documented,
        faults: ANSWERED,
    },
    Answer {
        id: AnswerId::NavigateToRecord,
        name: "navigate-to-record",
        sends: None,
        fails_with: Some(MessageType::NavigateToRecordFailed),
        delay_ms: 250.0,
        after: "NAVIGATE_TO_RECORD, once the engagement exists: the record's page loads",
        certainty: Certainty::Documented,
        faults: FAILS_ONLY,
    },
    Answer {
        id: AnswerId::SetWidgetUrl,
        name: "set-widget-url",
        sends: None,
        fails_with: Some(MessageType::SetWidgetUrlFailed),
        delay_ms: 0.0,
        after: "SET_WIDGET_URL: the widget's frame loads the address",
        certainty: Certainty::Inferred,
        faults: FAILS_ONLY,
    },
];

impl AnswerId {
    /// The row.
    #[must_use]
    pub fn row(self) -> &'static Answer {
        // One row for each id, in the order of the ids; a test checks this.
        &ANSWERS[self as usize]
    }

    /// Whether this generation of HubSpot sends the message for success.
    #[must_use]
    pub fn is_sent_by(self, profile: Profile) -> bool {
        self.row().sends.is_some_and(|kind| profile.sends(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_where_their_names_say() {
        for answer in ANSWERS {
            assert_eq!(answer.id.row().name, answer.name);
            assert_eq!(
                answer.fails_with.is_some(),
                answer.faults.contains(&Fault::Fail)
            );
        }
    }
}
