//! The scripts that look inside a page at the user's request: plain JavaScript, minified.

use std::fs;

use anyhow::{Context as _, Result};
use callscope_bus::{INSIDE_RELAY_SCRIPT, INSIDE_SCRIPT, bounds};

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
    let inside: &[(&str, usize)] = &[
        ("MOST_KEPT", bounds::TOLD_UNHEARD),
        ("LONGEST_TEXT", bounds::TOLD_WORDS),
        ("LONGEST_STACK", bounds::TOLD_STACK),
        ("LONGEST_MESSAGE", bounds::TOLD_MESSAGE),
    ];
    let relay: &[(&str, usize)] = &[
        ("MOST_KEPT", bounds::TOLD_KEPT),
        ("LONGEST", bounds::TOLD_BYTES),
    ];
    for (file, filled) in [(INSIDE_SCRIPT, inside), (INSIDE_RELAY_SCRIPT, relay)] {
        let built = folder.join(file);
        step(&format!("Bundle {file}"), |_| {
            process::run_quietly(
                tools
                    .esbuild()
                    .arg(sources.join(file))
                    .args(ESBUILD)
                    .args(
                        filled
                            .iter()
                            .map(|(name, value)| format!("--define:{name}={value}")),
                    )
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
