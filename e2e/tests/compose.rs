//! Messages from Compose in both directions, and how the real SDK reacts to them.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_e2e::{Panel, Recorded, Stage, demo, wait_for_entry};
use serde_json::{Value, json};

fn perform(panel: &Panel, action: &Value) {
    panel.perform(action).unwrap();
}

fn send(panel: &Panel) {
    panel
        .wait_until("nothing to be in the way", |shown| {
            shown.compose["obstacle"].is_null()
        })
        .unwrap();
    panel.click("Send").unwrap();
    panel
        .wait_until("the other side to have received it", |shown| {
            shown.compose["outcome"] == "sent"
        })
        .unwrap();
}

/// What Compose's preview will post.
fn preview(panel: &Panel) -> Value {
    let preview = panel.shown().unwrap().compose["preview"].clone();
    serde_json::from_str(preview.as_str().unwrap()).unwrap()
}

#[test]
fn either_sides_sdk_takes_a_message_for_the_other_sides() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    let is_logged_in = "demo.state.loggedIn";
    assert!(pages.host.evaluate::<bool>(is_logged_in).unwrap());
    perform(panel, &json!({ "do": "show-view", "view": "compose" }));

    // Sent as the widget: HubSpot's page takes it for the widget's.
    perform(
        panel,
        &json!({ "do": "choose-type", "byWidget": true, "typeName": "LOGGED_OUT" }),
    );
    let to_host = preview(panel);
    send(panel);
    pages
        .host
        .wait_until::<bool>("the host to have heard it", "!demo.state.loggedIn")
        .unwrap();
    let heard = wait_for_entry(&pages.host, "LOGGED_OUT").unwrap();
    assert_eq!(heard.message, to_host);
    assert_eq!(heard.origin, stage.demo.widget_url().trim_end_matches('/'));
    // The widget itself sent nothing.
    assert!(
        pages
            .widget
            .evaluate::<bool>("demo.phone.loggedIn")
            .unwrap()
    );

    // Sent as HubSpot, to a handler of the widget's SDK.
    perform(
        panel,
        &json!({ "do": "choose-type", "byWidget": false, "typeName": "CREATE_ENGAGEMENT_FAILED" }),
    );
    let text = "No engagement today";
    perform(
        panel,
        &json!({ "do": "set-draft-field", "field": "data.error.message", "value": text }),
    );
    let to_widget = preview(panel);
    send(panel);
    let heard = wait_for_entry(&pages.widget, "CREATE_ENGAGEMENT_FAILED").unwrap();
    assert_eq!(heard.message, to_widget);
    let events: Vec<Value> = pages
        .widget
        .evaluate(
            "demo.events.filter(it => it.name === 'onCreateEngagementFailed').map(it => it.data)",
        )
        .unwrap();
    assert_eq!(events, [json!({ "error": { "message": text } })]);

    // Each is in the session once, from the side it was sent as, and marked.
    let ids = [&to_host, &to_widget].map(|it| it["messageId"].as_str().unwrap().to_owned());
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let recorded = panel.wait_for_same_and(pages, &ids).unwrap();
    let injected: Vec<&str> = recorded
        .iter()
        .filter(|it| it.injected)
        .map(Recorded::kind)
        .collect();
    assert_eq!(injected, ["LOGGED_OUT", "CREATE_ENGAGEMENT_FAILED"]);
}
