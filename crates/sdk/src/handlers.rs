//! Which `eventHandlers` key receives a message.

use callscope_protocol::MessageType;

/// The key of the handler for messages that no other handler receives.
pub const DEFAULT_HANDLER: &str = "defaultEventHandler";

/// The handlers of a message, as keys of `eventHandlers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handlers {
    /// The first of these that exists runs in any case; for every failure message. The original
    /// only looks for `FAILED`, which nobody writes, and never for `onFailed` (pitfall D13).
    pub failure: &'static [&'static str],
    /// The first of these and [`DEFAULT_HANDLER`] that exists runs.
    pub named: [&'static str; 2],
}

/// Names of handlers in HubSpot's documents that the original never calls: pitfall D35.
const OTHER_NAMES: [(MessageType, &str); 2] = [
    (
        MessageType::CreateEngagementFailed,
        "onEngagementCreatedFailed",
    ),
    (MessageType::CallerIdMatchFailed, "onCalledIdMatchFailed"),
];

impl Handlers {
    /// The handlers of a type; for a type outside the catalogue, only the default one.
    #[must_use]
    pub fn of(type_name: &str) -> Self {
        let known = MessageType::from_name(type_name);
        let named = known
            .and_then(|kind| kind.spec().handler)
            .unwrap_or(DEFAULT_HANDLER);
        let other = OTHER_NAMES
            .iter()
            .find(|(kind, _)| Some(*kind) == known)
            .map_or(DEFAULT_HANDLER, |(_, name)| *name);
        let failure: &[&str] = if type_name.ends_with("_FAILED") {
            &["FAILED", "onFailed"]
        } else {
            &[]
        };
        Self {
            failure,
            named: [named, other],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_handler_of_the_catalogue_is_called() {
        for &kind in MessageType::ALL {
            let expected = kind.spec().handler.unwrap_or(DEFAULT_HANDLER);
            assert_eq!(Handlers::of(kind.name()).named[0], expected, "{kind}");
        }
    }

    #[test]
    fn failures_have_a_second_handler() {
        let failed = Handlers::of("CREATE_ENGAGEMENT_FAILED");
        assert_eq!(failed.failure, ["FAILED", "onFailed"]);
        assert_eq!(
            failed.named,
            ["onCreateEngagementFailed", "onEngagementCreatedFailed"]
        );
        let of_itself = Handlers::of("FAILED");
        assert_eq!(of_itself.failure, [""; 0]);
        assert_eq!(of_itself.named[0], "onFailed");
    }
}
