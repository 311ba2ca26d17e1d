//! Findings as annotations for GitHub Actions.
//!
//! GitHub shows ten of each kind per step, and all in the step's log.

use std::io::{self, Seek as _, Write};

use callscope_protocol::Severity;
use tempfile::SpooledTempFile;

use super::{Counts, LogEnd, Printer};
use crate::analysis::{LocatedFinding, Stream};
use crate::input::{Input, Opened};
use crate::output::Output;
use crate::text::safe;
use crate::words;

const SPOOL_BYTES: usize = 4 << 20;

/// Prints one workflow command per finding.
#[derive(Default)]
pub(super) struct Github {
    file: String,
    /// The commands of the log that is being read.
    pending: Option<SpooledTempFile>,
}

impl Printer for Github {
    fn begin(&mut self, input: &Input, _: &mut Opened) {
        self.file = input.path();
        self.pending = None;
    }

    fn finding(&mut self, located: LocatedFinding, _: &mut Stream) -> io::Result<()> {
        let finding = &located.finding;
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let line = located
            .line
            .map_or(String::new(), |line| format!(",line={line}"));
        let title = format!("{} {}", finding.rule.code, finding.rule.title);
        let out = self
            .pending
            .get_or_insert_with(|| SpooledTempFile::new(SPOOL_BYTES));
        writeln!(
            out,
            "::{command} file={}{line},title={}::{}%0A{}",
            property(&self.file),
            property(&title),
            value(&finding.message),
            value(&words::cure(finding))
        )
    }

    fn end(&mut self, _: &LogEnd<'_>, _: &mut Opened, out: &mut Output) -> anyhow::Result<()> {
        if let Some(mut pending) = self.pending.take() {
            pending.rewind()?;
            io::copy(&mut pending, out)?;
        }
        Ok(())
    }

    fn refused(
        &mut self,
        input: &Input,
        error: &anyhow::Error,
        out: &mut Output,
    ) -> anyhow::Result<()> {
        self.pending = None;
        let file = property(&input.path());
        writeln!(
            out,
            "::error file={file},title=Unreadable log::{}",
            value(&format!("{error:#}"))
        )?;
        Ok(())
    }

    fn finish(&mut self, counts: Counts, out: &mut Output) -> anyhow::Result<()> {
        let Counts {
            errors,
            warnings,
            notes,
            ..
        } = counts;
        writeln!(
            out,
            "callscope: {}, {}, {}",
            words::counted(errors, "error"),
            words::counted(warnings, "warning"),
            words::counted(notes, "note")
        )?;
        Ok(())
    }
}

/// Text after the last `::`.
fn value(text: &str) -> String {
    safe(text).replace('%', "%25")
}

/// Text of a property.
fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}
