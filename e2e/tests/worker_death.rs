//! The service worker dies whenever Chromium likes; it has no state, so nothing is missing.

use callscope_e2e::{Pages, Panel, Stage, demo, open_panel, wait_for_count};
use serde_json::json;

#[test]
fn nothing_is_missing_when_the_worker_dies_between_messages() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    // Dead before the first message.
    let worker = browser.service_worker().unwrap();
    worker
        .wait_until::<bool>(
            "its first start to be over",
            "serviceWorker.state === 'activated'",
        )
        .unwrap();
    browser.kill_service_worker().unwrap();
    let pages = Pages::open(&browser, &demo, "autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    panel.wait_for_same(&pages).unwrap();

    let Pages { host, widget } = &pages;
    for round in 1..=6 {
        // With batches on their way, and with none.
        host.evaluate::<()>("void demo.send('END_CALL')").unwrap();
        widget
            .evaluate::<()>("void demo.phone.sdk.userAvailable()")
            .unwrap();
        if round % 2 == 0 {
            panel.wait_for_same(&pages).unwrap();
        }
        browser.kill_service_worker().unwrap();
        host.evaluate::<()>("void demo.setVisibility(true, false)")
            .unwrap();
        widget
            .evaluate::<()>("void demo.phone.sdk.userUnavailable()")
            .unwrap();
        wait_for_count(widget, "VISIBILITY_CHANGED", round).unwrap();
    }
    let recorded = panel.wait_for_same(&pages).unwrap();
    assert!(recorded.len() >= 6 * 4 + 3, "{}", recorded.len());
    assert_eq!(panel.shown().unwrap().status["lost"], 0);
    assert_eq!(panel.lines("gap").unwrap().len(), 0);

    // A message from the panel finds its way as well.
    browser.kill_service_worker().unwrap();
    widget.evaluate::<()>("void demo.phone.logIn()").unwrap();
    panel.wait_for_row("LOGGED_IN").unwrap();
    browser.kill_service_worker().unwrap();
    let dial = |panel: &Panel| {
        let number =
            json!({ "do": "set-dial-field", "field": "phoneNumber", "value": "+16175550188" });
        panel.perform(&number).unwrap();
        panel
            .perform(&json!({ "do": "send-dial", "anyway": false }))
            .unwrap();
        panel
            .wait_until("it to be received", |shown| {
                shown.compose["outcome"] == "sent"
            })
            .unwrap();
    };
    dial(&panel);
    let row = panel.wait_for_row("DIAL_NUMBER").unwrap();
    assert!(row.injected);
}
