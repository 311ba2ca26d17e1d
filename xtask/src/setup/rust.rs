//! The parts of the Rust toolchain that a minimal installation lacks.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{self, find_on_path};
use crate::step::{UP_TO_DATE, step};
use crate::workspace::Workspace;

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the active toolchain can build for WebAssembly.
///
/// Done explicitly because the automatic installation that `rust-toolchain.toml` could request may
/// be switched off.
///
/// # Errors
///
/// Fails with a next step if the target is missing and there is no rustup.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    step("Rust target wasm32-unknown-unknown", |remark| {
        let sysroot = process::run_quietly(
            Command::new("rustc")
                .args(["--print", "sysroot"])
                .current_dir(&workspace.root),
        )?;
        let installed = std::path::Path::new(sysroot.trim())
            .join("lib/rustlib")
            .join(WASM_TARGET)
            .join("lib")
            .is_dir();
        if installed {
            remark.push_str(UP_TO_DATE);
            return Ok(());
        }
        rustup(workspace, &["target", "add", WASM_TARGET])
    })
}

/// Makes sure that the active toolchain has rustfmt and clippy.
///
/// # Errors
///
/// Fails with a next step if one is missing and there is no rustup.
pub(crate) fn components(workspace: &Workspace) -> Result<()> {
    step("rustfmt and clippy", |remark| {
        let works = |tool: &str| {
            process::run_quietly(process::cargo(&workspace.root).args([tool, "--version"])).is_ok()
        };
        if works("fmt") && works("clippy") {
            remark.push_str(UP_TO_DATE);
            return Ok(());
        }
        rustup(workspace, &["component", "add", "rustfmt", "clippy"])
    })
}

fn rustup(workspace: &Workspace, args: &[&str]) -> Result<()> {
    if find_on_path("rustup").is_none() {
        bail!(
            "the Rust toolchain lacks a part and there is no rustup to add it; \
             install Rust from https://rustup.rs, or add it by hand: rustup {}",
            args.join(" ")
        );
    }
    process::run(
        Command::new("rustup")
            .args(args)
            .current_dir(&workspace.root),
    )
}
