//! What happened before DevTools was opened is in the timeline nevertheless.

use callscope_e2e::{Pages, Recorded, Stage, demo, kinds, make_calls, open_panel, wait_for_entry};

#[test]
fn the_handshake_is_complete_when_devtools_open_only_afterwards() {
    let stage = Stage::open(demo().unwrap(), "").unwrap();
    let recorded = stage.panel.wait_for_same(&stage.pages).unwrap();
    let kinds = kinds(recorded.iter().map(Recorded::kind));
    assert_eq!(kinds, ["SYNC", "SYNC_ACK", "INITIALIZED"]);

    let shown = stage.panel.shown().unwrap();
    assert_eq!(shown.connection, "attached");
    assert_eq!(shown.empty, None);
    assert_eq!(shown.findings, []);
    assert_eq!(shown.rows.iter().filter(|row| row.kind == "gap").count(), 0);
    let [conversation] = &shown.conversations[..] else {
        panic!("one conversation: {:#?}", shown.conversations);
    };
    let host = stage.demo.host_url();
    let widget = stage.demo.widget_url();
    assert_eq!(
        conversation.host.as_deref(),
        Some(host.trim_end_matches('/'))
    );
    assert_eq!(
        conversation.widget.as_deref(),
        Some(widget.trim_end_matches('/'))
    );
    assert_eq!(
        conversation.states,
        ["Ready", "Logged out", "Unavailable", "No call"]
    );
}

#[test]
fn so_is_everything_between_two_looks() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let pages = Pages::open(&browser, &demo, "autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    make_calls(&pages).unwrap();
    let (devtools, panel) = open_panel(&browser, &pages).unwrap();
    let before = panel.wait_for_same(&pages).unwrap();

    let id = &devtools.front_end().info().id;
    let close = serde_json::json!({ "targetId": id });
    browser.call("Target.closeTarget", &close).unwrap();
    pages
        .widget
        .evaluate::<()>("void demo.phone.logOut()")
        .unwrap();
    wait_for_entry(&pages.host, "LOGGED_OUT").unwrap();

    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    let after = panel.wait_for_same(&pages).unwrap();
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(after[..before.len()], before[..]);
}
