//! Searching, copying from, and comparing the shown message.

use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::Panel;
use crate::action::{Action, Part};
use crate::app::testing::whole_panel;
use crate::event::Effect;
use crate::model::{self, Model};

const TRACE: &str = r#"
    host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    widget {"type":"INCOMING_CALL","messageId":"18_2","data":{"fromNumber":"+15550111","toNumber":"+15550100","createEngagement":true,"externalCallId":"a","own":{"deep":{"er":{"note":"call back"}}}}}
    widget {"type":"INCOMING_CALL","messageId":"18_3","data":{"fromNumber":"+15550122","createEngagement":true,"externalCallId":"b"}}
    host   {"type":"SYNC","messageId":"17_2","hostUrl":"https://app.hubspot.com"}
"#;

fn reading<'a>(seq: u64) -> Harness<'a, Panel> {
    let mut panel = Panel::new(Model::default());
    let text = model::testing::log(&model::testing::source(TRACE));
    let name = "x".to_owned();
    panel.perform(Action::ImportText { name, text });
    panel.perform(Action::SelectSeq { seq });
    let mut harness = whole_panel(panel, vec2(1400.0, 1200.0));
    harness.run();
    harness
}

/// A widget that is not told the engagement of its call.
const NOT_TOLD: &str = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}}
{"kind":"frame","seq":2,"at":2,"from":"widget","origin":"https://localhost:9025","message":{"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}}
{"kind":"frame","seq":3,"at":3,"from":"widget","origin":"https://localhost:9025","message":{"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}}
{"kind":"frame","seq":4,"at":4,"from":"widget","origin":"https://localhost:9025","message":{"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","createEngagement":true,"externalCallId":"a"}}}
{"kind":"frame","seq":5,"at":5,"from":"host","origin":"https://app.hubspot.com","message":{"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_2","data":{"engagementId":7}}}
{"kind":"inside","at":6,"conversation":1,"side":"widget","origin":"https://localhost:9025","what":"unhandled","type":"CREATE_ENGAGEMENT_SUCCEEDED"}
{"kind":"inside","at":7,"conversation":1,"side":"widget","origin":"https://localhost:9025","what":"unhandled","type":"VISIBILITY_CHANGED"}
{"kind":"frame","seq":6,"at":9,"from":"widget","origin":"https://localhost:9025","message":{"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"a","callEndStatus":"BUSY"}}}
{"kind":"frame","seq":7,"at":12,"from":"widget","origin":"https://localhost:9025","message":{"type":"CALL_COMPLETED","messageId":"18_4","data":{"externalCallId":"a","hideWidget":false}}}"#;

/// From a finding to the report that it follows from, and from there to the message.
#[test]
fn a_report_is_linked_with_its_message_and_with_what_follows_from_it() {
    let mut panel = Panel::new(Model::default());
    let (name, text) = ("x".to_owned(), NOT_TOLD.to_owned());
    panel.perform(Action::ImportText { name, text });
    panel.perform(Action::SelectSeq { seq: 7 });
    let mut harness = whole_panel(panel, vec2(1400.0, 1200.0));
    harness.run();
    harness.get_by_label("the widget's page").click();
    harness.run();
    let is_shown = |harness: &Harness<'_, Panel>, text: &str| {
        harness.query_all_by_label_contains(text).next().is_some()
    };
    assert!(is_shown(&harness, "Reported by the widget's page"));
    assert!(is_shown(&harness, "it needs onCreateEngagementSucceeded"));
    harness
        .get_by_label("5 CREATE_ENGAGEMENT_SUCCEEDED")
        .click();
    harness.run();
    assert!(!is_shown(&harness, "Reported by the widget's page"));
    assert!(has(&harness, "Message"), "the message is shown");
}

fn has(harness: &Harness<'_, Panel>, label: &str) -> bool {
    harness.query_all_by_label(label).next().is_some()
}

#[track_caller]
fn check_copied(harness: &mut Harness<'_, Panel>, expected: &str) {
    let effects = harness.state_mut().take_effects();
    let copied = effects.iter().find_map(|effect| match effect {
        Effect::Copy { text, .. } => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(copied, Some(expected));
}

#[test]
fn a_search_unfolds_what_it_finds_and_counts_it() {
    let mut harness = reading(4);
    assert!(!has(&harness, "\"call back\""), "it is folded");
    let text = "CALL".to_owned();
    harness.state_mut().perform(Action::SearchMessage { text });
    harness.run();
    // The matches: its type, the key externalCallId, the note.
    assert!(has(&harness, "1 of 3"));
    assert!(has(&harness, "\"call back\""));
    harness.get_by_label("Next place").click();
    harness.run();
    assert!(has(&harness, "2 of 3"));
    for _ in 0..2 {
        harness.get_by_label("Previous place").click();
        harness.run();
    }
    assert!(has(&harness, "3 of 3"));
    harness.get_by_label("Stop looking").click();
    harness.run();
    assert!(!has(&harness, "\"call back\""));
}

/// What is being read stays open and in place; a line below it says that the list is without it.
#[test]
fn what_the_filter_hides_is_said_below_its_details() {
    for size in [vec2(1400.0, 1200.0), vec2(300.0, 400.0)] {
        let mut harness = reading(4);
        harness.set_size(size);
        harness.run_steps(4);
        let selected = harness.state().selected();
        let title = |harness: &Harness<'_, Panel>| harness.get_by_label("Resend…").rect();
        let before = title(&harness);
        let words = "The filter hides this message";
        for (filter, is_hidden) in [("type:SYNC", true), ("from:widget", false)] {
            let text = filter.to_owned();
            harness.state_mut().perform(Action::SetFilter { text });
            harness.run_steps(4);
            assert_eq!(has(&harness, words), is_hidden, "{filter}");
            assert_eq!(title(&harness), before, "{filter}");
        }
        let text = "type:SYNC".to_owned();
        harness.state_mut().perform(Action::SetFilter { text });
        harness.run_steps(4);
        let bar = harness.get_by_label(words).rect();
        assert!(bar.bottom() <= size.y - 20.0 && bar.top() > before.bottom());
        let below = harness
            .query_all_by_label("Clear filter")
            .rfind(|it| it.rect().top() >= bar.top());
        below.unwrap().click();
        harness.run_steps(4);
        assert!(!has(&harness, words));
        assert_eq!(harness.state().selected(), selected);
    }
}

/// The same for a finding.
#[test]
fn a_finding_that_the_filter_hides_is_said_to_be_hidden() {
    let mut harness = reading(4);
    let words = "The filter hides this finding";
    let view = crate::action::View::Findings;
    harness.state_mut().perform(Action::ShowView { view });
    harness
        .state_mut()
        .perform(Action::SelectFinding { line: 0 });
    harness.run_steps(4);
    assert!(!has(&harness, words));
    let text = "type:NOTHING".to_owned();
    harness.state_mut().perform(Action::SetFilter { text });
    harness.run_steps(4);
    assert!(has(&harness, words));
}

#[test]
fn parts_of_a_message_are_copied() {
    let mut harness = reading(4);
    harness.get_by_label("Copy of data.fromNumber…").click();
    harness.run();
    harness.get_by_label("Copy value").click();
    harness.run();
    check_copied(&mut harness, "+15550111");
    for (part, text) in [
        (Part::Path, "data.own.deep.er"),
        (Part::Value, r#"{"note":"call back"}"#),
        (Part::Json, "{\n  \"note\": \"call back\"\n}"),
    ] {
        let pointer = "/data/own/deep/er".to_owned();
        let action = Action::CopyPart { pointer, part };
        harness.state_mut().perform(action);
        check_copied(&mut harness, text);
    }
}

#[test]
fn a_line_has_its_menu_under_the_pointer_and_by_key() {
    let mut harness = reading(4);
    let value = harness.get_by_label("\"+15550111\"").rect();
    harness.get_by_label("\"+15550111\"").click_secondary();
    harness.run();
    // The menu opens at the pointer, not at the button.
    let item = harness.get_by_label("Copy path").rect();
    assert!(item.left() < value.right(), "{item} {value}");
    harness.get_by_label("Copy path").click();
    harness.run();
    check_copied(&mut harness, "data.fromNumber");
    assert!(!has(&harness, "Copy path"), "it closes");

    // On the focused line; then the first item has the focus.
    harness.get_by_label("Copy of data.toNumber…").focus();
    harness.run();
    harness.key_press(egui::Key::Menu);
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
    check_copied(&mut harness, "+15550100");
    harness.get_by_label("data.own").focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::SHIFT, egui::Key::F10);
    harness.run();
    harness.get_by_label("Copy as recorded").click();
    harness.run();
    check_copied(&mut harness, r#"{"deep":{"er":{"note":"call back"}}}"#);

    // The envelope can be copied as well.
    harness.get_by_label("Copy of origin…").click();
    harness.run();
    harness.get_by_label("Copy value").click();
    harness.run();
    check_copied(&mut harness, "https://localhost:9025");
}

#[test]
fn a_field_that_is_missing_stands_where_it_should_be() {
    let harness = reading(5);
    let place = |label: &str| harness.get_by_label(label).rect();
    let missing = place("toNumber");
    assert!(missing.top() > place("externalCallId").top());
    assert!((missing.left() - place("externalCallId").left()).abs() < 1.0);
    assert!(has(&harness, "missing"));
}

#[test]
fn a_message_is_compared_with_the_one_before_and_with_any_other() {
    let mut harness = reading(5);
    assert!(!has(&harness, "data.toNumber"));
    harness.get_by_label("Compare").click();
    harness.run();
    for label in ["4 INCOMING_CALL", "data.toNumber", "\"+15550100\""] {
        assert!(has(&harness, label), "{label}");
    }
    harness.get_by_label("Compare with…").click();
    harness.run();
    assert!(has(&harness, "Do not compare with this"));
    harness.state_mut().perform(Action::SelectSeq { seq: 6 });
    harness.run();
    assert!(has(&harness, "5 INCOMING_CALL"));
    harness.get_by_label("Compare with the one before").click();
    harness.run();
    assert!(!has(&harness, "5 INCOMING_CALL"));
}

/// A pair of buttons has a pair of icons: the one is the other upside down.
#[test]
fn the_buttons_of_the_search_are_alike() {
    let mut harness = reading(4);
    let text = "CALL".to_owned();
    harness.state_mut().perform(Action::SearchMessage { text });
    harness.run();
    let painted = |label: &str| {
        let button = harness.get_by_label(label).rect();
        let shapes = harness.output().shapes.iter();
        let shapes = shapes.filter_map(|it| match &it.shape {
            egui::Shape::Path(path) if button.contains_rect(path.visual_bounding_rect()) => {
                Some((path.points.len(), path.closed))
            }
            _ => None,
        });
        shapes.collect::<Vec<_>>()
    };
    let previous = painted("Previous place");
    assert!(!previous.is_empty());
    assert_eq!(previous, painted("Next place"));
}

/// Words that follow a link have a space before them, so none begins with a comma.
#[test]
fn no_comma_stands_alone() {
    for chosen in [None, Some(4)] {
        let mut harness = reading(5);
        let id = chosen.and_then(|seq| harness.state().model().shown().id_of(seq));
        harness.state_mut().perform(Action::CompareMessage { id });
        harness.run();
        if chosen.is_none() {
            harness.get_by_label("Compare").click();
            harness.run();
        }
        let after = harness.query_all_by_label_contains("+ is this one");
        let after: Vec<String> = after.filter_map(|it| it.accesskit_node().value()).collect();
        assert!(after.iter().all(|it| !it.starts_with(',')), "{after:?}");
        assert!(!after.is_empty(), "{chosen:?}");
    }
}
