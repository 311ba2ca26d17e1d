//! A message that the user sends as one side: its contents, its destination, and reasons not to send
//! it.

use std::collections::HashMap;
use std::mem;

use callscope_bus::FrameInfo;
use callscope_live::PageLoads;
use callscope_protocol::{
    Conversation, ConversationId, Fact, Message, MessageType, Millis, RecordedMessage, Side,
};
use callscope_session_view::SessionView;
use callscope_session_view::composer::{self, Draft, Known, Problem};
use serde_json::Value;

use super::Model;

mod data;
mod message_id;
mod obstacle;
mod sending;
mod snippet;
mod types;

pub(crate) use data::ComposeData;
use message_id::MadeId;
#[cfg(test)]
pub(crate) use obstacle::Obstacle;
use obstacle::obstacle;
pub(crate) use types::TypeGroup;

/// What the user has written, and the result of sending it.
#[derive(Debug)]
pub(crate) struct Compose {
    /// The conversation that it is for; `None` stands for the newest one that is alive.
    target: Option<ConversationId>,
    /// Whether the user chose that, so that it stays even if its page goes away.
    is_chosen: bool,
    /// The side that it is sent as.
    from: Side,
    entered: Entered,
    /// What was entered as the other side.
    aside: Entered,
    /// Whether the message is written as JSON.
    is_json: bool,
    /// The search text for the list of types.
    search: String,
    /// The id of the next message, so that the preview is exactly what is sent.
    message_id: Option<MadeId>,
    /// The `externalCallId` of the next message that begins a call.
    call_id: Option<String>,
    pub(crate) outcome: Option<SendOutcome>,
}

/// What the user has entered as one side.
#[derive(Debug)]
struct Entered {
    /// The type of the form.
    ty: MessageType,
    /// What the form starts from instead of what the session knows.
    base: Option<Value>,
    /// What was typed into the form, by field path.
    typed: HashMap<String, String>,
    /// The JSON as written; `None` stands for the form's message.
    text: Option<JsonText>,
    /// How the message differs from the recorded one that it was opened from.
    remark: Option<&'static str>,
    /// The name for saving the message as a snippet.
    snippet_name: String,
    /// The index of the snippet that the message was opened from.
    snippet: Option<usize>,
}

impl Entered {
    /// An empty form.
    fn new(ty: MessageType) -> Self {
        Self {
            ty,
            base: None,
            typed: HashMap::new(),
            text: None,
            remark: None,
            snippet_name: String::new(),
            snippet: None,
        }
    }
}

/// A message as JSON.
#[derive(Clone, Debug, PartialEq)]
struct JsonText {
    text: String,
    /// The messageId in it that Callscope generated, to be replaced with the next one.
    message_id: String,
}

impl Default for Compose {
    fn default() -> Self {
        Self {
            target: None,
            is_chosen: false,
            from: Side::Host,
            entered: Entered::new(MessageType::DialNumber),
            aside: Entered::new(MessageType::OutgoingCallStarted),
            is_json: false,
            search: String::new(),
            message_id: None,
            call_id: None,
            outcome: None,
        }
    }
}

/// The result of sending.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SendOutcome {
    /// Not answered yet.
    Sending,
    /// The other side's frame received it.
    Sent {
        /// Empty if the message has none.
        message_id: String,
        /// The side that it was sent as.
        from: Side,
    },
    /// It was not posted, or not received.
    Failed { reason: String },
}

/// A message to send.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) conversation: ConversationId,
    pub(crate) from: Side,
    pub(crate) message_id: String,
    pub(crate) message: String,
}

/// What the form needs to know of session and connection.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) source: &'a SessionView,
    pub(crate) is_attached: bool,
    pub(crate) is_imported: bool,
    /// Which conversations belong to earlier pages.
    pub(crate) loads: &'a PageLoads,
    /// The frames of the page, as far as they are known.
    pub(crate) frames: &'a [FrameInfo],
    /// Whether the extension's worker is not answering.
    pub(crate) is_worker_silent: bool,
    pub(crate) now: Millis,
}

/// The message as written so far.
enum Written {
    Form(Draft),
    Json {
        text: String,
        checked: Result<(Option<MessageType>, Vec<Problem>), composer::Unsendable>,
    },
}

impl Compose {
    /// Sets a field of the form.
    pub(crate) fn set(&mut self, path: &str, value: String) {
        self.entered.typed.insert(path.to_owned(), value);
        self.outcome = None;
    }

    /// Adds an item to the list at `path`, or removes the one at this index.
    pub(crate) fn change_list(
        &mut self,
        around: Surroundings<'_>,
        path: &str,
        removed: Option<usize>,
    ) {
        let target = self.target(around);
        self.make_call_id(around);
        let mut message = self.draft(around, target).to_message("");
        match removed {
            Some(index) => composer::remove_item(&mut message, path, index),
            None => composer::add_item(&mut message, path),
        }
        self.entered.base = Some(message);
        self.entered.typed.clear();
        self.outcome = None;
    }

    /// Sets the JSON text.
    pub(crate) fn set_text(&mut self, around: Surroundings<'_>, text: String) {
        let message_id = match &self.entered.text {
            Some(written) => written.message_id.clone(),
            None => self.next_message_id(around),
        };
        self.entered.text = Some(JsonText { text, message_id });
        self.outcome = None;
    }

    /// Switches between JSON and form.
    pub(crate) fn set_json(&mut self, is_json: bool) {
        if is_json {
            self.is_json = true;
            return;
        }
        if let Some(JsonText { text, .. }) = &self.entered.text {
            let Some((ty, message)) = form_of(text) else {
                return;
            };
            self.entered.ty = ty;
            self.entered.base = Some(message);
            self.entered.typed.clear();
            self.entered.text = None;
        }
        self.is_json = false;
    }

    /// Starts a message of this type, sent as this side.
    pub(crate) fn choose_type(&mut self, from: Side, type_name: &str) {
        let Some(ty) = MessageType::from_name(type_name) else {
            return;
        };
        self.turn_to(from);
        if self.entered.ty != ty || self.entered.text.is_some() {
            self.entered.ty = ty;
            self.reset();
        }
        self.search.clear();
        self.outcome = None;
    }

    /// Writes as this side: the same message if that may be sent by both, or else what was last
    /// written as this side.
    pub(crate) fn choose_side(&mut self, from: Side) {
        let ty = match &self.entered.text {
            Some(JsonText { text, .. }) => Message::decode(&text.as_str().into()).known(),
            None => Some(self.entered.ty),
        };
        if ty.is_none_or(|ty| ty.spec().direction.allows(from)) {
            self.from = from;
        } else {
            self.turn_to(from);
        }
        self.outcome = None;
    }

    /// Puts aside what was written as the other side, and takes up what was written as this one.
    fn turn_to(&mut self, from: Side) {
        if self.from == from {
            return;
        }
        self.from = from;
        mem::swap(&mut self.entered, &mut self.aside);
        self.is_json |= self.entered.text.is_some();
    }

    pub(crate) fn search(&mut self, text: String) {
        self.search = text;
    }

    /// Opens a recorded message, for conversation `target`.
    pub(crate) fn write_again(
        &mut self,
        around: Surroundings<'_>,
        recorded: &RecordedMessage,
        target: Option<ConversationId>,
    ) {
        self.target = target;
        self.is_chosen = false;
        self.write(around, recorded.from, recorded.message.as_str());
        self.entered.remark = if recorded.truncated.is_some() {
            Some("It was too long to be recorded whole; what is missing of it is not sent.")
        } else if recorded.cloned.is_empty() {
            None
        } else {
            Some("It held values that JSON cannot hold; they are sent as they are shown.")
        };
    }

    /// Opens a message; it gets a new messageId.
    fn write(&mut self, around: Surroundings<'_>, from: Side, text: &str) {
        self.turn_to(from);
        self.reset();
        self.entered.snippet = None;
        self.entered.snippet_name.clear();
        if let Some((ty, message)) = form_of(text) {
            self.entered.ty = ty;
            self.entered.base = Some(message);
            return;
        }
        self.is_json = true;
        let message_id = self.next_message_id(around);
        let text = match serde_json::from_str(text) {
            Ok(Value::Object(mut message)) => {
                message.insert("messageId".to_owned(), message_id.clone().into());
                pretty(&Value::Object(message))
            }
            Ok(other) => pretty(&other),
            // `Value` cannot represent everything that JSON allows.
            Err(_) => {
                let message = Message::decode(&text.into());
                let id = message.message_id();
                let id = id.map(|id| format!(r#""messageId":{}"#, Value::from(id)));
                match id.filter(|id| text.matches(id).count() == 1) {
                    Some(id) => text.replace(&id, &format!(r#""messageId":"{message_id}""#)),
                    None => text.to_owned(),
                }
            }
        };
        self.entered.text = Some(JsonText { text, message_id });
    }

    /// Discards what was written.
    pub(crate) fn reset(&mut self) {
        if let Some((ty, _)) = self.entered.text.as_ref().and_then(|it| form_of(&it.text)) {
            self.entered.ty = ty;
        }
        self.entered.base = None;
        self.entered.typed.clear();
        self.entered.text = None;
        self.entered.remark = None;
        self.outcome = None;
    }

    /// Forgets what was meant for the page that is now gone: its conversation and the id of the
    /// next message. What the user wrote stays.
    pub(crate) fn leave_page(&mut self) {
        self.target = None;
        self.is_chosen = false;
        self.message_id = None;
        if !matches!(self.outcome, Some(SendOutcome::Failed { .. })) {
            self.outcome = None;
        }
    }

    pub(crate) fn choose(&mut self, target: ConversationId) {
        self.target = Some(target);
        self.is_chosen = true;
        self.outcome = None;
    }

    /// The message to send now; `None` if it cannot be sent.
    pub(crate) fn outgoing(&mut self, around: Surroundings<'_>, anyway: bool) -> Option<Outgoing> {
        let target = self.target(around)?;
        let written = self.written(around, Some(target));
        if let Some(obstacle) = obstacle(around, Some(target), self.from, &written)
            && !(anyway && obstacle.can_send_anyway)
        {
            return None;
        }
        let (message, message_id) = match written {
            Written::Form(draft) => {
                let message_id = self.message_id(around, Some(target));
                (draft.to_message(&message_id).to_string(), message_id)
            }
            Written::Json { text, .. } => {
                let message = Message::decode(&text.as_str().into());
                let message_id = message.message_id().unwrap_or_default().into_owned();
                (text, message_id)
            }
        };
        // The next message needs a new id, and the next call another one.
        self.message_id = None;
        self.call_id = None;
        Some(Outgoing {
            conversation: target.id,
            from: self.from,
            message,
            message_id,
        })
    }

    fn target<'a>(&self, around: Surroundings<'a>) -> Option<&'a Conversation> {
        let own = living(around).find(|it| Some(it.id) == self.target);
        let is_alive = |it: &&Conversation| !obstacle::is_closed(it);
        own.filter(|it| self.is_chosen || is_alive(it))
            .or_else(|| {
                let mut others = living(around).filter(is_alive);
                others.find(|it| it.continues.is_some() && it.continues == self.target)
            })
            .or_else(|| living(around).max_by_key(|it| (is_alive(it), it.message_count > 0, it.id)))
    }

    fn written(&mut self, around: Surroundings<'_>, target: Option<&Conversation>) -> Written {
        self.make_call_id(around);
        if !self.is_json || self.entered.text.is_none() {
            return Written::Form(self.draft(around, target));
        }
        let next = self.message_id(around, target);
        let Some(JsonText { text, message_id }) = &mut self.entered.text else {
            return Written::Form(self.draft(around, target));
        };
        if *message_id != next && !next.is_empty() {
            let most = if message_id.is_empty() { 1 } else { usize::MAX };
            let quoted = |id: &str| Value::from(id).to_string();
            *text = text.replacen(&quoted(message_id), &quoted(&next), most);
            *message_id = next;
        }
        let speaks = target.map(|it| it.speaks).unwrap_or_default();
        Written::Json {
            text: text.clone(),
            checked: composer::check(text, self.from, speaks),
        }
    }

    /// Makes an id that no call has.
    fn make_call_id(&mut self, around: Surroundings<'_>) {
        let make = || format!("callscope-{:.0}", around.now.0.max(0.0));
        self.call_id.get_or_insert_with(make);
    }

    fn draft(&self, around: Surroundings<'_>, target: Option<&Conversation>) -> Draft {
        let last = last_of(around.source, self.entered.ty, self.from);
        let known = Known {
            conversation: target,
            last: last.as_ref(),
            new_call: self.call_id.as_deref(),
        };
        let written = |path: &str| self.entered.typed.get(path).cloned();
        match &self.entered.base {
            Some(base) => Draft::of(self.entered.ty, self.from, base.clone(), known, written),
            None => Draft::new(self.entered.ty, self.from, known, written),
        }
    }
}

impl Written {
    /// The message's type, if the catalogue has it.
    fn ty(&self) -> Option<MessageType> {
        match self {
            Self::Form(draft) => Some(draft.ty()),
            Self::Json { checked, .. } => checked.as_ref().ok()?.0,
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Form(draft) => draft.problems(),
            Self::Json { checked, .. } => checked
                .as_ref()
                .map_or(&[], |(_, problems)| problems.as_slice()),
        }
    }
}

/// The message in a text with its type, if a form can show it without loss.
fn form_of(text: &str) -> Option<(MessageType, Value)> {
    let message: Value = serde_json::from_str(text).ok()?;
    let members = message.as_object()?;
    // The form's fields are inside `data`.
    if members.get("data").is_some_and(|data| !data.is_object()) {
        return None;
    }
    let ty = MessageType::from_name(members.get("type")?.as_str()?)?;
    Some((ty, message))
}

/// The conversations of the current page.
fn living(around: Surroundings<'_>) -> impl Iterator<Item = &Conversation> {
    around
        .source
        .session()
        .conversations()
        .filter(move |it| !around.loads.is_of_another(it.id))
}

/// The session's last message of this type from this side.
fn last_of(source: &SessionView, ty: MessageType, from: Side) -> Option<Message> {
    let mut facts = source.session().facts().iter().rev();
    facts.find_map(|placed| match &placed.fact {
        Fact::Message(recorded)
            if recorded.from == from && source.digest(placed.id)?.known == Some(ty) =>
        {
            Some(Message::decode(&recorded.message))
        }
        _ => None,
    })
}

/// Pretty-printed JSON.
pub(crate) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

impl Model {
    pub(crate) fn compose_data(&mut self) -> ComposeData {
        let mut compose = std::mem::take(&mut self.compose);
        let data = compose.data(self.surroundings(), &self.settings.snippets);
        self.compose = compose;
        data
    }

    pub(super) fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            source: &self.live,
            is_attached: self.connection.is_attached(),
            is_imported: self.imported.is_some(),
            loads: &self.loads,
            frames: self.status.as_ref().map_or(&[], |status| &status.frames),
            is_worker_silent: self.worker_silence().is_some(),
            now: self.recorder_clock().unwrap_or(self.now),
        }
    }
}

#[cfg(test)]
mod tests;
