//! Input: files, or standard input for `-`.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use callscope_session_log::{Entry, Log, LogReader, Note};
use tempfile::SpooledTempFile;

use crate::progress::Progress;
use crate::text::safe;

/// How many bytes of an input that can only be read once are kept in memory; the rest goes to a
/// temporary file.
const SPOOL_BYTES: usize = 4 << 20;
const BUFFER_BYTES: usize = 1 << 17;

/// A file, or `-` for standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input(PathBuf);

impl From<&std::ffi::OsStr> for Input {
    fn from(text: &std::ffi::OsStr) -> Self {
        Self(text.into())
    }
}

impl Input {
    fn is_stdin(&self) -> bool {
        self.0 == Path::new("-")
    }

    /// The name for display, safe to print.
    pub(crate) fn name(&self) -> String {
        if self.is_stdin() {
            "standard input".to_owned()
        } else {
            safe(&self.0.display().to_string()).into_owned()
        }
    }

    /// The name as it was given, for other programs.
    pub(crate) fn path(&self) -> String {
        self.0.display().to_string()
    }

    /// The file's path; `None` for standard input.
    pub(crate) fn file(&self) -> Option<&Path> {
        (!self.is_stdin()).then_some(self.0.as_path())
    }

    /// Opens it.
    pub(crate) fn open(&self) -> anyhow::Result<Opened> {
        let name = self.name();
        let unreadable = || format!("{name}: cannot be read");
        let (source, size) = if self.is_stdin() {
            (Source::Stream(Box::new(io::stdin())), None)
        } else {
            let file = File::open(&self.0).with_context(unreadable)?;
            let metadata = file.metadata().with_context(unreadable)?;
            if metadata.is_dir() {
                anyhow::bail!("{name}: this is a folder, not a session log");
            }
            if metadata.is_file() {
                (Source::Seekable(Box::new(file)), Some(metadata.len()))
            } else {
                // A pipe, such as `<(…)` in a shell.
                (Source::Stream(Box::new(file)), None)
            }
        };
        Ok(Opened {
            name,
            source,
            size,
            copy: None,
        })
    }

    /// Reads a whole log into memory.
    ///
    /// Remarks on reading it are printed to standard error.
    pub(crate) fn read_log(&self) -> anyhow::Result<Log> {
        let mut opened = self.open()?;
        let mut reader = LogReader::new(opened.reader()).with_context(|| self.name())?;
        let mut entries = Vec::new();
        for entry in &mut reader {
            match entry.with_context(|| self.name())? {
                Entry::Finding => {}
                entry => entries.push(entry),
            }
        }
        tell(&self.name(), reader.notes());
        Ok(Log {
            header: reader.header().clone(),
            entries,
            notes: reader.notes().to_vec(),
        })
    }
}

/// Prints the remarks on reading a log to standard error.
pub(crate) fn tell(name: &str, notes: &[Note]) {
    for note in notes {
        anstream::eprintln!("note: {name}: {}", safe(&note.to_string()));
    }
}

/// An opened input.
pub(crate) struct Opened {
    name: String,
    source: Source,
    size: Option<u64>,
    copy: Option<SpooledTempFile>,
}

trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

enum Source {
    Seekable(Box<dyn ReadSeek + Send>),
    Stream(Box<dyn Read + Send>),
}

impl Opened {
    /// Makes [`rewind`](Self::rewind) possible: a stream is copied while it is read.
    pub(crate) fn keep(&mut self) {
        if matches!(self.source, Source::Stream(_)) {
            self.copy = Some(SpooledTempFile::new(SPOOL_BYTES));
        }
    }

    /// A reader that continues from the current position.
    pub(crate) fn reader(&mut self) -> BufReader<Progress<Tee<'_>>> {
        let inner: &mut (dyn Read + Send) = match &mut self.source {
            Source::Seekable(file) => file,
            Source::Stream(stream) => stream,
        };
        let tee = Tee {
            inner,
            copy: self.copy.as_mut(),
        };
        let progress = Progress::new(tee, self.name.clone(), self.size);
        BufReader::with_capacity(BUFFER_BYTES, progress)
    }

    /// Goes back to the beginning, if possible.
    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        if let Some(copy) = self.copy.take() {
            self.source = Source::Seekable(Box::new(copy));
        }
        match &mut self.source {
            Source::Seekable(file) => file.rewind(),
            Source::Stream(_) => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}

/// Copies what is read.
pub(crate) struct Tee<'a> {
    inner: &'a mut (dyn Read + Send),
    copy: Option<&'a mut SpooledTempFile>,
}

impl Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some(copy) = &mut self.copy {
            copy.write_all(buffer.get(..count).unwrap_or_default())?;
        }
        Ok(count)
    }
}
