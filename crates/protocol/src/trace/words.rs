//! The checker's findings, as written beneath the lines of a trace.

use std::fmt::Write as _;

use super::play::{EPOCH, Player};
use crate::{Answer, Beginning, Call, Cause, Finding, MessageType, Millis};

impl Player {
    pub(in crate::trace) fn findings(&mut self) -> Vec<String> {
        let findings = self.checker.drain_findings().into_iter();
        findings
            .map(|finding| {
                let seq = match finding.seq {
                    Some(seq) if self.seqs.contains(&seq) => String::new(),
                    Some(seq) => format!(" [#{seq}]"),
                    None => " [–]".to_owned(),
                };
                let Finding {
                    rule,
                    severity,
                    message,
                    cause,
                    ..
                } = finding;
                let follows = cause.map_or_else(String::new, |Cause { rule, seq, .. }| match seq {
                    Some(seq) => format!(" (follows from {} [#{seq}])", rule.code),
                    None => format!(" (follows from {})", rule.code),
                });
                format!("! {}{seq} {severity} {message}{follows}", rule.code)
            })
            .collect()
    }

    pub(in crate::trace) fn calls(&mut self, is_last: bool) -> Vec<String> {
        let mut remarks = Vec::new();
        for (seq, placed) in self.placed.drain(..) {
            let call = placed.call.map(|call| format!("call {}", call.serial));
            let answers = placed.answers.map(|answer| {
                let Answer {
                    request,
                    answer_type,
                    latency,
                    ..
                } = answer;
                let asked = answer.request_type.map_or("?", MessageType::name);
                format!(
                    "{answer_type} answers #{request} {asked} after {} ms",
                    latency.0
                )
            });
            let words: Vec<String> = call.into_iter().chain(answers).collect();
            if !words.is_empty() {
                remarks.push(format!("~ #{seq} {}", words.join(", ")));
            }
        }
        let over = self.checker.drain_calls().into_iter();
        remarks.extend(over.map(|call| format!("~ over: {}", call_words(&call))));
        if is_last {
            let open = self.checker.open_calls();
            remarks.extend(open.map(|call| format!("~ open: {}", call_words(&call))));
            for id in self.checker.conversations().map(|it| it.id) {
                let waiting = self.checker.waiting(id);
                remarks.extend(waiting.map(|it| {
                    let since = it.since.0 - EPOCH;
                    format!(
                        "~ #{} waits since {since} for {}",
                        it.request, it.answers[0]
                    )
                }));
            }
        }
        remarks
    }
}

fn call_words(call: &Call) -> String {
    let Call {
        id,
        beginning,
        phase,
        since: _,
        direction,
        from,
        to,
        external_call_id,
        engagement_id,
        requested_at,
        started_at,
        answered_at,
        ended_at,
        end_status,
        first_seq,
        last_seq,
        message_count,
    } = call;
    let mut words = format!("call {} {}", id.serial, phase.words());
    match beginning {
        Beginning::Announced => {}
        Beginning::NeverAnnounced => words.push_str(" (never announced)"),
        Beginning::NotRecorded => words.push_str(" (beginning not recorded)"),
    }
    if let Some(direction) = direction {
        write!(words, " {direction:?}").unwrap();
    }
    let texts = [
        ("from", from),
        ("to", to),
        ("id", external_call_id),
        ("engagement", engagement_id),
        ("status", end_status),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            write!(words, " {name} {text}").unwrap();
        }
    }
    let times = [
        ("requested", requested_at),
        ("started", started_at),
        ("answered", answered_at),
        ("ended", ended_at),
    ];
    for (name, at) in times {
        if let Some(Millis(at)) = at {
            write!(words, " {name} {}", at - EPOCH).unwrap();
        }
    }
    write!(words, "; {message_count} of #{first_seq} to #{last_seq}").unwrap();
    words
}
