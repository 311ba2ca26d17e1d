//! Handles Ctrl-C while a browser runs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use anyhow::{Context as _, Result, bail};
use callscope_browser::Browser;

/// Ctrl-C closes the browsers, which ends everything that waits for one; then everything is dropped
/// in order, including the profile folders.
#[derive(Clone, Default)]
pub(crate) struct Stop {
    asked: Arc<AtomicBool>,
    browsers: Arc<Mutex<Vec<Weak<Browser>>>>,
}

impl Stop {
    /// Handles Ctrl-C from now on.
    pub(crate) fn on_ctrl_c() -> Result<Self> {
        let stop = Self::default();
        let handler = stop.clone();
        ctrlc::set_handler(move || handler.ask()).context("cannot listen for Ctrl-C")?;
        Ok(stop)
    }

    fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
        // Locked until the browsers are released: see `settle`.
        let browsers = self.browsers();
        for browser in browsers.iter().filter_map(Weak::upgrade) {
            // If it no longer answers, dropping it ends it.
            drop(browser.call("Browser.close", &serde_json::json!({})));
        }
    }

    fn browsers(&self) -> MutexGuard<'_, Vec<Weak<Browser>>> {
        self.browsers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes Ctrl-C close this browser from now on.
    pub(crate) fn closes(&self, browser: &Arc<Browser>) {
        self.browsers().push(Arc::downgrade(browser));
        if self.is_asked_for() {
            self.ask();
        }
    }

    /// Whether the user has pressed Ctrl-C.
    pub(crate) fn is_asked_for(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Replaces the result if the user has pressed Ctrl-C, which explains any error.
    pub(crate) fn unless_stopped<T>(&self, result: Result<T>) -> Result<T> {
        if self.is_asked_for() {
            drop(result);
            bail!("ended by Ctrl-C");
        }
        result
    }

    /// Waits until the handler, which may be the last to hold a browser, has released it: the
    /// program must not end before the profile folder is removed.
    pub(crate) fn settle(&self) {
        drop(self.browsers());
    }
}
