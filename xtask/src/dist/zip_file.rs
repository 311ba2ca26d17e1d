//! The zip for a store or a colleague.

use std::io::{Cursor, Write as _};
use std::path::Path;

use anyhow::Result;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::output::{Output, write_if_changed};

/// Writes `output` as one zip.
///
/// The same files give the same bytes: they are sorted, and have a fixed time and mode.
///
/// # Errors
///
/// Fails if the file cannot be written.
pub(crate) fn write(output: &Output, file: &Path) -> Result<()> {
    write_if_changed(file, &bytes(output)?)?;
    Ok(())
}

fn bytes(output: &Output) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in output.files() {
        zip.start_file(path.as_str(), options)?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let mut first = Output::default();
    first.add("b.js", "two");
    first.add("a/a.js", "one");
    let mut second = Output::default();
    second.add("a/a.js", "one");
    second.add("b.js", "two");
    assert_eq!(bytes(&first).unwrap(), bytes(&second).unwrap());
}
