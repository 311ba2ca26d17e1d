//! The space that DevTools gives the panel, and whether everything in the panel fits.

use std::cell::Cell;
use std::path::Path;

use callscope_browser::{BrowserError, DevTools, Poll, wait_for};
use serde_json::json;

use crate::pages::LIMIT;
use crate::panel::Panel;

/// The panel in a DevTools window that can be resized.
#[derive(Debug)]
pub struct Room<'a> {
    devtools: &'a DevTools,
    panel: &'a Panel,
    /// The height of DevTools' own tabs above the panel.
    tabs: Cell<u32>,
}

impl<'a> Room<'a> {
    /// The panel at its present size.
    #[must_use]
    pub fn new(devtools: &'a DevTools, panel: &'a Panel) -> Self {
        Self {
            devtools,
            panel,
            tabs: Cell::new(0),
        }
    }

    /// Gives the panel this size in CSS pixels, and DevTools this zoom, which must be one that the
    /// browser offers; to the panel, a dense screen looks the same.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if DevTools gives it another size.
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
            Ok(Poll::at(seen == (width, height, zoom), format!("{seen:?}")))
        })
    }

    /// The names of the panel's views, for [`show`](Self::show).
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn views(&self) -> Result<Vec<String>, BrowserError> {
        self.panel
            .target()
            .evaluate("JSON.parse(callscopePanel.views())")
    }

    /// Shows a view.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn show(&self, view: &str) -> Result<(), BrowserError> {
        self.panel
            .perform(&json!({ "do": "show-view", "view": view }))
    }

    /// What cannot be read or reached in what is shown now, as sentences.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if the panel does not draw.
    pub fn problems(&self) -> Result<Vec<String>, BrowserError> {
        // The first answer may be for an earlier frame.
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
            Ok(Poll::at(is_there, "nothing is drawn"))
        })?;
        Ok(problems)
    }

    /// Saves a PNG of the panel without the DevTools around it.
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
