//! Programs that are published as crates.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process::{self, find_on_path};
use crate::step::{UP_TO_DATE, step};
use crate::workspace::Workspace;

/// A program with its package's name, in the one version that is used.
pub(crate) struct CargoTool {
    name: &'static str,
    version: &'static str,
}

/// Checks licenses, sources, bans and advisories by `deny.toml`.
///
/// Compiling the program takes 80 s of processor time, once for a clone. As a library it would be
/// a dependency of `xtask`, and all commands would wait for its 200 crates.
pub(crate) const CARGO_DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
};

/// Finds dependencies that no source names.
///
/// There is no library. Compiling it takes 35 s of processor time, once for a clone; cargo-shear,
/// which finds more, needs twice as many crates, and cargo-udeps another compiler.
pub(crate) const CARGO_MACHETE: CargoTool = CargoTool {
    name: "cargo-machete",
    version: "0.9.2",
};

/// Finds the program on PATH in its version, or compiles it into the target folder.
///
/// # Errors
///
/// Fails if it cannot be fetched or does not compile.
pub(crate) fn cargo_tool(workspace: &Workspace, tool: &CargoTool) -> Result<PathBuf> {
    let CargoTool { name, version } = tool;
    step(&format!("{name} {version}"), |remark| {
        let root = workspace.target.join("tools");
        let own = root
            .join("bin")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let mut candidates = find_on_path(name).into_iter().chain([own.clone()]);
        if let Some(found) = candidates.find(|it| tool.is(it)) {
            remark.push_str(UP_TO_DATE);
            return Ok(found);
        }
        let build = root.join("build");
        process::run(
            process::cargo(&workspace.root)
                .args(["install", "--quiet", "--locked", "--force", name])
                // Fast to compile, and fast enough for a graph of this size.
                .args(["--debug", "--version", version, "--root"])
                .arg(&root)
                // One folder for all tools: they share crates.
                .arg("--target-dir")
                .arg(&build)
                .env("CARGO_PROFILE_DEV_DEBUG", "false")
                .env("CARGO_INCREMENTAL", "0"),
        )?;
        Ok(own)
    })
}

impl CargoTool {
    /// Whether a program is this tool in this version.
    fn is(&self, program: &Path) -> bool {
        process::run_quietly(Command::new(program).arg("--version"))
            .is_ok_and(|text| text.split_whitespace().next_back() == Some(self.version))
    }
}
