//! The user clears the list in the panel.

use callscope_e2e::{Panel, Shown, Stage, demo, wait_for_entry};

fn has_row(shown: &Shown, type_name: &str) -> bool {
    shown.last(type_name).is_some()
}

#[test]
fn the_list_is_empty_the_state_goes_on_and_nothing_comes_back_unasked() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    let act = |script: &str| {
        let script = format!("void demo.phone.sdk.{script}");
        pages.widget.evaluate::<()>(&script).unwrap();
    };
    act("userLoggedIn()");
    act("userAvailable()");
    act("userLoggedOut()");
    wait_for_entry(&pages.host, "LOGGED_OUT").unwrap();
    let before = panel.wait_for_same(pages).unwrap();
    let states = panel.shown().unwrap().conversations[0].states.clone();
    assert!(states.contains(&"Logged out".to_owned()), "{states:?}");

    panel.click("Clear").unwrap();
    let shown = panel
        .wait_until("an empty list", |shown| shown.rows.is_empty())
        .unwrap();
    assert_eq!(shown.conversations[0].states, states);
    assert_eq!(shown.findings, []);
    assert_eq!(shown.status["messages"], 0);

    // New findings depend on what was cleared.
    act(
        "incomingCall({ fromNumber: '+15550100', toNumber: '+15550101', externalCallId: 'a', createEngagement: true })",
    );
    panel.wait_for_row("INCOMING_CALL").unwrap();
    let shown = panel
        .wait_until("the call while logged out to be found", |shown| {
            shown.findings.iter().any(|it| it.code == "S08")
        })
        .unwrap();
    assert!(shown.findings.iter().all(|it| !it.code.starts_with('X')));

    // The panel's page is reloaded, as when DevTools is reopened.
    let target = panel.target();
    target
        .evaluate::<()>("void setTimeout(() => location.reload(), 0)")
        .unwrap();
    target
        .wait_until::<bool>("the panel to go", "globalThis.callscopePanel === undefined")
        .unwrap();
    let panel = Panel::started(target.clone()).unwrap();
    let shown = panel
        .wait_until("what came after", |shown| has_row(shown, "INCOMING_CALL"))
        .unwrap();
    assert!(!has_row(&shown, "SYNC_ACK"), "{:?}", shown.types());

    // Everything is still there on request.
    panel
        .perform(&serde_json::json!({ "do": "undo-clear" }))
        .unwrap();
    let shown = panel
        .wait_until("all of it", |shown| has_row(shown, "SYNC_ACK"))
        .unwrap();
    assert!(shown.types().len() > before.len());
    panel.wait_for_same(pages).unwrap();

    // A new page starts a new list.
    panel.click("Clear").unwrap();
    panel
        .wait_until("an empty list", |shown| shown.rows.is_empty())
        .unwrap();
    pages.host.reload().unwrap();
    let shown = panel.wait_for_row("INITIALIZED").unwrap();
    assert_eq!(shown.kind, "message");
    let shown = panel.shown().unwrap();
    assert!(!has_row(&shown, "LOGGED_OUT"), "{:?}", shown.types());
}
