//! The service worker may die whenever Chromium decides; it has no state, so nothing is missing.
//!
//! A worker that dies while Chromium installs it is given up by Chromium for as long as the
//! extension is loaded: then the panel stands in for it.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::time::Duration;
use std::{fs, thread};

use callscope_browser::{Browser, LaunchOptions, Poll, wait_for};
use callscope_e2e::{
    Pages, Panel, Stage, copy_of_extension, demo, launch_options, open_panel, wait_for_count,
};
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
        // With batches on their way, and without.
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

    // A message from the panel arrives as well.
    browser.kill_service_worker().unwrap();
    widget.evaluate::<()>("void demo.phone.logIn()").unwrap();
    panel.wait_for_row("LOGGED_IN").unwrap();
    browser.kill_service_worker().unwrap();
    let dial = |panel: &Panel| {
        let number = json!({ "do": "set-draft-field", "field": "data.phoneNumber", "value": "+16175550188" });
        panel.perform(&number).unwrap();
        panel
            .perform(&json!({ "do": "send-draft", "anyway": false }))
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

#[test]
fn nothing_is_missing_however_often_the_worker_dies_while_it_first_starts() {
    let demo = demo().unwrap();
    for deaths in 0..=4 {
        let browser = Stage::browser(&demo).unwrap();
        let pages = thread::scope(|scope| {
            // It has been starting since the browser has.
            scope.spawn(|| kill_workers(&browser, deaths));
            Pages::open(&browser, &demo, "autodial=off").unwrap()
        });
        pages.wait_for_handshake().unwrap();
        let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
        make_traffic(&pages, 1);
        assert_nothing_is_missing(&panel, &pages);
    }
}

#[test]
fn the_panel_stands_in_for_a_worker_that_chromium_has_given_up() {
    let demo = demo().unwrap();
    let folder = copy_of_extension().unwrap();
    let script = folder.path().join("worker.js");
    let worker = fs::read_to_string(&script).unwrap();
    let hold = "addEventListener('install', it => it.waitUntil(new Promise(() => {})));\n";
    fs::write(&script, [hold, &worker].concat()).unwrap();
    let browser = Browser::launch(&LaunchOptions {
        extension: Some(folder.path().to_owned()),
        ..launch_options(&demo)
    })
    .unwrap();
    let worker = browser.service_worker().unwrap();
    worker
        .wait_until::<bool>(
            "the worker to be installed",
            "serviceWorker.state === 'installing'",
        )
        .unwrap();
    browser.kill_service_worker().unwrap();

    let pages = Pages::open(&browser, &demo, "autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    // Both halves, from the first message on, and new messages.
    assert_nothing_is_missing(&panel, &pages);
    make_traffic(&pages, 1);
    assert_nothing_is_missing(&panel, &pages);
    let shown = panel.shown().unwrap();
    assert!(shown.worker_silent);
    panel
        .wait_for_words("Callscope's worker has not answered for")
        .unwrap();

    // The next page has new frames.
    pages.host.reload().unwrap();
    let widget = browser.frame(&pages.host, &demo.widget_url()).unwrap();
    let pages = Pages { widget, ..pages };
    pages.wait_for_handshake().unwrap();
    make_traffic(&pages, 1);
    assert_nothing_is_missing(&panel, &pages);
}

/// Kills this many workers one after another, each as soon as it exists; fewer, but one, if Chromium
/// starts no more.
fn kill_workers(browser: &Browser, deaths: usize) {
    let id = browser.extension_id().unwrap();
    for death in 0..deaths {
        let started = wait_for("a worker to kill", Duration::from_secs(2), || {
            let mut targets = browser.targets()?.into_iter();
            let is_it = targets.any(|it| it.kind == "service_worker" && it.url.contains(id));
            Ok(Poll::at(is_it, "none".to_owned()))
        });
        if started.is_err() {
            assert!(death > 0, "there was no worker to kill");
            break;
        }
        browser.kill_service_worker().unwrap();
    }
}

/// Lets both sides send something, and waits until that has arrived.
fn make_traffic(pages: &Pages, round: usize) {
    let Pages { host, widget } = pages;
    widget
        .evaluate::<()>("void demo.phone.sdk.userUnavailable()")
        .unwrap();
    host.evaluate::<()>("void demo.setVisibility(true, false)")
        .unwrap();
    wait_for_count(widget, "VISIBILITY_CHANGED", round).unwrap();
}

fn assert_nothing_is_missing(panel: &Panel, pages: &Pages) {
    let recorded = panel.wait_for_same(pages).unwrap();
    assert!(recorded.len() >= 3, "{recorded:#?}");
    let shown = panel.shown().unwrap();
    assert_eq!(shown.status["lost"], 0);
    assert_eq!(panel.lines("gap").unwrap().len(), 0);
    assert_eq!(shown.asks_permission, [] as [&str; 0]);
}
