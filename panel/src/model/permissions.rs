//! The origins where the extension may listen, as far as the browser has been asked.

use std::collections::HashMap;

use callscope_bus::FrameInfo;

use super::Model;

/// The browser's answers about origins from which no tap has reported.
///
/// A frame without a tap may simply have been silent, or its tap may not get through; only the
/// browser knows whether a permission is missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Permissions {
    /// Whether the extension may listen in the origin; `None` until the browser has answered.
    known: HashMap<String, Option<bool>>,
}

impl Permissions {
    /// Whether the user has to grant permission for this origin.
    pub(crate) fn is_missing(&self, origin: &str) -> bool {
        self.known.get(origin) == Some(&Some(false))
    }

    /// The origins of frames to ask the browser about; they count as asked from now on.
    pub(crate) fn unasked(&mut self, frames: &[FrameInfo]) -> Vec<String> {
        let mut origins = Vec::new();
        for FrameInfo { origin, tapped, .. } in frames {
            if !tapped && can_be_asked_for(origin) && !self.known.contains_key(origin) {
                self.known.insert(origin.clone(), None);
                origins.push(origin.clone());
            }
        }
        origins
    }

    /// Handles the browser's answer.
    pub(crate) fn learn(&mut self, origin: String, granted: bool) {
        self.known.insert(origin, Some(granted));
    }

    /// Forgets missing permissions: on a new page, they may have been granted.
    pub(crate) fn forget_missing(&mut self) {
        self.known.retain(|_, granted| *granted == Some(true));
    }
}

/// Whether the manifest lets the extension ask for this origin.
fn can_be_asked_for(origin: &str) -> bool {
    origin.starts_with("https://")
}

impl Model {
    /// Origins of widgets that Callscope lacks permission for.
    pub(crate) fn origins_to_permit(&self) -> Vec<String> {
        if self.imported.is_some() || !self.connection.is_attached() {
            return Vec::new();
        }
        let frames = self.status.iter().flat_map(|status| &status.frames);
        let mut origins: Vec<String> = frames
            .filter(|frame| frame.widget && !frame.tapped)
            .filter(|frame| self.permissions.is_missing(&frame.origin))
            .map(|frame| frame.origin.clone())
            .collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// Whether the browser is being asked for permission for this origin.
    pub(crate) fn is_asking(&self, origin: &str) -> bool {
        self.asking.contains(origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(origin: &str, tapped: bool) -> FrameInfo {
        FrameInfo {
            origin: origin.to_owned(),
            tapped,
            widget: true,
        }
    }

    #[test]
    fn the_browser_is_asked_once_and_its_word_counts() {
        let mut permissions = Permissions::default();
        let frames = [
            frame("https://a.test", false),
            frame("https://a.test", false),
            frame("https://b.test", true),
            frame("http://c.test", false),
        ];
        assert_eq!(permissions.unasked(&frames), ["https://a.test"]);
        assert!(!permissions.is_missing("https://a.test"));
        assert!(permissions.unasked(&frames).is_empty());
        permissions.learn("https://a.test".to_owned(), false);
        assert!(permissions.is_missing("https://a.test"));
        permissions.forget_missing();
        assert_eq!(permissions.unasked(&frames), ["https://a.test"]);
        permissions.learn("https://a.test".to_owned(), true);
        permissions.forget_missing();
        assert!(!permissions.is_missing("https://a.test"));
        assert!(permissions.unasked(&frames).is_empty());
    }
}
