//! Messages posted at the user's request that the receiver's tap has not reported yet.

use callscope_bus::Source;
use callscope_protocol::Side;

use super::PanelId;
use super::documents::DocIx;

/// How long it may take until a posted message is reported, in milliseconds.
pub(crate) const DUE: f64 = 2_000.0;
/// The most messages remembered after they have counted as not received: if one is reported that
/// late, it is still marked.
const MOST_LATE: usize = 50;

/// What a document will report about a message posted at the user's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// The document that receives it.
    pub(crate) receiver: DocIx,
    /// The window that it comes from, as the receiver sees it.
    pub(crate) source: Source,
    pub(crate) message: String,
}

impl Expected {
    fn is(&self, receiver: DocIx, source: &Source, message: &str) -> bool {
        let is_window = match (&self.source, source) {
            (
                Source::Child { slot, index },
                Source::Child {
                    slot: its_slot,
                    index: its_index,
                },
            ) => match slot {
                // The receiver has not heard from the window before.
                0 => index == its_index,
                // A window keeps its slot wherever the page moves it.
                _ => slot == its_slot,
            },
            (one, other) => one == other,
        };
        self.receiver == receiver && is_window && self.message == message
    }
}

#[derive(Debug)]
struct Posted {
    panel: PanelId,
    request: u32,
    expected: Expected,
    /// When it counts as not received; `None` if the panel has been told so.
    due: Option<f64>,
}

/// A posted message that has been reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The panel and request that are still waiting for the result.
    pub(crate) waits: Option<(PanelId, u32)>,
}

/// Posted messages that have not been reported yet.
#[derive(Debug, Default)]
pub(crate) struct Injections {
    posted: Vec<Posted>,
}

impl Injections {
    /// Remembers a message that has just been posted.
    pub(crate) fn posted(&mut self, panel: PanelId, request: u32, expected: Expected, now: f64) {
        self.posted.push(Posted {
            panel,
            request,
            expected,
            due: Some(now + DUE),
        });
    }

    /// Finds out whether a message that a document has received was posted at the user's request;
    /// each posted message counts once.
    pub(crate) fn heard(
        &mut self,
        receiver: DocIx,
        source: &Source,
        message: &str,
    ) -> Option<Asked> {
        let mut posted = self.posted.iter();
        let place = posted.position(|it| it.expected.is(receiver, source, message))?;
        let Posted {
            panel,
            request,
            due,
            ..
        } = self.posted.remove(place);
        let waits = due.map(|_| (panel, request));
        Some(Asked { waits })
    }

    /// The documents that have not reported a message yet, and the message's text.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (DocIx, &str)> {
        let posted = self.posted.iter().map(|posted| &posted.expected);
        posted.map(|expected| (expected.receiver, expected.message.as_str()))
    }

    /// Forgets a request that failed before anything was posted.
    pub(crate) fn withdraw(&mut self, panel: PanelId, request: u32) {
        self.posted
            .retain(|posted| posted.panel != panel || posted.request != request);
    }

    /// A message that was not reported in time, and the side that should have received it.
    pub(crate) fn overdue(&mut self, now: f64) -> Option<(PanelId, u32, Side)> {
        let is_due = |posted: &Posted| posted.due.is_some_and(|due| due <= now);
        let place = self.posted.iter().position(is_due)?;
        self.give_up(place)
    }

    /// Gives up on a message, because the panel is told that its request failed.
    pub(crate) fn fail(&mut self, panel: PanelId, request: u32) {
        let mut posted = self.posted.iter();
        if let Some(place) = posted.position(|it| it.panel == panel && it.request == request) {
            self.give_up(place);
        }
    }

    fn give_up(&mut self, place: usize) -> Option<(PanelId, u32, Side)> {
        if place >= self.posted.len() {
            return None;
        }
        let mut posted = self.posted.remove(place);
        let receiver = match posted.expected.source {
            Source::Child { .. } => Side::Host,
            _ => Side::Widget,
        };
        let told = (posted.panel, posted.request, receiver);
        posted.due = None;
        let is_late = |posted: &Posted| posted.due.is_none();
        if self.posted.iter().filter(|it| is_late(it)).count() >= MOST_LATE
            && let Some(oldest) = self.posted.iter().position(is_late)
        {
            self.posted.remove(oldest);
        }
        self.posted.push(posted);
        Some(told)
    }

    /// When [`Self::overdue`] will next return something.
    pub(crate) fn deadline(&self) -> Option<f64> {
        let dues = self.posted.iter().filter_map(|posted| posted.due);
        dues.reduce(f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::super::documents::Documents;
    use super::*;

    fn receiver() -> DocIx {
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

    fn posted(source: Source) -> Injections {
        let mut injections = Injections::default();
        let expected = Expected {
            receiver: receiver(),
            source,
            message: "{}".to_owned(),
        };
        injections.posted(PanelId(1), 7, expected, 0.0);
        injections
    }

    #[test]
    fn a_message_is_marked_once() {
        let mut injections = posted(Source::Parent);
        let mut heard = |message| injections.heard(receiver(), &Source::Parent, message);
        assert_eq!(heard("[]"), None);
        let waits = Some((PanelId(1), 7));
        assert_eq!(heard("{}"), Some(Asked { waits }));
        assert_eq!(heard("{}"), None);
        assert_eq!(injections.deadline(), None);
    }

    #[test]
    fn only_what_comes_from_the_window_that_posts_it_is_marked() {
        let child = |slot, index| Source::Child { slot, index };
        for (expected, source, is_it) in [
            (Source::Parent, child(1, 0), false),
            (child(2, 0), Source::Parent, false),
            (child(2, 0), child(1, 0), false),
            (child(2, 0), child(2, 4), true),
            (child(0, 3), child(2, 4), false),
            (child(0, 3), child(2, 3), true),
        ] {
            let heard = posted(expected.clone()).heard(receiver(), &source, "{}");
            assert_eq!(heard.is_some(), is_it, "{expected:?} {source:?}");
        }
    }

    #[test]
    fn what_is_not_heard_is_reported_and_marked_should_it_come_after_all() {
        let mut injections = posted(Source::Parent);
        assert_eq!(injections.overdue(DUE - 1.0), None);
        assert_eq!(injections.overdue(DUE), Some((PanelId(1), 7, Side::Widget)));
        assert_eq!(injections.overdue(DUE), None);
        assert_eq!(injections.deadline(), None);
        let heard = injections.heard(receiver(), &Source::Parent, "{}");
        assert_eq!(heard, Some(Asked { waits: None }));
    }

    #[test]
    fn what_never_comes_is_forgotten() {
        let mut injections = Injections::default();
        for request in 0..200 {
            let expected = Expected {
                receiver: receiver(),
                source: Source::Parent,
                message: request.to_string(),
            };
            injections.posted(PanelId(1), request, expected, 0.0);
            injections.overdue(DUE);
        }
        assert_eq!(injections.waiting().count(), MOST_LATE);
    }
}
