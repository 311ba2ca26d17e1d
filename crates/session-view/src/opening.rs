//! Opens a log while its bytes are still being read.

use callscope_session_log::{Entry, Header, LogError, LogFeed, LogLine, Note};

use crate::SessionView;
use crate::rows::ViewOptions;

/// A log on its way to becoming a [`SessionView`].
///
/// Each piece is read, checked and given its rows when it arrives, so that the caller can do other
/// work between two pieces. The result is the same as that of reading the whole log at once.
#[derive(Debug)]
pub struct Opening {
    feed: LogFeed,
    view: SessionView,
    options: ViewOptions,
    /// How many bytes the log has.
    size: u64,
    /// How many bytes have been read.
    read: u64,
    has_room: bool,
}

/// An opened log.
#[derive(Debug)]
pub struct Opened {
    /// What it says about itself.
    pub header: Header,
    /// Its session, with the rows for the options that it was opened with.
    pub view: SessionView,
    /// Remarks on reading it.
    pub notes: Vec<Note>,
}

impl Opening {
    /// Begins with a log of this many bytes, none of which has been read yet; the size is only an
    /// estimate.
    #[must_use]
    pub fn new(size: u64, options: ViewOptions) -> Self {
        Self {
            feed: LogFeed::default(),
            view: SessionView::default(),
            options,
            size,
            read: 0,
            has_room: false,
        }
    }

    /// The size of the log in bytes, and how many of them have been read.
    #[must_use]
    pub const fn progress(&self) -> (u64, u64) {
        (self.read, self.size)
    }

    /// How many messages have been read.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.view.session().message_count()
    }

    /// Reads the next piece.
    ///
    /// # Errors
    ///
    /// [`LogError`] at the first line that makes the log unreadable.
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), LogError> {
        self.read += piece.len() as u64;
        let mut lines = Vec::new();
        let result = self.feed.feed(piece, |entry| keep(entry, &mut lines));
        self.take(lines);
        result
    }

    /// The log is complete.
    ///
    /// # Errors
    ///
    /// As for [`feed`](Self::feed).
    pub fn finish(mut self) -> Result<Opened, LogError> {
        let mut lines = Vec::new();
        let feed = std::mem::take(&mut self.feed);
        let (header, notes) = feed.finish(|entry| keep(entry, &mut lines))?;
        self.take(lines);
        self.view.end_as_log(&header);
        self.view.update_rows(&self.options);
        Ok(Opened {
            header,
            view: self.view,
            notes,
        })
    }

    fn take(&mut self, lines: Vec<LogLine>) {
        /// How many facts it takes to estimate their average length.
        const SAMPLE: usize = 100;
        self.view.push_all(lines);
        self.view.update_rows(&self.options);
        let count = self.view.session().facts().len() as u64;
        if !self.has_room && count >= SAMPLE as u64 {
            self.has_room = true;
            // A little more than computed, because lines get longer as their numbers do.
            let rest = self.size.saturating_sub(self.read);
            let facts = rest.saturating_mul(count) / self.read.max(1);
            let facts = usize::try_from(facts + facts / 64).unwrap_or_default();
            self.view.reserve(facts);
        }
    }
}

fn keep(entry: Entry, lines: &mut Vec<LogLine>) {
    lines.extend(entry.into_fact());
}
