//! One message in its context: what a rule looks at.

use std::ops::Deref;

use crate::instead::Instead;
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

    /// What the message has instead of a field of `data` that it lacks: a misspelled key, or the
    /// field one level too deep.
    pub(crate) fn instead_of(&self, field: &'a str) -> Instead<'a> {
        let Some(ty) = self.ty else {
            return Instead::Nothing;
        };
        let other_key = |has| Instead::OtherKey { has, meant: field };
        if let Some(has) = self.stand_in(field) {
            return other_key(has);
        }
        let is_known = |it: &str| {
            let mut paths = ty.spec().fields.iter().flat_map(FieldSpec::paths);
            paths.any(|path| path.split(['.', '[']).next() == Some(it))
        };
        let members = self.data.map_or(&[][..], Json::members);
        let unknown = || members.iter().filter(|(it, _)| !is_known(it.as_ref()));
        // `callEnded({ data: call })`.
        if let Some((outer, _)) = unknown().find(|(_, value)| value.get(field).is_some()) {
            let outer = outer.as_ref();
            return Instead::Deeper { outer, field };
        }
        let near = suggest::nearest(field, unknown().map(|(it, _)| it.as_ref()));
        near.map_or(Instead::Nothing, other_key)
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
