//! Findings that wait for the end of their log.
//!
//! Only at the end is it known whether the log can be read, and whether a frame is a stranger.
//! Memory does not grow with the number of findings: beyond a limit, they wait in a temporary file.

use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};

use callscope_protocol::{Conversation, ConversationId, Finding};
use tempfile::SpooledTempFile;

use super::LogEnd;

/// Findings beyond this many bytes go to a temporary file.
const BYTES: usize = 4 << 20;

/// The printed text of findings, in two forms: as a widget's, and as a stranger's.
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

    /// Returns the stored findings in order and forgets them; nothing if none were stored.
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

    /// Whether no findings are stored.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Forgets the stored findings.
    pub(super) fn clear(&mut self) {
        self.0 = None;
    }
}
