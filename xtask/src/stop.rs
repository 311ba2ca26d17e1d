//! What Ctrl-C does while a browser runs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use anyhow::{Context as _, Result, bail};
use callscope_browser::Browser;

/// Ctrl-C ends the browser, and with it whatever waits for the browser; then everything is
/// dropped in order, the profile folder included.
#[derive(Clone, Default)]
pub(crate) struct Stop {
    asked: Arc<AtomicBool>,
    browser: Arc<Mutex<Weak<Browser>>>,
}

impl Stop {
    /// Listens from now on.
    pub(crate) fn on_ctrl_c() -> Result<Self> {
        let stop = Self::default();
        let handler = stop.clone();
        ctrlc::set_handler(move || handler.ask()).context("cannot listen for Ctrl-C")?;
        Ok(stop)
    }

    fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
        // Locked until the browser is let go: see `settle`.
        let browser = self.browser.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(browser) = browser.upgrade() {
            // If it does not answer any more, dropping it ends it.
            drop(browser.call("Browser.close", &serde_json::json!({})));
        }
    }

    /// The browser that Ctrl-C shall end from now on.
    pub(crate) fn closes(&self, browser: &Arc<Browser>) {
        *self.browser.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(browser);
        if self.is_asked_for() {
            self.ask();
        }
    }

    /// Whether the user has asked to end.
    pub(crate) fn is_asked_for(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// What failed because the user ended it needs no explanation of its own.
    pub(crate) fn unless_stopped<T>(&self, result: Result<T>) -> Result<T> {
        if self.is_asked_for() {
            drop(result);
            bail!("ended by Ctrl-C");
        }
        result
    }

    /// Waits until the handler, which may be the last to hold the browser, has let go of it: the
    /// program must not end before the profile folder is removed.
    pub(crate) fn settle(&self) {
        drop(self.browser.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
