//! Pages that Chromium loads before the user navigates to them.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::thread::sleep;
use std::time::Duration;

use callscope_browser::{Browser, Target};
use callscope_demo::Demo;
use callscope_e2e::{
    Pages, Panel, Recorded, Stage, demo, frame_where, make_calls, open_panel_of, wait_for_entry,
};
use serde_json::{Value, json};

/// Opens a page without scripts of its own, from which Chromium may prerender others.
fn open_tab(browser: &Browser, demo: &Demo) -> Target {
    let url = format!("{}nothing", demo.host_url());
    browser
        .call("Target.createTarget", &json!({ "url": url }))
        .unwrap();
    let tab = browser
        .wait_for_target("the tab", |it| it.kind == "tab" && it.url == url)
        .unwrap();
    tab.drive_pages().unwrap();
    tab
}

/// Makes a page announce that the user will probably navigate to another one soon; returns that
/// page, which is the one with this number in the tab.
///
/// A busy Chromium sometimes silently ignores such a rule: then the page announces it again.
fn prerender(tab: &Target, number: usize, page: &Target, url: &str) -> Target {
    page.wait_until::<bool>("the page", "document.readyState === 'complete'")
        .unwrap();
    page.call("Page.bringToFront", &json!({})).unwrap();
    let rules = json!({ "prerender": [{ "urls": [url], "eagerness": "immediate" }] });
    let has_begun = || {
        let events = tab.events();
        let pages = events
            .iter()
            .filter(|it| it.method == "Target.attachedToTarget");
        pages.count() > number
    };
    for _ in 0..5 {
        page.evaluate::<()>(&format!(
            "(() => {{
                document.querySelector('script[type=speculationrules]')?.remove();
                const rules = document.createElement('script');
                rules.type = 'speculationrules';
                rules.textContent = JSON.stringify({rules});
                document.head.append(rules);
            }})()"
        ))
        .unwrap();
        let has_begun = (0..200).any(|_| {
            sleep(Duration::from_millis(20));
            has_begun()
        });
        if has_begun {
            break;
        }
    }
    tab.page_of_tab(number).unwrap()
}

/// Navigates to the prerendered page, and waits until the tab shows that.
fn go(from: &Target, url: &str, to: &Target) {
    let url = Value::from(url);
    from.evaluate::<()>(&format!("void (location.href = {url})"))
        .unwrap();
    to.wait_until::<bool>("the page to be shown", "!document.prerendering")
        .unwrap();
    let script = "performance.getEntriesByType('navigation')[0].activationStart > 0";
    assert!(to.evaluate::<bool>(script).unwrap(), "loaded anew");
}

fn is_prerendering(page: &Target) -> bool {
    page.evaluate("document.prerendering").unwrap()
}

fn messages(recorded: &[Recorded]) -> Vec<Value> {
    recorded.iter().map(|it| it.message.clone()).collect()
}

/// Waits until the panel can show the recording of the previous page, and returns that.
fn parked(panel: &Panel) -> Vec<Recorded> {
    panel
        .wait_until("the session of the page before", |_| {
            panel.perform(&json!({ "do": "show-parked" })).unwrap();
            panel.shown().unwrap().imported.is_some()
        })
        .unwrap();
    let parked = panel.recorded().unwrap();
    panel.perform(&json!({ "do": "back-to-live" })).unwrap();
    parked
}

/// Nothing is missing, and nothing appears twice.
#[track_caller]
fn check_whole(panel: &Panel) {
    let shown = panel.shown().unwrap();
    assert_eq!(shown.conversations.len(), 1, "{:#?}", shown.conversations);
    assert_eq!(shown.trouble, None);
    assert_eq!(shown.status["lost"], 0);
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
}

#[test]
fn a_handshake_before_the_page_is_shown_is_recorded() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let tab = open_tab(&browser, &demo);
    let start = tab.page_of_tab(0).unwrap();
    // Chromium delays frames of other origins until the page is shown.
    let widget_url = format!("{}widget.html", demo.host_url());
    let url = |number: usize| {
        let parameters = format!("login=auto&autodial=off&widget-url={widget_url}&n={number}");
        demo.host_url_with(&parameters)
    };
    let frame = |host: &Target| frame_where(host, "location.pathname === '/widget.html'").unwrap();

    let host = prerender(&tab, 1, &start, &url(1));
    wait_for_entry(&host, "INITIALIZED").unwrap();
    assert!(is_prerendering(&host));
    go(&start, &url(1), &host);
    let widget = frame(&host);
    let first = Pages { host, widget };
    make_calls(&first).unwrap();
    let (_devtools, panel) = open_panel_of(&browser, &first.host).unwrap();
    panel.wait_for_same(&first).unwrap();
    check_whole(&panel);

    // The panel ignores a page that is not shown yet; once it is, the panel follows.
    let host = prerender(&tab, 2, &first.host, &url(2));
    wait_for_entry(&host, "INITIALIZED").unwrap();
    assert!(is_prerendering(&host));
    first
        .widget
        .evaluate::<()>("void demo.phone.sdk.userAvailable()")
        .unwrap();
    let recorded = panel.wait_for_same(&first).unwrap();
    check_whole(&panel);
    go(&first.host, &url(2), &host);
    let widget = frame(&host);
    let second = Pages { host, widget };
    let others = panel.wait_for_same(&second).unwrap();
    assert_ne!(others[0].message, recorded[0].message);
    assert_eq!(messages(&parked(&panel)), messages(&recorded));
    make_calls(&second).unwrap();
    let recorded = panel.wait_for_same(&second).unwrap();
    check_whole(&panel);

    // A widget of another origin, like HubSpot's: it is loaded when the page is shown.
    let url = demo.host_url_with("login=auto&autodial=off");
    let host = prerender(&tab, 3, &second.host, &url);
    host.wait_until::<bool>(
        "the host",
        "document.readyState !== 'loading' && 'demo' in window",
    )
    .unwrap();
    assert!(is_prerendering(&host));
    go(&second.host, &url, &host);
    let widget = browser.frame(&host, &demo.widget_url()).unwrap();
    let third = Pages { host, widget };
    third.wait_for_handshake().unwrap();
    make_calls(&third).unwrap();
    panel.wait_for_same(&third).unwrap();
    check_whole(&panel);
    assert_eq!(messages(&parked(&panel)), messages(&recorded));
}
