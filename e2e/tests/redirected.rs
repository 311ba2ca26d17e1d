//! A widget frame that is redirected to another origin than that of its `src`.

use callscope_browser::{Browser, DevToolsPlace, LaunchOptions};
use callscope_e2e::{Pages, Stage, demo, extension, launch_options};

#[test]
fn a_redirected_widget_is_said_to_hear_no_sync() {
    let demo = demo().unwrap();
    let resolver = "--host-resolver-rules=MAP app.hubspot.com 127.0.0.1";
    let browser = Browser::launch(&LaunchOptions {
        extension: Some(extension()),
        devtools_place: DevToolsPlace::Window,
        extra_arguments: vec![resolver.into()],
        ..launch_options(&demo)
    })
    .unwrap();
    // HubSpot loads the widget from localhost, which redirects to 127.0.0.1.
    let from = format!("https://localhost:{}", demo.port());
    let parameters = format!("autodial=off&widget-url={from}/moved.html");
    let host = format!("https://app.hubspot.com:{}/?{parameters}", demo.port());
    let host = browser.open(&host).unwrap();
    let widget = browser.frame(&host, &demo.widget_url()).unwrap();
    let pages = Pages { host, widget };
    let stage = Stage::around(demo, browser, pages).unwrap();

    let case = |shown: &callscope_e2e::Shown| {
        let empty = shown.empty.as_ref()?;
        Some(empty["case"].as_str()?.to_owned())
    };
    let shown = stage
        .panel
        .wait_until("the panel to say where the widget is", |shown| {
            case(shown).as_deref() == Some("redirected")
        })
        .unwrap();
    assert_eq!(shown.asks_permission, [] as [&str; 0]);
    let to = stage.demo.widget_url();
    let title = format!(
        "HubSpot's SYNC to {from} never arrives: the widget's frame was redirected to {}",
        to.trim_end_matches('/')
    );
    assert_eq!(shown.empty.unwrap()["title"], title);
    stage.panel.wait_for_words(&title).unwrap();
}
