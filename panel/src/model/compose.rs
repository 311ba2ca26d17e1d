//! The form for `DIAL_NUMBER`: where it goes, what its user typed, and what speaks against sending
//! it.

use std::collections::HashMap;

use callscope_live::PageLoads;
use callscope_protocol::{
    Conversation, ConversationId, Fact, Link, Login, Message, MessageType, Millis,
};
use callscope_session_view::SessionView;
use callscope_session_view::composer::{Draft, DraftField, Known, mint_message_id};
use callscope_session_view::visible::visible_json;
use serde_json::Value;

use super::bar;

/// What the user has typed, and what came of sending it.
#[derive(Debug, Default)]
pub(crate) struct Compose {
    /// The conversation that the user chose; `None` takes the newest that lives.
    pub(crate) target: Option<ConversationId>,
    typed: HashMap<String, String>,
    /// For the next message, so that the preview is exactly what is sent.
    message_id: Option<(ConversationId, String)>,
    pub(crate) outcome: Option<SendOutcome>,
}

/// What came of sending.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SendOutcome {
    /// Not answered yet.
    Sending,
    /// The widget's frame received it.
    Sent { message_id: String },
    /// It was not posted, or nobody received it.
    Failed { reason: String },
}

/// Why a message cannot be sent, or should not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// What is in the way and what to do.
    pub(crate) words: String,
    /// Whether sending makes sense all the same.
    pub(crate) can_send_anyway: bool,
}

/// Everything that the view shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ComposeData {
    pub(crate) targets: Vec<(u32, String)>,
    pub(crate) target: Option<u32>,
    pub(crate) fields: Vec<DraftField>,
    /// The message as it will be posted, in several lines.
    pub(crate) preview: String,
    pub(crate) obstacle: Option<Obstacle>,
    pub(crate) outcome: Option<SendOutcome>,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) conversation: ConversationId,
    pub(crate) message_id: String,
    pub(crate) message: String,
}

/// The session and the connection, as the form sees them.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) source: &'a SessionView,
    pub(crate) is_attached: bool,
    pub(crate) is_imported: bool,
    /// Which conversations belong to earlier pages.
    pub(crate) loads: &'a PageLoads,
    pub(crate) now: Millis,
}

impl Compose {
    pub(crate) fn set(&mut self, path: &str, value: String) {
        self.typed.insert(path.to_owned(), value);
        self.outcome = None;
    }

    /// Fills the form with what a recorded `DIAL_NUMBER` held.
    pub(crate) fn write_again(&mut self, message: &Message, target: ConversationId) {
        let known = Known {
            conversation: None,
            last: Some(message),
        };
        let draft = Draft::new(MessageType::DialNumber, known, |_| None);
        let fields = draft.fields().iter();
        self.typed = fields
            .map(|field| (field.path.clone(), field.value.clone()))
            .collect();
        self.choose(target);
    }

    pub(crate) fn reset(&mut self) {
        self.typed.clear();
        self.outcome = None;
    }

    pub(crate) fn choose(&mut self, target: ConversationId) {
        self.target = Some(target);
        self.outcome = None;
    }

    pub(crate) fn data(&mut self, around: Surroundings<'_>) -> ComposeData {
        let targets: Vec<&Conversation> = living(around).collect();
        let target = self.target(around);
        let draft = self.draft(around, target);
        let message_id =
            target.map_or_else(String::new, |target| self.message_id(target, around.now));
        ComposeData {
            targets: targets.iter().map(|it| (it.id.0, bar::name(it))).collect(),
            target: target.map(|target| target.id.0),
            preview: visible_pretty(&draft.to_message(&message_id)),
            obstacle: obstacle(around, target, draft.fields()),
            outcome: self.outcome.clone(),
            fields: draft.fields().to_vec(),
        }
    }

    /// The message to send now; `None` if there is nowhere to send it.
    pub(crate) fn outgoing(&mut self, around: Surroundings<'_>, anyway: bool) -> Option<Outgoing> {
        let target = self.target(around)?;
        let draft = self.draft(around, Some(target));
        if let Some(obstacle) = obstacle(around, Some(target), draft.fields())
            && !(anyway && obstacle.can_send_anyway)
        {
            return None;
        }
        let message_id = self.message_id(target, around.now);
        // The next one needs an id of its own.
        self.message_id = None;
        Some(Outgoing {
            conversation: target.id,
            message: draft.to_message(&message_id).to_string(),
            message_id,
        })
    }

    fn target<'a>(&self, around: Surroundings<'a>) -> Option<&'a Conversation> {
        living(around)
            .find(|it| Some(it.id) == self.target)
            .or_else(|| {
                living(around).max_by_key(|it| (!is_closed(it), it.message_count > 0, it.id))
            })
    }

    fn message_id(&mut self, target: &Conversation, now: Millis) -> String {
        if let Some((id, message_id)) = &self.message_id
            && *id == target.id
        {
            return message_id.clone();
        }
        let (host, widget) = (
            target.host_instance.as_deref(),
            target.widget_instance.as_deref(),
        );
        let message_id = mint_message_id(host, widget, now);
        if host.is_some() {
            self.message_id = Some((target.id, message_id.clone()));
        }
        message_id
    }

    fn draft(&self, around: Surroundings<'_>, target: Option<&Conversation>) -> Draft {
        let last = last_dial(around.source);
        let known = Known {
            conversation: target,
            last: last.as_ref(),
        };
        Draft::new(MessageType::DialNumber, known, |path| {
            self.typed.get(path).cloned()
        })
    }
}

/// The conversations of the page that is there now.
fn living(around: Surroundings<'_>) -> impl Iterator<Item = &Conversation> {
    around
        .source
        .session()
        .conversations()
        .filter(move |it| !around.loads.is_of_another(it.id))
}

const fn is_closed(conversation: &Conversation) -> bool {
    matches!(conversation.link, Link::Closed { .. })
}

/// The last `DIAL_NUMBER` of the session.
fn last_dial(source: &SessionView) -> Option<Message> {
    source
        .session()
        .facts()
        .iter()
        .rev()
        .find_map(|placed| match &placed.fact {
            Fact::Message(recorded)
                if source.digest(placed.id)?.known == Some(MessageType::DialNumber) =>
            {
                Some(Message::decode(&recorded.message))
            }
            _ => None,
        })
}

/// JSON in several lines that shows all that is in it, and is the same JSON.
fn visible_pretty(value: &Value) -> String {
    let pretty = pretty(value);
    let lines: Vec<_> = pretty.lines().map(visible_json).collect();
    lines.join("\n")
}

/// JSON in several lines.
pub(crate) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn obstacle(
    around: Surroundings<'_>,
    target: Option<&Conversation>,
    fields: &[DraftField],
) -> Option<Obstacle> {
    let never = |words: &str| {
        Some(Obstacle {
            words: words.to_owned(),
            can_send_anyway: false,
        })
    };
    let unwise = |words: String| {
        Some(Obstacle {
            words,
            can_send_anyway: true,
        })
    };
    if around.is_imported {
        return never("This is a saved session. Go back to live to send something.");
    }
    if !around.is_attached {
        return never("Callscope is not connected to a page, so there is nobody to send to.");
    }
    let Some(target) = target else {
        return never(
            "No widget has been heard in this page yet. Open the softphone in HubSpot first.",
        );
    };
    match target.link {
        Link::Closed { .. } => {
            return never("The page of this conversation went away. Choose another conversation.");
        }
        Link::Silent | Link::Syncing { .. } | Link::Failed { .. } => {
            return unwise(
                "The handshake is not complete: the SDK ignores everything but SYNC until then."
                    .to_owned(),
            );
        }
        Link::Ready { .. } => {
            return unwise(
                "The widget has not called initialized() yet, so HubSpot would not dial."
                    .to_owned(),
            );
        }
        Link::Joined | Link::Initialized { .. } => {}
    }
    if target.login == Login::LoggedOut {
        return unwise(
            "The widget says that its user is logged out. HubSpot would ask the user to log in \
             instead of dialing."
                .to_owned(),
        );
    }
    if target
        .call
        .as_ref()
        .is_some_and(|call| call.phase.is_active())
    {
        return unwise(
            "A call is going on. HubSpot would not dial before it has ended.".to_owned(),
        );
    }
    let bad = fields
        .iter()
        .find_map(|field| Some((field, field.problem.as_ref()?)));
    bad.and_then(|(field, problem)| unwise(format!("{}: {problem}.", field.path)))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::testing::source;

    const HANDSHAKE: &str = r#"
        host   {"type":"SYNC","messageId":"1700000000000_1","hostUrl":"https://app.hubspot.com","portalId":62515,"ownerId":7}
        widget {"type":"SYNC_ACK","messageId":"1700000000000_1","version":"0.9.7","iFrameUrl":"https://localhost"}
        widget {"type":"INITIALIZED","messageId":"1700000000500_1700000000600","data":{"isLoggedIn":true}}
    "#;

    #[track_caller]
    fn check(trace: &str, typed: &[(&str, &str)], expected: &Expect) {
        let source = source(trace);
        let mut compose = Compose::default();
        for (path, value) in typed {
            compose.set(path, (*value).to_owned());
        }
        let around = Surroundings {
            source: &source,
            is_attached: true,
            is_imported: false,
            loads: &PageLoads::default(),
            now: Millis(1_700_000_001_000.0),
        };
        let data = compose.data(around);
        let obstacle = data.obstacle.map_or_else(
            || "can be sent".to_owned(),
            |it| format!("{} [anyway: {}]", it.words, it.can_send_anyway),
        );
        let one_line = compose
            .outgoing(around, true)
            .map(|it| it.message)
            .unwrap_or_default();
        expected.assert_eq(&format!("{obstacle}\n{one_line}\n"));
    }

    #[test]
    fn ids_of_the_session_are_filled_in() {
        check(
            HANDSHAKE,
            &[
                ("phoneNumber", "+1 555 010 0199"),
                ("calleeInfo.calleeId", "12"),
            ],
            &expect![[r#"
                can be sent
                {"type":"DIAL_NUMBER","messageId":"1700000000000_1700000001000","data":{"phoneNumber":"+1 555 010 0199","ownerId":7,"portalId":62515,"calleeInfo":{"calleeId":12}}}
            "#]],
        );
    }

    #[test]
    fn what_is_typed_wins_and_an_emptied_field_is_left_out() {
        check(
            HANDSHAKE,
            &[("phoneNumber", "1"), ("portalId", ""), ("ownerId", "me")],
            &expect![[r#"
                ownerId: should be a number. [anyway: true]
                {"type":"DIAL_NUMBER","messageId":"1700000000000_1700000001000","data":{"phoneNumber":"1","ownerId":"me"}}
            "#]],
        );
    }

    #[test]
    fn reasons_against_sending_are_said() {
        check(
            "",
            &[],
            &expect![[r#"
                No widget has been heard in this page yet. Open the softphone in HubSpot first. [anyway: false]

            "#]],
        );
        check(
            r#"host {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}"#,
            &[("phoneNumber", "1")],
            &expect![[r#"
                The handshake is not complete: the SDK ignores everything but SYNC until then. [anyway: true]
                {"type":"DIAL_NUMBER","messageId":"17_1700000001000","data":{"phoneNumber":"1"}}
            "#]],
        );
    }
}
