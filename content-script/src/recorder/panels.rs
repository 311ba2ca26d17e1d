//! The connected panels, and what has yet to be sent to each.

use callscope_bus::{RecorderInfo, RecorderStatus, ToPanel};

use super::Page;
use super::history::History;
use crate::tap::STREAM;

/// Identifies a connected panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PanelId(pub(crate) u32);

/// The most text in a message to a panel, in bytes; the page's main thread writes it.
const CHUNK: usize = 512 * 1024;
/// The shortest time between two messages with records, in milliseconds: in a stream of messages,
/// some records are always due, and each message to a panel costs the page, the browser and the
/// panel more than the records in it.
const GAP: f64 = 40.0;
/// The same after a message with as many records as a stream has: less than the time between two
/// batches of a frame's tap, so that what these complete is sent at once.
const GAP_IN_STREAM: f64 = 80.0;
/// The pause before the next part of a long list of records, in milliseconds, so that the page can
/// do other work.
const PAUSE: f64 = 4.0;
/// The shortest time between two checks of the status, in milliseconds.
const STATUS_PAUSE: f64 = 500.0;

#[derive(Debug)]
struct Panel {
    id: PanelId,
    /// The last record sent; `None` until the panel subscribes.
    through: Option<u32>,
    /// Whether the panel must drop what it has.
    reset: bool,
    attached: bool,
    gone: Vec<Vec<u32>>,
}

/// All connected panels.
#[derive(Debug, Default)]
pub(crate) struct Panels {
    list: Vec<Panel>,
    sent: Option<RecorderStatus>,
    looked_at: f64,
    /// Whether anything has happened since the last check that may have changed the status.
    may_differ: bool,
    more_at: Option<f64>,
    /// When the next message with records may be sent.
    next_at: f64,
}

impl Panels {
    /// A panel has opened its port.
    pub(crate) fn connect(&mut self, id: PanelId) {
        self.list.push(Panel {
            id,
            through: None,
            reset: false,
            attached: false,
            gone: Vec::new(),
        });
    }

    /// A panel's port has been closed.
    pub(crate) fn disconnect(&mut self, id: PanelId) {
        self.list.retain(|panel| panel.id != id);
    }

    /// Whether any panel is connected.
    pub(crate) fn any(&self) -> bool {
        !self.list.is_empty()
    }

    /// A panel subscribes to everything after `through`; to everything if `None`.
    pub(crate) fn subscribe(&mut self, id: PanelId, through: Option<u32>, now: f64) {
        if let Some(panel) = self.list.iter_mut().find(|panel| panel.id == id) {
            panel.reset = through.is_none();
            panel.through = Some(through.unwrap_or(0));
            panel.attached = false;
            panel.gone.clear();
        }
        self.sent = None;
        // Tell it right away which recorder this is.
        self.more_at = self.any().then_some(now);
    }

    /// Everything was filed anew and must be sent again.
    pub(crate) fn reset(&mut self, now: f64) {
        for panel in &mut self.list {
            if panel.through.is_some() {
                panel.through = Some(0);
                panel.reset = true;
                panel.attached = false;
                panel.gone.clear();
            }
        }
        self.hurry(now);
    }

    /// Records were removed.
    pub(crate) fn gone(&mut self, ids: &[u32], now: f64) {
        if ids.is_empty() {
            return;
        }
        for panel in &mut self.list {
            let Some(through) = panel.through else {
                continue;
            };
            let known: Vec<u32> = ids.iter().copied().filter(|id| *id <= through).collect();
            if !known.is_empty() {
                panel.gone.push(known);
            }
        }
        self.hurry(now);
    }

    /// Schedules sending, because there is something new.
    pub(crate) fn hurry(&mut self, now: f64) {
        if self.any() {
            let next = now.max(self.next_at);
            self.more_at = Some(self.more_at.map_or(next, |at| at.min(next)));
        }
    }

    /// Sends each panel the next part of what it does not have yet.
    pub(crate) fn pump(
        &mut self,
        now: f64,
        (info, cleared): (&RecorderInfo, Option<f64>),
        history: &History,
        page: &mut impl Page,
    ) {
        if self.more_at.is_none_or(|at| now < at) {
            return;
        }
        self.more_at = None;
        for panel in &mut self.list {
            let Some(through) = &mut panel.through else {
                continue;
            };
            if !panel.attached {
                panel.attached = true;
                let attached = ToPanel::Attached {
                    info: info.clone(),
                    reset: panel.reset,
                    cleared,
                };
                page.send(panel.id, &attached);
            }
            for ids in panel.gone.drain(..) {
                let ids = ids.into_iter().map(u64::from).collect();
                page.send(panel.id, &ToPanel::Evicted { ids });
            }
            let records = history.after(*through, CHUNK);
            // A record removed again at the end leaves an id without a record.
            *through = match records.last() {
                Some(last) => u32::try_from(last.id).unwrap_or(u32::MAX),
                None => history.last_id(),
            };
            if !records.is_empty() {
                let is_stream = records.len() >= STREAM;
                self.next_at = now + if is_stream { GAP_IN_STREAM } else { GAP };
                page.send(panel.id, &ToPanel::Records { records });
            }
            if *through < history.last_id() {
                self.more_at = Some(now + PAUSE);
            }
        }
    }

    /// Sends each panel the first part of what it does not have yet, whatever the time, because the
    /// page is being unloaded.
    pub(crate) fn flush(
        &mut self,
        now: f64,
        attached: (&RecorderInfo, Option<f64>),
        history: &History,
        page: &mut impl Page,
    ) {
        self.more_at = Some(now);
        self.pump(now, attached, history, page);
    }

    /// Whether a panel has been sent everything up to this record.
    pub(crate) fn is_through(&self, id: PanelId, last: u32) -> bool {
        let panel = self.list.iter().find(|panel| panel.id == id);
        panel.is_none_or(|it| it.gone.is_empty() && it.through.is_some_and(|it| it >= last))
    }

    /// When [`Self::pump`] or [`Self::send_status`] will have something to do.
    pub(crate) fn deadline(&self) -> Option<f64> {
        if !self.any() {
            return None;
        }
        let status = self.may_differ.then_some(self.looked_at + STATUS_PAUSE);
        [self.more_at, status]
            .into_iter()
            .flatten()
            .reduce(f64::min)
    }

    /// Something has happened: returns whether to check the status for changes now. If not, it will
    /// be checked later.
    pub(crate) fn status_due(&mut self, now: f64) -> bool {
        let is_due = self.sent.is_none() || now >= self.looked_at + STATUS_PAUSE;
        self.may_differ = self.any() && !is_due;
        self.any() && is_due
    }

    /// Sends the status if anything in it except the time has changed.
    pub(crate) fn send_status(&mut self, status: RecorderStatus, page: &mut impl Page) {
        let now = status.now;
        self.looked_at = now;
        let known = self.sent.take();
        let is_known = known.is_some_and(|known| RecorderStatus { now, ..known } == status);
        if !is_known {
            for panel in self.list.iter().filter(|panel| panel.through.is_some()) {
                send_status_to(panel.id, &status, page);
            }
        }
        self.sent = Some(status);
    }
}

/// Sends the status to a panel, changed or not.
pub(crate) fn send_status_to(panel: PanelId, status: &RecorderStatus, page: &mut impl Page) {
    let status = status.clone();
    page.send(panel, &ToPanel::Status { status });
}
