//! What comes to the panel from outside, and what it wants of the outside.
//!
//! The model knows no browser: the `web` module turns what happens there into [`Event`]s and
//! carries out [`Effect`]s.

use callscope_bus::{FromPanel, Parked, Rest};
use callscope_live::Tab;
use callscope_protocol::Millis;
use serde_json::Value;

/// What has happened outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A port to the page is open; nobody may be listening at its other end yet.
    PortOpened,
    /// The recorder said something: an encoded `ToPanel`.
    Received(String),
    /// The port has closed, or could not be opened.
    PortClosed,
    /// Something about a calling window of the page.
    Window {
        /// The window's tab.
        tab: Tab,
        /// What.
        what: WindowEvent,
    },
    /// What is known about the page, found out because nobody answered.
    Page(Page),
    /// The inspected page goes to another address.
    Navigated,
    /// The extension was updated or removed; nothing works until DevTools is opened again.
    ContextLost,
    /// A file was chosen or dropped; its pieces follow.
    FileBegins {
        /// Tells it from others.
        number: u32,
        /// Its name.
        name: String,
        /// How long it is.
        bytes: u64,
    },
    /// The next piece of a file.
    FilePiece {
        /// The file.
        number: u32,
        /// What it holds.
        bytes: Vec<u8>,
    },
    /// No more comes of a file.
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
    /// What pages that were here before have left.
    Left {
        /// What their recorder held.
        parked: Option<Box<Parked>>,
        /// What their documents heard last.
        rests: Vec<Rest>,
        /// Whether that is new, and not what was there when it was looked for.
        is_new: bool,
    },
    /// What pages that were here before have not left by now will not come.
    LeftAll,
    /// A text is on the clipboard, or is not.
    Copied {
        /// What it is.
        what: String,
        /// Why it is not.
        result: Result<(), String>,
    },
    /// The origins whose pages are looked into: found out when the panel opens, and after
    /// [`Effect::SeeInside`].
    SeesInside {
        /// The origins.
        origins: Vec<String>,
        /// Why the last wish was not carried out; `None` if it was, or there was none.
        failure: Option<String>,
    },
    /// The browser's answer to [`Effect::CheckPermission`].
    Permission {
        /// The origin.
        origin: String,
        /// Whether the extension may listen there.
        granted: bool,
    },
    /// Where the frames of the page are: the browser's answer to [`Effect::FindFrames`].
    Frames {
        /// The origin of each, as it tells it itself; of those that Callscope may look into.
        origins: Vec<String>,
    },
    /// The extension's worker does not answer, and the panel does its work.
    WorkerSilent {
        /// When it was asked first, by the wall clock.
        since: Millis,
    },
    /// The worker answers again.
    WorkerAnswered,
    /// The inspected page's answer to [`Effect::AskSimulator`].
    SimulatorAnswered {
        /// Which question.
        number: u32,
        /// JSON, or why there is none.
        answer: Result<String, String>,
    },
    /// The browser's answer to [`Effect::PermitOrigin`].
    Permitted {
        /// The origin.
        origin: String,
        /// Whether the user said yes, or why the question could not be asked.
        result: Result<bool, String>,
    },
}

/// What has happened to the port of a calling window.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowEvent {
    /// It is open.
    PortOpened,
    /// The window's recorder said something: an encoded `ToPanel`.
    Received(String),
    /// What its page left when it went away.
    Left {
        /// What its recorder held, then or ahead.
        parked: Option<Box<Parked>>,
        /// What documents of it heard last.
        rests: Vec<Rest>,
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

/// What a page of the simulator can be asked to do for a scenario.
#[derive(Clone, Debug, PartialEq)]
pub enum SimulatorAsk {
    /// To say how far the widget is.
    Look,
    /// To load itself and the widget anew, with these switches (`name:value`).
    Begin(Vec<String>),
    /// To make HubSpot's user do something: an act.
    Host(Value),
    /// To let HubSpot answer so from now on: switches by name.
    Answers(Value),
    /// To name the switches that nothing has met.
    Unmet,
}

impl SimulatorAsk {
    /// The function of `callscopeSimulator.scenario` that does it, and its argument.
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

    /// It as an expression for the inspected page, whose value is JSON; `null` if the page is not
    /// the simulator, `loading` if it may yet become it. Nothing of a scenario is read as a script.
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

/// What the panel wants of the outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Say this to the recorder, if there is one.
    Send(FromPanel),
    /// Say this to the recorder in a calling window, if there is one.
    SendTo(Tab, FromPanel),
    /// Open a port now instead of later.
    Reconnect,
    /// Put a text on the clipboard; answered by [`Event::Copied`].
    Copy {
        /// What it is.
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
    /// Make random bytes for the next file, so that nobody can tell what was replaced; answered by
    /// [`Event::Salt`].
    MakeSalt,
    /// Ask the user for a file; answered by [`Event::FileBegins`].
    PickFile,
    /// Ask the user for permission to listen in an origin, register the content script there and
    /// start it in the frames that are open; answered by [`Event::Permitted`].
    PermitOrigin(String),
    /// Look inside the pages of an origin from their next load on, or no more, asking for permission
    /// where it is needed; answered by [`Event::SeesInside`].
    SeeInside {
        /// The origin.
        origin: String,
        /// `false` looks no more.
        on: bool,
    },
    /// Find out whether the extension may listen in an origin; answered by [`Event::Permission`].
    CheckPermission(String),
    /// Find out where the frames of the page are, now and a little later; answered by
    /// [`Event::Frames`].
    FindFrames,
    /// Reload the inspected page without a recorder's help.
    ReloadPage,
    /// Look for what pages that were here before have left; answered by [`Event::Left`], and a
    /// while later by [`Event::LeftAll`].
    FindLeft,
    /// Say this to whoever listens to a screen reader.
    Announce {
        /// What.
        text: String,
        /// Whether it may interrupt.
        is_urgent: bool,
    },
    /// Ask the inspected page something, if it is the simulator; answered by
    /// [`Event::SimulatorAnswered`].
    AskSimulator {
        /// Tells its answer from others.
        number: u32,
        /// What.
        ask: SimulatorAsk,
    },
    /// Remember the settings.
    StoreSettings(String),
}
