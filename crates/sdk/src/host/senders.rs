//! A method for each message that only a host sends.

use callscope_protocol::{MessageType, Millis};

use super::Host;
use crate::sender::sender;
use crate::{SendError, Value};

/// One method for each message that only a host sends.
macro_rules! senders {
    ($($(#[$doc:meta])* $method:ident($($data:ident)?) = $kind:ident,)*) => {
        /// The messages that have a method of their own in [`Host`].
        pub const HOST_MESSAGES: &[MessageType] = &[$(MessageType::$kind,)*];

        /// HubSpot's messages. Each method sends one message.
        ///
        /// # Errors
        ///
        /// All fail like [`send`](Self::send).
        #[expect(clippy::missing_errors_doc, reason = "documented once for all methods, above")]
        impl<V: Value> Host<V> {
            $(sender!($(#[$doc])* $method($($data)?) $kind);)*
        }
    };
}

senders! {
    /// `DIAL_NUMBER`: the user clicked a number.
    dial_number(data) = DialNumber,
    /// `END_CALL`: the widget is to hang up.
    end_call() = EndCall,
    /// `VISIBILITY_CHANGED`: minimized, hidden or shown.
    visibility_changed(data) = VisibilityChanged,
    /// `SET_CALL_STATE`: undocumented.
    set_call_state(data) = SetCallState,
    /// `ENGAGEMENT_CREATED`: the older name of
    /// [`create_engagement_succeeded`](Self::create_engagement_succeeded).
    engagement_created(data) = EngagementCreated,
    /// `CREATE_ENGAGEMENT_SUCCEEDED`
    create_engagement_succeeded(data) = CreateEngagementSucceeded,
    /// `CREATE_ENGAGEMENT_FAILED`
    create_engagement_failed(data) = CreateEngagementFailed,
    /// `UPDATE_ENGAGEMENT_SUCCEEDED`
    update_engagement_succeeded(data) = UpdateEngagementSucceeded,
    /// `UPDATE_ENGAGEMENT_FAILED`
    update_engagement_failed(data) = UpdateEngagementFailed,
    /// `INITIATE_CALL_ID_SUCCEEDED`
    initiate_call_id_succeeded(data) = InitiateCallIdSucceeded,
    /// `INITIATE_CALL_ID_FAILED`
    initiate_call_id_failed(data) = InitiateCallIdFailed,
    /// `PUBLISH_TO_CHANNEL_SUCCEEDED`
    publish_to_channel_succeeded(data) = PublishToChannelSucceeded,
    /// `PUBLISH_TO_CHANNEL_FAILED`
    publish_to_channel_failed(data) = PublishToChannelFailed,
    /// `FINALIZE_ENGAGEMENT_SUCCEEDED`
    finalize_engagement_succeeded(data) = FinalizeEngagementSucceeded,
    /// `FINALIZE_ENGAGEMENT_FAILED`
    finalize_engagement_failed(data) = FinalizeEngagementFailed,
    /// `UPDATE_ASSOCIATIONS_FAILED`: for widgets from 0.8.1 to 0.9.4.
    update_associations_failed(data) = UpdateAssociationsFailed,
    /// `CALLER_ID_MATCH_SUCCEEDED`
    caller_id_match_succeeded(data) = CallerIdMatchSucceeded,
    /// `CALLER_ID_MATCH_FAILED`
    caller_id_match_failed(data) = CallerIdMatchFailed,
    /// `NAVIGATE_TO_RECORD_FAILED`
    navigate_to_record_failed(data) = NavigateToRecordFailed,
    /// `SET_WIDGET_URL_FAILED`
    set_widget_url_failed(data) = SetWidgetUrlFailed,
    /// `FAILED`: no host is known to send it.
    failed(data) = Failed,
}
