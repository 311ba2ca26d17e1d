//! The scripts that look inside a page where the user asks for it: plain JavaScript, made small.

use std::fs;

use anyhow::{Context as _, Result};
use callscope_bus::{INSIDE_RELAY_SCRIPT, INSIDE_SCRIPT};

use super::lowered::ESBUILD;
use super::output::Output;
use crate::process;
use crate::setup::NodeTools;
use crate::step::step;
use crate::workspace::Workspace;

/// Builds both into `output`.
///
/// # Errors
///
/// Fails if esbuild does.
pub(crate) fn build(workspace: &Workspace, tools: &NodeTools, output: &mut Output) -> Result<()> {
    let sources = workspace.root.join("content-script");
    let folder = workspace.target.join("lowered/stage");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for file in [INSIDE_SCRIPT, INSIDE_RELAY_SCRIPT] {
        let built = folder.join(file);
        step(&format!("Bundle {file}"), |_| {
            process::run_quietly(
                tools
                    .esbuild()
                    .arg(sources.join(file))
                    .args(ESBUILD)
                    .arg(format!("--outfile={}", built.display())),
            )?;
            let script =
                fs::read(&built).with_context(|| format!("cannot read {}", built.display()))?;
            output.add(file, script);
            Ok(())
        })?;
    }
    Ok(())
}
