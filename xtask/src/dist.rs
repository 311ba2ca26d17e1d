//! `cargo xtask dist`: builds the extension, and the program that includes it.
//!
//! `dist/extension/` is complete after every run and can be loaded unpacked; a file is written only
//! if it has changed, and files that no longer belong there are removed. The zip has the same
//! files, but no `key` in the manifest, plus the licenses.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::setup::{self, NodeTools};
use crate::step::{UP_TO_DATE, step};
use crate::workspace::Workspace;

pub(crate) mod bindgen;
mod inside;
mod listener;
pub(crate) mod lowered;
mod manifest;
pub(crate) mod notices;
pub(crate) mod output;
pub(crate) mod panel;
pub(crate) mod program;
mod zip_file;

pub(crate) use bindgen::Names;
use manifest::Audience;
use output::Output;

/// Builds dist/extension, to be loaded unpacked, a zip of it for a store, and dist/callscope, which
/// includes it.
///
/// The zip and dist/licenses contain the licenses of everything that is linked in.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail if a script or the panel is larger than its budget.
    #[arg(long)]
    budget: bool,

    /// Build only the extension, not the callscope program.
    #[arg(long)]
    no_program: bool,

    /// Keep the names of the panel's functions, for a profiler; the next build removes them.
    #[arg(long, conflicts_with = "budget")]
    names: bool,
}

/// The most bytes of each built file: its size plus a few percent, so that growth is noticed. The
/// panel and the simulator are loaded from disk, and half of the panel is its drawing code; the
/// other two run in pages.
const BUDGET: &[(&str, u64)] = &[
    (listener::FILE, 6_000),
    (lowered::CONTENT_SCRIPT.file, 305_000),
    (panel::WASM_FILE, 7_150_000),
    (lowered::SIMULATOR.file, 900_000),
];

/// Does the setup that building needs, then builds.
///
/// # Errors
///
/// Fails with a next step if a tool is missing, or the code does not build.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    let names = if args.names {
        Names::Kept
    } else {
        Names::Dropped
    };
    build_with(&workspace, names)?;
    if args.budget {
        check_budget(&workspace.extension())?;
    }
    let program = if args.no_program {
        None
    } else {
        let program = program::build(&workspace)?;
        write_licenses(&workspace)?;
        Some(program)
    };
    eprintln!("\nExtension  {}", workspace.extension().display());
    if let Some(program) = program {
        eprintln!("Program    {}", program.display());
    }
    Ok(())
}

/// Does the setup, then builds the extension into `dist/`.
///
/// # Errors
///
/// Fails with a next step if a tool is missing, or the code does not build.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    build_with(workspace, Names::Dropped)
}

/// Like [`build`], with or without the names of the panel's functions.
///
/// # Errors
///
/// As for [`build`].
pub(crate) fn build_with(workspace: &Workspace, names: Names) -> Result<()> {
    setup::wasm_target(workspace)?;
    let tools = NodeTools::install(workspace)?;
    // Two simultaneous builds would write the same files.
    let _lock = output::lock(workspace)?;

    let mut output = Output::default();
    lowered::build(workspace, &tools, &mut output)?;
    listener::build(workspace, &tools, &mut output)?;
    inside::build(workspace, &tools, &mut output)?;
    panel::build(workspace, &tools, names, &mut output)?;
    step("Pages, icons and manifest", |_| {
        output.add_folder(&workspace.root.join("extension/static"))?;
        let mut simulator = Output::default();
        simulator.add_folder(&workspace.root.join("simulator/pages"))?;
        output.add_all("simulator", simulator);
        output.add(
            "manifest.json",
            manifest::text(workspace, Audience::Developer)?,
        );
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
        zip_file::write(&for_store(workspace, &output)?, &zip)
    })
}

/// The extension in the form for a store, with the licenses of everything in it.
fn for_store(workspace: &Workspace, extension: &Output) -> Result<Output> {
    let mut output = extension.clone();
    output.add("manifest.json", manifest::text(workspace, Audience::Store)?);
    let licenses = notices::files(workspace, &[&notices::EXTENSION])?;
    output.add_all("licenses", licenses);
    Ok(output)
}

/// Writes the licenses of everything in the program, including the extension, next to it.
fn write_licenses(workspace: &Workspace) -> Result<()> {
    let folder = workspace.dist().join("licenses");
    step(&workspace.shown(&folder).to_string(), |remark| {
        let licenses = notices::files(workspace, &[&notices::EXTENSION, &notices::PROGRAM])?;
        if licenses.write_to(&folder)? == 0 {
            remark.push_str(UP_TO_DATE);
        }
        Ok(())
    })
}

/// Prints the sizes and fails for files over budget.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read as _;

    use serde_json::Value;

    use super::*;

    /// The files in the zip, as a store reads them.
    fn unzip(file: &Path) -> BTreeMap<String, String> {
        let mut zip = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
        (0..zip.len())
            .map(|index| {
                let mut entry = zip.by_index(index).unwrap();
                let mut text = String::new();
                entry.read_to_string(&mut text).unwrap();
                (entry.name().unwrap().into_owned(), text)
            })
            .collect()
    }

    #[test]
    fn the_zip_is_what_a_store_takes() {
        let workspace = Workspace::find().unwrap();
        let developers = manifest::text(&workspace, Audience::Developer).unwrap();
        let mut extension = Output::default();
        extension.add("worker.js", "work()");
        extension.add("manifest.json", developers.as_str());

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("callscope.zip");
        zip_file::write(&for_store(&workspace, &extension).unwrap(), &file).unwrap();
        let files = unzip(&file);

        let mut expected: Value = serde_json::from_str(&developers).unwrap();
        let key = expected.as_object_mut().unwrap().shift_remove("key");
        assert!(key.is_some_and(|key| key.is_string()));
        let manifest: Value = serde_json::from_str(&files["manifest.json"]).unwrap();
        assert_eq!(manifest, expected);
        assert_eq!(files["worker.js"], "work()");

        for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let own = std::fs::read_to_string(workspace.root.join(name)).unwrap();
            assert_eq!(files[&format!("licenses/{name}")], own);
        }
        let third_party = &files["licenses/THIRD-PARTY.txt"];
        assert!(third_party.contains("\n  egui ") && third_party.contains("\n  wasm-bindgen "));
        let standard = &files["licenses/RUST-STANDARD-LIBRARY.html"];
        assert!(standard.contains("The Rust Standard Library"));
    }
}
