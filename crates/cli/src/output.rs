//! Standard output.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};

use anstream::AutoStream;
use anyhow::Context as _;
use tempfile::NamedTempFile;

/// Standard output, buffered, without colors where they are not wanted.
///
/// A reader that goes away, as `head` does, is no error: what is written after that is dropped.
/// Long work looks at [`is_closed`](Self::is_closed) and stops early.
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

    /// Whether nobody reads any more.
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

/// Writes a whole text: to a file, or to standard output.
///
/// A file gets no colors, and is there complete or not at all.
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

/// A file that takes the place of an older one only when it is complete.
pub(crate) struct NewFile {
    path: PathBuf,
    inner: BufWriter<NamedTempFile>,
}

impl NewFile {
    /// Begins a file.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let unwritable = || format!("{} cannot be written", path.display());
        let mut builder = tempfile::Builder::new();
        // Temporary files are for their owner only; this one becomes a file like any other.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder).with_context(unwritable)?;
        Ok(Self {
            path: path.to_owned(),
            inner: BufWriter::new(file),
        })
    }

    /// The words for a failure.
    pub(crate) fn unwritable(&self) -> String {
        format!("{} cannot be written", self.path.display())
    }

    /// Puts the file in its place.
    pub(crate) fn keep(self) -> anyhow::Result<()> {
        let unwritable = self.unwritable();
        let file = self
            .inner
            .into_inner()
            .map_err(io::IntoInnerError::into_error);
        let file = file.with_context(|| unwritable.clone())?;
        file.persist(&self.path)
            .map_err(|error| error.error)
            .context(unwritable)?;
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
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
