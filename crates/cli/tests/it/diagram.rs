//! `callscope diagram`

use expect_test::expect;

use crate::{check_run, logs, run};

#[test]
fn as_text() {
    check_run(
        &["diagram", "broken.callscope.jsonl"],
        &expect![[r#"
            conversation 1 (widget) · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7

                          HubSpot app.hubspot.com  widget localhost:9025
            12:29:05.829  │ ─ SYNC ──────────────────────────────────▶ │ https://app.hubspot.com · portal 62515 · widget
            12:29:05.831  │ ◀────────────────────────────── SYNC_ACK ─ │ 0.9.7 · https://localhost:9025 · answers SYNC after 2.0 ms
            12:29:05.842  │ ◀─────────────────────────── INITIALIZED ─ │ logged in · available · 400 × 600 px
                          │                                            │
                          │ call 1 · outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED
            12:30:05.829  │ ─ DIAL_NUMBER ───────────────────────────▶ │ +15550100
            12:30:06.129  │ ◀───────────────── OUTGOING_CALL_STARTED ─ │ +15550100 · call call-1 · answers DIAL_NUMBER after 300 ms
            12:30:06.249  │ ─ CREATE_ENGAGEMENT_SUCCEEDED ───────────▶ │ engagement 4711 · answers OUTGOING_CALL_STARTED after 120 ms
            12:30:06.269  │ ─ INITIATE_CALL_ID_SUCCEEDED ────────────▶ │ call id c-call-1 · answers OUTGOING_CALL_STARTED after 140 ms
            12:30:09.829  │ ◀───────────────────────── CALL_ANSWERED ─ │ call call-1
            12:30:51.829  │ ◀──────────────────────── CALL_COMPLETED ─ │ engagement 4711 · call call-1
                          │ ▲ M14 CALL_COMPLETED came before CALL_ENDED; the call is still answered
            12:30:57.829  │ ◀──────────────────────────── CALL_ENDED ─ │ INTERNAL_COMPLETED · engagement 4711 · call call-1
                          │ ▲ M13 callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?
            12:30:58.129  │ ─ UPDATE_ENGAGEMENT_SUCCEEDED ───────────▶ │ engagement 4711 · answers CALL_COMPLETED after 6.3 s
            12:30:58.829  │ ◀─────────────────── FINALIZE_ENGAGEMENT ─ │ engagement 4711 · call call-1
            12:30:59.029  │ ─ FINALIZE_ENGAGEMENT_SUCCEEDED ─────────▶ │ engagement 4711 · call call-1 · answers FINALIZE_ENGAGEMENT after 200 ms
                          │                                            │
                          │ call 2 · outbound to +15550122 · ended · 00:16 · COMPLETED
            12:31:35.829  │ ─ DIAL_NUMBER (injected) ────────────────▶ │ +15550122
            12:31:36.129  │ ◀───────────────── OUTGOING_CALL_STARTED ─ │ +15550122 · call call-2 · answers DIAL_NUMBER after 300 ms
            12:31:36.249  │ ─ CREATE_ENGAGEMENT_SUCCEEDED ───────────▶ │ engagement 4712 · answers OUTGOING_CALL_STARTED after 120 ms
            12:31:36.269  │ ─ INITIATE_CALL_ID_SUCCEEDED ────────────▶ │ call id c-call-2 · answers OUTGOING_CALL_STARTED after 140 ms
            12:31:39.829  │ ◀───────────────────────── CALL_ANSWERED ─ │ call call-X
                          │ ✕ M02 CALL_ANSWERED has the externalCallId call-X; the call is call-2
            12:31:45.829  ┆ 12 messages are missing: a buffer was full
            12:31:55.829  │ ◀──────────────────────────── CALL_ENDED ─ │ COMPLETED · engagement 4799 · call call-2
            12:31:56.829  │ ◀───────────────────────── CALL_COMPLETE ─ │ externalCallId call-2
                          │ ▲ T21 The host knows no type CALL_COMPLETE; did you mean CALL_COMPLETED?
            12:31:57.829  │ ◀───────────────────────────── (no type) ─ │ null
                          │ ✕ T20 The widget posted null; the host's listener throws an exception
            --- exit 0
        "#]],
    );
    check_run(
        &["diagram", "unanswered.callscope.jsonl"],
        &expect![[r#"
            conversation 1 · app.hubspot.com ⇄ localhost:9025 · SDK unknown

                          HubSpot app.hubspot.com  widget localhost:9025
                          │ i E01 LocalSettings:Calling:CallingExtensions replaces the installed widget: Acme, https://localhost:9025/
            12:29:05.829  │ ─ SYNC ×301 ─────────────────────────────▶ │ in 30.0 s
                          │ i H01 The handshake is slow: no SYNC_ACK within 2 s
                          │ ✕ T13 No SYNC_ACK within 30 s; SYNC was sent 301 times
            --- exit 0
        "#]],
    );
}

#[test]
fn as_mermaid() {
    check_run(
        &[
            "diagram",
            "--format",
            "mermaid",
            "--call",
            "2",
            "broken.callscope.jsonl",
        ],
        &expect![[r#"
            sequenceDiagram
                participant H as HubSpot<br/>app.hubspot.com
                participant W as Widget<br/>localhost:9025
                Note over H,W: call 2 · outbound to +15550122 · ended · 00:16 · COMPLETED
                H->>W: DIAL_NUMBER (injected)<br/>+15550122
                W->>H: OUTGOING_CALL_STARTED<br/>+15550122 · call call-2<br/>answers DIAL_NUMBER after 300 ms
                H->>W: CREATE_ENGAGEMENT_SUCCEEDED<br/>engagement 4712<br/>answers OUTGOING_CALL_STARTED after 120 ms
                H->>W: INITIATE_CALL_ID_SUCCEEDED<br/>call id c-call-2<br/>answers OUTGOING_CALL_STARTED after 140 ms
                W->>H: CALL_ANSWERED<br/>call call-X
                Note right of W: ✕ M02 CALL_ANSWERED has the externalCallId call-X#59; the call is call-2
                Note over H,W: 12 messages are missing: a buffer was full
                W->>H: CALL_ENDED<br/>COMPLETED · engagement 4799 · call call-2
                W->>H: CALL_COMPLETE<br/>externalCallId call-2
                Note right of W: ▲ T21 The host knows no type CALL_COMPLETE#59; did you mean CALL_COMPLETED?
            --- exit 0
        "#]],
    );
}

#[test]
fn as_a_picture() {
    let ran = run(&["diagram", "--format", "svg", "hostile.callscope.jsonl"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.starts_with("<svg xmlns="), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("</svg>\n"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains(r">EVIL\u001b[2J\u202etxet</text>"),
        "{}",
        ran.stdout
    );
    let balance = |opening: &str, closing: &str| {
        assert_eq!(
            ran.stdout.matches(opening).count(),
            ran.stdout.matches(closing).count()
        );
    };
    balance("<text ", "</text>");
    balance("<svg ", "</svg>");
}

#[test]
fn the_files_name_tells_the_format() {
    let folder = tempfile::tempdir().unwrap();
    for (name, start) in [
        ("a.svg", "<svg "),
        ("a.mmd", "sequenceDiagram"),
        ("a.md", "```mermaid"),
        ("a.txt", "conversation 1"),
    ] {
        let path = folder.path().join(name);
        let ran = run(&[
            "diagram",
            "-o",
            path.to_str().unwrap(),
            "clean.callscope.jsonl",
        ]);
        assert_eq!(
            (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
            (0, "", "")
        );
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with(start), "{name}: {text}");
        assert!(!text.contains('\u{1b}'), "{name}");
    }
}

#[test]
fn nothing_to_draw() {
    check_run(
        &["diagram", "--call=7", "broken.callscope.jsonl"],
        &expect![[r#"
            --- standard error
            error: broken.callscope.jsonl: there is nothing to draw; the log has 1 conversation with 2 calls
            --- exit 2
        "#]],
    );
}

#[test]
fn a_file_that_cannot_be_written() {
    let inside = logs().join("clean.callscope.jsonl/x.svg");
    let ran = run(&[
        "diagram",
        "-o",
        inside.to_str().unwrap(),
        "clean.callscope.jsonl",
    ]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot be written"), "{}", ran.stderr);
}
