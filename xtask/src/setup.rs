//! `cargo xtask setup`: installs what the other commands need and Rust does not include.
//!
//! Each part is quick if there is nothing to do, and every command calls the parts it needs.

use anyhow::Result;

use crate::workspace::Workspace;

mod apt;
mod cargo_tools;
mod chromium;
mod cxx;
mod node;
mod rust;

pub(crate) use cargo_tools::{CARGO_DENY, CARGO_MACHETE, cargo_tool};
pub(crate) use chromium::{CHROMIUM_VARIABLE, chromium};
pub(crate) use cxx::cxx;
pub(crate) use node::NodeTools;
pub(crate) use rust::{components, wasm_target};

/// Installs what building and testing need: the wasm target, the npm packages, a Chromium, a C++
/// compiler, cargo-deny and cargo-machete.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Does the whole setup.
///
/// # Errors
///
/// Fails with a next step for the user if something cannot be installed from here.
pub(crate) fn run(_args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    wasm_target(&workspace)?;
    components(&workspace)?;
    NodeTools::install(&workspace)?;
    let chromium = chromium()?;
    cxx()?;
    cargo_tool(&workspace, &CARGO_DENY)?;
    cargo_tool(&workspace, &CARGO_MACHETE)?;
    eprintln!("Ready. Chromium is {}", chromium.display());
    Ok(())
}
