//! A widget in an origin that is not in the manifest.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Browser, LaunchOptions};
use callscope_e2e::{Pages, Panel, Stage, demo, extension, launch_options, wait_for_entry};
use serde_json::{Value, json};

const WIDGET_HOST: &str = "softphone.test";
const ALLOW: &str = "Allow listening there";

/// A stage whose widget is in another origin, which the panel asks permission for; and that origin.
fn open() -> (Stage, String) {
    let demo = demo().unwrap();
    let resolver = format!("--host-resolver-rules=MAP {WIDGET_HOST} 127.0.0.1");
    let browser = Browser::launch(&LaunchOptions {
        extension: Some(extension()),
        extra_arguments: vec![resolver.into()],
        ..launch_options(&demo)
    })
    .unwrap();
    let origin = format!("https://{WIDGET_HOST}:{}", demo.port());
    let url = format!("{origin}/");
    let pages = Pages::open_with_widget(&browser, &demo, "login=auto", &url).unwrap();
    wait_for_entry(&pages.host, "INITIALIZED").unwrap();
    let stage = Stage::around(demo, browser, pages).unwrap();
    let asked = [origin.clone()];
    let shown = stage
        .panel
        .wait_until("the panel to ask", |shown| shown.asks_permission == asked)
        .unwrap();
    // The widget's messages are received in the host's page.
    assert_eq!(shown.types(), ["SYNC_ACK", "INITIALIZED"]);
    assert_eq!(shown.conversations[0].widget.as_ref(), Some(&origin));
    let named = format!("{WIDGET_HOST}:{}", stage.demo.port());
    stage.panel.wait_for_words(&named).unwrap();
    (stage, origin)
}

fn is_granted(panel: &Panel) -> bool {
    let origins = json!({ "origins": [format!("https://{WIDGET_HOST}/*")] });
    let script = format!("chrome.permissions.contains({origins})");
    panel.target().evaluate(&script).unwrap()
}

fn registered(panel: &Panel) -> Vec<Value> {
    let script = "chrome.scripting.getRegisteredContentScripts()";
    panel.target().evaluate(script).unwrap()
}

/// The browser's own question is a window that no protocol reaches, so this test does not answer
/// it.
#[test]
fn nothing_happens_before_the_user_says_yes() {
    let (stage, _) = open();
    let panel = &stage.panel;
    panel.click(ALLOW).unwrap();
    // The panel waits for the answer; if the question could not be asked, it would say so.
    panel
        .target()
        .wait_until::<bool>(
            "the button to be gone",
            &format!("!document.querySelector('[aria-label=\"{ALLOW}\"]')"),
        )
        .unwrap();
    assert!(!is_granted(panel));
    assert_eq!(registered(panel), [] as [Value; 0]);
    let shown = panel.shown().unwrap();
    assert_eq!(shown.notices, [] as [&str; 0]);
}

/// A user who has allowed the origin on the extension's settings page is not asked again, which is
/// how a test can grant permission.
#[test]
fn once_it_may_the_panel_listens_and_goes_on_listening() {
    let (mut stage, origin) = open();
    let panel = stage.panel.clone();
    let settings = stage.browser.open("chrome://extensions").unwrap();
    let id = stage.browser.extension_id().unwrap();
    let failure: Option<String> = settings
        .evaluate(&format!(
            "new Promise(done => chrome.developerPrivate.addHostPermission(
                '{id}', 'https://{WIDGET_HOST}/*', () => done(chrome.runtime.lastError?.message)))"
        ))
        .unwrap();
    assert_eq!(failure, None);
    let close = json!({ "targetId": settings.info().id });
    stage.browser.call("Target.closeTarget", &close).unwrap();
    stage
        .devtools
        .front_end()
        .call("Page.bringToFront", &json!({}))
        .unwrap();

    panel.click(ALLOW).unwrap();
    panel
        .wait_until("the panel to say that it listens", |shown| {
            shown
                .notices
                .iter()
                .any(|it| it.starts_with("Callscope now listens in softphone.test"))
        })
        .unwrap();
    assert!(is_granted(&panel));
    let [script] = &registered(&panel)[..] else {
        panic!("one script: {:#?}", registered(&panel));
    };
    assert_eq!(script["matches"], json!(["https://softphone.test/*"]));
    assert_eq!(script["allFrames"], true);
    assert_eq!(script["matchOriginAsFallback"], true);
    assert_eq!(script["runAt"], "document_start");
    assert_eq!(script["persistAcrossSessions"], true);

    // At once in the frame that is open, and after a reload from its first message.
    stage.pages.host.evaluate::<()>("void demo.dial()").unwrap();
    panel.wait_for_row("DIAL_NUMBER").unwrap();
    stage.pages.host.reload().unwrap();
    stage.pages.widget = stage
        .browser
        .frame(&stage.pages.host, &format!("{origin}/"))
        .unwrap();
    stage.pages.wait_for_handshake().unwrap();
    panel.wait_for_same(&stage.pages).unwrap();
    // The recorder may know the frame a moment before the frame's own tap says hello.
    panel
        .wait_until("the panel to have no question", |shown| {
            shown.asks_permission.is_empty()
        })
        .unwrap();
}
