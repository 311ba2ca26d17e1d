//! The lines of a session around the point where a scenario failed.

use callscope_protocol::{Fact, Millis, Side};
use callscope_session_log::{Placed, Session};
use callscope_session_view::{Digest, words};

use crate::verdict::Failure;

/// How many lines are shown before and after the message that the failure is about.
const BEFORE: usize = 8;
const AFTER: usize = 3;

/// A line of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionLine {
    /// The message's number; `None` for what is not a message.
    pub seq: Option<u64>,
    /// The time since the beginning of the session.
    pub at: Millis,
    /// Who sent it.
    pub from: Option<Side>,
    /// The type of the message, or what happened.
    pub what: String,
    /// What tells it apart from others of its type.
    pub summary: String,
    /// Whether the failure is about it.
    pub is_it: bool,
}

/// The lines around the message that a failure is about; without one, the last lines.
#[must_use]
pub fn around(session: &Session, failure: &Failure) -> Vec<SessionLine> {
    let facts = session.facts();
    let first = facts.first().map_or(Millis(0.0), |it| it.fact.at());
    let lines: Vec<SessionLine> = facts
        .iter()
        .filter_map(|it| line(it, first, failure.seq))
        .collect();
    let lines = folded(lines);
    let it = lines.iter().position(|it| it.is_it);
    let end = it.map_or(lines.len(), |it| (it + 1 + AFTER).min(lines.len()));
    let start = it.unwrap_or(end).saturating_sub(BEFORE);
    lines.into_iter().take(end).skip(start).collect()
}

fn line(placed: &Placed, first: Millis, it: Option<u64>) -> Option<SessionLine> {
    let at = placed.fact.at() - first;
    match &placed.fact {
        Fact::Message(recorded) => {
            let digest = Digest::new(recorded);
            Some(SessionLine {
                seq: Some(recorded.seq),
                at,
                from: Some(recorded.from),
                what: digest.type_words().to_owned(),
                summary: digest.summary.into(),
                is_it: it == Some(recorded.seq),
            })
        }
        fact @ Fact::Closed(_) => Some(SessionLine {
            seq: None,
            at,
            from: None,
            what: words::remark(fact),
            summary: String::new(),
            is_it: false,
        }),
        _ => None,
    }
}

/// Turns consecutive SYNCs into one line.
fn folded(lines: Vec<SessionLine>) -> Vec<SessionLine> {
    let mut kept: Vec<(SessionLine, u64)> = Vec::new();
    for line in lines {
        match kept.last_mut() {
            Some((last, count))
                if line.what == "SYNC" && last.what == "SYNC" && !line.is_it && !last.is_it =>
            {
                *count += 1;
            }
            _ => kept.push((line, 1)),
        }
    }
    kept.into_iter()
        .map(|(mut line, count)| {
            if count > 1 {
                line.summary = format!("{} times", words::count(count));
            }
            line
        })
        .collect()
}
