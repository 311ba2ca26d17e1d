//! `cargo xtask docs`: the documents that are made from the rules and the catalogue.

use std::fs;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;

/// Writes docs/rules.md and docs/messages.md anew.
///
/// A test fails when they differ from what this would write.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Writes the documents.
///
/// # Errors
///
/// Fails if one cannot be written.
pub(crate) fn run(_args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    for (name, text) in [
        ("rules.md", callscope_reference::rules_markdown()),
        ("messages.md", callscope_reference::messages_markdown()),
    ] {
        let path = workspace.root.join("docs").join(name);
        let shown = workspace.shown(&path);
        fs::write(&path, text).with_context(|| format!("cannot write {shown}"))?;
        println!("{shown}");
    }
    Ok(())
}
