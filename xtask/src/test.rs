//! `cargo xtask test`: runs all tests.

use std::path::Path;

use anyhow::Result;

use crate::step::Parts;
use crate::workspace::Workspace;
use crate::{dist, fuzz, npm, process, setup, softphone};

mod browser;

/// Tests everything: units, properties, the panel, fuzz targets, and the extension in a real
/// browser.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only this part.
    #[arg(long, value_enum)]
    only: Option<Part>,

    /// Passed on to the test programs, such as a part of the name of a test or fuzz target.
    #[arg(last = true)]
    filter: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// All tests that need no browser.
    Unit,
    /// The fuzz targets, a fixed number of runs each.
    Fuzz,
    /// The tests in a real browser.
    E2e,
}

/// The program's tests that need a browser; they are next to it, and other test runs skip them.
/// With the whole workspace's features, as for the unit tests, so that only the program is compiled
/// again, with the extension inside.
const RECORD_TESTS: &[&str] = &[
    "--workspace",
    "--exclude",
    browser::PACKAGE,
    "--test",
    "record",
    "--test",
    "conform",
];

/// The absolute path of the unpacked extension.
const EXTENSION_VARIABLE: &str = "CALLSCOPE_EXTENSION";

/// The absolute path of the folder installed by npm, which includes the published SDKs.
const NODE_MODULES_VARIABLE: &str = "CALLSCOPE_NODE_MODULES";

/// Does the setup, builds, then runs every part, even if one fails.
///
/// # Errors
///
/// Fails if a part did.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    let wants = |part| args.only.is_none_or(|only| only == part);

    let mut parts = Parts::default();
    let mut chromium = None;
    let built = parts.run("set-up and build", || {
        if wants(Part::E2e) {
            chromium = Some(setup::chromium()?);
            dist::build(&workspace)?;
            npm::build(&workspace)?;
            softphone::build(&workspace)?;
        }
        Ok(())
    });
    if wants(Part::Unit) {
        parts.run("unit, property and panel tests", || {
            cargo_test(
                &workspace,
                &["--workspace", "--exclude", browser::PACKAGE],
                &args.filter,
                &[],
            )
        });
    }
    if wants(Part::Fuzz) {
        parts.run("fuzz targets", || fuzz::run(&workspace, &args.filter));
    }
    if wants(Part::E2e) {
        match chromium {
            Some(chromium) if built => {
                let variables = [
                    (setup::CHROMIUM_VARIABLE, chromium),
                    (EXTENSION_VARIABLE, workspace.extension()),
                    (NODE_MODULES_VARIABLE, workspace.node_modules()),
                    (dist::program::EMBED_VARIABLE, workspace.extension()),
                ];
                let variables = variables
                    .each_ref()
                    .map(|(name, path)| (*name, path.as_path()));
                let mut repeated = Vec::new();
                parts.run("browser tests", || {
                    repeated = browser::run(&workspace, &args.filter, &variables)?;
                    Ok(())
                });
                if !repeated.is_empty() {
                    let names = repeated.join(", ");
                    parts.remark(&format!("{names} passed only at the second attempt"));
                }
                parts.run("browser tests of callscope record and conform", || {
                    let mut filter = args.filter.clone();
                    filter.push("--ignored".to_owned());
                    cargo_test(&workspace, RECORD_TESTS, &filter, &variables)
                });
            }
            _ => parts.skip("browser tests", "the extension was not built"),
        }
    }
    parts.finish()
}

fn cargo_test(
    workspace: &Workspace,
    packages: &[&str],
    filter: &[String],
    variables: &[(&str, &Path)],
) -> Result<()> {
    let mut cargo = process::cargo(&workspace.root);
    // A failing test program must not hide the results of others.
    cargo
        .args(["test", "--no-fail-fast"])
        .args(packages)
        .arg("--")
        .args(filter);
    cargo.envs(variables.iter().copied());
    process::run(&mut cargo)
}
