//! The words of the format, each kind in one table: what a host can do, which roles a user has,
//! which conditions there are.
//!
//! Parser, schema, documents and messages are derived from these tables.

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal: $words:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = $words] $variant,)*
        }

        impl $name {
            /// All of them, in the order of the documents.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word in a scenario.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What it means, in one sentence.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }

            /// Finds it by its word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.word() == word)
            }
        }
    };
}

vocabulary! {
    /// What the simulated HubSpot can be made to do: what its page calls an act.
    HostAction {
        Dial = "dial": "The user clicks a phone number in HubSpot.",
        EndCall = "endCall": "The user ends the call in HubSpot, which sends `END_CALL`.",
        Minimize = "minimize": "The user minimizes the widget.",
        Restore = "restore": "The user brings a minimized widget back.",
        Close = "close": "The user closes the widget with its X.",
        Open = "open": "The user opens a closed widget.",
        OpenRecord = "openRecord": "The user goes to another record: the widget is loaded again, and SYNC names the engagement of the call in progress.",
        ReloadWidget = "reloadWidget": "The widget's frame is reloaded.",
        SetCallState = "setCallState": "HubSpot sends `SET_CALL_STATE`.",
        Send = "send": "HubSpot sends this message: `type` and `data`; its messageId is created.",
    }
}

vocabulary! {
    /// What somebody other than HubSpot does: the widget's user, or the other end of the line.
    Role {
        LogIn = "logIn": "The user logs in to the widget.",
        LogOut = "logOut": "The user logs out of the widget.",
        Available = "available": "The user becomes available for calls.",
        Unavailable = "unavailable": "The user becomes unavailable for calls.",
        Call = "call": "The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once.",
        RemoteAnswers = "remoteAnswers": "The called party answers.",
        RemoteBusy = "remoteBusy": "The called party is busy.",
        RemoteNoAnswer = "remoteNoAnswer": "The called party does not answer, until the provider gives up.",
        Incoming = "incoming": "Somebody calls the user: this begins at the provider.",
        CallerGivesUp = "callerGivesUp": "The caller hangs up before the user has answered.",
        Answer = "answer": "The user answers the incoming call.",
        Reject = "reject": "The user rejects the incoming call.",
        HangUp = "hangUp": "The user hangs up in the widget.",
        Transfer = "transfer": "The user transfers the call.",
        Save = "save": "The user saves the call and its notes.",
        OpenRecord = "openRecord": "The user opens the caller's record from the widget.",
        Finalize = "finalize": "The user finalizes the engagement.",
    }
}

vocabulary! {
    /// What can be the case at a step.
    Condition {
        LoggedIn = "loggedIn": "The widget's user is logged in.",
        LoggedOut = "loggedOut": "The widget's user is logged out.",
        Available = "available": "The widget's user takes calls.",
        Unavailable = "unavailable": "The widget's user takes no calls.",
        InCall = "inCall": "A call has started and has not ended.",
        Idle = "idle": "There is no call.",
        CreateEngagement = "createEngagement": "The last call to start asked HubSpot for an engagement.",
    }
}

vocabulary! {
    /// Which generation of the SDK the widget speaks, and so which steps hold for it.
    Profile {
        Seed = "seed": "The SDK up to 0.6: calls have no externalCallId.",
        Modern = "0.9": "The SDK from 0.7 on: each call has an externalCallId.",
    }
}

impl Role {
    /// Who acts: "the user", "the other end".
    #[must_use]
    pub const fn who(self) -> &'static str {
        match self {
            Self::RemoteAnswers
            | Self::RemoteBusy
            | Self::RemoteNoAnswer
            | Self::Incoming
            | Self::CallerGivesUp => "the other end of the line",
            _ => "the user",
        }
    }
}
