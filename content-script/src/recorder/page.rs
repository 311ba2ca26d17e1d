//! What the recorder needs of the page it runs in.

use callscope_bus::{Post, SettingText, ToPanel, ToTap};

use super::PanelId;

/// The browser's side of the recorder; a test puts something simpler here.
pub(crate) trait Page {
    /// Whether the page is hidden at the moment.
    fn is_hidden(&self) -> bool;

    /// Sends to a panel, if it is still there.
    fn send(&mut self, panel: PanelId, message: &ToPanel);

    /// Posts a message from this document.
    ///
    /// # Errors
    ///
    /// A sentence for the user: what happened and what to do.
    fn post(&mut self, post: &Post) -> Result<(), String>;

    /// Hands something to the content script in another document, by Chrome's name of it;
    /// [`Recorder::on_post_answer`](super::Recorder::on_post_answer) gets the answer.
    fn forward(&mut self, panel: PanelId, request: u32, document: &str, message: &ToTap);

    /// Starts the content script in the frames of this origin in the tab, where the extension may.
    fn start_frames(&mut self, origin: &str);

    /// A JSON text as the page's own `JSON.stringify` would write the same value; `None` if it is
    /// not JSON.
    fn canonical(&self, json: &str) -> Option<String>;

    /// A key of localStorage.
    ///
    /// # Errors
    ///
    /// A sentence for the user: what happened and what to do.
    fn setting(&self, key: &str) -> Result<Option<String>, String>;

    /// Sets or removes a key of localStorage.
    ///
    /// # Errors
    ///
    /// A sentence for the user: what happened and what to do.
    fn set_setting(&mut self, setting: &SettingText) -> Result<(), String>;

    /// Reloads the page, after what was sent is on its way.
    fn reload(&mut self);

    /// The iframes of the document.
    fn frames(&self) -> Vec<PageFrame>;
}

/// An iframe as the page's own elements show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageFrame {
    /// Its index in `window.frames`, if it has a window.
    pub(crate) index: Option<u32>,
    /// The origin of its `src`.
    pub(crate) origin: String,
    /// Whether it has the id that the SDK gives its iframe.
    pub(crate) sdk: bool,
}
