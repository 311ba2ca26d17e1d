//! Embeds the extension into the program, if `cargo xtask dist` asks for it.
//!
//! `CALLSCOPE_EMBED_EXTENSION` names the folder of the unpacked extension, as an absolute path.
//! Without it the program embeds none, and `callscope record` needs `--extension`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const VARIABLE: &str = "CALLSCOPE_EMBED_EXTENSION";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    let mut table = String::from("&[");
    if let Some(folder) = env::var_os(VARIABLE).map(PathBuf::from) {
        println!("cargo::rerun-if-changed={}", folder.display());
        for (name, path) in files(&folder, "")? {
            let path = path.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
            writeln!(table, "({name:?}, include_bytes!({path:?})),").map_err(io::Error::other)?;
        }
    }
    table.push(']');
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("extension.rs"), table)
}

/// The files in a folder: their names relative to it, with `/`, and their paths.
fn files(folder: &Path, prefix: &str) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path(), &format!("{name}/"))?);
        } else {
            found.push((name, entry.path().canonicalize()?));
        }
    }
    found.sort();
    Ok(found)
}
