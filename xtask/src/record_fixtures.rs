//! `cargo xtask record-fixtures`: records the sessions in `fixtures/` again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use callscope_browser::{Browser, LaunchOptions};
use callscope_bus::WELCOME_PAGE;
use callscope_demo::{DemoOptions, serve};
use callscope_e2e::Recorder;
use callscope_fixtures::{Scenario, readme, scenarios};

use crate::step::step;
use crate::stop::Stop;
use crate::workspace::Workspace;
use crate::{dist, setup};

/// Records the sessions in fixtures/ again, from the published SDKs in a real browser.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Record only the sessions whose path contains this text, such as widget-0.2.1 or M15.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,

    /// Use dist/extension as it is.
    #[arg(long)]
    no_build: bool,
}

/// The demo's port, so that the origins are the same in every log.
const PORT: u16 = 9026;

/// Does the setup, builds, plays and writes.
///
/// # Errors
///
/// Fails with a next step if something is missing, or with the sessions in which a step did not
/// happen; the others are written.
pub(crate) fn run(args: &Args) -> Result<()> {
    let wanted: Vec<Scenario> = scenarios()
        .into_iter()
        .filter(|it| {
            args.only
                .as_ref()
                .is_none_or(|part| it.path().contains(part))
        })
        .collect();
    if wanted.is_empty() {
        bail!("no session has this in its path; fixtures/README.md lists them");
    }
    let workspace = Workspace::find()?;
    let stop = Stop::on_ctrl_c()?;
    let chromium = setup::chromium()?;
    if args.no_build {
        setup::NodeTools::install(&workspace)?;
    } else {
        dist::build(&workspace)?;
    }
    stop.unless_stopped(Ok(()))?;
    let result = record(&workspace, chromium, &wanted, &stop);
    stop.settle();
    result
}

fn record(
    workspace: &Workspace,
    chromium: PathBuf,
    wanted: &[Scenario],
    stop: &Stop,
) -> Result<()> {
    let demo = serve(DemoOptions {
        port: Some(PORT),
        node_modules: workspace.node_modules(),
        own_sdk: None,
    })?;
    let folder = workspace.root.join("fixtures");
    write(&folder.join("README.md"), &readme())?;
    let opened = step("Open Chromium", |_| {
        let browser = Arc::new(Browser::launch(&LaunchOptions {
            chromium: Some(chromium),
            extension: Some(workspace.extension()),
            extension_without: vec![WELCOME_PAGE.to_owned()],
            trusted_keys: vec![demo.spki_hash().to_owned()],
            ..LaunchOptions::default()
        })?);
        stop.closes(&browser);
        Ok(Recorder::start(demo, browser)?)
    });
    let mut recorder = stop.unless_stopped(opened)?;
    let mut failed = Vec::new();
    for scenario in wanted {
        let result = step(&scenario.path(), |_| {
            let log = recorder.record(scenario)?;
            write(&folder.join(scenario.path()), &log)
        });
        stop.unless_stopped(Ok(()))?;
        if let Err(error) = result {
            eprintln!("  {error:#}");
            failed.push(scenario.path());
        }
    }
    if !failed.is_empty() {
        bail!("not recorded: {}", failed.join(", "));
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
