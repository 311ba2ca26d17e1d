//! A session as one report for an issue: environment, summary, findings, ladder, timeline.
//! `callscope report` prints it, and the panel saves it.

mod finding;
mod html;
mod markdown;

use callscope_protocol::{
    Conversation, Fact, Finding, Gap, Inside, InsideKind, Millis, RecordedMessage, Severity,
};
use callscope_session_log::{Header, Log};
use callscope_session_view::findings::{self, Group};
use callscope_session_view::ladder::{Choice, Ladder, ladders};
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::{Digest, SessionView, header, words};

pub use finding::finding_markdown;

/// The longest issue or comment that GitHub accepts, in characters.
pub const GITHUB_LIMIT: usize = 65_536;

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A page without scripts, with pictures inside.
    Html,
    /// Markdown with a Mermaid diagram, as GitHub shows it.
    Markdown,
}

/// The contents of a report, in whatever format.
#[derive(Debug)]
pub struct Report {
    header: Header,
    whole: SessionView,
    ladders: Vec<Ladder>,
    is_redacted: bool,
}

impl Report {
    /// The report on a log, which states whether the log was redacted: by its own word, or for the
    /// report.
    #[must_use]
    pub fn new(log: Log, is_redacted: bool) -> Self {
        let header = log.header.clone();
        let is_redacted = is_redacted || header.redacted;
        let mut whole = SessionView::from(log);
        whole.update_rows(&ViewOptions::everything());
        Self {
            ladders: ladders(&whole, Choice::default()),
            header,
            whole,
            is_redacted,
        }
    }

    /// The report as text.
    #[must_use]
    pub fn write(&self, format: Format) -> String {
        let mut text = String::new();
        let written = match format {
            Format::Html => html::write(self, &mut text),
            Format::Markdown => markdown::write(self, &mut text),
        };
        debug_assert!(written.is_ok(), "a String does not fail");
        text
    }

    /// The label and value of each fact about the recording.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let facts = header::facts(&self.header).filter(|(label, _)| *label != header::PRIVACY);
        let facts = facts.map(|(label, value)| (label, value.to_owned()));
        let mut rows: Vec<_> = facts.collect();
        rows.push(("Checked with", header::TOOL.to_owned()));
        let privacy = if self.is_redacted {
            "numbers, names and ids were replaced"
        } else {
            "nothing was replaced: this report may hold personal data"
        };
        rows.push(("Privacy", privacy.to_owned()));
        rows
    }

    /// "2 errors, 1 warning, no notes".
    fn finding(&self) -> String {
        let counted = findings::Counts::of(self.whole.session());
        let counts = counted.worst_first().map(|(severity, count)| match count {
            0 => format!("no {severity}s"),
            count => words::counted(count as u64, severity.name()),
        });
        let strangers = words::of_strangers(counted.of_strangers as u64);
        let parts: Vec<String> = counts.into_iter().chain(strangers).collect();
        parts.join(", ")
    }

    /// "42 messages in 3 min 05 s, 0 missing, 0 injected."; the missing messages are worded as in
    /// the panel.
    fn numbers(&self) -> String {
        let session = self.whole.session();
        let facts = session.facts();
        let times = || {
            let times = facts.iter().map(|placed| placed.fact.at().0);
            times.filter(|at| at.is_finite())
        };
        let first = times().min_by(f64::total_cmp);
        let span = times().max_by(f64::total_cmp).zip(first);
        let injected = self.whole.messages().filter(|it| it.injected).count();
        format!(
            "{} in {}, {}, {} injected.",
            words::counted(session.message_count() as u64, "message"),
            words::duration(Millis(span.map_or(0.0, |(last, first)| last - first))),
            words::missing_line(session.summary().missing),
            words::count(injected as u64)
        )
    }

    /// Each conversation, and the outcome of its handshake.
    fn conversations(&self) -> impl Iterator<Item = (String, String)> {
        let words = |it: &Conversation| (words::conversation(it), words::link(it));
        self.whole.session().conversations().map(words)
    }

    /// The findings by rule, the worst first; those about a frame that HubSpot does not sync with are
    /// grouped together.
    fn findings(&self) -> Vec<Section<'_>> {
        let session = self.whole.session();
        let is_strangers = |it: &_| findings::is_strangers(session, it);
        let mut last = None;
        let groups = findings::groups(session.findings(), is_strangers).into_iter();
        let sections = groups.map(|group| {
            let stranger = group.stranger;
            let is_new = std::mem::replace(&mut last, stranger) != stranger;
            let heading = stranger.filter(|_| is_new);
            let heading = heading.map(|id| format!("Conversation {}: {}", id.0, words::STRANGER));
            Section { heading, group }
        });
        sections.collect()
    }

    /// What happened, in session order.
    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let facts = self.whole.session().facts().iter();
        facts.filter_map(|placed| match &placed.fact {
            Fact::Message(recorded) => {
                let digest = self.whole.digest(placed.id)?;
                Some(Entry::Message(recorded, digest))
            }
            Fact::Gap(gap) => Some(Entry::Gap(gap)),
            // The message itself is listed.
            Fact::Inside(inside) => {
                (inside.what != InsideKind::Sent).then_some(Entry::Inside(inside))
            }
            Fact::Conversation(_) | Fact::Closed(_) | Fact::Setting(_) | Fact::End(_) => None,
        })
    }
}

/// The findings of a rule, and the heading above them.
struct Section<'a> {
    heading: Option<String>,
    group: Group<'a>,
}

/// " (note)" after a finding that is less bad than the heading of its rule says.
fn aside(group_severity: Severity, finding: &Finding) -> String {
    match finding.severity {
        severity if severity < group_severity => format!(" ({severity})"),
        _ => String::new(),
    }
}

/// A line of the timeline.
enum Entry<'a> {
    Message(&'a RecordedMessage, &'a Digest),
    Gap(&'a Gap),
    Inside(&'a Inside),
}

/// The time of day in UTC, because a report may be read in another time zone.
fn time_of_day(at: Millis) -> String {
    words::UtcOffset::UTC.time_of_day(at)
}
