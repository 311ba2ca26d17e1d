//! Any course of events as a session.

use callscope_protocol::{Checker, Fact, Finding, Millis};
use callscope_session_log::{Log, Session};

mod script;

pub use script::Script;

use crate::{again, finding_key, finding_keys, redacted};

/// Checks the session in all the ways in which it may come in.
pub fn run(script: &Script) {
    let facts = script.facts();
    let all = check(&facts);
    for finding in &all {
        assert!(!finding.message.is_empty());
    }

    // The beginning of a session has the beginning of its findings.
    let beginning = facts.get(..script.cut(facts.len())).unwrap_or_default();
    let some = check(beginning);
    let expected = all.get(..some.len()).map(words_of);
    assert_eq!(Some(words_of(&some)), expected);

    assert_comes_to_an_end(&facts);
    assert_order_of_arrival_is_nothing(&facts, script.cut(facts.len()));

    let log = Log {
        entries: facts
            .into_iter()
            .map(|fact| callscope_session_log::Entry::Fact(fact.into()))
            .collect(),
        ..Log::default()
    };
    let expected = finding_keys(&Session::from(log.clone()));
    assert_eq!(
        finding_keys(&Session::from(again(&log))),
        expected,
        "written"
    );
    assert_eq!(
        finding_keys(&Session::from(redacted(&log))),
        expected,
        "redacted"
    );
}

fn check(facts: &[Fact]) -> Vec<Finding> {
    let mut checker = Checker::new();
    for fact in facts {
        checker.observe(fact);
        for conversation in checker.conversations() {
            assert!(!conversation.sdk_words().is_empty());
        }
    }
    checker.drain_findings()
}

fn words_of(findings: &[Finding]) -> Vec<impl PartialEq + std::fmt::Debug> {
    findings
        .iter()
        .map(|finding| (finding_key(finding), finding.message.clone()))
        .collect()
}

/// Silence has only so much to be said about.
fn assert_comes_to_an_end(facts: &[Fact]) {
    const MOST_ROUNDS: usize = 1_000;
    let mut checker = Checker::new();
    for fact in facts {
        checker.observe(fact);
    }
    let mut rounds = 0;
    while let Some(deadline) = checker.next_deadline() {
        checker.advance(deadline);
        rounds += 1;
        assert!(rounds < MOST_ROUNDS, "{deadline:?}");
    }
}

/// A recorder's facts may come late, and the clock may run on before they do.
fn assert_order_of_arrival_is_nothing(facts: &[Fact], cut: usize) {
    let arrived = || (0_u64..).zip(facts.iter().cloned());
    let latest = facts
        .iter()
        .map(|fact| fact.at().0)
        .filter(|at| at.is_finite())
        .fold(0.0, f64::max);
    let now = Millis(latest + 60_000.0);

    let mut at_once = Session::new();
    at_once.insert_all(arrived());
    at_once.advance(now);

    let mut in_pieces = Session::new();
    in_pieces.insert_all(arrived().skip(cut));
    in_pieces.advance(now);
    for (id, fact) in arrived().take(cut).collect::<Vec<_>>().into_iter().rev() {
        in_pieces.insert(id, fact);
    }
    assert_eq!(finding_keys(&in_pieces), finding_keys(&at_once));
}
