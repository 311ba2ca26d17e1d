//! A C++ compiler, because the fuzzing engine is built from source.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::apt;
use crate::process::find_on_path;
use crate::step::step;

/// The variable with which a user chooses the compiler; C++ builds use it as well.
const CXX_VARIABLE: &str = "CXX";

/// The default compiler of builds comes first.
const NAMES: &[&str] = &["c++", "g++", "clang++"];

const NEXT_STEP: &str = "install one, such as g++ from your system's packages \
                         (on a Mac: xcode-select --install), or name it in CXX";

/// Finds a C++ compiler, or installs Debian's where that is possible without asking.
///
/// # Errors
///
/// Says what to install if there is none.
pub(crate) fn cxx() -> Result<PathBuf> {
    step("C++ compiler", |remark| {
        let compiler = find_or_install()?;
        remark.push_str(&compiler.display().to_string());
        Ok(compiler)
    })
}

fn find_or_install() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(CXX_VARIABLE).filter(|named| !named.is_empty()) {
        return Ok(PathBuf::from(named));
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if !apt::is_usable() {
        bail!("no C++ compiler was found, and the fuzz targets need one; {NEXT_STEP}");
    }
    apt::install(&["g++"])?;
    find().ok_or_else(|| {
        anyhow::anyhow!("apt-get installed g++ but no compiler came with it; {NEXT_STEP}")
    })
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| find_on_path(name))
}
