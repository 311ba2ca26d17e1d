//! `cargo xtask dist`: builds the extension, and the program that carries it.
//!
//! `dist/extension/` is complete after every run and loads unpacked; a file is written only if it
//! changed, and what no longer belongs there is removed.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::setup::{self, NodeTools};
use crate::step::step;
use crate::workspace::Workspace;

mod bindgen;
pub(crate) mod lowered;
mod manifest;
mod output;
pub(crate) mod panel;
pub(crate) mod program;
mod zip_file;

use output::Output;

/// Builds dist/extension, to be loaded unpacked, a zip of it, and dist/callscope with it inside.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail if the content script or the panel is larger than it may be.
    #[arg(long)]
    budget: bool,

    /// Build only the extension, not the callscope program.
    #[arg(long)]
    no_program: bool,
}

/// The most bytes that a built file may have.
const BUDGET: &[(&str, u64)] = &[
    (lowered::CONTENT_SCRIPT.file, 250_000),
    (panel::WASM_FILE, 4_500_000),
];

/// Does the set-up that building needs, then builds.
///
/// # Errors
///
/// Fails with a next step if a tool is missing, or the code does not build.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    build(&workspace)?;
    if args.budget {
        check_budget(&workspace.extension())?;
    }
    let program = if args.no_program {
        None
    } else {
        Some(program::build(&workspace)?)
    };
    eprintln!("\nExtension  {}", workspace.extension().display());
    if let Some(program) = program {
        eprintln!("Program    {}", program.display());
    }
    Ok(())
}

/// Builds the extension into `dist/`, with the set-up before it.
///
/// # Errors
///
/// Fails with a next step if a tool is missing, or the code does not build.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    setup::wasm_target(workspace)?;
    let tools = NodeTools::install(workspace)?;
    // Two builds at once would write the same files.
    let _lock = output::lock(workspace)?;

    let mut output = Output::default();
    lowered::build(workspace, &tools, &mut output)?;
    panel::build(workspace, &mut output)?;
    step("Pages, icons and manifest", |_| {
        output.add_folder(&workspace.root.join("extension/static"))?;
        output.add("manifest.json", manifest::with_version(workspace)?);
        Ok(())
    })?;
    step("dist/extension", |remark| {
        let written = output.write_to(&workspace.extension())?;
        let total = output.files().len();
        *remark = format!("{written} of {total} files changed");
        Ok(())
    })?;
    let zip = workspace
        .dist()
        .join(format!("callscope-{}.zip", workspace.version));
    step(&workspace.shown(&zip).to_string(), |_| {
        zip_file::write(&output, &zip)
    })
}

/// Prints the sizes and refuses what is too large.
fn check_budget(extension: &Path) -> Result<()> {
    let mut over = Vec::new();
    for &(file, most) in BUDGET {
        let path = extension.join(file);
        let size = path
            .metadata()
            .with_context(|| format!("no {}", path.display()))?
            .len();
        let most_kb = most / 1000;
        eprintln!(
            "{file:<18} {:>6.1} kB of {most_kb} kB",
            size as f64 / 1000.0
        );
        if size > most {
            over.push(file);
        }
    }
    if !over.is_empty() {
        bail!("larger than it may be: {}", over.join(", "));
    }
    Ok(())
}
