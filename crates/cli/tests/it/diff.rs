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

            CALL_COMPLETED comes after CALL_ANSWERED in B, after CALL_ENDED in A
            The first 8 steps agree; then they differ:
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
            +            19  widget ←  CALL_ENDED  COMPLETED · engagement 4799 · call call-2
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

            CALL_ENDED comes after CALL_ANSWERED in B, after CALL_COMPLETED in A
            The first 8 steps agree; then they differ:
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
            -     19         widget ←  CALL_ENDED  COMPLETED · engagement 4799 · call call-2
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
fn two_calls() {
    check_run(
        &["diff", "--calls", "1,2", "broken.callscope.jsonl"],
        &expect![[r#"
            A  broken.callscope.jsonl: call 1, outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED
            B  broken.callscope.jsonl: call 2, outbound to +15550122 · ended · 00:16 · COMPLETED

            DIAL_NUMBER: data.calleeInfo is only in A
            They differ from the first step on:
                   A      B
            ~      4     14  host   →  DIAL_NUMBER  +15550100
                              data.calleeInfo is only in A
                              data.objectId is only in A
                              data.objectType is only in A
                              data.ownerId is only in A
                              data.portalId is only in A
                              data.startTimestamp is only in A
                              data.toPhoneNumberSource is only in A
                   5     15  widget ←  OUTGOING_CALL_STARTED  +15550100 · call call-1
                   6     16  host   →  CREATE_ENGAGEMENT_SUCCEEDED  engagement 4711
                   7     17  host   →  INITIATE_CALL_ID_SUCCEEDED  call id c-call-1
                   8     18  widget ←  CALL_ANSWERED  call call-1
            -      9         widget ←  CALL_COMPLETED  engagement 4711 · call call-1
            ~     10     19  widget ←  CALL_ENDED  INTERNAL_COMPLETED · engagement 4711 · call call-1
                              data.callEndStatus is "INTERNAL_COMPLETED" in A, "COMPLETED" in B
            -     11         host   →  UPDATE_ENGAGEMENT_SUCCEEDED  engagement 4711
            -     12         widget ←  FINALIZE_ENGAGEMENT  engagement 4711 · call call-1
            -     13         host   →  FINALIZE_ENGAGEMENT_SUCCEEDED  engagement 4711 · call call-1
            +            20  widget ←  CALL_COMPLETE  externalCallId call-2

            Not compared, as ids, times and free texts differ anyway: data.callId, data.callStartTime, data.engagementId, data.externalCallId, data.phoneNumber, data.toNumber, messageId.

            Findings
                   A      B
                   0      1  ✕ M02  externalCallId changes inside a call
                   1      0  ▲ M13  Unknown callEndStatus
                   1      0  ▲ M14  CALL_COMPLETED before CALL_ENDED
                   0      1  ▲ T21  Type unknown to the receiver
            --- exit 1
        "#]],
    );
    check_run(
        &["diff", "--calls", "1:1,2:7", "broken.callscope.jsonl"],
        &expect![[r#"
            --- standard error
            error: broken.callscope.jsonl: there is no call 7 of conversation 2; the log has 2 calls
            --- exit 2
        "#]],
    );
    check_run(
        &["diff", "--calls", "1", "broken.callscope.jsonl"],
        &expect![[r#"
            --- standard error
            error: invalid value '1' for '--calls <CALL,CALL>': two calls are needed: 1,2, or with their conversations 1:1,2:1

            For more information, try '--help'.
            --- exit 2
        "#]],
    );
    let calls = ["--calls", "1,1"];
    let logs = ["clean.callscope.jsonl", "broken.callscope.jsonl"];
    check_run(
        &["diff", calls[0], calls[1], logs[0], logs[1]],
        &expect![[r#"
            A  clean.callscope.jsonl: call 1, outbound to +15550100 · completed · 00:42 · COMPLETED
            B  broken.callscope.jsonl: call 1, outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED

            CALL_COMPLETED comes after CALL_ANSWERED in B, after CALL_ENDED in A
            The first 5 steps agree; then they differ:
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

            Findings
                   A      B
                   0      1  ▲ M13  Unknown callEndStatus
                   0      1  ▲ M14  CALL_COMPLETED before CALL_ENDED
            --- exit 1
        "#]],
    );
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
