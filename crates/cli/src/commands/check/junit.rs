//! Findings as `JUnit` XML: one suite per log, one test case per finding.
//!
//! A finding at or above the level of `--deny` is a failure. A milder one, or one about a frame
//! that HubSpot does not sync with, is a passing case with output. A log that could not be read is
//! an error.

use std::io::{self, Write as _};

use callscope_session_view::words::BY_STRANGER;

use super::spool::Spool;
use super::{Counts, Deny, LogEnd, Printer};
use crate::analysis::{LocatedFinding, Stream};
use crate::input::{Input, Opened};
use crate::output::Output;
use crate::text::xml;
use crate::words;

/// Prints one `testsuites` element for all logs.
pub(super) struct Junit {
    deny: Deny,
    has_begun: bool,
    file: String,
    /// The test cases of the log being read: their suite's counts are printed before them.
    pending: Spool,
    tests: u64,
}

impl Junit {
    pub(super) fn new(deny: Deny) -> Self {
        Self {
            deny,
            has_begun: false,
            file: String::new(),
            pending: Spool::default(),
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
        self.pending.clear();
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
        let is_denied = self.deny.denies(finding.severity);
        self.pending.push(finding, |is_strangers| {
            let body = if is_strangers {
                let details = xml_lines(&format!("{details}\n{BY_STRANGER}"));
                format!("<system-out>{details}</system-out>")
            } else if is_denied {
                let (severity, message) = (finding.severity, xml(&finding.message));
                let details = xml_lines(&details);
                format!("<failure type=\"{severity}\" message=\"{message}\">{details}</failure>")
            } else {
                format!("<system-out>{}</system-out>", xml_lines(&details))
            };
            format!(
                "    <testcase classname=\"{}\" name=\"{}\">\n      {body}\n    </testcase>",
                xml(&place),
                xml(&format!("{} {}{what}", rule.code, rule.title))
            )
        })
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
        if self.pending.is_empty() {
            writeln!(
                out,
                "    <testcase classname=\"session\" name=\"no findings\"/>"
            )?;
        }
        self.pending.drain(end, |case| writeln!(out, "{case}"))?;
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
        self.pending.clear();
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

/// The same for Callscope's own text of several lines.
fn xml_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(xml).collect();
    lines.join("\n")
}
