//! Undocumented field names that widgets use and nobody reads, and the fields that they stand for.

use std::fmt;

use super::MessageType::{
    CallAnswered, CallCompleted, CallData, CallEnded, CallTransferred, Error, FinalizeEngagement,
    IncomingCall, Initialized, NavigateToRecord, OutgoingCallStarted, PublishToChannel,
    SetWidgetUrl,
};
use super::{FieldSpec, Location, MessageType};

/// What an unknown key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// The field of this name, in the same place.
    Field(&'static str),
    /// The call property of this name, in `engagementProperties`.
    Property(String),
}

impl fmt::Display for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => f.write_str(name),
            Self::Property(name) => write!(f, "engagementProperties.{name}"),
        }
    }
}

/// Where a row of [`OTHER_NAMES`] points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A field of `data`.
    Field(&'static str),
    /// A call property in `engagementProperties`.
    Property(&'static str),
}

impl From<Target> for Meant {
    fn from(target: Target) -> Self {
        match target {
            Target::Field(name) => Self::Field(name),
            Target::Property(name) => Self::Property(name.to_owned()),
        }
    }
}

/// Some other names, in some messages, for one documented key.
///
/// Case and separators do not count: `callId` is also `call_id` and `callID`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OtherNames {
    pub(crate) names: &'static [&'static str],
    pub(crate) types: &'static [MessageType],
    pub(crate) target: Target,
}

const fn row(
    target: Target,
    types: &'static [MessageType],
    names: &'static [&'static str],
) -> OtherNames {
    OtherNames {
        names,
        types,
        target,
    }
}

/// The known other names; if several rows fit, the first whose key exists in the SDK's version.
///
/// Only names that can hardly mean anything else in that message are listed: real widgets send many
/// keys of their own.
pub(crate) static OTHER_NAMES: &[OtherNames] = &[
    row(
        Target::Field("isLoggedIn"),
        &[Initialized],
        &["loggedIn", "isLogged", "isAuthenticated"],
    ),
    row(Target::Field("isAvailable"), &[Initialized], &["available"]),
    row(
        Target::Field("sizeInfo"),
        &[Initialized],
        &["size", "dimensions", "width", "height"],
    ),
    row(
        Target::Field("iFrameUrl"),
        &[SetWidgetUrl],
        &["url", "widgetUrl"],
    ),
    row(
        Target::Field("message"),
        &[Error],
        &["errorMessage", "msg", "error"],
    ),
    row(
        Target::Field("externalCallId"),
        &[
            OutgoingCallStarted,
            IncomingCall,
            CallAnswered,
            CallEnded,
            CallCompleted,
            CallTransferred,
            PublishToChannel,
            FinalizeEngagement,
        ],
        &["callId", "externalId", "callSid", "callUuid", "callGuid"],
    ),
    row(
        Target::Field("toNumber"),
        &[OutgoingCallStarted],
        &[
            "phone",
            "number",
            "to",
            "toPhone",
            "toPhoneNumber",
            "phoneNum",
        ],
    ),
    row(
        Target::Field("phoneNumber"),
        &[OutgoingCallStarted, IncomingCall],
        &["phone", "number"],
    ),
    row(
        Target::Field("fromNumber"),
        &[OutgoingCallStarted],
        &["from", "fromPhone", "fromPhoneNumber", "callerNumber"],
    ),
    row(
        Target::Field("fromNumber"),
        &[IncomingCall],
        &[
            "phone",
            "number",
            "from",
            "fromPhone",
            "fromPhoneNumber",
            "caller",
            "callerNumber",
        ],
    ),
    row(
        Target::Field("toNumber"),
        &[IncomingCall],
        &["to", "toPhone", "toPhoneNumber", "calledNumber"],
    ),
    row(
        Target::Field("callStartTime"),
        &[OutgoingCallStarted, IncomingCall],
        &[
            "startTime",
            "startedAt",
            "callStartedAt",
            "startTimestamp",
            "callStartTimestamp",
        ],
    ),
    row(
        Target::Field("createEngagement"),
        &[OutgoingCallStarted, IncomingCall],
        &["shouldCreateEngagement"],
    ),
    row(
        Target::Field("engagementId"),
        &[
            CallData,
            CallEnded,
            CallCompleted,
            PublishToChannel,
            FinalizeEngagement,
        ],
        &["engagement", "hsEngagementId", "hubspotEngagementId"],
    ),
    row(
        Target::Field("callEndStatus"),
        &[CallEnded],
        &[
            "status",
            "callStatus",
            "endStatus",
            "finalStatus",
            "finalCallStatus",
            "hsCallStatus",
        ],
    ),
    row(
        Target::Field("hideWidget"),
        &[CallCompleted],
        &["hide", "closeWidget"],
    ),
    row(
        Target::Field("engagementProperties"),
        &[CallCompleted],
        &["properties", "callProperties", "engagementProps"],
    ),
    row(
        Target::Property("hs_call_body"),
        &[CallCompleted],
        &["body", "callBody", "notes", "callNotes"],
    ),
    row(
        Target::Property("hs_call_title"),
        &[CallCompleted],
        &["title", "callTitle", "subject", "callSubject"],
    ),
    row(
        Target::Property("hs_call_status"),
        &[CallCompleted],
        &["status", "callStatus"],
    ),
    row(
        Target::Property("hs_call_duration"),
        &[CallCompleted],
        &[
            "duration",
            "callDuration",
            "durationMs",
            "endTime",
            "callEndTime",
        ],
    ),
    row(
        Target::Property("hs_call_recording_url"),
        &[CallCompleted],
        &["recordingUrl", "callRecordingUrl"],
    ),
    row(
        Target::Field("objectCoordinates"),
        &[NavigateToRecord],
        &["coordinates", "objectId", "objectTypeId", "portalId"],
    ),
];

/// The call properties that the SDK's types list.
pub(crate) static CALL_PROPERTIES: &[&str] = &[
    "hs_timestamp",
    "hs_call_body",
    "hs_call_callee_object_id",
    "hs_call_callee_object_type",
    "hs_call_direction",
    "hs_call_disposition",
    "hs_call_duration",
    "hs_call_from_number",
    "hs_call_recording_url",
    "hs_call_status",
    "hs_call_title",
    "hs_call_source",
    "hs_call_to_number",
    "hubspot_owner_id",
    "hs_activity_type",
    "hs_attachment_ids",
];

/// The field of `data` that holds call properties.
pub(crate) const PROPERTIES: &str = "engagementProperties";

impl Target {
    /// The field of `data` that a message type must have for this row to apply to it.
    pub(crate) const fn field(self) -> &'static str {
        match self {
            Self::Field(name) => name,
            Self::Property(_) => PROPERTIES,
        }
    }
}

/// The row of a message's `data` field.
pub(crate) fn data_field(ty: MessageType, name: &str) -> Option<&'static FieldSpec> {
    let mut fields = ty.spec().fields.iter();
    fields.find(|field| field.location == Location::Data && field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_points_to_a_documented_key() {
        for row in OTHER_NAMES {
            for ty in row.types {
                let field = row.target.field();
                assert!(data_field(*ty, field).is_some(), "{ty} {field}");
            }
            if let Target::Property(name) = row.target {
                assert!(CALL_PROPERTIES.contains(&name), "{name}");
            }
        }
    }

    #[test]
    fn no_other_name_is_a_documented_key() {
        for row in OTHER_NAMES {
            for (ty, name) in row
                .types
                .iter()
                .flat_map(|ty| row.names.iter().map(move |name| (*ty, *name)))
            {
                assert!(data_field(ty, name).is_none(), "{ty} {name}");
            }
        }
    }

    #[test]
    fn no_name_is_listed_twice_for_one_key() {
        for row in OTHER_NAMES {
            for (index, name) in row.names.iter().enumerate() {
                let rest = row.names.get(index + 1..).unwrap_or_default();
                assert!(!rest.contains(name), "{name}");
            }
        }
    }
}
