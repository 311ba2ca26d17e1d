//! The catalogue: every message of the protocol in one table.
//!
//! Lookup, field checks, help texts and documents are derived from it.
//! The rows stand in one file per category; [`MessageType`] lists them in the protocol's order.

use crate::{PACKAGES, Side, Version};

mod call;
mod engagement;
mod error;
mod field;
mod inbound;
mod other_names;
mod outbound;
mod session;
mod transport;

use field::{COORDINATES, SIZE, data, top};
pub use field::{FieldSpec, FieldType, Location, Required};
pub use other_names::Meant;
pub(crate) use other_names::{
    CALL_PROPERTIES, OTHER_NAMES, OtherNames, PROPERTIES, Target, data_field,
};

/// Who may send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// HubSpot to the widget.
    HostToWidget,
    /// The widget to HubSpot.
    WidgetToHost,
    /// Either side.
    Both,
    /// Nobody: the SDK raises it inside its own side.
    Local,
    /// Nobody: the name exists, but no code uses it.
    None,
}

impl Direction {
    /// Whether `side` may send such a message.
    #[must_use]
    pub const fn allows(self, side: Side) -> bool {
        matches!(
            (self, side),
            (Self::Both, _) | (Self::HostToWidget, Side::Host) | (Self::WidgetToHost, Side::Widget)
        )
    }

    /// The direction in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::HostToWidget => "host → widget",
            Self::WidgetToHost => "widget → host",
            Self::Both => "both",
            Self::Local => "local",
            Self::None => "none",
        }
    }
}

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// The handshake and what keeps the connection up.
    Transport,
    /// Errors that are not about one particular message.
    Error,
    /// Log-in, availability, size, visibility.
    Session,
    /// How a call from HubSpot begins.
    Outbound,
    /// How a call to HubSpot begins.
    Inbound,
    /// The course of a call.
    Call,
    /// What HubSpot keeps of a call.
    Engagement,
}

impl Category {
    /// The category's name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Error => "error",
            Self::Session => "session",
            Self::Outbound => "outbound",
            Self::Inbound => "inbound",
            Self::Call => "call",
            Self::Engagement => "engagement",
        }
    }
}

/// Everything that is known about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageSpec {
    /// The `type` on the wire.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub summary: &'static str,
    /// Who may send it.
    pub direction: Direction,
    /// What it is about.
    pub category: Category,
    /// The SDK methods that send it.
    pub sdk_methods: &'static [&'static str],
    /// The name in `eventHandlers` of the handler that receives it.
    pub handler: Option<&'static str>,
    /// The version that introduced it; `None` if no version ever did.
    pub since: Option<Version>,
    /// The last version that has it; `None` if the newest has.
    pub last: Option<Version>,
    /// What to use instead.
    pub deprecated_by: Option<MessageType>,
    /// What answers it: message names, some with a remark in parentheses.
    pub answered_by: &'static [&'static str],
    /// Anything else that is known about it.
    pub notes: &'static str,
    /// Its fields beyond the envelope's `type` and `messageId`.
    pub fields: &'static [FieldSpec],
}

impl MessageSpec {
    /// Whether the SDK of this version knows the message.
    #[must_use]
    pub fn exists_in(&self, version: Version) -> bool {
        self.since.is_some_and(|since| since <= version)
            && self.last.is_none_or(|last| version <= last)
    }

    /// The published packages that have the message.
    pub fn packages(&self) -> impl Iterator<Item = Version> {
        PACKAGES
            .iter()
            .copied()
            .filter(|package| self.exists_in(*package))
    }

    /// The messages that answer this one.
    pub fn answers(&self) -> impl Iterator<Item = MessageType> {
        self.answered_by
            .iter()
            .filter_map(|words| MessageType::from_name(words.split(' ').next().unwrap_or_default()))
    }
}

macro_rules! message_types {
    ($($variant:ident = $spec:path,)*) => {
        /// The type of a message that the SDK, or a document about the SDK, knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum MessageType {
            $(#[doc = concat!("`", stringify!($spec), "`")] $variant,)*
        }

        impl MessageType {
            /// All types, in the order of the protocol.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The type's row in the catalogue.
            #[must_use]
            pub const fn spec(self) -> &'static MessageSpec {
                match self {
                    $(Self::$variant => &$spec,)*
                }
            }

            /// The type with this name on the wire.
            #[must_use]
            #[expect(non_upper_case_globals, reason = "a pattern must be a constant")]
            pub fn from_name(name: &str) -> Option<Self> {
                $(const $variant: &str = $spec.name;)*
                match name {
                    $($variant => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

message_types! {
    Sync = transport::SYNC,
    SyncAck = transport::SYNC_ACK,
    Ready = transport::READY,
    SyncAckFailed = transport::SYNC_ACK_FAILED,
    Unloading = transport::UNLOADING,
    Error = error::ERROR,
    SetWidgetUrl = transport::SET_WIDGET_URL,
    SetWidgetUrlFailed = transport::SET_WIDGET_URL_FAILED,
    Failed = error::FAILED,
    Initialized = session::INITIALIZED,
    LoggedIn = session::LOGGED_IN,
    LoggedOut = session::LOGGED_OUT,
    UserAvailable = session::USER_AVAILABLE,
    UserUnavailable = session::USER_UNAVAILABLE,
    ResizeWidget = session::RESIZE_WIDGET,
    VisibilityChanged = session::VISIBILITY_CHANGED,
    DialNumber = outbound::DIAL_NUMBER,
    OutgoingCallStarted = outbound::OUTGOING_CALL_STARTED,
    IncomingCall = inbound::INCOMING_CALL,
    CallAnswered = call::CALL_ANSWERED,
    CallData = call::CALL_DATA,
    Data = call::DATA,
    CallEnded = call::CALL_ENDED,
    CallCompleted = call::CALL_COMPLETED,
    CallTransferred = call::CALL_TRANSFERRED,
    RingtoneEnded = call::RINGTONE_ENDED,
    EndCall = call::END_CALL,
    SetCallState = call::SET_CALL_STATE,
    EngagementCreated = engagement::ENGAGEMENT_CREATED,
    CreateEngagementSucceeded = engagement::CREATE_ENGAGEMENT_SUCCEEDED,
    CreateEngagementFailed = engagement::CREATE_ENGAGEMENT_FAILED,
    UpdateEngagementSucceeded = engagement::UPDATE_ENGAGEMENT_SUCCEEDED,
    UpdateEngagementFailed = engagement::UPDATE_ENGAGEMENT_FAILED,
    InitiateCallIdSucceeded = engagement::INITIATE_CALL_ID_SUCCEEDED,
    InitiateCallIdFailed = engagement::INITIATE_CALL_ID_FAILED,
    PublishToChannel = engagement::PUBLISH_TO_CHANNEL,
    PublishToChannelSucceeded = engagement::PUBLISH_TO_CHANNEL_SUCCEEDED,
    PublishToChannelFailed = engagement::PUBLISH_TO_CHANNEL_FAILED,
    FinalizeEngagement = engagement::FINALIZE_ENGAGEMENT,
    FinalizeEngagementSucceeded = engagement::FINALIZE_ENGAGEMENT_SUCCEEDED,
    FinalizeEngagementFailed = engagement::FINALIZE_ENGAGEMENT_FAILED,
    UpdateAssociationsFailed = engagement::UPDATE_ASSOCIATIONS_FAILED,
    CallerIdMatchSucceeded = inbound::CALLER_ID_MATCH_SUCCEEDED,
    CallerIdMatchFailed = inbound::CALLER_ID_MATCH_FAILED,
    NavigateToRecord = inbound::NAVIGATE_TO_RECORD,
    NavigateToRecordFailed = inbound::NAVIGATE_TO_RECORD_FAILED,
}

impl MessageType {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.spec().name
    }

    /// Whether scripts that have nothing to do with calling also use this word as a message type.
    /// Such a message counts as calling-extension traffic only if it has a `messageId`.
    #[must_use]
    pub const fn is_common_word(self) -> bool {
        matches!(
            self,
            Self::Ready | Self::Error | Self::Data | Self::Failed | Self::Unloading
        )
    }
}

impl std::fmt::Display for MessageType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
