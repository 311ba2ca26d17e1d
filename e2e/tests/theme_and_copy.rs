//! The panel is dark or light like DevTools, and copying works inside DevTools.

use callscope_browser::{Browser, LaunchOptions, Theme};
use callscope_e2e::{Pages, Stage, demo, extension, launch_options};
use serde_json::{Value, json};

#[test]
fn the_panel_is_dark_or_light_as_devtools_are() {
    for (theme, expected) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let demo = demo().unwrap();
        let browser = Browser::launch(&LaunchOptions {
            extension: Some(extension()),
            theme,
            ..launch_options(&demo)
        })
        .unwrap();
        let pages = Pages::open(&browser, &demo, "").unwrap();
        let stage = Stage::around(demo, browser, pages).unwrap();
        let devtools: String = stage
            .devtools
            .front_end()
            .evaluate("document.documentElement.classList.contains('theme-with-dark-background') ? 'dark' : 'light'")
            .unwrap();
        assert_eq!(devtools, expected);
        stage
            .panel
            .wait_until(expected, |shown| shown.theme == expected)
            .unwrap();
        // The page behind the canvas follows as well.
        let page: String = stage
            .panel
            .target()
            .evaluate("getComputedStyle(document.documentElement).colorScheme")
            .unwrap();
        assert_eq!(page, expected);
    }
}

#[test]
fn a_message_is_copied_with_a_click() {
    let stage = Stage::open(demo().unwrap(), "").unwrap();
    let Stage {
        panel,
        pages,
        browser,
        ..
    } = &stage;
    let recorded = panel.wait_for_same(pages).unwrap();
    let last = recorded.last().unwrap();
    panel
        .perform(&json!({ "do": "select-seq", "seq": last.seq }))
        .unwrap();
    panel.click("Copy").unwrap();
    panel.wait_for_words("Message copied").unwrap();

    // Read where a user would paste it.
    let host = stage.demo.host_url();
    let origin = host.trim_end_matches('/');
    let permissions = json!({ "origin": origin, "permissions": ["clipboardReadWrite"] });
    browser
        .call("Browser.grantPermissions", &permissions)
        .unwrap();
    pages
        .host
        .call(
            "Emulation.setFocusEmulationEnabled",
            &json!({ "enabled": true }),
        )
        .unwrap();
    let text: String = pages
        .host
        .evaluate("navigator.clipboard.readText()")
        .unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), last.message);
}
