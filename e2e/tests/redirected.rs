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

    let to = stage.demo.widget_url();
    let problem = format!(
        "The widget's frame was redirected to {}: HubSpot's SYNC to {from} never arrives",
        to.trim_end_matches('/')
    );
    let shown = stage
        .panel
        .wait_until("a finding that says where the widget is", |shown| {
            shown.findings.iter().any(|it| it.code == "W06")
        })
        .unwrap();
    let found: Vec<_> = (shown.findings.iter())
        .map(|it| (it.code.as_str(), it.message.as_str()))
        .collect();
    assert_eq!(found, [("W06", problem.as_str())]);
    assert_eq!(shown.asks_permission, [] as [&str; 0]);
    // The bar above the list, and the row.
    let bar = format!("{problem}. Give HubSpot the address");
    stage.panel.wait_for_words(&bar).unwrap();
    // It is in what is exported, once.
    let log = stage.panel.export().unwrap();
    assert_eq!(log.matches("\"what\":\"redirected\"").count(), 1, "{log}");
}
