//! How certain is what we know about HubSpot.

use serde::Serialize;

/// The source of what is known about a behavior of HubSpot's page.
///
/// HubSpot's own host page is not public, so much of it can only be inferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// From the SDK's source, or stated by HubSpot's staff.
    Certain,
    /// From HubSpot's documentation or readme.
    Documented,
    /// Reported by people who use HubSpot.
    Observed,
    /// Concluded from what a widget must be able to rely on; HubSpot may behave differently.
    Inferred,
    /// The simulator's own choice: a delay, a record, a sentence.
    Own,
}

impl Certainty {
    /// The word shown by the page and the documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
            Self::Own => "the simulator's own",
        }
    }
}

/// One thing that HubSpot's page does, with its source.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Behavior {
    /// What happens.
    pub what: &'static str,
    /// How certain this is.
    pub certainty: Certainty,
    /// The source.
    pub source: &'static str,
}

const fn row(what: &'static str, certainty: Certainty, source: &'static str) -> Behavior {
    Behavior {
        what,
        certainty,
        source,
    }
}

/// What the simulator does besides answering messages; for the answers, see
/// [`ANSWERS`](crate::ANSWERS).
pub const BEHAVIORS: &[Behavior] = &[
    row(
        "A number that is clicked while the widget is logged out shows an alert, and no DIAL_NUMBER is sent.",
        Certainty::Documented,
        "readme of the SDK, 0.0.10",
    ),
    row(
        "A number that is clicked while a call runs shows an alert, and no DIAL_NUMBER is sent.",
        Certainty::Inferred,
        "no source; the widget must cope with a second DIAL_NUMBER all the same",
    ),
    row(
        "A dial opens the widget if it is minimized or closed.",
        Certainty::Inferred,
        "HubSpot shows its provider dialog first (SDK issue 237)",
    ),
    row(
        "Minimizing sends VISIBILITY_CHANGED {isMinimized: true, isHidden: false}; the X sends one as well.",
        Certainty::Certain,
        "SDK issue 116",
    ),
    row(
        "CALL_COMPLETED closes the widget unless hideWidget is false.",
        Certainty::Certain,
        "readme of the SDK; SDK issue 38",
    ),
    row(
        "VISIBILITY_CHANGED follows when CALL_COMPLETED closes the widget.",
        Certainty::Observed,
        "SDK issue 116",
    ),
    row(
        "INCOMING_CALL brings a minimized or closed widget to the front.",
        Certainty::Documented,
        "readme of the SDK: it makes an active widget visible",
    ),
    row(
        "The caller's number is looked up among contacts and companies, by its digits.",
        Certainty::Inferred,
        "the shape of CALLER_ID_MATCH_SUCCEEDED",
    ),
    row(
        "A caller whom nobody knows gives CALLER_ID_MATCH_SUCCEEDED with an empty list.",
        Certainty::Inferred,
        "HubSpot's demo handles an empty list",
    ),
    row(
        "NAVIGATE_TO_RECORD loads the record's page once the engagement exists; the SYNC there carries engagementId.",
        Certainty::Documented,
        "article on inbound calls, beta",
    ),
    row(
        "Going to another record by hand, or loading the page anew, while a call runs hands its engagement over as well.",
        Certainty::Inferred,
        "what SYNC's engagementId is for",
    ),
    row(
        "NAVIGATE_TO_RECORD with openIn NEW_TAB opens another tab; the widget and its call stay.",
        Certainty::Inferred,
        "type of the SDK, 0.9.7",
    ),
    row(
        "Leaving the page while a call runs asks the user first.",
        Certainty::Observed,
        "SDK issue 21, in 2019",
    ),
    row(
        "The call shows in the activity list when its engagement exists, with the properties of CALL_COMPLETED once these are saved.",
        Certainty::Documented,
        "readme of the SDK, 0.2",
    ),
    row(
        "ERROR with a message shows that message in an alert.",
        Certainty::Documented,
        "readme of the SDK, 0.1.0",
    ),
    row(
        "The widget's frame takes the size of INITIALIZED's sizeInfo and of RESIZE_WIDGET.",
        Certainty::Documented,
        "readme of the SDK",
    ),
    row(
        "SET_WIDGET_URL is read nested under data, as the SDK has sent it since 0.8.0, and at the top level.",
        Certainty::Inferred,
        "the SDK's host reads the top level only",
    ),
    row(
        "A call from a ticket has objectId 0 and no objectType; calleeInfo names the contact.",
        Certainty::Observed,
        "SDK issues 216, 228 and 232",
    ),
    row(
        "In the navigation bar the widget is in a frame of HubSpot's, not in the page itself.",
        Certainty::Observed,
        "a third party's code",
    ),
    row(
        "The navigation bar and the calling window have the widget at the same time, each with a frame and a handshake of its own.",
        Certainty::Observed,
        "a third party's code, and HubSpot's demo, whose two frames tell each other by BroadcastChannel",
    ),
    row(
        "The calling window stays when HubSpot's page goes to another record.",
        Certainty::Inferred,
        "what a calling window is for",
    ),
    row(
        "A calling window that its user closes takes its call with it, and HubSpot says that it is closed; CALL_ENDED does not come.",
        Certainty::Inferred,
        "a design of the calling window, which asks its user to keep it open",
    ),
    row(
        "DIAL_NUMBER reaches the widget in the navigation bar and in the calling window as well.",
        Certainty::Inferred,
        "a public widget returns early in `remote`",
    ),
];
