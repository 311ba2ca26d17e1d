//! The engagement, which is what HubSpot stores about a call, and its publication.

use super::FieldType::{Number, OneOf, String};
use super::{Category, Direction, MessageSpec, MessageType, data};
use crate::Version;

pub(super) const ENGAGEMENT_CREATED: MessageSpec = MessageSpec {
    name: "ENGAGEMENT_CREATED",
    summary: "HubSpot created the engagement of the call; the older form of CREATE_ENGAGEMENT_SUCCEEDED.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onEngagementCreated"),
    since: Some(Version::new(0, 0, 10)),
    last: None,
    deprecated_by: Some(MessageType::CreateEngagementSucceeded),
    answered_by: &[],
    // In git since 2020-01-16; the README announced its removal in 2024; still in 0.9.7.
    notes: "Deprecated since 0.1.8: CREATE_ENGAGEMENT_SUCCEEDED says the same. HubSpot still sends both.",
    fields: &[data("engagementId", Number).required().since(0, 0, 10)],
};

pub(super) const CREATE_ENGAGEMENT_SUCCEEDED: MessageSpec = MessageSpec {
    name: "CREATE_ENGAGEMENT_SUCCEEDED",
    summary: "HubSpot created the engagement of the call.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onCreateEngagementSucceeded"),
    since: Some(Version::new(0, 1, 8)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "",
    fields: &[data("engagementId", Number).required().since(0, 1, 8)],
};

pub(super) const CREATE_ENGAGEMENT_FAILED: MessageSpec = MessageSpec {
    name: "CREATE_ENGAGEMENT_FAILED",
    summary: "HubSpot could not create the engagement of the call.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onCreateEngagementFailed"),
    since: Some(Version::new(0, 1, 8)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // Its example names a handler that does not exist, onEngagementCreatedFailed.
    notes: "The handler is onCreateEngagementFailed, whatever the README of 0.2.x says.",
    fields: &[data("error.message", String).required().since(0, 1, 8)],
};

pub(super) const UPDATE_ENGAGEMENT_SUCCEEDED: MessageSpec = MessageSpec {
    name: "UPDATE_ENGAGEMENT_SUCCEEDED",
    summary: "HubSpot saved the engagement properties that the widget gave.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onUpdateEngagementSucceeded"),
    since: Some(Version::new(0, 1, 8)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "",
    fields: &[data("engagementId", Number).required().since(0, 1, 8)],
};

pub(super) const UPDATE_ENGAGEMENT_FAILED: MessageSpec = MessageSpec {
    name: "UPDATE_ENGAGEMENT_FAILED",
    summary: "HubSpot could not save the engagement properties that the widget gave.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onUpdateEngagementFailed"),
    since: Some(Version::new(0, 1, 8)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "",
    fields: &[data("error.message", String).required().since(0, 1, 8)],
};

pub(super) const INITIATE_CALL_ID_SUCCEEDED: MessageSpec = MessageSpec {
    name: "INITIATE_CALL_ID_SUCCEEDED",
    summary: "HubSpot made an id for the call.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onInitiateCallIdSucceeded"),
    since: Some(Version::new(0, 5, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "",
    fields: &[
        // PR #201 says that it is returned, and one public integration reads it; its type is not
        // stated.
        data("callId", OneOf(&[String, Number]))
            .since(0, 5, 1)
            .note("HubSpot's id of the call"),
    ],
};

pub(super) const INITIATE_CALL_ID_FAILED: MessageSpec = MessageSpec {
    name: "INITIATE_CALL_ID_FAILED",
    summary: "HubSpot could not make an id for the call; an invalid number is a known cause.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onInitiateCallIdFailed"),
    since: Some(Version::new(0, 5, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // SDK, PR #254.
    notes: "Known cause: the phone number is invalid.",
    fields: &[data("error.message", String).since(0, 5, 1)],
};

pub(super) const PUBLISH_TO_CHANNEL: MessageSpec = MessageSpec {
    name: "PUBLISH_TO_CHANNEL",
    summary: "The widget asks HubSpot to publish the call; the older form of FINALIZE_ENGAGEMENT.",
    direction: Direction::WidgetToHost,
    category: Category::Engagement,
    sdk_methods: &["publishToChannel"],
    handler: None,
    since: Some(Version::new(0, 4, 0)),
    last: None,
    deprecated_by: Some(MessageType::FinalizeEngagement),
    answered_by: &["PUBLISH_TO_CHANNEL_SUCCEEDED", "PUBLISH_TO_CHANNEL_FAILED"],
    notes: "Deprecated since 0.9.4.",
    fields: &[
        data("engagementId", Number).required().since(0, 4, 0),
        data("externalCallId", String)
            .or(Number)
            .required()
            .since(0, 7, 0)
            .note("the calling app's own id of the call; it ties one call's messages together"),
    ],
};

pub(super) const PUBLISH_TO_CHANNEL_SUCCEEDED: MessageSpec = MessageSpec {
    name: "PUBLISH_TO_CHANNEL_SUCCEEDED",
    summary: "HubSpot published the call.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onPublishToChannelSucceeded"),
    since: Some(Version::new(0, 4, 0)),
    last: None,
    deprecated_by: Some(MessageType::FinalizeEngagementSucceeded),
    answered_by: &[],
    notes: "",
    fields: &[
        data("engagementId", Number).since(0, 4, 0),
        data("externalCallId", String).or(Number).since(0, 4, 0),
    ],
};

pub(super) const PUBLISH_TO_CHANNEL_FAILED: MessageSpec = MessageSpec {
    name: "PUBLISH_TO_CHANNEL_FAILED",
    summary: "HubSpot could not publish the call.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onPublishToChannelFailed"),
    since: Some(Version::new(0, 4, 0)),
    last: None,
    deprecated_by: Some(MessageType::FinalizeEngagementFailed),
    answered_by: &[],
    notes: "",
    fields: &[
        data("engagementId", Number).since(0, 4, 0),
        data("externalCallId", String).or(Number).since(0, 4, 0),
    ],
};

pub(super) const FINALIZE_ENGAGEMENT: MessageSpec = MessageSpec {
    name: "FINALIZE_ENGAGEMENT",
    summary: "The widget asks HubSpot to finalize the engagement of the call.",
    direction: Direction::WidgetToHost,
    category: Category::Engagement,
    sdk_methods: &["finalizeEngagement"],
    handler: None,
    since: Some(Version::new(0, 9, 4)),
    last: None,
    deprecated_by: None,
    answered_by: &[
        "FINALIZE_ENGAGEMENT_SUCCEEDED",
        "FINALIZE_ENGAGEMENT_FAILED",
    ],
    notes: "Replaces PUBLISH_TO_CHANNEL.",
    fields: &[
        data("engagementId", Number).required().since(0, 9, 4),
        data("externalCallId", String)
            .or(Number)
            .required()
            .since(0, 9, 4)
            .note("the calling app's own id of the call; it ties one call's messages together"),
    ],
};

pub(super) const FINALIZE_ENGAGEMENT_SUCCEEDED: MessageSpec = MessageSpec {
    name: "FINALIZE_ENGAGEMENT_SUCCEEDED",
    summary: "HubSpot finalized the engagement.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onFinalizeEngagementSucceeded"),
    since: Some(Version::new(0, 9, 4)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "",
    fields: &[
        data("engagementId", Number).since(0, 9, 4),
        data("externalCallId", String).or(Number).since(0, 9, 4),
    ],
};

pub(super) const FINALIZE_ENGAGEMENT_FAILED: MessageSpec = MessageSpec {
    name: "FINALIZE_ENGAGEMENT_FAILED",
    summary: "HubSpot could not finalize the engagement.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onFinalizeEngagementFailed"),
    since: Some(Version::new(0, 9, 4)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "",
    fields: &[
        data("engagementId", Number).since(0, 9, 4),
        data("externalCallId", String).or(Number).since(0, 9, 4),
    ],
};

pub(super) const UPDATE_ASSOCIATIONS_FAILED: MessageSpec = MessageSpec {
    name: "UPDATE_ASSOCIATIONS_FAILED",
    summary: "HubSpot could not associate the call with records.",
    direction: Direction::HostToWidget,
    category: Category::Engagement,
    sdk_methods: &[],
    handler: Some("onUpdateAssociationsFailed"),
    since: Some(Version::new(0, 8, 1)),
    last: Some(Version::new(0, 9, 4)),
    deprecated_by: None,
    answered_by: &[],
    // First in tag 0.8.1-alpha.0; absent from 0.8.1-alpha.1.
    notes: "Removed in 0.9.5: from then on the SDK answers it with ERROR.",
    fields: &[],
};
