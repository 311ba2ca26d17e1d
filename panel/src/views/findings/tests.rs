//! The findings, operated with mouse and keys in the whole panel.

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use expect_test::expect;

use crate::action::{Action, Fold, Grouping, View};
use crate::app::testing::whole_panel;
use crate::event::Effect;
use crate::model::Model;
use crate::theme::Palette;
use crate::{Panel, model};

/// HubSpot dials twice for one click, the widget starts a call each time, then sends an unknown
/// type.
const TRACE: &str = r#"
    host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
    host   {"type":"DIAL_NUMBER","messageId":"17_3","data":{"phoneNumber":"+15550100"}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_3","data":{"toNumber":"+15550100","externalCallId":"b","createEngagement":true}}
    widget {"type":"NO_SUCH_TYPE","messageId":"18_4"}
    widget {"type":"NO_SUCH_KIND","messageId":"18_5"}
"#;

fn harness<'a>() -> Harness<'a, Panel> {
    harness_of(1400.0)
}

fn harness_of<'a>(width: f32) -> Harness<'a, Panel> {
    let mut panel = Panel::new(Model::default());
    let text = model::testing::log(&model::testing::source(TRACE));
    let name = "x".to_owned();
    panel.perform(Action::ImportText { name, text });
    let view = View::Findings;
    panel.perform(Action::ShowView { view });
    let mut harness = whole_panel(panel, vec2(width, 800.0));
    harness.run();
    harness
}

/// The lines of the list; the chosen one is marked with `>`.
fn lines(harness: &Harness<'_, Panel>) -> Vec<String> {
    let items = harness.query_all_by_role(egui::Role::ListItem);
    let line = |node: egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        let is_chosen = node.toggled() == Some(egui::accesskit::Toggled::True);
        let mark = if is_chosen { "> " } else { "" };
        let label = node.label().unwrap_or_default();
        let label = label.split(" at ").next().unwrap_or_default().to_owned();
        let label: String = label.chars().take(40).collect();
        format!("{mark}{label}")
    };
    items.map(line).collect()
}

fn press(harness: &mut Harness<'_, Panel>, key: Key) {
    harness.key_press(key);
    harness.run();
}

fn has(harness: &Harness<'_, Panel>, label: &str) -> bool {
    harness.query_all_by_label(label).next().is_some()
}

#[test]
fn the_arrows_choose_and_enter_goes_to_the_message() {
    let mut harness = harness();
    assert_eq!(
        lines(&harness),
        [
            "T21 Type unknown to the receiver ×2",
            "warning T21 The host knows no type NO_SU",
            "warning T21 The host knows no type NO_SU",
            "note C03 DIAL_NUMBER came twice for one ",
            "note C01 OUTGOING_CALL_STARTED came agai",
        ]
    );
    // A rule: its description, and where it is broken.
    press(&mut harness, Key::ArrowDown);
    for label in ["This breaks it", "In this session", "How to fix it"] {
        assert!(has(&harness, label), "{label}");
    }
    // Its findings can be folded.
    press(&mut harness, Key::ArrowLeft);
    assert_eq!(lines(&harness).len(), 3);
    press(&mut harness, Key::Enter);
    assert_eq!(lines(&harness).len(), 5);
    // A finding, what it caused, and its message.
    press(&mut harness, Key::End);
    press(&mut harness, Key::ArrowUp);
    assert!(lines(&harness)[3].starts_with("> note C03"));
    assert!(has(&harness, "Follows from it"));
    assert!(!has(&harness, "Envelope"));
    assert_eq!(harness.state_mut().snapshot(false).selected, Some(5));
    press(&mut harness, Key::Enter);
    assert!(has(&harness, "Envelope"));
    for _ in 0..3 {
        assert_eq!(harness.state_mut().snapshot(false).view, View::Findings);
        press(&mut harness, Key::Escape);
    }
    assert!(!has(&harness, "Follows from it"));
}

/// The menu opens with a right click and with the keyboard's menu key, for that line, whatever is
/// selected.
#[test]
fn a_line_has_a_menu() {
    let mut harness = harness();
    harness
        .get_by_label_contains("note C03 DIAL_NUMBER came twice")
        .click_secondary();
    harness.run();
    let names = [
        "Go to 5 DIAL_NUMBER",
        "Follow call 1",
        "Only rule C03",
        "Mute C03 for now",
        "Mute C03 always",
        "Show rule C03",
        "Copy finding as Markdown",
        "Copy finding as JSON",
    ];
    for name in names {
        assert!(has(&harness, name), "{name}");
    }
    harness.get_by_label("Copy finding as Markdown").click();
    harness.run();
    let copied = harness.state_mut().take_effects().into_iter();
    let mut copied = copied.filter_map(|effect| match effect {
        Effect::Copy { what, text } => Some((what, text)),
        _ => None,
    });
    let (what, text) = copied.next().unwrap();
    assert_eq!(what, "Finding. Nothing is replaced");
    expect![[r#"
        **note C03: DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second**

        - Rule: DIAL_NUMBER twice for one click
        - At: message 5 DIAL_NUMBER, 22:13:20.040 UTC, call 1
        - Why: HubSpot sends the request twice for one click (issue \#210 of the SDK); the widget is not to blame. A widget that dials for each of them makes two calls.
        - Fix: In onDialNumber, ignore a request that has the same startTimestamp as the previous one, or that arrives while its call is being set up.
    "#]]
    .assert_eq(&text);
    assert!(!has(&harness, "Only rule C03"), "the menu has closed");

    // The menu key opens the menu of the chosen line, here the rule's.
    press(&mut harness, Key::Home);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run();
    harness.get_by_label("Mute T21 for now").click();
    harness.run();
    assert_eq!(lines(&harness).len(), 2);
}

/// What the keyboard was on is gone with the rule, so it goes on with the next finding.
#[test]
fn after_muting_the_keys_go_on_with_the_next_finding() {
    for (steps, item, expected) in [
        (2, "Mute T21 for now", "> note C03"),
        (4, "Mute C03 always", "> note C01"),
        (5, "Mute C01 for now", "> note C03"),
    ] {
        let mut harness = harness();
        for _ in 0..steps {
            press(&mut harness, Key::ArrowDown);
        }
        harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
        harness.run();
        harness.get_by_label(item).focus();
        harness.run();
        press(&mut harness, Key::Enter);
        let chosen = |harness: &Harness<'_, Panel>| {
            let lines = lines(harness).into_iter();
            lines
                .filter(|line| line.starts_with('>'))
                .collect::<Vec<_>>()
        };
        let [now] = &chosen(&harness)[..] else {
            panic!("{item}: {:?}", lines(&harness));
        };
        assert!(now.starts_with(expected), "{item}: {now}");
        let list = harness.get_by_role_and_label(egui::Role::List, "Findings");
        assert!(list.accesskit_node().is_focused(), "{item}");
        // The arrows move from there.
        press(&mut harness, Key::Home);
        assert!(lines(&harness)[0].starts_with('>'), "{item}");
    }
}

/// A filter for a rule leaves only that rule in the list, even if a message also breaks others.
#[test]
fn one_rule_is_shown_alone() {
    let mut harness = harness();
    harness
        .get_by_label_contains("note C01 OUTGOING_CALL_STARTED")
        .click_secondary();
    harness.run();
    harness.get_by_label("Only rule C01").click();
    harness.run();
    let found = lines(&harness);
    assert!(
        !found.is_empty() && found.iter().all(|line| line.contains("C01")),
        "{found:?}"
    );
}

#[test]
fn a_place_selects_its_message() {
    let mut harness = harness();
    harness
        .get_by_label_contains("note C03 DIAL_NUMBER came twice")
        .click();
    harness.run();
    harness.get_by_label("7 OUTGOING_CALL_STARTED").click();
    harness.run();
    let shown = harness.state_mut().snapshot(false);
    assert_eq!((shown.selected, shown.view), (Some(7), View::Findings));
    assert!(has(&harness, "Envelope"));
}

#[test]
fn the_list_is_put_together_as_one_likes() {
    let mut harness = harness();
    harness.get_by_label("By call").click();
    harness.run();
    assert_eq!(
        lines(&harness)[0],
        "Call 1, outbound to +15550100 · started "
    );
    harness.get_by_label("By time").click();
    harness.run();
    assert!(lines(&harness)[0].starts_with("note C03"));
    let stored = harness.state_mut().take_effects().into_iter().rev();
    let mut stored = stored.filter_map(|effect| match effect {
        Effect::StoreSettings(text) => Some(text),
        _ => None,
    });
    let settings = model::Settings::parse(&stored.next().unwrap()).unwrap();
    assert_eq!(settings.group_findings, Grouping::Time);
}

#[test]
fn what_is_muted_is_said_wherever_it_is_missing() {
    let mut harness = harness();
    press(&mut harness, Key::ArrowDown);
    harness.get_by_label("Mute always").click();
    harness.run();
    assert_eq!(lines(&harness).len(), 2);
    let shown = harness.state_mut().snapshot(false);
    assert!(shown.findings.iter().all(|it| it.code != "T21"));
    // In the view and in the status bar.
    assert_eq!(harness.query_all_by_label("2 muted").count(), 2);
    harness.query_all_by_label("show").next().unwrap().click();
    harness.run();
    assert_eq!(lines(&harness).len(), 6, "{:?}", lines(&harness));
    assert_eq!(lines(&harness)[2], "Muted ×2");
    harness.get_by_label("hide").click();
    harness.run();
    assert_eq!(lines(&harness).len(), 2);
    // The settings can unmute them.
    harness.get_by_label("Settings").click();
    harness.run();
    let unmute = harness.query_all_by_label("Unmute T21").last().unwrap();
    unmute.scroll_to_me();
    harness.run();
    let unmute = harness.query_all_by_label("Unmute T21").last().unwrap();
    unmute.click();
    harness.run();
    assert_eq!(lines(&harness).len(), 5);
    assert!(!has(&harness, "2 muted"));
}

/// Worse findings are inserted above; the lines being read stay in place.
#[test]
fn lines_stay_where_they_are_when_others_come_above_them() {
    use std::fmt::Write as _;

    let mut trace = String::new();
    for index in 0..60 {
        let line = format!(r#"widget {{"type":"NO_SUCH_{index}","messageId":"18_{index}"}}"#);
        writeln!(trace, "{line}").unwrap();
    }
    let mut panel = Panel::new(Model::default());
    let text = model::testing::log(&model::testing::source(&trace));
    let name = "x".to_owned();
    panel.perform(Action::ImportText { name, text });
    let view = View::Findings;
    panel.perform(Action::ShowView { view });
    let by = Grouping::Time;
    panel.perform(Action::GroupFindings { by });
    let name = "T21 at once".to_owned();
    panel.perform(Action::SetUnfolded {
        fold: Fold::Findings { name },
        unfolded: true,
    });
    let mut harness = whole_panel(panel, vec2(600.0, 400.0));
    harness.run();
    harness.hover_at(egui::pos2(200.0, 300.0));
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -400.0),
        modifiers: egui::Modifiers::NONE,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
    });
    harness.run_steps(20);
    let tops = |harness: &Harness<'_, Panel>| {
        let items = harness.query_all_by_role(egui::Role::ListItem);
        let lines = items.filter_map(|it| {
            let label = it.accesskit_node().label()?;
            let name = label
                .split("NO_SUCH_")
                .nth(1)?
                .split(' ')
                .next()?
                .to_owned();
            Some((name, it.rect().top().to_bits()))
        });
        lines.collect::<std::collections::BTreeMap<_, _>>()
    };
    let before = tops(&harness);
    assert!(before.len() > 5 && !before.contains_key("0"), "{before:?}");
    // The first two are removed.
    let text = "-type:NO_SUCH_0 -type:NO_SUCH_1".to_owned();
    harness.state_mut().perform(Action::SetFilter { text });
    harness.run_steps(3);
    let after = tops(&harness);
    let same = before
        .iter()
        .filter(|(name, top)| after.get(*name) == Some(top));
    assert!(same.count() + 2 >= before.len(), "{before:?} {after:?}");
}

#[test]
fn a_sentence_and_its_message_stand_within_reach_of_each_other() {
    for width in [600.0, 1400.0, 2500.0] {
        let harness = harness_of(width);
        let texts = harness.output().shapes.iter();
        let texts: Vec<_> = texts
            .filter_map(|it| match &it.shape {
                egui::Shape::Text(text) => Some(text),
                _ => None,
            })
            .collect();
        let mut found = 0;
        for place in texts.iter().filter(|it| it.galley.text().starts_with("8 ")) {
            let is_it = |it: &&&egui::epaint::TextShape| {
                let is_left = it.pos.x < place.pos.x - 60.0;
                is_left && (it.pos.y - place.pos.y).abs() < 6.0
            };
            let ends = texts.iter().filter(is_it);
            let end = ends.map(|it| it.pos.x + it.galley.size().x);
            let end = end.fold(0.0, f32::max);
            assert!(end > 0.0 && place.pos.x - end < 700.0, "{width}: {end}");
            found += 1;
        }
        assert!(found > 0, "{width}");
    }
}

/// However long their sentences are.
#[test]
fn the_times_of_findings_stand_in_one_column() {
    let number = "0123456789".repeat(9);
    for width in [700.0, 1200.0, 1900.0] {
        let mut panel = Panel::new(Model::default());
        let long = format!(r#"widget {{"type":"NO_SUCH_TYPE_{number}","messageId":"18_6"}}"#);
        let text = model::testing::log(&model::testing::source(&format!("{TRACE}{long}\n")));
        let name = "x".to_owned();
        panel.perform(Action::ImportText { name, text });
        let view = View::Findings;
        panel.perform(Action::ShowView { view });
        let mut harness = whole_panel(panel, vec2(width, 800.0));
        harness.run();
        let shapes = harness.output().shapes.iter();
        let mut ends: Vec<f32> = shapes
            .filter_map(|it| match &it.shape {
                egui::Shape::Text(text) if text.galley.text().starts_with("22:13:20.") => {
                    Some((text.pos.x + text.galley.size().x).round())
                }
                _ => None,
            })
            .collect();
        assert!(ends.len() > 4, "{ends:?}");
        ends.dedup();
        assert_eq!(ends.len(), 1, "{ends:?} at {width}");
    }
}

/// The pointer is usually still over what was clicked.
#[test]
fn what_is_selected_looks_so_under_the_pointer() {
    let mut harness = harness();
    press(&mut harness, Key::Home);
    let line = harness.get_by_label_contains("T21 Type unknown").rect();
    let button = harness.get_by_label("By rule").rect();
    for at in [line.center(), button.center()] {
        harness.hover_at(at);
        harness.run_steps(3);
        let painted = |color: egui::Color32| {
            harness.output().shapes.iter().any(|it| match &it.shape {
                egui::Shape::Rect(it) => it.fill == color && it.rect.contains(at),
                _ => false,
            })
        };
        let palette = Palette::for_theme(harness.ctx.theme());
        assert!(painted(palette.selected) && !painted(palette.hover), "{at}");
    }
}
