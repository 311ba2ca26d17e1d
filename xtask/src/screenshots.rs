//! `cargo xtask screenshots`: pictures of every view of the panel, with a check that everything can
//! be read and reached.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use callscope_browser::{Browser, DevToolsPlace, LaunchOptions, Theme};
use callscope_demo::{Demo, DemoOptions, serve};
use callscope_e2e::{Pages, Room, open_panel, play};
use serde_json::json;

use crate::step::step;
use crate::stop::Stop;
use crate::workspace::Workspace;
use crate::{dist, setup};

mod moments;
mod others;

use moments::moments;

/// Takes pictures of every view of the panel with the demo's scripted session, in both themes and
/// at three widths; fails if texts overlap or are cut off, or something is out of reach.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Also update the pictures in docs/images.
    #[arg(long)]
    docs: bool,

    /// Use dist/extension as it is.
    #[arg(long)]
    no_build: bool,

    /// Where to save the pictures.
    #[arg(long, value_name = "DIR", default_value = "target/screenshots")]
    out: PathBuf,
}

/// Docked to the side, docked to the bottom of a small screen, in a window.
const SIZES: [(u32, u32); 3] = [(300, 640), (800, 480), (1280, 800)];

const THEMES: [(Theme, &str); 2] = [(Theme::Light, "light"), (Theme::Dark, "dark")];

/// The pictures used in the documents, by the names of those taken.
const DOCUMENTED: [(&str, &str); 8] = [
    ("simulator-trouble-light", "simulator-trouble"),
    ("scenario-by-hand-light", "scenario-by-hand"),
    ("scenario-failed-light", "scenario-failed"),
    ("simulator-light", "simulator"),
    ("simulator-dark", "simulator-dark"),
    ("devtools-light", "panel"),
    ("devtools-dark", "panel-dark"),
    ("timeline-light-300", "panel-narrow"),
];

/// Does the setup, builds, takes the pictures and checks.
///
/// # Errors
///
/// Fails with a next step if something is missing, or with everything that cannot be read or
/// reached.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    let stop = Stop::on_ctrl_c()?;
    let chromium = setup::chromium()?;
    if args.no_build {
        setup::NodeTools::install(&workspace)?;
    } else {
        dist::build(&workspace)?;
    }
    stop.unless_stopped(Ok(()))?;
    let out = workspace.root.join(&args.out);
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let demo = serve(DemoOptions {
        port: None,
        node_modules: workspace.node_modules(),
        own_sdk: None,
    })?;
    let stage = Stage {
        workspace,
        demo,
        chromium,
        stop,
    };
    let result = stage.take_all(&out);
    let result = stage.stop.unless_stopped(result);
    stage.stop.settle();
    let problems = result?;
    eprintln!("{}", stage.workspace.shown(&out));
    if args.docs {
        for (taken, documented) in DOCUMENTED {
            let to = stage.workspace.root.join("docs/images").join(documented);
            let from = out.join(taken).with_extension("png");
            let to = to.with_extension("png");
            fs::copy(&from, &to).with_context(|| format!("cannot write {}", to.display()))?;
        }
    }
    if !problems.is_empty() {
        bail!("not all can be read and reached:\n{}", problems.join("\n"));
    }
    Ok(())
}

/// What is needed for taking pictures.
struct Stage {
    workspace: Workspace,
    demo: Demo,
    chromium: PathBuf,
    stop: Stop,
}

impl Stage {
    /// Takes all pictures; returns what cannot be read or reached.
    fn take_all(&self, out: &Path) -> Result<Vec<String>> {
        let mut problems = Vec::new();
        for (theme, name) in THEMES {
            step(&format!("Pictures, {name}"), |_| {
                problems.extend(self.take(theme, name, out)?);
                Ok(())
            })?;
        }
        Ok(problems)
    }

    fn take(&self, theme: Theme, theme_name: &str, out: &Path) -> Result<Vec<String>> {
        let browser = Arc::new(Browser::launch(&LaunchOptions {
            chromium: Some(self.chromium.clone()),
            extension: Some(self.workspace.extension()),
            trusted_keys: vec![self.demo.spki_hash().to_owned()],
            theme,
            devtools_place: DevToolsPlace::Window,
            window: (1280, 800),
            ..LaunchOptions::default()
        })?);
        self.stop.closes(&browser);
        let pages = Pages::open(&browser, &self.demo, "")?;
        let (devtools, panel) = open_panel(&browser, &pages)?;
        play(&pages, &panel, |_| {})?;
        let picture = |name: &str| out.join(format!("{name}.png"));
        devtools.screenshot(&picture(&format!("devtools-{theme_name}")))?;

        let themed = |name: &str| picture(&format!("{name}-{theme_name}"));
        others::take_simulator(&browser, &self.demo, &themed)?;
        others::take_scenario(&browser, &self.demo, &themed)?;
        others::take_pages(&browser, &themed)?;

        let room = Room::new(&devtools, &panel);
        let mut problems = Vec::new();
        for (width, height) in SIZES {
            room.give(width, height, 1.0)?;
            for view in room.views()? {
                room.show(&view)?;
                let name = format!("{view}-{theme_name}-{width}");
                let found = room.problems()?.into_iter();
                problems.extend(found.map(|it| format!("{name}: {it}")));
                room.picture(&picture(&name))?;
            }
            let name = format!("settings-{theme_name}-{width}");
            let show = |overlay| json!({ "do": "show-overlay", "overlay": overlay });
            panel.perform(&show(Some("settings")))?;
            let found = room.problems()?.into_iter();
            problems.extend(found.map(|it| format!("{name}: {it}")));
            room.picture(&picture(&name))?;
            panel.perform(&show(None))?;
            for moment in moments() {
                moment.come(&panel)?;
                let name = format!("{}-{theme_name}-{width}", moment.name);
                let found = room.problems()?.into_iter();
                problems.extend(found.map(|it| format!("{name}: {it}")));
                room.picture(&picture(&name))?;
            }
        }
        Ok(problems)
    }
}
