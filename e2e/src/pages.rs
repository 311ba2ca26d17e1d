//! The demo's two pages in a Chromium, with or without Callscope.

use std::path::{Path, PathBuf};
use std::time::Duration;

use callscope_browser::{Browser, BrowserError, LaunchOptions, Poll, Target, wait_for};
use callscope_bus::WELCOME_PAGE;
use callscope_demo::{Demo, DemoError, DemoOptions, serve};
use serde::Deserialize;
use serde_json::Value;

/// How long a test waits for anything; another test may have half of the machine.
pub const LIMIT: Duration = Duration::from_secs(40);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Callscope's own SDK, as built by `cargo xtask npm`.
pub(crate) fn own_sdk() -> PathBuf {
    root().join("dist/npm/package/dist/main.js")
}

/// Serves the demo on a free port, with Callscope's own SDK if `cargo xtask npm` has built it.
///
/// # Errors
///
/// The SDK is not installed.
pub fn demo() -> Result<Demo, DemoError> {
    let own_sdk = own_sdk();
    serve(DemoOptions {
        port: None,
        node_modules: root().join("node_modules"),
        own_sdk: own_sdk.is_file().then_some(own_sdk),
    })
}

/// Options for a headless Chromium that accepts the demo's certificate.
#[must_use]
pub fn launch_options(demo: &Demo) -> LaunchOptions {
    LaunchOptions {
        extension_without: vec![WELCOME_PAGE.to_owned()],
        trusted_keys: vec![demo.spki_hash().to_owned()],
        time_limit: LIMIT,
        ..LaunchOptions::default()
    }
}

/// The host's page and the widget's frame in it.
#[derive(Clone, Debug)]
pub struct Pages {
    /// The page that plays HubSpot.
    pub host: Target,
    /// The softphone.
    pub widget: Target,
}

impl Pages {
    /// Opens a tab with the host's page, with parameters as documented in `callscope_demo`.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn open(browser: &Browser, demo: &Demo, parameters: &str) -> Result<Self, BrowserError> {
        let host = browser.open(&demo.host_url_with(parameters))?;
        let widget = browser.frame(&host, &demo.widget_url())?;
        Ok(Self { host, widget })
    }

    /// Like [`open`](Self::open), with a widget of another origin.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn open_with_widget(
        browser: &Browser,
        demo: &Demo,
        parameters: &str,
        widget_url: &str,
    ) -> Result<Self, BrowserError> {
        let parameters = format!("{parameters}&widget-url={widget_url}");
        let host = browser.open(&demo.host_url_with(&parameters))?;
        let widget = browser.frame(&host, widget_url)?;
        Ok(Self { host, widget })
    }

    /// Waits until the widget has answered the host's SYNC and announced itself.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] with what the host has logged instead.
    pub fn wait_for_handshake(&self) -> Result<(), BrowserError> {
        wait_for_entry(&self.host, "INITIALIZED").map(drop)
    }

    /// The messages that each side sent and the other received, once both logs agree.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if a message that was sent never arrives.
    pub fn traffic(&self) -> Result<Vec<Entry>, BrowserError> {
        self.traffic_and(&[])
    }

    /// Like [`traffic`](Self::traffic), when the pages have also received messages with these ids
    /// that the other one did not send.
    ///
    /// # Errors
    ///
    /// As for [`traffic`](Self::traffic).
    pub fn traffic_and(&self, injected: &[&str]) -> Result<Vec<Entry>, BrowserError> {
        wait_for("the pages to have received what was sent", LIMIT, || {
            let (host, widget) = (only_traffic(&self.host)?, only_traffic(&self.widget)?);
            let both = arrived(&host, &widget, injected).zip(arrived(&widget, &host, injected));
            let Some((mut received, from_widget)) = both else {
                return Ok(Poll::NotYet(format!("host {host:#?}, widget {widget:#?}")));
            };
            received.extend(from_widget);
            received.sort_by(|one, other| one.at.total_cmp(&other.at));
            Ok(Poll::Done(received))
        })
    }
}

/// The frame of `page` in which a script returns `true`, if it shares the page's process and so is
/// not a target of its own.
///
/// # Errors
///
/// [`BrowserError::Timeout`] if there is none.
pub fn frame_where(page: &Target, script: &str) -> Result<Target, BrowserError> {
    wait_for(&format!("a frame where {script}"), LIMIT, || {
        let worlds = page.contexts()?;
        let mut frames = worlds.iter().filter(|it| it.is_page());
        // A frame's script world may be gone by now; then it is not the right one.
        let found = frames.find_map(|world| {
            let frame = page.within(world);
            let is_it = frame.evaluate::<bool>(script);
            is_it.unwrap_or(false).then_some(frame)
        });
        Ok(found.map_or_else(|| Poll::NotYet(format!("{worlds:#?}")), Poll::Done))
    })
}

/// What `receiver` received, with the time when `sender` sent each message; `None` if the two
/// differ.
fn arrived(sender: &[Entry], receiver: &[Entry], injected: &[&str]) -> Option<Vec<Entry>> {
    let mut sent = sender.iter().filter(|entry| entry.dir == "sent");
    let heard = receiver.iter().filter(|entry| entry.dir == "received");
    let arrived = heard.cloned().map(|mut entry| {
        let id = entry.message["messageId"].as_str();
        if !id.is_some_and(|id| injected.contains(&id)) {
            let sent = sent.next().filter(|sent| sent.message == entry.message)?;
            entry.sent_at = Some(sent.at);
        }
        Some(entry)
    });
    let arrived = arrived.collect::<Option<Vec<Entry>>>()?;
    sent.next().is_none().then_some(arrived)
}

/// An entry of a page's `demoLog`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Entry {
    /// Milliseconds since the epoch, by the page's own clock.
    pub at: f64,
    /// `sent` or `received`.
    pub dir: String,
    /// The sender's origin for a received message, the target's for a sent one.
    pub origin: String,
    /// The window that sent it: `self`, `parent`, `child` or `other`.
    pub from: String,
    /// The message as JSON would represent it.
    pub message: Value,
    /// Why it is not in `message`.
    pub note: Option<String>,
    /// For a received message, when it was sent by the sender's clock.
    #[serde(skip)]
    pub sent_at: Option<f64>,
}

impl Entry {
    /// The message's type, or an empty string.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.message["type"].as_str().unwrap_or_default()
    }

    /// The side that sent a received message.
    #[must_use]
    pub fn side(&self) -> &'static str {
        if self.from == "parent" {
            "host"
        } else {
            "widget"
        }
    }
}

/// The types in order; of the SYNCs, which the host repeats until it gets an answer, only the
/// first.
pub fn kinds<'a>(kinds: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut synced = false;
    let is_new = |kind: &&str| *kind != "SYNC" || !std::mem::replace(&mut synced, true);
    kinds.into_iter().filter(is_new).collect()
}

/// What a page has logged, without its messages to itself.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn only_traffic(page: &Target) -> Result<Vec<Entry>, BrowserError> {
    page.evaluate("demoLog.filter(it => it.dir === 'sent' || it.from !== 'self')")
}

/// The messages that a page sent, in order.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn sent_by(page: &Target) -> Result<Vec<Value>, BrowserError> {
    let entries = only_traffic(page)?.into_iter();
    let sent = entries.filter(|entry| entry.dir == "sent");
    Ok(sent.map(|entry| entry.message).collect())
}

/// Waits until a page has logged a message of this type, and returns the last one.
///
/// # Errors
///
/// [`BrowserError::Timeout`] with the types that it has logged instead.
pub fn wait_for_entry(page: &Target, kind: &str) -> Result<Entry, BrowserError> {
    wait_for(&format!("{kind} in {}", page.info().url), LIMIT, || {
        let entries = only_traffic(page)?;
        let kinds: Vec<String> = entries.iter().map(|it| it.kind().to_owned()).collect();
        let found = entries.into_iter().rev().find(|entry| entry.kind() == kind);
        Ok(found.map_or_else(|| Poll::NotYet(kinds.join(" ")), Poll::Done))
    })
}

/// Waits until a page has logged this many messages of this type.
///
/// # Errors
///
/// [`BrowserError::Timeout`] with the types that it has logged instead.
pub fn wait_for_count(page: &Target, kind: &str, count: usize) -> Result<(), BrowserError> {
    let what = format!("{count} of {kind} in {}", page.info().url);
    wait_for(&what, LIMIT, || {
        let entries = only_traffic(page)?;
        let found = entries.iter().filter(|entry| entry.kind() == kind).count();
        let kinds: Vec<&str> = entries.iter().map(Entry::kind).collect();
        Ok(Poll::at(found >= count, kinds.join(" ")))
    })
}
