//! Which frames HubSpot syncs with, worked out over all conversations.

use std::collections::HashMap;

use super::Checker;
use crate::{ConversationId, Millis};

impl Checker {
    /// Records that the host has synced with the frame of this conversation, which also covers the
    /// pages that were in the frame before.
    pub(super) fn sync_frame(&mut self, id: ConversationId) {
        let mut earlier = self.continued(id);
        while let Some(tracked) = earlier.and_then(|id| self.conversations.get_mut(&id)) {
            // If this one is already marked, so are those before it.
            if !tracked.state.sync_standing() {
                break;
            }
            earlier = tracked.state.view.continues;
        }
        self.tell_standings();
    }

    fn continued(&self, id: ConversationId) -> Option<ConversationId> {
        self.conversations.get(&id)?.state.view.continues
    }

    /// Determines anew, for all conversations, whether their frames are strangers.
    ///
    /// A page is identified by its origin, because no log says which document is which. So the host
    /// of a frame inside a widget is identified by the widget's origin.
    pub(super) fn tell_standings(&mut self) {
        let mut synced: HashMap<String, Millis> = HashMap::new();
        for tracked in self.conversations.values() {
            let Some(until) = tracked.state.synced_until() else {
                continue;
            };
            let view = &tracked.state.view;
            for origin in [&view.host_origin, &view.widget_origin]
                .into_iter()
                .flatten()
            {
                match synced.get_mut(origin) {
                    Some(latest) if *latest >= until => {}
                    Some(latest) => *latest = until,
                    None => _ = synced.insert(origin.clone(), until),
                }
            }
        }
        for tracked in self.conversations.values_mut() {
            let host = tracked.state.view.host_origin.as_ref();
            let until = host.and_then(|host| synced.get(host)).copied();
            tracked.state.tell_standing(until);
        }
    }
}
