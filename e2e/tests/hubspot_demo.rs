//! HubSpot's own demo, a widget on the published SDK, in the simulator, whose host is Callscope's
//! SDK.
//!
//! The demo is not on npm, and Callscope may not redistribute it: the test takes it from a clone of
//! `HubSpot/calling-extensions-sdk` on GitHub, given in the variable `CALLSCOPE_HUBSPOT_DEMOS`:
//!
//! ```text
//! CALLSCOPE_HUBSPOT_DEMOS=/path/of/the/clone \
//!     cargo test -p callscope-e2e --test hubspot_demo -- --ignored
//! ```

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use callscope_browser::Target;
use callscope_demo::{PlainSite, Response};
use callscope_e2e::{SimulatorPage, Stage, demo, open_panel_of};
use serde_json::json;

const VARIABLE: &str = "CALLSCOPE_HUBSPOT_DEMOS";

/// Replaces what its page loads from other servers: the SDK as installed by npm, and the only thing
/// that its script imports.
const HEAD: &str = r#"<!doctype html><meta charset="utf-8"><script src="/sdk.js"></script>
<script type="importmap">{"imports": {"uuid": "/uuid.js"}}</script>
<script type="module">
import * as demo from '/demo.js';
Object.assign(window, demo);
</script>
"#;
const UUID: &str = "export const v4 = () => crypto.randomUUID();\n";

/// The clone's folder with the demo in plain JavaScript.
fn folder() -> PathBuf {
    let clone = std::env::var_os(VARIABLE);
    let clone = clone.unwrap_or_else(|| panic!("{VARIABLE} names no clone"));
    PathBuf::from(clone).join("demos/demo-minimal-js")
}

/// Serves the demo: its script unchanged, and the visible part of its page.
fn serve_demo() -> PlainSite {
    let folder = folder();
    let page = fs::read_to_string(folder.join("index.html")).unwrap();
    let body = page.split_once("<body>").unwrap().1;
    let page = format!("{HEAD}<body>{body}");
    let script = fs::read_to_string(folder.join("index.js")).unwrap();
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../node_modules/@hubspot/calling-extensions-sdk/dist/main.js");
    let sdk = fs::read_to_string(sdk).unwrap();
    PlainSite::serve(move |request| {
        let js = "text/javascript; charset=utf-8";
        let (content_type, body) = match request.path.as_str() {
            "/" => ("text/html; charset=utf-8", page.as_str()),
            "/demo.js" => (js, script.as_str()),
            "/sdk.js" => (js, sdk.as_str()),
            "/uuid.js" => (js, UUID),
            _ => (js, ""),
        };
        Response::file(content_type, body.into())
    })
    .unwrap()
}

fn press(widget: &Target, button: &str) {
    let script = format!("void document.getElementById('{button}').click()");
    widget.evaluate::<()>(&script).unwrap();
}

#[test]
#[ignore = "needs a clone of HubSpot's repository"]
fn it_works_in_the_simulator() {
    let site = serve_demo();
    let url = format!("http://127.0.0.1:{}/", site.port());
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let simulator = SimulatorPage::served(&browser, &url, "").unwrap();
    simulator.wait_until("it.link === 'open'").unwrap();
    let widget = browser.frame(&simulator.page, &url).unwrap();

    press(&widget, "login");
    press(&widget, "useravailable");
    simulator.wait_until("it.loggedIn && it.available").unwrap();
    simulator
        .act(&json!({ "act": "dial", "number": "+447700900456" }))
        .unwrap();
    let is_told: bool = widget
        .wait_until("the number", "state.toNumber === '+447700900456'")
        .unwrap();
    assert!(is_told);
    press(&widget, "outgoingcall");
    simulator
        .wait_until("it.call?.engagementId && log.endsWith('ENGAGEMENT_CREATED')")
        .unwrap();
    press(&widget, "answercall");
    simulator
        .wait_until("it.call.stage === 'answered'")
        .unwrap();
    press(&widget, "endcall");
    simulator.wait_until("it.call.stage === 'ended'").unwrap();
    press(&widget, "completecall");
    simulator
        .wait_until("it.activity[0]?.status === 'Saved'")
        .unwrap();

    press(&widget, "incomingcall");
    simulator
        .wait_until(
            "it.call?.inbound && it.call.engagementId && log.endsWith('ENGAGEMENT_CREATED')",
        )
        .unwrap();
    press(&widget, "answercall");
    press(&widget, "transfercall");
    press(&widget, "resizewidget");
    simulator.wait_until("it.width === 420").unwrap();
    simulator.act(&json!({ "act": "reloadWidget" })).unwrap();
    simulator
        .wait_until("log.split('INITIALIZED').length === 3")
        .unwrap();

    assert_eq!(simulator.said(0).unwrap(), SAID);

    let panel = open_panel_of(&browser, &simulator.page).unwrap().1;
    let shown = panel
        .wait_until("both handshakes", |shown| {
            let types = shown.types().into_iter();
            types.filter(|it| *it == "INITIALIZED").count() == 2
        })
        .unwrap();
    let findings: Vec<&str> = shown.findings.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(findings, [""; 0], "{:#?}", shown.findings);
}

const SAID: &[&str] = &[
    "host SYNC",
    "widget SYNC_ACK",
    "widget INITIALIZED",
    "widget LOGGED_IN",
    "widget USER_AVAILABLE",
    "host DIAL_NUMBER",
    "widget OUTGOING_CALL_STARTED",
    "host INITIATE_CALL_ID_SUCCEEDED",
    "host CREATE_ENGAGEMENT_SUCCEEDED",
    "host ENGAGEMENT_CREATED",
    "widget CALL_ANSWERED",
    "widget CALL_ENDED",
    "widget CALL_COMPLETED",
    "host UPDATE_ENGAGEMENT_SUCCEEDED",
    "widget INCOMING_CALL",
    "host INITIATE_CALL_ID_SUCCEEDED",
    "host CALLER_ID_MATCH_SUCCEEDED",
    "host CREATE_ENGAGEMENT_SUCCEEDED",
    "host ENGAGEMENT_CREATED",
    "widget CALL_ANSWERED",
    "widget CALL_TRANSFERRED",
    "widget RESIZE_WIDGET",
    "host SYNC",
    "widget SYNC_ACK",
    "widget INITIALIZED",
];
