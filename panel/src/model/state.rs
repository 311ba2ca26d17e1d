//! The contents of the State view: the machines of a conversation at the selected message, or now.

use std::rc::Rc;

use callscope_protocol::ConversationId;
use callscope_session_view::machines::Machines;

use super::Model;
use super::cached::Cached;

/// What the contents depend on.
type Key = (u64, Option<u64>, Option<ConversationId>);

/// The state of the State view.
#[derive(Debug, Default)]
pub(crate) struct StateState(Cached<Key, StateData>);

/// The contents of the State view.
#[derive(Debug, Default)]
pub(crate) struct StateData {
    /// `None` if there is no conversation.
    pub(crate) machines: Option<Machines>,
    /// The selected entry: its time and name.
    pub(crate) at: Option<String>,
}

impl Model {
    /// The contents of the State view.
    pub(crate) fn state_data(&mut self) -> Rc<StateData> {
        let of_bar = self.bar_conversation().map(|it| it.id);
        let key = (self.shown().session().revision(), self.selected, of_bar);
        let mut cached = std::mem::take(&mut self.state);
        let data = cached.0.get(key, || self.state_at(of_bar));
        self.state = cached;
        data
    }

    fn state_at(&self, of_bar: Option<ConversationId>) -> StateData {
        let source = self.shown();
        let selected = self.selected.and_then(|id| source.find(id));
        let message = selected.and_then(|(_, placed)| placed.message());
        let id = message.map(|recorded| recorded.conversation).or(of_bar);
        let position = selected.map(|(position, _)| position);
        let at = selected.map(|(_, placed)| {
            let time = self.offset.time_of_day(placed.fact.at());
            match placed.message() {
                Some(recorded) => {
                    let named = source.named(recorded.seq);
                    format!("{time} {} {named}", recorded.from.name())
                }
                None => time,
            }
        });
        StateData {
            machines: id.and_then(|id| Machines::new(source, id, position)),
            at,
        }
    }
}
