//! The override in the page's local settings.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_e2e::{Panel, Stage, demo, wait_for_entry};
use serde_json::{Value, json};

const TODAY: &str = "LocalSettings:Calling:CallingExtensions";
const SEED: &str = "LocalSettings:Sales:CallingExtensions";

fn perform(panel: &Panel, action: &Value) {
    panel.perform(action).unwrap();
}

/// Waits until the panel shows these values of the keys.
fn wait_for_settings(panel: &Panel, today: Option<&str>, seed: Option<&str>) {
    panel
        .wait_until("the keys to be read", |shown| {
            let value = |key: &str| {
                let mut settings = shown.overrides.iter();
                settings.find(|it| it["key"] == key).map(|it| &it["value"])
            };
            value(TODAY).map(Value::as_str) == Some(today)
                && value(SEED).map(Value::as_str) == Some(seed)
        })
        .unwrap();
}

fn stored(stage: &Stage, key: &str) -> Option<String> {
    let script = format!("localStorage.getItem({})", json!(key));
    stage.pages.host.evaluate(&script).unwrap()
}

/// Reloads the page through the panel and returns the address of the iframe.
fn reload(stage: &mut Stage) -> String {
    let host = stage.pages.host.clone();
    host.evaluate::<()>("void (globalThis.old = true)").unwrap();
    perform(&stage.panel, &json!({ "do": "reload-page" }));
    host.wait_until::<bool>(
        "another document",
        "!globalThis.old && document.readyState === 'complete' && Boolean(globalThis.demo?.manager?.iFrame)",
    )
    .unwrap();
    stage.meet().unwrap();
    wait_for_entry(&host, "INITIALIZED").unwrap();
    host.evaluate("demo.manager.iFrame.src").unwrap()
}

#[test]
fn an_override_is_set_seen_by_the_page_and_cleared() {
    let mut stage = Stage::open(demo().unwrap(), "").unwrap();
    let panel = stage.panel.clone();
    let own = stage.demo.widget_url();
    panel.click("Overrides").unwrap();
    wait_for_settings(&panel, None, None);

    // The fields of the current key.
    let url = format!("{own}?widget=0.9.4");
    for (field, value) in [
        ("name", "Local dialer"),
        ("url", &url),
        ("isReady", "true"),
        ("width", "420"),
        ("height", "600"),
    ] {
        let action = json!({ "do": "set-override-field", "field": field, "value": value });
        perform(&panel, &action);
    }
    panel.click("Set").unwrap();
    let expected = json!({
        "name": "Local dialer", "url": url, "isReady": true, "width": 420, "height": 600,
    });
    let written = stage
        .pages
        .host
        .wait_until::<String>("the key", &format!("localStorage.getItem('{TODAY}')"))
        .unwrap();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), expected);
    wait_for_settings(&panel, Some(&written), None);

    // The page reads it when it loads, and loads another widget.
    assert_eq!(reload(&mut stage), url);
    let ack = wait_for_entry(&stage.pages.host, "SYNC_ACK").unwrap();
    assert_eq!(ack.message["version"], "0.9.4-beta.0");
    let shown: String = stage
        .pages
        .host
        .evaluate(
            "document.getElementById('provider').textContent + ' ' + demo.manager.iFrame.width",
        )
        .unwrap();
    assert!(shown.starts_with("Local dialer"), "{shown}");
    panel
        .wait_until("the widget's SDK", |shown| {
            let last = shown.conversations.last();
            last.is_some_and(|it| it.sdk.starts_with("SDK 0.9.4"))
        })
        .unwrap();
    wait_for_settings(&panel, Some(&written), None);

    // The seed's key as well: having both is one too many.
    let raw = format!("{{\"name\":\"Seed\",\"url\":\"{own}?widget=0.2.1\"}}");
    perform(&panel, &json!({ "do": "choose-override-key", "key": SEED }));
    perform(&panel, &json!({ "do": "set-override-text", "text": raw }));
    perform(&panel, &json!({ "do": "set-override" }));
    wait_for_settings(&panel, Some(&written), Some(&raw));
    panel.wait_for_words("Both keys are set").unwrap();

    // After clearing one, the other counts; then none does.
    perform(&panel, &json!({ "do": "clear-override", "key": TODAY }));
    wait_for_settings(&panel, None, Some(&raw));
    assert_eq!(stored(&stage, TODAY), None);
    assert_eq!(reload(&mut stage), format!("{own}?widget=0.2.1"));
    wait_for_settings(&panel, None, Some(&raw));
    perform(&panel, &json!({ "do": "clear-override", "key": SEED }));
    wait_for_settings(&panel, None, None);
    assert_eq!(stored(&stage, SEED), None);
    assert_eq!(reload(&mut stage), own);
}

#[test]
fn what_hubspot_could_not_use_is_refused() {
    let stage = Stage::open(demo().unwrap(), "").unwrap();
    let panel = &stage.panel;
    // A value of the page's own, which must stay.
    stage
        .pages
        .host
        .evaluate::<()>(&format!(
            "localStorage.setItem('{TODAY}', '{{\"name\":\"before\"}}')"
        ))
        .unwrap();
    panel.click("Overrides").unwrap();
    wait_for_settings(panel, Some("{\"name\":\"before\"}"), None);
    for (text, reason) in [
        ("{ \"url\": ", "It is not JSON: line 1"),
        ("[]", "It must be a JSON object"),
        ("{\"url\":\"http://dialer.example/\"}", "must be https"),
        ("{\"url\":\"javascript:alert(1)\"}", "must begin with https"),
    ] {
        perform(panel, &json!({ "do": "set-override-text", "text": text }));
        panel.wait_for_words(reason).unwrap();
        assert!(panel.node("Set").unwrap().disabled, "{text}");
        perform(panel, &json!({ "do": "set-override" }));
        // A round trip to the page, after which an unwanted write would be visible.
        perform(panel, &json!({ "do": "clear-override", "key": SEED }));
        panel.wait_for_words("is cleared").unwrap();
        assert_eq!(
            stored(&stage, TODAY).as_deref(),
            Some("{\"name\":\"before\"}"),
            "{text}"
        );
    }
    // http is allowed where browsers allow it.
    let local = "{\"url\":\"http://localhost:9025/\"}";
    perform(panel, &json!({ "do": "set-override-text", "text": local }));
    perform(panel, &json!({ "do": "set-override" }));
    wait_for_settings(panel, Some(local), None);
}
