//! The pages of the two ends, and what they do with each other.

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
pub(crate) const OURS: &str = "ours";

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
pub(crate) fn softphone(file: &str) -> PathBuf {
    root().join("dist/softphone").join(file)
}

fn answer(request: &Request) -> Response {
    let html = "text/html; charset=utf-8";
    let js = "text/javascript; charset=utf-8";
    let (content_type, body) = match request.path.as_str() {
        "/host" => (html, include_bytes!("host.html").to_vec()),
        "/widget" => (html, include_bytes!("widget.html").to_vec()),
        "/load.js" => (js, include_bytes!("load.js").to_vec()),
        "/host.js" => (js, include_bytes!("host.js").to_vec()),
        "/softphone" => (html, include_bytes!("softphone.html").to_vec()),
        "/softphone.js" => (js, fs::read(softphone("softphone.js")).unwrap_or_default()),
        "/softphone_bg.wasm" => (
            "application/wasm",
            fs::read(softphone("softphone_bg.wasm")).unwrap_or_default(),
        ),
        "/widget.js" => (js, include_bytes!("widget.js").to_vec()),
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
        // No WebAssembly and no evaluated code: the lowered script needs neither, but old bundles
        // do.
        policy: request
            .query
            .starts_with("sdk=ours")
            .then_some("default-src 'self'; frame-src *"),
        ..Response::file(content_type, body)
    }
}

/// A browser and the pages for it.
pub(crate) struct Stage {
    // Dropped before the site that it uses.
    browser: Browser,
    site: PlainSite,
}

impl Stage {
    pub(crate) fn open() -> Self {
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
    pub(crate) fn pair(&self, host: &str, widget: &str, more: &str) -> Pair {
        self.pair_at("widget", host, widget, more)
    }

    /// Opens the host's page with the widget's page at this path in it.
    pub(crate) fn pair_at(&self, path: &str, host: &str, widget: &str, more: &str) -> Pair {
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
pub(crate) struct Pair {
    pub(crate) host: Target,
    pub(crate) widget: Target,
}

impl Pair {
    pub(crate) fn wait(page: &Target, kind: &str, count: usize) {
        let script = format!(
            "typeof told == 'object' && types().filter(it => it === '{kind}').length >= {count}"
        );
        let _: bool = page
            .wait_until(&format!("{count} of {kind}"), &script)
            .unwrap();
    }

    /// The host sends a message, and the widget receives it.
    pub(crate) fn host_says(&self, kind: &str, data: &str) {
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
    pub(crate) fn widget_does(&self, call: &str, kind: &str) {
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
    pub(crate) fn live(&self, widget: Version) {
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

    /// What both pages have received since they were loaded.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        let of = |page: &Target, from| {
            let heard: Vec<Heard> = page.evaluate("heard").unwrap();
            heard.into_iter().map(move |it| Heard { from, ..it })
        };
        let by_host = of(&self.host, Side::Widget);
        by_host.chain(of(&self.widget, Side::Host)).collect()
    }
}

/// A message that a page received.
#[derive(Clone, Deserialize)]
pub(crate) struct Heard {
    #[serde(skip, default = "from_widget")]
    pub(crate) from: Side,
    at: f64,
    origin: String,
    message: String,
}

const fn from_widget() -> Side {
    Side::Widget
}

/// The checker's findings about a conversation, without notes.
pub(crate) fn faults(mut heard: Vec<Heard>) -> Vec<String> {
    heard.sort_by(|a, b| a.at.total_cmp(&b.at));
    let end = heard.last().map_or(0.0, |it| it.at);
    let messages = heard.into_iter().zip(1..).map(|(heard, seq)| {
        Fact::Message(RecordedMessage {
            seq,
            at: Millis(heard.at),
            conversation: ConversationId::default(),
            from: heard.from,
            origin: heard.origin.into(),
            injected: false,
            message: MessageText::from(heard.message),
            cloned: BTreeMap::new(),
            truncated: None,
        })
    });
    let mut session = Session::new();
    session.push_all(messages.chain([Fact::End(Millis(end))]));
    session
        .findings()
        .iter()
        .filter(|finding| finding.severity != Severity::Note)
        .map(|finding| format!("{} {}", finding.rule.code, finding.message))
        .collect()
}
