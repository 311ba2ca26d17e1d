//! A browser that can load unpacked extensions from its command line.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::apt;
use crate::process::{self, find_on_path};
use crate::step::step;

/// The variable with which a user chooses the browser.
pub(crate) const CHROMIUM_VARIABLE: &str = "CALLSCOPE_CHROMIUM";

/// Tried in this order. Google's branded Chrome is not among them: since version 137, it ignores
/// `--load-extension`.
const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome-for-testing",
    "chrome-for-testing",
    "ungoogled-chromium",
];

/// Where the same browsers are on a Mac, whose applications are not on PATH.
const MAC_APPLICATIONS: &[&str] = &[
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
];

const NEXT_STEP: &str = "install Chromium or Chrome for Testing and put it on PATH, \
                         or name its program in CALLSCOPE_CHROMIUM";

/// Finds a Chromium, or installs Debian's where that is possible without asking.
///
/// # Errors
///
/// Says what to install if there is none.
pub(crate) fn chromium() -> Result<PathBuf> {
    step("Chromium", |remark| {
        let (program, version) = find_or_install()?;
        remark.push_str(&version);
        Ok(program)
    })
}

fn find_or_install() -> Result<(PathBuf, String)> {
    if let Some(named) = std::env::var_os(CHROMIUM_VARIABLE) {
        let program = PathBuf::from(named);
        let Some(version) = version(&program) else {
            bail!(
                "{CHROMIUM_VARIABLE} names no program that runs; correct or unset it: {}",
                program.display()
            );
        };
        return Ok((program, version));
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if !apt::is_usable() {
        bail!("no Chromium was found; {NEXT_STEP}");
    }
    // The package only recommends fonts, but without any, DevTools shows boxes.
    apt::install(&["chromium", "fonts-liberation"])?;
    find().ok_or_else(|| {
        anyhow::anyhow!("apt-get installed chromium but no program came with it; {NEXT_STEP}")
    })
}

fn find() -> Option<(PathBuf, String)> {
    let on_path = NAMES.iter().filter_map(|name| find_on_path(name));
    let on_mac = MAC_APPLICATIONS.iter().map(PathBuf::from);
    on_path.chain(on_mac).find_map(|program| {
        let version = version(&program)?;
        Some((program, version))
    })
}

/// What the browser reports about itself, or `None` if it does not run.
///
/// Ubuntu has a `chromium-browser` that only says that it has moved, so it has to be run.
fn version(program: &Path) -> Option<String> {
    let text = process::run_quietly(Command::new(program).arg("--version")).ok()?;
    let line = text.lines().find(|line| line.contains("Chrom"))?;
    Some(line.trim().to_owned())
}
