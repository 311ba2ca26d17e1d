//! What the panel has to tell its user outside of any view: bars under the toolbar.

use crate::action::Action;

/// How a notice looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something was done.
    Done,
    /// Something to know.
    Info,
    /// Something did not work.
    Failed,
}

/// A bar with a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    pub(crate) id: u32,
    pub(crate) tone: Tone,
    pub(crate) text: String,
    /// A button.
    pub(crate) action: Option<Action>,
    /// When it goes away by itself, in seconds of the panel's clock.
    pub(crate) until: Option<f64>,
}

/// How long a notice stays that only confirms, in seconds.
const STAY: f64 = 6.0;

/// More than this push the oldest away.
const MAX_NOTICES: usize = 4;

/// All notices, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    list: Vec<Notice>,
    next_id: u32,
}

impl Notices {
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.list.iter()
    }

    /// Says that something was done, for a while.
    pub(crate) fn done(&mut self, now: f64, text: impl Into<String>, action: Option<Action>) {
        // What can be undone stays longer.
        let stay = if action.is_some() { 3.0 * STAY } else { STAY };
        self.add(Tone::Done, text.into(), action, Some(now + stay));
    }

    /// Says something that stays until it is dismissed.
    pub(crate) fn info(&mut self, text: impl Into<String>, action: Option<Action>) {
        self.add(Tone::Info, text.into(), action, None);
    }

    /// Says that something did not work, until it is dismissed.
    pub(crate) fn failed(&mut self, text: impl Into<String>) {
        self.add(Tone::Failed, text.into(), None, None);
    }

    fn add(&mut self, tone: Tone, text: String, action: Option<Action>, until: Option<f64>) {
        self.list.retain(|notice| {
            notice.text != text && (notice.tone != Tone::Done || tone != Tone::Done)
        });
        if self.list.len() >= MAX_NOTICES {
            self.list.remove(0);
        }
        self.next_id += 1;
        self.list.push(Notice {
            id: self.next_id,
            tone,
            text,
            action,
            until,
        });
    }

    /// The page was reloaded, or left: nobody need reload it any more.
    pub(crate) fn page_loaded(&mut self) {
        self.list
            .retain(|notice| notice.action != Some(Action::ReloadPage));
    }

    pub(crate) fn dismiss(&mut self, id: u32) {
        self.list.retain(|notice| notice.id != id);
    }

    /// Puts away what has been there long enough; returns when the next one is due.
    pub(crate) fn tick(&mut self, now: f64) -> Option<f64> {
        self.list
            .retain(|notice| notice.until.is_none_or(|until| now < until));
        self.list
            .iter()
            .filter_map(|notice| notice.until)
            .min_by(f64::total_cmp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confirmations_go_away_and_failures_stay() {
        let mut notices = Notices::default();
        notices.done(10.0, "Copied", None);
        notices.failed("No");
        assert_eq!(notices.tick(11.0), Some(16.0));
        assert_eq!(notices.tick(16.0), None);
        assert_eq!(
            notices
                .iter()
                .map(|it| it.text.as_str())
                .collect::<Vec<_>>(),
            ["No"]
        );
    }

    #[test]
    fn the_same_is_said_once() {
        let mut notices = Notices::default();
        for _ in 0..9 {
            notices.failed("No");
        }
        assert_eq!(notices.iter().count(), 1);
    }
}
