//! Widgets that are broken like real ones, in ways that are not examples of any rule: what a
//! developer is told, with and without looking inside the widget's page.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::sync::Arc;

use callscope_e2e::{Recorder, Stage, demo};
use callscope_fixtures::{Folder, NEWEST, Scenario};
use callscope_protocol::{Fact, Finding, Millis, Severity};
use callscope_session_log::{Entry, Log, Session};

/// A broken widget, and the expected findings.
struct Broken {
    what: &'static str,
    /// Whether the widget starts its SDK only in the script.
    is_silent: bool,
    sees_inside: bool,
    script: &'static str,
    /// How long nothing happens afterwards; the test does not wait, but judges as if it had.
    silence: Millis,
    /// The code and the beginning of each warning and error, and of notes that say something about
    /// it.
    expected: &'static [(&'static str, &'static str)],
}

const SECOND_COPY: &str = "
    widget: loadSdk('0.5.1').then(({ CallingExtensions }) => void new CallingExtensions({ eventHandlers: {} }))
    wait 1500 ms
    widget: demo.start()
    wait 1000 ms";

const BROKEN: &[Broken] = &[
    Broken {
        what: "The handler of DIAL_NUMBER fails after it has told of the call, and with it the \
               button that ends the call.",
        is_silent: false,
        sees_inside: true,
        silence: Millis(11_000.0),
        script: "
            widget: void Object.assign(demo.phone, { hangUp() {}, dialNumber: function onDial(data) { this.dial(data.phoneNumber); this.line.open(); } })
            host: demo.dial()
            widget hears ENGAGEMENT_CREATED
            host: demo.endCall()
            widget hears END_CALL
            wait 1000 ms",
        expected: &[
            ("W04", "The widget's script failed: TypeError: Cannot read properties of undefined (reading 'open')"),
            ("H07", "END_CALL got no answer within 10 s: no CALL_ENDED"),
        ],
    },
    Broken {
        what: "A second copy of the SDK, in another bundle of the page, has answered the handshake \
               before the widget's own is there.",
        is_silent: true,
        sees_inside: false,
        silence: Millis(11_000.0),
        script: SECOND_COPY,
        expected: &[("S01", "No INITIALIZED within 10 s after SYNC_ACK")],
    },
    Broken {
        what: "The same, seen from inside.",
        is_silent: true,
        sees_inside: true,
        silence: Millis(11_000.0),
        script: SECOND_COPY,
        expected: &[
            ("W02", "The widget has no handler for READY: it needs onReady"),
            (
                "S01",
                "No INITIALIZED within 10 s after SYNC_ACK; the widget has no handler for READY",
            ),
        ],
    },
    Broken {
        what: "A layer between the SDK and the window builds each message anew and forgets its id, \
               but that of the handshake.",
        is_silent: true,
        sees_inside: false,
        silence: Millis(0.0),
        script: "
            widget: demo.start().then(() => { const { iFrameManager: it } = demo.phone.sdk; const next = it.destinationWindow; it.destinationWindow = { postMessage(m, origin) { next.postMessage(m.type === 'SYNC_ACK' ? m : { type: m.type, data: m.data }, origin); } }; })
            host hears INITIALIZED
            widget: demo.phone.setAvailable(false)
            host hears USER_UNAVAILABLE",
        expected: &[
            ("T05", "INITIALIZED has no messageId; the host ignores it"),
            ("T05", "USER_UNAVAILABLE has no messageId; the host ignores it"),
        ],
    },
    Broken {
        what: "The widget asks its server for the session before it calls initialized, and the \
               server refuses.",
        is_silent: true,
        sees_inside: true,
        silence: Millis(11_500.0),
        script: "
            widget: demo.start().then(() => { demo.phone.start = async function onReady() { const { ok, status } = await fetch('/session'); if (!ok) throw new Error(`no session: ${status}`); this.sdk.initialized({ isLoggedIn: true }); }; })
            wait 1000 ms",
        expected: &[
            (
                "W04",
                "A promise of the widget was rejected and nothing handles it: Error: no session: 404",
            ),
            (
                "S01",
                "No INITIALIZED within 10 s after SYNC_ACK; the widget's script failed: Error: no session: 404",
            ),
        ],
    },
    Broken {
        what: "The widget posts to HubSpot's address as it was before a redirect to https.",
        is_silent: true,
        sees_inside: true,
        silence: Millis(32_000.0),
        script: "
            widget: demo.start().then(() => { demo.phone.sdk.iFrameManager.destinationWindow = { postMessage: (m, origin) => parent.postMessage(m, origin.replace('https:', 'http:')) }; })
            wait 1000 ms",
        expected: &[
            ("W03", "SYNC_ACK was not delivered: it was posted to http://"),
            ("W03", "INITIALIZED was not delivered: it was posted to http://"),
            ("T13", "No SYNC_ACK within 30 s; SYNC was sent "),
        ],
    },
    Broken {
        what: "The same, from the first call on.",
        is_silent: false,
        sees_inside: true,
        silence: Millis(11_000.0),
        script: "
            widget: void (demo.phone.sdk.iFrameManager.destinationWindow = { postMessage: (m, origin) => parent.postMessage(m, origin.replace('https:', 'http:')) })
            host: demo.dial()
            widget hears DIAL_NUMBER
            widget: demo.phone.dial()
            wait 1000 ms",
        expected: &[
            (
                "W03",
                "OUTGOING_CALL_STARTED was not delivered: it was posted to http://",
            ),
            (
                "H07",
                "DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED; OUTGOING_CALL_STARTED was not delivered: it was posted to http://",
            ),
        ],
    },
    Broken {
        what: "The widget keeps its call over a reload, but for the engagementId, of which a NaN is \
               left.",
        is_silent: false,
        sees_inside: false,
        silence: Millis(0.0),
        script: "
            host: demo.dial()
            widget hears DIAL_NUMBER
            widget: demo.phone.dial()
            widget hears ENGAGEMENT_CREATED
            widget: demo.phone.answer()
            host hears CALL_ANSWERED
            widget: sessionStorage.setItem('kept', JSON.stringify({ ...demo.phone.call, engagementId: undefined }))
            host: demo.reloadWidget()
            host hears INITIALIZED
            another widget
            widget: void (call => { demo.phone.call = { ...call, engagementId: Number(call.engagementId) }; })(JSON.parse(sessionStorage.getItem('kept')))
            widget: demo.phone.hangUp()
            widget: demo.phone.save('', false)
            widget hears UPDATE_ENGAGEMENT_FAILED",
        expected: &[
            ("H05", "The page went away while the call was answered"),
            (
                "M16",
                "CALL_COMPLETED has engagementId NaN, which is not an engagement id; HubSpot gave ",
            ),
        ],
    },
    Broken {
        what: "The provider's events come in another order than they happened: the end first.",
        is_silent: false,
        sees_inside: false,
        silence: Millis(0.0),
        script: "
            host: demo.dial()
            widget hears DIAL_NUMBER
            widget: demo.phone.dial()
            widget hears ENGAGEMENT_CREATED
            widget: demo.phone.hangUp()
            widget: demo.phone.sdk.callAnswered(demo.phone.callName())
            widget: demo.phone.save('', false)
            widget hears UPDATE_ENGAGEMENT_SUCCEEDED",
        expected: &[("M11", "CALL_ANSWERED came ")],
    },
    Broken {
        what: "A handler's name is misspelt.",
        is_silent: false,
        sees_inside: true,
        silence: Millis(11_000.0),
        script: "
            widget: void (it => { it.onDialnumber = it.onDialNumber; delete it.onDialNumber; delete it.defaultEventHandler; })(demo.phone.sdk.options.eventHandlers)
            host: demo.dial()
            widget hears DIAL_NUMBER
            wait 1000 ms",
        expected: &[
            (
                "W02",
                "The widget has no handler for DIAL_NUMBER: it needs onDialNumber",
            ),
            (
                "H07",
                "DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED; the widget has no handler for DIAL_NUMBER",
            ),
        ],
    },
    Broken {
        what: "Two parts of the widget have subscribed to DIAL_NUMBER, and both dial.",
        is_silent: false,
        sees_inside: false,
        silence: Millis(0.0),
        script: "
            widget: void Object.assign(demo.phone, { dialNumber({ phoneNumber }) { this.dial(phoneNumber); this.dial(phoneNumber); } })
            host: demo.dial()
            widget hears ENGAGEMENT_CREATED
            widget hears ENGAGEMENT_CREATED
            widget: demo.phone.answer()
            widget: demo.phone.hangUp()
            widget: demo.phone.save('', false)
            widget hears UPDATE_ENGAGEMENT_SUCCEEDED",
        expected: &[(
            "C01",
            "OUTGOING_CALL_STARTED came again for the same number",
        )],
    },
];

fn scenario(broken: &Broken) -> Scenario {
    let silent = if broken.is_silent { "&silent=1" } else { "" };
    Scenario {
        folder: Folder::Mistakes,
        name: broken.what.to_owned(),
        what: broken.what.to_owned(),
        host: NEWEST,
        widget: NEWEST,
        parameters: format!("&login=auto{silent}"),
        settings: &[],
        sees_inside: broken.sees_inside,
        script: broken.script.to_owned(),
        expected: None,
    }
}

/// The difference from the expected findings.
fn difference(broken: &Broken, log: &str) -> Option<String> {
    let log = Log::read(log.as_bytes()).unwrap();
    let session = if broken.silence.0 > 0.0 {
        let facts = log.entries.into_iter().filter_map(Entry::into_fact);
        let mut session: Session = facts
            .filter(|line| !matches!(line.fact, Fact::End(_)))
            .collect();
        let last = session.facts().last().unwrap().fact.at();
        session.advance(Millis(last.0 + broken.silence.0));
        session
    } else {
        Session::from(log)
    };
    let found = session.findings();
    let is = |finding: &Finding, (code, words): &(&str, &str)| {
        finding.rule.code == *code && finding.message.starts_with(words)
    };
    let mut expected = broken.expected.iter();
    let missing = expected.find(|wanted| !found.iter().any(|it| is(it, wanted)));
    let mut bad = found.iter().filter(|it| it.severity >= Severity::Warning);
    let other = bad.find(|it| !broken.expected.iter().any(|wanted| is(it, wanted)));
    (missing.is_some() || other.is_some()).then(|| {
        let found: Vec<String> = found
            .iter()
            .map(|it| format!("{} {}: {}", it.rule.code, it.severity, it.message))
            .collect();
        format!("{}\n  missing {missing:?}\n  found {found:#?}", broken.what)
    })
}

#[test]
fn a_developer_is_told_what_is_wrong() {
    let demo = demo().unwrap();
    let browser = Arc::new(Stage::browser(&demo).unwrap());
    let mut recorder = Recorder::start(demo, browser).unwrap();
    let differences: Vec<String> = BROKEN
        .iter()
        .filter_map(|broken| {
            let log = recorder.record(&scenario(broken));
            match log {
                Ok(log) => difference(broken, &log),
                Err(error) => Some(format!("{}: {error}", broken.what)),
            }
        })
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
