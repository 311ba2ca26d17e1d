//! The findings of a report.

use callscope_report::{Format, Report, finding_markdown};
use callscope_session_log::Log;
use callscope_session_view::SessionView;
use callscope_session_view::card::finding_json;
use expect_test::expect;

const LOG: &str = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"1_1","hostUrl":"https://app.hubspot.com"}}
{"kind":"frame","seq":2,"at":9,"from":"widget","origin":"https://widget.example","message":{"type":"SYNC_ACK","messageId":"1_1","version":"0.9.7-beta.0","iFrameUrl":"https://widget.example"}}
{"kind":"frame","seq":3,"at":20,"from":"widget","origin":"https://widget.example","message":{"type":"INITIALIZED","messageId":"2_20","data":{"isLoggedIn":true,"isAvailable":true,"sizeInfo":{"width":400,"height":600}}}}
{"kind":"frame","seq":4,"at":1000,"from":"widget","origin":"https://widget.example","message":{"type":"RESIZE_WIDGET","messageId":"2_21","data":{"height":600}}}
{"kind":"frame","seq":5,"at":2000,"from":"widget","origin":"https://widget.example","message":{"type":"RESIZE_WIDGET","messageId":"2_22","data":{"size":{"width":1,"height":2}}}}
{"kind":"frame","seq":6,"at":3000,"from":"widget","origin":"https://widget.example","message":{"type":"LOGED_OUT","messageId":"2_23"}}"#;

/// A rule has one heading, whatever its findings' severities; each finding says what to do about it.
#[test]
fn by_rule() {
    let log = Log::read(LOG.as_bytes()).expect("readable");
    let report = Report::new(log, false).write(Format::Markdown);
    let from = report.find("## Findings").expect("the section");
    let to = report.find("## Ladder").expect("the next section");
    let sections = report[from..to].lines();
    let lines: Vec<String> = sections
        .filter(|line| !line.is_empty() && !line.starts_with("**"))
        .map(|line| format!("{line}\n"))
        .collect();
    expect![[r#"
        ## Findings
        ### ▲ warning F03: Required field missing
        - message 5: RESIZE_WIDGET has no width and no height; it is in data.size, one level too deep
          - Fix: Take width out of size, into data itself. Take height out of size, into data itself.
        - message 4: RESIZE_WIDGET has no width (note)
        ### ▲ warning T21: Type unknown to the receiver
        - message 6: The host knows no type LOGED_OUT; did you mean LOGGED_OUT?
          - Fix: Rename LOGED_OUT to LOGGED_OUT.
    "#]].assert_eq(&lines.concat());
}

/// That an answer is missing is known ten seconds after the request, which is what is looked for in
/// the session.
#[test]
fn a_copied_finding_has_the_time_of_its_message() {
    const LOG: &[u8] =
        include_bytes!("../../../fixtures/mistakes/H07-dial-without-a-call.callscope.jsonl");
    let view = SessionView::from(Log::read(LOG).expect("readable"));
    let findings = view.session().findings().iter();
    let finding = findings.clone().find(|it| it.rule.code == "H07");
    let finding = finding.expect("the dial is unanswered");
    let message = finding.seq.and_then(|seq| view.session().message(seq));
    let at = message.expect("the dial").at;
    assert!(finding.at.0 > at.0 + 5_000.0);
    let json: serde_json::Value =
        serde_json::from_str(&finding_json(&view, finding)).expect("an object");
    assert_eq!(json["at"], at.0);
    let markdown = finding_markdown(&view, finding);
    let line = markdown.lines().find(|it| it.starts_with("- At:"));
    expect!["- At: message 4 DIAL_NUMBER, 00:00:14.855 UTC, call 1"]
        .assert_eq(line.expect("the place"));
}
