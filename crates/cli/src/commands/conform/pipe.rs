//! The page that the widget is framed in, and what passes through it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context as _;
use callscope_browser::{Browser, BrowserError, Target, TargetInfo};
use serde::Deserialize;
use serde_json::{Value, json};

/// Serves the page; dropping it ends that.
///
/// Its host name is one that no widget has, so that a browser puts the two into two processes, as
/// HubSpot's page and a widget: one that loops stops nobody else.
#[derive(Debug)]
pub(super) struct PipeServer {
    port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

const PAGE: &str = include_str!("pipe.html");

impl PipeServer {
    pub(super) fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .context("a port for the simulated HubSpot cannot be opened")?;
        let port = listener.local_addr()?.port();
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if flag.load(Ordering::Relaxed) {
                    return;
                }
                // A connection that a browser opens and leaves is no trouble.
                if let Ok(stream) = stream {
                    _ = answer(stream);
                }
            }
        });
        Ok(Self {
            port,
            stop,
            thread: Some(thread),
        })
    }

    /// The page's origin.
    pub(super) fn origin(&self) -> String {
        format!("http://hubspot.localhost:{}", self.port)
    }
}

impl Drop for PipeServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the thread.
        _ = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)));
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

/// Answers every request with the page, for there is nothing else.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut request: Vec<u8> = Vec::new();
    let mut part = [0; 1024];
    while !request.windows(4).any(|it| it == b"\r\n\r\n") {
        match stream.read(&mut part)? {
            0 => return Ok(()),
            count => request.extend(part.iter().take(count)),
        }
    }
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{PAGE}",
        PAGE.len()
    )
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
}

/// The page in a tab of its own, with cookies and storage of its own.
#[derive(Debug)]
pub(super) struct Pipe<'a> {
    browser: &'a Browser,
    context: String,
    pub(super) page: Target,
    /// Calls to make in the page, in order.
    calls: String,
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
        let params = json!({ "url": "about:blank", "browserContextId": context });
        let answer = browser.call("Target.createTarget", &params)?;
        let Created { target_id } = serde_json::from_value(answer)?;
        let page = browser.attach(TargetInfo {
            id: target_id,
            kind: "page".to_owned(),
            url: origin.to_owned(),
            ..TargetInfo::default()
        })?;
        page.navigate(&format!("{origin}/"))?;
        Ok(Self {
            browser,
            context,
            page,
            calls: String::new(),
        })
    }

    pub(super) fn browser(&self) -> &'a Browser {
        self.browser
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
}

impl Drop for Pipe<'_> {
    fn drop(&mut self) {
        // If it does not work the browser is gone, or soon will be.
        let params = json!({ "browserContextId": self.context });
        _ = self.browser.call("Target.disposeBrowserContext", &params);
    }
}
