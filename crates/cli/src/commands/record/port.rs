//! The connection to a tab's recorder: a port that a page of the extension opens.

use anyhow::Context as _;
use callscope_browser::{Browser, Target, TargetInfo};
use callscope_bus::{
    CONTENT_SCRIPT, FromPanel, GOODBYE_PREFIX, Goodbye, LISTENER_SCRIPT, PANEL_PORT, PARKED_PREFIX,
    Parked, ToPanel, decode, encode,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// A page of the extension that has Chrome's APIs and no script of its own.
const PAGE: &str = "icons/16.png";

/// A port that is opened again whenever the tab's page was replaced.
pub(super) struct Port {
    page: Target,
}

/// What the extension's page has collected.
#[derive(Deserialize)]
struct Drained {
    heard: Vec<String>,
    /// Keys and values from the storage.
    left: Vec<(String, String)>,
    open: bool,
}

/// What was received since the last call.
pub(super) struct Heard {
    pub(super) said: Vec<ToPanel>,
    pub(super) left: Vec<LeftBehind>,
    /// Whether the port is open.
    pub(super) is_open: bool,
}

/// What an unloaded page left.
#[derive(Debug)]
pub(super) enum LeftBehind {
    /// Its recorder's state.
    Parked(Box<Parked>),
    /// The last messages of one of its documents.
    Goodbye(Goodbye),
}

impl Port {
    /// Opens a page of the extension that can open ports to the only other tab.
    pub(super) fn new(browser: &Browser) -> anyhow::Result<Self> {
        let url = format!("chrome-extension://{}/{PAGE}", browser.extension_id()?);
        let page = browser.call(
            "Target.createTarget",
            &json!({ "url": url, "background": true }),
        )?;
        let id = page["targetId"]
            .as_str()
            .context("Chromium made a tab without a name")?;
        let page = browser.attach(TargetInfo {
            id: id.to_owned(),
            kind: "page".to_owned(),
            url,
            ..TargetInfo::default()
        })?;
        let name = Value::from(PANEL_PORT);
        let (parked, goodbye) = (Value::from(PARKED_PREFIX), Value::from(GOODBYE_PREFIX));
        let files = json!([LISTENER_SCRIPT, CONTENT_SCRIPT]);
        page.wait_until::<Value>(
            "the extension to start",
            "globalThis.chrome && !!chrome.tabs && document.readyState === 'complete'",
        )?;
        page.evaluate::<()>(&format!(
            "(async () => {{
                const self = await chrome.tabs.getCurrent();
                const tabs = await chrome.tabs.query({{}});
                const tab = tabs.find(it => it.id !== self.id);
                const line = globalThis.callscope = {{ heard: [], left: [], port: null }};
                const isOfTab = key => key === {parked} + tab.id
                    || key.startsWith({goodbye} + tab.id + ':');
                chrome.storage.session.onChanged.addListener(changes => {{
                    for (const [key, {{ newValue }}] of Object.entries(changes))
                        if (newValue && isOfTab(key)) line.left.push([key, newValue]);
                }});
                line.connect = async first => {{
                    // The recorder only runs where there was calling-extension traffic. Where
                    // Callscope has no access, this fails, and so will the port.
                    await chrome.scripting.executeScript({{
                        target: {{ tabId: tab.id, frameIds: [0] }},
                        files: {files},
                        injectImmediately: true,
                    }}).catch(() => {{}});
                    const port = chrome.tabs.connect(tab.id, {{ name: {name}, frameId: 0 }});
                    line.port = port;
                    port.onMessage.addListener(text => line.heard.push(text));
                    port.onDisconnect.addListener(() => {{
                        // Read it, or Chrome reports an unhandled error.
                        void chrome.runtime.lastError;
                        if (line.port === port) line.port = null;
                    }});
                    port.postMessage(first);
                }};
                line.drain = () => {{
                    const {{ heard, left }} = line;
                    line.heard = [];
                    line.left = [];
                    return {{ heard, left, open: line.port !== null }};
                }};
            }})()"
        ))?;
        Ok(Self { page })
    }

    /// Returns what was received since the last call.
    pub(super) fn drain(&self) -> anyhow::Result<Heard> {
        let Drained { heard, left, open } = self.page.evaluate("callscope.drain()")?;
        let said = heard
            .iter()
            .map(|text| decode(text))
            .collect::<Result<_, _>>();
        let left = left.iter().map(|(key, text)| {
            Ok(if key.starts_with(PARKED_PREFIX) {
                LeftBehind::Parked(Box::new(decode(text)?))
            } else {
                LeftBehind::Goodbye(decode(text)?)
            })
        });
        let left = left.collect::<Result<_, callscope_bus::BusError>>();
        let another = "the page's recorder is of another build";
        Ok(Heard {
            said: said.context(another)?,
            left: left.context(another)?,
            is_open: open,
        })
    }

    /// Opens the port; nothing answers before the tab's page has a recorder.
    pub(super) fn connect(&self, first: &FromPanel) -> anyhow::Result<()> {
        let first = Value::from(encode(first));
        Ok(self.page.evaluate(&format!("callscope.connect({first})"))?)
    }

    /// Sends a message; it is lost if the port is closed.
    pub(super) fn say(&self, message: &FromPanel) -> anyhow::Result<()> {
        let text = Value::from(encode(message));
        Ok(self
            .page
            .evaluate(&format!("callscope.port?.postMessage({text})"))?)
    }
}
