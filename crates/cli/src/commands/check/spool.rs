//! Findings that wait for the end of their log.
//!
//! Only then is it known whether the log can be read, and whether a frame is a stranger. Memory
//! does not grow with their number: beyond a bound they wait in a temporary file.

use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};

use callscope_protocol::{Conversation, ConversationId, Finding};
use tempfile::SpooledTempFile;

use super::LogEnd;

/// Findings beyond this go to a temporary file.
const BYTES: usize = 4 << 20;

/// What is to be printed of findings, in two forms: as a widget's, and as a stranger's.
#[derive(Debug, Default)]
pub(super) struct Spool(Option<SpooledTempFile>);

impl Spool {
    /// Keeps a finding.
    pub(super) fn push(
        &mut self,
        finding: &Finding,
        print: impl Fn(bool) -> String,
    ) -> io::Result<()> {
        let conversation = finding.is_about_conversation();
        let conversation = conversation.then_some(finding.conversation.0);
        let file = self.0.get_or_insert_with(|| SpooledTempFile::new(BYTES));
        serde_json::to_writer(&mut *file, &(conversation, print(false), print(true)))?;
        file.write_all(b"\n")
    }

    /// Gives what was kept, in order, and forgets it; nothing if nothing was kept.
    pub(super) fn drain(
        &mut self,
        end: &LogEnd<'_>,
        mut each: impl FnMut(&str) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(mut file) = self.0.take() else {
            return Ok(());
        };
        file.rewind()?;
        for line in BufReader::new(file).lines() {
            let (conversation, widgets, strangers): (Option<u32>, String, String) =
                serde_json::from_str(&line?)?;
            let conversation = conversation.and_then(|id| end.conversation(ConversationId(id)));
            let is_strangers = conversation.is_some_and(Conversation::is_strangers);
            each(if is_strangers { &strangers } else { &widgets })?;
        }
        Ok(())
    }

    /// Whether nothing was kept.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Forgets what was kept.
    pub(super) fn clear(&mut self) {
        self.0 = None;
    }
}
