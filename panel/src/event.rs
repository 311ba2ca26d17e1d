//! Events from outside, and the effects that the panel asks for.
//!
//! The model knows no browser: the `web` module turns what happens there into [`Event`]s and
//! carries out [`Effect`]s.

use callscope_bus::{FromPanel, Goodbye, Parked};
use callscope_live::Tab;
use callscope_protocol::Millis;
use serde_json::Value;

/// What has happened outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A port to the page has opened; the other end may not be listening yet.
    PortOpened,
    /// The recorder sent an encoded `ToPanel`.
    Received(String),
    /// The port has closed, or could not be opened.
    PortClosed,
    /// Something happened to a calling window of the page.
    Window {
        /// The window's tab.
        tab: Tab,
        /// What happened.
        what: WindowEvent,
    },
    /// What is known about the page, looked up because no recorder answered.
    Page(Page),
    /// The inspected page is navigating to another address.
    Navigated,
    /// The extension was updated or removed; nothing works until DevTools is reopened.
    ContextLost,
    /// Several files were dropped at once; the first of them follows.
    FilesLeft {
        /// The name of the first.
        first: String,
        /// How many others there were.
        others: usize,
    },
    /// A file was chosen or dropped; its pieces follow.
    FileBegins {
        /// Identifies the file.
        number: u32,
        /// Its name.
        name: String,
        /// Its length.
        bytes: u64,
    },
    /// The next piece of a file.
    FilePiece {
        /// The file.
        number: u32,
        /// The contents of the piece.
        bytes: Vec<u8>,
    },
    /// A file has been read to its end, or cannot be.
    FileEnds {
        /// The file.
        number: u32,
        /// Why it could not be read.
        result: Result<(), String>,
    },
    /// A file could not be saved.
    SaveFailed {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// Random bytes for the next file.
    Salt([u8; 16]),
    /// Data left by pages that were here before.
    Left {
        /// What their recorder held.
        parked: Option<Box<Parked>>,
        /// The last messages their documents heard.
        goodbyes: Vec<Goodbye>,
        /// Whether it has just been left, rather than being there when the panel looked for it.
        is_new: bool,
    },
    /// Whatever earlier pages have not left by now will not come.
    LeftAll,
    /// The answer to [`Effect::Copy`].
    Copied {
        /// What was to be copied.
        what: String,
        /// Why it could not be copied.
        result: Result<(), String>,
    },
    /// The origins whose pages are looked into: sent when the panel opens, and after
    /// [`Effect::SeeInside`].
    SeesInside {
        /// The origins.
        origins: Vec<String>,
        /// Why the last request failed; `None` if it succeeded, or there was none.
        failure: Option<String>,
    },
    /// The browser's answer to [`Effect::CheckPermission`].
    Permission {
        /// The origin.
        origin: String,
        /// Whether the extension may listen there.
        granted: bool,
    },
    /// The frames of the page: the browser's answer to [`Effect::FindFrames`].
    Frames {
        /// The origin that each frame reports; only of frames that Callscope may look into.
        origins: Vec<String>,
    },
    /// The extension's worker does not answer; the panel does its work.
    WorkerSilent {
        /// When it was first asked, by the wall clock.
        since: Millis,
    },
    /// The worker answers again.
    WorkerAnswered,
    /// The inspected page's answer to [`Effect::AskSimulator`].
    SimulatorAnswered {
        /// The number of the question.
        number: u32,
        /// JSON, or why there is no answer.
        answer: Result<String, String>,
    },
    /// The browser's answer to [`Effect::PermitOrigin`].
    Permitted {
        /// The origin.
        origin: String,
        /// Whether the user agreed, or why the user could not be asked.
        result: Result<bool, String>,
    },
}

/// What happened to the port of a calling window.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowEvent {
    /// The port has opened.
    PortOpened,
    /// The window's recorder sent an encoded `ToPanel`.
    Received(String),
    /// What its page left when it was unloaded.
    Left {
        /// What its recorder held when the page left or was expected to.
        parked: Option<Box<Parked>>,
        /// The last messages its documents heard.
        goodbyes: Vec<Goodbye>,
    },
    /// The window was closed.
    Closed,
}

/// What is known about the inspected page when no recorder answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its origin; `None` if the browser does not say.
    pub origin: Option<String>,
    /// Whether the extension may listen there.
    pub permitted: bool,
}

/// What the panel can ask the simulator's page to do for a scenario.
#[derive(Clone, Debug, PartialEq)]
pub enum SimulatorAsk {
    /// Report how far the widget is.
    Look,
    /// Reload itself and the widget with these switches (`name:value`).
    Begin(Vec<String>),
    /// Let HubSpot's user do something: an act.
    Host(Value),
    /// Let HubSpot answer like this from now on: switches by name.
    Answers(Value),
    /// Name the switches that nothing has matched.
    Unmet,
}

impl SimulatorAsk {
    /// The function of `callscopeSimulator.scenario` that does this, and its argument.
    #[must_use]
    pub fn call(&self) -> (&'static str, Value) {
        match self {
            Self::Look => ("look", Value::Null),
            Self::Begin(switches) => ("begin", switches.as_slice().into()),
            Self::Host(act) => ("host", act.clone()),
            Self::Answers(switches) => ("answers", switches.clone()),
            Self::Unmet => ("unmet", Value::Null),
        }
    }

    /// An expression for the inspected page whose value is JSON: `null` if the page is not the
    /// simulator, `loading` if it may still become it. Nothing from a scenario is run as script.
    #[must_use]
    pub fn expression(&self) -> String {
        let (name, argument) = self.call();
        let argument = Value::from(argument.to_string());
        format!(
            "JSON.stringify(globalThis.callscopeSimulator?.scenario?.{name}?.(JSON.parse({argument})) \
             ?? (document.readyState === 'complete' ? null : {{ loading: true }}))"
        )
    }
}

/// What the panel asks the outside to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send this to the recorder, if there is one.
    Send(FromPanel),
    /// Send this to the recorder in a calling window, if there is one.
    SendTo(Tab, FromPanel),
    /// Open a port now rather than later.
    Reconnect,
    /// Copy a text; answered by [`Event::Copied`].
    Copy {
        /// What the text is; sentences about it may follow.
        what: String,
        /// The text.
        text: String,
    },
    /// Offer a file for saving.
    Save {
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
    /// Make random bytes for the next file, so that nobody can tell what was redacted; answered by
    /// [`Event::Salt`].
    MakeSalt,
    /// Ask the user for a file; answered by [`Event::FileBegins`].
    PickFile,
    /// Read this text as if it were a file; answered by [`Event::FileBegins`].
    ReadText {
        /// What to call it.
        name: String,
        /// The text.
        text: String,
    },
    /// Ask the user for permission to listen in an origin, register the content script there and
    /// start it in the frames that are open; answered by [`Event::Permitted`].
    PermitOrigin(String),
    /// Start or stop looking inside the pages of an origin from their next load on, asking for
    /// permission where needed; answered by [`Event::SeesInside`].
    SeeInside {
        /// The origin.
        origin: String,
        /// `false` stops.
        on: bool,
    },
    /// Find out whether the extension may listen in an origin; answered by [`Event::Permission`].
    CheckPermission(String),
    /// Find out the origins of the page's frames, now and a little later; answered by
    /// [`Event::Frames`].
    FindFrames,
    /// Reload the inspected page without a recorder's help.
    ReloadPage,
    /// Look for data left by pages that were here before; answered by [`Event::Left`], and a while
    /// later by [`Event::LeftAll`].
    FindLeft,
    /// Announce this to screen reader users.
    Announce {
        /// The announcement; if it is empty, what was announced is no longer there to be found.
        text: String,
        /// Whether it may interrupt.
        is_urgent: bool,
    },
    /// Ask the inspected page something, if it is the simulator; answered by
    /// [`Event::SimulatorAnswered`].
    AskSimulator {
        /// Identifies the answer.
        number: u32,
        /// The question.
        ask: SimulatorAsk,
    },
    /// Store the settings.
    StoreSettings(String),
}
