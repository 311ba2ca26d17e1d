//! The catalogue: every message of the protocol in one table.
//!
//! Lookup, field checks, help texts and documents are derived from it.
//! The rows stand in one file per category; [`MessageType`] lists them in the protocol's order.

use crate::{PACKAGES, Side, Version};

mod call;
mod engagement;
mod error;
mod inbound;
mod other_names;
mod outbound;
mod session;
mod transport;

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

/// Where in a message a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A key of the message itself.
    Top,
    /// A key of its `data`.
    Data,
}

/// Whether a message must have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Required {
    /// Always.
    Yes,
    /// Never.
    No,
    /// As the field's note says.
    Conditional,
}

impl Required {
    /// The word for a table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "required",
            Self::No => "optional",
            Self::Conditional => "conditional",
        }
    }
}

/// The type of a field as the SDK's documents and types give it.
///
/// The SDK itself never validates a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Text.
    String,
    /// Text that is a bare origin: `https://host[:port]`.
    Origin,
    /// Text that is a URL.
    Url,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// The key is there, but its value is `undefined`; JSON has no such thing.
    Undefined,
    /// Exactly this text.
    Constant(&'static str),
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// One of these types.
    OneOf(&'static [FieldType]),
    /// An object with at least these members; empty where none are documented.
    Object(&'static [(&'static str, FieldType)]),
    /// An object whose values are texts, or null.
    Properties,
    /// A list.
    Array,
    /// Anything.
    Any,
    /// Several fields of different types in one row.
    Mixed,
}

impl std::fmt::Display for FieldType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Origin => f.write_str("string (origin)"),
            Self::Url => f.write_str("string (URL)"),
            Self::Number => f.write_str("number"),
            Self::Boolean => f.write_str("boolean"),
            Self::Undefined => f.write_str("undefined"),
            Self::Constant(text) => write!(f, "\"{text}\""),
            Self::Enum(values) => write!(f, "enum {}", values.join("|")),
            Self::OneOf(types) => {
                for (index, ty) in types.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "|" };
                    write!(f, "{separator}{ty}")?;
                }
                Ok(())
            }
            Self::Object([]) => f.write_str("object"),
            Self::Object(members) => {
                f.write_str("object {")?;
                for (index, (name, ty)) in members.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{name}:{ty}")?;
                }
                f.write_str("}")
            }
            Self::Properties => f.write_str("object string→string"),
            Self::Array => f.write_str("array"),
            Self::Any => f.write_str("any"),
            Self::Mixed => f.write_str("mixed"),
        }
    }
}

/// One field of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its path under `location`: `error.message`, `callerIdMatches[].name`.
    ///
    /// Rows that stand for several fields join the last part with `/` or `|`; rows in `<…>`
    /// stand for whatever else there is.
    pub name: &'static str,
    /// Where the path begins.
    pub location: Location,
    /// What it holds.
    pub ty: FieldType,
    /// Another type that it may have, because another document or one of HubSpot's demos uses it.
    pub also: Option<FieldType>,
    /// Whether it must be there.
    pub required: Required,
    /// The unit of a number.
    pub unit: Option<&'static str>,
    /// The version that introduced it, as documented or typed.
    pub since: Version,
    /// The last version that documents or types it; `None` if the newest does.
    pub until: Option<Version>,
    /// Anything else that is known about it.
    pub note: &'static str,
}

impl FieldSpec {
    const fn new(location: Location, name: &'static str, ty: FieldType) -> Self {
        Self {
            name,
            location,
            ty,
            also: None,
            required: Required::No,
            unit: None,
            since: Version::OLDEST,
            until: None,
            note: "",
        }
    }

    /// A field of every message.
    pub(crate) const fn envelope(name: &'static str, note: &'static str) -> Self {
        Self::new(Location::Top, name, FieldType::String)
            .required()
            .note(note)
    }

    pub(crate) const fn or(self, ty: FieldType) -> Self {
        Self {
            also: Some(ty),
            ..self
        }
    }

    const fn required(self) -> Self {
        Self {
            required: Required::Yes,
            ..self
        }
    }

    const fn conditional(self) -> Self {
        Self {
            required: Required::Conditional,
            ..self
        }
    }

    const fn since(self, major: u16, minor: u16, patch: u16) -> Self {
        Self {
            since: Version::new(major, minor, patch),
            ..self
        }
    }

    const fn until(self, major: u16, minor: u16, patch: u16) -> Self {
        Self {
            until: Some(Version::new(major, minor, patch)),
            ..self
        }
    }

    /// A field that exists in one alpha only, because of a bug.
    const fn only_in(self, version: Version) -> Self {
        Self {
            since: version,
            until: Some(version),
            ..self
        }
    }

    const fn unit(self, unit: &'static str) -> Self {
        Self {
            unit: Some(unit),
            ..self
        }
    }

    const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Whether the row stands for all other keys instead of naming a field.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.name.starts_with('<')
    }

    /// The paths that the row stands for; none for a wildcard.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        let (parent, last) = match self.name.rsplit_once('.') {
            Some((parent, last)) => (Some(parent), last),
            None => (None, self.name),
        };
        let last = if self.is_wildcard() { "" } else { last };
        last.split(['/', '|'])
            .filter(|part| !part.is_empty())
            .map(move |part| match parent {
                Some(parent) => format!("{parent}.{part}"),
                None => part.to_owned(),
            })
    }
}

/// A field of the message itself.
const fn top(name: &'static str, ty: FieldType) -> FieldSpec {
    FieldSpec::new(Location::Top, name, ty)
}

/// A field of the message's `data`.
const fn data(name: &'static str, ty: FieldType) -> FieldSpec {
    FieldSpec::new(Location::Data, name, ty)
}

const SIZE: FieldType =
    FieldType::Object(&[("height", FieldType::Number), ("width", FieldType::Number)]);

const COORDINATES: FieldType = FieldType::Object(&[
    ("portalId", FieldType::Number),
    ("objectId", FieldType::Number),
    (
        "objectTypeId",
        FieldType::OneOf(&[FieldType::Constant("0-1"), FieldType::Constant("0-2")]),
    ),
]);

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
