//! Widgets whose frame has no address or origin of its own: sandboxed, `srcdoc`, `about:blank`.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::collections::BTreeSet;

use callscope_browser::{Browser, LaunchOptions, Target};
use callscope_e2e::{
    Pages, Panel, Recorded, Stage, demo, extension, frame_where, launch_options, make_calls,
    open_panel,
};
use serde_json::{Value, json};

const NUMBER: &str = "+442079460123";

/// Sends `DIAL_NUMBER` with the form; returns the outcome, and the messageId if it was received.
fn dial(panel: &Panel) -> (Value, Option<String>) {
    let number = json!({ "do": "set-draft-field", "field": "data.phoneNumber", "value": NUMBER });
    panel.perform(&number).unwrap();
    let send = json!({ "do": "send-draft", "anyway": true });
    panel.perform(&send).unwrap();
    let shown = panel
        .wait_until("the outcome", |shown| {
            let outcome = shown.compose["outcome"].as_str();
            outcome.is_some_and(|outcome| outcome != "sending")
        })
        .unwrap();
    let outcome = shown.compose["outcome"].clone();
    if outcome != "sent" {
        return (outcome, None);
    }
    let row = panel.wait_until("it to be shown", |shown| {
        shown.rows.iter().any(|row| row.injected)
    });
    row.unwrap();
    let recorded = panel.recorded().unwrap();
    let dialed = recorded.iter().rev().find(|it| it.injected);
    let id = dialed.and_then(|it| it.message["messageId"].as_str());
    (outcome, id.map(str::to_owned))
}

/// The session is a single conversation in which nothing is missing, with errors of these rules:
/// the SDK's own host cannot talk to such a widget, and the checker says so.
#[track_caller]
fn check_whole(panel: &Panel, recorded: &[Recorded], widget_origin: &str, rules: &[&str]) {
    for side in ["host", "widget"] {
        let count = recorded.iter().filter(|it| it.from == side).count();
        assert!(count > 8, "{count} of the {side}");
    }
    let shown = panel.shown().unwrap();
    let [conversation] = &shown.conversations[..] else {
        panic!("one conversation: {:#?}", shown.conversations);
    };
    assert_eq!(conversation.widget.as_deref(), Some(widget_origin));
    let ignored = "HubSpot ignores the widget's INITIALIZED.";
    assert_eq!(shown.trouble.as_deref(), Some(ignored));
    assert_eq!(shown.asks_permission, [] as [&str; 0]);
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
    let errors = shown.findings.iter().filter(|it| it.severity == "error");
    let codes: BTreeSet<&str> = errors.map(|it| it.code.as_str()).collect();
    let rules = rules.iter().copied().collect();
    assert_eq!(codes, rules, "{:#?}", shown.findings);
}

#[test]
fn a_sandboxed_widget_is_one_conversation_and_can_be_dialed() {
    let parameters = "autodial=off&widget-csp=sandbox&sandboxed=1";
    let stage = Stage::open(demo().unwrap(), parameters).unwrap();
    let Stage { panel, pages, .. } = &stage;
    let origin: String = pages.widget.evaluate("self.origin").unwrap();
    assert_eq!(origin, "null");
    make_calls(pages).unwrap();
    let recorded = panel.wait_for_same(pages).unwrap();
    check_whole(panel, &recorded, "null", &["T03"]);

    // The window is known to the recorder, so the message goes there and nowhere else.
    let (outcome, id) = dial(panel);
    assert_eq!(outcome, "sent");
    panel.wait_for_same_and(pages, &[&id.unwrap()]).unwrap();
    let dialed: Vec<Value> = pages
        .widget
        .evaluate("demo.events.filter(it => it.name === 'onDialNumber').map(it => it.data)")
        .unwrap();
    assert_eq!(dialed.last().unwrap()["phoneNumber"], NUMBER);
}

/// A sandboxed page of an origin without permission: the panel says what it can, and posts nothing
/// to whatever is in that frame.
#[test]
fn a_sandboxed_widget_that_may_not_be_seen_is_asked_for_by_its_address() {
    const WIDGET_HOST: &str = "softphone.test";
    let demo = demo().unwrap();
    let resolver = format!("--host-resolver-rules=MAP {WIDGET_HOST} 127.0.0.1");
    let browser = Browser::launch(&LaunchOptions {
        extension: Some(extension()),
        extra_arguments: vec![resolver.into()],
        ..launch_options(&demo)
    })
    .unwrap();
    let origin = format!("https://{WIDGET_HOST}:{}", demo.port());
    let parameters = "login=auto&widget-csp=sandbox&sandboxed=1";
    let pages =
        Pages::open_with_widget(&browser, &demo, parameters, &format!("{origin}/")).unwrap();
    pages.wait_for_handshake().unwrap();
    let stage = Stage::around(demo, browser, pages).unwrap();
    let panel = &stage.panel;
    let asked = [origin];
    panel
        .wait_until("the panel to ask", |shown| shown.asks_permission == asked)
        .unwrap();
    let gaps = panel.wait_until("the gap", |shown| {
        shown.rows.iter().any(|row| row.kind == "gap")
    });
    let gaps = gaps.unwrap();
    let gap = gaps.rows.iter().find(|row| row.kind == "gap").unwrap();
    assert!(
        gap.type_name.contains("host sends is not recorded"),
        "{gap:#?}"
    );
    let select = json!({ "do": "select", "id": gap.id });
    panel.perform(&select).unwrap();
    panel
        .wait_for_words("Allow Callscope on the origin")
        .unwrap();

    let (outcome, id) = dial(panel);
    assert!(outcome.to_string().contains("sandbox"), "{outcome}");
    assert_eq!(id, None);
    let dialed: bool = stage
        .pages
        .widget
        .evaluate("demoLog.some(it => it.message.type === 'DIAL_NUMBER')")
        .unwrap();
    assert!(!dialed);
}

/// Puts the widget's page into the host's iframe, which is `about:blank`, and lets them sync.
fn fill(host: &Target, how: &str) {
    // It tries once, and fails, when the empty frame has loaded.
    let script = "demo.manager.firstSyncSent > 0";
    host.wait_until::<bool>("the frame to load", script)
        .unwrap();
    let widget = Value::from(include_str!("../../demo/pages/widget.html"));
    host.evaluate::<()>(&format!(
        "(async () => {{
            const html = {widget};
            const manager = demo.manager;
            const frame = manager.iFrame;
            // The SDK's own host would post to the address's origin, which no page has here.
            const destinationHost = {{ get: () => location.origin, set() {{}} }};
            Object.defineProperty(manager, 'destinationHost', destinationHost);
            // Not before the widget's page can log it.
            const sendSync = manager.sendSync;
            manager.sendSync = () => {{
                if (frame.contentWindow.demoLog) sendSync.call(manager);
            }};
            const fill = {{
                // Loading it makes the SDK's host start to sync.
                'about:srcdoc': () => {{ frame.srcdoc = html }},
                async 'about:blank'() {{
                    const inner = frame.contentDocument;
                    const page = new DOMParser().parseFromString(html, 'text/html');
                    const scripts = [...page.scripts].map(it => it.getAttribute('src'));
                    inner.body.append(...[...page.body.children].map(it => inner.adoptNode(it)));
                    for (const src of scripts) {{
                        const script = inner.createElement('script');
                        const loaded = new Promise(done => {{ script.onload = done }});
                        script.src = src;
                        inner.head.append(script);
                        await loaded;
                    }}
                    manager.firstSyncSent = Date.now();
                    manager.sendSync();
                }},
            }};
            await fill['{how}']();
        }})()"
    ))
    .unwrap();
}

#[test]
fn widgets_without_an_address_are_recorded_whole() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    for how in ["about:srcdoc", "about:blank"] {
        let url = demo.host_url_with("autodial=off&widget-url=about:blank");
        let host = browser.open(&url).unwrap();
        fill(&host, how);
        let script = format!("location.href.startsWith('{how}') && 'demo' in window");
        let widget = frame_where(&host, &script).unwrap();
        let pages = Pages { host, widget };
        pages.wait_for_handshake().unwrap();
        // What the address does in other tests.
        let script = "void (demo.phone.autodial = false)";
        pages.widget.evaluate::<()>(script).unwrap();
        make_calls(&pages).unwrap();
        let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
        let recorded = panel.wait_for_same(&pages).unwrap();
        let origin = demo.host_url();
        let origin = origin.trim_end_matches('/');
        check_whole(&panel, &recorded, origin, &["T03", "T04"]);
        let (outcome, id) = dial(&panel);
        assert_eq!(outcome, "sent");
        panel.wait_for_same_and(&pages, &[&id.unwrap()]).unwrap();
    }
}
