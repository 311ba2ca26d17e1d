//! The line to the recorder of a tab: a port that a page of the extension opens.

use anyhow::Context as _;
use callscope_browser::{Browser, Target, TargetInfo};
use callscope_bus::{
    CONTENT_SCRIPT, FromPanel, LISTENER_SCRIPT, PANEL_PORT, ToPanel, decode, encode,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// A page of the extension that has Chrome's interfaces and no script of its own.
const PAGE: &str = "icons/16.png";

/// A port, opened again whenever the tab's page was replaced.
pub(super) struct Port {
    page: Target,
}

#[derive(Deserialize)]
struct Drained {
    heard: Vec<String>,
    open: bool,
}

impl Port {
    /// Makes a page of the extension that can open ports to the only other tab.
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
                const line = globalThis.callscope = {{ heard: [], port: null }};
                line.connect = async first => {{
                    // The recorder runs only where calling-extension traffic was heard. Where
                    // Callscope may not look, this fails, and so will the port.
                    await chrome.scripting.executeScript({{
                        target: {{ tabId: tab.id, frameIds: [0] }},
                        files: {files},
                        injectImmediately: true,
                    }}).catch(() => {{}});
                    const port = chrome.tabs.connect(tab.id, {{ name: {name}, frameId: 0 }});
                    line.port = port;
                    port.onMessage.addListener(text => line.heard.push(text));
                    port.onDisconnect.addListener(() => {{
                        // Looked at, or Chrome reports it as an error that nobody handled.
                        void chrome.runtime.lastError;
                        if (line.port === port) line.port = null;
                    }});
                    port.postMessage(first);
                }};
                line.drain = () => {{
                    const heard = line.heard;
                    line.heard = [];
                    return {{ heard, open: line.port !== null }};
                }};
            }})()"
        ))?;
        Ok(Self { page })
    }

    /// What was said since the last call, and whether the line is open.
    pub(super) fn drain(&self) -> anyhow::Result<(Vec<ToPanel>, bool)> {
        let Drained { heard, open } = self.page.evaluate("callscope.drain()")?;
        let heard = heard
            .iter()
            .map(|text| decode(text))
            .collect::<Result<_, _>>();
        Ok((
            heard.context("the page's recorder is of another build")?,
            open,
        ))
    }

    /// Opens the line; nobody answers before the tab's page has a recorder.
    pub(super) fn connect(&self, first: &FromPanel) -> anyhow::Result<()> {
        let first = Value::from(encode(first));
        Ok(self.page.evaluate(&format!("callscope.connect({first})"))?)
    }

    /// Says something; it is lost if the line is closed.
    pub(super) fn say(&self, message: &FromPanel) -> anyhow::Result<()> {
        let text = Value::from(encode(message));
        Ok(self
            .page
            .evaluate(&format!("callscope.port?.postMessage({text})"))?)
    }
}
