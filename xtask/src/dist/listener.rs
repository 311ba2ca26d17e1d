//! The listener script: plain JavaScript, with what it must know of the protocol filled in.

use std::fs;

use anyhow::{Context as _, Result};
use callscope_bus::{RelayRequest, VERSION, bounds, encode};
use callscope_protocol::MessageType;
use serde_json::json;

use super::lowered::ESBUILD;
use super::output::Output;
use crate::process;
use crate::setup::NodeTools;
use crate::step::step;
use crate::workspace::Workspace;

/// The script's name, here and in the extension.
pub(crate) const FILE: &str = callscope_bus::LISTENER_SCRIPT;

/// Builds it into `output`.
///
/// # Errors
///
/// Fails if esbuild does.
pub(crate) fn build(workspace: &Workspace, tools: &NodeTools, output: &mut Output) -> Result<()> {
    let source = workspace.root.join("content-script").join(FILE);
    let folder = workspace.target.join("lowered/stage");
    let built = folder.join(FILE);
    let (common, distinct): (Vec<_>, Vec<_>) =
        MessageType::ALL.iter().partition(|it| it.is_common_word());
    let names =
        |types: Vec<&MessageType>| -> Vec<&str> { types.into_iter().map(|it| it.name()).collect() };
    let filled = [
        ("DISTINCT", json!(names(distinct))),
        ("COMMON", json!(names(common))),
        ("START", json!(encode(&RelayRequest::Start))),
        ("VERSION", json!(VERSION)),
        ("MOST_KEPT", json!(bounds::KEPT_EVENTS)),
        ("MOST_UNDECIDED", json!(bounds::KEPT_UNDECIDED)),
        // Non-ASCII characters take several bytes per UTF-16 unit.
        ("MOST_LEFT", json!(bounds::LEFT_BYTES / 2)),
        ("MOST_VALUES", json!(bounds::MESSAGE_VALUES)),
        ("MOST_LEVELS", json!(bounds::MESSAGE_LEVELS)),
    ];
    step(&format!("Bundle {FILE}"), |_| {
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut esbuild = tools.esbuild();
        esbuild
            .arg(&source)
            .args(ESBUILD)
            .arg(format!("--outfile={}", built.display()));
        for (name, value) in &filled {
            esbuild.arg(format!("--define:{name}={value}"));
        }
        process::run_quietly(&mut esbuild)?;
        let script =
            fs::read(&built).with_context(|| format!("cannot read {}", built.display()))?;
        output.add(FILE, script);
        Ok(())
    })
}
