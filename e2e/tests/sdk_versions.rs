//! A current and an old widget with the current host.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::Browser;
use callscope_demo::Demo;
use callscope_e2e::{
    Pages, Shown, Stage, demo, make_calls, open_panel, wait_for_count, wait_for_entry,
};

/// Opens host and widget, does something, and waits until the panel has everything.
fn look(browser: &Browser, demo: &Demo, widget: &str, act: impl FnOnce(&Pages)) -> Shown {
    let parameters = format!("autodial=off&widget={widget}");
    let pages = Pages::open(browser, demo, &parameters).unwrap();
    pages.wait_for_handshake().unwrap();
    act(&pages);
    let (_devtools, panel) = open_panel(browser, &pages).unwrap();
    panel.wait_for_same(&pages).unwrap();
    panel.shown().unwrap()
}

/// What the current SDK is asked to do here, with the messages that 0.2.1 knows.
fn call_with_an_old_widget(pages: &Pages) {
    let Pages { host, widget } = pages;
    let act = |script: &str| {
        widget
            .evaluate::<()>(&format!("void {script}"))
            .unwrap_or_else(|error| panic!("{script}: {error}"));
    };
    act("demo.phone.logIn()");
    wait_for_entry(host, "LOGGED_IN").unwrap();
    host.evaluate::<()>("void demo.dial()").unwrap();
    wait_for_entry(widget, "DIAL_NUMBER").unwrap();
    act("demo.phone.dial()");
    wait_for_entry(widget, "INITIATE_CALL_ID_SUCCEEDED").unwrap();
    wait_for_entry(widget, "ENGAGEMENT_CREATED").unwrap();
    act("demo.phone.answer()");
    act("demo.phone.hangUp()");
    act("demo.phone.save('', false)");
    wait_for_entry(widget, "UPDATE_ENGAGEMENT_SUCCEEDED").unwrap();
    // The old SDK's answer to what it does not know.
    wait_for_count(host, "ERROR", 1).unwrap();
}

#[test]
fn old_and_new_widgets_are_known_and_recorded_whole() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();

    let new = look(&browser, &demo, "0.9.7", |pages| make_calls(pages).unwrap());
    let conversation = &new.conversations[0];
    assert_eq!(conversation.sdk, "SDK 0.9.7 (reports 0.9.7-beta.0)");
    assert_eq!(conversation.generation, "modern (0.9 and newer)");
    let bad = |shown: &Shown| -> Vec<String> {
        let findings = shown.findings.iter().filter(|it| it.severity != "note");
        findings
            .map(|it| format!("{} {}", it.code, it.message))
            .collect()
    };
    // A widget that does everything right gets no findings, or nobody would believe them.
    assert_eq!(bad(&new), [] as [&str; 0]);

    let old = look(&browser, &demo, "0.2.1", call_with_an_old_widget);
    let conversation = &old.conversations[0];
    assert_eq!(conversation.sdk, "SDK 0.2.1 (reports 0.2.1-beta.0)");
    assert_ne!(conversation.generation, "modern (0.9 and newer)");
    // The host answers with a message unknown to this widget; nothing else is wrong.
    let unknown: Vec<&str> = old
        .rows
        .iter()
        .filter(|row| row.findings.iter().any(|it| it.code == "T21"))
        .map(|row| row.type_name.as_str())
        .collect();
    assert_eq!(unknown, ["INITIATE_CALL_ID_SUCCEEDED"]);
    let bad = bad(&old);
    assert!(bad.iter().all(|it| it.starts_with("T21 ")), "{bad:?}");
}
