//! The files that make up the extension.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;

/// Files by their path inside the extension, with `/` between folders.
///
/// Sorted, so that nothing made of them depends on the file system.
#[derive(Clone, Default)]
pub(crate) struct Output {
    files: BTreeMap<String, Vec<u8>>,
}

impl Output {
    /// Adds a file.
    pub(crate) fn add(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }

    /// Adds all files of `other` in a folder.
    pub(crate) fn add_all(&mut self, folder: &str, other: Self) {
        for (path, content) in other.files {
            self.add(format!("{folder}/{path}"), content);
        }
    }

    /// Adds all files in `folder` and its subfolders.
    ///
    /// Leaves out the sources of pictures (`.svg`): Chrome only accepts bitmaps as icons.
    ///
    /// # Errors
    ///
    /// Fails if something cannot be read.
    pub(crate) fn add_folder(&mut self, folder: &Path) -> Result<()> {
        self.add_files_in(folder, "")
    }

    fn add_files_in(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let cannot_read = || format!("cannot read {}", folder.display());
        for entry in fs::read_dir(folder).with_context(cannot_read)? {
            let entry = entry.with_context(cannot_read)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            if path.is_dir() {
                self.add_files_in(&path, &format!("{prefix}{name}/"))?;
            } else if path.extension().is_none_or(|extension| extension != "svg") {
                let content =
                    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                self.add(format!("{prefix}{name}"), content);
            }
        }
        Ok(())
    }

    /// All files, sorted by path.
    pub(crate) fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// Makes `folder` contain exactly these files; returns how many it had to write.
    ///
    /// An unchanged file is not touched, because a browser may have it open.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be changed.
    pub(crate) fn write_to(&self, folder: &Path) -> Result<usize> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        remove_others(folder, "", &self.files)?;
        let mut written = 0;
        for (path, content) in &self.files {
            written += usize::from(write_if_changed(&folder.join(path), content)?);
        }
        Ok(written)
    }
}

/// Writes `content` unless the file already has it; returns whether it wrote.
///
/// # Errors
///
/// Fails if the file cannot be written.
pub(crate) fn write_if_changed(file: &Path, content: &[u8]) -> Result<bool> {
    if fs::read(file).is_ok_and(|present| present == content) {
        return Ok(false);
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(file, content).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(true)
}

/// Waits until no other `cargo xtask` is building in this clone; the lock is released when the
/// value is dropped.
///
/// # Errors
///
/// Fails if the target folder cannot be written.
pub(crate) fn lock(workspace: &Workspace) -> Result<File> {
    fs::create_dir_all(&workspace.target)?;
    let path = workspace.target.join("xtask.lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    if file.try_lock().is_err() {
        eprintln!("  waiting for another `cargo xtask` in this clone");
        file.lock().context("cannot lock the build")?;
    }
    Ok(file)
}

fn remove_others(folder: &Path, prefix: &str, keep: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            let inside = format!("{name}/");
            remove_others(&path, &inside, keep)?;
            if !keep.keys().any(|kept| kept.starts_with(&inside)) {
                fs::remove_dir(&path)?;
            }
        } else if !keep.contains_key(&name) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_ends_up_with_exactly_the_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("old/deep")).unwrap();
        fs::write(folder.path().join("old/deep/stale.js"), "x").unwrap();
        fs::write(folder.path().join("same.js"), "same").unwrap();

        let mut output = Output::default();
        output.add("same.js", "same");
        output.add("icons/16.png", "png");
        assert_eq!(output.write_to(folder.path()).unwrap(), 1);
        assert_eq!(output.write_to(folder.path()).unwrap(), 0);

        let mut found = Output::default();
        found.add_folder(folder.path()).unwrap();
        assert_eq!(found.files(), output.files());
        assert!(!folder.path().join("old").exists());
    }
}
