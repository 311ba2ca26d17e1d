//! The panel's end of the port.

use callscope_bus::RecorderInfo;

use crate::event::Page;

/// Whether there is a recorder to talk to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Connection {
    /// The panel runs outside DevTools: there is no page to inspect.
    Detached,
    /// A port is being opened.
    #[default]
    Connecting,
    /// The recorder has answered.
    Attached(RecorderInfo),
    /// No recorder answers in the page.
    Absent(Page),
    /// The recorder belongs to another build of the extension.
    Outdated(String),
}

impl Connection {
    pub(crate) const fn is_attached(&self) -> bool {
        matches!(self, Self::Attached(_))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use callscope_bus::DocumentId;

    use super::*;

    /// The answer of a recorder.
    pub(crate) fn info() -> RecorderInfo {
        RecorderInfo {
            recorder: DocumentId("r1".to_owned()),
            page: "https://app.hubspot.com/contacts".to_owned(),
            user_agent: "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0"
                .to_owned(),
            was_discarded: false,
            from_start: true,
        }
    }
}
