//! Debian packages, installed where that is possible without asking.

use std::process::Command;

use anyhow::Result;

use crate::process::{self, find_on_path};

/// Whether packages can be installed from here: on Debian and its derivatives, as root.
pub(super) fn is_usable() -> bool {
    let is_root =
        || process::run_quietly(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    find_on_path("apt-get").is_some() && is_root()
}

/// Installs packages without the ones they only recommend.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    eprintln!("  none found, so Debian's is installed with apt-get");
    let install = ["install", "-qy", "--no-install-recommends"];
    for args in [&["update", "-q"][..], &[&install, packages].concat()] {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        process::run_quietly(&mut command)?;
    }
    Ok(())
}
