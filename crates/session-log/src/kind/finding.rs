//! `finding`: what the checker reported, for people who read the log.

use callscope_protocol::{Cause, ConversationId, Finding};

use crate::keys::Kind;
use crate::line_writer::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "finding",
    keys: &[
        "code",
        "severity",
        "conversation",
        "seq",
        "at",
        "title",
        "message",
        "related",
        "cause",
        "causeSeq",
    ],
};

/// Writes a finding as one line for people who read the log, without a line end.
pub(crate) fn write_finding(finding: &Finding) -> String {
    let Finding {
        rule,
        severity,
        conversation: ConversationId(conversation),
        seq,
        fact: _,
        call: _,
        at,
        message,
        related,
        fields: _,
        cause,
        stage: _,
        // The rule says more.
        advice: _,
    } = finding;
    let mut line = LineWriter::new(&KIND);
    line.text("code", rule.code);
    line.text("severity", severity.name());
    line.whole("conversation", u64::from(*conversation));
    if let Some(seq) = seq {
        line.whole("seq", *seq);
    }
    line.at(*at);
    line.text("title", rule.title);
    line.text("message", message);
    if !related.is_empty() {
        line.wholes("related", related);
    }
    if let Some(Cause { rule, seq, .. }) = cause {
        line.text("cause", rule.code);
        if let Some(seq) = seq {
            line.whole("causeSeq", *seq);
        }
    }
    line.finish()
}
