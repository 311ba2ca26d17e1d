//! The conversation bar: who talks, and does it work?

use std::borrow::Cow;

use callscope_protocol::{
    Availability, Call, CallDirection, CallPhase, Conversation, Finding, Link, Login, Millis,
    PageCause, Severity, Side,
};

use callscope_session_view::findings;
use callscope_session_view::overdue::Overdue;
use callscope_session_view::visible;
use callscope_session_view::{SessionView, words};

mod shown;

/// How well something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// It works.
    Good,
    /// Not yet, or no longer.
    Waiting,
    /// It does not work.
    Bad,
    /// Neither.
    Neutral,
}

/// Everything that the bar shows about a conversation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BarData {
    /// All conversations to choose from: number and name.
    pub(crate) choices: Vec<(u32, String)>,
    /// The shown conversation.
    pub(crate) id: u32,
    /// "#1 widget"
    pub(crate) name: String,
    pub(crate) host: Option<String>,
    pub(crate) widget: Option<String>,
    pub(crate) sdk: String,
    pub(crate) generation: &'static str,
    /// "Ready", "Logged in", "Answered 00:42"
    pub(crate) states: Vec<(Health, String)>,
    /// Whether Callscope looks inside the widget's page; `None` if that cannot be switched.
    pub(crate) sees_inside: Option<bool>,
    /// What does not work, and how to fix it.
    pub(crate) trouble: Option<Trouble>,
}

/// The main reason why a conversation does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// The problem.
    pub(crate) what: String,
    /// How to fix it.
    pub(crate) fix: Cow<'static, str>,
    /// The severity of the findings about it; `None` if there are none yet.
    pub(crate) severity: Option<Severity>,
    /// The code of the rule that reports its cause, if the widget's page has reported one.
    pub(crate) cause: Option<&'static str>,
    /// Whether its cause may be something that only the widget's page knows.
    pub(crate) is_unexplained: bool,
}

impl Trouble {
    fn new(what: String, fix: &'static str) -> Self {
        Self {
            what,
            fix: fix.into(),
            severity: None,
            cause: None,
            is_unexplained: false,
        }
    }

    fn unexplained(what: String, fix: &'static str) -> Self {
        Self {
            is_unexplained: true,
            ..Self::new(what, fix)
        }
    }

    /// Points to an error that may be its cause.
    pub(super) fn point_to_error(&mut self, entry: &str) {
        let advice = format!(" First mend the error on {entry}.");
        self.fix.to_mut().push_str(&advice);
        self.is_unexplained = false;
    }

    /// Points to the eye, which tells what the page knows.
    pub(super) fn point_to_eye(&mut self) {
        if self.is_unexplained {
            self.fix
                .to_mut()
                .push_str(" If it does, the eye above tells what fails in the widget's page.");
        }
    }

    /// A problem with its cause, and how to fix that; if the cause is not known, how to find it.
    fn explained(what: &str, otherwise: &'static str, cause: Option<PageCause>) -> Self {
        let Some(cause) = cause else {
            return Self::unexplained(format!("{what}."), otherwise);
        };
        Self {
            what: format!(
                "{what}: {}.",
                visible::sentence(cause.words.trim_end_matches('.'))
            ),
            fix: cause.fix.into(),
            severity: None,
            cause: Some(cause.code),
            is_unexplained: false,
        }
    }
}

/// "#1 widget"
pub(crate) fn name(conversation: &Conversation) -> String {
    let kind = if conversation.is_strangers() {
        "frame"
    } else {
        "widget"
    };
    let place = conversation.iframe_location.as_deref().unwrap_or(kind);
    let place = if conversation.in_calling_window {
        "calling window of this page"
    } else {
        place
    };
    format!("#{} {}", conversation.id.0, visible::name(place))
}

impl BarData {
    /// `cause` is why the shown conversation does not get ready, if its page has reported that.
    pub(crate) fn new(
        all: &[&Conversation],
        shown: &Conversation,
        now: Option<Millis>,
        cause: Option<PageCause>,
    ) -> Self {
        let now = now.unwrap_or(shown.last_at);
        Self {
            choices: all.iter().map(|it| (it.id.0, choice(it))).collect(),
            id: shown.id.0,
            name: name(shown),
            host: shown.host_origin.as_deref().map(shown_text),
            widget: shown.widget_origin.as_deref().map(shown_text),
            sdk: shown_text(&shown.sdk_words()),
            generation: shown.generation.words(),
            states: states(shown, now),
            sees_inside: None,
            trouble: trouble(shown, now, cause),
        }
    }

    /// Says that the handshake is still to come: of a page that loads, the two halves are heard in
    /// different processes, and the widget's may be told first.
    fn await_handshake(&mut self) {
        if let Some(link) = self.states.first_mut() {
            *link = (Health::Waiting, "Talking, looking for SYNC".to_owned());
        }
    }

    /// Says that the calling window was closed, which is more than that its page went away.
    pub(super) fn tell_closed_window(&mut self) {
        self.states = vec![(Health::Neutral, "Calling window closed".to_owned())];
        self.trouble = Some(Trouble::new(
            "The calling window of this conversation was closed.".to_owned(),
            "The next one starts a new conversation.",
        ));
    }
}

fn shown_text(text: &str) -> String {
    visible::name(text).into_owned()
}

fn choice(conversation: &Conversation) -> String {
    let origin = conversation
        .widget_origin
        .as_deref()
        .map_or("unknown origin", words::origin);
    let past = match conversation.link {
        _ if conversation.is_strangers() => " (not synced with)",
        Link::Closed { .. } => " (gone)",
        _ => "",
    };
    format!("{}  {}{past}", name(conversation), visible::name(origin))
}

fn states(it: &Conversation, now: Millis) -> Vec<(Health, String)> {
    if it.is_strangers() {
        return vec![(Health::Neutral, words::capitalized(words::STRANGER))];
    }
    let mut states = vec![match it.link {
        Link::Silent => (Health::Waiting, "Silent".to_owned()),
        Link::Joined => (Health::Good, "Talking, handshake not seen".to_owned()),
        Link::Syncing { since, .. } => (
            Health::Waiting,
            format!("Waiting for SYNC_ACK {}", words::seconds(now - since)),
        ),
        Link::Ready { .. } => (Health::Waiting, "Synced, not initialized".to_owned()),
        Link::Initialized { .. } => (Health::Good, "Ready".to_owned()),
        Link::Failed { .. } => (Health::Bad, "Handshake failed".to_owned()),
        Link::Closed { .. } => (Health::Neutral, "Gone".to_owned()),
    }];
    if matches!(it.link, Link::Closed { .. }) {
        return states;
    }
    match it.login {
        Login::LoggedIn => states.push((Health::Good, "Logged in".to_owned())),
        Login::LoggedOut => states.push((Health::Waiting, "Logged out".to_owned())),
        // INITIALIZED tells it, and what is missing since may have changed it.
        Login::Unknown if matches!(it.link, Link::Initialized { .. }) => {
            states.push((Health::Neutral, "Log-in unknown".to_owned()));
        }
        Login::Unknown => {}
    }
    match it.availability {
        Availability::Available => states.push((Health::Good, "Available".to_owned())),
        Availability::Unavailable => states.push((Health::Neutral, "Unavailable".to_owned())),
        Availability::Unknown => {}
    }
    match it.visibility {
        Some(visibility) if visibility.hidden => {
            states.push((Health::Neutral, "Hidden".to_owned()));
        }
        Some(visibility) if visibility.minimized => {
            states.push((Health::Neutral, "Minimized".to_owned()));
        }
        _ => {}
    }
    if let Some(call) = &it.call {
        states.push(call_state(call, now));
    } else if matches!(it.link, Link::Initialized { .. } | Link::Joined) {
        states.push((Health::Neutral, "No call".to_owned()));
    }
    states
}

fn call_state(call: &Call, now: Millis) -> (Health, String) {
    let mut words = words::capitalized(call.phase.words());
    let health = if call.phase.is_active() {
        Health::Good
    } else {
        Health::Neutral
    };
    let lasted = match (call.phase, call.answered_at, call.ended_at) {
        (CallPhase::Answered, Some(answered), _) => Some(now - answered),
        (CallPhase::DialRequested | CallPhase::Started | CallPhase::Ringing, ..) => {
            Some(now - call.since)
        }
        (_, Some(answered), Some(ended)) => Some(ended - answered),
        _ => None,
    };
    if let Some(lasted) = lasted {
        words.push(' ');
        words.push_str(&words::clock(lasted));
    }
    if let Some(number) = call.number() {
        let preposition = match call.direction {
            Some(CallDirection::Inbound) => "from",
            Some(CallDirection::Outbound) | None => "to",
        };
        words = format!("{words} · {preposition} {}", visible::brief(number));
    }
    (health, words)
}

fn trouble(it: &Conversation, now: Millis, cause: Option<PageCause>) -> Option<Trouble> {
    let trouble = |what: String, fix: &'static str| Some(Trouble::new(what, fix));
    if it.is_strangers() {
        return trouble(
            "This frame speaks like a widget, but HubSpot has not sent it SYNC.".to_owned(),
            "It is not your widget: what is wrong with it is not counted.",
        );
    }
    match it.link {
        // HubSpot repeats SYNC every 100 ms; a second without an answer is not yet worth
        // mentioning.
        Link::Syncing { since, sync_count } if (now - since).0 >= 1000.0 => {
            let waited = words::seconds(now - since);
            let sent = words::count(u64::from(sync_count));
            Some(Trouble::explained(
                &format!("SYNC unanswered for {waited} ({sent} sent)"),
                "Does the widget's page load, and does it create CallingExtensions?",
                cause,
            ))
        }
        Link::Failed { sync_count, .. } => {
            let sent = words::count(u64::from(sync_count));
            let mut failed = Trouble::explained(
                &format!("No SYNC_ACK within 30 s ({sent} SYNC sent), HubSpot has given up"),
                "Make the widget create CallingExtensions when it loads, then reload the page.",
                cause,
            );
            if failed.cause.is_some() {
                failed.fix.to_mut().push_str(" Then reload the page.");
            }
            Some(failed)
        }
        Link::Ready { .. } if it.ignores_initialized => trouble(
            "HubSpot ignores the widget's INITIALIZED.".to_owned(),
            "Send it with the SDK: it needs a messageId and the origin that SYNC_ACK names.",
        ),
        Link::Ready { since, .. } if (now - since).0 >= 1000.0 => Some(Trouble::explained(
            &format!("Not initialized for {}", words::seconds(now - since)),
            "Call extensions.initialized({ isLoggedIn: … }) in onReady.",
            cause,
        )),
        Link::Closed { side, .. } => trouble(
            match side {
                Side::Host => "The HubSpot page of this conversation went away.".to_owned(),
                Side::Widget => "The widget of this conversation went away.".to_owned(),
            },
            "A reload starts a new conversation.",
        ),
        Link::Silent
        | Link::Joined
        | Link::Syncing { .. }
        | Link::Ready { .. }
        | Link::Initialized { .. } => match it.login {
            Login::LoggedOut => trouble(
                "The widget's user is logged out, so HubSpot does not dial.".to_owned(),
                "Call extensions.userLoggedIn() after the login.",
            ),
            Login::Unknown | Login::LoggedIn => None,
        },
    }
}

/// A click on a number in HubSpot that the widget does not answer: the most common bug.
pub(super) fn unanswered_dial(overdue: Overdue, cause: Option<PageCause>) -> Trouble {
    let waited = words::seconds(overdue.waited);
    let what = format!("DIAL_NUMBER unanswered for {waited}");
    if cause.is_some() {
        return Trouble::explained(&what, "", cause);
    }
    Trouble::unexplained(
        format!("{what}: the widget has not reported a call."),
        "Does the widget have an onDialNumber that dials data.phoneNumber and calls \
         extensions.outgoingCall()?",
    )
}

/// The rules that report what the bar's trouble is.
const ABOUT_TROUBLE: [&str; 7] = ["H01", "H02", "H03", "H06", "H07", "S01", "T13"];

/// The entry of the conversation's first error that is not the trouble itself: what does not get
/// ready may be wrong there.
pub(super) fn first_error(source: &SessionView, shown: &Conversation) -> Option<String> {
    let mut errors = source.findings().filter(|it| {
        it.conversation == shown.id
            && findings::severity(source.session(), it) == Severity::Error
            && !ABOUT_TROUBLE.contains(&it.rule.code)
    });
    let anchor = source.session().anchor_of(errors.next()?)?;
    Some(source.entry_name(anchor))
}

/// The worst severity among findings about the conversation as a whole or its last request, and
/// about the cause of the trouble, so that the bar never contradicts the findings.
pub(super) fn severity(
    source: &SessionView,
    shown: &Conversation,
    trouble: &Trouble,
) -> Option<Severity> {
    let is_about = |code| ABOUT_TROUBLE.contains(&code) || trouble.cause == Some(code);
    let findings = source
        .findings()
        .filter(|it| it.conversation == shown.id && is_about(it.rule.code));
    let of = |it: &Finding| findings::severity(source.session(), it);
    findings.map(of).max()
}

/// For how long a conversation may have begun without its handshake before that is said.
const HANDSHAKE_COMES: Millis = Millis(3_000.0);

/// Whether the handshake of a live conversation may still come in, from the process that heard it.
fn awaits_handshake(it: &Conversation, now: Millis) -> bool {
    it.link == Link::Joined && !it.is_strangers() && now - it.first_at < HANDSHAKE_COMES
}

/// Whether the bar's text about a live conversation changes as time passes.
pub(crate) fn counts_time(it: &Conversation, now: Option<Millis>) -> bool {
    if it.is_strangers() {
        return false;
    }
    if now.is_some_and(|now| awaits_handshake(it, now)) {
        return true;
    }
    let waits = matches!(it.link, Link::Syncing { .. } | Link::Ready { .. });
    let calls = it.call.as_ref().is_some_and(|call| {
        matches!(
            call.phase,
            CallPhase::Answered
                | CallPhase::DialRequested
                | CallPhase::Started
                | CallPhase::Ringing
        )
    });
    waits || (calls && !matches!(it.link, Link::Closed { .. }))
}

#[cfg(test)]
mod tests;
