//! The `callscope` program, including the extension.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::process;
use crate::step::{UP_TO_DATE, step};
use crate::workspace::Workspace;

/// The variable with which the program's build finds the extension to include.
pub(crate) const EMBED_VARIABLE: &str = "CALLSCOPE_EMBED_EXTENSION";

const PROFILE: &str = "dist";

/// Builds `dist/callscope` from the sources and `dist/extension`; returns its path.
///
/// # Errors
///
/// Fails if the code does not build.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    let name = format!("callscope{}", std::env::consts::EXE_SUFFIX);
    let built = workspace.target.join(PROFILE).join(&name);
    let program = workspace.dist().join(&name);
    step("Compile the callscope program", |_| {
        process::run(
            process::cargo(&workspace.root)
                .args([
                    "build",
                    "--quiet",
                    "--package=callscope-cli",
                    "--bin=callscope",
                ])
                .arg(format!("--profile={PROFILE}"))
                .env(EMBED_VARIABLE, workspace.extension())
                .env("CARGO_ENCODED_RUSTFLAGS", without_folders(workspace)),
        )
    })?;
    step(&workspace.shown(&program).to_string(), |remark| {
        if is_same(&built, &program) {
            remark.push_str(UP_TO_DATE);
        } else {
            // Written under another name first, because the old program may be running.
            let new = program.with_extension("new");
            std::fs::copy(&built, &new)
                .and_then(|_| std::fs::rename(&new, &program))
                .with_context(|| format!("cannot write {}", workspace.shown(&program)))?;
            let bytes = program.metadata()?.len();
            *remark = format!("{:.1} MB", bytes as f64 / 1e6);
        }
        Ok(())
    })?;
    Ok(program)
}

/// Compiler flags that keep this machine's folders out of the program.
fn without_folders(workspace: &Workspace) -> String {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let folders = [(Some(workspace.root.clone()), "."), (home, "cargo")];
    let flags = folders.into_iter().filter_map(|(folder, name)| {
        let folder = folder?;
        Some(format!("--remap-path-prefix={}={name}", folder.to_str()?))
    });
    flags.collect::<Vec<_>>().join("\x1f")
}

fn is_same(left: &Path, right: &Path) -> bool {
    let (left, right) = (std::fs::read(left), std::fs::read(right));
    matches!((left, right), (Ok(left), Ok(right)) if left == right)
}
