//! Clearing the list, which hides entries without deleting them, and its undo.

use callscope_bus::FromPanel;
use callscope_live::{self as live, Tab};
use callscope_protocol::Millis;
use callscope_session_view::cleared::Cleared;
use callscope_session_view::words;

use super::Model;
use crate::action::Action;
use crate::event::Effect;

/// What undo restores.
#[derive(Debug, Default)]
pub(super) struct Clearing {
    /// What had been cleared before the last clear; `None` if nothing.
    before: Option<live::Cleared>,
}

impl Model {
    /// The cleared part of the shown session.
    pub(super) fn cleared(&self) -> Cleared {
        if let Some(imported) = &self.imported {
            return imported.cleared.clone();
        }
        let parts = self.loads.cleared().into_iter();
        Cleared::new(parts.map(|part| (part.ids, part.through)))
    }

    /// Clears the list.
    pub(super) fn clear(&mut self) -> Vec<Effect> {
        if self.imported.is_some() {
            self.notices.info(
                self.seconds(),
                "This is a saved session; there is nothing to clear",
                Some(Action::BackToLive),
            );
            return Vec::new();
        }
        self.refresh();
        let rows = self.live.rows();
        let count = rows.shown() + rows.hidden();
        let facts = self.live.session().facts();
        let Some(last) = facts.last().filter(|_| count > 0 || !rows.is_empty()) else {
            let text = "There is nothing to clear";
            self.notices.info(self.seconds(), text, None);
            return Vec::new();
        };
        let last = last.fact.at();
        let now = self.recorder_clock().filter(|now| *now > last);
        let now = now.unwrap_or(last);
        // What had been cleared earlier can no longer be restored.
        let is_over = |id| self.loads.is_over(id);
        let gone = facts.iter().filter(|it| is_over(it.id));
        let gone = gone.filter(|it| self.view_options.cleared.hides(it));
        let gone: Vec<u64> = gone.map(|it| it.id).collect();
        self.live.remove(&gone);
        self.clearing.before = Some(self.loads.clear(now));
        self.select_alone(None);
        self.is_detail_open = false;
        let text = format!("Cleared {}", words::counted(count, "message"));
        self.notices
            .done(self.seconds(), text, Some(Action::UndoClear));
        self.clearing_changed()
    }

    /// Whether something was cleared that can be shown again.
    pub(crate) fn can_undo_clear(&self) -> bool {
        !self.cleared().is_empty()
    }

    /// Restores what was cleared last, or everything if it was cleared before this panel opened.
    pub(super) fn undo_clear(&mut self) -> Vec<Effect> {
        let unannounced = self.unannounced();
        let effects = self.put_back();
        self.refresh();
        self.announced_but(&unannounced);
        // The empty list could not keep the keyboard.
        self.nudges.focus_list = true;
        effects
    }

    fn put_back(&mut self) -> Vec<Effect> {
        // The notice about the live session may still be there when a saved one is opened.
        let saved = self.imported.as_mut();
        if let Some(saved) = saved.filter(|it| it.cleared != Cleared::default()) {
            saved.cleared = Cleared::default();
            self.options_revision += 1;
            return Vec::new();
        }
        if self.imported.is_some() && self.clearing.before.is_none() {
            return Vec::new();
        }
        let before = self.clearing.before.take().unwrap_or_default();
        self.loads.put_back(&before);
        self.notices.withdraw(&Action::UndoClear);
        if self.imported.is_some() {
            let text = "The live session shows what was cleared again";
            let action = Some(Action::SwitchSession);
            self.notices.done(self.seconds(), text, action);
        }
        self.clearing_changed()
    }

    fn clearing_changed(&mut self) -> Vec<Effect> {
        self.options_revision += 1;
        self.follows = true;
        let tabs: Vec<Tab> = self.windows.iter().copied().collect();
        let windows = tabs.into_iter().map(|tab| {
            self.loads.listen_to(tab);
            Effect::SendTo(tab, self.say_cleared())
        });
        let mut effects: Vec<Effect> = windows.collect();
        self.loads.listen_to(Tab::OPENER);
        effects.push(Effect::Send(self.say_cleared()));
        effects
    }

    /// Handles a recorder's answer, which says until when the list is cleared. Returns what to tell
    /// the recorder instead; it keeps that for panels that open later.
    pub(super) fn hear_cleared(
        &mut self,
        is_known: bool,
        through: Option<f64>,
    ) -> Option<FromPanel> {
        let through = through.map(Millis);
        if !is_known {
            self.loads.learn_cleared(through);
            self.options_revision += 1;
        }
        (self.loads.cleared_through() != through).then(|| self.say_cleared())
    }

    fn say_cleared(&self) -> FromPanel {
        FromPanel::SetCleared {
            through: self.loads.cleared_through().map(|at| at.0),
        }
    }

    /// The number of messages in the shown session, not counting cleared ones.
    pub(crate) fn message_count(&self) -> u64 {
        let all = self.shown().session().message_count() as u64;
        all.saturating_sub(self.shown().rows().cleared())
    }
}
