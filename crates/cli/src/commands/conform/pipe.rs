//! The page that the widget is framed in, and what passes through it.

use std::cell::RefCell;
use std::time::Duration;

use anyhow::Context as _;
use callscope_browser::{Browser, BrowserError, Target, TargetInfo};
use callscope_web_server::{Response, Served, serve_plain, serve_tls};
use serde::Deserialize;
use serde_json::{Value, json};

/// Serves the page; dropping it ends that.
///
/// Its host name is one that no widget has, so that a browser puts the two into two processes, as
/// HubSpot's page and a widget: one that loops stops nobody else.
#[derive(Debug)]
pub(super) struct PipeServer {
    served: Served,
    /// The host whose name it has, such as `app.hubspot.com`.
    host: Option<String>,
}

impl PipeServer {
    /// Serves it under the name of a host, with TLS, or under one of its own.
    pub(super) fn start(host: Option<&str>) -> anyhow::Result<Self> {
        let answer = |_: &_| Response {
            status: "200 OK",
            content_type: "text/html; charset=utf-8",
            policy: None,
            body: include_bytes!("pipe.html").to_vec(),
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

    /// The argument with which a browser finds the host here, and the key that it has to trust.
    pub(super) fn as_host(&self) -> Option<(String, String)> {
        let host = self.host.as_ref()?;
        let rule = format!("MAP {host}:443 127.0.0.1:{}", self.served.port());
        let argument = format!("--host-resolver-rules={rule}");
        Some((argument, self.served.spki_hash().to_owned()))
    }
}

/// What the page has heard.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Heard {
    /// Of which frame of the widget.
    pub(super) frame: usize,
    /// The frame has loaded.
    #[serde(default)]
    pub(super) loaded: bool,
    /// Who posted it.
    #[serde(default)]
    pub(super) origin: String,
    /// What was posted, as JSON text.
    #[serde(default)]
    pub(super) message: String,
    /// The length of the text, if this is only its beginning.
    #[serde(default)]
    pub(super) truncated: Option<u64>,
}

/// The page in a tab of its own, with cookies and storage of its own.
#[derive(Debug)]
pub(super) struct Pipe<'a> {
    browser: &'a Browser,
    context: String,
    pub(super) page: Target,
    /// Calls to make in the page, in order.
    calls: String,
    /// The widget's frame, as it was last asked.
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
        // Nobody is there to answer them.
        page.answer_dialogs()?;
        Ok(Self {
            browser,
            context,
            page,
            calls: String::new(),
            frame: RefCell::default(),
        })
    }

    /// The widget's frames that have a process of their own, if their addresses fit.
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

    /// Begins to drive a frame, or goes on with it.
    pub(super) fn attach(&self, info: TargetInfo) -> Result<Target, BrowserError> {
        let mut frame = self.frame.borrow_mut();
        if let Some(frame) = frame.as_ref().filter(|it| it.info().id == info.id) {
            return Ok(frame.clone());
        }
        let attached = self.browser.attach(info)?;
        *frame = Some(attached.clone());
        Ok(attached)
    }

    /// Has the page do something with the next [`next`](Self::next).
    pub(super) fn call(&mut self, method: &str, arguments: &[Value]) {
        let arguments: Vec<String> = arguments.iter().map(Value::to_string).collect();
        self.calls.push_str(&format!(
            "callscopePipe.{method}({});\n",
            arguments.join(", ")
        ));
    }

    /// Does what was asked for, and waits for what the page hears.
    pub(super) fn next(&mut self, limit: Duration) -> Result<Vec<Heard>, BrowserError> {
        let calls = std::mem::take(&mut self.calls);
        // A deadline is over when it is over.
        let limit = (limit.as_secs_f64() * 1e3).ceil();
        self.page
            .evaluate(&format!("{calls}callscopePipe.next({limit})"))
    }

    /// Whether the page is still there: a widget may put another in its place.
    pub(super) fn is_there(&self) -> bool {
        let script = "typeof callscopePipe === 'object'";
        // One that does not answer is still there.
        self.page.evaluate(script).unwrap_or(true)
    }
}

impl Drop for Pipe<'_> {
    fn drop(&mut self) {
        // If it does not work the browser is gone, or soon will be.
        let params = json!({ "browserContextId": self.context });
        _ = self.browser.call("Target.disposeBrowserContext", &params);
    }
}
