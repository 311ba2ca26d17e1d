//! `callscope report`

use expect_test::expect;

use crate::{check_run, run};

#[test]
fn markdown() {
    check_run(
        &[
            "report",
            "--format=md",
            "--no-redact",
            "broken.callscope.jsonl",
        ],
        &expect![[r#"
            # Callscope report: 2 errors, 3 warnings, 1 note

            - Recorded: 2026-11-22T12:29:05.000Z
            - With: callscope 0.1.0
            - Browser: Chromium 156
            - Page: https&#58;//app.hubspot.com/contacts/62515/record/0-1/51
            - Checked with: callscope 0.1.0
            - Privacy: nothing was replaced: this report may hold personal data

            ## Summary

            21 messages in 6 min 40 s, 12 missing, 1 injected.

            - conversation 1 (widget) · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7: ready, SYNC answered in 2.0 ms (1 sent)
            - call 1 of conversation 1: outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED
            - call 2 of conversation 1: outbound to +15550122 · ended · 00:16 · BUSY

            ## Findings

            ### ✕ error M02: externalCallId changes inside a call

            - message 18: CALL_ANSWERED has the externalCallId call-X; the call is call-2

            **Why it matters:** HubSpot knows a call by its externalCallId; with another one it sees another call.

            **How to fix it:** Mint the id once when the call starts, keep it, and give the same id to every method until the call is completed. If several frames of the widget share a call, share the id as well.

            ### ✕ error T20: Posted value is not an object

            - message 21: The widget posted null; the host's listener throws an exception

            **Why it matters:** The SDK reads the type of whatever arrives. For null and undefined that is an exception in the listener of the other side, for a text or a number it finds nothing and ignores it.

            **How to fix it:** Post only objects with a type and a messageId, best through the SDK.

            ### ▲ warning M14: CALL_COMPLETED before CALL_ENDED

            - message 9: CALL_COMPLETED came before CALL_ENDED; the call is still answered

            **Why it matters:** HubSpot saves the call and, unless told otherwise, hides the widget, while the call still goes on.

            **How to fix it:** Call callEnded() when the line drops, then callCompleted() when the user is done.

            ### ▲ warning M13: Unknown callEndStatus

            - message 10: callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?

            **Why it matters:** HubSpot knows seven statuses. The documents print the names of the constants, with INTERNAL_ in front; on the wire the values have no prefix.

            **How to fix it:** Use the values of the SDK's Constants.callEndStatus, for example callEnded({ callEndStatus: callEndStatus.INTERNAL_COMPLETED }), which is the text COMPLETED.

            ### ▲ warning T21: Type unknown to the receiver

            - message 20: The host knows no type CALL_COMPLETE; did you mean CALL_COMPLETED?

            **Why it matters:** A receiver that does not know a type answers with ERROR / UNKNOWN_MESSAGE_TYPE, and what the message should do does not happen. Up to 0.0.7 a widget without default handler even throws.

            **How to fix it:** Check the spelling against the SDK's constants. If the message is newer than the widget's SDK, upgrade the SDK in the widget.

            ### i note X02: Gap in the recording

            - 12:31:45.829 UTC: 12 messages are missing: a buffer was full

            **Why it matters:** Rules about order and absence say nothing that depends on what may lie in the gap.

            **How to fix it:** Record again without pausing. If the buffer was full, let Callscope run with its panel open, or clear the list.


            ## Ladder

            conversation 1 (widget) · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7

            ```mermaid
            sequenceDiagram
                participant H as HubSpot<br/>app.hubspot.com
                participant W as Widget<br/>localhost:9025
                H->>W: SYNC<br/>https://app.hubspot.com · portal 62515 · widget
                W->>H: SYNC_ACK<br/>0.9.7 · https://localhost:9025
                W->>H: INITIALIZED<br/>logged in · available · 400 × 600 px
                Note over H,W: call 1 · outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED
                H->>W: DIAL_NUMBER<br/>+15550100
                W->>H: OUTGOING_CALL_STARTED<br/>+15550100 · call call-1
                H->>W: CREATE_ENGAGEMENT_SUCCEEDED<br/>engagement 4711
                H->>W: INITIATE_CALL_ID_SUCCEEDED<br/>call id c-call-1
                W->>H: CALL_ANSWERED<br/>call call-1
                W->>H: CALL_COMPLETED<br/>engagement 4711 · call call-1
                Note right of W: ▲ M14 CALL_COMPLETED came before CALL_ENDED#59; the call is still answered
                W->>H: CALL_ENDED<br/>INTERNAL_COMPLETED · engagement 4711 · call call…
                Note right of W: ▲ M13 callEndStatus is INTERNAL_COMPLETED#59; did you mean COMPLETED?
                H->>W: UPDATE_ENGAGEMENT_SUCCEEDED<br/>engagement 4711
                W->>H: FINALIZE_ENGAGEMENT<br/>engagement 4711 · call call-1
                H->>W: FINALIZE_ENGAGEMENT_SUCCEEDED<br/>engagement 4711 · call call-1
                Note over H,W: call 2 · outbound to +15550122 · ended · 00:16 · BUSY
                H->>W: DIAL_NUMBER (injected)<br/>+15550122
                W->>H: OUTGOING_CALL_STARTED<br/>+15550122 · call call-2
                H->>W: CREATE_ENGAGEMENT_SUCCEEDED<br/>engagement 4712
                H->>W: INITIATE_CALL_ID_SUCCEEDED<br/>call id c-call-2
                W->>H: CALL_ANSWERED<br/>call call-X
                Note right of W: ✕ M02 CALL_ANSWERED has the externalCallId call-X#59; the call is call-2
                Note over H,W: 12 messages are missing: a buffer was full
                Note over H,W: i X02 12 messages are missing: a buffer was full
                W->>H: CALL_ENDED<br/>BUSY · engagement 4799 · call call-2
                W->>H: CALL_COMPLETE<br/>externalCallId call-2
                Note right of W: ▲ T21 The host knows no type CALL_COMPLETE#59; did you mean CALL_COMPLETED?
                W->>H: (no type)<br/>null
                Note right of W: ✕ T20 The widget posted null#59; the host's listener throws an exception
            ```

            ## Timeline

            <details><summary>All messages, times in UTC</summary>

            | # | time | from | message | | |
            | --: | --- | --- | --- | --- | --- |
            | 1 | 12:29:05.829 | host | SYNC | https&#58;//app.hubspot.com · portal 62515 · widget |  |
            | 2 | 12:29:05.831 | widget | SYNC_ACK | 0.9.7 · https&#58;//localhost:9025 |  |
            | 3 | 12:29:05.842 | widget | INITIALIZED | logged in · available · 400 × 600 px |  |
            | 4 | 12:30:05.829 | host | DIAL_NUMBER | +15550100 |  |
            | 5 | 12:30:06.129 | widget | OUTGOING_CALL_STARTED | +15550100 · call call-1 |  |
            | 6 | 12:30:06.249 | host | CREATE_ENGAGEMENT_SUCCEEDED | engagement 4711 |  |
            | 7 | 12:30:06.269 | host | INITIATE_CALL_ID_SUCCEEDED | call id c-call-1 |  |
            | 8 | 12:30:09.829 | widget | CALL_ANSWERED | call call-1 |  |
            | 9 | 12:30:51.829 | widget | CALL_COMPLETED | engagement 4711 · call call-1 | ▲ M14 |
            | 10 | 12:30:57.829 | widget | CALL_ENDED | INTERNAL_COMPLETED · engagement 4711 · call call-1 | ▲ M13 |
            | 11 | 12:30:58.129 | host | UPDATE_ENGAGEMENT_SUCCEEDED | engagement 4711 |  |
            | 12 | 12:30:58.829 | widget | FINALIZE_ENGAGEMENT | engagement 4711 · call call-1 |  |
            | 13 | 12:30:59.029 | host | FINALIZE_ENGAGEMENT_SUCCEEDED | engagement 4711 · call call-1 |  |
            | 14 | 12:31:35.829 | host | DIAL_NUMBER | +15550122 | injected |
            | 15 | 12:31:36.129 | widget | OUTGOING_CALL_STARTED | +15550122 · call call-2 |  |
            | 16 | 12:31:36.249 | host | CREATE_ENGAGEMENT_SUCCEEDED | engagement 4712 |  |
            | 17 | 12:31:36.269 | host | INITIATE_CALL_ID_SUCCEEDED | call id c-call-2 |  |
            | 18 | 12:31:39.829 | widget | CALL_ANSWERED | call call-X | ✕ M02 |
            | | 12:31:45.829 | | 12 messages are missing: a buffer was full | | |
            | 19 | 12:31:55.829 | widget | CALL_ENDED | BUSY · engagement 4799 · call call-2 |  |
            | 20 | 12:31:56.829 | widget | CALL_COMPLETE | externalCallId call-2 | ▲ T21 |
            | 21 | 12:31:57.829 | widget | (no type) | null | ✕ T20 |

            </details>
            --- exit 0
        "#]],
    );
}

#[test]
fn a_page_of_its_own() {
    let ran = run(&["report", "--no-redact", "broken.callscope.jsonl"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let page = &ran.stdout;
    assert!(page.starts_with("<!doctype html>"), "{page}");
    for present in [
        "<svg ",
        "error M02: externalCallId changes inside a call",
        "id=\"m21\"",
        "15550122",
    ] {
        assert!(page.contains(present), "{present}");
    }
    // Nothing runs, and nothing is loaded from anywhere.
    for absent in [
        "<script", "<link", "<img", "<iframe", " src=", "@import", "url(",
    ] {
        assert!(!page.contains(absent), "{absent}");
    }
    for (opening, closing) in [
        ("<tr", "</tr>"),
        ("<td", "</td>"),
        ("<details>", "</details>"),
        ("<li>", "</li>"),
    ] {
        assert_eq!(
            page.matches(opening).count(),
            page.matches(closing).count(),
            "{opening}"
        );
    }
}

#[test]
fn people_are_left_out_unless_asked_for() {
    for format in ["html", "md"] {
        let ran = run(&["report", "--format", format, "broken.callscope.jsonl"]);
        assert_eq!(ran.code, 0);
        for private in ["15550100", "15550122", "Lovelace", "call-1"] {
            assert!(!ran.stdout.contains(private), "{private} in {format}");
        }
        assert!(ran.stdout.contains("numbers, names and ids were replaced"));
    }
}

#[test]
fn page_data_is_no_markup() {
    for format in ["html", "md"] {
        let arguments = [
            "report",
            "--no-redact",
            "--format",
            format,
            "hostile.callscope.jsonl",
        ];
        let report = run(&arguments).stdout;
        for bad in ['\u{1b}', '\u{202e}', '\u{7}', '\u{9b}', '\u{2066}'] {
            assert!(!report.contains(bad), "{bad:?} in {format}");
        }
    }
}

#[test]
fn the_files_name_tells_the_format() {
    let folder = tempfile::tempdir().unwrap();
    for (name, start) in [
        ("a.html", "<!doctype html>"),
        ("a.md", "# Callscope report"),
    ] {
        let path = folder.path().join(name);
        let ran = run(&[
            "report",
            "clean.callscope.jsonl",
            "-o",
            path.to_str().unwrap(),
        ]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
        assert!(
            std::fs::read_to_string(path).unwrap().starts_with(start),
            "{name}"
        );
    }
}
