//! Findings as annotations for GitHub Actions.
//!
//! GitHub shows ten of each kind per step, and all of them in the step's log.

use std::io::{self, Write as _};

use callscope_protocol::Severity;
use callscope_session_view::words::BY_STRANGER;

use super::spool::Spool;
use super::{Counts, LogEnd, Printer};
use crate::analysis::{LocatedFinding, Stream};
use crate::input::{Input, Opened};
use crate::output::Output;
use crate::text::safe;
use crate::words;

/// Prints one workflow command per finding.
#[derive(Default)]
pub(super) struct Github {
    file: String,
    /// The commands of the log being read.
    pending: Spool,
}

impl Printer for Github {
    fn begin(&mut self, input: &Input, _: &mut Opened) {
        self.file = input.path();
        self.pending.clear();
    }

    fn finding(&mut self, located: LocatedFinding, _: &mut Stream) -> io::Result<()> {
        let finding = &located.finding;
        let line = located
            .line
            .map_or(String::new(), |line| format!(",line={line}"));
        let title = format!("{} {}", finding.rule.code, finding.rule.title);
        let file = &self.file;
        self.pending.push(finding, |is_strangers| {
            let (command, cure) = match (is_strangers, finding.severity) {
                (true, _) => ("notice", BY_STRANGER.to_owned()),
                (false, Severity::Error) => ("error", words::cure(finding)),
                (false, Severity::Warning) => ("warning", words::cure(finding)),
                (false, Severity::Note) => ("notice", words::cure(finding)),
            };
            format!(
                "::{command} file={}{line},title={}::{}%0A{}",
                property(file),
                property(&title),
                value(&finding.message),
                value(&cure)
            )
        })
    }

    fn end(&mut self, end: &LogEnd<'_>, _: &mut Opened, out: &mut Output) -> anyhow::Result<()> {
        self.pending
            .drain(end, |command| writeln!(out, "{command}"))?;
        Ok(())
    }

    fn refused(
        &mut self,
        input: &Input,
        error: &anyhow::Error,
        out: &mut Output,
    ) -> anyhow::Result<()> {
        self.pending.clear();
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
            of_strangers,
            ..
        } = counts;
        let strangers = words::of_strangers(of_strangers);
        writeln!(
            out,
            "callscope: {}, {}, {}{}",
            words::counted(errors, "error"),
            words::counted(warnings, "warning"),
            words::counted(notes, "note"),
            strangers.map_or(String::new(), |words| format!(", {words}"))
        )?;
        Ok(())
    }
}

/// Escapes the text after the last `::`.
fn value(text: &str) -> String {
    safe(text).replace('%', "%25")
}

/// Escapes the text of a property.
fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}
