//! What can be done with a call. Its name is the session's to give: with several conversations, the
//! call's number alone does not say which it is.

use callscope_protocol::CallId;

use super::Action;

impl Action {
    /// Follows a call.
    pub(crate) const fn follow(id: CallId) -> Self {
        Self::FollowCall {
            conversation: id.conversation.0,
            call: id.serial,
        }
    }

    /// The same with its label, for the call of this name.
    pub(crate) fn follow_named(id: CallId, name: &str) -> (String, Self) {
        (format!("Follow {name}"), Self::follow(id))
    }

    /// Asks what to compare the call of this name with, with the label.
    pub(crate) fn compare_named(id: CallId, name: &str) -> (String, Self) {
        let action = Self::CompareCallWith {
            conversation: id.conversation.0,
            call: id.serial,
        };
        (format!("Compare {name} with…"), action)
    }
}
