//! The id of the next message.

use callscope_protocol::{Conversation, ConversationId, Fact, Message, MessageType, Side};
use callscope_session_view::SessionView;
use callscope_session_view::composer::mint_message_id;

use super::{Compose, Surroundings};

impl Compose {
    pub(super) fn next_message_id(&mut self, around: Surroundings<'_>) -> String {
        let target = self.target(around);
        self.message_id(around, target)
    }

    pub(super) fn message_id(
        &mut self,
        around: Surroundings<'_>,
        target: Option<&Conversation>,
    ) -> String {
        let Some(target) = target else {
            return String::new();
        };
        if self.from == Side::Widget
            && self.ty == MessageType::SyncAck
            && let Some(id) = last_sync_id(around.source, target.id)
        {
            // An answer has the id of the request.
            return id;
        }
        if let Some((id, from, message_id)) = &self.message_id
            && (*id, *from) == (target.id, self.from)
        {
            return message_id.clone();
        }
        let host = target.host_instance.as_deref();
        let widget = target.widget_instance.as_deref();
        let (sender, receiver) = match self.from {
            Side::Host => (host, widget),
            Side::Widget => (widget, host),
        };
        let message_id = mint_message_id(sender, receiver, around.now);
        if sender.is_some() || self.text.is_some() {
            self.message_id = Some((target.id, self.from, message_id.clone()));
        }
        message_id
    }
}

/// The messageId of the last `SYNC` of a conversation.
fn last_sync_id(source: &SessionView, conversation: ConversationId) -> Option<String> {
    let mut facts = source.session().facts().iter().rev();
    facts.find_map(|placed| match &placed.fact {
        Fact::Message(recorded)
            if recorded.conversation == conversation
                && recorded.from == Side::Host
                && source.digest(placed.id)?.known == Some(MessageType::Sync) =>
        {
            Some(
                Message::decode(&recorded.message)
                    .message_id()?
                    .into_owned(),
            )
        }
        _ => None,
    })
}
