//! A call as a value whose type says what may come next.

use std::fmt;
use std::marker::PhantomData;

use callscope_protocol::Millis;

use crate::io::SendError;
use crate::value::{Entry, Value};
use crate::widget::Widget;

/// Nobody has answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ringing;

/// Both parties are talking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered;

/// The call is over, but the user is not done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended;

/// The user is done with the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completed;

/// How a call ended: `callEndStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndStatus {
    /// The two parties talked.
    Completed,
    /// Something broke.
    Failed,
    /// The caller gave up.
    Canceled,
    /// The callee was busy.
    Busy,
    /// The callee did not pick up.
    NoAnswer,
    /// The callee refused.
    Rejected,
    /// The user did not pick up.
    Missed,
}

impl EndStatus {
    /// All statuses.
    pub const ALL: [Self; 7] = [
        Self::Completed,
        Self::Failed,
        Self::Canceled,
        Self::Busy,
        Self::NoAnswer,
        Self::Rejected,
        Self::Missed,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
            Self::Busy => "BUSY",
            Self::NoAnswer => "NO_ANSWER",
            Self::Rejected => "REJECTED",
            Self::Missed => "MISSED",
        }
    }
}

/// A call in one of its states, [`Ringing`], [`Answered`], [`Ended`] or [`Completed`].
///
/// Each step sends its message with the call's `externalCallId`, and with its `engagementId` if the
/// message has one, and returns the call in its next state.
/// A step that is not allowed next has no method:
///
/// ```compile_fail
/// # use callscope_sdk::{Answered, Call, Widget};
/// # use callscope_protocol::Millis;
/// # use serde_json::Value;
/// fn answer_twice(call: Call<Answered, Value>, widget: &mut Widget<Value>) {
///     call.answered(widget, None, Millis(0.0));
/// }
/// ```
///
/// A step that cannot be sent returns the call: see [`Refused`].
#[derive(Clone, Debug, PartialEq)]
pub struct Call<S, V> {
    external_call_id: String,
    engagement_id: Option<V>,
    state: PhantomData<S>,
}

/// A step that was not sent, with the unchanged call.
#[derive(Clone, PartialEq)]
pub struct Refused<S, V> {
    /// The call, for another attempt.
    pub call: Call<S, V>,
    /// Why.
    pub error: SendError,
}

impl<S, V> fmt::Debug for Refused<S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.error, f)
    }
}

impl<S, V> fmt::Display for Refused<S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<S, V> std::error::Error for Refused<S, V> {}

type Step<S, Next, V> = Result<Call<Next, V>, Refused<S, V>>;
type Sender<V> = fn(&mut Widget<V>, V, Millis) -> Result<(), SendError>;

impl<V: Value> Widget<V> {
    /// The user calls: sends `OUTGOING_CALL_STARTED`.
    ///
    /// The call's id is `externalCallId` in `data`; without one, an id is created.
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub fn start_outgoing_call(
        &mut self,
        data: &V,
        now: Millis,
    ) -> Result<Call<Ringing, V>, SendError> {
        self.start(data, Self::outgoing_call, now)
    }

    /// Somebody calls: sends `INCOMING_CALL`.
    ///
    /// The call's id is `externalCallId` in `data`; without one, an id is created.
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub fn start_incoming_call(
        &mut self,
        data: &V,
        now: Millis,
    ) -> Result<Call<Ringing, V>, SendError> {
        self.start(data, Self::incoming_call, now)
    }

    fn start(
        &mut self,
        data: &V,
        send: Sender<V>,
        now: Millis,
    ) -> Result<Call<Ringing, V>, SendError> {
        let external_call_id = data
            .get("externalCallId")
            .and_then(|id| id.as_id())
            .unwrap_or_else(|| self.mint_call_id());
        let call = Call {
            external_call_id,
            engagement_id: None,
            state: PhantomData,
        };
        send(self, call.data(Some(data), false, None), now)?;
        Ok(call)
    }
}

impl<S, V: Value> Call<S, V> {
    /// The id that the call's messages share.
    #[must_use]
    pub fn external_call_id(&self) -> &str {
        &self.external_call_id
    }

    /// The engagement that HubSpot created for it, if it was set.
    #[must_use]
    pub const fn engagement_id(&self) -> Option<&V> {
        self.engagement_id.as_ref()
    }

    /// Stores the `engagementId` of `CREATE_ENGAGEMENT_SUCCEEDED`, for the messages that name it.
    pub fn set_engagement_id(&mut self, id: V) {
        self.engagement_id = Some(id);
    }

    /// The payload of a step: what the application gives, completed with what the call knows.
    fn data(&self, given: Option<&V>, with_engagement: bool, status: Option<EndStatus>) -> V {
        let mut entries = vec![("externalCallId", Entry::Text(&self.external_call_id))];
        if let Some(id) = self.engagement_id.as_ref().filter(|_| with_engagement) {
            entries.push(("engagementId", Entry::Value(id.clone())));
        }
        if let Some(status) = status {
            entries.push(("callEndStatus", Entry::Text(status.word())));
        }
        V::object(given, &entries)
    }

    fn step<Next>(
        self,
        widget: &mut Widget<V>,
        send: Sender<V>,
        data: V,
        now: Millis,
    ) -> Step<S, Next, V> {
        match send(widget, data, now) {
            Ok(()) => Ok(Call {
                external_call_id: self.external_call_id,
                engagement_id: self.engagement_id,
                state: PhantomData,
            }),
            Err(error) => Err(Refused { call: self, error }),
        }
    }

    fn end(
        self,
        widget: &mut Widget<V>,
        status: EndStatus,
        data: Option<&V>,
        now: Millis,
    ) -> Step<S, Ended, V> {
        let data = self.data(data, true, Some(status));
        self.step(widget, Widget::call_ended, data, now)
    }

    fn transfer(
        self,
        widget: &mut Widget<V>,
        data: Option<&V>,
        now: Millis,
    ) -> Result<(), Refused<S, V>> {
        let data = self.data(data, false, None);
        self.step::<Completed>(widget, Widget::call_transferred, data, now)?;
        Ok(())
    }
}

impl<V: Value> Call<Ringing, V> {
    /// Sends `CALL_ANSWERED`.
    ///
    /// # Errors
    ///
    /// Those of [`Widget::send`], with the call.
    pub fn answered(
        self,
        widget: &mut Widget<V>,
        data: Option<&V>,
        now: Millis,
    ) -> Step<Ringing, Answered, V> {
        let data = self.data(data, false, None);
        self.step(widget, Widget::call_answered, data, now)
    }

    /// Sends `CALL_ENDED` for a call that nobody answered.
    ///
    /// # Errors
    ///
    /// Those of [`Widget::send`], with the call.
    pub fn ended(
        self,
        widget: &mut Widget<V>,
        status: EndStatus,
        data: Option<&V>,
        now: Millis,
    ) -> Step<Ringing, Ended, V> {
        self.end(widget, status, data, now)
    }

    /// Sends `CALL_TRANSFERRED`: the last message of the call.
    ///
    /// # Errors
    ///
    /// Those of [`Widget::send`], with the call.
    pub fn transferred(
        self,
        widget: &mut Widget<V>,
        data: Option<&V>,
        now: Millis,
    ) -> Result<(), Refused<Ringing, V>> {
        self.transfer(widget, data, now)
    }
}

impl<V: Value> Call<Answered, V> {
    /// Sends `CALL_ENDED`.
    ///
    /// # Errors
    ///
    /// Those of [`Widget::send`], with the call.
    pub fn ended(
        self,
        widget: &mut Widget<V>,
        status: EndStatus,
        data: Option<&V>,
        now: Millis,
    ) -> Step<Answered, Ended, V> {
        self.end(widget, status, data, now)
    }

    /// Sends `CALL_TRANSFERRED`: the last message of the call.
    ///
    /// # Errors
    ///
    /// Those of [`Widget::send`], with the call.
    pub fn transferred(
        self,
        widget: &mut Widget<V>,
        data: Option<&V>,
        now: Millis,
    ) -> Result<(), Refused<Answered, V>> {
        self.transfer(widget, data, now)
    }
}

impl<V: Value> Call<Ended, V> {
    /// Sends `CALL_COMPLETED`; HubSpot hides the widget unless `data` says `hideWidget: false`.
    ///
    /// # Errors
    ///
    /// Those of [`Widget::send`], with the call.
    pub fn completed(
        self,
        widget: &mut Widget<V>,
        data: Option<&V>,
        now: Millis,
    ) -> Step<Ended, Completed, V> {
        let data = self.data(data, true, None);
        self.step(widget, Widget::call_completed, data, now)
    }
}

impl<V: Value> Call<Completed, V> {
    /// Sends `FINALIZE_ENGAGEMENT`.
    ///
    /// # Errors
    ///
    /// Those of [`Widget::send`], with the call.
    pub fn finalize_engagement(
        self,
        widget: &mut Widget<V>,
        now: Millis,
    ) -> Step<Completed, Completed, V> {
        let data = self.data(None, true, None);
        self.step(widget, Widget::finalize_engagement, data, now)
    }
}

#[cfg(test)]
mod tests {
    use callscope_protocol::{FieldType, MessageType};

    use super::*;

    #[test]
    fn the_end_states_are_the_catalogues() {
        let fields = MessageType::CallEnded.spec().fields;
        let field = fields
            .iter()
            .find(|field| field.name == "callEndStatus")
            .unwrap();
        let FieldType::Enum(words) = field.ty else {
            panic!("{}", field.ty)
        };
        assert_eq!(EndStatus::ALL.map(EndStatus::word), words);
    }
}
