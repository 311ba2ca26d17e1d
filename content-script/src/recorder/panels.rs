//! The panels that are connected, and what has not been sent to each of them yet.

use callscope_bus::{RecorderInfo, RecorderStatus, ToPanel};

use super::Page;
use super::history::History;

/// Names one connected panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PanelId(pub(crate) u32);

/// The most text of one message to a panel, in bytes; the page's main thread writes it.
const CHUNK: usize = 512 * 1024;
/// The shortest time between two messages with records, in milliseconds: in a stream of messages some
/// are due at any moment, and each message to a panel costs the page, the browser and the panel more
/// than the records in it.
const GAP: f64 = 40.0;
/// How long a panel waits for the next chunk, so that the page gets its turn, in milliseconds.
const PAUSE: f64 = 4.0;
/// The shortest time between two looks at the status, in milliseconds.
const STATUS_PAUSE: f64 = 500.0;

#[derive(Debug)]
struct Panel {
    id: PanelId,
    /// `None` until it subscribes.
    through: Option<u32>,
    /// It must drop what it holds.
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
    /// Whether something has happened since that may have changed it.
    may_differ: bool,
    more_at: Option<f64>,
    /// When records were sent last.
    records_at: f64,
}

impl Panels {
    /// A panel opened its port.
    pub(crate) fn connect(&mut self, id: PanelId) {
        self.list.push(Panel {
            id,
            through: None,
            reset: false,
            attached: false,
            gone: Vec::new(),
        });
    }

    /// A panel's port was closed.
    pub(crate) fn disconnect(&mut self, id: PanelId) {
        self.list.retain(|panel| panel.id != id);
    }

    /// Whether any panel is connected.
    pub(crate) fn any(&self) -> bool {
        !self.list.is_empty()
    }

    /// A panel wants everything after `through`; all from the start if `None`.
    pub(crate) fn subscribe(&mut self, id: PanelId, through: Option<u32>, now: f64) {
        if let Some(panel) = self.list.iter_mut().find(|panel| panel.id == id) {
            panel.reset = through.is_none();
            panel.through = Some(through.unwrap_or(0));
            panel.attached = false;
            panel.gone.clear();
        }
        self.sent = None;
        // It is told at once who records.
        self.more_at = self.any().then_some(now);
    }

    /// Everything was filed anew.
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

    /// Records are gone.
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

    /// There is something new to send.
    pub(crate) fn hurry(&mut self, now: f64) {
        if self.any() {
            let next = now.max(self.records_at + GAP);
            self.more_at = Some(self.more_at.map_or(next, |at| at.min(next)));
        }
    }

    /// Sends each panel the next part of what it does not have.
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
            // What was taken out again at the end has an id that no record carries.
            *through = match records.last() {
                Some(last) => u32::try_from(last.id).unwrap_or(u32::MAX),
                None => history.last_id(),
            };
            if !records.is_empty() {
                self.records_at = now;
                page.send(panel.id, &ToPanel::Records { records });
            }
            if *through < history.last_id() {
                self.more_at = Some(now + PAUSE);
            }
        }
    }

    /// Sends each panel the first part of what it does not have, whatever the time: the page goes
    /// away.
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

    /// When [`Self::pump`] or [`Self::send_status`] has something to do.
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

    /// Something has happened: whether it is time to see if the status has changed. If not, it
    /// will be.
    pub(crate) fn status_due(&mut self, now: f64) -> bool {
        let is_due = self.sent.is_none() || now >= self.looked_at + STATUS_PAUSE;
        self.may_differ = self.any() && !is_due;
        self.any() && is_due
    }

    /// Sends the status if anything but its time has changed.
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

/// Sends the status to one panel, whether it has changed or not.
pub(crate) fn send_status_to(panel: PanelId, status: &RecorderStatus, page: &mut impl Page) {
    let status = status.clone();
    page.send(panel, &ToPanel::Status { status });
}
