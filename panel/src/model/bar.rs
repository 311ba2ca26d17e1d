//! The conversation bar: who talks, and does it work?

use callscope_protocol::{
    Availability, Call, CallDirection, CallPhase, Conversation, Finding, Link, Login, Millis,
    Severity, Side,
};

use callscope_session_view::findings;
use callscope_session_view::overdue::Overdue;
use callscope_session_view::visible;
use callscope_session_view::{SessionView, words};

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
    pub(crate) fix: &'static str,
    /// The severity of the findings about it; `None` if there are none yet.
    pub(crate) severity: Option<Severity>,
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
    pub(crate) fn new(all: &[&Conversation], shown: &Conversation, now: Option<Millis>) -> Self {
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
            trouble: trouble(shown, now),
        }
    }

    /// Says that the calling window was closed, which is more than that its page went away.
    pub(super) fn tell_closed_window(&mut self) {
        self.states = vec![(Health::Neutral, "Calling window closed".to_owned())];
        self.trouble = Some(Trouble {
            what: "The calling window of this conversation was closed.".to_owned(),
            fix: "The next one starts a new conversation.",
            severity: None,
        });
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
        return vec![(Health::Neutral, capitalized(words::STRANGER))];
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
    let mut words = capitalized(call.phase.words());
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
        words = format!("{words} · {preposition} {}", visible::name(number));
    }
    (health, words)
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

fn trouble(it: &Conversation, now: Millis) -> Option<Trouble> {
    let trouble = |what: String, fix| {
        Some(Trouble {
            what,
            fix,
            severity: None,
        })
    };
    if it.is_strangers() {
        return trouble(
            "This frame speaks like a widget, but HubSpot has not sent it SYNC.".to_owned(),
            "It is not your widget: what is wrong with it is not counted.",
        );
    }
    match it.link {
        // HubSpot repeats SYNC every 100 ms; a second without an answer is not yet worth
        // mentioning.
        Link::Syncing { since, sync_count } if (now - since).0 >= 1000.0 => trouble(
            format!(
                "SYNC unanswered for {} ({} sent).",
                words::seconds(now - since),
                words::count(u64::from(sync_count))
            ),
            "Does the widget's page load, and does it create CallingExtensions?",
        ),
        Link::Failed { sync_count, .. } => trouble(
            format!(
                "No SYNC_ACK within 30 s ({} SYNC sent), HubSpot has given up.",
                words::count(u64::from(sync_count))
            ),
            "Make the widget create CallingExtensions when it loads, then reload the page.",
        ),
        Link::Ready { .. } if it.ignores_initialized => trouble(
            "HubSpot ignores the widget's INITIALIZED.".to_owned(),
            "Send it with the SDK: it needs a messageId and the origin that SYNC_ACK names.",
        ),
        Link::Ready { since, .. } if (now - since).0 >= 1000.0 => trouble(
            format!("Not initialized for {}.", words::seconds(now - since)),
            "Call extensions.initialized({ isLoggedIn: … }) in onReady.",
        ),
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
pub(super) fn unanswered_dial(overdue: Overdue) -> Trouble {
    Trouble {
        what: format!(
            "DIAL_NUMBER unanswered for {}: the widget has not reported a call.",
            words::seconds(overdue.waited)
        ),
        fix: "Does the widget have an onDialNumber that dials data.phoneNumber and calls \
              extensions.outgoingCall()?",
        severity: None,
    }
}

/// The worst severity among findings about the conversation as a whole or its last request, so that
/// the bar never contradicts the findings.
pub(super) fn severity(source: &SessionView, shown: &Conversation) -> Option<Severity> {
    const ABOUT_TROUBLE: [&str; 7] = ["H01", "H02", "H03", "H06", "H07", "S01", "T13"];
    let findings = source
        .findings()
        .filter(|it| it.conversation == shown.id && ABOUT_TROUBLE.contains(&it.rule.code));
    let of = |it: &Finding| findings::severity(source.session(), it);
    findings.map(of).max()
}

/// Whether the bar's text changes as time passes.
pub(crate) fn counts_time(it: &Conversation) -> bool {
    if it.is_strangers() {
        return false;
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
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::testing::source;

    #[track_caller]
    fn check(trace: &str, seconds: f64, expected: &Expect) {
        let source = source(trace);
        let all: Vec<&Conversation> = source.session().conversations().collect();
        let last = source.session().facts().last().unwrap().fact.at();
        let data = BarData::new(&all, all[0], Some(last + Millis(seconds * 1000.0)));
        let trouble = data
            .trouble
            .as_ref()
            .map_or_else(String::new, |it| format!("{} {}\n", it.what, it.fix));
        let states: Vec<&str> = data
            .states
            .iter()
            .map(|(_, words)| words.as_str())
            .collect();
        let label = format!("{}, {}, {}", data.name, data.sdk, states.join(", "));
        expected.assert_eq(&format!("{label}\n{trouble}"));
    }

    #[test]
    fn a_silent_widget_is_counted() {
        check(
            r#"host {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}"#,
            4.2,
            &expect![[r#"
                #1 widget, SDK unknown, Waiting for SYNC_ACK 4 s
                SYNC unanswered for 4 s (1 sent). Does the widget's page load, and does it create CallingExtensions?
            "#]],
        );
    }

    /// A stranger is named, and gets neither a status light nor advice for widgets.
    #[test]
    fn a_stranger_is_said_to_be_one() {
        let log = include_bytes!("../../../crates/cli/tests/logs/stranger.callscope.jsonl");
        let source = crate::model::testing::recorded(log);
        let all: Vec<&Conversation> = source.session().conversations().collect();
        let data = BarData::new(&all, all[1], None);
        let trouble = data.trouble.unwrap();
        let choices: Vec<String> = data.choices.into_iter().map(|it| it.1).collect();
        let text = format!(
            "{}\n{:?}\n{} {}\n",
            choices.join("\n"),
            data.states,
            trouble.what,
            trouble.fix
        );
        expect![[r##"
            #1 widget  dialer.example
            #2 frame  adverts.example (not synced with)
            [(Neutral, "Not a frame that HubSpot syncs with")]
            This frame speaks like a widget, but HubSpot has not sent it SYNC. It is not your widget: what is wrong with it is not counted.
        "##]].assert_eq(&text);
    }

    #[test]
    fn it_says_what_hubspot_believes() {
        check(
            r#"
            host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com","iframeLocation":"remote"}
            widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
            widget {"type":"INITIALIZED","data":{"isLoggedIn":true}}
            "#,
            42.0,
            &expect![[r#"
                #1 remote, SDK 0.9.7 (reports 0.9.7-beta.0), Synced, not initialized
                HubSpot ignores the widget's INITIALIZED. Send it with the SDK: it needs a messageId and the origin that SYNC_ACK names.
            "#]],
        );
    }

    #[test]
    fn a_call_shows_how_long_it_lasts() {
        check(
            r#"
            host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com","iframeLocation":"remote"}
            widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
            widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
            widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a"}}
            widget {"type":"CALL_ANSWERED","messageId":"18_3","data":{"externalCallId":"a"}}
            "#,
            42.0,
            &expect![[r#"
                #1 remote, SDK 0.9.7 (reports 0.9.7-beta.0), Ready, Logged in, Answered 00:42 · to +15550100
            "#]],
        );
    }
}
