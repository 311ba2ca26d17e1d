//! The extension is updated while pages are open.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use callscope_browser::{Browser, DevToolsPlace, LaunchOptions, Poll, wait_for};
use callscope_bus::WELCOME_PAGE;
use callscope_e2e::{
    PANEL_PAGE, Pages, copy_of_extension, demo, launch_options, listen_in, make_calls, open_panel,
    said_by_extensions,
};
use serde_json::{Value, json};

fn set_version(folder: &Path, version: &str) {
    let path = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest["version"] = json!(version);
    fs::write(path, manifest.to_string()).unwrap();
}

#[test]
fn after_an_update_old_scripts_are_silent_and_reloaded_pages_are_recorded() {
    let folder = copy_of_extension().unwrap();
    fs::remove_file(folder.path().join(WELCOME_PAGE)).unwrap();
    set_version(folder.path(), "1.0.0");
    let demo = demo().unwrap();
    let browser = Browser::launch(&LaunchOptions {
        extension: Some(folder.path().to_owned()),
        // Chromium must load this folder rather than a copy, to see the update in it.
        extension_without: Vec::new(),
        devtools_place: DevToolsPlace::Window,
        ..launch_options(&demo)
    })
    .unwrap();
    browser.service_worker().unwrap();
    let mut pages = Pages::open(&browser, &demo, "autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    for page in [&pages.host, &pages.widget] {
        listen_in(page).unwrap();
    }
    let (devtools, panel) = open_panel(&browser, &pages).unwrap();
    panel.wait_for_same(&pages).unwrap();

    set_version(folder.path(), "1.0.1");
    let old = browser.service_worker().unwrap();
    // The worker ends before it can answer.
    drop(old.evaluate::<()>("void setTimeout(() => chrome.runtime.reload(), 50)"));
    let id = browser.extension_id().unwrap();
    let own_page = format!("chrome-extension://{id}/devtools.html");
    wait_for("the new version", Duration::from_mins(1), || {
        let page = browser.open(&own_page)?;
        let version: String = page.evaluate("chrome.runtime.getManifest().version")?;
        Ok(Poll::at(version == "1.0.1", version))
    })
    .unwrap();

    // The pages continue as if nothing had been there.
    make_calls(&pages).unwrap();
    for page in [&pages.host, &pages.widget] {
        assert_eq!(
            said_by_extensions(page),
            [] as [Value; 0],
            "{:?}",
            page.info()
        );
    }
    // The old panel disappeared with the old version, and DevTools leaves its place empty.
    // Reopened, it says that it has missed the beginning, and offers to reload the page.
    let panels = browser.targets().unwrap().into_iter();
    let panels: Vec<_> = panels.filter(|it| it.url.ends_with(PANEL_PAGE)).collect();
    assert_eq!(panels.len(), 0, "{panels:#?}");
    drop(devtools);
    let (devtools, panel) = open_panel(&browser, &pages).unwrap();
    panel.wait_for_words("Recording began late").unwrap();
    panel.node("Reload page").unwrap();

    // A page loaded since has the new one.
    pages.host.reload().unwrap();
    pages.widget = browser.frame(&pages.host, &demo.widget_url()).unwrap();
    pages.wait_for_handshake().unwrap();
    drop(devtools);
    make_calls(&pages).unwrap();
    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    panel.wait_for_same(&pages).unwrap();
}
