//! What is known about one pairing of a host with a widget, for display.

use crate::{
    Call, CallState, ConversationId, Millis, ReportedVersion, Severity, Side, Version, VersionRange,
};

/// Which generation of the SDK the widget speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SdkGeneration {
    /// Nothing has shown it yet.
    #[default]
    Unknown,
    /// 0.0.1, the first commit.
    First,
    /// 0.0.2 to 0.0.6.
    Seed,
    /// 0.0.7 to 0.1.5, which all report 0.0.1.
    Early,
    /// 0.1.6 to 0.2: HubSpot answers with engagements, outbound calls only.
    Engagements,
    /// 0.3 to 0.6: inbound calls, `externalCallId` not yet mandatory.
    Inbound,
    /// 0.7 to 0.8: `externalCallId`.
    ExternalIds,
    /// 0.9 and newer.
    Modern,
    /// The version is not known; the messages look like the seed's.
    SeedLike,
    /// The version is not known; the messages look modern.
    ModernLike,
}

impl SdkGeneration {
    /// The generation in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::First => "first commit (0.0.1)",
            Self::Seed => "seed (0.0.2–0.0.6)",
            Self::Early => "early (0.0.7–0.1.5)",
            Self::Engagements => "engagement replies (0.1.6–0.2)",
            Self::Inbound => "inbound (0.3–0.6)",
            Self::ExternalIds => "external call ids (0.7–0.8)",
            Self::Modern => "modern (0.9 and newer)",
            Self::SeedLike => "seed, by its messages",
            Self::ModernLike => "modern, by its messages",
        }
    }

    /// The oldest and the newest version of the SDK that the generation can stand for.
    #[must_use]
    pub const fn versions(self) -> (Version, Version) {
        let v = Version::new;
        match self {
            Self::Unknown => (Version::OLDEST, Version::NEWEST),
            Self::First => (v(0, 0, 1), v(0, 0, 1)),
            Self::Seed => (v(0, 0, 2), v(0, 0, 6)),
            Self::SeedLike => (v(0, 0, 1), v(0, 0, 6)),
            Self::Early => (v(0, 0, 7), v(0, 1, 5)),
            Self::Engagements => (v(0, 1, 6), v(0, 2, 2)),
            Self::Inbound => (v(0, 3, 0), v(0, 6, 4)),
            Self::ExternalIds => (v(0, 7, 0), v(0, 8, 3)),
            Self::ModernLike => (v(0, 7, 0), Version::NEWEST),
            Self::Modern => (v(0, 9, 0), Version::NEWEST),
        }
    }
}

/// Whether the frame of a conversation is one that HubSpot talks to.
///
/// Any frame of a page can post to HubSpot's page what a widget would. HubSpot sends `SYNC` only to
/// the frames that it has created for widgets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FrameStanding {
    /// Not known: the frame has not spoken for long, a `SYNC` may be missing from the recording, or
    /// HubSpot was not seen to sync with any frame.
    #[default]
    Unknown,
    /// HubSpot sent `SYNC` to it, or to the page that was in the same frame before or after it.
    Synced,
    /// It speaks like a widget, everything that HubSpot's page sent to it was recorded, and none of
    /// that was a `SYNC`, although the same page syncs with another frame, or is itself a frame
    /// that is synced with.
    Stranger,
}

/// How far the handshake has got.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Link {
    /// Nothing was seen yet.
    #[default]
    Silent,
    /// The two sides talk, but their handshake was not recorded.
    Joined,
    /// `SYNC` was sent and not answered.
    Syncing {
        /// When the first `SYNC` of this attempt was received.
        since: Millis,
        /// How many there were.
        sync_count: u32,
    },
    /// `SYNC_ACK` came; `INITIALIZED` did not.
    Ready {
        /// When `SYNC_ACK` was received.
        since: Millis,
        /// From the first `SYNC` to `SYNC_ACK`.
        latency: Millis,
        /// How many `SYNC`s it took.
        sync_count: u32,
    },
    /// `INITIALIZED` came: every message is allowed.
    Initialized {
        /// When `INITIALIZED` was received.
        since: Millis,
        /// From the first `SYNC` to `SYNC_ACK`; `None` if that was not recorded.
        latency: Option<Millis>,
        /// How many `SYNC`s it took.
        sync_count: u32,
    },
    /// No answer within 30 s; the host has given up.
    Failed {
        /// When the first `SYNC` of this attempt was received.
        since: Millis,
        /// How many there were.
        sync_count: u32,
    },
    /// A document unloaded.
    Closed {
        /// When.
        since: Millis,
        /// Whose document.
        side: Side,
    },
}

/// Whether a user is logged in to the widget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Login {
    /// Nothing has shown it, or a gap may have changed it.
    #[default]
    Unknown,
    /// Logged out.
    LoggedOut,
    /// Logged in.
    LoggedIn,
}

/// Whether the user takes inbound calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Availability {
    /// Nothing has shown it, or a gap may have changed it.
    #[default]
    Unknown,
    /// Calls may come.
    Available,
    /// Calls should not come.
    Unavailable,
}

/// What the last `VISIBILITY_CHANGED` said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Visibility {
    /// `isMinimized`.
    pub minimized: bool,
    /// `isHidden`.
    pub hidden: bool,
}

/// One pairing of a host document with a widget document.
///
/// This is what people want to see; the rules use more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// Its id in the session.
    pub id: ConversationId,
    /// The conversation that it continues after a reload.
    pub continues: Option<ConversationId>,
    /// The host document's origin.
    pub host_origin: Option<String>,
    /// The widget document's origin.
    pub widget_origin: Option<String>,
    /// Whether it is in a calling window of the session's page.
    pub in_calling_window: bool,
    /// The version that `SYNC_ACK` reported.
    pub sdk: Option<ReportedVersion>,
    /// `INITIALIZED.data.sdkVersion`, which packages 0.0.14 to 0.1.5 sent.
    pub sdk_version: Option<String>,
    /// The generation of the SDK.
    pub generation: SdkGeneration,
    /// Which versions the widget's SDK can be, judging by what it reported and by the shapes of its
    /// messages. A widget that does not use the SDK is treated as the versions that send the same.
    pub speaks: VersionRange,
    /// How far the handshake has got.
    pub link: Link,
    /// Whether HubSpot talks to the frame.
    pub standing: FrameStanding,
    /// How long the last handshake took that was recorded from its first `SYNC` on.
    pub handshake: Option<Millis>,
    /// Whether `INITIALIZED` came in a message that the host ignores.
    pub ignores_initialized: bool,
    /// Whether a user is logged in, as far as the host has been told.
    pub login: Login,
    /// Whether inbound calls may come.
    pub availability: Availability,
    /// What HubSpot said about the widget's visibility.
    pub visibility: Option<Visibility>,
    /// The current call, or the last one; `None` while idle.
    pub call: Option<Call>,
    /// The call of the last message about a call, if that is not [`call`](Self::call): with call
    /// waiting, one can change while the other goes on.
    pub other_call: Option<CallState>,
    /// The host SDK's instance: the digits before the `_` of its message ids.
    pub host_instance: Option<String>,
    /// The widget SDK's instance.
    pub widget_instance: Option<String>,
    /// `SYNC.portalId`
    pub portal_id: Option<String>,
    /// `SYNC.userId`
    pub user_id: Option<String>,
    /// `SYNC.ownerId`
    pub owner_id: Option<String>,
    /// `SYNC.iframeLocation`
    pub iframe_location: Option<String>,
    /// `SYNC.usesCallingWindow`
    pub uses_calling_window: Option<bool>,
    /// When the conversation began: when its first message was received.
    pub first_at: Millis,
    /// When the last message of the conversation was received.
    pub last_at: Millis,
    /// Messages seen.
    pub message_count: u64,
    /// Findings of severity note.
    pub note_count: u64,
    /// Findings of severity warning.
    pub warning_count: u64,
    /// Findings of severity error.
    pub error_count: u64,
}

impl Conversation {
    /// Whether its frame is known to be one that HubSpot does not sync with: whatever is wrong with
    /// its messages is then no fault of a widget.
    #[must_use]
    pub fn is_strangers(&self) -> bool {
        self.standing == FrameStanding::Stranger
    }

    /// The SDK in words: "SDK 0.9.7 (reports 0.9.7-beta.0)", "SDK 0.0.7–0.1.5", "own
    /// implementation", or "SDK unknown".
    #[must_use]
    pub fn sdk_words(&self) -> String {
        let Some(reported) = &self.sdk else {
            return match self.generation {
                SdkGeneration::Unknown => "SDK unknown".to_owned(),
                generation => generation.words().to_owned(),
            };
        };
        match (reported.package(), self.generation) {
            (_, SdkGeneration::First) => "SDK 0.0.1".to_owned(),
            (_, SdkGeneration::Seed) => "SDK 0.0.2–0.0.6".to_owned(),
            (_, SdkGeneration::Early) => match &self.sdk_version {
                Some(version) => format!("SDK {version} or one later"),
                None => "SDK 0.0.7–0.0.13".to_owned(),
            },
            (Some(version), _) if version.to_string() == reported.text => format!("SDK {version}"),
            (Some(version), _) => format!("SDK {version} (reports {reported})"),
            (None, _) => format!("own implementation (reports {reported})"),
        }
    }

    /// Counts a finding.
    pub(crate) const fn count(&mut self, severity: Severity) {
        *self.count_of(severity) += 1;
    }

    /// Takes back one that was counted.
    pub(crate) const fn take_back(&mut self, severity: Severity) {
        let count = self.count_of(severity);
        // A conversation that was dropped begins again with none.
        *count = count.saturating_sub(1);
    }

    const fn count_of(&mut self, severity: Severity) -> &mut u64 {
        match severity {
            Severity::Note => &mut self.note_count,
            Severity::Warning => &mut self.warning_count,
            Severity::Error => &mut self.error_count,
        }
    }
}
