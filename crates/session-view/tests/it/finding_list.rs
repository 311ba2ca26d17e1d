//! The list of findings, and muted findings.

use std::fmt::Write as _;

use callscope_session_log::Log;
use callscope_session_view::SessionView;
use callscope_session_view::filter::Filter;
use callscope_session_view::finding_list::{FindingLine, GroupBy, ListLine, Listing, lines};
use callscope_session_view::rows::ViewOptions;
use expect_test::{Expect, expect};

use crate::trace::view;

/// HubSpot asks twice for one click, and the widget dials each time; then it sends an unknown type.
const TRACE: &str = r#"
    host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
    host   {"type":"DIAL_NUMBER","messageId":"17_3","data":{"phoneNumber":"+15550100"}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_3","data":{"toNumber":"+15550100","externalCallId":"b","createEngagement":true}}
    widget {"type":"NO_SUCH_TYPE","messageId":"18_4"}
    widget {"type":"NO_SUCH_TYPE","messageId":"18_5"}
"#;

fn looked_at(filter: &str, muted: &[&'static str]) -> SessionView {
    let mut view = view(TRACE);
    view.update_rows(&ViewOptions {
        filter: Filter::parse(filter).unwrap(),
        muted: muted.iter().copied().collect(),
        ..ViewOptions::default()
    });
    view
}

#[track_caller]
fn check(view: &SessionView, listing: Listing, folded: &[&str], expected: &Expect) {
    let fold = |name: &str| folded.contains(&name).then_some(false);
    let mut text = String::new();
    for line in lines(view, listing, &fold) {
        match line {
            ListLine::Heading(heading) => {
                let fold = match heading.fold {
                    Some(true) => "▾ ",
                    Some(false) => "▸ ",
                    None => "",
                };
                let (name, count) = (heading.of.name(), heading.count);
                let (severity, title) = (heading.severity, heading.title);
                writeln!(text, "{fold}[{name}] {severity}: {title} ×{count}").unwrap();
            }
            ListLine::Finding {
                index,
                depth,
                is_consequence,
            } => {
                let line = FindingLine::new(view, index).unwrap();
                let indent = "  ".repeat(depth.into());
                let cause = if is_consequence { "└ " } else { "" };
                let FindingLine {
                    severity,
                    code,
                    message,
                    place,
                    ..
                } = line;
                writeln!(text, "{indent}{cause}{severity} {code} {message} [{place}]").unwrap();
            }
        }
    }
    expected.assert_eq(&text);
}

fn by(by: GroupBy) -> Listing {
    Listing {
        by,
        has_muted: false,
    }
}

#[test]
fn by_rule_the_worst_first() {
    check(
        &looked_at("", &[]),
        by(GroupBy::Rule),
        &[],
        &expect![[r#"
            ▾ [T21] warning: Type unknown to the receiver ×2
              warning T21 The host knows no type NO_SUCH_TYPE [8 NO_SUCH_TYPE]
              warning T21 The host knows no type NO_SUCH_TYPE [9 NO_SUCH_TYPE]
            note C03 DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second [5 DIAL_NUMBER]
              └ note C01 OUTGOING_CALL_STARTED came again for the same number, 10 ms after the first and with another externalCallId, b [7 OUTGOING_CALL_STARTED]
        "#]],
    );
}

#[test]
fn by_call() {
    check(
        &looked_at("", &[]),
        by(GroupBy::Call),
        &["no call"],
        &expect![[r#"
            ▾ [call 1 of conversation 1] note: Call 1, outbound to +15550100 · started ×1
              note C03 DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second [5 DIAL_NUMBER]
                └ note C01 OUTGOING_CALL_STARTED came again for the same number, 10 ms after the first and with another externalCallId, b [7 OUTGOING_CALL_STARTED]
            ▾ [call 2 of conversation 1] warning: Call 2, outbound to +15550100 · started ×2
              warning T21 The host knows no type NO_SUCH_TYPE [8 NO_SUCH_TYPE]
              warning T21 The host knows no type NO_SUCH_TYPE [9 NO_SUCH_TYPE]
        "#]],
    );
}

#[test]
fn by_time() {
    check(
        &looked_at("", &[]),
        by(GroupBy::Time),
        &[],
        &expect![[r#"
            note C03 DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second [5 DIAL_NUMBER]
              └ note C01 OUTGOING_CALL_STARTED came again for the same number, 10 ms after the first and with another externalCallId, b [7 OUTGOING_CALL_STARTED]
            warning T21 The host knows no type NO_SUCH_TYPE [8 NO_SUCH_TYPE]
            warning T21 The host knows no type NO_SUCH_TYPE [9 NO_SUCH_TYPE]
        "#]],
    );
}

#[test]
fn what_the_filter_hides_is_not_in_it() {
    check(
        &looked_at("type:NO_*", &[]),
        by(GroupBy::Time),
        &[],
        &expect![[r#"
            warning T21 The host knows no type NO_SUCH_TYPE [8 NO_SUCH_TYPE]
            warning T21 The host knows no type NO_SUCH_TYPE [9 NO_SUCH_TYPE]
        "#]],
    );
}

#[test]
fn what_is_muted_stands_at_the_end_if_it_is_asked_for() {
    let view = looked_at("", &["T21"]);
    let total = view.session().findings().len();
    assert_eq!(view.finding_counts().total() + view.muted_count(), total);
    check(
        &view,
        by(GroupBy::Rule),
        &[],
        &expect![[r#"
        note C03 DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second [5 DIAL_NUMBER]
          └ note C01 OUTGOING_CALL_STARTED came again for the same number, 10 ms after the first and with another externalCallId, b [7 OUTGOING_CALL_STARTED]
    "#]],
    );
    let listing = Listing {
        by: GroupBy::Time,
        has_muted: true,
    };
    check(
        &view,
        listing,
        &[],
        &expect![[r#"
            note C03 DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second [5 DIAL_NUMBER]
              └ note C01 OUTGOING_CALL_STARTED came again for the same number, 10 ms after the first and with another externalCallId, b [7 OUTGOING_CALL_STARTED]
            [muted] warning: Muted ×2
            ▾ [T21] warning: Type unknown to the receiver ×2
                warning T21 The host knows no type NO_SUCH_TYPE [8 NO_SUCH_TYPE]
                warning T21 The host knows no type NO_SUCH_TYPE [9 NO_SUCH_TYPE]
        "#]],
    );
}

/// A rule may be an error in one place and a note in another: it has one heading.
#[test]
fn a_rule_has_one_heading_whatever_its_severities() {
    let trace = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","createEngagement":true,"externalCallId":"a"}}
        host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_2","data":{"engagementId":4711}}
        widget {"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"a","engagementId":4711,"callEndStatus":"BUSY"}}
        widget {"type":"CALL_COMPLETED","messageId":"18_4","data":{"externalCallId":"a","engagementId":{"engagementId":4711},"hideWidget":"false"}}
    "#;
    let mut view = view(trace);
    view.update_rows(&ViewOptions {
        filter: Filter::parse("rule:F01").unwrap(),
        ..ViewOptions::default()
    });
    check(
        &view,
        by(GroupBy::Rule),
        &[],
        &expect![[r#"
        ▾ [F01] error: Field of the wrong type ×2
          error F01 engagementId of CALL_COMPLETED is an object; expected a number or a string; give data.engagementId, not all of data [7 CALL_COMPLETED]
          warning F01 hideWidget of CALL_COMPLETED is the string "false", which counts as true; expected true or false [7 CALL_COMPLETED]
    "#]],
    );
}

#[test]
fn a_strangers_findings_are_apart() {
    let log = include_bytes!("../../../cli/tests/logs/stranger.callscope.jsonl");
    let view = SessionView::from(Log::read(log.as_slice()).unwrap());
    check(
        &view,
        by(GroupBy::Rule),
        &[],
        &expect![[r#"
        note S06 LOGGED_IN came although the user is logged in [8 LOGGED_IN]
        [conversation 2] note: Conversation 2: not a frame that HubSpot syncs with ×0
        note M01 OUTGOING_CALL_STARTED has no externalCallId [6 OUTGOING_CALL_STARTED]
        note X01 The recording began after the handshake; what was before cannot be checked [4 SYNC_ACK]
        note T21 The host knows no type BUY_THIS [7 BUY_THIS]
        note H04 OUTGOING_CALL_STARTED got no answer in the 7.9 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED [6 OUTGOING_CALL_STARTED]
    "#]],
    );
}

/// The counts in the bar, its filters and the marks of the rows all agree.
#[test]
fn what_is_muted_marks_no_row_and_matches_no_filter() {
    let marks = |view: &SessionView| {
        let rows = 0..view.rows().len();
        rows.filter(|row| view.findings_of_row(*row).next().is_some())
            .count()
    };
    assert_eq!(marks(&looked_at("type:NO_*", &[])), 2);
    assert_eq!(marks(&looked_at("type:NO_*", &["T21"])), 0);
    assert_eq!(looked_at("rule:T21", &[]).rows().len(), 2);
    assert_eq!(looked_at("rule:T21", &["T21"]).rows().len(), 0);
}

/// A widget without handlers: one line in the order of time, not one for each message.
#[test]
fn what_breaks_a_rule_again_at_once_is_one_line() {
    let mut log = String::from(r#"{"kind":"header","format":"callscope-session","version":1}"#);
    let told = |at: u32, ty: &str| {
        format!(
            "\n{{\"kind\":\"inside\",\"at\":{at},\"conversation\":1,\"side\":\"widget\",\"origin\":\"https://widget.example\",\"what\":\"unhandled\",\"type\":\"{ty}\"}}"
        )
    };
    for (at, ty) in [
        (1, "SET_CALL_STATE"),
        (20, "DIAL_NUMBER"),
        (900, "END_CALL"),
        (5_000, "CREATE_ENGAGEMENT_SUCCEEDED"),
        (5_001, "UPDATE_ENGAGEMENT_FAILED"),
    ] {
        log += &told(at, ty);
    }
    let mut view = SessionView::from(Log::read(log.as_bytes()).unwrap());
    view.update_rows(&ViewOptions::default());
    check(
        &view,
        by(GroupBy::Time),
        &[],
        &expect![[r#"
            ▸ [W02 at once] warning: No handler for a message ×3
            warning W02 The widget has no handler for CREATE_ENGAGEMENT_SUCCEEDED: it needs onCreateEngagementSucceeded [the widget's page]
            warning W02 The widget has no handler for UPDATE_ENGAGEMENT_FAILED: it needs onUpdateEngagementFailed [the widget's page]
            error X06 Nothing was recorded: the session has no message [conversation 1]
        "#]],
    );
    check(
        &view,
        by(GroupBy::Call),
        &[],
        &expect![[r#"
            ▾ [no call] error: In no call ×6
            ▸ [W02 at once] warning: No handler for a message ×3
              warning W02 The widget has no handler for CREATE_ENGAGEMENT_SUCCEEDED: it needs onCreateEngagementSucceeded [the widget's page]
              warning W02 The widget has no handler for UPDATE_ENGAGEMENT_FAILED: it needs onUpdateEngagementFailed [the widget's page]
              error X06 Nothing was recorded: the session has no message [conversation 1]
        "#]],
    );
    check(
        &view,
        by(GroupBy::Rule),
        &[],
        &expect![[r#"
            error X06 Nothing was recorded: the session has no message [conversation 1]
            ▾ [W02] warning: No handler for a message ×5
              warning W02 The widget has no handler for SET_CALL_STATE: it needs onSetCallState [the widget's page]
              warning W02 The widget has no handler for DIAL_NUMBER: it needs onDialNumber [the widget's page]
              warning W02 The widget has no handler for END_CALL: it needs onEndCall [the widget's page]
              warning W02 The widget has no handler for CREATE_ENGAGEMENT_SUCCEEDED: it needs onCreateEngagementSucceeded [the widget's page]
              warning W02 The widget has no handler for UPDATE_ENGAGEMENT_FAILED: it needs onUpdateEngagementFailed [the widget's page]
        "#]],
    );
}
