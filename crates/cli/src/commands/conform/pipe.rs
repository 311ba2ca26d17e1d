//! The page that frames the widget, and the messages that pass through it.

use std::cell::RefCell;
use std::time::Duration;

use anyhow::Context as _;
use callscope_browser::{Browser, BrowserError, Target, TargetInfo};
use callscope_web_server::{Request, Response, Served, serve_plain, serve_tls};
use serde::Deserialize;
use serde_json::{Value, json};

const PAGE: &[u8] = include_bytes!("pipe.html");
/// The frames and what is posted through them, as in the simulator's page.
const WIDGET_FRAMES: &[u8] = include_bytes!("../../../../../simulator/pages/widget-frames.js");

/// Serves the page; dropping it stops the server.
///
/// Its host name is one that no widget has, so that the browser puts the two into separate
/// processes, like HubSpot's page and a widget: a widget that loops stops nothing else.
#[derive(Debug)]
pub(super) struct PipeServer {
    served: Served,
    /// The host name that it is served under, such as `app.hubspot.com`; `None` for its own.
    host: Option<String>,
}

impl PipeServer {
    /// Serves the page with TLS under a given host name, or under its own name.
    pub(super) fn start(host: Option<&str>) -> anyhow::Result<Self> {
        let answer = |request: &Request| {
            let (content_type, body) = match request.path.as_str() {
                "/widget-frames.js" => ("text/javascript; charset=utf-8", WIDGET_FRAMES),
                _ => ("text/html; charset=utf-8", PAGE),
            };
            Response {
                status: "200 OK",
                content_type,
                policy: None,
                body: body.to_vec(),
            }
        };
        let served = match host {
            Some(host) => serve_tls(None, &[host], answer),
            None => serve_plain(None, answer),
        };
        Ok(Self {
            served: served.context("serving the simulated HubSpot")?,
            host: host.map(ToOwned::to_owned),
        })
    }

    /// The page's origin.
    pub(super) fn origin(&self) -> String {
        match &self.host {
            Some(host) => format!("https://{host}"),
            None => format!("http://hubspot.localhost:{}", self.served.port()),
        }
    }

    /// The browser argument that resolves the host name to this server, and the key to trust.
    pub(super) fn as_host(&self) -> Option<(String, String)> {
        let host = self.host.as_ref()?;
        let rule = format!("MAP {host}:443 127.0.0.1:{}", self.served.port());
        let argument = format!("--host-resolver-rules={rule}");
        Some((argument, self.served.spki_hash().to_owned()))
    }
}

/// What the page has received.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Heard {
    /// The number of the widget's frame.
    pub(super) frame: usize,
    /// The frame has loaded.
    #[serde(default)]
    pub(super) loaded: bool,
    /// The origin of the sender.
    #[serde(default)]
    pub(super) origin: String,
    /// What was posted, as JSON text.
    #[serde(default)]
    pub(super) message: String,
    /// The length of the text, if `message` is only its beginning.
    #[serde(default)]
    pub(super) truncated: Option<u64>,
}

/// The page in its own tab, with its own cookies and storage.
#[derive(Debug)]
pub(super) struct Pipe<'a> {
    browser: &'a Browser,
    context: String,
    pub(super) page: Target,
    /// The calls to make in the page, in order.
    calls: String,
    /// The widget's frame that was used last.
    frame: RefCell<Option<Target>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    browser_context_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    target_id: String,
}

impl<'a> Pipe<'a> {
    pub(super) fn open(browser: &'a Browser, origin: &str) -> anyhow::Result<Self> {
        let answer = browser.call("Target.createBrowserContext", &json!({}))?;
        let Context {
            browser_context_id: context,
        } = serde_json::from_value(answer)?;
        let url = format!("{origin}/");
        let params = json!({ "url": url, "browserContextId": context });
        let answer = browser.call("Target.createTarget", &params)?;
        let Created { target_id } = serde_json::from_value(answer)?;
        let page = browser.attach(TargetInfo {
            id: target_id,
            kind: "page".to_owned(),
            url: origin.to_owned(),
            ..TargetInfo::default()
        })?;
        page.wait_until::<bool>(
            "the page around the widget",
            "typeof callscopePipe === 'object'",
        )?;
        // Nobody is there to answer its dialogs.
        page.answer_dialogs()?;
        Ok(Self {
            browser,
            context,
            page,
            calls: String::new(),
            frame: RefCell::default(),
        })
    }

    /// The widget's frames that have their own process and a fitting URL.
    pub(super) fn frames(
        &self,
        is_it: impl Fn(&str) -> bool,
    ) -> Result<Vec<TargetInfo>, BrowserError> {
        let page = &self.page.info().id;
        let mut frames = self.browser.targets()?;
        frames.retain(|it| {
            it.kind == "iframe" && it.parent_id.as_ref() == Some(page) && is_it(&it.url)
        });
        Ok(frames)
    }

    /// Begins to drive a frame, or continues.
    pub(super) fn attach(&self, info: TargetInfo) -> Result<Target, BrowserError> {
        let mut frame = self.frame.borrow_mut();
        if let Some(frame) = frame.as_ref().filter(|it| it.info().id == info.id) {
            return Ok(frame.clone());
        }
        let attached = self.browser.attach(info)?;
        *frame = Some(attached.clone());
        Ok(attached)
    }

    /// Adds something for the widget's frames to do with the next [`next`](Self::next).
    pub(super) fn call(&mut self, method: &str, arguments: &[Value]) {
        let arguments: Vec<String> = arguments.iter().map(Value::to_string).collect();
        self.calls.push_str(&format!(
            "callscopePipe.frames.{method}({});\n",
            arguments.join(", ")
        ));
    }

    /// Makes the added calls, and waits for what the page receives.
    pub(super) fn next(&mut self, limit: Duration) -> Result<Vec<Heard>, BrowserError> {
        let calls = std::mem::take(&mut self.calls);
        // Rounded up, so that a deadline has certainly passed.
        let limit = (limit.as_secs_f64() * 1e3).ceil();
        self.page
            .evaluate(&format!("{calls}callscopePipe.next({limit})"))
    }

    /// Whether the page is still there: a widget may replace it by another.
    pub(super) fn is_there(&self) -> bool {
        let script = "typeof callscopePipe === 'object'";
        // A page that does not answer is still there.
        self.page.evaluate(script).unwrap_or(true)
    }
}

impl Drop for Pipe<'_> {
    fn drop(&mut self) {
        // If this fails, the browser has gone, or soon will be.
        let params = json!({ "browserContextId": self.context });
        _ = self.browser.call("Target.disposeBrowserContext", &params);
    }
}
