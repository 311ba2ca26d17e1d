//! Tabs that Chromium discards to save memory.

use callscope_e2e::{Pages, Stage, demo, make_calls, open_panel_of};
use serde_json::{Value, json};

/// Neither the page nor Callscope in it is notified, and the tab gets a new id: nothing is left of
/// the recording, and the panel says so. The page that comes back is recorded from its first
/// message on, and nothing of the old one appears in it.
#[test]
fn a_discarded_page_that_comes_back_is_recorded_anew() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    browser.service_worker().unwrap();
    let pages = Pages::open(&browser, &demo, "login=auto&autodial=off").unwrap();
    make_calls(&pages).unwrap();

    // A page of the extension that is allowed to do what DevTools cannot.
    let id = browser.extension_id().unwrap();
    let extension = browser
        .open(&format!("chrome-extension://{id}/devtools.html"))
        .unwrap();
    let of_tab = |act: &str| {
        extension
            .evaluate::<bool>(&format!(
                "(async () => {{
                    const tabs = await chrome.tabs.query({{}});
                    const tab = tabs.find(it => it.url?.startsWith('{}'));
                    return await {act};
                }})()",
                demo.host_url()
            ))
            .unwrap()
    };
    // The tab's panel cannot be open at this time: DevTools closes with the page, and would not
    // know the tab by its new id.
    assert!(of_tab(
        "chrome.tabs.discard(tab.id).then(it => it.discarded && it.id !== tab.id)"
    ));
    assert!(of_tab("tab.discarded"));
    assert!(of_tab(
        "chrome.tabs.update(tab.id, { active: true }).then(it => it.active)"
    ));

    let host = browser
        .wait_for_target("the page to come back", |it| {
            it.kind == "page" && it.url.starts_with(&demo.host_url())
        })
        .unwrap();
    let widget = browser.frame(&host, &demo.widget_url()).unwrap();
    let pages = Pages { host, widget };
    pages.wait_for_handshake().unwrap();
    assert!(
        pages
            .host
            .evaluate::<bool>("document.wasDiscarded")
            .unwrap()
    );
    let (_devtools, panel) = open_panel_of(&browser, &pages.host).unwrap();
    panel.wait_for_same(&pages).unwrap();
    make_calls(&pages).unwrap();
    panel.wait_for_same(&pages).unwrap();

    let shown = panel.shown().unwrap();
    let says = |it: &String| it.contains("discarded this page to save memory");
    assert!(shown.notices.iter().any(says), "{:?}", shown.notices);
    assert_eq!(shown.conversations.len(), 1, "{:#?}", shown.conversations);
    assert_eq!(shown.status["lost"], 0);
    assert_eq!(shown.trouble, None);
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
    panel.perform(&json!({ "do": "show-parked" })).unwrap();
    assert_eq!(panel.shown().unwrap().imported, None);
}
