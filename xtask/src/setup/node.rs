//! The pinned npm packages: build tools, and the SDK as a test peer.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::{self, find_on_path};
use crate::step::{Remark, UP_TO_DATE, step};
use crate::workspace::Workspace;

/// The build tools installed by npm.
pub(crate) struct NodeTools {
    node: PathBuf,
    modules: PathBuf,
}

impl NodeTools {
    /// Runs `npm ci`, but only if `package-lock.json` has changed since the last time.
    ///
    /// # Errors
    ///
    /// Fails with a next step if Node or npm is missing, or npm fails.
    pub(crate) fn install(workspace: &Workspace) -> Result<Self> {
        let node = find_on_path("node").context(
            "Node.js was not found on PATH; install version 18 or newer, with npm, \
             from your system's packages or https://nodejs.org",
        )?;
        let tools = Self {
            node,
            modules: workspace.node_modules(),
        };
        step("npm packages", |remark| {
            tools.update(&workspace.root, remark)
        })?;
        Ok(tools)
    }

    fn update(&self, root: &Path, remark: &mut Remark) -> Result<()> {
        let lock = std::fs::read(root.join("package-lock.json"))
            .context("package-lock.json cannot be read")?;
        // A copy of the lock file, written after npm has succeeded, tells what is installed.
        let stamp = self.modules.join(".callscope-lock.json");
        if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
            remark.push_str(UP_TO_DATE);
            return Ok(());
        }
        let Some(npm) = find_on_path("npm").or_else(|| find_on_path("npm.cmd")) else {
            bail!("npm was not found on PATH; it comes with Node.js, or as the package `npm`");
        };
        // No package scripts are run: none of these packages needs one.
        process::run(
            Command::new(npm)
                .args(["ci", "--ignore-scripts", "--loglevel=error"])
                .current_dir(root),
        )?;
        std::fs::write(&stamp, lock).context("node_modules cannot be written")
    }

    /// One of binaryen's programs, such as `wasm-opt`; they are JavaScript, so Node runs them.
    pub(crate) fn binaryen(&self, program: &str) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(self.modules.join("binaryen/bin").join(program));
        command
    }

    /// esbuild, through its launcher, which finds the binary for this platform.
    pub(crate) fn esbuild(&self) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(self.modules.join("esbuild/bin/esbuild"));
        command
    }

    /// The TypeScript compiler, which checks the types of the SDK for JavaScript.
    pub(crate) fn typescript(&self) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(self.modules.join("typescript/bin/tsc"));
        command
    }
}
