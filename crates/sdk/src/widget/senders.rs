//! A method for each message that a widget sends.

use callscope_protocol::{MessageType, Millis};

use super::Widget;
use crate::sender::sender;
use crate::{SendError, Value};

/// One method for each message that a widget sends.
macro_rules! senders {
    ($($(#[$doc:meta])* $method:ident($($data:ident)?) = $kind:ident as $name:literal,)*) => {
        /// The JavaScript names of the methods, and whether each takes a payload.
        pub const WIDGET_METHODS: &[(&str, MessageType, bool)] = &[
            $(($name, MessageType::$kind, senders!(@has $($data)?)),)*
        ];

        /// The widget's messages. Each method sends one message, or queues it until the handshake.
        ///
        /// # Errors
        ///
        /// All fail like [`send`](Self::send).
        #[expect(clippy::missing_errors_doc, reason = "documented once for all methods, above")]
        impl<V: Value> Widget<V> {
            $(sender!($(#[$doc])* $method($($data)?) $kind);)*
        }
    };
    (@has) => { false };
    (@has $data:ident) => { true };
}

senders! {
    /// `INITIALIZED`: the widget can be used.
    initialized(data) = Initialized as "initialized",
    /// `USER_AVAILABLE`: the user takes calls.
    user_available() = UserAvailable as "userAvailable",
    /// `USER_UNAVAILABLE`: the user takes no calls.
    user_unavailable() = UserUnavailable as "userUnavailable",
    /// `LOGGED_IN`: the user has logged in.
    user_logged_in() = LoggedIn as "userLoggedIn",
    /// `LOGGED_OUT`: the user has logged out.
    user_logged_out() = LoggedOut as "userLoggedOut",
    /// `INCOMING_CALL`: somebody calls.
    incoming_call(data) = IncomingCall as "incomingCall",
    /// `OUTGOING_CALL_STARTED`: the user calls.
    outgoing_call(data) = OutgoingCallStarted as "outgoingCall",
    /// `CALL_ANSWERED`: the other end picked up.
    call_answered(data) = CallAnswered as "callAnswered",
    /// `CALL_TRANSFERRED`: the call is somebody else's now.
    call_transferred(data) = CallTransferred as "callTransferred",
    /// `CALL_DATA`: what the widget knows of the call.
    call_data(data) = CallData as "callData",
    /// `CALL_DATA`: [`call_data`](Self::call_data) as the first README calls it; no version of the
    /// original has a method of this name.
    send_call_data(data) = CallData as "sendCallData",
    /// `CALL_ENDED`: the line is closed.
    call_ended(data) = CallEnded as "callEnded",
    /// `CALL_COMPLETED`: the user is done with the call.
    call_completed(data) = CallCompleted as "callCompleted",
    /// `NAVIGATE_TO_RECORD`: HubSpot is to show a record.
    navigate_to_record(data) = NavigateToRecord as "navigateToRecord",
    /// `PUBLISH_TO_CHANNEL`: the older name of [`finalize_engagement`](Self::finalize_engagement).
    publish_to_channel(data) = PublishToChannel as "publishToChannel",
    /// `FINALIZE_ENGAGEMENT`: nothing more will change in the engagement.
    finalize_engagement(data) = FinalizeEngagement as "finalizeEngagement",
    /// `RESIZE_WIDGET`: the frame's size is to be this.
    resize_widget(data) = ResizeWidget as "resizeWidget",
    /// `SET_WIDGET_URL`: the page is about to move to another origin.
    set_widget_url(data) = SetWidgetUrl as "setWidgetUrl",
    /// `ERROR`: HubSpot shows the user its `message`.
    send_error(data) = Error as "sendError",
}
