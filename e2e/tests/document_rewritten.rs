//! A document that rewrites itself loses all listeners on its window; Callscope listens again.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::Target;
use callscope_e2e::{Recorded, Stage, demo, wait_for_count, wait_for_entry};

/// Rewrites the document, like a page that gets its content late: the window and the page's data on
/// it stay, its listeners do not. The demo's own log listens again; a widget answers SYNC, which
/// the SDK does only once.
fn rewrite(page: &Target, body: &str) {
    page.evaluate::<()>(&format!(
        "(() => {{
            document.open();
            document.write(`<!doctype html><title>Rewritten</title><body>{body}</body>`);
            document.close();
            // After Callscope, as on a page that was loaded.
            queueMicrotask(listenForDemoLog);
            if (parent === window) return;
            const manager = {{ destinationWindow: parent }};
            logSends(manager);
            addEventListener('message', ({{ data: {{ type, messageId }} }}) => {{
                const answer = {{ type: 'SYNC_ACK', messageId, version: '0.9.7' }};
                if (type === 'SYNC') manager.destinationWindow.postMessage(answer, '*');
            }});
        }})()"
    ))
    .unwrap();
}

#[test]
fn nothing_is_missing_when_a_document_rewrites_itself() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    stage.panel.wait_for_same(&stage.pages).unwrap();

    // The widget, twice, with a message immediately after.
    for round in 1..=2 {
        let (host, widget) = (&stage.pages.host, &stage.pages.widget);
        rewrite(widget, "The widget");
        widget
            .evaluate::<()>("void demo.phone.sdk.userUnavailable()")
            .unwrap();
        // The frame has loaded again, so HubSpot shakes hands again.
        wait_for_count(host, "SYNC_ACK", 1 + round).unwrap();
        host.evaluate::<()>("void demo.setVisibility(true, false)")
            .unwrap();
        wait_for_count(widget, "VISIBILITY_CHANGED", round).unwrap();
        wait_for_count(host, "USER_UNAVAILABLE", round).unwrap();
    }
    let before = stage.panel.wait_for_same(&stage.pages).unwrap();
    assert_eq!(stage.panel.lines("gap").unwrap().len(), 0);
    assert_eq!(stage.panel.lines("conversation").unwrap().len(), 1);

    // The host: its widget goes with its content, and a new one is loaded.
    let seen = stage.pages.host.clone();
    // With an address of its own, or the old one might be found.
    let widget_url = format!("{}?second", stage.demo.widget_url());
    rewrite(&seen, &format!("<iframe src='{widget_url}'></iframe>"));
    let widget = stage.browser.frame(&seen, &widget_url).unwrap();
    widget
        .wait_until::<bool>("its phone", "!!globalThis.demo?.phone")
        .unwrap();
    seen.evaluate::<()>(
        "(() => {
            const manager = { destinationWindow: frames[0] };
            logSends(manager);
            const sync = { type: 'SYNC', messageId: `${Date.now()}_${Date.now()}` };
            manager.destinationWindow.postMessage(sync, '*');
        })()",
    )
    .unwrap();
    wait_for_entry(&seen, "INITIALIZED").unwrap();
    stage
        .panel
        .wait_until("the second conversation", |shown| {
            let rows = shown.rows.iter().filter(|row| row.conversation == Some(2));
            rows.filter(|row| row.kind == "message").count() == 3
        })
        .unwrap();
    let recorded = stage.panel.recorded().unwrap();
    assert_eq!(recorded[..before.len()], before[..]);
    let kinds: Vec<&str> = recorded[before.len()..]
        .iter()
        .map(Recorded::kind)
        .collect();
    assert_eq!(kinds, ["SYNC", "SYNC_ACK", "INITIALIZED"]);
    assert_eq!(stage.panel.lines("gap").unwrap().len(), 0);
}
