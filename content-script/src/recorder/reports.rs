//! Reports: what a panel asks for that must know that nothing is on its way to it any more.

use callscope_bus::{Outcome, ToPanel};

use super::panels::send_status_to;
use super::{Page, PanelId, Recorder};

/// A report that a panel waits for.
#[derive(Debug)]
pub(super) struct Asked {
    panel: PanelId,
    request: u32,
    /// Everything that was heard until then belongs into it.
    at: f64,
    /// Whether what was heard elsewhere by then has had its time to come.
    has_waited: bool,
}

impl Recorder {
    /// A panel wants a report.
    pub(super) fn ask(&mut self, panel: PanelId, request: u32, now: f64) {
        self.asked.push(Asked {
            panel,
            request,
            at: now,
            has_waited: false,
        });
    }

    /// A panel has gone, and nobody waits for its reports.
    pub(super) fn forget_asked(&mut self, panel: PanelId) {
        self.asked.retain(|asked| asked.panel != panel);
    }

    /// When what was heard elsewhere has had its time. What comes later than that comes in a
    /// batch, and is sent with the next records: neither needs a timer.
    pub(super) fn report_deadline(&self) -> Option<f64> {
        let waiting = self.asked.iter().filter(|asked| !asked.has_waited);
        let due = waiting.map(|asked| asked.at + self.settle_time());
        due.reduce(f64::min)
    }

    /// Answers the reports for which everything has been sent.
    pub(super) fn report(&mut self, now: f64, page: &mut impl Page) {
        if self.asked.is_empty() {
            return;
        }
        // In a hidden page timers come late, and waiting would take a second or a minute.
        let settle_time = if page.is_hidden() {
            0.0
        } else {
            self.settle_time()
        };
        let last = self.history.last_id();
        let mut asked = std::mem::take(&mut self.asked);
        let is_ready = |asked: &mut Asked| {
            asked.has_waited |= asked.at + settle_time <= now;
            asked.has_waited
                && self.settling.first().is_none_or(|first| first > asked.at)
                && self.documents.have_told(asked.at)
                && self.panels.is_through(asked.panel, last)
        };
        let ready: Vec<Asked> = asked.extract_if(.., is_ready).collect();
        self.asked = asked;
        if ready.is_empty() {
            return;
        }
        let status = self.status(now, page);
        for Asked { panel, request, .. } in ready {
            send_status_to(panel, &status, page);
            let outcome = Outcome::Ok;
            page.send(panel, &ToPanel::Done { request, outcome });
        }
    }
}
