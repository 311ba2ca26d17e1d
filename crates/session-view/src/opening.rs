//! A log that is opened while its bytes still come.

use callscope_session_log::{Entry, Header, LogError, LogFeed, LogLine, Note};

use crate::SessionView;
use crate::rows::Look;

/// A log on its way to a [`SessionView`].
///
/// Each piece is read, checked and given its rows when it comes, so that whoever has to do
/// something else as well can do it between two pieces. The outcome is that of reading the whole.
#[derive(Debug)]
pub struct Opening {
    feed: LogFeed,
    view: SessionView,
    look: Look,
    /// How many bytes the log has.
    size: u64,
    /// How many have come.
    read: u64,
    has_room: bool,
}

/// A log that was opened.
#[derive(Debug)]
pub struct Opened {
    /// What it says about itself.
    pub header: Header,
    /// Its session, with the rows of the look that it was opened with.
    pub view: SessionView,
    /// What is to be known about the reading of it.
    pub notes: Vec<Note>,
}

impl Opening {
    /// Begins with a log of so many bytes, of which nothing has come yet; the size is an estimate
    /// and no more.
    #[must_use]
    pub fn new(size: u64, look: Look) -> Self {
        Self {
            feed: LogFeed::default(),
            view: SessionView::default(),
            look,
            size,
            read: 0,
            has_room: false,
        }
    }

    /// How many bytes the log has, and how many of them have come.
    #[must_use]
    pub const fn progress(&self) -> (u64, u64) {
        (self.read, self.size)
    }

    /// How many messages have come.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.view.session().message_count()
    }

    /// Takes in the next piece.
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

    /// Nothing comes any more.
    ///
    /// # Errors
    ///
    /// As of [`feed`](Self::feed).
    pub fn finish(mut self) -> Result<Opened, LogError> {
        let mut lines = Vec::new();
        let feed = std::mem::take(&mut self.feed);
        let (header, notes) = feed.finish(|entry| keep(entry, &mut lines))?;
        self.take(lines);
        self.view.end_as_log(&header);
        self.view.look_at(&self.look);
        Ok(Opened {
            header,
            view: self.view,
            notes,
        })
    }

    fn take(&mut self, lines: Vec<LogLine>) {
        /// So many facts say how long they are on the average.
        const SAMPLE: usize = 100;
        self.view.push_all(lines);
        self.view.look_at(&self.look);
        let count = self.view.session().facts().len() as u64;
        if !self.has_room && count >= SAMPLE as u64 {
            self.has_room = true;
            // A little more than it should take, for lines get longer as numbers do.
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
