//! Widgets whose frame was redirected to where the host does not post to, as panels find them.

use super::Recorder;
use super::filed::Filed;
use super::inside::InsideReport;

/// The most that are recorded in a document.
const MOST: usize = 16;

/// The origin that the host posts to, and that of the widget's frame, if known.
pub(super) type Redirected = (String, Option<String>);

impl Recorder {
    /// A panel has looked where the frames are. Several may, and each more than once.
    pub(super) fn note_redirected(&mut self, found: Redirected, now: f64) {
        let is_known = self.redirected.contains(&found);
        if is_known || self.redirected.len() == MOST || self.paused_at(now) {
            return;
        }
        let top = self.documents.get(self.top);
        let origin = top.map_or_else(String::new, |it| it.hello.origin.clone());
        let report = InsideReport::redirected(self.top, now, origin, &found);
        self.history.push(Filed::Inside(Box::new(report)));
        self.redirected.push(found);
    }
}
