//! What the fuzz targets hold against any input: it is read or refused, judged alike whichever
//! way it comes, and nothing panics.
//!
//! One module a target; each has a `run` that panics where something does not hold.
//! Slowness and memory are for the fuzzer to measure.

pub mod check;
pub mod decode;
pub mod filter;
pub mod read_log;

use callscope_protocol::Finding;
use callscope_session_log::{Log, Redactor, Session};

/// A finding without its words, which may quote what is redacted.
type FindingKey = (
    &'static str,
    &'static str,
    u32,
    Option<u64>,
    Option<u64>,
    Vec<u64>,
);

fn finding_key(finding: &Finding) -> FindingKey {
    (
        finding.rule.code,
        finding.severity.name(),
        finding.conversation.0,
        finding.seq,
        // Bits, so that a time that is not a number equals itself.
        Some(finding.at.0.to_bits()),
        finding.related.clone(),
    )
}

fn finding_keys(session: &Session) -> Vec<FindingKey> {
    session.findings().iter().map(finding_key).collect()
}

/// The log, once written and read again.
fn again(log: &Log) -> Log {
    let text = log.to_text();
    let mut again = Log::read(text.as_bytes()).expect("what is written can be read");
    assert_eq!(again.to_text(), text, "written twice alike");
    again.notes.clone_from(&log.notes);
    again
}

/// The log without people, once written and read again.
fn redacted(log: &Log) -> Log {
    again(&Redactor::new(*b"the same salt!!!").log(log))
}
