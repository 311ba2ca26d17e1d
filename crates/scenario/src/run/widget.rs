//! What is known about the widget while a scenario is played, and the checker's findings about it.

use callscope_protocol::{
    Availability, CallPhase, Conversation, Finding, Login, Message, MessageType, Version,
};
use serde_json::Value;

use super::Runner;
use crate::hints::in_words;
use crate::vocabulary::{Condition, Profile};

/// The first version in which calls have ids.
const EXTERNAL_IDS: Version = Version::new(0, 7, 0);

impl Runner {
    /// The first finding that counts: its rule, its message, and the message that it is about.
    pub(super) fn denied(&self) -> Option<(&'static str, String, Option<u64>)> {
        let deny = self.plan.scenario.deny.unwrap_or(self.options.deny)?;
        let found = self
            .session
            .findings()
            .iter()
            .find(|it| it.severity >= deny && self.counts(it))?;
        Some((found.rule.code, in_words(found), found.seq))
    }

    /// Whether a finding is about the widget, and not one that the scenario allows.
    pub(crate) fn counts(&self, finding: &Finding) -> bool {
        let conversation = self.session.conversation(finding.conversation);
        !self.plan.allow.contains(finding.rule.code)
            && !conversation.is_some_and(|it| finding.is_strangers(it))
    }

    /// Skips the scenario if it does not apply to this widget.
    pub(super) fn hold_against_widget(&mut self) {
        if self.verdict.is_some() || self.conversation().is_none_or(|it| it.sdk.is_none()) {
            return;
        }
        let profile = self.profile();
        let profiles = &self.plan.scenario.profiles;
        if !profiles.is_empty() && !profiles.contains(&profile) {
            let words: Vec<&str> = profiles.iter().map(|it| it.word()).collect();
            return self.skip(format!(
                "the widget is of profile {}, and this is for {}",
                profile.word(),
                words.join(" and ")
            ));
        }
        let Some((needed, conversation)) = self.plan.sdk.zip(self.conversation()) else {
            return;
        };
        if conversation.speaks.newest < needed {
            let has = conversation.sdk_words();
            self.skip(format!("it needs SDK {needed}, and the widget has {has}"));
        }
    }

    pub(crate) fn conversation(&self) -> Option<&Conversation> {
        self.session.conversations().max_by_key(|it| it.id)
    }

    /// The widget's generation of the SDK.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let newest = self.conversation().map(|it| it.speaks.newest);
        let by_widget = match newest {
            Some(newest) if newest < EXTERNAL_IDS => Profile::Seed,
            _ => Profile::Modern,
        };
        self.options.profile.unwrap_or(by_widget)
    }

    pub(super) fn holds(&self, condition: Condition) -> bool {
        let conversation = self.conversation();
        let is_logged_in = conversation.is_some_and(|it| it.login == Login::LoggedIn);
        let is_available =
            conversation.is_some_and(|it| it.availability == Availability::Available);
        let is_in_call = conversation
            .and_then(|it| it.call.as_ref())
            .is_some_and(|it| {
                matches!(
                    it.phase,
                    CallPhase::Started
                        | CallPhase::Ringing
                        | CallPhase::Answered
                        | CallPhase::Resumed
                )
            });
        match condition {
            Condition::LoggedIn => is_logged_in,
            Condition::LoggedOut => !is_logged_in,
            Condition::Available => is_available,
            Condition::Unavailable => !is_available,
            Condition::InCall => is_in_call,
            Condition::Idle => !is_in_call,
            Condition::CreateEngagement => self.asks_for_engagement(),
        }
    }

    pub(super) fn asks_for_engagement(&self) -> bool {
        let starts = [MessageType::OutgoingCallStarted, MessageType::IncomingCall];
        let facts = self.session.facts().iter().rev();
        let start = facts
            .filter_map(|it| it.message())
            .map(|it| Message::decode(&it.message))
            .find(|it| it.known().is_some_and(|ty| starts.contains(&ty)));
        let asked = start
            .as_ref()
            .and_then(|it| it.data()?.get("createEngagement"));
        asked == Some(&Value::Bool(true))
    }
}
