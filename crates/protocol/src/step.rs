//! One message in its context: what a rule looks at.

use std::ops::Deref;

use crate::json::Json;
use crate::state::{Ack, CallTrack, State};
use crate::{FieldSpec, Frame, MessageType, Millis, Side, fields, ids, suggest};

/// A frame, read once.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) frame: &'a Frame,
    /// When it passed; never before an earlier one.
    pub(crate) at: Millis,
    pub(crate) json: &'a Json<'a>,
    /// `type`, if it is a text that is not empty.
    pub(crate) type_name: Option<&'a str>,
    pub(crate) ty: Option<MessageType>,
    /// `messageId` as text, if it is one that the SDK accepts.
    pub(crate) id: Option<&'a str>,
    /// The instance that minted the id, if it is of the SDK's form.
    pub(crate) instance: Option<&'a str>,
    pub(crate) data: Option<&'a Json<'a>>,
    /// What a `SYNC_ACK` answers.
    pub(crate) ack: Option<Ack>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(frame: &'a Frame, at: Millis, json: &'a Json<'a>) -> Self {
        let type_name = json
            .get("type")
            .and_then(Json::as_str)
            .filter(|name| !name.is_empty());
        let id = json
            .get("messageId")
            .filter(|id| !id.is_falsy())
            .and_then(|id| match id {
                Json::String(text) => Some(text.as_ref()),
                Json::Number(text) => Some(*text),
                _ => None,
            });
        Self {
            frame,
            at,
            json,
            type_name,
            ty: type_name.and_then(MessageType::from_name),
            id,
            instance: id.and_then(ids::instance),
            data: json.get("data"),
            ack: None,
        }
    }

    pub(crate) const fn from(&self) -> Side {
        self.frame.from
    }

    pub(crate) fn is(&self, ty: MessageType) -> bool {
        self.ty == Some(ty)
    }

    /// Whether it is the widget's answer in a handshake.
    pub(crate) fn is_ack(&self) -> bool {
        self.is(MessageType::SyncAck) && self.from() == Side::Widget
    }

    /// Whether it is the host's question in a handshake.
    pub(crate) fn is_sync(&self) -> bool {
        self.is(MessageType::Sync) && self.from() == Side::Host
    }

    /// The type for a sentence.
    pub(crate) fn name(&self) -> &str {
        self.type_name.unwrap_or("a message without type")
    }

    /// A key of the message itself, as a text that is not empty.
    pub(crate) fn top_text(&self, key: &str) -> Option<&str> {
        self.json.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// The field of `data` with this key.
    pub(crate) fn field(&self, key: &str) -> Option<&'a Json<'a>> {
        self.data?.get(key)
    }

    /// The field at this path below `data`: `calleeInfo.calleeId`.
    pub(crate) fn deep_field(&self, path: &str) -> Option<&'a Json<'a>> {
        path.split('.')
            .try_fold(self.data?, |value, key| value.get(key))
    }

    /// The same, as a text that is not empty.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.field(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// The same as an id, which may be a number or a text; 0 and the empty text are none.
    pub(crate) fn id_field(&self, key: &str) -> Option<&'a str> {
        self.field(key).and_then(id_text)
    }

    /// Whether the field of `data` is there, even if only JSON cannot hold it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.field(key).is_some_and(|value| *value != Json::Null)
    }

    /// Whether the field of `data` is surely not there: absent, null, `undefined` or empty.
    ///
    /// A field beside `data` is misplaced, not missing.
    pub(crate) fn lacks(&self, key: &str) -> bool {
        let is_misplaced = self.json.get("payload").is_some()
            || self.data.is_none() && self.json.get(key).is_some();
        if self.frame.truncated.is_some() || is_misplaced {
            return false;
        }
        let empty = match self.field(key) {
            None | Some(Json::Null) => true,
            Some(Json::String(text)) => text.is_empty(),
            Some(_) => false,
        };
        // What JSON cannot hold is there all the same.
        empty
            && !self.frame.cloned.iter().any(|(at, what)| {
                what != "undefined" && at.strip_prefix("data.").is_some_and(|at| at == key)
            })
    }
}

/// One message, and what was known before it.
///
/// Only what the message tells about the widget's version counts already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'a> {
    seen: &'a Seen<'a>,
    pub(crate) state: &'a State,
}

impl<'a> Deref for Step<'a> {
    type Target = Seen<'a>;

    fn deref(&self) -> &Seen<'a> {
        self.seen
    }
}

impl<'a> Step<'a> {
    pub(crate) const fn new(seen: &'a Seen<'a>, state: &'a State) -> Self {
        Self { seen, state }
    }

    /// "; it has isLogedIn, did you mean isLoggedIn?" for a message that lacks a field of `data`
    /// and has a misspelled one, or nothing.
    pub(crate) fn misspelled(&self, key: &str) -> String {
        let Some(ty) = self.ty else {
            return String::new();
        };
        if let Some(near) = self.stand_in(key) {
            return format!("; it has {near}, did you mean {key}?");
        }
        let is_known = |it: &str| {
            let mut paths = ty.spec().fields.iter().flat_map(FieldSpec::paths);
            paths.any(|path| path.split(['.', '[']).next() == Some(it))
        };
        let members = self.data.map_or(&[][..], Json::members);
        let unknown = members
            .iter()
            .map(|(it, _)| it.as_ref())
            .filter(|it| !is_known(it));
        match suggest::nearest(key, unknown) {
            Some(near) => format!("; it has {near}, did you mean {key}?"),
            None => String::new(),
        }
    }

    /// The unknown key of `data` that stands for this documented one, which the message lacks.
    pub(crate) fn stand_in(&self, key: &str) -> Option<&'a str> {
        fields::stand_in(self.ty?, self.data?, key, self.state.speaks)
    }

    /// The call that the message is about.
    pub(crate) fn call(&self) -> Option<&'a CallTrack> {
        self.state.calls.find(self.seen)
    }
}

/// An id that may be written as a number or a text.
pub(crate) fn id_text<'a>(json: &'a Json<'_>) -> Option<&'a str> {
    match json {
        Json::String(text) if !text.is_empty() => Some(text),
        Json::Number(text) if *text != "0" => Some(text),
        _ => None,
    }
}
