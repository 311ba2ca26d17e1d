//! The DevTools window of a page.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use crate::target::read;
use crate::wait::{Poll, wait_for};
use crate::{Browser, BrowserError, Target, TargetInfo};

/// DevTools that inspect one page.
#[derive(Clone, Debug)]
pub struct DevTools {
    front_end: Target,
}

impl DevTools {
    pub(crate) fn open(browser: &Browser, page: &Target) -> Result<Self, BrowserError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Opened {
            target_id: Option<String>,
        }
        let ask = |method: &str| {
            let params = json!({ "targetId": page.info().id });
            let answer = browser.call(method, &params)?;
            read::<Opened>(method, answer)
        };
        let open = match ask("Target.getDevToolsTarget") {
            Ok(Opened {
                target_id: Some(id),
            }) => Some(id),
            Ok(Opened { target_id: None }) => ask("Target.openDevTools")?.target_id,
            // Chromium is older than these commands (spring 2025): use the DevTools that it opened
            // by itself, which is right as long as there is one tab.
            Err(BrowserError::Refused { .. }) => None,
            Err(error) => return Err(error),
        };
        let front_end = browser.wait_for_target("DevTools to open", |target| match &open {
            Some(id) => target.id == *id,
            None => is_front_end(target),
        })?;
        Ok(Self { front_end })
    }

    /// The page that draws DevTools, which shows what the user sees.
    #[must_use]
    pub fn front_end(&self) -> &Target {
        &self.front_end
    }

    /// Brings an extension's panel to the front, by the title that it was created with.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if the extension has not created it.
    pub fn show_panel(&self, extension_id: &str, title: &str) -> Result<(), BrowserError> {
        // DevTools names a panel by the extension's origin and the panel's title.
        self.show_view(&format!("chrome-extension://{extension_id}{title}"))
    }

    /// Brings a view to the front by its name in DevTools' own modules, such as `console`.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if there is no such view.
    pub fn show_view(&self, name: &str) -> Result<(), BrowserError> {
        let view = json!(name);
        let script = format!(
            "(async () => {{
                const ui = await import('devtools://devtools/bundled/ui/legacy/legacy.js');
                const views = ui.ViewManager.ViewManager.instance();
                if (!views.hasView({view})) return 'DevTools without it';
                await views.showView({view});
                return '';
            }})()"
        );
        let what = format!("the view {name} of DevTools");
        wait_for(&what, self.front_end.limit(), || {
            let missing: String = self.front_end.evaluate(&script)?;
            Ok(Poll::at(missing.is_empty(), missing))
        })
    }

    /// Zooms DevTools, as a user can: to one of the browser's own steps, such as 1, 1.25 or 2.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if the browser has no such step.
    pub fn zoom(&self, zoom: f64) -> Result<(), BrowserError> {
        let step = format!(
            "(() => {{
                const host = globalThis.InspectorFrontendHost;
                if (devicePixelRatio < {zoom}) host.zoomIn();
                if (devicePixelRatio > {zoom}) host.zoomOut();
                return devicePixelRatio;
            }})()"
        );
        wait_for(&format!("a zoom of {zoom}"), self.front_end.limit(), || {
            let seen: f64 = self.front_end.evaluate(&step)?;
            Ok(Poll::at((seen - zoom).abs() < 0.01, seen.to_string()))
        })
    }

    /// Saves a PNG of DevTools.
    ///
    /// # Errors
    ///
    /// As for [`Target::screenshot`].
    pub fn screenshot(&self, path: &Path) -> Result<(), BrowserError> {
        self.front_end.screenshot(path)
    }
}

fn is_front_end(target: &TargetInfo) -> bool {
    target.kind != "tab"
        && target
            .url
            .starts_with("devtools://devtools/bundled/devtools_app.html")
}
