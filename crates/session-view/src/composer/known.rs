//! Where the values of fields come from that the user did not write.

use callscope_protocol::{
    Call, CallPhase, Conversation, FieldSpec, FieldType, Message, MessageType, Version,
};
use serde_json::Value;

use super::place;

/// The first SDK whose types have `externalCallId` in what begins a call.
const ID_SINCE: Version = Version::new(0, 7, 0);

/// Where the values of fields come from that the user did not write.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The conversation that the message is for.
    pub conversation: Option<&'a Conversation>,
    /// The last message of this type, from the same side, in the session.
    pub last: Option<&'a Message>,
    /// An `externalCallId` that no call has, for a message that begins one.
    pub new_call: Option<&'a str>,
}

impl Known<'_> {
    /// What is known about a field's value.
    pub(super) fn value(&self, ty: MessageType, spec: &FieldSpec, path: &str) -> Option<String> {
        if let FieldType::Constant(text) = spec.ty {
            return Some(text.to_owned());
        }
        let key = path.rsplit('.').next().unwrap_or(path);
        // A past time is of no use, and HubSpot's threads are its own business.
        if matches!(
            key,
            "startTimestamp" | "callStartTime" | "threadId" | "phone_number"
        ) {
            return None;
        }
        if matches!(key, "externalCallId" | "engagementId") {
            return self.id_of_call(ty, key);
        }
        let last = self.last.and_then(|last| place::get(last.value(), path));
        match last {
            Some(Value::String(text)) => return Some(text.clone()),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => return Some(value.to_string()),
            _ => {}
        }
        let conversation = self.conversation?;
        let call = conversation.call.as_ref();
        // What begins a call is about the one that was asked for, not about one that is going on.
        let call = call.filter(|it| {
            it.phase == CallPhase::DialRequested || (it.phase.is_active() && !begins_call(ty))
        });
        match key {
            "portalId" if !path.contains('[') => conversation.portal_id.clone(),
            "ownerId" => conversation.owner_id.clone(),
            "userId" => conversation.user_id.clone(),
            "hostUrl" => conversation.host_origin.clone(),
            "iFrameUrl" => conversation.widget_origin.clone(),
            "iframeLocation" => conversation.iframe_location.clone(),
            "usesCallingWindow" => conversation.uses_calling_window.map(|it| it.to_string()),
            "fromNumber" => call?.from.clone(),
            "toNumber" => call?.to.clone(),
            _ => None,
        }
    }

    /// An id of the current or last call, never of an earlier one. What begins a call is about a
    /// new one, even while another one is going on: the widget gives that a new id, and HubSpot has
    /// none for it yet.
    fn id_of_call(&self, ty: MessageType, key: &str) -> Option<String> {
        let conversation = self.conversation?;
        if begins_call(ty) {
            let has_id = key == "externalCallId" && conversation.speaks.newest >= ID_SINCE;
            return self.new_call.filter(|_| has_id).map(str::to_owned);
        }
        let call = conversation.call.as_ref()?;
        if key == "externalCallId" {
            call.external_call_id.clone()
        } else {
            call.engagement_id.clone()
        }
    }
}

/// Whether a message of this type begins a call.
#[must_use]
pub const fn begins_call(ty: MessageType) -> bool {
    matches!(
        ty,
        MessageType::DialNumber | MessageType::OutgoingCallStarted | MessageType::IncomingCall
    )
}

/// Whether a message of this type begins a call under the id of one that is going on.
#[must_use]
pub fn takes_id_of_another(ty: MessageType, message: &Value, calls: &[Call]) -> bool {
    if !begins_call(ty) {
        return false;
    }
    let id = match place::get(message, "data.externalCallId") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return false,
    };
    let mut going_on = calls.iter().filter(|it| it.phase.is_active());
    going_on.any(|it| it.external_call_id.as_deref() == Some(id.as_str()))
}
