//! Reasons not to send a message.

use std::collections::BTreeMap;

use callscope_protocol::{
    Call, Conversation, Finding, Link, Login, Message, MessageType, RecordedMessage, Severity, Side,
};
use callscope_session_view::visible::sentence;
use callscope_session_view::{composer, words};

use super::{Surroundings, Written};

/// A reason why a message cannot or should not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// The reason, and what to do about it.
    pub(crate) words: String,
    /// Whether the message can be sent anyway.
    pub(crate) can_send_anyway: bool,
}

pub(super) const fn is_closed(conversation: &Conversation) -> bool {
    matches!(conversation.link, Link::Closed { .. })
}

pub(super) fn obstacle(
    around: Surroundings<'_>,
    target: Option<&Conversation>,
    from: Side,
    written: &Written,
) -> Option<Obstacle> {
    if let Some(words) = never(around, target, from, written) {
        return Some(Obstacle {
            words,
            can_send_anyway: false,
        });
    }
    let target = target?;
    let ty = written.ty();
    let words = match from {
        Side::Host => unwise_of_host(target, ty),
        Side::Widget => unwise_of_widget(target, ty),
    };
    let words = words.map(str::to_owned);
    let words = words.or_else(|| nobody_sends(ty, from));
    let words = words.or_else(|| same_call(around, target, written));
    let words = words.or_else(|| second_call(around, target, from, ty));
    let words = words.or_else(|| problem(written));
    let words = words.or_else(|| broken_rule(around, target, from, written))?;
    Some(Obstacle {
        words,
        can_send_anyway: true,
    })
}

/// The reason why it cannot be sent at all.
fn never(
    around: Surroundings<'_>,
    target: Option<&Conversation>,
    from: Side,
    written: &Written,
) -> Option<String> {
    if around.is_imported {
        let words = "This is a saved session. Go back to live to send something.";
        return Some(words.to_owned());
    }
    if !around.is_attached {
        let words = "Callscope is not connected to a page, so there is nobody to send to.";
        return Some(words.to_owned());
    }
    let Some(target) = target else {
        let words =
            "No widget has been heard in this page yet. Open the softphone in HubSpot first.";
        return Some(words.to_owned());
    };
    if is_closed(target) {
        let words = "The page of this conversation went away. Choose another conversation.";
        return Some(words.to_owned());
    }
    if let Written::Json {
        checked: Err(unsendable),
        ..
    } = written
    {
        return Some(format!("{unsendable}."));
    }
    // Only a calling window's own recorder knows the window's frames.
    if from == Side::Host || target.in_calling_window {
        return None;
    }
    let origin = target.widget_origin.as_deref().unwrap_or_default();
    let mut frames = around.frames.iter().filter(|it| it.origin == origin);
    let is_known = frames.clone().next().is_some();
    if is_known && !frames.any(|it| it.tapped) {
        return Some(format!(
            "Callscope does not run in the widget's frame, so it cannot post from there. Allow it in {} and reload the page.",
            words::origin(origin)
        ));
    }
    around.is_worker_silent.then(|| {
        "Callscope's service worker does not answer, and only it can have the widget's frame post \
         something. Reload Callscope on chrome://extensions, then this page."
            .to_owned()
    })
}

/// Whether the handshake is complete.
const fn is_open(target: &Conversation) -> bool {
    match target.link {
        Link::Silent | Link::Syncing { .. } | Link::Failed { .. } | Link::Closed { .. } => false,
        Link::Ready { .. } | Link::Joined | Link::Initialized { .. } => true,
    }
}

fn unwise_of_host(target: &Conversation, ty: Option<MessageType>) -> Option<&'static str> {
    if ty == Some(MessageType::Sync) {
        return is_open(target).then_some(
            "The handshake is complete, so this SYNC is a repeated one: the widget's SDK answers \
             only the first.",
        );
    }
    let dials = ty == Some(MessageType::DialNumber);
    match target.link {
        Link::Silent | Link::Syncing { .. } | Link::Failed { .. } => {
            return Some(
                "The handshake is not complete: the SDK ignores everything but SYNC until then.",
            );
        }
        Link::Ready { .. } if dials => {
            return Some("The widget has not called initialized() yet, so HubSpot would not dial.");
        }
        Link::Closed { .. } | Link::Ready { .. } | Link::Joined | Link::Initialized { .. } => {}
    }
    if dials && target.login == Login::LoggedOut {
        return Some(
            "The widget says that its user is logged out. HubSpot would ask the user to log in \
             instead of dialing.",
        );
    }
    let call = target.call.as_ref();
    (dials && call.is_some_and(|call| call.phase.is_active()))
        .then_some("A call is going on. HubSpot would not dial before it has ended.")
}

fn unwise_of_widget(target: &Conversation, ty: Option<MessageType>) -> Option<&'static str> {
    (!is_open(target) && ty != Some(MessageType::SyncAck)).then_some(
        "The handshake is not complete: HubSpot's SDK drops what a widget sends before it has \
         answered with SYNC_ACK.",
    )
}

fn nobody_sends(ty: Option<MessageType>, from: Side) -> Option<String> {
    let ty = ty?;
    if ty.spec().direction.allows(from) {
        return None;
    }
    let who = match from {
        Side::Host => "HubSpot",
        Side::Widget => "A widget",
    };
    Some(format!("{who} never sends {ty}."))
}

/// Says that a new call would have the id of one that is going on.
fn same_call(around: Surroundings<'_>, target: &Conversation, written: &Written) -> Option<String> {
    let ty = written.ty().filter(|ty| composer::begins_call(*ty))?;
    let message = match written {
        Written::Form(draft) => draft.to_message(""),
        Written::Json { text, .. } => Message::decode(&text.as_str().into()).value().clone(),
    };
    composer::takes_id_of_another(ty, &message, &calls(around, target)).then(|| {
        "A call with this externalCallId is going on. A new call needs an id of its own.".to_owned()
    })
}

/// The calls of a conversation that are not over.
fn calls(around: Surroundings<'_>, target: &Conversation) -> Vec<Call> {
    let mut calls = around.source.session().last_calls(0);
    calls.retain(|it| it.id.conversation == target.id);
    calls
}

/// Says that a call goes on, under whatever id. An incoming call may wait meanwhile.
fn second_call(
    around: Surroundings<'_>,
    target: &Conversation,
    from: Side,
    ty: Option<MessageType>,
) -> Option<String> {
    if from != Side::Widget || ty != Some(MessageType::OutgoingCallStarted) {
        return None;
    }
    let mut calls = calls(around, target).into_iter();
    calls.any(|it| it.phase.is_active()).then(|| {
        "A call is going on. HubSpot could not tell the engagements of two calls apart (M32): send \
         CALL_ENDED first."
            .to_owned()
    })
}

/// The rules about fields that a message lacks, and about calls that get in each other's way.
const BLAMED: [&str; 7] = ["C01", "F03", "M01", "M04", "M05", "M32", "Q01"];

/// Says which of these rules the message would break, coming now.
fn broken_rule(
    around: Surroundings<'_>,
    target: &Conversation,
    from: Side,
    written: &Written,
) -> Option<String> {
    let message = match written {
        // An SDK's own id would be new to the conversation as well.
        Written::Form(draft) => draft.to_message("1_1").to_string(),
        Written::Json { text, .. } => text.clone(),
    };
    let origin = match from {
        Side::Host => target.host_origin.as_deref(),
        Side::Widget => target.widget_origin.as_deref(),
    };
    let session = around.source.session();
    let findings = session.findings_if(RecordedMessage {
        seq: 0,
        at: around.now,
        conversation: target.id,
        from,
        origin: origin.unwrap_or_default().into(),
        injected: true,
        message: message.into(),
        cloned: BTreeMap::new(),
        truncated: None,
    });
    let is_blamed = |it: &&Finding| it.severity > Severity::Note && BLAMED.contains(&it.rule.code);
    let finding = findings.iter().find(is_blamed)?;
    let words = sentence(&finding.message);
    Some(format!("It would break {}: {words}.", finding.rule.code))
}

/// The first problem in what was written.
fn problem(written: &Written) -> Option<String> {
    let mut serious = written.problems().iter().filter(|it| it.is_serious);
    let first = serious.next()?;
    let more = match serious.count() {
        0 => String::new(),
        1 => ", and one more problem".to_owned(),
        count => format!(", and {count} more problems"),
    };
    let path = first.path.strip_prefix("data.").unwrap_or(&first.path);
    let place = if path.is_empty() { "" } else { ": " };
    Some(format!("{path}{place}{}{more}.", first.words))
}
