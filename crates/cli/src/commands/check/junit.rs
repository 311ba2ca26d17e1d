//! Findings as `JUnit` XML: one suite per log, one test case per finding.
//!
//! A finding at or above the level of `--deny` is a failure, a milder one is a case that passes
//! and says what it found. A log that could not be read is an error.

use std::io::{self, Seek as _, Write};

use tempfile::SpooledTempFile;

use super::{Counts, Deny, LogEnd, Printer};
use crate::analysis::{LocatedFinding, Stream};
use crate::input::{Input, Opened};
use crate::output::Output;
use crate::text::xml;
use crate::words;

const SPOOL_BYTES: usize = 4 << 20;

/// Prints one `testsuites` element for all logs.
pub(super) struct Junit {
    deny: Deny,
    has_begun: bool,
    file: String,
    /// The cases of the log that is being read: their suite's counts come before them.
    pending: Option<SpooledTempFile>,
    tests: u64,
}

impl Junit {
    pub(super) const fn new(deny: Deny) -> Self {
        Self {
            deny,
            has_begun: false,
            file: String::new(),
            pending: None,
            tests: 0,
        }
    }

    fn start(&mut self, out: &mut Output) -> io::Result<()> {
        if !std::mem::replace(&mut self.has_begun, true) {
            writeln!(
                out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"callscope\">"
            )?;
        }
        Ok(())
    }
}

impl Printer for Junit {
    fn begin(&mut self, input: &Input, _: &mut Opened) {
        self.file = input.path();
        self.pending = None;
        self.tests = 0;
    }

    fn finding(&mut self, located: LocatedFinding, _: &mut Stream) -> io::Result<()> {
        let finding = &located.finding;
        let rule = finding.rule;
        let mut place = format!("conversation {}", finding.conversation.0);
        if let Some(call) = finding.call {
            place.push_str(&format!(", call {}", call.serial));
        }
        let what = finding
            .seq
            .map_or(String::new(), |seq| format!(", message {seq}"));
        let line = located
            .line
            .map_or(String::new(), |line| format!(":{line}"));
        let details = format!(
            "{}{line}: {} {}: {}\nWhy: {}\n{}",
            self.file,
            finding.severity,
            rule.code,
            finding.message,
            rule.why,
            words::cure(finding)
        );
        self.tests += 1;
        let out = self
            .pending
            .get_or_insert_with(|| SpooledTempFile::new(SPOOL_BYTES));
        writeln!(
            out,
            "    <testcase classname=\"{}\" name=\"{}\">",
            xml(&place),
            xml(&format!("{} {}{what}", rule.code, rule.title))
        )?;
        if self.deny.denies(finding.severity) {
            writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">{}</failure>",
                finding.severity,
                xml(&finding.message),
                xml_lines(&details)
            )?;
        } else {
            writeln!(
                out,
                "      <system-out>{}</system-out>",
                xml_lines(&details)
            )?;
        }
        writeln!(out, "    </testcase>")
    }

    fn end(&mut self, end: &LogEnd<'_>, _: &mut Opened, out: &mut Output) -> anyhow::Result<()> {
        self.start(out)?;
        let failures = end.checked.counts.denied(self.deny);
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\">",
            xml(&self.file),
            self.tests.max(1),
        )?;
        match self.pending.take() {
            Some(mut pending) => {
                pending.rewind()?;
                io::copy(&mut pending, out)?;
            }
            None => writeln!(
                out,
                "    <testcase classname=\"session\" name=\"no findings\"/>"
            )?,
        }
        writeln!(out, "  </testsuite>")?;
        Ok(())
    }

    fn refused(
        &mut self,
        input: &Input,
        error: &anyhow::Error,
        out: &mut Output,
    ) -> anyhow::Result<()> {
        self.start(out)?;
        self.pending = None;
        let error = xml(&format!("{error:#}"));
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"1\" failures=\"0\" errors=\"1\">\n    \
             <testcase classname=\"session\" name=\"the log can be read\">\n      \
             <error message=\"{error}\"/>\n    </testcase>\n  </testsuite>",
            xml(&input.path()),
        )?;
        Ok(())
    }

    fn finish(&mut self, _: Counts, out: &mut Output) -> anyhow::Result<()> {
        self.start(out)?;
        writeln!(out, "</testsuites>")?;
        Ok(())
    }
}

/// The same for our own text in several lines.
fn xml_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(xml).collect();
    lines.join("\n")
}
