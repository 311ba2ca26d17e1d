//! Requests to recorders to confirm that nothing more is on its way: for deadlines and for exports.
//!
//! A recorder reports when something happens. In between, the panel's own clock runs on, which is
//! good enough for times on the screen. But that something did *not* happen is reported only after
//! hearing from the recorder: the page may be busy or paused in the debugger.

use callscope_bus::{FromPanel, Outcome};
use callscope_live::Tab;
use callscope_protocol::Millis;

use super::{Model, Request};
use crate::event::Effect;

/// How long after its last report a recorder's silence means that nothing has happened.
const TRUSTED: Millis = Millis(3_000.0);

/// How long an export waits for the recorders.
const MOST_PATIENCE: Millis = Millis(10_000.0);

/// When recording was paused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paused {
    /// By the wall clock.
    pub(super) since: Millis,
    /// By the recorder's clock.
    at: Millis,
}

/// An export that waits for recorders.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exporting {
    /// When the user asked for it, by the wall clock.
    since: Millis,
    /// Whether some messages will be missing.
    is_short: bool,
}

impl Model {
    /// The recorder's clock, extrapolated from its last status.
    pub(super) fn recorder_clock(&self) -> Option<Millis> {
        let status = self.status.as_ref()?;
        let since = (self.now - self.status_at).0.max(0.0);
        let is_attached = self.connection.is_attached();
        is_attached.then_some(Millis(status.now + since))
    }

    /// The time up to which the page has been recorded: the recorder's clock, which stands while
    /// recording is paused, because nobody knows what has become of a call since.
    pub(super) fn recorder_now(&self) -> Option<Millis> {
        let now = self.recorder_clock()?;
        let Some(paused) = self.paused.filter(|_| self.is_paused()) else {
            return Some(now);
        };
        let last = self.live.session().facts().last();
        let last = last.map_or(paused.at, |last| last.fact.at());
        Some(if last < paused.at { paused.at } else { last })
    }

    /// Whether recording is paused.
    pub(super) fn is_paused(&self) -> bool {
        self.status.as_ref().is_some_and(|it| !it.recording)
    }

    /// Takes note of when recording was paused, or that it no longer is.
    pub(super) fn note_pause(&mut self) {
        self.paused = self.is_paused().then(|| {
            self.paused.unwrap_or(Paused {
                since: self.now,
                at: self.recorder_clock().unwrap_or(self.now),
            })
        });
    }

    /// The time up to which it is certain what has happened.
    pub(super) fn confirmed_now(&self) -> Option<Millis> {
        let (now, status) = self.recorder_now().zip(self.status.as_ref())?;
        Some(Millis(now.0.min(status.now + TRUSTED.0)))
    }

    /// The next time at which silence means something to the checker or the running scenario.
    fn next_deadline(&self) -> Option<Millis> {
        let checker = self.live.session().next_deadline();
        let deadlines = [checker, self.scenarios.deadline()].into_iter().flatten();
        deadlines.reduce(|one, other| if other < one { other } else { one })
    }

    /// In how many milliseconds silence will mean something.
    pub(super) fn silence_due(&self) -> Option<f64> {
        let now = self.recorder_now().filter(|_| !self.is_paused());
        let (now, due) = now.zip(self.next_deadline())?;
        let after = (due - now).0;
        (after > 0.0).then_some(after)
    }

    /// In how many milliseconds the export stops waiting.
    pub(super) fn export_due(&self) -> Option<f64> {
        let since = self.exporting?.since;
        Some((since + MOST_PATIENCE - self.now).0.max(0.0))
    }

    /// The effects due by now, after [`Model::tick`].
    pub(crate) fn take_due(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.export_due() == Some(0.0) {
            self.requests
                .retain(|_, request| !matches!(request, Request::Export(_)));
            if let Some(exporting) = &mut self.exporting {
                exporting.is_short = true;
            }
            effects.extend(self.export_if_complete());
        }
        effects.extend(self.scenarios.take_effects());
        let deadline = self.next_deadline();
        let is_past = |now: Option<Millis>| {
            (now.zip(deadline)).is_some_and(|(now, deadline)| deadline <= now)
        };
        let is_due = is_past(self.recorder_now()) && !is_past(self.confirmed_now());
        let is_asked = self.requests.values().any(|it| *it == Request::Time);
        if is_due && !is_asked {
            let request = self.request(Request::Time);
            effects.push(Effect::Send(FromPanel::Report { request }));
        }
        effects
    }

    /// Saves the chosen export; for the live session, once everything heard so far is in it.
    pub(super) fn ask_for_export(&mut self) -> Vec<Effect> {
        if self.imported.is_some() || !self.connection.is_attached() {
            return self.save_chosen();
        }
        if self.exporting.is_some() {
            return Vec::new();
        }
        self.exporting = Some(Exporting {
            since: self.now,
            is_short: false,
        });
        let request = self.request(Request::Export(Tab::OPENER));
        let mut effects = vec![Effect::Send(FromPanel::Report { request })];
        for tab in self.windows.clone() {
            let request = self.request(Request::Export(tab));
            effects.push(Effect::SendTo(tab, FromPanel::Report { request }));
        }
        effects
    }

    /// Whether an export waits for what is still coming.
    pub(super) const fn is_exporting(&self) -> bool {
        self.exporting.is_some()
    }

    /// A recorder has sent everything, or all that it could.
    pub(super) fn hear_of_export(&mut self, outcome: &Outcome) -> Vec<Effect> {
        if let Some(exporting) = &mut self.exporting {
            exporting.is_short |= *outcome != Outcome::Ok;
        }
        self.export_if_complete()
    }

    /// Saves the waiting export if nothing is missing any more.
    pub(super) fn export_if_complete(&mut self) -> Vec<Effect> {
        let mut waiting = self.requests.values();
        let is_missing = waiting.any(|it| matches!(it, Request::Export(_)));
        if is_missing {
            return Vec::new();
        }
        let Some(exporting) = self.exporting.take() else {
            return Vec::new();
        };
        // A saved session may be shown by now, but the live one was to be exported.
        let saved = self.imported.take();
        self.refresh();
        let effects = self.save_chosen();
        if saved.is_some() {
            self.imported = saved;
            self.refresh();
        }
        if exporting.is_short {
            self.notices.info(
                self.seconds(),
                "The page had not yet sent everything that it had heard: the rest is not in the \
                 file. Export again for all of it",
                None,
            );
        }
        effects
    }

    /// The page of a tab has been unloaded; what it left is here or on its way. An export no longer
    /// waits for its recorder.
    pub(super) fn export_without(&mut self, tab: Tab) -> Vec<Effect> {
        self.requests
            .retain(|_, request| *request != Request::Export(tab));
        self.export_if_complete()
    }
}
