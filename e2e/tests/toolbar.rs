//! The toolbar button, which says whether the active tab is recorded; and the welcome page.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::time::Duration;

use callscope_browser::{Browser, LaunchOptions, Poll, Target, wait_for};
use callscope_bus::WELCOME_PAGE;
use callscope_e2e::{Pages, Stage, demo, extension, launch_options};
use serde_json::json;

/// What a click on the button opens in the ordinary browser window, above the active tab.
///
/// A page of the extension in a separate window triggers it: a worker that is starting, or whose
/// extension was just reloaded, cannot.
fn open_popup(browser: &Browser) -> Target {
    let asking = format!(
        "chrome-extension://{}/devtools.html",
        browser.extension_id().unwrap()
    );
    let parameters = json!({ "url": asking, "newWindow": true });
    browser.call("Target.createTarget", &parameters).unwrap();
    let page = browser
        .wait_for_target("the page that asks", |it| it.url == asking)
        .unwrap();
    page.wait_until::<bool>("its document", "'windows' in chrome")
        .unwrap();
    page.evaluate::<()>(
        "Promise.all([chrome.windows.getAll({ windowTypes: ['normal'] }), chrome.windows.getCurrent()])
            .then(([all, own]) => all.find(({ id }) => id !== own.id).id)
            .then((windowId) => chrome.windows.update(windowId, { focused: true }))
            .then(({ id }) => chrome.action.openPopup({ windowId: id }))
            .then(() => undefined)",
    )
    .unwrap();
    drop(page.evaluate::<()>("void setTimeout(close)"));
    browser
        .wait_for_target("the popup", |it| it.url.ends_with("/popup.html"))
        .unwrap()
}

#[track_caller]
fn wait_for_title(popup: &Target, title: &str) {
    let title = json!(title);
    let script = format!("document.getElementById('title')?.textContent === {title}");
    popup.wait_until::<bool>("the title", &script).unwrap();
}

/// Opens the popup, waits until it has this title, and returns its text.
#[track_caller]
fn says(browser: &Browser, title: &str) -> String {
    let popup = open_popup(browser);
    wait_for_title(&popup, title);
    let text = popup
        .evaluate("document.getElementById('text').textContent")
        .unwrap();
    popup.evaluate::<()>("void setTimeout(close)").unwrap();
    wait_for("the popup to close", Duration::from_secs(30), || {
        let is_open = (browser.targets()?.iter()).any(|it| it.id == popup.info().id);
        Ok(Poll::at(!is_open, "open".to_owned()))
    })
    .unwrap();
    text
}

#[test]
fn the_button_says_whether_the_tab_is_recorded() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let page = browser.first_page().unwrap();
    // A page of the browser itself.
    assert!(says(&browser, "Not recorded").contains("127.0.0.1"));

    page.navigate(&format!("{}nothing", demo.host_url()))
        .unwrap();
    let text = says(&browser, "Listening");
    assert!(text.starts_with("In 1 frame of this page"), "{text}");

    let pages = Pages::open(&browser, &demo, "autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    let text = says(&browser, "Recorded");
    let widget = demo.widget_url();
    assert!(text.contains(widget.trim_end_matches('/')), "{text}");

    let stage = Stage::around(demo, browser, pages).unwrap();
    stage
        .panel
        .wait_until("the recorder", |it| it.recording == Some(true))
        .unwrap();
    stage
        .panel
        .perform(&json!({ "do": "set-recording", "on": false }))
        .unwrap();
    stage
        .panel
        .wait_until("the recorder to pause", |it| it.recording == Some(false))
        .unwrap();
    stage
        .pages
        .host
        .call("Page.bringToFront", &json!({}))
        .unwrap();
    says(&stage.browser, "Paused");

    // Chrome makes a popup at most 800 pixels wide: at a zoom of 300 %, this is what is left.
    let id = stage.browser.extension_id().unwrap();
    let url = format!("chrome-extension://{id}/popup.html");
    let popup = stage.browser.open(&url).unwrap();
    wait_for_title(&popup, "Not recorded");
    popup.resize(266, 200, 3.0).unwrap();
    let fits = "innerWidth === 266 && document.scrollingElement.scrollWidth <= innerWidth";
    popup.wait_until::<bool>("it to fit", fits).unwrap();
}

#[test]
fn what_was_open_before_it_was_installed_is_to_be_reloaded() {
    let demo = demo().unwrap();
    // The complete extension, with the page that opens after installation.
    let browser = Browser::launch(&LaunchOptions {
        extension: Some(extension()),
        extension_without: Vec::new(),
        ..launch_options(&demo)
    })
    .unwrap();
    let welcome = browser
        .wait_for_target("the page after installation", |it| {
            it.url.ends_with(WELCOME_PAGE)
        })
        .unwrap();
    let words = "document.body.innerText.includes('Reload the pages that are open now')";
    welcome.wait_until::<bool>("its words", words).unwrap();

    let mut pages = Pages::open(&browser, &demo, "autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    // No frame should be starting to record while the worker changes.
    says(&browser, "Recorded");
    let old = browser.service_worker().unwrap();
    // The worker ends before it can answer; to the page, this looks like a new installation.
    drop(old.evaluate::<()>("void setTimeout(() => chrome.runtime.reload(), 50)"));
    browser
        .wait_for_target("the new worker", |it| {
            it.kind == old.info().kind && it.url == old.info().url && it.id != old.info().id
        })
        .unwrap();
    pages.host.call("Page.bringToFront", &json!({})).unwrap();
    let popup = open_popup(&browser);
    wait_for_title(&popup, "Not recorded yet");
    popup
        .evaluate::<()>("document.getElementById('reload').click()")
        .unwrap();
    pages.widget = browser.frame(&pages.host, &demo.widget_url()).unwrap();
    pages.wait_for_handshake().unwrap();
    wait_for_title(&popup, "Recorded");
    let welcomes = (browser.targets().unwrap().iter())
        .filter(|it| it.url.ends_with(WELCOME_PAGE))
        .count();
    // Chromium closes the extension's own pages when it is reloaded.
    assert_eq!(welcomes, 0, "it opens after an installation only");
}
