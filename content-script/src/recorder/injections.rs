//! Messages that were posted for the user and that the widget's tap has not reported yet.

use super::PanelId;
use super::documents::DocIx;

/// How long a posted message may take to be heard, in milliseconds.
pub(crate) const DUE: f64 = 2_000.0;

#[derive(Debug)]
struct Posted {
    panel: PanelId,
    request: u32,
    widget: DocIx,
    message: String,
    due: f64,
}

/// Messages that were posted and not heard yet.
#[derive(Debug, Default)]
pub(crate) struct Injections {
    posted: Vec<Posted>,
}

impl Injections {
    /// Remembers a message that was posted just now.
    pub(crate) fn posted(
        &mut self,
        panel: PanelId,
        request: u32,
        widget: DocIx,
        message: String,
        now: f64,
    ) {
        self.posted.push(Posted {
            panel,
            request,
            widget,
            message,
            due: now + DUE,
        });
    }

    /// Who asked for a message that the widget has received, if it was posted for the user; each
    /// counts once.
    pub(crate) fn heard(&mut self, widget: DocIx, message: &str) -> Option<(PanelId, u32)> {
        let place = self
            .posted
            .iter()
            .position(|posted| posted.widget == widget && posted.message == message)?;
        let Posted { panel, request, .. } = self.posted.remove(place);
        Some((panel, request))
    }

    /// The widgets that have not reported a message, and its text.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (DocIx, &str)> {
        let posted = self.posted.iter();
        posted.map(|posted| (posted.widget, posted.message.as_str()))
    }

    /// A request that failed before anything was posted.
    pub(crate) fn withdraw(&mut self, panel: PanelId, request: u32) -> bool {
        let before = self.posted.len();
        self.posted
            .retain(|posted| posted.panel != panel || posted.request != request);
        self.posted.len() < before
    }

    /// A message that nobody has heard in time.
    pub(crate) fn overdue(&mut self, now: f64) -> Option<(PanelId, u32)> {
        let place = self.posted.iter().position(|posted| posted.due <= now)?;
        let Posted { panel, request, .. } = self.posted.remove(place);
        Some((panel, request))
    }

    /// When [`Self::overdue`] will next find one.
    pub(crate) fn deadline(&self) -> Option<f64> {
        self.posted.iter().map(|posted| posted.due).reduce(f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::super::documents::Documents;
    use super::*;

    fn widget() -> DocIx {
        let hello = callscope_bus::Hello {
            document: callscope_bus::DocumentId("w".to_owned()),
            origin: String::new(),
            path: vec![0],
            at: 0.0,
            from_start: true,
            blank: false,
        };
        Documents::default().greet(hello, None, 1).0
    }

    #[test]
    fn a_message_is_marked_once() {
        let mut injections = Injections::default();
        injections.posted(PanelId(1), 7, widget(), "{}".to_owned(), 0.0);
        assert_eq!(injections.heard(widget(), "[]"), None);
        assert_eq!(injections.heard(widget(), "{}"), Some((PanelId(1), 7)));
        assert_eq!(injections.heard(widget(), "{}"), None);
        assert_eq!(injections.deadline(), None);
    }

    #[test]
    fn what_is_not_heard_is_reported() {
        let mut injections = Injections::default();
        injections.posted(PanelId(1), 7, widget(), "{}".to_owned(), 0.0);
        assert_eq!(injections.overdue(DUE - 1.0), None);
        assert_eq!(injections.overdue(DUE), Some((PanelId(1), 7)));
        assert_eq!(injections.overdue(DUE), None);
    }
}
