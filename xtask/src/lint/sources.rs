//! The Rust sources of the repository, for checks that read them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The Rust files in a folder and in the folders below it, in order; hidden folders and those of
/// `passed_over` are left out.
///
/// # Errors
///
/// A folder cannot be read.
pub(super) fn rust_files(folder: &Path, passed_over: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(folder, passed_over, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, passed_over: &[PathBuf], files: &mut Vec<PathBuf>) -> Result<()> {
    let cannot_read = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(cannot_read)? {
        let path = entry.with_context(cannot_read)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && !passed_over.contains(&path) {
                collect(&path, passed_over, files)?;
            }
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The text of a file.
///
/// # Errors
///
/// The file cannot be read.
pub(super) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
