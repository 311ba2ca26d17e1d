//! Standard output.

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;

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
