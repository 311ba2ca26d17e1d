//! One message in its context: what a rule looks at.

use std::ops::Deref;

use crate::json::Json;
use crate::parsed_message::ParsedMessage;
use crate::state::{Ack, CallTrack, Mark, State};
use crate::{FieldSpec, Millis, fields, suggest};

/// Two SDK objects in one page react to the same event within this time.
const ECHO: Millis = Millis(5_000.0);

/// One message, with the state as it was before that message.
///
/// The exception: what the message says about the widget's SDK version is already in the state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival<'a> {
    seen: &'a ParsedMessage<'a>,
    pub(crate) state: &'a State,
    /// What a `SYNC_ACK` of the widget answers.
    pub(crate) ack: Option<Ack>,
}

impl<'a> Deref for Arrival<'a> {
    type Target = ParsedMessage<'a>;

    fn deref(&self) -> &ParsedMessage<'a> {
        self.seen
    }
}

impl<'a> Arrival<'a> {
    pub(crate) const fn new(
        seen: &'a ParsedMessage<'a>,
        state: &'a State,
        ack: Option<Ack>,
    ) -> Self {
        Self { seen, state, ack }
    }

    /// Whether its receiver ignores it, whatever it says.
    pub(crate) fn is_dropped(&self) -> bool {
        self.state.is_dropped(self.seen)
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
        // `callEnded({ data: call })`.
        let mut unknown = members.iter().filter(|(it, _)| !is_known(it.as_ref()));
        if let Some((outer, _)) = unknown.find(|(_, value)| value.get(key).is_some()) {
            return format!("; it is in data.{outer}, one level too deep");
        }
        let unknown = members
            .iter()
            .map(|(it, _)| it.as_ref())
            .filter(|it| !is_known(it));
        match suggest::nearest(key, unknown) {
            Some(near) => format!("; it has {near}, did you mean {key}?"),
            None => String::new(),
        }
    }

    /// What the message has instead of an id that it [lacks](ParsedMessage::lacks_id), in words: `0`,
    /// `"undefined"`; `None` if there is nothing.
    pub(crate) fn none_words(&self, key: &str) -> Option<String> {
        let cloned = self.recorded.cloned.get(&format!("data.{key}"));
        match (cloned.filter(|it| *it != "undefined"), self.field(key)) {
            (Some(what), _) => Some(what.to_owned()),
            _ if self.lacks(key) => None,
            (_, Some(Json::Number(text))) => Some((*text).to_owned()),
            (_, Some(Json::String(text))) => Some(format!("{text:?}")),
            _ => Some("false".to_owned()),
        }
    }

    /// The unknown key of `data` that was meant for this documented key, which the message lacks.
    pub(crate) fn stand_in(&self, key: &str) -> Option<&'a str> {
        fields::stand_in(self.ty?, self.data?, key, self.state.view.speaks)
    }

    /// The call that this start announces a second time (C01), so that it begins no new call.
    pub(crate) fn announced_again(&self) -> Option<&'a CallTrack> {
        let state = self.state;
        state.calls.announced_again(self.seen, state.has_two_sdks())
    }

    /// Whether a second SDK object repeats what the first said at `mark`, which T09 reports.
    pub(crate) fn echoes(&self, mark: Mark) -> bool {
        self.state.has_two_sdks() && self.is_soon_after(mark)
    }

    /// Whether the message and the one at `mark` can both be reactions to one event.
    pub(crate) fn is_soon_after(&self, mark: Mark) -> bool {
        self.at - mark.at <= ECHO
    }

    /// The call that the message is about.
    pub(crate) fn call(&self) -> Option<&'a CallTrack> {
        self.state.calls.find(self.seen)
    }
}
