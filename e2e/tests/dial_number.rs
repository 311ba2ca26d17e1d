//! `DIAL_NUMBER` from the panel.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::BrowserError;
use callscope_e2e::{Pages, Panel, Recorded, Stage, demo, wait_for_entry};
use serde_json::{Value, json};

const NUMBER: &str = "+442079460123";

fn set(panel: &Panel, field: &str, value: &str) {
    let field = format!("data.{field}");
    let action = json!({ "do": "set-draft-field", "field": field, "value": value });
    panel.perform(&action).unwrap();
}

fn dialed(pages: &Pages) -> Vec<Value> {
    pages
        .widget
        .evaluate("demo.events.filter(it => it.name === 'onDialNumber').map(it => it.data)")
        .unwrap()
}

/// Waits until the form shows this obstacle.
fn wait_for_obstacle(panel: &Panel, words: &str) {
    panel
        .wait_until(&format!("the form to say “{words}”"), |shown| {
            shown.compose["obstacle"]
                .as_str()
                .is_some_and(|it| it.contains(words))
        })
        .unwrap();
    panel.wait_for_words(words).unwrap();
}

fn wait_for_no_obstacle(panel: &Panel) {
    panel
        .wait_until("the form to let it be sent", |shown| {
            shown.compose["obstacle"].is_null()
        })
        .unwrap();
}

fn message_ids(pages: &Pages) -> Result<Vec<Value>, BrowserError> {
    pages
        .widget
        .evaluate("demoLog.filter(it => it.from === 'parent').map(it => it.message.messageId)")
}

#[test]
fn the_widget_gets_what_the_form_says_once() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();

    // With mouse and keyboard, like a user.
    panel.click("Compose").unwrap();
    panel.click("phoneNumber").unwrap();
    panel.target().type_text(NUMBER).unwrap();
    wait_for_no_obstacle(panel);
    set(panel, "objectId", "301");
    set(panel, "objectType", "CONTACT");
    set(panel, "countryCode", "GB");
    set(panel, "calleeInfo.calleeId", "301");
    set(panel, "calleeInfo.calleeObjectTypeId", "0-1");
    let preview: Value =
        serde_json::from_str(panel.shown().unwrap().compose["preview"].as_str().unwrap()).unwrap();
    panel.click("Send").unwrap();
    panel
        .wait_until("the panel to know that it was received", |shown| {
            shown.compose["outcome"] == "sent"
        })
        .unwrap();

    // The two ids are known from SYNC.
    let data = json!({
        "phoneNumber": NUMBER,
        "ownerId": 70_412_055,
        "objectId": 301,
        "objectType": "CONTACT",
        "portalId": 24_021_990,
        "countryCode": "GB",
        "calleeInfo": { "calleeId": 301, "calleeObjectTypeId": "0-1" },
    });
    assert_eq!(dialed(pages), std::slice::from_ref(&data));
    let message = wait_for_entry(&pages.widget, "DIAL_NUMBER").unwrap();
    assert_eq!(message.message, preview);
    assert_eq!(message.message["data"], data);
    assert_eq!(message.from, "parent");
    let host = stage.demo.host_url();
    assert_eq!(message.origin, host.trim_end_matches('/'));

    // With the host's own instance id, or the widget's SDK would take it for another host's.
    let ids = message_ids(pages).unwrap();
    let prefix = |id: &Value| id.as_str().unwrap().split('_').next().unwrap().to_owned();
    let (id, sync) = (ids.last().unwrap(), &ids[0]);
    assert_eq!(prefix(id), prefix(sync));
    assert_eq!(ids.iter().filter(|it| *it == id).count(), 1, "{ids:?}");

    let first = id.as_str().unwrap();
    let recorded = panel.wait_for_same_and(pages, &[first]).unwrap();
    let injected: Vec<&str> = recorded
        .iter()
        .filter(|it| it.injected)
        .map(Recorded::kind)
        .collect();
    assert_eq!(injected, ["DIAL_NUMBER"]);

    // The form can be sent again, as a new message.
    panel.click("Send").unwrap();
    pages
        .widget
        .wait_until::<bool>(
            "onDialNumber once more",
            "demo.events.filter(it => it.name === 'onDialNumber').length === 2",
        )
        .unwrap();
    let ids = message_ids(pages).unwrap();
    let second = ids.last().unwrap().as_str().unwrap();
    assert_ne!(second, first);
    panel.wait_for_same_and(pages, &[first, second]).unwrap();
}

#[test]
fn the_form_says_why_it_cannot_be_sent() {
    let mut stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let send = |stage: &Stage, anyway: bool| {
        let action = json!({ "do": "send-draft", "anyway": anyway });
        stage.panel.perform(&action).unwrap();
    };
    let panel = stage.panel.clone();
    panel.wait_for_row("INITIALIZED").unwrap();
    panel
        .perform(&json!({ "do": "show-view", "view": "compose" }))
        .unwrap();
    wait_for_obstacle(&panel, "phoneNumber");
    set(&panel, "phoneNumber", NUMBER);
    wait_for_no_obstacle(&panel);

    // During a call.
    let act = |stage: &Stage, script: &str| {
        let script = format!("void demo.phone.{script}");
        stage.pages.widget.evaluate::<()>(&script).unwrap();
    };
    act(&stage, "dial()");
    wait_for_obstacle(&panel, "A call is going on");
    act(&stage, "hangUp()");
    wait_for_no_obstacle(&panel);

    // Logged out: only if the user insists.
    act(&stage, "logOut()");
    wait_for_obstacle(&panel, "logged out");
    assert!(panel.node("Send").unwrap().disabled);
    send(&stage, false);
    panel.click("Send anyway").unwrap();
    panel
        .wait_until("it to be received", |shown| {
            shown.compose["outcome"] == "sent"
        })
        .unwrap();
    assert_eq!(dialed(&stage.pages).len(), 1);
    act(&stage, "logIn()");
    wait_for_no_obstacle(&panel);

    // Without the widget: not at all.
    stage
        .pages
        .host
        .evaluate::<()>("void demo.manager.iFrame.remove()")
        .unwrap();
    wait_for_obstacle(&panel, "went away");
    assert!(panel.node("Send").unwrap().disabled);
    send(&stage, true);

    // Without a handshake: the SDK does not listen, but the widget's page may.
    let page = stage.demo.host_url_with("silent=1");
    stage.pages.host.navigate(&page).unwrap();
    stage.meet().unwrap();
    wait_for_obstacle(&panel, "The handshake is not complete");
    send(&stage, true);
    let dial = wait_for_entry(&stage.pages.widget, "DIAL_NUMBER").unwrap();
    assert_eq!(dial.message["data"]["phoneNumber"], NUMBER);
}
