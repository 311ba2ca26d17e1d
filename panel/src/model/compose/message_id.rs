//! The id of the next message.

use callscope_protocol::{Conversation, ConversationId, Fact, Message, MessageType, Side};
use callscope_session_view::SessionView;
use callscope_session_view::composer::mint_message_id;

use super::{Compose, Surroundings};

/// An id, and what it was made for: it is that of no other message.
#[derive(Debug)]
pub(super) struct MadeId {
    /// Another page may have a conversation of the same number, with other instances.
    purpose: Purpose,
    message_id: String,
}

#[derive(Debug, PartialEq)]
struct Purpose {
    conversation: ConversationId,
    from: Side,
    sender: Option<String>,
    receiver: Option<String>,
}

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
            && self.entered.ty == MessageType::SyncAck
            && let Some(id) = last_sync_id(around.source, target.id)
        {
            // An answer has the id of the request.
            return id;
        }
        let host = target.host_instance.clone();
        let widget = target.widget_instance.clone();
        let (sender, receiver) = match self.from {
            Side::Host => (host, widget),
            Side::Widget => (widget, host),
        };
        let purpose = Purpose {
            conversation: target.id,
            from: self.from,
            sender,
            receiver,
        };
        if let Some(made) = &self.message_id
            && made.purpose == purpose
        {
            return made.message_id.clone();
        }
        let Purpose {
            sender, receiver, ..
        } = &purpose;
        let message_id = mint_message_id(sender.as_deref(), receiver.as_deref(), around.now);
        if sender.is_some() || self.entered.text.is_some() {
            self.message_id = Some(MadeId {
                purpose,
                message_id: message_id.clone(),
            });
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
