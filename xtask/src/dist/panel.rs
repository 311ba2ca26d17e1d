//! The panel: real WebAssembly, in a page of the extension's own, whose policy allows it.

use std::fs;

use anyhow::{Context as _, Result};

use super::bindgen::{self, Mode, Stage};
use super::output::Output;
use crate::process;
use crate::step::{UP_TO_DATE, step};
use crate::workspace::Workspace;

/// The module's name in the extension.
pub(crate) const WASM_FILE: &str = "panel_bg.wasm";

const GLUE_FILE: &str = "panel.js";

/// Every Chrome that the manifest admits has these instructions. Without them the library that
/// draws egui's glyphs brings a scalar stand-in for each, 1.7 MB in all.
const RUSTFLAGS: &str = "-C target-feature=+simd128";

/// Builds the panel into `output`.
///
/// Without wasm-opt: it takes minutes on a module of this size, and saves a tenth.
///
/// # Errors
///
/// Fails if the compiler or wasm-bindgen does.
pub(crate) fn build(workspace: &Workspace, output: &mut Output) -> Result<()> {
    step("Compile the panel", |_| {
        process::run(
            process::cargo(&workspace.root)
                .args([
                    "build",
                    "--lib",
                    "--profile=wasm",
                    "--target=wasm32-unknown-unknown",
                    "--package=callscope-panel",
                ])
                .env_remove("CARGO_ENCODED_RUSTFLAGS")
                .env("RUSTFLAGS", RUSTFLAGS),
        )
    })?;
    step("Bind the panel to the browser", |remark| {
        let folder = workspace.target.join("wasm32-unknown-unknown/wasm");
        let wasm = folder.join("callscope_panel.wasm");
        let stage = Stage::new(folder.join("stage"), bindgen::SOURCE.to_owned());
        let ran = stage.refresh(&wasm, |folder| {
            bindgen::generate(&wasm, "panel", Mode::Web, folder)
        })?;
        if !ran {
            remark.push_str(UP_TO_DATE);
        }
        for name in [GLUE_FILE, WASM_FILE] {
            let file = stage.folder().join(name);
            let content =
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            output.add(name, content);
        }
        Ok(())
    })
}
