//! Which keys the panel keeps for itself in a real DevTools window, and which ones DevTools takes.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Key, Modifiers, Poll, wait_for};
use callscope_e2e::{LIMIT, PANEL_TITLE, Panel, Stage, demo};
use serde_json::json;

/// Collects the keys that the panel's page receives in `pressed`, as `ctrl+k`, and those that
/// DevTools takes from it in `taken`.
///
/// DevTools' own listener is on the document, after all of the panel's. For its own keys, it
/// prevents the page's default action before doing anything else.
const HEAR: &str = "
    globalThis.pressed = [];
    globalThis.taken = [];
    const name = (event) => {
        const held = ['ctrl', 'alt', 'shift'].filter((it) => event[it + 'Key']);
        return [...held, event.key.toLowerCase()].join('+');
    };
    addEventListener('keydown', (event) => pressed.push(name(event)), true);
    document.body.addEventListener('keydown', (event) => {
        event.preventDefault = () => taken.push(name(event));
    });
";

/// Presses keys while the panel has focus, and returns those that DevTools took.
fn taken(panel: &Panel, chords: &[(Modifiers, Key, &str)]) -> Vec<String> {
    panel.target().evaluate::<()>(HEAR).unwrap();
    for (modifiers, key, name) in chords {
        panel.target().press_with(*key, *modifiers).unwrap();
        wait_for(&format!("{name} to arrive in the panel"), LIMIT, || {
            let seen: Vec<String> = panel.target().evaluate("pressed")?;
            let is_last = seen.last().is_some_and(|last| last == name);
            Ok(Poll::at(is_last, format!("{seen:?}")))
        })
        .unwrap();
        panel.nodes().unwrap();
    }
    panel.target().evaluate("taken").unwrap()
}

#[test]
fn the_panels_keys_are_its_own_and_devtools_has_the_others() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let panel = &stage.panel;
    // Ctrl+S saves a file, which does not matter here; nor does the dialog of Ctrl+O.
    let deny = json!({ "behavior": "deny" });
    (stage.browser.call("Browser.setDownloadBehavior", &deny)).unwrap();
    let target = panel.target();
    target.call("Page.enable", &json!({})).unwrap();
    let intercept = json!({ "enabled": true });
    target
        .call("Page.setInterceptFileChooserDialog", &intercept)
        .unwrap();
    panel.click("Timeline").unwrap();

    let ctrl_shift = Modifiers {
        shift: true,
        ..Modifiers::CTRL
    };
    let taken = taken(
        panel,
        &[
            (Modifiers::NONE, Key::Function(8), "f8"),
            (Modifiers::CTRL, Key::Char('z'), "ctrl+z"),
            (Modifiers::ALT, Key::Char('s'), "alt+s"),
            (Modifiers::CTRL, Key::Char('s'), "ctrl+s"),
            (Modifiers::CTRL, Key::Char('o'), "ctrl+o"),
            (Modifiers::CTRL, Key::Char('e'), "ctrl+e"),
            (Modifiers::CTRL, Key::Char('l'), "ctrl+l"),
            (Modifiers::CTRL, Key::Char('f'), "ctrl+f"),
            (Modifiers::CTRL, Key::Char('k'), "ctrl+k"),
            (Modifiers::CTRL, Key::Char('a'), "ctrl+a"),
            (Modifiers::NONE, Key::Char(','), ","),
            (Modifiers::NONE, Key::Escape, "escape"),
            (Modifiers::ALT, Key::Char('c'), "alt+c"),
            (ctrl_shift, Key::Char('C'), "ctrl+shift+c"),
            (ctrl_shift, Key::Char('P'), "ctrl+shift+p"),
        ],
    );
    assert_eq!(taken, ["ctrl+shift+c", "ctrl+shift+p"]);
}

/// DevTools gives the keyboard to nothing when it shows an extension's panel.
#[test]
fn the_panel_has_the_keyboard_from_the_start_and_when_it_is_shown_again() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage {
        panel,
        devtools,
        browser,
        ..
    } = &stage;
    let page = panel.target();
    for _ in 0..2 {
        panel.node("Timeline").unwrap();
        wait_for("the panel to have the keyboard", LIMIT, || {
            let script = "document.hasFocus() && document.activeElement !== document.body";
            let has_it: bool = page.evaluate(script)?;
            Ok(Poll::at(has_it, "it has not".to_owned()))
        })
        .unwrap();
        page.press_with(Key::Char('k'), Modifiers::CTRL).unwrap();
        panel.node("Command").unwrap();
        page.press(Key::Escape).unwrap();
        let is_closed = || Ok(panel.nodes()?.iter().all(|it| it.label != "Command"));
        wait_for("the palette to close", LIMIT, || {
            Ok(Poll::at(is_closed()?, "open".to_owned()))
        })
        .unwrap();
        devtools.show_view("console").unwrap();
        let id = browser.extension_id().unwrap();
        devtools.show_panel(id, PANEL_TITLE).unwrap();
    }
}
