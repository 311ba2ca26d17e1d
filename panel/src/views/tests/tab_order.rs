//! Tab goes through the panel in reading order: down, and from left to right within a line.

use callscope_bus::{Record, ToPanel, encode};
use callscope_session_log::write_fact;
use egui::{Key, Rect, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::Panel;
use crate::action::{Action, Overlay, View};
use crate::app::testing::whole_panel;
use crate::event::Event;
use crate::model::Model;
use crate::model::testing::{facts, recorder};

fn recorded() -> Panel {
    let log =
        include_str!("../../../../fixtures/mistakes/M14-completed-before-ended.callscope.jsonl");
    let mut panel = Panel::new(Model::default());
    panel.perform(Action::ImportText {
        name: "M14-completed-before-ended.callscope.jsonl".to_owned(),
        text: log.to_owned(),
    });
    panel
}

/// A panel on a live page, to which messages can be posted.
fn live() -> Panel {
    let mut panel = Panel::new(Model::default());
    let recorded = facts(
        r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        "#,
    );
    let records = (1..).zip(&recorded).map(|(id, fact)| Record {
        id,
        line: write_fact(fact),
    });
    let attached = ToPanel::Attached {
        info: recorder("r1"),
        reset: true,
        cleared: None,
    };
    let records = ToPanel::Records {
        records: records.collect(),
    };
    for message in [attached, records] {
        panel.handle(Event::Received(encode(&message)));
    }
    panel
}

/// The name and place of the focused widget.
fn focused(harness: &Harness<'_, Panel>) -> Option<(String, Rect)> {
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method is not general enough in its lifetimes"
    )]
    let mut focused = harness.query_all_by(|node| node.is_focused());
    let node = focused.next()?;
    let node_name = node.accesskit_node().label();
    Some((node_name.unwrap_or_default(), node.rect()))
}

/// Where Tab stops, from first to last.
fn stops(harness: &mut Harness<'_, Panel>) -> Vec<(String, Rect)> {
    let mut stops: Vec<(String, Rect)> = Vec::new();
    for _ in 0..400 {
        harness.key_press(Key::Tab);
        harness.run_steps(3);
        let Some(stop) = focused(harness) else {
            continue;
        };
        if stops.first() == Some(&stop) {
            break;
        }
        stops.push(stop);
    }
    stops
}

/// The stops that are to the left of the previous one on their line.
fn steps_back(stops: &[(String, Rect)]) -> Vec<String> {
    let back = stops.windows(2).filter_map(|pair| {
        let [(from, before), (to, after)] = pair else {
            return None;
        };
        let common = before.y_range().intersection(after.y_range()).span();
        let is_line = common > 0.5 * before.height().max(after.height());
        let is_back = after.right() <= before.left() + 1.0;
        (is_line && is_back).then(|| format!("{from} → {to}"))
    });
    back.collect()
}

#[track_caller]
fn check(what: &str, size: Vec2, panel: Panel, found: &mut Vec<String>) {
    let mut harness = whole_panel(panel, size);
    harness.run_steps(4);
    let stops = stops(&mut harness);
    assert!(stops.len() > 1, "{what}: Tab stops at {stops:?}");
    let trap = stops.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(trap, None, "{what}: Tab does not leave it");
    let Vec2 { x, y } = size;
    let back = steps_back(&stops).into_iter();
    found.extend(back.map(|it| format!("{what}, {x}×{y}: {it}")));
}

/// Presses what is called `names` one after another by keyboard, and returns what has the keyboard
/// after each.
fn remove_all(panel: Panel, names: &[&str]) -> Vec<String> {
    let mut harness = whole_panel(panel, vec2(800.0, 900.0));
    harness.run_steps(4);
    // A sheet is drawn last.
    harness.get_all_by_label(names[0]).last().unwrap().focus();
    harness.run_steps(3);
    let press = |name: &&str| {
        assert_eq!(focused(&harness).unwrap().0, *name);
        harness.key_press(Key::Enter);
        harness.run_steps(4);
        focused(&harness).map_or_else(String::new, |it| it.0)
    };
    names.iter().map(press).collect()
}

/// Removing an entry of a list leaves the keyboard in the list.
#[test]
fn what_is_removed_passes_the_keyboard_on() {
    let saved = || {
        let mut panel = recorded();
        for name in ["a", "b", "c"] {
            let name = name.to_owned();
            panel.perform(Action::NameSnippet { name: name.clone() });
            panel.perform(Action::SaveSnippet);
            let text = format!("type:{name}");
            panel.perform(Action::SetFilter { text });
            let name = String::new();
            panel.perform(Action::SaveFilter { name });
        }
        let view = View::Compose;
        panel.perform(Action::ShowView { view });
        panel.perform(Action::SetUnfolded {
            fold: crate::action::Fold::Section {
                title: "Saved messages".to_owned(),
            },
            unfolded: true,
        });
        panel
    };
    let messages = ["b", "c", "a"].map(|it| format!("Remove saved message {it}"));
    let messages = messages.each_ref().map(String::as_str);
    let filters = ["b", "c", "a"].map(|it| format!("Remove saved filter type:{it}"));
    let filters = filters.each_ref().map(String::as_str);
    let after = remove_all(saved(), &messages);
    assert_eq!(after, [messages[1], messages[2], "Saved messages"]);
    let after = remove_all(saved(), &filters);
    assert_eq!(after, [filters[1], filters[2], "Filter"]);

    let sheet = || {
        let mut panel = saved();
        let overlay = Some(Overlay::Settings);
        panel.perform(Action::ShowOverlay { overlay });
        panel
    };
    let after = remove_all(sheet(), &messages);
    assert_eq!(after[..2], messages[1..], "{after:?}");
    assert_ne!(after[2], "", "the sheet has it");
}

#[test]
fn tab_goes_through_each_view_in_reading_order() {
    let mut found = Vec::new();
    for view in View::ALL {
        for size in [vec2(300.0, 420.0), vec2(1280.0, 800.0)] {
            let mut panel = recorded();
            let seq = 5;
            panel.perform(Action::SelectSeq { seq });
            panel.perform(Action::ShowView { view });
            check(view.title(), size, panel, &mut found);
        }
    }
    // The views with a JSON editor.
    for view in [View::Compose, View::Overrides] {
        let mut panel = live();
        panel.perform(Action::ShowView { view });
        panel.perform(Action::WriteAsJson { on: true });
        let size = vec2(1280.0, 800.0);
        check(view.title(), size, panel, &mut found);
    }
    for overlay in [Overlay::Settings, Overlay::Commands] {
        let mut panel = recorded();
        let on = !panel.snapshot(false).preserve_log;
        panel.perform(Action::SetPreserveLog { on });
        let overlay = Some(overlay);
        panel.perform(Action::ShowOverlay { overlay });
        let size = vec2(800.0, 600.0);
        check(&format!("{overlay:?}"), size, panel, &mut found);
    }
    let count = found.len();
    assert!(count == 0, "{count} steps back\n{}", found.join("\n"));
}
