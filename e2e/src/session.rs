//! Compares the recorded session with the pages' own logs.

use std::collections::BTreeMap;
use std::time::Duration;

use callscope_browser::{BrowserError, Poll, replace_lone, wait_for};
use serde::Deserialize;
use serde_json::Value;

use crate::pages::{Entry, LIMIT, Pages};
use crate::panel::{Panel, Row};

/// How much the clocks of two processes may differ, in milliseconds; browsers round them to tenths.
const CLOCKS: f64 = 2.0;

/// How far times may run backwards in a session, in milliseconds: only by rounding.
const ROUNDING: f64 = 0.3;

/// A message in the exported session.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Recorded {
    /// Its number.
    pub seq: u64,
    /// Its time, in milliseconds since the epoch.
    pub at: f64,
    /// The conversation.
    pub conversation: u32,
    /// The side that sent it.
    pub from: String,
    /// The sender's origin.
    pub origin: String,
    /// Whether Callscope posted it.
    #[serde(default)]
    pub injected: bool,
    /// The posted message.
    pub message: Value,
    /// What JSON cannot represent.
    #[serde(default)]
    pub cloned: BTreeMap<String, String>,
    /// The full length of a message that was cut.
    pub truncated: Option<u64>,
}

impl Recorded {
    /// The message's type, or an empty string.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.message["type"].as_str().unwrap_or_default()
    }
}

/// The lines of a log, with U+FFFD for lone surrogates, which Rust strings cannot hold.
///
/// # Errors
///
/// The log is damaged.
pub fn lines(log: &str) -> Result<Vec<Value>, serde_json::Error> {
    let read = |line: &str| {
        serde_json::from_str(line).or_else(|_| serde_json::from_str(&replace_lone(line)))
    };
    log.lines().map(read).collect()
}

/// The messages of a log.
///
/// # Errors
///
/// The log is damaged.
pub fn recorded(log: &str) -> Result<Vec<Recorded>, serde_json::Error> {
    let frames = lines(log)?.into_iter();
    let frames = frames.filter(|line| line["kind"] == "frame");
    frames.map(serde_json::from_value).collect()
}

impl Panel {
    /// The messages as export would save them.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser, including a log that cannot be read.
    pub fn recorded(&self) -> Result<Vec<Recorded>, BrowserError> {
        let log = self.export()?;
        recorded(&log).map_err(|source| BrowserError::Answer {
            method: "callscopePanel.export".to_owned(),
            answer: log,
            source,
        })
    }

    /// The lines of this kind as export would save them.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser, including a log that cannot be read.
    pub fn lines(&self, kind: &str) -> Result<Vec<Value>, BrowserError> {
        let log = self.export()?;
        let mut found = lines(&log).map_err(|source| BrowserError::Answer {
            method: "callscopePanel.export".to_owned(),
            answer: log,
            source,
        })?;
        found.retain(|line| line["kind"] == kind);
        Ok(found)
    }

    /// Waits until timeline and export contain exactly what passed between these pages, message by
    /// message and in order, and returns it.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] with the first difference.
    pub fn wait_for_same(&self, pages: &Pages) -> Result<Vec<Recorded>, BrowserError> {
        self.wait_for_same_and(pages, &[])
    }

    /// Like [`wait_for_same`](Self::wait_for_same), when Callscope has posted messages with these
    /// ids, which the host's page does not know.
    ///
    /// # Errors
    ///
    /// As for [`wait_for_same`](Self::wait_for_same).
    pub fn wait_for_same_and(
        &self,
        pages: &Pages,
        injected: &[&str],
    ) -> Result<Vec<Recorded>, BrowserError> {
        wait_for("the session to be what the pages logged", LIMIT, || {
            let logged = pages.traffic_and(injected)?;
            let recorded = self.recorded()?;
            self.unfold_runs()?;
            let rows = self.shown()?.rows;
            let difference = difference(&recorded, &logged, injected)
                .or_else(|| difference_of_rows(&rows, &recorded));
            Ok(match difference {
                None => Poll::Done(recorded),
                Some(difference) => Poll::NotYet(difference),
            })
        })
    }

    /// Waits until the export alone holds exactly what passed between these pages, for as long as a
    /// busy machine may need with many messages.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] with the first difference.
    pub fn wait_for_session(
        &self,
        pages: &Pages,
        limit: Duration,
    ) -> Result<Vec<Recorded>, BrowserError> {
        let logged = pages.traffic()?;
        wait_for("the session to be what the pages logged", limit, || {
            let recorded = self.recorded()?;
            let difference = difference(&recorded, &logged, &[]);
            Ok(difference.map_or(Poll::Done(recorded), Poll::NotYet))
        })
    }

    /// Unfolds all runs, so that each message has a row of its own.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn unfold_runs(&self) -> Result<(), BrowserError> {
        for row in self.shown()?.rows {
            if row.run.is_some() {
                let fold = serde_json::json!({ "what": "run", "id": row.id });
                let action = serde_json::json!({
                    "do": "set-unfolded", "fold": fold, "unfolded": true,
                });
                self.perform(&action)?;
            }
        }
        Ok(())
    }
}

/// The first difference between a session and the pages' logs.
///
/// What a page received must be there in the page's own order, at a time between sending and
/// receiving; and everything together must be in order of time.
#[must_use]
pub fn difference(recorded: &[Recorded], logged: &[Entry], injected: &[&str]) -> Option<String> {
    for side in ["host", "widget"] {
        let here: Vec<&Recorded> = recorded.iter().filter(|it| it.from == side).collect();
        let there: Vec<&Entry> = logged.iter().filter(|it| it.side() == side).collect();
        for (here, there) in here.iter().zip(&there) {
            let is_injected = injected
                .iter()
                .any(|id| there.message["messageId"].as_str() == Some(*id));
            if here.message != there.message
                || here.origin != there.origin
                || here.injected != is_injected
            {
                return Some(format!("recorded {here:#?}, but the page got {there:#?}"));
            }
            let earliest = there.sent_at.unwrap_or(f64::MIN) - CLOCKS;
            if !(earliest..=there.at + CLOCKS).contains(&here.at) {
                return Some(format!(
                    "{here:#?} was recorded at another time: {there:#?}"
                ));
            }
        }
        if here.len() != there.len() {
            let kinds: Vec<&str> = here.iter().map(|it| it.kind()).collect();
            let logged: Vec<&str> = there.iter().map(|it| it.kind()).collect();
            return Some(format!(
                "of the {side} {kinds:?}, but the page got {logged:?}"
            ));
        }
    }
    // An answer comes after its request, even if the clocks disagree.
    let unordered = recorded
        .windows(2)
        .find(|pair| pair[0].at > pair[1].at + ROUNDING);
    unordered.map(|pair| format!("time runs backwards: {pair:#?}"))
}

/// The first difference between the timeline and the session.
fn difference_of_rows(rows: &[Row], recorded: &[Recorded]) -> Option<String> {
    let mut rows = rows.iter().filter(|row| row.kind == "message");
    for message in recorded {
        let row = rows.next();
        let is_same = row.is_some_and(|row| {
            row.seq == Some(message.seq)
                && row.from.as_deref() == Some(message.from.as_str())
                && (row.type_name == message.kind() || message.kind().is_empty())
                && row.conversation == Some(message.conversation)
                && row.injected == message.injected
                && (row.at - message.at).abs() < CLOCKS
        });
        if !is_same {
            return Some(format!("the row {row:#?} is not {message:#?}"));
        }
    }
    rows.next()
        .map(|row| format!("there is a row too many: {row:#?}"))
}
