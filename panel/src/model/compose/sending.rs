//! Sending the message, and changing it with what the session knows.

use callscope_bus::FromPanel;
use callscope_live::Tab;
use callscope_protocol::Side;

use super::{Compose, SendOutcome, Surroundings};
use crate::event::Effect;
use crate::model::{Model, Request};

impl Model {
    /// Changes the Compose draft using what the session knows.
    pub(in crate::model) fn change_draft<R>(
        &mut self,
        change: impl FnOnce(&mut Compose, Surroundings<'_>) -> R,
    ) -> R {
        let mut compose = std::mem::take(&mut self.compose);
        let result = change(&mut compose, self.surroundings());
        self.compose = compose;
        result
    }

    pub(in crate::model) fn send_draft(&mut self, anyway: bool) -> Vec<Effect> {
        let outgoing = self.change_draft(|compose, around| compose.outgoing(around, anyway));
        let Some(outgoing) = outgoing else {
            return Vec::new();
        };
        let Some(conversation) = self.loads.own_number(outgoing.conversation) else {
            let reason = "The page of this conversation is gone".to_owned();
            self.compose.outcome = Some(SendOutcome::Failed { reason });
            return Vec::new();
        };
        self.compose.outcome = Some(SendOutcome::Sending);
        let request = self.request(Request::Inject {
            message_id: outgoing.message_id,
            from: outgoing.from,
        });
        let message = FromPanel::Inject {
            request,
            conversation,
            by_widget: outgoing.from == Side::Widget,
            message: outgoing.message,
        };
        let tab = self.loads.tab_of(outgoing.conversation);
        vec![match tab.filter(|tab| *tab != Tab::OPENER) {
            Some(tab) => Effect::SendTo(tab, message),
            None => Effect::Send(message),
        }]
    }
}
