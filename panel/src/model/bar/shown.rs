//! Which conversation the bar is about, and what it says of it besides the conversation itself.

use callscope_protocol::{Conversation, Link};
use callscope_session_view::overdue;

use super::{BarData, awaits_handshake};
use crate::model::Model;

impl Model {
    /// The conversation that the bar shows: the chosen one, otherwise that of the selected message,
    /// otherwise the newest one that is alive.
    pub(crate) fn bar_conversation(&self) -> Option<&Conversation> {
        let source = self.shown();
        let session = source.session();
        let selected = || {
            let (_, placed) = source.find(self.selected?)?;
            Some(placed.message()?.conversation)
        };
        let chosen = self
            .chosen_conversation
            .and_then(|it| session.conversation(it));
        chosen
            .or_else(|| selected().and_then(|it| session.conversation(it)))
            .or_else(|| {
                session.conversations().max_by(|a, b| {
                    let lives = |it: &Conversation| !matches!(it.link, Link::Closed { .. });
                    // However much a stranger says, the bar is about the widget.
                    (b.is_strangers().cmp(&a.is_strangers()))
                        .then(lives(a).cmp(&lives(b)))
                        .then(a.last_at.0.total_cmp(&b.last_at.0))
                })
            })
    }

    /// What the bar would show about a conversation.
    pub(in crate::model) fn bar_of(&self, all: &[&Conversation], it: &Conversation) -> BarData {
        let now = self.shown_now();
        let mut data = BarData::new(all, it, now, self.shown().session().why_not_ready(it.id));
        let is_live = self.imported.is_none();
        if is_live && !it.is_strangers() && self.loads.is_in_closed_window(it.id) {
            data.tell_closed_window();
        } else if is_live && now.is_some_and(|now| awaits_handshake(it, now)) {
            data.await_handshake();
        }
        data
    }

    /// What the bar shows about it.
    pub(crate) fn bar_data(&self) -> Option<BarData> {
        let source = self.shown();
        let shown = self.bar_conversation()?;
        let all: Vec<&Conversation> = source.session().conversations().collect();
        let now = self.shown_now();
        let mut data = self.bar_of(&all, shown);
        let overdue = now.and_then(|now| overdue::dial(source, shown.id, now));
        if let Some(overdue) = overdue.filter(|_| self.imported.is_none()) {
            let cause = source.session().why_unanswered(shown.id, overdue.request);
            data.trouble = Some(super::unanswered_dial(overdue, cause));
        }
        let is_about_link = matches!(
            shown.link,
            Link::Syncing { .. } | Link::Failed { .. } | Link::Ready { .. }
        );
        if let Some(trouble) = &mut data.trouble
            && (is_about_link || overdue.is_some())
        {
            trouble.severity = super::severity(source, shown, trouble);
            if trouble.is_unexplained
                && is_about_link
                && let Some(entry) = super::first_error(source, shown)
            {
                trouble.point_to_error(&entry);
            }
        }
        if self.imported.is_none() {
            let origin = shown.widget_origin.as_ref();
            data.sees_inside = origin.map(|origin| self.sees_inside().contains(origin));
            if let (Some(false), Some(trouble)) = (data.sees_inside, &mut data.trouble) {
                trouble.point_to_eye();
            }
        }
        Some(data)
    }
}
