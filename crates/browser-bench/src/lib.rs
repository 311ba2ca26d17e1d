//! Runs the checker in a page, for `cargo xtask bench checker`.
//!
//! A page gets three functions, none of which reads a clock: `callscopeBench.load(log, messages)`
//! repeats a session until there are at least this many messages, `callscopeBench.check()` checks
//! them all, and `callscopeBench.read()` does the same starting from the lines of the log, as the
//! panel receives them.

#[cfg(target_arch = "wasm32")]
mod edge;

use callscope_protocol::{Checker, ConversationId, Fact};
use callscope_session_log::{Entry, Log, read_fact, write_fact};

/// Consecutive sessions, as facts and as lines.
#[derive(Debug, Default)]
pub struct Course {
    facts: Vec<Fact>,
    lines: Vec<String>,
    messages: u32,
}

impl Course {
    /// Repeats the session of `log`, each time with new conversations and later times, until there
    /// are at least `messages` messages.
    ///
    /// # Errors
    ///
    /// The log cannot be read, or has no messages to repeat.
    pub fn repeat(log: &str, messages: u32) -> Result<Self, String> {
        let log = Log::read(log.as_bytes()).map_err(|error| error.to_string())?;
        let session: Vec<&Fact> = (log.facts())
            .filter(|fact| !matches!(fact, Fact::End(_)))
            .collect();
        if !session.iter().any(|fact| matches!(fact, Fact::Message(_))) {
            return Err("the log has no messages".to_owned());
        }
        let times = session.iter().map(|fact| fact.at().0);
        let (first, last) = times.fold((f64::MAX, f64::MIN), |(first, last), at| {
            (first.min(at), last.max(at))
        });
        // A second passes between two sessions.
        let span = last - first + 1_000.0;
        let conversations = session.iter().map(|fact| conversation(fact)).max();
        let conversations = conversations.unwrap_or(0) + 1;

        let mut course = Self::default();
        for round in 0.. {
            if course.messages >= messages {
                break;
            }
            for fact in &session {
                let mut fact = (*fact).clone();
                move_on(&mut fact, round * conversations, f64::from(round) * span);
                if let Fact::Message(recorded) = &mut fact {
                    course.messages += 1;
                    recorded.seq = u64::from(course.messages);
                }
                course.lines.push(write_fact(&fact));
                course.facts.push(fact);
            }
        }
        Ok(course)
    }

    /// The number of messages.
    #[must_use]
    pub const fn messages(&self) -> u32 {
        self.messages
    }

    /// Checks them all; returns the number of findings.
    #[must_use]
    pub fn check(&self) -> u32 {
        let mut judge = Judge::default();
        self.facts.iter().for_each(|fact| judge.take_in(fact));
        judge.findings
    }

    /// Reads the lines and checks their facts; returns the number of findings.
    #[must_use]
    pub fn read(&self) -> u32 {
        let mut judge = Judge::default();
        for line in &self.lines {
            if let Ok(Entry::Fact(line)) = read_fact(line) {
                judge.take_in(&line.fact);
            }
        }
        judge.findings
    }
}

/// A checker whose findings are only counted.
#[derive(Default)]
struct Judge {
    checker: Checker,
    findings: u32,
}

impl Judge {
    fn take_in(&mut self, fact: &Fact) {
        self.checker.observe(fact);
        let findings = self.checker.drain_findings().len();
        self.findings += u32::try_from(findings).unwrap_or(u32::MAX);
        drop(self.checker.drain_calls());
    }
}

/// Moves a fact to other conversations and a later time.
fn move_on(fact: &mut Fact, conversations: u32, later: f64) {
    let add = |id: &mut ConversationId| id.0 += conversations;
    let at = match fact {
        Fact::Message(recorded) => {
            add(&mut recorded.conversation);
            &mut recorded.at
        }
        Fact::Gap(gap) => {
            gap.conversation.iter_mut().for_each(add);
            &mut gap.at
        }
        Fact::Conversation(start) => {
            add(&mut start.id);
            start.continues.iter_mut().for_each(add);
            &mut start.at
        }
        Fact::Closed(closed) => {
            add(&mut closed.conversation);
            &mut closed.at
        }
        Fact::Inside(inside) => {
            inside.conversation.iter_mut().for_each(add);
            &mut inside.at
        }
        Fact::Setting(setting) => &mut setting.at,
        Fact::End(at) => at,
    };
    at.0 += later;
}

/// The number of the conversation that a fact belongs to; 0 if it belongs to none.
const fn conversation(fact: &Fact) -> u32 {
    match fact {
        Fact::Message(recorded) => recorded.conversation.0,
        Fact::Conversation(start) => start.id.0,
        Fact::Closed(closed) => closed.conversation.0,
        Fact::Gap(_) | Fact::Setting(_) | Fact::Inside(_) | Fact::End(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_session_is_good_again_and_again() {
        let log = include_str!("../../../fixtures/well-behaved/widget-0.9.7.callscope.jsonl");
        let once = Course::repeat(log, 1).unwrap();
        let often = Course::repeat(log, once.messages() * 3).unwrap();
        assert_eq!(often.messages(), once.messages() * 3);
        assert_eq!(often.check(), once.check() * 3);
        assert_eq!(often.read(), often.check());
    }

    #[test]
    fn what_has_no_messages_cannot_be_repeated() {
        assert_eq!(
            Course::repeat("", 1).unwrap_err(),
            "the log is empty".to_owned()
        );
        let header = r#"{"kind":"header","format":"callscope-session","version":1}"#;
        assert_eq!(
            Course::repeat(header, 1).unwrap_err(),
            "the log has no messages".to_owned()
        );
    }
}
