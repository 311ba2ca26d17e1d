//! `callscope diff`

use expect_test::expect;

use crate::{check_run, logs, run, run_with};

#[test]
fn what_differs_first() {
    check_run(
        &["diff", "clean.callscope.jsonl", "broken.callscope.jsonl"],
        &expect![[r#"
            A  clean.callscope.jsonl: 13 messages, 1 conversation, 1 call
            B  broken.callscope.jsonl: 21 messages, 1 conversation, 2 calls

            The first 8 messages agree; then they differ:
                   A      B
                   6      6  host   →  CREATE_ENGAGEMENT_SUCCEEDED  engagement 4711
                   7      7  host   →  INITIATE_CALL_ID_SUCCEEDED  call id c-call-1
                   8      8  widget ←  CALL_ANSWERED  call call-1
            +             9  widget ←  CALL_COMPLETED  engagement 4711 · call call-1
            ~      9     10  widget ←  CALL_ENDED  COMPLETED · engagement 4711 · call call-1
                              data.callEndStatus is "COMPLETED" in A, "INTERNAL_COMPLETED" in B
            -     10         widget ←  CALL_COMPLETED  engagement 4711 · call call-1
                  11     11  host   →  UPDATE_ENGAGEMENT_SUCCEEDED  engagement 4711
                  12     12  widget ←  FINALIZE_ENGAGEMENT  engagement 4711 · call call-1
                  13     13  host   →  FINALIZE_ENGAGEMENT_SUCCEEDED  engagement 4711 · call call-1
            +            14  host   →  DIAL_NUMBER  +15550122
            +            15  widget ←  OUTGOING_CALL_STARTED  +15550122 · call call-2
            +            16  host   →  CREATE_ENGAGEMENT_SUCCEEDED  engagement 4712
            +            17  host   →  INITIATE_CALL_ID_SUCCEEDED  call id c-call-2
            +            18  widget ←  CALL_ANSWERED  call call-X
            +            19  widget ←  CALL_ENDED  BUSY · engagement 4799 · call call-2
            +            20  widget ←  CALL_COMPLETE  externalCallId call-2
            +            21  widget ←  (no type)  null

            Findings
                   A      B
                   0      1  ✕ M02  externalCallId changes inside a call
                   0      1  ▲ M13  Unknown callEndStatus
                   0      1  ▲ M14  CALL_COMPLETED before CALL_ENDED
                   0      1  ✕ T20  Posted value is not an object
                   0      1  ▲ T21  Type unknown to the receiver
                   0      1  i X02  Gap in the recording
            --- exit 1
        "#]],
    );
}

#[test]
fn the_flow_alone() {
    check_run(
        &[
            "diff",
            "--flow",
            "broken.callscope.jsonl",
            "clean.callscope.jsonl",
        ],
        &expect![[r#"
            A  broken.callscope.jsonl: 21 messages, 1 conversation, 2 calls
            B  clean.callscope.jsonl: 13 messages, 1 conversation, 1 call

            The first 8 messages agree; then they differ:
                   A      B
                   6      6  host   →  CREATE_ENGAGEMENT_SUCCEEDED  engagement 4711
                   7      7  host   →  INITIATE_CALL_ID_SUCCEEDED  call id c-call-1
                   8      8  widget ←  CALL_ANSWERED  call call-1
            +             9  widget ←  CALL_ENDED  COMPLETED · engagement 4711 · call call-1
                   9     10  widget ←  CALL_COMPLETED  engagement 4711 · call call-1
            -     10         widget ←  CALL_ENDED  INTERNAL_COMPLETED · engagement 4711 · call call-1
                  11     11  host   →  UPDATE_ENGAGEMENT_SUCCEEDED  engagement 4711
                  12     12  widget ←  FINALIZE_ENGAGEMENT  engagement 4711 · call call-1
                  13     13  host   →  FINALIZE_ENGAGEMENT_SUCCEEDED  engagement 4711 · call call-1
            -     14         host   →  DIAL_NUMBER  +15550122
            -     15         widget ←  OUTGOING_CALL_STARTED  +15550122 · call call-2
            -     16         host   →  CREATE_ENGAGEMENT_SUCCEEDED  engagement 4712
            -     17         host   →  INITIATE_CALL_ID_SUCCEEDED  call id c-call-2
            -     18         widget ←  CALL_ANSWERED  call call-X
            -     19         widget ←  CALL_ENDED  BUSY · engagement 4799 · call call-2
            -     20         widget ←  CALL_COMPLETE  externalCallId call-2
            -     21         widget ←  (no type)  null

            Findings
                   A      B
                   1      0  ✕ M02  externalCallId changes inside a call
                   1      0  ▲ M13  Unknown callEndStatus
                   1      0  ▲ M14  CALL_COMPLETED before CALL_ENDED
                   1      0  ✕ T20  Posted value is not an object
                   1      0  ▲ T21  Type unknown to the receiver
                   1      0  i X02  Gap in the recording
            --- exit 1
        "#]],
    );
}

#[test]
fn a_session_and_its_redacted_copy_do_the_same() {
    let redacted = run(&["redact", "broken.callscope.jsonl"]).stdout;
    let ran = run_with(
        &["diff", "broken.callscope.jsonl", "-"],
        redacted.as_bytes(),
    );
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("No difference."), "{}", ran.stdout);
}

#[test]
fn standard_input_only_once() {
    let log = std::fs::read(logs().join("clean.callscope.jsonl")).unwrap();
    let ran = run_with(&["diff", "-", "-"], &log);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.stderr,
        "error: only one of the two logs can be standard input\n"
    );
}
