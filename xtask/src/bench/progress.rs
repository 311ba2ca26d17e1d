//! How far the panel has got.

use anyhow::Result;
use callscope_browser::{Poll, wait_for};
use callscope_e2e::Panel;
use serde::Deserialize;

use super::stage::LIMIT;

const PROGRESS: &str = "JSON.parse(callscopePanel.progress())";

/// What the panel's `progress()` returns.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Progress {
    pub(crate) status: Status,
}

/// The counts in its status bar.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Status {
    /// Messages in the session.
    pub(crate) messages: u64,
    /// Messages that never reached the recorder.
    pub(crate) lost: u64,
    /// Messages evicted to stay within the limit.
    pub(crate) evicted: u64,
}

impl Progress {
    /// The present progress.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub(crate) fn of(panel: &Panel) -> Result<Self> {
        Ok(panel.target().evaluate(PROGRESS)?)
    }
}

/// Checks in the panel, every 20 ms, how far it has got.
pub(crate) struct LagWatch<'a> {
    panel: &'a Panel,
    before: Progress,
}

impl<'a> LagWatch<'a> {
    /// Starts checking, right before messages are posted.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub(crate) fn start(panel: &'a Panel) -> Result<Self> {
        // Of the messages since the last check, the oldest was received after the last one before
        // it.
        let script = "
            globalThis.callscopeBench = {
                largest: 0,
                last: performance.timeOrigin + performance.now(),
                messages: JSON.parse(callscopePanel.progress()).status.messages,
            };
            callscopeBench.timer = setInterval(() => {
                const { status: { messages }, lastAt } = JSON.parse(callscopePanel.progress());
                if (messages === callscopeBench.messages) return;
                const lag = performance.timeOrigin + performance.now() - callscopeBench.last;
                callscopeBench.largest = Math.max(callscopeBench.largest, lag);
                Object.assign(callscopeBench, { messages, last: lastAt });
            }, 20);
            void 0";
        panel.target().evaluate::<()>(script)?;
        let before = Progress::of(panel)?;
        Ok(Self { panel, before })
    }

    /// Waits until the panel has this many more messages, or knows them to be lost; returns the
    /// longest lag, in milliseconds.
    ///
    /// # Errors
    ///
    /// They do not arrive.
    pub(crate) fn finish(self, messages: u64) -> Result<f64> {
        let known = |progress: &Progress| {
            let Status {
                messages,
                lost,
                evicted,
            } = progress.status;
            messages + lost + evicted
        };
        let goal = known(&self.before) + messages;
        wait_for("the panel to have all messages", LIMIT, || {
            let progress: Progress = self.panel.target().evaluate(PROGRESS)?;
            Ok(Poll::at(
                known(&progress) >= goal,
                format!("{progress:?} of {goal}"),
            ))
        })?;
        // The last check may have been before the last message.
        let script = "
            new Promise(looked => setTimeout(looked, 40)).then(() => {
                clearInterval(callscopeBench.timer);
                return callscopeBench.largest;
            })";
        Ok(self.panel.target().evaluate(script)?)
    }
}
