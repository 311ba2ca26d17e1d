//! `cargo xtask lint`: finds errors without running the product.

use anyhow::Result;

use crate::fuzz;
use crate::process;
use crate::setup;
use crate::step::Parts;
use crate::workspace::Workspace;

mod layers;
mod named_tests;
mod packages;
mod purity;
mod sources;

/// Checks formatting, lints (for the native and the wasm target), layers, that the tests named in
/// documents exist, and the packages that Callscope uses: licenses, sources, advisories, and
/// whether any is unused.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// The crates that run in the browser; their `edge` compiles only for WebAssembly.
const WASM_PACKAGES: &[&str] = &[
    "callscope-browser-bench",
    "callscope-content-script",
    "callscope-extension",
    "callscope-panel",
    "callscope-sdk-page",
];

/// Runs every check, even if one fails.
///
/// # Errors
///
/// Fails if a check failed.
pub(crate) fn run(_args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    setup::wasm_target(&workspace)?;
    setup::components(&workspace)?;

    let mut parts = Parts::default();
    parts.run("rustfmt", || {
        process::run(process::cargo(&workspace.root).args(["fmt", "--all", "--check"]))?;
        process::run(
            process::cargo(&workspace.root)
                .args(["fmt", "--check", "--manifest-path"])
                .arg(fuzz::manifest(&workspace)),
        )
    });
    parts.run("layers", || layers::check(&workspace));
    parts.run("purity", || purity::check(&workspace));
    parts.run("named tests", || named_tests::check(&workspace));
    packages::check(&workspace, &mut parts);
    parts.run("clippy, native", || {
        clippy(&workspace, &["--workspace", "--all-targets"])
    });
    parts.run("clippy, wasm32", || {
        let mut args = vec!["--target=wasm32-unknown-unknown"];
        args.extend(
            WASM_PACKAGES
                .iter()
                .flat_map(|package| ["--package", package]),
        );
        clippy(&workspace, &args)
    });
    parts.run("clippy, fuzz targets", || {
        process::run(
            process::cargo(&workspace.root)
                .args(["clippy", "--keep-going", "--manifest-path"])
                .arg(fuzz::manifest(&workspace))
                .arg("--target-dir")
                .arg(fuzz::build_folder(&workspace))
                // Nothing is linked, so the fuzzing engine need not be compiled.
                .env(
                    "CUSTOM_LIBFUZZER_PATH",
                    fuzz::build_folder(&workspace).join("libfuzzer.a"),
                )
                .args(["--", "--deny=warnings"]),
        )
    });
    parts.finish()
}

fn clippy(workspace: &Workspace, args: &[&str]) -> Result<()> {
    process::run(
        process::cargo(&workspace.root)
            // A crate that fails must not hide the errors of others.
            .args(["clippy", "--keep-going"])
            .args(args)
            .args(["--", "--deny=warnings"]),
    )
}
