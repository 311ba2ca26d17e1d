//! `cargo xtask softphone`: builds a softphone in Rust as a page that any server can serve.
//!
//! It is the example of `crates/sdk-page`; the browser tests run it under the published SDK.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::dist::bindgen::{self, Mode, Names, Stage};
use crate::dist::output::{self, Output};
use crate::step::{UP_TO_DATE, step};
use crate::workspace::Workspace;
use crate::{process, setup};

/// Builds a softphone in Rust, based on crates/sdk-page, as a page: dist/softphone/.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// The name of the example and of the module built from it.
const NAME: &str = "softphone";

/// The page. Its script starts when the module is loaded.
const PAGE: &str = "<!doctype html>
<meta charset=\"utf-8\">
<title>Softphone</title>
<p>A softphone in Rust: it takes every call up.</p>
<script type=\"module\">
  import start from './softphone.js';
  await start({ module_or_path: './softphone_bg.wasm' });
</script>
";

/// Installs what the build needs, then builds.
///
/// # Errors
///
/// Fails with a next step if a tool is missing or the code does not build.
pub(crate) fn run(_args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    let folder = build(&workspace)?;
    eprintln!("\nPage  {}", folder.join("index.html").display());
    Ok(())
}

/// Builds the page and returns its folder.
///
/// # Errors
///
/// As for [`run`].
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    setup::wasm_target(workspace)?;
    let _lock = output::lock(workspace)?;
    step("Compile the softphone in Rust", |_| compile(workspace))?;
    let folder = workspace.dist().join(NAME);
    step("Bind it to the browser", |remark| {
        let (glue, wasm) = (format!("{NAME}.js"), format!("{NAME}_bg.wasm"));
        let stage = bound(workspace, remark)?;
        let mut output = Output::default();
        output.add("index.html", PAGE);
        output.add(&glue, read(&stage.join(&glue))?);
        output.add(&wasm, read(&stage.join(&wasm))?);
        output.write_to(&folder)?;
        Ok(())
    })?;
    Ok(folder)
}

fn compile(workspace: &Workspace) -> Result<()> {
    process::run(process::cargo(&workspace.root).args([
        "build",
        "--package=callscope-sdk-page",
        "--example",
        NAME,
        "--target=wasm32-unknown-unknown",
    ]))
}

/// Runs wasm-bindgen on the module and returns the folder with its output.
fn bound(workspace: &Workspace, remark: &mut String) -> Result<PathBuf> {
    let folder = workspace.target.join("wasm32-unknown-unknown/debug");
    let wasm = folder.join(format!("examples/{NAME}.wasm"));
    let stage = Stage::new(folder.join("stage").join(NAME), bindgen::SOURCE.to_owned());
    let ran = stage.refresh(&wasm, |folder| {
        bindgen::generate(&wasm, NAME, (Mode::Web, Names::Kept), folder)
    })?;
    if !ran {
        remark.push_str(UP_TO_DATE);
    }
    Ok(stage.folder().to_owned())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
