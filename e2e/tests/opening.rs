//! Opening logs by hand: dropped, pasted with the real key, given up on the way, and beside a live
//! session that goes on.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use callscope_browser::{Key, Modifiers};
use callscope_e2e::{Panel, Shown, Stage, demo};
use serde_json::json;

const LOG: &str = include_str!("../../fixtures/well-behaved/widget-0.9.7.callscope.jsonl");

/// How many messages take longer to open than a test needs to press a key.
const MANY: usize = 200_000;

fn long_log() -> String {
    let header = LOG.lines().next().unwrap();
    let mut text = format!("{header}\n");
    for seq in 1..=MANY {
        let at = 1_700_000_000_000 + seq;
        let kind = ["USER_AVAILABLE", "USER_UNAVAILABLE"][seq % 2];
        writeln!(
            text,
            r#"{{"kind":"frame","seq":{seq},"at":{at},"conversation":1,"from":"widget","origin":"https://w.example","message":{{"type":"{kind}","messageId":"{seq}"}}}}"#
        )
        .unwrap();
    }
    text
}

fn drop_file(panel: &Panel, file: &Path) {
    let data = json!({ "items": [], "files": [file], "dragOperationsMask": 1 });
    for kind in ["dragEnter", "dragOver", "drop"] {
        let params = json!({ "type": kind, "x": 200, "y": 200, "data": data });
        (panel.target())
            .call("Input.dispatchDragEvent", &params)
            .unwrap();
    }
}

#[track_caller]
fn wait_for_notice(panel: &Panel, words: &str) -> Shown {
    let has = |shown: &Shown| shown.notices.iter().any(|it| it.contains(words));
    panel.wait_until(words, has).unwrap()
}

#[track_caller]
fn wait_for_session(panel: &Panel, name: Option<&str>) {
    let what = format!("{name:?} to be shown");
    (panel.wait_until(&what, |it| it.imported.as_deref() == name)).unwrap();
}

#[test]
fn a_log_is_dropped_given_up_pasted_and_stands_beside_a_live_session() {
    let folder = tempfile::tempdir().unwrap();
    let [long, short] = ["long", "short"].map(|name| folder.path().join(format!("{name}.jsonl")));
    fs::write(&long, long_log()).unwrap();
    fs::write(&short, LOG).unwrap();
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        devtools,
        ..
    } = &stage;
    panel.wait_for_same(pages).unwrap();
    let keys = panel.target();

    // Keys go to the panel on which something was dropped. Esc gives up what is being opened.
    drop_file(panel, &long);
    panel.node("Cancel").unwrap();
    keys.press(Key::Escape).unwrap();
    let shown = wait_for_notice(panel, "Opening long.jsonl was canceled");
    assert_eq!(shown.imported, None);

    // Another file takes the place of the one that is being opened.
    drop_file(panel, &long);
    panel.node("Cancel").unwrap();
    drop_file(panel, &short);
    wait_for_session(panel, Some("short.jsonl"));
    wait_for_notice(panel, "Opening long.jsonl was given up");

    // The live session goes on beside it.
    let alt = Modifiers {
        alt: true,
        ..Modifiers::NONE
    };
    let arrive = "
        globalThis.arriving = setInterval(() => {
            demo.phone.sdk.userUnavailable();
            demo.phone.sdk.userAvailable();
        }, 12);
        void 0";
    pages.widget.evaluate::<()>(arrive).unwrap();
    for name in [None, Some("short.jsonl"), None, Some("short.jsonl"), None] {
        keys.press_with(Key::Char('s'), alt).unwrap();
        wait_for_session(panel, name);
    }
    pages
        .widget
        .evaluate::<()>("clearInterval(globalThis.arriving)")
        .unwrap();
    panel.wait_for_same(pages).unwrap();

    // Copied elsewhere and pasted here.
    let page = &pages.host;
    page.call("Page.bringToFront", &json!({})).unwrap();
    page.evaluate::<()>(&format!(
        "(() => {{
            const area = document.createElement('textarea');
            area.value = {};
            document.body.append(area);
            area.select();
        }})()",
        json!(LOG)
    ))
    .unwrap();
    page.press_with(Key::Char('c'), Modifiers::CTRL).unwrap();
    devtools
        .front_end()
        .call("Page.bringToFront", &json!({}))
        .unwrap();
    panel.click("Timeline").unwrap();
    keys.press_with(Key::Char('v'), Modifiers::CTRL).unwrap();
    wait_for_session(panel, Some("pasted text"));
}
