//! Standard output.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};

use anstream::AutoStream;
use anyhow::Context as _;
use tempfile::NamedTempFile;

/// Standard output, buffered, without colors where they are not wanted.
///
/// A reader that closes the pipe, as `head` does, is not an error: later output is dropped. Long
/// work checks [`is_closed`](Self::is_closed) and stops early.
#[derive(Debug)]
pub(crate) struct Output<W: Write = AutoStream<StdoutLock<'static>>> {
    inner: BufWriter<W>,
    is_closed: bool,
}

impl Output {
    pub(crate) fn stdout() -> Self {
        Self::new(AutoStream::auto(io::stdout().lock()))
    }
}

impl<W: Write> Output<W> {
    fn new(inner: W) -> Self {
        Self {
            inner: BufWriter::with_capacity(1 << 16, inner),
            is_closed: false,
        }
    }

    /// Whether the reader has closed the pipe.
    pub(crate) const fn is_closed(&self) -> bool {
        self.is_closed
    }

    fn note<T>(&mut self, result: io::Result<T>, dropped: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(dropped)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed {
            return Ok(bytes.len());
        }
        let result = self.inner.write(bytes);
        self.note(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let result = self.inner.flush();
        self.note(result, ())
    }
}

/// Writes a whole text, to a file or to standard output.
///
/// A file gets no colors, and is written completely or not at all.
pub(crate) fn put(path: Option<&Path>, text: &str, out: &mut Output) -> anyhow::Result<()> {
    let Some(path) = path else {
        out.write_all(text.as_bytes())?;
        return Ok(());
    };
    let mut file = NewFile::create(path)?;
    file.write_all(anstream::adapter::strip_str(text).to_string().as_bytes())
        .with_context(|| file.unwritable())?;
    file.keep()
}

/// A file that replaces an older one only when it is complete.
///
/// A link is kept: the file that it points to is replaced. What is not a regular file, such as
/// `/dev/null` or a pipe, is written to directly.
pub(crate) struct NewFile {
    /// As the user wrote it.
    path: PathBuf,
    /// Where it points to.
    place: PathBuf,
    inner: BufWriter<Target>,
}

enum Target {
    /// To be moved into place.
    Temporary(NamedTempFile),
    /// A device or pipe, which is written to directly.
    Device(File),
}

impl NewFile {
    /// Creates the file.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let unwritable = || unwritable(path);
        // A file that does not exist yet is not a link.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let inner = match fs::metadata(&place) {
            Ok(there) if !there.is_file() => {
                let device = OpenOptions::new().write(true).open(&place);
                Target::Device(device.with_context(unwritable)?)
            }
            _ => Target::Temporary(temporary_beside(&place).with_context(unwritable)?),
        };
        Ok(Self {
            path: path.to_owned(),
            place,
            inner: BufWriter::new(inner),
        })
    }

    /// The message for a failure to write it.
    pub(crate) fn unwritable(&self) -> String {
        unwritable(&self.path)
    }

    /// Moves the file into place.
    pub(crate) fn keep(self) -> anyhow::Result<()> {
        let unwritable = self.unwritable();
        let target = self
            .inner
            .into_inner()
            .map_err(io::IntoInnerError::into_error);
        let target = target.with_context(|| unwritable.clone())?;
        if let Target::Temporary(file) = target {
            file.persist(&self.place)
                .map_err(|error| error.error)
                .context(unwritable)?;
        }
        Ok(())
    }
}

fn unwritable(path: &Path) -> String {
    format!("{} cannot be written", path.display())
}

/// A temporary file in the same folder.
fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // The error of creating the file would name the temporary file, which the user does not know.
    fs::metadata(folder)?;
    let mut builder = tempfile::Builder::new();
    // Temporary files are private to their owner; this one becomes a file like any other.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Temporary(file) => file.write(bytes),
            Self::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Temporary(file) => file.flush(),
            Self::Device(file) => file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_goes_away_is_no_error() {
        let mut out = Output::new(Gone);
        out.write_all(&vec![b'x'; 1 << 17]).unwrap();
        out.flush().unwrap();
        assert!(out.is_closed());
    }
}
