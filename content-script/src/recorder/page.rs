//! What the recorder needs of its page.

use callscope_bus::{Post, SettingText, ToPanel, ToTap};

use super::PanelId;

/// The recorder's interface to the browser; tests use a simpler one.
pub(crate) trait Page {
    /// Whether the page is hidden at the moment.
    fn is_hidden(&self) -> bool;

    /// Sends a message to a panel, if that is still there.
    fn send(&mut self, panel: PanelId, message: &ToPanel);

    /// Posts a message from this document.
    ///
    /// # Errors
    ///
    /// A sentence for the user: what happened and what to do.
    fn post(&mut self, post: &Post) -> Result<(), String>;

    /// Forwards a message to the content script in another document, by Chrome's id;
    /// [`Recorder::on_post_answer`](super::Recorder::on_post_answer) receives the answer.
    fn forward(&mut self, panel: PanelId, request: u32, document: &str, message: &ToTap);

    /// Starts the content script in the tab's frames of this origin, if the extension is allowed
    /// to.
    fn start_frames(&mut self, origin: &str);

    /// A JSON text as the page's own `JSON.stringify` would write the value; `None` if it is not
    /// valid JSON.
    fn canonical(&self, json: &str) -> Option<String>;

    /// The value of a key in localStorage.
    ///
    /// # Errors
    ///
    /// A sentence for the user: what happened and what to do.
    fn setting(&self, key: &str) -> Result<Option<String>, String>;

    /// Sets or removes a key in localStorage.
    ///
    /// # Errors
    ///
    /// A sentence for the user: what happened and what to do.
    fn set_setting(&mut self, setting: &SettingText) -> Result<(), String>;

    /// Reloads the page, after sent messages are on their way.
    fn reload(&mut self);

    /// The iframes of the document.
    fn frames(&self) -> Vec<PageFrame>;
}

/// An iframe according to the page's elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageFrame {
    /// Its index in `window.frames`, if it has a window.
    pub(crate) index: Option<u32>,
    /// The origin of its `src`.
    pub(crate) origin: String,
    /// Whether it has the id of the SDK's iframe.
    pub(crate) sdk: bool,
}
