//! Checks the packages that Callscope consists of: licenses, sources, advisories, and whether all
//! are used.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fuzz;
use crate::process;
use crate::setup::{self, CARGO_DENY, CARGO_MACHETE};
use crate::step::Parts;
use crate::workspace::Workspace;

const LICENSES: &str = "licenses, bans and sources";
const ADVISORIES: &str = "advisories";
const UNUSED: &str = "unused dependencies";

/// Checks the packages of the workspace and of the fuzz targets.
pub(super) fn check(workspace: &Workspace, parts: &mut Parts) {
    let mut tools = None;
    parts.run("programs that check packages", || {
        tools = Some((
            setup::cargo_tool(workspace, &CARGO_DENY)?,
            setup::cargo_tool(workspace, &CARGO_MACHETE)?,
        ));
        Ok(())
    });
    let Some((deny, machete)) = tools else {
        for name in [LICENSES, ADVISORIES, UNUSED] {
            parts.skip(name, "its program could not be installed");
        }
        return;
    };

    let deny_check = |checks: &[&str]| {
        for manifest in manifests(workspace) {
            let mut command = cargo_deny(workspace, &deny);
            command.arg("--manifest-path").arg(manifest).arg("check");
            process::run(command.args(checks))?;
        }
        Ok(())
    };
    parts.run(LICENSES, || deny_check(&["licenses", "bans", "sources"]));
    // If the database cannot be fetched, that is not Callscope's fault.
    match process::run_quietly(cargo_deny(workspace, &deny).args(["fetch", "db"])) {
        Ok(_) => _ = parts.run(ADVISORIES, || deny_check(&["advisories"])),
        Err(error) => {
            let why = format!("the database of advisories cannot be fetched: {error:#}");
            parts.leave_out(ADVISORIES, &why);
        }
    }
    parts.run(UNUSED, || {
        process::run(
            Command::new(&machete)
                .args(["--skip-target-dir", "."])
                .current_dir(&workspace.root)
                // Otherwise it would take `--skip-target-dir` for its own name, as if called by
                // cargo.
                .env_remove("CARGO"),
        )
    });
}

fn cargo_deny(workspace: &Workspace, program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(&workspace.root)
        .arg("--config")
        .arg(workspace.root.join("deny.toml"));
    command
}

fn manifests(workspace: &Workspace) -> [PathBuf; 2] {
    [workspace.root.join("Cargo.toml"), fuzz::manifest(workspace)]
}
