//! `cargo xtask test`: runs all tests.

use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::step::Parts;
use crate::workspace::Workspace;
use crate::{dist, fuzz, npm, process, setup, softphone};

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

/// The package of the browser tests, which use the variables below, and its folder of tests.
const E2E_PACKAGE: &str = "callscope-e2e";
const E2E_TESTS: &str = "e2e/tests";

/// The program's tests that need a browser; they are next to it, and other test runs skip them.
/// With the whole workspace's features, as for the unit tests, so that only the program is compiled
/// again, with the extension inside.
const RECORD_TESTS: &[&str] = &[
    "--workspace",
    "--exclude",
    E2E_PACKAGE,
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
                &["--workspace", "--exclude", E2E_PACKAGE],
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
                parts.run("browser tests", || {
                    // With the whole workspace's features, as above.
                    let mut packages = vec!["--workspace"];
                    let tests = browser_tests(&workspace)?;
                    packages.extend(tests.iter().flat_map(|name| ["--test", name]));
                    cargo_test(&workspace, &packages, &args.filter, &variables)
                });
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

/// The names of the browser tests' programs.
fn browser_tests(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.root.join(E2E_TESTS);
    let entries = fs::read_dir(&folder)
        .and_then(Iterator::collect::<io::Result<Vec<DirEntry>>>)
        .with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names: Vec<String> = (entries.iter().map(DirEntry::path))
        .filter(|it| it.extension().is_some_and(|it| it == "rs") || it.join("main.rs").is_file())
        .filter_map(|it| it.file_stem()?.to_str().map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
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
