//! What the page benches share: the contenders, each with its own Chromium.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use callscope_browser::{Browser, DevTools, LaunchOptions, Target};
use callscope_bus::WELCOME_PAGE;
use callscope_demo::PlainSite;
use callscope_e2e::{PANEL_PAGE, PANEL_TITLE, Panel};

use super::figures::{median, ratio};
use super::{pages, processes};
use crate::dist::{self, Names};
use crate::setup::{self, NodeTools};
use crate::step::step;
use crate::stop::Stop;
use crate::workspace::Workspace;

/// How long to wait for a browser to answer or become idle.
pub(crate) const LIMIT: Duration = Duration::from_mins(2);

/// The extension with blank panels.
const BLANK: &str = "xtask/src/bench/blank-panel";

/// What a page is measured together with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Contender {
    /// No extension, no DevTools: the baseline.
    None,
    /// Callscope, without DevTools.
    Closed,
    /// Callscope with its panel open in DevTools.
    Open,
    /// Another extension, without a content script, whose blank panel is open in DevTools: the cost
    /// of DevTools itself.
    Blank,
    /// Like [`Self::Blank`], with a panel that only fills itself with a color ten times a second.
    Drawing,
    /// No extension; the SDK's debugMode with the DevTools console open.
    DebugMode,
}

impl Contender {
    /// Its name in a table.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::None => "no extension",
            Self::Closed => "Callscope, panel closed",
            Self::Open => "Callscope, panel open",
            Self::Blank => "a blank panel open",
            Self::Drawing => "a blank panel that draws 10 times a second",
            Self::DebugMode => "the SDK's debugMode, console open",
        }
    }

    /// The folder of its extension.
    fn extension(self, workspace: &Workspace) -> Option<PathBuf> {
        match self {
            Self::None | Self::DebugMode => None,
            Self::Closed | Self::Open => Some(workspace.extension()),
            Self::Blank | Self::Drawing => Some(workspace.root.join(BLANK)),
        }
    }

    /// The title and the page of its open panel.
    fn panel(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::None | Self::Closed | Self::DebugMode => None,
            Self::Open => Some((PANEL_TITLE, PANEL_PAGE)),
            Self::Blank => Some(("Blank", "blank.html")),
            Self::Drawing => Some(("Drawing", "drawing.html")),
        }
    }
}

/// What a bench needs to open browsers.
pub(crate) struct Stage {
    pub(crate) workspace: Workspace,
    pub(crate) site: PlainSite,
    stop: Stop,
    chromium: PathBuf,
}

impl Stage {
    /// Does the setup, builds the extension unless `no_build`, with or without the names of the
    /// panel's functions for a profile, and measures until Ctrl-C.
    ///
    /// # Errors
    ///
    /// Fails with a next step if something is missing or the code does not build; passes on the
    /// error of `measure`.
    pub(crate) fn set(
        (no_build, names): (bool, Names),
        measure: impl FnOnce(&Self) -> Result<()>,
    ) -> Result<()> {
        let workspace = Workspace::find()?;
        let stop = Stop::on_ctrl_c()?;
        let chromium = setup::chromium()?;
        if no_build {
            NodeTools::install(&workspace)?;
        } else {
            dist::build_with(&workspace, names)?;
        }
        let stage = Self {
            site: pages::serve(&workspace)?,
            workspace,
            stop,
            chromium,
        };
        let result = measure(&stage);
        let result = stage.stop.unless_stopped(result);
        stage.stop.settle();
        result
    }

    /// The address of the host's page, whose widget is on another site.
    pub(crate) fn host_url(&self, contender: Contender) -> String {
        let query = match contender {
            Contender::DebugMode => "?debug-mode",
            _ => "",
        };
        format!("http://localhost:{}/host.html{query}", self.site.port())
    }

    /// Starts a Chromium with one tab.
    ///
    /// Each browser has one contender, because extensions cannot be removed while it runs.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub(crate) fn launch(
        &self,
        extension: Option<&Path>,
        extra_arguments: &[OsString],
    ) -> Result<(Arc<Browser>, Target)> {
        let browser = Arc::new(Browser::launch(&LaunchOptions {
            chromium: Some(self.chromium.clone()),
            extension: extension.map(Path::to_owned),
            extension_without: vec![WELCOME_PAGE.to_owned()],
            extra_arguments: extra_arguments.to_vec(),
            time_limit: LIMIT,
            ..LaunchOptions::default()
        })?);
        self.stop.closes(&browser);
        let page = browser.first_page()?;
        Ok((browser, page))
    }

    /// Starts a contender's Chromium with the host's page, and with DevTools if the contender has
    /// them.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub(crate) fn open(&self, contender: Contender) -> Result<Seat> {
        step(&format!("Open Chromium: {}", contender.label()), |_| {
            let extension = contender.extension(&self.workspace);
            let (browser, page) = self.launch(extension.as_deref(), &[])?;
            page.navigate(&self.host_url(contender))?;
            let devtools = match contender {
                Contender::None | Contender::Closed => None,
                _ => Some(browser.devtools_of(&page)?),
            };
            let mut panel = None;
            let mut drawing = None;
            if let Some(devtools) = &devtools {
                if let Some((title, page)) = contender.panel() {
                    devtools.show_panel(browser.extension_id()?, title)?;
                    let target = browser.panel(devtools, page)?;
                    match contender {
                        Contender::Open => panel = Some(Panel::started(target)?),
                        Contender::Drawing => drawing = Some(target),
                        _ => {}
                    }
                } else {
                    devtools.show_view("console")?;
                }
            }
            let seat = Seat {
                contender,
                page,
                devtools,
                panel,
                drawing,
                browser,
            };
            seat.wait_until_idle(&[])?;
            Ok(seat)
        })
    }
}

/// The results of each seat, in the order of the seats, one for each round.
pub(crate) struct Measured<R> {
    pub(crate) seats: Vec<Seat>,
    runs: Vec<Vec<R>>,
}

impl<R> Measured<R> {
    /// Opens the contenders and lets them take turns, so that other work on the machine affects all
    /// of them; `measure` returns its results, and a summary in words.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser, and those of `measure`.
    pub(crate) fn in_turn(
        stage: &Stage,
        contenders: &[Contender],
        rounds: u16,
        measure: impl Fn(&Seat) -> Result<(R, String)>,
    ) -> Result<Self> {
        let seats = contenders
            .iter()
            .map(|contender| stage.open(*contender))
            .collect::<Result<Vec<_>>>()?;
        let mut runs: Vec<Vec<R>> = seats.iter().map(|_| Vec::new()).collect();
        for round in 1..=rounds {
            step(&format!("Round {round} of {rounds}"), |remark| {
                let mut gists = Vec::new();
                for (seat, runs) in seats.iter().zip(&mut runs) {
                    let label = seat.contender.label();
                    let (run, gist) =
                        measure(seat).with_context(|| format!("measuring {label}"))?;
                    gists.push(format!("{label}: {gist}"));
                    runs.push(run);
                }
                *remark = gists.join("; ");
                Ok(())
            })?;
        }
        Ok(Self { seats, runs })
    }

    /// Each contender with its results.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Contender, &[R])> {
        let contenders = self.seats.iter().map(|seat| seat.contender);
        contenders.zip(self.runs.iter().map(Vec::as_slice))
    }

    /// The median of a contender's results, and as text its ratio to the baseline.
    pub(crate) fn figure(&self, runs: &[R], value: fn(&R) -> f64) -> (f64, String) {
        let values = |runs: &[R]| runs.iter().map(value).collect::<Vec<f64>>();
        let own = values(runs);
        let mut rows = self.rows();
        let base = rows.find(|(contender, _)| *contender == Contender::None);
        let ratio = ratio(&own, base.map(|(_, runs)| values(runs)).as_deref());
        (median(own), ratio)
    }
}

/// A contender's browser, tab and panel.
pub(crate) struct Seat {
    pub(crate) contender: Contender,
    pub(crate) page: Target,
    devtools: Option<DevTools>,
    pub(crate) panel: Option<Panel>,
    /// The panel that draws, if there is one.
    drawing: Option<Target>,
    pub(crate) browser: Arc<Browser>,
}

impl Seat {
    /// Reloads the host's page, waits for the handshake with the widget, and returns the widget's
    /// frame.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub(crate) fn shake_hands(&self, stage: &Stage) -> Result<Target> {
        self.page.navigate(&stage.host_url(self.contender))?;
        self.page
            .wait_until::<bool>("the handshake", "bench.ready")?;
        // A separate target means a separate process.
        let widget = format!("http://127.0.0.1:{}/", stage.site.port());
        Ok(self.browser.frame(&self.page, &widget)?)
    }

    /// Starts or stops drawing in the panel that draws, if there is one.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub(crate) fn draw(&self, on: bool) -> Result<()> {
        if let Some(drawing) = &self.drawing {
            drawing.evaluate::<f64>(&format!("drawing({on})"))?;
        }
        Ok(())
    }

    /// Waits until page, panel, DevTools and these frames have done everything they put off.
    ///
    /// # Errors
    ///
    /// They do not become idle.
    pub(crate) fn wait_until_idle(&self, frames: &[&Target]) -> Result<()> {
        let mut targets = vec![&self.page];
        targets.extend(frames);
        targets.extend(self.panel.as_ref().map(Panel::target));
        targets.extend(self.devtools.as_ref().map(DevTools::front_end));
        processes::wait_until_idle(&self.browser, &targets)
    }
}
