//! Reloading the widget, reloading the page, and navigating elsewhere.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Poll, wait_for};
use callscope_e2e::{
    Entry, LIMIT, Recorded, Stage, demo, difference, kinds, only_traffic, wait_for_count,
};
use serde_json::{Value, json};

/// What both pages have received since the host's log had this many entries.
fn received_since(stage: &Stage, start: usize) -> Vec<Entry> {
    let mut entries = only_traffic(&stage.pages.host).unwrap().split_off(start);
    entries.extend(only_traffic(&stage.pages.widget).unwrap());
    entries.retain(|entry| entry.dir == "received");
    entries
}

#[test]
fn a_reloaded_widget_begins_a_conversation_that_continues_the_old_one() {
    let mut stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let first = stage.panel.wait_for_same(&stage.pages).unwrap();
    let start = only_traffic(&stage.pages.host).unwrap().len();

    stage
        .pages
        .host
        .evaluate::<()>("void demo.reloadWidget()")
        .unwrap();
    wait_for_count(&stage.pages.host, "INITIALIZED", 2).unwrap();
    stage.meet().unwrap();
    stage
        .pages
        .widget
        .evaluate::<()>("void demo.phone.logOut()")
        .unwrap();
    wait_for_count(&stage.pages.host, "LOGGED_OUT", 1).unwrap();
    let second = wait_for("both conversations", LIMIT, || {
        let mut recorded = stage.panel.recorded()?;
        let second: Vec<Recorded> = recorded
            .iter()
            .filter(|it| it.conversation == 2)
            .cloned()
            .collect();
        recorded.retain(|it| it.conversation == 1);
        Ok(
            match difference(&second, &received_since(&stage, start), &[]) {
                None => Poll::Done((recorded, second)),
                Some(difference) => Poll::NotYet(difference),
            },
        )
    });
    let (old, second) = second.unwrap();
    // The old document may have received a last SYNC from the host, which did not know yet.
    assert_eq!(old[..first.len()], first[..]);
    assert!(old[first.len()..].iter().all(|it| it.kind() == "SYNC"));
    let kinds = kinds(second.iter().map(Recorded::kind));
    assert_eq!(kinds, ["SYNC", "SYNC_ACK", "INITIALIZED", "LOGGED_OUT"]);

    let starts = stage.panel.lines("conversation").unwrap();
    assert_eq!(starts.len(), 2, "{starts:#?}");
    assert_eq!(starts[1]["continues"], 1);
    let closed = stage.panel.lines("closed").unwrap();
    assert_eq!(closed.len(), 1, "{closed:#?}");
    assert_eq!(closed[0]["conversation"], 1);
    assert_eq!(closed[0]["side"], "widget");
    let shown = stage.panel.shown().unwrap();
    assert_eq!(shown.conversations[0].states, ["Gone"]);
    assert!(
        shown.conversations[1]
            .states
            .contains(&"Logged out".to_owned())
    );
    assert!(
        shown.findings.iter().all(|it| it.severity != "error"),
        "{:#?}",
        shown.findings
    );
}

#[test]
fn a_reloaded_page_is_another_session_and_the_old_one_can_be_read() {
    let mut stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let panel = stage.panel.clone();
    let first = panel.wait_for_same(&stage.pages).unwrap();
    let types = |rows: &[callscope_e2e::Row]| -> Vec<String> {
        let messages = rows.iter().filter(|row| row.kind == "message");
        messages.map(|row| row.type_name.clone()).collect()
    };
    let before = types(&panel.shown().unwrap().rows);

    stage.pages.host.reload().unwrap();
    stage.meet().unwrap();
    stage.pages.wait_for_handshake().unwrap();
    let second = panel.wait_for_same(&stage.pages).unwrap();
    assert_ne!(second[0].message, first[0].message);
    assert!(second.iter().all(|it| it.conversation == 1));

    // The recording of the old page was kept.
    panel
        .wait_until("the old page's session", |_| {
            panel.perform(&json!({ "do": "show-parked" })).unwrap();
            panel.shown().unwrap().imported.is_some()
        })
        .unwrap();
    let parked = panel.recorded().unwrap();
    let messages = |recorded: &[Recorded]| -> Vec<Value> {
        recorded.iter().map(|it| it.message.clone()).collect()
    };
    assert_eq!(messages(&parked), messages(&first));
    panel.unfold_runs().unwrap();
    assert_eq!(types(&panel.shown().unwrap().rows), before);
    panel.perform(&json!({ "do": "back-to-live" })).unwrap();
    panel.wait_for_same(&stage.pages).unwrap();

    // With "Preserve log", the rows stay, and there is a new conversation.
    panel.click("Preserve log").unwrap();
    stage.go("login=auto&autodial=off&delay=0").unwrap();
    panel
        .wait_until("the third page", |shown| {
            let hello = |row: &&callscope_e2e::Row| row.type_name == "INITIALIZED";
            shown.rows.iter().filter(hello).count() == 2
        })
        .unwrap();
    let third = wait_for("both pages' messages", LIMIT, || {
        let both = panel.recorded()?;
        let third: Vec<Value> = both
            .iter()
            .skip(second.len())
            .filter(|it| it.conversation == 2)
            .map(|it| it.message.clone())
            .collect();
        let received = stage.pages.traffic()?;
        let expected: Vec<Value> = received.into_iter().map(|it| it.message).collect();
        let is_same = both.starts_with(&second)
            && both.len() == second.len() + expected.len()
            && third == expected;
        Ok(if is_same {
            Poll::Done(third)
        } else {
            Poll::NotYet(format!("{both:#?}, but the page got {expected:#?}"))
        })
    })
    .unwrap();
    let starts = panel.lines("conversation").unwrap();
    assert_eq!(starts.len(), 2, "{starts:#?}");
    assert_eq!(starts[1]["continues"], 1, "{starts:#?}");
    assert_eq!(panel.shown().unwrap().conversations[0].states, ["Gone"]);

    // Elsewhere there is no recorder, and the old session is still there.
    panel.click("Preserve log").unwrap();
    stage.pages.host.navigate("about:blank").unwrap();
    panel
        .wait_until("the panel to see that the page is gone", |shown| {
            shown.connection == "absent"
        })
        .unwrap();
    panel
        .wait_until("the old page's session", |_| {
            panel.perform(&json!({ "do": "show-parked" })).unwrap();
            panel.shown().unwrap().imported.is_some()
        })
        .unwrap();
    let parked: Vec<Value> = panel
        .recorded()
        .unwrap()
        .into_iter()
        .map(|it| it.message)
        .collect();
    assert_eq!(parked, third);
}
