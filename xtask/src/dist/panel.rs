//! The panel: real WebAssembly, in a page of the extension, whose policy allows it.

use std::fs;

use anyhow::{Context as _, Result};

use super::bindgen::{self, Mode, Names, Stage};
use super::output::Output;
use crate::process;
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
/// Fails if the compiler or wasm-bindgen does.
pub(crate) fn build(workspace: &Workspace, names: Names, output: &mut Output) -> Result<()> {
    step("Compile the panel", |_| compile(workspace, &PANEL))?;
    step("Bind the panel to the browser", |remark| {
        let (glue, wasm) = bind(workspace, &PANEL, names, remark)?;
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
pub(crate) fn build_apart(workspace: &Workspace, module: &Module) -> Result<(Vec<u8>, Vec<u8>)> {
    step("Compile for WebAssembly", |_| compile(workspace, module))?;
    step("Bind it to the browser", |remark| {
        bind(workspace, module, Names::Dropped, remark)
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

/// Does not use wasm-opt: it takes minutes on a module of the panel's size, and saves a tenth.
fn bind(
    workspace: &Workspace,
    module: &Module,
    names: Names,
    remark: &mut Remark,
) -> Result<(Vec<u8>, Vec<u8>)> {
    let folder = workspace.target.join("wasm32-unknown-unknown/wasm");
    let wasm = folder.join(module.library).with_extension("wasm");
    let name = module.glue.trim_end_matches(".js");
    let stage = Stage::new(
        folder.join("stage").join(name),
        format!("{names:?}\n{}", bindgen::SOURCE),
    );
    let ran = stage.refresh(&wasm, |folder| {
        bindgen::generate(&wasm, name, (Mode::Web, names), folder)
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
