//! The room that DevTools give the panel, and what becomes of the panel in it.

use std::cell::Cell;
use std::path::Path;

use callscope_browser::{BrowserError, DevTools, Look, wait_for};
use serde_json::json;

use crate::pages::LIMIT;
use crate::panel::Panel;

/// The panel in a DevTools window whose size can be changed.
#[derive(Debug)]
pub struct Room<'a> {
    devtools: &'a DevTools,
    panel: &'a Panel,
    /// The height of DevTools' own tabs, which are above the panel.
    tabs: Cell<u32>,
}

impl<'a> Room<'a> {
    /// The panel as it is.
    #[must_use]
    pub fn new(devtools: &'a DevTools, panel: &'a Panel) -> Self {
        Self {
            devtools,
            panel,
            tabs: Cell::new(0),
        }
    }

    /// Gives the panel this size in CSS pixels, and DevTools this zoom, one of those that the browser
    /// has: a dense screen looks the same to the panel.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if DevTools give it another size.
    pub fn give(&self, width: u32, height: u32, zoom: f64) -> Result<(), BrowserError> {
        self.devtools.zoom(zoom)?;
        let what = format!("a panel of {width} by {height} at {zoom}");
        wait_for(&what, LIMIT, || {
            let front_end = self.devtools.front_end();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small number"
            )]
            let pixels = |css: u32| (f64::from(css) * zoom).round() as u32;
            front_end.resize(pixels(width), pixels(height + self.tabs.get()), 1.0)?;
            let seen: (u32, u32, f64) = self.panel.target().evaluate(
                "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
                    .then(() => [innerWidth, innerHeight, devicePixelRatio])",
            )?;
            if seen.0 == width && seen.1 != height {
                self.tabs
                    .set((self.tabs.get() + height).saturating_sub(seen.1));
            }
            Ok(Look::at(seen == (width, height, zoom), format!("{seen:?}")))
        })
    }

    /// The names of the panel's views, for [`show`](Self::show).
    ///
    /// # Errors
    ///
    /// What a driven browser can do.
    pub fn views(&self) -> Result<Vec<String>, BrowserError> {
        self.panel
            .target()
            .evaluate("JSON.parse(callscopePanel.views())")
    }

    /// Shows a view.
    ///
    /// # Errors
    ///
    /// What a driven browser can do.
    pub fn show(&self, view: &str) -> Result<(), BrowserError> {
        self.panel
            .perform(&json!({ "do": "show-view", "view": view }))
    }

    /// What cannot be read or reached in what is shown now, in sentences.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if the panel does not draw.
    pub fn problems(&self) -> Result<Vec<String>, BrowserError> {
        // The first answer may be about a frame from before.
        self.next_problems()?;
        self.next_problems()
    }

    fn next_problems(&self) -> Result<Vec<String>, BrowserError> {
        let mut problems = Vec::new();
        wait_for("the panel to look at itself", LIMIT, || {
            let found: Option<Vec<String>> = self.panel.target().evaluate(
                "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
                    .then(() => JSON.parse(callscopePanel.layout() ?? 'null'))",
            )?;
            let is_there = found.is_some();
            problems = found.unwrap_or_default();
            Ok(Look::at(is_there, "nothing is drawn"))
        })?;
        Ok(problems)
    }

    /// Saves a PNG of the panel, without DevTools around it.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Io`] if the file cannot be written.
    pub fn picture(&self, path: &Path) -> Result<(), BrowserError> {
        let (width, height): (f64, f64) =
            self.panel.target().evaluate("[innerWidth, innerHeight]")?;
        let top = f64::from(self.tabs.get());
        let part = [0.0, top, width, height];
        self.devtools.front_end().screenshot_of(part, path)
    }
}
