//! A page from the web with a widget on this machine: the browser blocks it, and the simulator says
//! so.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use callscope_browser::{Browser, LaunchOptions, Poll, wait_for};
use callscope_demo::{PlainSite, Response};
use callscope_e2e::serve_simulator;
use serde_json::json;

#[test]
fn a_widget_of_this_machine_that_the_browser_blocks_is_said_to_be_so() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let widget = PlainSite::serve(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        Response {
            status: "200 OK",
            content_type: "text/html; charset=utf-8",
            policy: None,
            body: b"<h1>A widget</h1>".to_vec(),
        }
    })
    .unwrap();
    let site = serve_simulator();
    let port = site.port();
    // As if this server, and no other one of this machine, were somewhere in the web.
    let spaces = format!("127.0.0.1:{port}=public,[::1]:{port}=public");
    let browser = Browser::launch(&LaunchOptions {
        extra_arguments: vec![
            format!("--ip-address-space-overrides={spaces}").into(),
            "--enable-features=LocalNetworkAccessChecks".into(),
        ],
        ..LaunchOptions::default()
    })
    .unwrap();
    let address = format!("http://127.0.0.1:{}/", widget.port());
    let page = browser
        .open(&format!("http://localhost:{port}/?widget={address}"))
        .unwrap();
    // Where nobody can be asked, a browser refuses.
    page.wait_until::<bool>(
        "the sentence",
        "document.getElementById('trouble').textContent.includes('Local Network Access')",
    )
    .unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0);

    let params = json!({
        "origin": format!("http://localhost:{port}"),
        "permissions": ["loopbackNetwork"],
    });
    browser.call("Browser.grantPermissions", &params).unwrap();
    page.reload().unwrap();
    wait_for(
        "the widget to be asked for",
        Duration::from_secs(30),
        || {
            let count = asked.load(Ordering::Relaxed);
            Ok(Poll::at(count > 0, format!("{count} requests")))
        },
    )
    .unwrap();
    let said: String = page
        .evaluate("document.getElementById('trouble').textContent")
        .unwrap();
    assert!(!said.contains("Local Network Access"), "{said}");
}
