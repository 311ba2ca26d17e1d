//! Content script, worker and simulator: Rust, lowered to one classic JavaScript file each.
//!
//! If a content script needs WebAssembly, it does not start on a page whose policy forbids that,
//! and starts late on all others. The worker must register its listeners while its script runs.
//! Plain JavaScript has neither problem, so the module is translated: with wasm-bindgen, then
//! wasm-opt, which reduces it to what wasm2js understands, wasm2js, and esbuild to bundle it into
//! one file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::bindgen::{self, Mode, Names, Stage};
use super::output::Output;
use crate::process;
use crate::setup::NodeTools;
use crate::step::{UP_TO_DATE, step};
use crate::workspace::Workspace;

mod data;
mod memory;
mod names;

/// A crate that is built into a script.
pub(crate) struct Script {
    pub(crate) package: &'static str,
    pub(crate) library: &'static str,
    /// The script's name in the extension.
    pub(crate) file: &'static str,
    /// A JavaScript condition under which the script does nothing, not even set itself up.
    pub(crate) unless: Option<&'static str>,
}

/// Runs in the frames of the inspected page that receive calling-extension traffic, and in its top
/// frame.
pub(crate) const CONTENT_SCRIPT: Script = Script {
    package: "callscope-content-script",
    library: "callscope_content_script",
    file: callscope_bus::CONTENT_SCRIPT,
    // Chrome is asked to run it wherever it may be missing.
    unless: Some("globalThis.callscope?.started?.()"),
};

/// The extension's service worker.
pub(crate) const WORKER: Script = Script {
    package: "callscope-extension",
    library: "callscope_extension",
    file: "worker.js",
    unless: None,
};

/// The Rust part of the simulator's page.
pub(crate) const SIMULATOR: Script = Script {
    package: "callscope-simulator-page",
    library: "callscope_simulator_page",
    file: "simulator/core.js",
    unless: None,
};

const SCRIPTS: &[Script] = &[CONTENT_SCRIPT, WORKER, SIMULATOR];

/// Nothing that wasm2js lacks: no reference types, no multiple values.
///
/// The profile strips the section that lists a module's features; otherwise wasm-bindgen would find
/// reference types in it, which the standard library was built with but does not use.
///
/// Copying memory is an additional instruction: wasm2js turns it into `copyWithin`, which is
/// shorter, and many times faster than a loop for long texts.
const RUSTFLAGS: &str = "-C target-cpu=mvp -C target-feature=+mutable-globals,+bulk-memory";

/// The standard library comes with two newer kinds of instructions in it, which the last passes
/// replace.
const WASM_OPT: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "-Oz",
    "--llvm-nontrapping-fptoint-lowering",
    "--signext-lowering",
];

const WASM2JS: &[&str] = &["--enable-bulk-memory", "-Oz"];

/// The target is the manifest's `minimum_chrome_version`.
pub(super) const ESBUILD: &[&str] = &[
    "--bundle",
    "--format=iife",
    "--minify",
    "--target=chrome119",
    "--log-level=warning",
];

/// Builds the scripts into `output`.
///
/// # Errors
///
/// Fails if the compiler or one of the tools after it does.
pub(crate) fn build(workspace: &Workspace, tools: &NodeTools, output: &mut Output) -> Result<()> {
    step("Compile what becomes JavaScript", |_| {
        compile(workspace, SCRIPTS)
    })?;
    for script in SCRIPTS {
        output.add(script.file, lowered(workspace, tools, script)?);
    }
    Ok(())
}

/// Builds a script that is not part of the extension.
///
/// # Errors
///
/// As for [`build`].
pub(crate) fn build_apart(
    workspace: &Workspace,
    tools: &NodeTools,
    script: Script,
) -> Result<Vec<u8>> {
    let scripts = [script];
    step("Compile for JavaScript", |_| compile(workspace, &scripts))?;
    let [script] = scripts;
    lowered(workspace, tools, &script)
}

/// Compiles a crate to modules for a bundler, and lets `finish` process them in the same folder,
/// which is returned.
///
/// The script is intended to be packed and sent. `module.js` is the lowered crate, `LIBRARY_bg.js`
/// the glue, and `entry` ties them together.
///
/// # Errors
///
/// As for [`build`].
pub(crate) fn build_modules(
    workspace: &Workspace,
    tools: &NodeTools,
    script: Script,
    sources: &str,
    finish: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let scripts = [script];
    step("Compile for JavaScript", |_| compile(workspace, &scripts))?;
    let [script] = scripts;
    let recipe = recipe(workspace)? + sources;
    step(&format!("Lower to JavaScript: {}", script.file), |remark| {
        let target = target(workspace);
        let wasm = compiled(&target, &script);
        let stage = Stage::new(target.join("stage").join(script.library), recipe);
        let ran = stage.refresh(&wasm, |folder| {
            modules(tools, &script, &wasm, folder)?;
            data::write_as_text(&folder.join("module.js"))?;
            finish(folder)
        })?;
        if !ran {
            remark.push_str(UP_TO_DATE);
        }
        Ok(stage.folder().to_owned())
    })
}

/// The code that connects the module in `folder` to its glue.
///
/// # Errors
///
/// Fails if the module cannot be read.
pub(crate) fn entry(library: &str, folder: &Path) -> Result<String> {
    let module = folder.join("module.js");
    let module =
        fs::read_to_string(&module).with_context(|| format!("cannot read {}", module.display()))?;
    // Only a crate with a start function has one.
    let start = if module.contains("__wbindgen_start") {
        "module.__wbindgen_start();\n"
    } else {
        ""
    };
    Ok(format!(
        "import * as module from './module.js';\n\
         import {{ __wbg_set_wasm }} from './{library}_bg.js';\n\
         __wbg_set_wasm(module);\n{start}"
    ))
}

/// A separate folder, because with different flags than the panel's, each build would invalidate
/// the other.
fn target(workspace: &Workspace) -> PathBuf {
    workspace.target.join("lowered")
}

fn compile(workspace: &Workspace, scripts: &[Script]) -> Result<()> {
    let mut cargo = process::cargo(&workspace.root);
    cargo
        .args([
            "build",
            "--lib",
            "--profile=lowered",
            "--target=wasm32-unknown-unknown",
        ])
        .arg("--target-dir")
        .arg(target(workspace))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", RUSTFLAGS);
    for script in scripts {
        cargo.args(["--package", script.package]);
    }
    process::run(&mut cargo)
}

/// Where the compiler writes a crate's output.
fn compiled(target: &Path, script: &Script) -> PathBuf {
    target
        .join("wasm32-unknown-unknown/lowered")
        .join(script.library)
        .with_extension("wasm")
}

/// Turns a compiled crate into a script.
fn lowered(workspace: &Workspace, tools: &NodeTools, script: &Script) -> Result<Vec<u8>> {
    let recipe = recipe(workspace)?;
    step(&format!("Lower to JavaScript: {}", script.file), |remark| {
        let target = target(workspace);
        let wasm = compiled(&target, script);
        let stage = Stage::new(target.join("stage").join(script.library), recipe);
        let ran = stage.refresh(&wasm, |folder| lower(tools, script, &wasm, folder))?;
        if !ran {
            remark.push_str(UP_TO_DATE);
        }
        let file = stage.folder().join(script.file);
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
    })
}

/// Turns a wasm file into `module.js` and its glue; all intermediate files are in `folder`.
fn modules(tools: &NodeTools, script: &Script, wasm: &Path, folder: &Path) -> Result<()> {
    let name = script.library;
    bindgen::generate(wasm, name, (Mode::Bundler, Names::Dropped), folder)?;
    memory::follow_growth(&folder.join(format!("{name}_bg.js")))?;

    let bound = folder.join(format!("{name}_bg.wasm"));
    let small = folder.join("lowered.wasm");
    let module = folder.join("module.js");
    process::run_quietly(
        tools
            .binaryen("wasm-opt")
            .arg(&bound)
            .args(WASM_OPT)
            .arg("-o")
            .arg(&small),
    )?;
    process::run_quietly(
        tools
            .binaryen("wasm2js")
            .arg(&small)
            .args(WASM2JS)
            .arg("-o")
            .arg(&module),
    )?;
    memory::grow_ahead(&module)?;
    names::shorten(&module, &folder.join(format!("{name}_bg.js")))
}

/// Turns a wasm file into a script.
fn lower(tools: &NodeTools, script: &Script, wasm: &Path, folder: &Path) -> Result<()> {
    modules(tools, script, wasm, folder)?;
    let entry = folder.join("entry.js");
    fs::write(&entry, self::entry(script.library, folder)?)
        .with_context(|| format!("cannot write {}", entry.display()))?;
    process::run_quietly(
        tools
            .esbuild()
            .arg(&entry)
            .args(ESBUILD)
            .arg(format!("--outfile={}", folder.join(script.file).display())),
    )?;
    if let Some(condition) = script.unless {
        let file = folder.join(script.file);
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        fs::write(&file, format!("if(!({condition})){{{text}}}\n"))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Everything that the result depends on except the compiler's output, including the source of
/// these steps.
fn recipe(workspace: &Workspace) -> Result<String> {
    let lock = fs::read_to_string(workspace.root.join("package-lock.json"))
        .context("cannot read package-lock.json")?;
    Ok([
        include_str!("lowered.rs"),
        include_str!("lowered/data.rs"),
        include_str!("lowered/memory.rs"),
        include_str!("lowered/names.rs"),
        bindgen::SOURCE,
        &lock,
    ]
    .join("\n"))
}
