//! Reports: a panel's request to confirm that nothing more is on its way to it.

use callscope_bus::{Outcome, ToPanel};

use super::panels::send_status_to;
use super::{Page, PanelId, Recorder};

/// How long to wait for a document that has said that it has more, in milliseconds: it may have
/// been killed.
const PATIENCE: f64 = 5_000.0;

/// A report that a panel is waiting for.
#[derive(Debug)]
pub(super) struct Asked {
    panel: PanelId,
    request: u32,
    /// Everything heard until then must be sent first.
    at: f64,
    waits: Waits,
}

/// What a report waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waits {
    /// Messages that other documents have heard may still be arriving.
    All,
    /// Only for what documents have announced, and for what has yet to be sent.
    More,
    /// Only for what has yet to be sent.
    Sending,
}

impl Recorder {
    /// A panel requests a report.
    pub(super) fn ask(&mut self, panel: PanelId, request: u32, now: f64) {
        self.asked.push(Asked {
            panel,
            request,
            at: now,
            waits: Waits::All,
        });
    }

    /// A panel is gone, and its reports with it.
    pub(super) fn forget_asked(&mut self, panel: PanelId) {
        self.asked.retain(|asked| asked.panel != panel);
    }

    /// When a report will wait for less than now.
    pub(super) fn report_deadline(&self) -> Option<f64> {
        let due = self.asked.iter().filter_map(|asked| match asked.waits {
            Waits::All => Some(self.complete_at(asked.at)),
            Waits::More => Some(asked.at + PATIENCE),
            // The next records are sent in any case.
            Waits::Sending => None,
        });
        due.reduce(f64::min)
    }

    /// When everything heard until then should be here.
    fn complete_at(&self, at: f64) -> f64 {
        self.settling.complete_at(at, self.settle_time())
    }

    /// Answers the reports for which everything has been sent.
    pub(super) fn report(&mut self, now: f64, page: &mut impl Page) {
        if self.asked.is_empty() {
            return;
        }
        // In a hidden page, timers are late, so waiting would take a second or a minute.
        let is_hidden = page.is_hidden();
        let last = self.history.last_id();
        let mut asked = std::mem::take(&mut self.asked);
        let is_ready = |asked: &mut Asked| {
            asked.waits = match now - asked.at {
                waited if waited >= PATIENCE => Waits::Sending,
                _ if is_hidden || now >= self.complete_at(asked.at) => Waits::More,
                _ => Waits::All,
            };
            let has_all = || {
                self.settling.first().is_none_or(|first| first > asked.at)
                    && self.documents.have_told(asked.at)
            };
            let is_over = match asked.waits {
                Waits::All => false,
                Waits::More => has_all(),
                Waits::Sending => true,
            };
            is_over && self.panels.is_through(asked.panel, last)
        };
        let ready: Vec<Asked> = asked.extract_if(.., is_ready).collect();
        self.asked = asked;
        if ready.is_empty() {
            return;
        }
        let status = self.status(now, page);
        for asked in ready {
            send_status_to(asked.panel, &status, page);
            let outcome = if self.documents.have_told(asked.at) {
                Outcome::Ok
            } else {
                let reason = "A frame has not reported yet what it has received".to_owned();
                Outcome::Failed { reason }
            };
            let request = asked.request;
            page.send(asked.panel, &ToPanel::Done { request, outcome });
        }
    }
}
