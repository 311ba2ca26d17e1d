//! Causes and consequences.

use std::fmt::Write as _;

use callscope_protocol::{Cause, ConversationId, Finding, Millis, Severity, Stage, rule};
use callscope_session_view::findings::{group_consequences, groups};
use callscope_session_view::words;
use expect_test::{Expect, expect};

/// `CODE SEQ SEVERITY`, with `< CODE SEQ` if it follows from that; `@2` in front names another
/// conversation.
fn finding(line: &str) -> Finding {
    let (conversation, line) = match line.strip_prefix('@') {
        Some(rest) => {
            let (number, rest) = rest.split_once(' ').unwrap();
            (ConversationId(number.parse().unwrap()), rest)
        }
        None => (ConversationId::default(), line),
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let seq = |word: &str| word.parse().ok();
    let severity = Severity::ALL.into_iter().find(|it| it.name() == words[2]);
    Finding {
        rule: rule(words[0]).unwrap(),
        severity: severity.unwrap(),
        conversation,
        seq: seq(words[1]),
        fact: None,
        call: None,
        at: Millis(0.0),
        message: line.to_owned(),
        advice: None,
        related: Vec::new(),
        fields: Vec::new(),
        cause: words.get(4).map(|code| Cause {
            rule: rule(code).unwrap(),
            seq: seq(words[5]),
            fact: None,
        }),
        stage: Stage::Final,
    }
}

fn findings(lines: &str) -> Vec<Finding> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(finding).collect()
}

#[track_caller]
fn check(lines: &str, expected: &Expect) {
    let findings = findings(lines);
    let mut text = String::new();
    for it in group_consequences(&findings, |it| it) {
        writeln!(text, "{}", it.finding.message).unwrap();
        if !it.consequences.is_empty() {
            writeln!(text, "  {}:", words::consequences(it.consequences.len())).unwrap();
        }
        for consequence in it.consequences {
            writeln!(text, "    {}", consequence.message).unwrap();
        }
    }
    expected.assert_eq(&text);
}

#[test]
fn consequences_stand_under_their_cause() {
    check(
        "
        M14 9 warning
        M02 12 error
        M15 13 note < M14 9
        M13 14 note < M14 9
        M15 20 note < M02 12
        ",
        &expect![[r#"
            M14 9 warning
              and 2 more follow from it:
                M15 13 note < M14 9
                M13 14 note < M14 9
            M02 12 error
              and 1 more follows from it:
                M15 20 note < M02 12
        "#]],
    );
}

#[test]
fn what_follows_from_a_consequence_stands_under_the_first_cause() {
    check(
        "
        H04 - error
        M15 13 note < H04 -
        M13 14 note < M15 13
        ",
        &expect![[r#"
            H04 - error
              and 2 more follow from it:
                M15 13 note < H04 -
                M13 14 note < M15 13
        "#]],
    );
}

/// The cause may have been left out, be over a limit, or be in another conversation.
#[test]
fn a_consequence_without_its_cause_stands_alone() {
    check(
        "
        M14 9 warning
        M15 13 note < M14 8
        M15 14 note < M02 9
        @2 M15 15 note < M14 9
        ",
        &expect![[r#"
            M14 9 warning
            M15 13 note < M14 8
            M15 14 note < M02 9
            M15 15 note < M14 9
        "#]],
    );
}

/// If two findings have the same name, a consequence belongs to the later one.
#[test]
fn the_latest_cause_counts() {
    check(
        "
        M14 9 warning
        M14 9 warning
        M15 13 note < M14 9
        ",
        &expect![[r#"
            M14 9 warning
            M14 9 warning
              and 1 more follows from it:
                M15 13 note < M14 9
        "#]],
    );
}

#[test]
fn groups_have_the_worst_first_and_consequences_in_no_group_of_their_own() {
    let findings = findings(
        "
        M15 3 note
        M14 9 warning
        M02 12 error
        M15 13 note < M14 9
        M14 21 warning
        M15 22 note
        ",
    );
    let mut text = String::new();
    for group in groups(&findings, |_| false) {
        writeln!(
            text,
            "{} {} ×{}",
            group.rule.code,
            group.severity,
            group.findings.len()
        )
        .unwrap();
        for it in group.findings {
            let seqs = it.consequences.iter().filter_map(|finding| finding.seq);
            let seqs: Vec<u64> = seqs.collect();
            writeln!(text, "  {:?} then {seqs:?}", it.finding.seq.unwrap()).unwrap();
        }
    }
    expect![[r#"
        M02 error ×1
          12 then []
        M14 warning ×2
          9 then [13]
          21 then []
        M15 note ×2
          3 then []
          22 then []
    "#]]
    .assert_eq(&text);
}
