//! What needs the recorder's word that nothing more is on its way: the time, and an export.
//!
//! A recorder speaks when something has happened. In between the panel's own clock goes on, which
//! is good enough for what is counted on the screen. But that something did *not* happen is said
//! only after the recorder was heard from: it may be stuck in a page that works or is being
//! debugged.

use callscope_bus::{FromPanel, Outcome};
use callscope_live::Tab;
use callscope_protocol::Millis;

use super::{Model, Request};
use crate::event::Effect;

/// For how long after a word of the recorder its silence means that nothing has happened.
const TRUSTED: Millis = Millis(3_000.0);

/// How long an export waits for what is still coming.
const MOST_PATIENCE: Millis = Millis(10_000.0);

/// An export that waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exporting {
    /// When the user asked for it, by the wall clock.
    since: Millis,
    /// Whether something of it will not come.
    is_short: bool,
}

impl Model {
    /// The recorder's clock, which runs without its word.
    pub(super) fn recorder_now(&self) -> Option<Millis> {
        let status = self.status.as_ref()?;
        let since = (self.now - self.status_at).0.max(0.0);
        let is_attached = self.connection.is_attached();
        is_attached.then_some(Millis(status.now + since))
    }

    /// The time up to which it is known what has happened.
    pub(super) fn confirmed_now(&self) -> Option<Millis> {
        let (now, status) = self.recorder_now().zip(self.status.as_ref())?;
        Some(Millis(now.0.min(status.now + TRUSTED.0)))
    }

    /// When silence alone will say something, to the checker or to a scenario that is played.
    fn next_deadline(&self) -> Option<Millis> {
        let checker = self.live.session().next_deadline();
        let deadlines = [checker, self.scenarios.deadline()].into_iter().flatten();
        deadlines.reduce(|one, other| if other < one { other } else { one })
    }

    /// After how many milliseconds silence alone will say something.
    pub(super) fn silence_due(&self) -> Option<f64> {
        let (now, due) = self.recorder_now().zip(self.next_deadline())?;
        let after = (due - now).0;
        (after > 0.0).then_some(after)
    }

    /// After how many milliseconds the export will not wait any longer.
    pub(super) fn export_due(&self) -> Option<f64> {
        let since = self.exporting?.since;
        Some((since + MOST_PATIENCE - self.now).0.max(0.0))
    }

    /// What is due at this time, after [`Model::tick`].
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

    /// Saves the session that is shown, the live one once everything that was heard so far is in it.
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

    /// A recorder has told all of it, or all that it could.
    pub(super) fn hear_of_export(&mut self, outcome: &Outcome) -> Vec<Effect> {
        if let Some(exporting) = &mut self.exporting {
            exporting.is_short |= *outcome != Outcome::Ok;
        }
        self.export_if_complete()
    }

    /// Saves what an export waited for, if nothing of it is missing any more.
    pub(super) fn export_if_complete(&mut self) -> Vec<Effect> {
        let mut waiting = self.requests.values();
        let is_missing = waiting.any(|it| matches!(it, Request::Export(_)));
        if is_missing {
            return Vec::new();
        }
        let Some(exporting) = self.exporting.take() else {
            return Vec::new();
        };
        let effects = self.save_chosen();
        if exporting.is_short {
            self.notices.info(
                self.seconds(),
                "The page was not done telling what it had heard: what was still coming is not in \
                 the file. Export again for all of it",
                None,
            );
        }
        effects
    }

    /// The page of a tab has gone, and what it left is here or comes: an export does not wait for
    /// its recorder any more.
    pub(super) fn export_without(&mut self, tab: Tab) -> Vec<Effect> {
        self.requests
            .retain(|_, request| *request != Request::Export(tab));
        self.export_if_complete()
    }
}
