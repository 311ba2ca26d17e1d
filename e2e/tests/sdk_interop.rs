//! Callscope's SDK with the published ones, in both roles, in a real browser.
//!
//! `cargo xtask npm` builds the package that is tested here. The pages are on two sites, so that
//! the browser uses two processes. No extension is needed: the pages record what they receive.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use callscope_browser::{Browser, LaunchOptions, Target};
use callscope_demo::{PlainSite, Request, Response};
use callscope_protocol::{
    ConversationId, Fact, MessageText, Millis, RecordedMessage, Severity, Side, Version,
};
use callscope_session_log::Session;
use serde::Deserialize;

/// The name that the pages use for Callscope's SDK.
const OURS: &str = "ours";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The script of an SDK.
fn sdk(name: &str) -> PathBuf {
    match name {
        OURS => root().join("dist/npm/package/dist/main.js"),
        "0.9.7" => root().join("node_modules/@hubspot/calling-extensions-sdk/dist/main.js"),
        version => root().join(format!("node_modules/sdk-{version}/dist/main.js")),
    }
}

/// The path of a file of the Rust widget.
fn softphone(file: &str) -> PathBuf {
    root().join("dist/softphone").join(file)
}

fn answer(request: &Request) -> Response {
    let html = "text/html; charset=utf-8";
    let js = "text/javascript; charset=utf-8";
    let (content_type, body) = match request.path.as_str() {
        "/host" => (html, include_bytes!("sdk_interop/host.html").to_vec()),
        "/widget" => (html, include_bytes!("sdk_interop/widget.html").to_vec()),
        "/load.js" => (js, include_bytes!("sdk_interop/load.js").to_vec()),
        "/host.js" => (js, include_bytes!("sdk_interop/host.js").to_vec()),
        "/softphone" => (html, include_bytes!("sdk_interop/softphone.html").to_vec()),
        "/softphone.js" => (js, fs::read(softphone("softphone.js")).unwrap_or_default()),
        "/softphone_bg.wasm" => (
            "application/wasm",
            fs::read(softphone("softphone_bg.wasm")).unwrap_or_default(),
        ),
        "/widget.js" => (js, include_bytes!("sdk_interop/widget.js").to_vec()),
        path => {
            let name = path
                .strip_prefix("/sdk/")
                .and_then(|it| it.strip_suffix(".js"));
            (
                js,
                fs::read(sdk(name.unwrap_or_default())).unwrap_or_default(),
            )
        }
    };
    Response {
        status: if body.is_empty() {
            "404 Not Found"
        } else {
            "200 OK"
        },
        content_type,
        // No WebAssembly and no evaluated code: the lowered script needs neither, but old bundles
        // do.
        policy: request
            .query
            .starts_with("sdk=ours")
            .then_some("default-src 'self'; frame-src *"),
        body,
    }
}

/// A browser and the pages for it.
struct Stage {
    // Dropped before the site that it uses.
    browser: Browser,
    site: PlainSite,
}

impl Stage {
    fn open() -> Self {
        let ours = sdk(OURS);
        assert!(
            ours.is_file(),
            "there is no {}: run `cargo xtask npm`",
            ours.display()
        );
        let site = PlainSite::serve(answer).unwrap();
        let browser = Browser::launch(&LaunchOptions {
            time_limit: Duration::from_mins(1),
            ..LaunchOptions::default()
        })
        .unwrap();
        Self { browser, site }
    }

    /// Opens the host's page with a widget's in it; `more` goes to both addresses.
    fn pair(&self, host: &str, widget: &str, more: &str) -> Pair {
        self.pair_at("widget", host, widget, more)
    }

    /// Opens the host's page with the widget's page at this path in it.
    fn pair_at(&self, path: &str, host: &str, widget: &str, more: &str) -> Pair {
        let port = self.site.port();
        let widget_url = format!("http://127.0.0.1:{port}/{path}");
        let url = format!("{widget_url}%3Fsdk={widget}%26{more}");
        let page = self
            .browser
            .open(&format!(
                "http://localhost:{port}/host?sdk={host}&{more}&url={url}"
            ))
            .unwrap();
        let frame = self.browser.frame(&page, &widget_url).unwrap();
        Pair {
            host: page,
            widget: frame,
        }
    }
}

/// Two pages that exchange messages.
struct Pair {
    host: Target,
    widget: Target,
}

impl Pair {
    fn wait(page: &Target, kind: &str, count: usize) {
        let script = format!(
            "typeof told == 'object' && types().filter(it => it === '{kind}').length >= {count}"
        );
        let _: bool = page
            .wait_until(&format!("{count} of {kind}"), &script)
            .unwrap();
    }

    /// The host sends a message, and the widget receives it.
    fn host_says(&self, kind: &str, data: &str) {
        let before: usize = self
            .widget
            .evaluate(&format!("types().filter(it => it === '{kind}').length"))
            .unwrap();
        self.host
            .evaluate::<()>(&format!("void send('{kind}', {data})"))
            .unwrap();
        Self::wait(&self.widget, kind, before + 1);
    }

    /// The widget calls a method, and the host receives the message.
    fn widget_does(&self, call: &str, kind: &str) {
        let before: usize = self
            .host
            .evaluate(&format!("types().filter(it => it === '{kind}').length"))
            .unwrap();
        self.widget
            .evaluate::<()>(&format!("void extension.{call}"))
            .unwrap();
        Self::wait(&self.host, kind, before + 1);
    }

    /// Handshake, an outbound call, an inbound one, a transferred one, and a reload, as far as the
    /// widget's version supports them.
    fn live(&self, widget: Version) {
        Self::wait(&self.host, "READY", 1);
        Self::wait(&self.widget, "READY", 1);
        Self::wait(&self.host, "INITIALIZED", 1);

        self.host_says("DIAL_NUMBER", "{phoneNumber: '+442079460123'}");
        self.widget_does(
            "outgoingCall({externalCallId: 'a', toNumber: '+442079460123', phoneNumber: '+442079460123', fromNumber: '+16175550188', createEngagement: true})",
            "OUTGOING_CALL_STARTED",
        );
        if widget >= Version::new(0, 1, 8) {
            self.host_says("CREATE_ENGAGEMENT_SUCCEEDED", "{engagementId: 7}");
        } else {
            self.host_says("ENGAGEMENT_CREATED", "{engagementId: 7}");
        }
        self.widget_does("callAnswered({externalCallId: 'a'})", "CALL_ANSWERED");
        self.host_says("END_CALL", "undefined");
        self.widget_does(
            "callEnded({externalCallId: 'a', engagementId: 7, callEndStatus: 'COMPLETED'})",
            "CALL_ENDED",
        );
        self.widget_does(
            "callCompleted({externalCallId: 'a', engagementId: 7, hideWidget: false})",
            "CALL_COMPLETED",
        );

        if widget >= Version::new(0, 3, 0) {
            self.widget_does("userAvailable()", "USER_AVAILABLE");
            self.widget_does(
                "incomingCall({externalCallId: 'b', fromNumber: '+442079460123', toNumber: '+16175550188', createEngagement: true})",
                "INCOMING_CALL",
            );
            self.host_says(
                "CALLER_ID_MATCH_FAILED",
                "{error: {message: 'nobody has this number'}}",
            );
            self.host_says("CREATE_ENGAGEMENT_SUCCEEDED", "{engagementId: 8}");
            self.widget_does("callAnswered({externalCallId: 'b'})", "CALL_ANSWERED");
            self.widget_does(
                "callEnded({externalCallId: 'b', engagementId: 8, callEndStatus: 'COMPLETED'})",
                "CALL_ENDED",
            );
            self.widget_does(
                "callCompleted({externalCallId: 'b', engagementId: 8, hideWidget: false})",
                "CALL_COMPLETED",
            );
        }
        if widget >= Version::new(0, 9, 6) {
            self.widget_does(
                "incomingCall({externalCallId: 'c', fromNumber: '+442079460123', toNumber: '+16175550188', createEngagement: false})",
                "INCOMING_CALL",
            );
            self.host_says("CALLER_ID_MATCH_FAILED", "{error: {message: 'nobody'}}");
            self.widget_does("callTransferred({externalCallId: 'c'})", "CALL_TRANSFERRED");
        }
    }

    /// What both pages received, in order.
    fn heard(&self) -> Vec<Fact> {
        #[derive(Deserialize)]
        struct Heard {
            at: f64,
            origin: String,
            message: String,
        }
        let mut all = Vec::new();
        for (page, from) in [(&self.host, Side::Widget), (&self.widget, Side::Host)] {
            let heard: Vec<Heard> = page.evaluate("heard").unwrap();
            all.extend(heard.into_iter().map(|it| (from, it)));
        }
        all.sort_by(|a, b| a.1.at.total_cmp(&b.1.at));
        let messages = all.into_iter().zip(1..);
        messages
            .map(|((from, heard), seq)| {
                Fact::Message(RecordedMessage {
                    seq,
                    at: Millis(heard.at),
                    conversation: ConversationId::default(),
                    from,
                    origin: heard.origin,
                    injected: false,
                    message: MessageText::from(heard.message),
                    cloned: BTreeMap::new(),
                    truncated: None,
                })
            })
            .collect()
    }
}

/// The checker's findings, without notes.
fn faults(facts: &[Fact]) -> Vec<String> {
    let mut session = Session::new();
    session.push_all(facts.iter().cloned());
    let end = facts.iter().map(|fact| fact.at().0).fold(0.0, f64::max);
    session.push(Fact::End(Millis(end)));
    session
        .findings()
        .iter()
        .filter(|finding| finding.severity != Severity::Note)
        .map(|finding| format!("{} {}", finding.rule.code, finding.message))
        .collect()
}

#[test]
fn they_understand_each_other() {
    let stage = Stage::open();
    let pairs = [
        (OURS, OURS),
        ("0.2.1", OURS),
        ("0.5.1", OURS),
        ("0.9.7", OURS),
        (OURS, "0.0.10"),
        (OURS, "0.2.1"),
        (OURS, "0.5.1"),
        (OURS, "0.9.7"),
    ];
    for (host, widget) in pairs {
        eprintln!("host {host}, widget {widget}");
        let pair = stage.pair(host, widget, "x");
        pair.live(Version::parse(widget).unwrap_or(Version::NEWEST));
        // Before the reload, which discards what the widget's page received.
        let facts = pair.heard();
        assert_eq!(faults(&facts), [""; 0], "host {host}, widget {widget}");

        let _ = pair.widget.evaluate::<()>("void location.reload()");
        Pair::wait(&pair.host, "READY", 2);
        Pair::wait(&pair.host, "INITIALIZED", 2);
        Pair::wait(&pair.widget, "READY", 1);
    }
}

#[test]
fn a_widget_that_starts_late_is_waited_for() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "silent");
    let _: bool = pair
        .widget
        .wait_until(
            "SYNC more than once",
            "typeof sdk == 'object' && heard.length > 2",
        )
        .unwrap();
    pair.widget.evaluate::<()>("void start(sdk)").unwrap();
    Pair::wait(&pair.host, "INITIALIZED", 1);
    assert_eq!(faults(&pair.heard()), [""; 0]);
}

/// Half a minute of silence, then an answer to the first SYNC after all.
#[test]
fn a_host_gives_up_and_takes_a_late_answer() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "silent");
    Pair::wait(&pair.host, "SYNC_ACK_FAILED", 1);
    let syncs: usize = pair.widget.evaluate("heard.length").unwrap();
    assert!((2..=301).contains(&syncs), "{syncs}");
    let sent: bool = pair.host.evaluate("send('END_CALL')").unwrap();
    assert!(!sent);
    pair.widget
        .evaluate::<()>(
            "void parent.postMessage({...JSON.parse(heard[0].message), type: 'SYNC_ACK', \
             version: '0.9.7', iFrameUrl: location.origin}, heard[0].origin)",
        )
        .unwrap();
    Pair::wait(&pair.host, "READY", 1);
}

#[test]
fn debug_mode_prints_what_the_original_prints() {
    let stage = Stage::open();
    let printed = |sdk: &str| -> [Vec<String>; 2] {
        let pair = stage.pair(sdk, sdk, "debug");
        Pair::wait(&pair.host, "INITIALIZED", 1);
        pair.host_says("DIAL_NUMBER", "{phoneNumber: '+442079460123'}");
        pair.widget_does("userLoggedOut()", "LOGGED_OUT");
        [&pair.widget, &pair.host].map(|page| {
            let lines: Vec<String> = page.evaluate("printed").unwrap();
            // How often a host sends SYNC varies, and the original's does not print the answer that
            // triggers its callback.
            lines
                .into_iter()
                .filter(|line| !line.ends_with(" SYNC") && !line.ends_with("SYNC_ACK"))
                .collect()
        })
    };
    let ours = printed(OURS);
    assert_eq!(
        ours[0],
        [
            "To HubSpot INITIALIZED",
            "From HubSpot DIAL_NUMBER",
            "To HubSpot LOGGED_OUT"
        ]
    );
    assert_eq!(ours, printed("0.9.7"));
}

#[test]
fn nothing_is_printed_without_debug_mode() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    for page in [&pair.host, &pair.widget] {
        assert_eq!(page.evaluate::<Vec<String>>("printed").unwrap(), [""; 0]);
    }
}

/// Pitfall T09: two objects would both answer the host.
#[test]
fn a_second_object_is_refused_until_the_first_is_removed() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    let refusal: String = pair
        .widget
        .evaluate("(() => { try { start(sdk) } catch (error) { return error.message } })()")
        .unwrap();
    assert!(refusal.starts_with("This page has a CallingExtensions object already"));
    pair.widget
        .evaluate::<()>("void (extension.remove(), start(sdk))")
        .unwrap();
    let sent: bool = pair.widget.evaluate("extension.userLoggedIn()").unwrap();
    assert!(sent, "it waits for the next handshake");
}

#[test]
fn a_call_sends_nothing_out_of_order_and_its_ids_with_each_message() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    let states: String = pair
        .widget
        .evaluate(
            "(() => {
                const call = extension.startOutgoingCall({ toNumber: '+442079460123' });
                call.engagementId = 17;
                const steps = ['completed', 'answered', 'answered', 'ended', 'transferred',
                    'completed', 'finalizeEngagement'];
                return steps.map(step => call[step]({ more: step })?.state ?? 'no').join(' ');
            })()",
        )
        .unwrap();
    assert_eq!(states, "no answered no ended no completed completed");
    Pair::wait(&pair.host, "FINALIZE_ENGAGEMENT", 1);
    let said: Vec<(String, String, u32)> = pair
        .host
        .evaluate(
            "told.filter(it => it.data?.externalCallId)
                .map(({ type, data }) => [type, data.externalCallId, data.engagementId ?? 0])",
        )
        .unwrap();
    let id = said[0].1.clone();
    let expected = [
        ("OUTGOING_CALL_STARTED", 0),
        ("CALL_ANSWERED", 0),
        ("CALL_ENDED", 17),
        ("CALL_COMPLETED", 17),
        ("FINALIZE_ENGAGEMENT", 17),
    ];
    let expected = expected.map(|(kind, engagement)| (kind.to_owned(), id.clone(), engagement));
    assert_eq!(said, expected);
}

/// Posted values remain the page's own, and values that cannot be posted throw where they are sent.
#[test]
fn payloads_are_not_converted() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    pair.host
        .evaluate::<()>("void send('SET_CALL_STATE', {when: new Date(7), map: new Map([[1, 2]])})")
        .unwrap();
    Pair::wait(&pair.widget, "SET_CALL_STATE", 1);
    let kept: bool = pair
        .widget
        .evaluate(
            "(({data}) => data.when.getTime() === 7 && data.map.get(1) === 2)(told.find(it => it.type === 'SET_CALL_STATE'))",
        )
        .unwrap();
    assert!(kept);
    let thrown: String = pair
        .widget
        .evaluate(
            "(() => { try { extension.callData({callback() {}}) } catch (error) { return error.name } })()",
        )
        .unwrap();
    assert_eq!(thrown, "DataCloneError");
    pair.widget_does("userLoggedOut()", "LOGGED_OUT");
}

/// Runs `crates/sdk-page` in a page: its example, as WebAssembly.
#[test]
fn a_widget_in_rust_makes_a_call_under_the_published_host() {
    let script = softphone("softphone.js");
    assert!(
        script.is_file(),
        "there is no {}: run `cargo xtask softphone`",
        script.display()
    );
    let stage = Stage::open();
    let pair = stage.pair_at("softphone", "0.9.7", "rust", "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    // The example answers every call at once.
    let dial = "void send('DIAL_NUMBER', {phoneNumber: '+442079460123'})";
    pair.host.evaluate::<()>(dial).unwrap();
    Pair::wait(&pair.host, "CALL_ANSWERED", 1);
    pair.host.evaluate::<()>("void send('END_CALL')").unwrap();
    Pair::wait(&pair.host, "CALL_COMPLETED", 1);

    let said: Vec<(String, Option<String>, Option<String>)> = pair
        .host
        .evaluate("told.map(({ type, data }) => [type, data?.externalCallId, data?.toNumber])")
        .unwrap();
    let id = said[2].1.clone();
    assert!(id.is_some(), "{said:?}");
    let number = Some("+442079460123".to_owned());
    let expected = [
        ("READY", None, None),
        ("INITIALIZED", None, None),
        ("OUTGOING_CALL_STARTED", id.clone(), number),
        ("CALL_ANSWERED", id.clone(), None),
        ("CALL_ENDED", id.clone(), None),
        ("CALL_COMPLETED", id, None),
    ];
    assert_eq!(
        said,
        expected.map(|(kind, id, to)| (kind.to_owned(), id, to))
    );
    assert_eq!(faults(&pair.heard()), [""; 0]);

    // The widget's page is unloaded and replaced.
    pair.widget
        .evaluate::<()>("void location.reload()")
        .unwrap();
    Pair::wait(&pair.host, "INITIALIZED", 2);
}
