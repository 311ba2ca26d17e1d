//! What a screen reader announces by itself: new findings, notices, and what a filter leaves.
//!
//! Summed up and at most once a second: listeners cannot skip ahead.

use std::collections::BTreeMap;

use callscope_protocol::{Millis, Severity};
use callscope_session_view::findings::{Counts, is_strangers};
use callscope_session_view::visible::sentence;
use callscope_session_view::words::{count, counted};

use super::{Model, Tone};
use crate::event::Effect;

/// The shortest time between two announcements.
const PAUSE: Millis = Millis(1_000.0);

/// How long an announcement can be found by somebody who reads on: what was new once is soon not.
const STAYS: Millis = Millis(10_000.0);

/// How long the filter must stay the same until it is announced what it leaves.
const REST: Millis = Millis(700.0);

/// How long to wait for a filter that has not been applied to the whole session yet.
const FILTERING: Millis = Millis(100.0);

/// A value for each rule with its severity, the worst last.
pub(super) type ByRule<T> = BTreeMap<(Severity, &'static str), T>;

/// What has been announced.
#[derive(Debug, Default)]
pub(super) struct Announcer {
    /// The number of findings by rule.
    told: ByRule<usize>,
    counts: Counts,
    /// The id of the last notice.
    notice: u32,
    /// When the filter was changed, until it is announced what it leaves.
    filtered: Option<Millis>,
    at: Option<Millis>,
    /// Until when the last announcement is there; `None` if there is none.
    until: Option<Millis>,
}

impl Model {
    /// In how many milliseconds the next announcement is due; `None` if there is nothing to
    /// announce.
    pub(super) fn announcement_due(&mut self) -> Option<f64> {
        let counts = self.finding_counts();
        let said = &self.announcer;
        let is_new = counts != said.counts || self.notices.iter().any(|it| it.id > said.notice);
        let last = said.at.map_or(0.0, |at| (at + PAUSE - self.now).0);
        let pause = last.clamp(0.0, PAUSE.0);
        let filtered = self.filtered_due().map(|it| it.max(pause));
        let stale = said.until.map(|until| (until - self.now).0.max(0.0));
        let dues = [is_new.then_some(pause), filtered, stale];
        dues.into_iter().flatten().reduce(f64::min)
    }

    /// Something is being announced.
    pub(super) fn is_announced(&mut self) {
        self.announcer.until = Some(self.now + STAYS);
    }

    /// In how many milliseconds it can be announced what the filter leaves; `None` if it has been.
    fn filtered_due(&self) -> Option<f64> {
        let since = self.announcer.filtered?;
        let rest = (since + REST - self.now).0.clamp(0.0, REST.0);
        let is_applied =
            self.applied == self.options_revision && self.shown().filtering().is_none();
        Some(if is_applied {
            rest
        } else {
            rest.max(FILTERING.0)
        })
    }

    /// The filter was changed.
    pub(super) const fn announce_filtered(&mut self) {
        self.announcer.filtered = Some(self.now);
    }

    /// The announcement to make now, after [`Model::tick`]; an empty one takes the last one away.
    pub(crate) fn take_announcement(&mut self) -> Option<Effect> {
        if self.announcement_due()? > 0.0 {
            return None;
        }
        let mut texts = Vec::new();
        let mut is_urgent = false;
        let last = self.announcer.notice;
        for notice in self.notices.iter().filter(|it| it.id > last) {
            is_urgent |= notice.tone == Tone::Failed;
            texts.push(notice.text.clone());
        }
        if self.filtered_due() == Some(0.0) {
            self.announcer.filtered = None;
            let rows = self.shown().rows();
            let left = left(rows.shown(), rows.hidden());
            texts.push(match self.followed() {
                Some(followed) => format!("Following {}: {left}", followed.name),
                None => left,
            });
        }
        let newest = self.notices.iter().map(|it| it.id).max();
        let (told, new) = self.new_findings();
        is_urgent |= new.keys().any(|(severity, _)| *severity == Severity::Error);
        texts.extend(words(&new));
        let counts = self.finding_counts();
        let announcer = &mut self.announcer;
        announcer.notice = newest.unwrap_or_default().max(last);
        announcer.told = told;
        announcer.counts = counts;
        if texts.is_empty() {
            // There are only fewer findings than before.
            announcer.until.filter(|until| *until <= self.now)?;
            announcer.until = None;
            let text = String::new();
            let is_urgent = false;
            return Some(Effect::Announce { text, is_urgent });
        }
        announcer.at = Some(self.now);
        self.is_announced();
        let text = texts.join(". ");
        Some(Effect::Announce { text, is_urgent })
    }

    /// How many findings have yet to be announced, by rule.
    pub(super) fn unannounced(&self) -> ByRule<usize> {
        let (_, new) = self.new_findings();
        new.into_iter()
            .map(|(key, (more, _))| (key, more))
            .collect()
    }

    /// What is there now has been announced, except these.
    pub(super) fn announced_but(&mut self, unannounced: &ByRule<usize>) {
        let (mut told, _) = self.new_findings();
        for (key, more) in unannounced {
            if let Some(count) = told.get_mut(key) {
                *count = count.saturating_sub(*more);
            }
        }
        self.announcer.told = told;
    }

    /// The number of findings by rule; and the rules with more than announced, how many more, and
    /// the rule's title.
    fn new_findings(&self) -> (ByRule<usize>, ByRule<(usize, &'static str)>) {
        let source = self.shown();
        let mut there: ByRule<usize> = BTreeMap::new();
        let mut titles = BTreeMap::new();
        for finding in source.findings() {
            if !is_strangers(source.session(), finding) {
                let key = (finding.severity, finding.rule.code);
                *there.entry(key).or_default() += 1;
                titles.insert(key, finding.rule.title);
            }
        }
        let more = there.iter().filter_map(|(key, count)| {
            let before = self.announcer.told.get(key).copied().unwrap_or_default();
            let more = count.checked_sub(before).filter(|it| *it > 0)?;
            Some((*key, (more, titles.get(key).copied()?)))
        });
        let more = more.collect();
        (there, more)
    }
}

/// "12 of 51 messages".
fn left(shown: u64, hidden: u64) -> String {
    let all = counted(shown + hidden, "message");
    if hidden == 0 {
        return all;
    }
    format!("{} of {all}", count(shown))
}

/// "New error: `CALL_COMPLETED` before `CALL_ENDED`", or for several their counts and the worst
/// one.
fn words(new: &ByRule<(usize, &'static str)>) -> Option<String> {
    let ((severity, _), (_, title)) = new.last_key_value()?;
    let title = sentence(title);
    let total: usize = new.values().map(|(count, _)| count).sum();
    if total == 1 {
        return Some(format!("New {severity}: {title}"));
    }
    let counts = Severity::ALL.into_iter().rev().filter_map(|severity| {
        let these = new.iter().filter(|((it, _), _)| *it == severity);
        let count: usize = these.map(|(_, (count, _))| count).sum();
        (count > 0).then(|| counted(count as u64, severity.name()))
    });
    let counts = counts.collect::<Vec<_>>().join(", ");
    Some(format!("New: {counts}. {title}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Action;
    use crate::event::Event;
    use crate::model::testing::{recorded, source};

    fn model(trace: &str) -> Model {
        Model {
            live: source(trace),
            ..Model::default()
        }
    }

    fn said(model: &mut Model, at: f64) -> Option<(String, bool)> {
        model.tick(Millis(at));
        match model.take_announcement()? {
            Effect::Announce { text, is_urgent } => Some((text, is_urgent)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn new_findings_are_said_once_and_summed_up() {
        let mut model = Model::default();
        assert_eq!(said(&mut model, 0.0), None);
        model.live = recorded(include_bytes!(
            "../../../fixtures/mistakes/M14-completed-before-ended.callscope.jsonl"
        ));
        let title = "CALL_COMPLETED before CALL_ENDED";
        assert_eq!(
            said(&mut model, 100.0),
            Some((format!("New warning: {title}"), false))
        );
        assert_eq!(said(&mut model, 5_000.0), None);
    }

    /// However much there is to announce, it is announced at most once a second, then all of it.
    #[test]
    fn there_is_a_pause() {
        let mut model = model("");
        model.notices.done(0.0, "Copied", None);
        assert_eq!(said(&mut model, 0.0), Some(("Copied".to_owned(), false)));
        model.notices.failed("No");
        model.notices.info(0.0, "Known", None);
        assert_eq!(said(&mut model, 10.0), None);
        assert_eq!(model.announcement_due(), Some(990.0));
        let urgent = Some(("No. Known".to_owned(), true));
        assert_eq!(said(&mut model, 1_000.0), urgent);
        assert_eq!(said(&mut model, 9_000.0), None);
    }

    /// "New error" is not to be found when it is no longer new.
    #[test]
    fn what_was_announced_goes_away() {
        let mut model = model("");
        model.notices.done(0.0, "Copied", None);
        assert_eq!(said(&mut model, 0.0), Some(("Copied".to_owned(), false)));
        assert_eq!(said(&mut model, 9_000.0), None);
        assert_eq!(said(&mut model, 10_000.0), Some((String::new(), false)));
        assert_eq!(said(&mut model, 60_000.0), None);
        assert_eq!(model.announcement_due(), None);
    }

    /// A session of 12 messages with a finding.
    fn with_a_finding() -> Model {
        let log =
            include_bytes!("../../../fixtures/mistakes/M14-completed-before-ended.callscope.jsonl");
        let mut model = Model {
            live: recorded(log),
            ..Model::default()
        };
        model.refresh();
        model
    }

    /// Not for each letter, and after a notice that it comes with.
    #[test]
    fn what_a_filter_leaves_is_said_when_typing_rests() {
        let mut model = with_a_finding();
        said(&mut model, 0.0);
        let mut filter = |text: &str, at: f64| {
            model.tick(Millis(at));
            let text = text.to_owned();
            model.perform(Action::SetFilter { text });
            model.refresh();
            let mut texts = Vec::new();
            for later in (0..20).map(|it| at + f64::from(it) * 100.0) {
                let text = said(&mut model, later).filter(|it| !it.0.is_empty());
                texts.extend(text.map(|text| (later, text)));
            }
            texts
        };
        let one = |at, text: &str| vec![(at, (text.to_owned(), false))];
        assert_eq!(
            filter("type:CALL_*", 10_000.0),
            one(10_700.0, "3 of 12 messages")
        );
        let followed = "Following call 1: 9 of 12 messages";
        assert_eq!(filter("call:1", 15_000.0), one(15_700.0, followed));
        assert_eq!(filter("", 20_000.0), one(20_700.0, "12 messages"));
        // An unfinished one leaves what there was.
        assert_eq!(filter("severity>=", 30_000.0), []);
        model.tick(Millis(40_000.0));
        for (text, at) in [("S", 40_000.0), ("SYN", 40_600.0), ("SYNC", 41_200.0)] {
            let text = text.to_owned();
            model.perform(Action::SetFilter { text });
            model.refresh();
            assert_eq!(said(&mut model, at + 500.0), None);
        }
        // It cannot be known before the filter is applied.
        let text = "SYNC_".to_owned();
        model.perform(Action::SetFilter { text });
        assert_eq!(said(&mut model, 45_000.0), None);
        assert_eq!(model.announcement_due(), Some(100.0));
        model.refresh();
        let text = "1 of 12 messages".to_owned();
        assert_eq!(said(&mut model, 45_100.0), Some((text, false)));
        assert_eq!(model.announcement_due(), Some(STAYS.0));
    }

    /// What comes back is not new, unless it had not been announced before.
    #[test]
    fn what_was_cleared_unheard_is_still_new() {
        let mut model = with_a_finding();
        let unannounced = model.unannounced();
        assert_eq!(unannounced.len(), 1);
        model.announced_but(&unannounced);
        assert_eq!(model.unannounced(), unannounced);
        model.announced_but(&ByRule::new());
        assert_eq!(model.unannounced(), ByRule::new());
    }

    #[test]
    fn the_panel_wakes_up_for_it() {
        let mut model = Model::default();
        model.notices.failed("No");
        assert_eq!(said(&mut model, 0.0), Some(("No".to_owned(), true)));
        model.handle(Event::SaveFailed {
            name: "a".to_owned(),
            reason: "the disk is full".to_owned(),
        });
        let next = model.tick(Millis(400.0)).unwrap();
        assert!((next - 600.0).abs() < 0.001, "{next}");
    }
}
