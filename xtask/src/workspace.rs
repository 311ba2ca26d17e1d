//! The paths of this clone.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::process;

/// The clone that this program works on.
pub(crate) struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the user's settings put it.
    pub(crate) target: PathBuf,
    /// The version of all packages, and so of the extension.
    pub(crate) version: String,
}

impl Workspace {
    /// Asks cargo for the paths.
    ///
    /// # Errors
    ///
    /// Fails if cargo cannot read the workspace.
    pub(crate) fn find() -> Result<Self> {
        let own_folder = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = own_folder
            .parent()
            .context("xtask lies in no workspace")?
            .to_owned();
        let text = process::run_quietly(process::cargo(&root).args([
            "metadata",
            "--no-deps",
            "--format-version=1",
        ]))?;
        let metadata: serde_json::Value =
            serde_json::from_str(&text).context("cargo metadata is not JSON")?;
        let target = metadata["target_directory"]
            .as_str()
            .context("no target folder")?;
        Ok(Self {
            target: PathBuf::from(target),
            version: package_version(&metadata).context("the workspace has no packages")?,
            root,
        })
    }

    /// The folder for everything that is built for users.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The unpacked extension.
    pub(crate) fn extension(&self) -> PathBuf {
        self.dist().join("extension")
    }

    /// The folder where npm installs packages.
    pub(crate) fn node_modules(&self) -> PathBuf {
        self.root.join("node_modules")
    }

    /// `path` for display: relative to the root, if inside.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

fn package_version(metadata: &serde_json::Value) -> Option<String> {
    let package = metadata["packages"]
        .as_array()?
        .iter()
        .find(|package| package["name"] == "callscope-extension")?;
    package["version"].as_str().map(str::to_owned)
}
