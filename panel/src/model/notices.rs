//! Messages to the user that belong to no view; they are shown over the view.

use crate::action::Action;

/// How a notice looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Confirms an action.
    Done,
    /// Informs the user.
    Info,
    /// Reports a failure.
    Failed,
}

/// A sentence, with an optional button.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    pub(crate) id: u32,
    pub(crate) tone: Tone,
    pub(crate) text: String,
    /// A button.
    pub(crate) action: Option<Action>,
    /// When it disappears by itself, in seconds of the panel's clock.
    pub(crate) until: Option<f64>,
    /// What it answers; a later answer takes its place.
    topic: Option<Topic>,
}

/// What is asked again and again, so that only the newest answer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Topic {
    /// To open the file or the pasted log of this name: why it failed, or what is special about it.
    Opening(String),
    /// To find a text, which DevTools asks with every letter.
    Search,
}

/// How long a notice that only confirms stays, in seconds.
const STAY: f64 = 6.0;

/// How much longer a notice stays for each byte of its text, in seconds: a slow reader's pace.
const READING: f64 = 0.05;

/// With more temporary notices than this, the oldest is removed.
const MOST_PASSING: usize = 4;

/// With more errors than this, the oldest is removed; nobody has read any of them.
const MOST_FAILED: usize = 20;

/// All notices, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    list: Vec<Notice>,
    next_id: u32,
}

impl Notices {
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.list.iter()
    }

    /// Confirms that something was done, for a while.
    pub(crate) fn done(&mut self, now: f64, text: impl Into<String>, action: Option<Action>) {
        self.pass(now, Tone::Done, text.into(), action);
    }

    /// Informs the user, for a while.
    pub(crate) fn info(&mut self, now: f64, text: impl Into<String>, action: Option<Action>) {
        self.pass(now, Tone::Info, text.into(), action);
    }

    fn pass(&mut self, now: f64, tone: Tone, text: String, action: Option<Action>) {
        // A notice with an action stays longer, and so does one that takes longer to read.
        let reading = text.len() as f64 * READING;
        let stay = if action.is_some() { 3.0 * STAY } else { STAY };
        self.add(tone, text, action, Some(now + stay + reading));
    }

    /// Reports that a file or a pasted log could not be opened, until it is dismissed or opened
    /// after all: nobody may have read it when another one is opened.
    pub(crate) fn failed_to_open(&mut self, name: &str, text: impl Into<String>) {
        self.withdraw_opening(name);
        self.failed(text);
        self.is_about(Topic::Opening(name.to_owned()));
    }

    /// Says what is special about a file that was opened, such as a line that was left out, until
    /// it is dismissed or opened again: nothing else in the session says so.
    pub(crate) fn remark_on_file(&mut self, name: &str, text: impl Into<String>) {
        self.add(Tone::Info, text.into(), None, None);
        self.is_about(Topic::Opening(name.to_owned()));
    }

    /// Removes what was said about opening this.
    pub(crate) fn withdraw_opening(&mut self, name: &str) {
        self.list
            .retain(|it| !matches!(&it.topic, Some(Topic::Opening(other)) if other == name));
    }

    /// Informs the user, for a while, that a search found nothing.
    pub(crate) fn not_found(&mut self, now: f64, text: impl Into<String>) {
        self.found();
        self.info(now, text, None);
        self.is_about(Topic::Search);
    }

    /// Removes what says that a search found nothing.
    pub(crate) fn found(&mut self) {
        self.list.retain(|it| it.topic != Some(Topic::Search));
    }

    /// What was added last is about this.
    fn is_about(&mut self, topic: Topic) {
        if let Some(notice) = self.list.last_mut() {
            notice.topic = Some(topic);
        }
    }

    /// Reports a failure, until it is dismissed.
    pub(crate) fn failed(&mut self, text: impl Into<String>) {
        self.add(Tone::Failed, text.into(), None, None);
    }

    fn add(&mut self, tone: Tone, text: String, action: Option<Action>, until: Option<f64>) {
        self.list.retain(|notice| {
            notice.text != text && (notice.tone != Tone::Done || tone != Tone::Done)
        });
        let (is_failed, most) = match tone {
            Tone::Failed => (true, MOST_FAILED),
            Tone::Done | Tone::Info => (false, MOST_PASSING),
        };
        let is_alike = |it: &Notice| (it.tone == Tone::Failed) == is_failed;
        if self.list.iter().filter(|it| is_alike(it)).count() >= most
            && let Some(oldest) = self.list.iter().position(is_alike)
        {
            self.list.remove(oldest);
        }
        self.next_id += 1;
        self.list.push(Notice {
            id: self.next_id,
            tone,
            text,
            action,
            until,
            topic: None,
        });
    }

    /// Removes the notices that offer this action.
    pub(crate) fn withdraw(&mut self, action: &Action) {
        self.list
            .retain(|notice| notice.action.as_ref() != Some(action));
    }

    /// Removes the notices that only confirm what was done.
    pub(crate) fn withdraw_confirmations(&mut self) {
        self.list
            .retain(|notice| notice.tone != Tone::Done || notice.action.is_some());
    }

    pub(crate) fn dismiss(&mut self, id: u32) {
        self.list.retain(|notice| notice.id != id);
    }

    /// Removes notices whose time is up; returns when the next one will be.
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
        notices.info(10.0, "Known", None);
        let due = notices.tick(11.0).unwrap();
        assert!((16.0..17.0).contains(&due), "{due}");
        assert_eq!(notices.tick(17.0), None);
        assert_eq!(
            notices
                .iter()
                .map(|it| it.text.as_str())
                .collect::<Vec<_>>(),
            ["No"]
        );
    }

    /// Whatever else is reported, an error stays until it is dismissed.
    #[test]
    fn nothing_pushes_an_error_away() {
        let mut notices = Notices::default();
        notices.failed("No");
        for number in 0..30 {
            notices.info(0.0, number.to_string(), None);
        }
        let texts: Vec<&str> = notices.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["No", "26", "27", "28", "29"]);
        notices.tick(1e9);
        assert_eq!(notices.iter().count(), 1);
        let id = notices.iter().next().unwrap().id;
        notices.dismiss(id);
        assert_eq!(notices.iter().count(), 0);
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
