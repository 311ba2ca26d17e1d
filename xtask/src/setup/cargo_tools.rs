//! Programs published as crates.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process::{self, find_on_path};
use crate::step::{UP_TO_DATE, step};
use crate::workspace::Workspace;

/// A program with its package's name and the only version used.
pub(crate) struct CargoTool {
    name: &'static str,
    version: &'static str,
}

/// Checks licenses, sources, bans and advisories according to `deny.toml`.
///
/// Compiling it takes 80 s of processor time, once per clone. As a library, it would be a
/// dependency of `xtask`, and all commands would wait for its 200 crates.
pub(crate) const CARGO_DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
};

/// Finds dependencies that no source names.
///
/// There is no library. Compiling it takes 35 s of processor time, once per clone; cargo-shear
/// finds more, but needs twice as many crates, and cargo-udeps needs another compiler.
pub(crate) const CARGO_MACHETE: CargoTool = CargoTool {
    name: "cargo-machete",
    version: "0.9.2",
};

/// Finds the program's version on PATH, or compiles it into the target folder.
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
                // Compiles fast, and is fast enough for a graph of this size.
                .args(["--debug", "--version", version, "--root"])
                .arg(&root)
                // One folder for all tools, which share crates.
                .arg("--target-dir")
                .arg(&build)
                .env("CARGO_PROFILE_DEV_DEBUG", "false")
                .env("CARGO_INCREMENTAL", "0"),
        )?;
        Ok(own)
    })
}

impl CargoTool {
    /// Whether a program is this version of the tool.
    fn is(&self, program: &Path) -> bool {
        process::run_quietly(Command::new(program).arg("--version"))
            .is_ok_and(|text| text.split_whitespace().next_back() == Some(self.version))
    }
}
