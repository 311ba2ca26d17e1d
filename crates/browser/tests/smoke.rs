//! Tests the driver with a real Chromium, on pages that need no server.

use std::time::Duration;

use callscope_browser::{
    Browser, BrowserError, Key, LaunchOptions, Poll, Theme, find_chromium, wait_for,
};

const PAGE: &str = "data:text/html,<title>One</title>\
    <input id=name><button id=go onclick='document.title = document.getElementById(\"name\").value'>";

#[test]
fn drives_a_page_and_leaves_nothing_behind() {
    if let Err(BrowserError::NotFound { .. }) = find_chromium() {
        eprintln!("skipped: there is no Chromium here");
        return;
    }
    let browser = Browser::launch(&LaunchOptions {
        theme: Theme::Dark,
        ..LaunchOptions::default()
    })
    .unwrap();
    assert!(browser.version().unwrap().contains("Chrome/"));

    let page = browser.open(PAGE).unwrap();
    assert_eq!(page.evaluate::<String>("document.title").unwrap(), "One");
    assert_eq!(page.evaluate::<u32>("Promise.resolve(6 * 7)").unwrap(), 42);
    assert!(
        page.evaluate::<bool>("matchMedia('(prefers-color-scheme: dark)').matches")
            .unwrap()
    );

    let error = page
        .evaluate::<()>("(() => { throw new Error('no luck') })()")
        .unwrap_err();
    assert!(error.to_string().starts_with("Error: no luck"), "{error}");
    let error = page.evaluate::<u32>("'seven'").unwrap_err();
    assert!(matches!(error, BrowserError::Answer { .. }), "{error}");

    page.click_on("#name").unwrap();
    page.type_text("Two").unwrap();
    page.press(Key::Char('!')).unwrap();
    page.click_on("#go").unwrap();
    page.wait_until::<bool>("the title", "document.title === 'Two!'")
        .unwrap();

    page.reload().unwrap();
    assert_eq!(page.evaluate::<String>("document.title").unwrap(), "One");
    let [own] = page.contexts().unwrap().try_into().unwrap();
    assert!(own.is_page());
    assert_eq!(page.evaluate_in::<u32>(&own, "1 + 1").unwrap(), 2);

    let error = browser.open("https://localhost:1/").unwrap_err();
    assert!(error.to_string().contains("ERR_"), "{error}");

    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("page.png");
    page.screenshot(&picture).unwrap();
    assert!(std::fs::read(&picture).unwrap().starts_with(b"\x89PNG"));

    assert!(browser.is_running());
    let process = browser.process_id();
    let profile = format!("{browser:?}");
    let profile = profile.split('"').nth(1).unwrap().to_owned();
    assert!(std::path::Path::new(&profile).is_dir());
    drop(browser);
    assert!(!std::path::Path::new(&profile).exists());
    if cfg!(target_os = "linux") {
        let limit = Duration::from_secs(5);
        wait_for("all processes to end", limit, || {
            let left = processes_of_group(process);
            Ok(Poll::at(left.is_empty(), format!("{left:?}")))
        })
        .unwrap();
    }
    let error = page.evaluate::<u32>("1").unwrap_err();
    assert!(error.is_final(), "{error}");
}

/// The running processes of a group, from Linux's process table.
fn processes_of_group(group: u32) -> Vec<String> {
    std::fs::read_dir("/proc")
        .expect("Linux has a process table")
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("stat")).ok())
        .filter(|stat| {
            // "pid (name) state parent group …", where the name may contain spaces.
            let mut fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
            let state = fields.next();
            fields.nth(1) == Some(group.to_string().as_str()) && state != Some("Z")
        })
        .collect()
}

#[test]
fn notices_that_the_user_closed_it() {
    if let Err(BrowserError::NotFound { .. }) = find_chromium() {
        eprintln!("skipped: there is no Chromium here");
        return;
    }
    let browser = Browser::launch(&LaunchOptions::default()).unwrap();
    browser
        .call("Browser.close", &serde_json::json!({}))
        .unwrap();
    wait_for("the browser to end", Duration::from_secs(10), || {
        Ok(Poll::at(!browser.is_running(), "it runs"))
    })
    .unwrap();
}

#[test]
fn a_dialog_stops_nobody() {
    if let Err(BrowserError::NotFound { .. }) = find_chromium() {
        eprintln!("skipped: there is no Chromium here");
        return;
    }
    let browser = Browser::launch(&LaunchOptions::default()).unwrap();
    let page = browser.open(PAGE).unwrap();
    page.answer_dialogs().unwrap();
    let said: String = page
        .evaluate("alert('one') + ' ' + confirm('two') + ' ' + prompt('three', 'x')")
        .unwrap();
    assert_eq!(said, "undefined false null");
    let dialogs = page.dialogs();
    let told: Vec<_> = dialogs.iter().map(|it| (&*it.kind, &*it.message)).collect();
    assert_eq!(
        told,
        [("alert", "one"), ("confirm", "two"), ("prompt", "three")]
    );
    assert!(dialogs[0].url.starts_with("data:text/html"), "{dialogs:?}");
}
