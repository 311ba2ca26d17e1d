//! Everything a test needs: the demo, a Chromium with the extension, and DevTools with the panel.

use std::path::{Path, PathBuf};
use std::{fs, io};

use callscope_browser::{Browser, BrowserError, DevTools, DevToolsPlace, LaunchOptions, Target};
use callscope_demo::Demo;
use tempfile::TempDir;

use crate::pages::{Pages, launch_options};
use crate::panel::Panel;

/// The panel's title in DevTools.
pub const PANEL_TITLE: &str = "Callscope";

/// The panel's page in the extension.
pub const PANEL_PAGE: &str = "panel.html";

/// The variable with the folder of the unpacked extension; `dist/extension` if not set.
pub const EXTENSION_VARIABLE: &str = "CALLSCOPE_EXTENSION";

/// The demo's pages with DevTools open.
///
/// The fields are dropped in order, so the browser is closed before the server that it uses.
#[derive(Debug)]
pub struct Stage {
    /// The panel.
    pub panel: Panel,
    /// The DevTools window with the panel.
    pub devtools: DevTools,
    /// Host and widget.
    pub pages: Pages,
    /// Chromium.
    pub browser: Browser,
    /// The server.
    pub demo: Demo,
}

impl Stage {
    /// Opens the demo with these parameters in a headless Chromium, and DevTools once host and
    /// widget have shaken hands.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn open(demo: Demo, parameters: &str) -> Result<Self, BrowserError> {
        let browser = Self::browser(&demo)?;
        let pages = Pages::open(&browser, &demo, parameters)?;
        pages.wait_for_handshake()?;
        Self::around(demo, browser, pages)
    }

    /// A headless Chromium with the extension, without pages.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn browser(demo: &Demo) -> Result<Browser, BrowserError> {
        Browser::launch(&LaunchOptions {
            extension: Some(extension()),
            // A whole view fits, so that everything in it can be clicked.
            devtools_place: DevToolsPlace::Window,
            ..launch_options(demo)
        })
    }

    /// Opens DevTools for pages that are already open.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn around(demo: Demo, browser: Browser, pages: Pages) -> Result<Self, BrowserError> {
        let (devtools, panel) = open_panel(&browser, &pages)?;
        Ok(Self {
            panel,
            devtools,
            pages,
            browser,
            demo,
        })
    }

    /// Opens the host's page with other parameters in the same tab, as a user would, and waits for
    /// the handshake.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn go(&mut self, parameters: &str) -> Result<(), BrowserError> {
        self.pages
            .host
            .navigate(&self.demo.host_url_with(parameters))?;
        self.meet()?;
        self.pages.wait_for_handshake()
    }

    /// Finds the widget's frame again after the host's page was replaced.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn meet(&mut self) -> Result<(), BrowserError> {
        self.pages.widget = self
            .browser
            .frame(&self.pages.host, &self.demo.widget_url())?;
        Ok(())
    }
}

/// Opens DevTools for the host's page and shows the panel.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn open_panel(browser: &Browser, pages: &Pages) -> Result<(DevTools, Panel), BrowserError> {
    open_panel_of(browser, &pages.host)
}

/// Opens DevTools for a tab's page and shows the panel.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn open_panel_of(browser: &Browser, page: &Target) -> Result<(DevTools, Panel), BrowserError> {
    let devtools = browser.devtools_of(page)?;
    devtools.show_panel(browser.extension_id()?, PANEL_TITLE)?;
    let panel = Panel::started(browser.panel(&devtools, PANEL_PAGE)?)?;
    Ok((devtools, panel))
}

/// The folder of the unpacked extension.
#[must_use]
pub fn extension() -> PathBuf {
    std::env::var_os(EXTENSION_VARIABLE).map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../dist/extension"),
        PathBuf::from,
    )
}

/// A copy of the unpacked extension that a test may change; dropping it removes it.
///
/// # Errors
///
/// The files cannot be read or written.
pub fn copy_of_extension() -> io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    copy_folder(&extension(), folder.path())?;
    Ok(folder)
}

/// Copies a folder with everything in it; the target is created where it does not exist.
///
/// # Errors
///
/// The files cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
