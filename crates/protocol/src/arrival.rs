//! One message in its context: what a rule looks at.

use std::ops::Deref;

use crate::json::Json;
use crate::seen::Seen;
use crate::state::{Ack, CallTrack, Mark, State};
use crate::{FieldSpec, Millis, fields, suggest};

/// Two SDK objects of one page act on one event within so long.
const ECHO: Millis = Millis(5_000.0);

/// One message, and what was known before it.
///
/// Only what the message tells about the widget's version counts already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival<'a> {
    seen: &'a Seen<'a>,
    pub(crate) state: &'a State,
    /// What a `SYNC_ACK` of the widget answers.
    pub(crate) ack: Option<Ack>,
}

impl<'a> Deref for Arrival<'a> {
    type Target = Seen<'a>;

    fn deref(&self) -> &Seen<'a> {
        self.seen
    }
}

impl<'a> Arrival<'a> {
    pub(crate) const fn new(seen: &'a Seen<'a>, state: &'a State, ack: Option<Ack>) -> Self {
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
        fields::stand_in(self.ty?, self.data?, key, self.state.view.speaks)
    }

    /// The call that this start announces once more: C01, and no call of its own.
    pub(crate) fn announced_again(&self) -> Option<&'a CallTrack> {
        let state = self.state;
        state.calls.announced_again(self.seen, state.has_two_sdks())
    }

    /// Whether a second SDK object says what the first said at `mark`: T09 told of it.
    pub(crate) fn echoes(&self, mark: Mark) -> bool {
        self.state.has_two_sdks() && self.is_soon_after(mark)
    }

    /// Whether the message and the one at `mark` can be two answers to one event.
    pub(crate) fn is_soon_after(&self, mark: Mark) -> bool {
        self.at - mark.at <= ECHO
    }

    /// The call that the message is about.
    pub(crate) fn call(&self) -> Option<&'a CallTrack> {
        self.state.calls.find(self.seen)
    }
}
