//! The filter and the keys with real keys in a real DevTools window.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails with it")]

use std::time::Duration;

use callscope_browser::{Key, Look, Modifiers, wait_for};
use callscope_e2e::{Panel, Stage, demo};

const LIMIT: Duration = Duration::from_secs(20);

/// What the panel's own snapshot has beyond what every test needs.
fn filter(panel: &Panel) -> String {
    let script = "JSON.parse(callscopePanel.snapshot()).filter";
    panel.target().evaluate(script).unwrap()
}

fn selected(panel: &Panel) -> Option<u64> {
    let script = "JSON.parse(callscopePanel.snapshot()).selected";
    panel.target().evaluate(script).unwrap()
}

fn wait_for_filter(panel: &Panel, expected: &str) {
    wait_for(&format!("the filter to be “{expected}”"), LIMIT, || {
        let seen = filter(panel);
        Ok(Look::at(seen == expected, seen))
    })
    .unwrap();
}

fn wait_for_selected(
    panel: &Panel,
    what: &str,
    is_so: impl Fn(Option<u64>) -> bool,
) -> Option<u64> {
    wait_for(what, LIMIT, || {
        let seen = selected(panel);
        Ok(if is_so(seen) {
            Look::Done(seen)
        } else {
            Look::NotYet(format!("{seen:?}"))
        })
    })
    .unwrap()
}

#[test]
fn the_keyboard_filters_finds_and_commands() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        devtools,
        ..
    } = &stage;
    panel.wait_for_same(pages).unwrap();
    let keys = panel.target();
    panel.click("Timeline").unwrap();

    // The filter offers what fits, and Enter goes to the list.
    keys.press(Key::Char('/')).unwrap();
    keys.type_text("type:init").unwrap();
    wait_for_filter(panel, "type:init");
    panel.wait_for_words("type:INITIALIZED").unwrap();
    keys.press(Key::Tab).unwrap();
    wait_for_filter(panel, "type:INITIALIZED");
    keys.press(Key::Enter).unwrap();
    let initialized = wait_for_selected(panel, "a row to be selected", |it| it.is_some());

    // A mistake, with what applies meanwhile.
    keys.press(Key::Char('/')).unwrap();
    keys.press_with(Key::Char('a'), Modifiers::CTRL).unwrap();
    keys.type_text("typ:X").unwrap();
    panel.wait_for_words("there is no key").unwrap();
    panel
        .wait_for_words("Still filtered by type:INITIALIZED")
        .unwrap();
    keys.press(Key::Escape).unwrap();
    wait_for_filter(panel, "");

    // DevTools' search, as its own bar tells the panel.
    let search = |action: &str, query: &str| {
        let query = serde_json::Value::from(query);
        let script = format!(
            "(async () => {{
                const {{ InspectorView }} = await import('devtools://devtools/bundled/ui/legacy/legacy.js');
                const panel = await InspectorView.InspectorView.instance().currentPanelDeprecated();
                const view = panel.searchableView();
                const config = {{ query: {query}, caseSensitive: false, isRegex: false }};
                if ('{action}' === 'perform') panel.performSearch(config, true, false);
                else panel.jumpToNextSearchResult();
                return Boolean(view);
            }})()"
        );
        let _: bool = devtools.front_end().evaluate(&script).unwrap();
    };
    search("perform", "SYNC_ACK");
    let found = wait_for_selected(panel, "the search to select", |it| it != initialized);
    assert!(found.is_some());

    // The commands, by letters of a name.
    keys.press_with(Key::Char('k'), Modifiers::CTRL).unwrap();
    panel.node("Command").unwrap();
    keys.type_text("show find").unwrap();
    panel.wait_for_words("Show Findings").unwrap();
    keys.press(Key::Enter).unwrap();
    wait_for("the findings to be shown", LIMIT, || {
        let script = "JSON.parse(callscopePanel.snapshot()).view";
        let seen: String = panel.target().evaluate(script)?;
        Ok(Look::at(seen == "findings", seen))
    })
    .unwrap();
}
