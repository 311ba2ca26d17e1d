//! The panel: real WebAssembly, in a page of the extension, whose policy allows it.

use std::fs;

use anyhow::{Context as _, Result};

use super::bindgen::{self, Mode, Names, Stage};
use super::output::Output;
use crate::process;
use crate::setup::NodeTools;
use crate::step::{Remark, UP_TO_DATE, step};
use crate::workspace::Workspace;

/// The module's name in the extension.
pub(crate) const WASM_FILE: &str = "panel_bg.wasm";

/// Every Chrome that the manifest admits has these instructions. Without them, the library that
/// draws egui's glyphs includes a scalar replacement for each, 1.7 MB in total.
const RUSTFLAGS: &str = "-C target-feature=+simd128";

/// A crate that is built into a WebAssembly module, and the names of its two files.
pub(crate) struct Module {
    pub(crate) package: &'static str,
    pub(crate) library: &'static str,
    pub(crate) glue: &'static str,
    pub(crate) wasm: &'static str,
}

const PANEL: Module = Module {
    package: "callscope-panel",
    library: "callscope_panel",
    glue: "panel.js",
    wasm: WASM_FILE,
};

/// Builds the panel into `output`.
///
/// # Errors
///
/// Fails if the compiler, wasm-bindgen or wasm-opt does.
pub(crate) fn build(
    workspace: &Workspace,
    tools: &NodeTools,
    names: Names,
    output: &mut Output,
) -> Result<()> {
    step("Compile the panel", |_| compile(workspace, &PANEL))?;
    step("Bind the panel to the browser", |remark| {
        let (glue, wasm) = bind((workspace, tools), &PANEL, names, remark)?;
        output.add(PANEL.glue, glue);
        output.add(PANEL.wasm, wasm);
        Ok(())
    })
}

/// Builds a module like the panel: returns its glue and its WebAssembly.
///
/// # Errors
///
/// As for [`build`].
pub(crate) fn build_apart(
    workspace: &Workspace,
    tools: &NodeTools,
    module: &Module,
) -> Result<(Vec<u8>, Vec<u8>)> {
    step("Compile for WebAssembly", |_| compile(workspace, module))?;
    step("Bind it to the browser", |remark| {
        bind((workspace, tools), module, Names::Dropped, remark)
    })
}

fn compile(workspace: &Workspace, module: &Module) -> Result<()> {
    process::run(
        process::cargo(&workspace.root)
            .args([
                "build",
                "--lib",
                "--profile=wasm",
                "--target=wasm32-unknown-unknown",
                "--package",
                module.package,
            ])
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("RUSTFLAGS", RUSTFLAGS),
    )
}

/// What is done to a module without names: of functions that do the same one is left, and those that
/// differ in constants alone get these as parameters, and branches and instructions that a simpler one
/// can replace are replaced. That takes a few seconds and saves 5 % of the panel; all that `wasm-opt`
/// can do would take minutes.
///
/// The panel's Chrome has all that Rust uses by itself, but not yet typed references to functions,
/// without which functions that differ in what they call stay apart.
const WASM_OPT: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
    "--duplicate-function-elimination",
    "--merge-similar-functions",
    "--remove-unused-brs",
    "--optimize-instructions",
    "--vacuum",
];

fn bind(
    (workspace, tools): (&Workspace, &NodeTools),
    module: &Module,
    names: Names,
    remark: &mut Remark,
) -> Result<(Vec<u8>, Vec<u8>)> {
    let folder = workspace.target.join("wasm32-unknown-unknown/wasm");
    let wasm = folder.join(module.library).with_extension("wasm");
    let name = module.glue.trim_end_matches(".js");
    let stage = Stage::new(
        folder.join("stage").join(name),
        format!("{names:?}\n{WASM_OPT:?}\n{}", bindgen::SOURCE),
    );
    let ran = stage.refresh(&wasm, |folder| {
        bindgen::generate(&wasm, name, (Mode::Web, names), folder)?;
        if names == Names::Kept {
            return Ok(());
        }
        let file = folder.join(module.wasm);
        process::run_quietly(
            tools
                .binaryen("wasm-opt")
                .arg(&file)
                .args(WASM_OPT)
                .arg("-o")
                .arg(&file),
        )
        .map(drop)
    })?;
    if !ran {
        remark.push_str(UP_TO_DATE);
    }
    let read = |name| {
        let file = stage.folder().join(name);
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    Ok((read(module.glue)?, read(module.wasm)?))
}
