//! Selecting several rows with real keys, a pause that counts messages, the settings sheet.

use callscope_browser::{Key, Modifiers};
use callscope_e2e::{Node, Stage, demo};
use serde_json::json;

#[test]
fn rows_are_selected_a_pause_counts_and_the_settings_open() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    let row = |type_name: &'static str, selected| {
        let is_it = move |node: &Node| {
            node.role == "row" && node.label.contains(type_name) && node.on == Some(selected)
        };
        panel.node_where(type_name, is_it)
    };
    panel.click_on(&row("SYNC_ACK", false).unwrap()).unwrap();
    row("SYNC_ACK", true).unwrap();
    let shift = Modifiers {
        shift: true,
        ..Modifiers::NONE
    };
    panel.target().press_with(Key::End, shift).unwrap();
    // The host may have repeated its SYNC before it heard the SYNC_ACK.
    let shown = panel.shown().unwrap();
    let types = shown.types().into_iter();
    let selected = types.skip_while(|it| *it != "SYNC_ACK").count();
    panel
        .wait_for_words(&format!("{selected} selected"))
        .unwrap();
    // All are, and screen readers are told about each.
    row("SYNC_ACK", true).unwrap();
    row("INITIALIZED", true).unwrap();
    (panel.target())
        .press_with(Key::Char('a'), Modifiers::CTRL)
        .unwrap();
    row(" SYNC,", true).unwrap();
    panel.target().press(Key::Escape).unwrap();

    // Messages during a pause are counted visibly, and then missing.
    panel.click("Pause recording").unwrap();
    panel.wait_for_words("no message has come since").unwrap();
    for number in 0..3 {
        let message = json!({
            "type": "VISIBILITY_CHANGED",
            "messageId": format!("paused_{number}"),
            "data": { "isMinimized": false, "isHidden": false },
        });
        let post = format!("frames[0].postMessage({message}, '*')");
        pages.host.evaluate::<()>(&post).unwrap();
    }
    panel
        .wait_for_words("3 messages have come since, and are not recorded")
        .unwrap();
    panel.click("Resume").unwrap();
    panel.wait_for_words("3 missing").unwrap();

    panel
        .target()
        .press_with(Key::Char(','), Modifiers::NONE)
        .unwrap();
    panel.node("Reset all settings").unwrap();
    panel
        .click("Redact names, numbers, e-mail addresses and ids by default")
        .unwrap();
    panel.node("Reset export").unwrap();
    panel.click("Reset all settings").unwrap();
    panel.target().press(Key::Escape).unwrap();
    panel
        .wait_for_words("All settings are back to their defaults")
        .unwrap();
    panel.click("Undo").unwrap();
}
