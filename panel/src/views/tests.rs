//! The views drawn without a GPU: clicks become actions.

use callscope_protocol::{ConversationId, Severity};
use callscope_session_view::card::Card;
use callscope_session_view::words::UtcOffset;
use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

mod contrast;
mod export;
mod filter;
mod hostile;
mod menus;
mod room;
mod selection;
mod sessions;
mod settings;
mod tab_order;

use super::*;
use crate::action::{Action, Fold, View};
use crate::app::testing::whole_panel;
use crate::model::reading::Reading;
use crate::model::testing::{recorded, source};
use crate::model::{DetailData, EmptyData, Folds, Model, SendOutcome};

/// Draws a view in a window of ordinary size.
fn harness<'a>(draw: impl FnMut(&mut egui::Ui, &mut Actions) + 'a) -> Harness<'a, Actions> {
    let mut harness = Harness::builder()
        .with_size(vec2(1100.0, 700.0))
        .with_context_setup(crate::theme::apply)
        .allow_missing_glyphs()
        .build_ui_state(draw, Actions::new());
    harness.run();
    harness
}

/// Checks the actions of a click on the widget with this label.
#[track_caller]
fn check_click(draw: impl FnMut(&mut egui::Ui, &mut Actions), label: &str, expected: &[Action]) {
    let mut harness = harness(draw);
    harness.get_by_label(label).click();
    harness.run();
    assert_eq!(harness.state(), expected, "{label}");
}

fn filter_data(text: &str) -> FilterData<'_> {
    FilterData {
        text,
        error: None,
        is_unfinished: false,
        in_force: "",
        wants_cursor: false,
        saved: &[],
        vocabulary: std::rc::Rc::default(),
    }
}

fn toolbar() -> ToolbarData<'static> {
    ToolbarData {
        recording: Some(true),
        preserve_log: false,
        filter: filter_data("type:SYNC"),
        counts: [
            (Severity::Error, 2),
            (Severity::Warning, 0),
            (Severity::Note, 1),
        ],
        is_imported: false,
    }
}

#[test]
fn the_toolbar_does_what_its_buttons_say() {
    let draw = |ui: &mut egui::Ui, actions: &mut Actions| toolbar_ui(ui, &toolbar(), actions);
    check_click(
        draw,
        "Pause recording",
        &[Action::SetRecording { on: false }],
    );
    check_click(draw, "Clear", &[Action::Clear]);
    check_click(draw, "Preserve log", &[Action::SetPreserveLog { on: true }]);
    check_click(draw, "Export", &[Action::Export]);
    check_click(draw, "Import", &[Action::Import]);
    check_click(
        draw,
        "Clear filter",
        &[Action::SetFilter {
            text: String::new(),
        }],
    );
    for (label, filter) in [
        ("2 errors, show only these", "severity=error"),
        ("1 note, show only these", "severity=note"),
    ] {
        let text = filter.to_owned();
        let view = View::Timeline;
        check_click(
            draw,
            label,
            &[Action::SetFilter { text }, Action::ShowView { view }],
        );
    }
}

#[test]
fn what_has_no_room_in_the_toolbar_is_in_its_menu() {
    let mut harness = Harness::builder()
        .with_size(vec2(300.0, 500.0))
        .with_context_setup(crate::theme::apply)
        .build_ui_state(
            |ui, actions: &mut Actions| toolbar_ui(ui, &toolbar(), actions),
            Actions::new(),
        );
    harness.run();
    assert!(harness.query_by_label("Export").is_none());
    harness.get_by_label("More").click();
    harness.run();
    harness.get_by_label("Import");
    harness.get_by_label("Settings");
    harness.get_by_label("Export").click();
    harness.run();
    assert_eq!(harness.state(), &[Action::Export]);
}

#[test]
fn typing_filters() {
    let mut harness = harness(|ui, actions| {
        let data = ToolbarData {
            filter: filter_data(""),
            ..toolbar()
        };
        toolbar_ui(ui, &data, actions);
    });
    harness
        .get_by_role_and_label(egui::Role::TextInput, "Filter")
        .click();
    harness.run();
    harness
        .get_by_role_and_label(egui::Role::TextInput, "Filter")
        .type_text("x");
    harness.run();
    assert_eq!(
        harness.state().first(),
        Some(&Action::SetFilter {
            text: "x".to_owned()
        })
    );
}

#[test]
fn without_a_recorder_there_is_nothing_to_pause() {
    let harness = harness(|ui, actions| {
        let data = ToolbarData {
            recording: None,
            ..toolbar()
        };
        toolbar_ui(ui, &data, actions);
    });
    assert!(
        harness
            .get_by_label("Record")
            .accesskit_node()
            .is_disabled()
    );
}

#[test]
fn tabs_change_the_view() {
    let draw = |ui: &mut egui::Ui, actions: &mut Actions| tabs_ui(ui, View::Timeline, 3, actions);
    for view in View::ALL {
        check_click(draw, view.title(), &[Action::ShowView { view }]);
    }
}

#[test]
fn an_empty_list_offers_the_next_step() {
    let data = EmptyData {
        case: "paused",
        title: "Recording is paused".to_owned(),
        steps: vec!["What passes is counted".to_owned()],
        actions: vec![Action::SetRecording { on: true }, Action::ShowParked],
    };
    let draw = |ui: &mut egui::Ui, actions: &mut Actions| empty_ui(ui, &data, actions);
    check_click(draw, "Record", &[Action::SetRecording { on: true }]);
    check_click(draw, "Show previous page", &[Action::ShowParked]);
}

#[test]
fn the_status_bar_shows_what_the_filter_hides() {
    let data = StatusData {
        messages: 9,
        hidden: 3,
        used: Some((0, 1 << 20)),
        ..StatusData::default()
    };
    let draw = |ui: &mut egui::Ui, actions: &mut Actions| status_bar_ui(ui, &data, actions);
    check_click(
        draw,
        "show all",
        &[Action::SetFilter {
            text: String::new(),
        }],
    );
    let harness = harness(draw);
    for words in [
        "9 messages",
        "3 hidden by filter",
        "0 missing",
        "0 B of 1.0 MB",
    ] {
        harness.get_by_label(words);
    }
}

/// A word tells it at every size, not only the color of a button.
#[test]
fn a_pause_and_a_saved_session_are_told_however_little_room_there_is() {
    for (state, is_saved) in [("Paused", false), ("Saved session", true)] {
        let data = StatusData {
            messages: 1_234_567,
            hidden: 1_200_000,
            muted: 17,
            used: Some((15 << 20, 16 << 20)),
            state: state.to_owned(),
            is_paused: !is_saved,
            is_saved,
            ..StatusData::default()
        };
        let harness = Harness::builder()
            .with_size(vec2(300.0, 40.0))
            .with_context_setup(crate::theme::apply)
            .build_ui_state(
                |ui, actions: &mut Actions| status_bar_ui(ui, &data, actions),
                Actions::new(),
            );
        let word = harness.get_by_label(state).rect();
        assert!(word.right() <= 300.0 && word.width() > 20.0, "{word}");
    }
}

/// Nobody knows what is missed meanwhile; what was missing before is still said.
#[test]
fn a_pause_does_not_promise_that_nothing_is_missing() {
    for (lost, expected) in [(0, 0), (3, 1)] {
        let data = StatusData {
            messages: 9,
            missing: callscope_protocol::Missing {
                lost,
                ..callscope_protocol::Missing::default()
            },
            state: "Paused".to_owned(),
            is_paused: true,
            ..StatusData::default()
        };
        let harness = harness(|ui, actions| status_bar_ui(ui, &data, actions));
        let words = format!("{lost} missing");
        assert_eq!(harness.query_all_by_label(&words).count(), expected);
        let all = harness.get_by_role(egui::Role::Status);
        let all = all.accesskit_node().label().unwrap_or_default();
        assert_eq!(all.contains("missing"), lost > 0, "{all}");
    }
}

const SLASH: &str = r#"
    host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com/"}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://localhost:9025"}
"#;

#[test]
fn a_message_is_explained_and_folds() {
    let source = source(SLASH);
    let folds = Folds::default();
    let data = DetailData::new(
        &source,
        source.id_of(1).unwrap(),
        (&folds, &Reading::default()),
        UtcOffset::default(),
        None,
    )
    .unwrap();
    let draw = |ui: &mut egui::Ui, actions: &mut Actions| detail_ui(ui, &data, &folds, actions);
    let section = |title: &str| Action::SetUnfolded {
        fold: Fold::Section {
            title: title.to_owned(),
        },
        unfolded: false,
    };
    check_click(draw, "2 SYNC_ACK", &[Action::SelectSeq { seq: 2 }]);
    check_click(draw, "Findings", &[section("Findings")]);
    check_click(draw, "Message", &[section("Message")]);
    let text =
        r#"{"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com/"}"#.to_owned();
    check_click(
        draw,
        "Copy",
        &[Action::Copy {
            what: "Message".to_owned(),
            text,
        }],
    );
    let harness = harness(draw);
    for words in [
        "host → widget",
        "Why",
        "Fix",
        "T04",
        "not a bare origin like https://host:port",
    ] {
        assert!(
            harness.query_all_by_label(words).next().is_some(),
            "{words}"
        );
    }
}

/// The program prints the same cards: see the test of `callscope show --message`.
#[test]
fn all_that_a_card_says_is_drawn() {
    let log = include_bytes!("../../../fixtures/mistakes/M13-internal-status.callscope.jsonl");
    let source = recorded(log);
    let mut drawn = std::collections::BTreeSet::new();
    for placed in source.session().facts() {
        let data = DetailData::new(
            &source,
            placed.id,
            (&Folds::default(), &Reading::default()),
            UtcOffset::default(),
            None,
        );
        let Some(DetailData::Message(detail)) = &data else {
            continue;
        };
        let has_finding = !detail.card.findings.is_empty();
        if !drawn.insert((detail.card.title.clone(), has_finding)) {
            continue;
        }
        // A new part must be drawn as well. The catalogue's description of a field is its tooltip.
        let Card {
            // Shown in the envelope.
            seq: _,
            title,
            from: _,
            about,
            type_facts,
            remarks,
            ties,
            reports,
            // Shown among the ties.
            is_waiting: _,
            findings,
            fields,
            envelope,
        } = &detail.card;
        let mut texts = vec![title.as_str(), about, detail.card.direction()];
        for (label, text) in type_facts.iter().chain(envelope) {
            texts.extend([*label, text]);
        }
        texts.extend(remarks.iter().map(|remark| remark.text.as_str()));
        for tie in ties {
            texts.extend([tie.name, &tie.words]);
            texts.extend(tie.other.iter().map(|(_, name)| name.as_str()));
        }
        for report in reports {
            texts.extend([report.name.as_str(), &report.words]);
        }
        for finding in findings {
            texts.extend([finding.message.as_str(), finding.code, finding.title]);
            texts.extend([finding.why, &finding.fix]);
            texts.extend(finding.stranger);
            texts.extend(finding.cause.iter().map(|cause| cause.code));
            texts.extend(finding.related.iter().map(|(_, name)| name.as_str()));
        }
        for field in fields {
            // In the tree, keys are below their container.
            let is_sent = field.is_sent();
            let key = field.path.rsplit_once('.').map(|(_, key)| key);
            let key = key.filter(|_| is_sent);
            texts.push(key.unwrap_or(&field.path));
            let is_container = field.value.as_ref().is_some_and(|it| it.starts_with('{'));
            texts.extend(field.value.as_deref().filter(|_| !is_container));
            texts.extend(field.problem.iter().map(|(_, words)| words.as_str()));
        }
        let title_of = |title: &str| Fold::Section {
            title: title.to_owned(),
        };
        let folds = Folds::from([(title_of("Documentation"), true)]);
        let harness = harness(|ui, actions| {
            detail_ui(ui, data.as_ref().unwrap(), &folds, actions);
        });
        for text in texts {
            assert!(
                harness.query_all_by_label(text).next().is_some(),
                "{text:?} of {title}"
            );
        }
    }
}

#[test]
fn the_form_sends_what_it_shows() {
    let mut model = Model::default();
    let mut data = model.compose_data();
    assert!(data.obstacle.is_some());
    let blocked = harness(|ui, actions| compose_ui(ui, &data, &Folds::default(), actions));
    assert!(blocked.get_by_label("Send").accesskit_node().is_disabled());
    drop(blocked);

    data.obstacle = None;
    let draw = |ui: &mut egui::Ui, actions: &mut Actions| {
        compose_ui(ui, &data, &Folds::default(), actions);
    };
    check_click(draw, "Send", &[Action::SendDraft { anyway: false }]);
    let company = Action::SetDraftField {
        field: "data.objectType".to_owned(),
        value: "COMPANY".to_owned(),
    };
    check_click(draw, "COMPANY", &[company]);
    let mut typing = harness(draw);
    typing
        .get_by_role_and_label(egui::Role::TextInput, "phoneNumber")
        .click();
    typing.run();
    typing
        .get_by_role_and_label(egui::Role::TextInput, "phoneNumber")
        .type_text("5");
    typing.run();
    let typed = Action::SetDraftField {
        field: "data.phoneNumber".to_owned(),
        value: "5".to_owned(),
    };
    assert_eq!(typing.state().first(), Some(&typed));
}

#[test]
fn overrides_are_edited_as_fields_and_as_text() {
    let mut model = Model::default();
    model
        .overrides
        .set_draft(r#"{"url":"https://localhost:9025/"}"#.to_owned());
    let mut data = model.overrides_data();
    data.obstacle = None;
    let draw = |ui: &mut egui::Ui, actions: &mut Actions| overrides_ui(ui, &data, actions);
    check_click(draw, "Set", &[Action::SetOverride]);
    check_click(draw, "Reload page", &[Action::ReloadPage]);
    let seed = "LocalSettings:Sales:CallingExtensions";
    check_click(
        draw,
        seed,
        &[Action::ChooseOverrideKey {
            key: seed.to_owned(),
        }],
    );
    let mut typing = harness(draw);
    typing
        .get_by_role_and_label(egui::Role::TextInput, "width")
        .click();
    typing.run();
    typing
        .get_by_role_and_label(egui::Role::TextInput, "width")
        .type_text("4");
    typing.run();
    let typed = Action::SetOverrideField {
        field: "width".to_owned(),
        value: "4".to_owned(),
    };
    assert_eq!(typing.state().first(), Some(&typed));
}

/// The whole panel showing a saved session, at several sizes: nothing panics, the keyboard works.
#[test]
fn the_panel_is_driven_by_the_keyboard() {
    let source = source(SLASH);
    let text = crate::model::testing::log(&source);
    for size in [vec2(1100.0, 640.0), vec2(500.0, 640.0), vec2(200.0, 100.0)] {
        let mut panel = crate::Panel::new(Model::default());
        panel.perform(Action::ImportText {
            name: "x".to_owned(),
            text: text.clone(),
        });
        let mut harness = whole_panel(panel, size);
        harness.run();
        harness.key_press(egui::Key::ArrowDown);
        harness.run();
        harness.key_press(egui::Key::End);
        harness.run();
        let selected = harness.state_mut().snapshot(false).selected;
        assert_eq!(selected, Some(2), "at {size:?}");
        for view in View::ALL {
            harness.state_mut().perform(Action::ShowView { view });
            harness.run();
        }
        harness.state_mut().perform(Action::ShowView {
            view: View::Timeline,
        });
        harness.key_press(egui::Key::Slash);
        harness.run();
        harness.event(egui::Event::Text("ack".to_owned()));
        harness.run();
        assert_eq!(
            harness.state_mut().snapshot(false).filter,
            "ack",
            "at {size:?}"
        );
        // Esc goes back step by step: the suggestions, the filter, its field, the details, the
        // selection.
        for (filter, selected) in [
            ("ack", Some(2)),
            ("", Some(2)),
            ("", Some(2)),
            ("", Some(2)),
            ("", None),
        ] {
            harness.key_press(egui::Key::Escape);
            harness.run();
            let shown = harness.state_mut().snapshot(false);
            assert_eq!((shown.filter.as_str(), shown.selected), (filter, selected));
        }
    }
}

#[test]
fn conversations_are_chosen_in_the_bar() {
    let source = source(
        r#"
        host {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        @2 host {"type":"SYNC","messageId":"18_1","hostUrl":"https://app.hubspot.com"}
        "#,
    );
    let all: Vec<_> = source.session().conversations().collect();
    let shown = source.session().conversation(ConversationId(1)).unwrap();
    let data = crate::model::BarData::new(&all, shown, None, None);
    let mut harness = harness(|ui, actions| conversation_bar_ui(ui, Ok(&data), 4, actions));
    harness.get_by_role(egui::Role::ComboBox).click();
    harness.run();
    harness.get_by_label_contains("#2 widget").click();
    harness.run();
    assert_eq!(
        harness.state(),
        &[Action::ShowConversation {
            conversation: Some(2)
        }]
    );
}

#[test]
fn the_eye_is_in_sight_in_a_narrow_window() {
    let width = 300.0;
    let source = source(SLASH);
    let all: Vec<_> = source.session().conversations().collect();
    let data = crate::model::BarData {
        name: "#12 calling window of this page".to_owned(),
        widget: Some("https://softphone.somebody.example".to_owned()),
        sees_inside: Some(true),
        ..crate::model::BarData::new(&all, all[0], None, None)
    };
    let harness = Harness::builder()
        .with_size(vec2(width, 200.0))
        .with_context_setup(crate::theme::apply)
        .allow_missing_glyphs()
        .build_ui_state(
            |ui, actions: &mut Actions| conversation_bar_ui(ui, Ok(&data), 4, actions),
            Actions::new(),
        );
    let rect = harness.get_by_label("Stop seeing inside").rect();
    assert!(rect.right() <= width, "{rect:?}");
}

#[test]
fn a_long_number_leaves_the_bar_its_one_line() {
    let number = "1".repeat(5_000);
    let source = source(&format!(
        r#"
        host {{"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}}
        widget {{"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}}
        widget {{"type":"INITIALIZED","messageId":"18_1","data":{{"isLoggedIn":true,"isAvailable":true}}}}
        widget {{"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{{"toNumber":"+44{number}","externalCallId":"a"}}}}
        "#
    ));
    let all: Vec<_> = source.session().conversations().collect();
    let data = crate::model::BarData::new(&all, all[0], None, None);
    let harness = Harness::builder()
        .with_size(vec2(1280.0, 700.0))
        .with_context_setup(crate::theme::apply)
        .allow_missing_glyphs()
        .build_ui_state(
            |ui, actions: &mut Actions| conversation_bar_ui(ui, Ok(&data), 4, actions),
            Actions::new(),
        );
    let name = harness.get_by_label_contains("#1").rect();
    let call = harness.get_by_label_contains("to +44").rect();
    assert!(
        (name.center().y - call.center().y).abs() < 2.0,
        "{name:?} {call:?}"
    );
}

/// Enter in a field that it does nothing for must not make shortcuts of the next letters.
#[test]
fn enter_leaves_the_keyboard_in_a_field_of_a_form() {
    let mut model = Model::default();
    model.perform(Action::ShowView {
        view: View::Compose,
    });
    let mut harness = whole_panel(crate::Panel::new(model), vec2(900.0, 700.0));
    harness.run();
    let field = |harness: &Harness<'_, crate::Panel>| {
        let field = harness.get_by_role_and_label(egui::Role::TextInput, "phoneNumber");
        (field.is_focused(), field.value())
    };
    harness
        .get_by_role_and_label(egui::Role::TextInput, "phoneNumber")
        .focus();
    harness.run();
    for text in ["+1", "2"] {
        harness.event(egui::Event::Text(text.to_owned()));
        harness.key_press(egui::Key::Enter);
        harness.run();
    }
    assert_eq!(field(&harness), (true, Some("+12".to_owned())));
}

/// In one narrow line, the call loses its number before anything is left out.
#[test]
fn a_low_narrow_bar_has_what_fits_besides_the_call() {
    let source = source(
        r#"
        host {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true,"isAvailable":false}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100199","externalCallId":"a"}}
        "#,
    );
    let all: Vec<_> = source.session().conversations().collect();
    let data = crate::model::BarData::new(&all, all[0], None, None);
    let at = |width: f32| {
        let harness = Harness::builder()
            .with_size(vec2(width, 180.0))
            .with_context_setup(crate::theme::apply)
            .allow_missing_glyphs()
            .build_ui_state(
                |ui, actions: &mut Actions| conversation_bar_ui(ui, Ok(&data), 1, actions),
                Actions::new(),
            );
        let words = ["Ready", "Logged in", "Unavailable", "Started 00:00"];
        words.map(|it| harness.query_by_label(it).is_some())
    };
    assert_eq!(at(300.0), [true, true, false, true]);
    assert_eq!(at(400.0), [true; 4]);
    // With the number.
    assert_eq!(at(700.0), [true, true, true, false]);
}

/// What the page says while the user aims at a button changes what is said, not where the button
/// is.
#[test]
fn what_sends_stays_in_its_place() {
    let mut model = Model::default();
    let mut data = model.compose_data();
    data.obstacle = None;
    let plain = data.clone();
    let mut blocked = data.clone();
    blocked.obstacle = Some(crate::model::Obstacle {
        words: "A call is going on. HubSpot would not dial before it has ended. ".repeat(3),
        can_send_anyway: true,
    });
    blocked.targets = vec![(1, "#1 widget".to_owned()), (2, "#2 remote".to_owned())];
    let mut sent = data.clone();
    sent.outcome = Some(SendOutcome::Sent {
        message_id: "17_1".to_owned(),
        from: callscope_protocol::Side::Host,
    });
    let mut failed = blocked.clone();
    failed.outcome = Some(SendOutcome::Failed {
        reason: "The page did not answer".to_owned(),
    });
    for (width, height) in [
        (300.0, 180.0),
        (300.0, 600.0),
        (500.0, 700.0),
        (1100.0, 700.0),
    ] {
        let places = [&plain, &blocked, &sent, &failed].map(|data| {
            let mut harness = Harness::builder()
                .with_size(vec2(width, height))
                .with_context_setup(crate::theme::apply)
                .allow_missing_glyphs()
                .build_ui_state(
                    |ui, actions: &mut Actions| {
                        compose_ui(ui, data, &Folds::default(), actions);
                    },
                    Actions::new(),
                );
            harness.run();
            let form = harness.get_by_label("Message type DIAL_NUMBER").rect();
            (harness.get_by_label("Send").rect(), form)
        });
        assert!(
            places.iter().all(|it| *it == places[0]),
            "{width}: {places:?}"
        );
    }
}

/// Choices that have no room beside the others begin below the first one, not below the name.
#[test]
fn the_choices_of_a_field_stay_in_their_column() {
    let mut model = Model::default();
    model.perform(Action::ChooseType {
        by_widget: true,
        type_name: "CALL_ENDED".to_owned(),
    });
    // What is filled in is not folded away.
    model.perform(Action::SetDraftField {
        field: "data.callEndStatus".to_owned(),
        value: "BUSY".to_owned(),
    });
    let data = model.compose_data();
    for width in [300.0, 480.0, 1280.0] {
        let mut harness = Harness::builder()
            .with_size(vec2(width, 700.0))
            .with_context_setup(crate::theme::apply)
            .allow_missing_glyphs()
            .build_ui_state(
                |ui, actions: &mut Actions| compose_ui(ui, &data, &Folds::default(), actions),
                Actions::new(),
            );
        harness.run();
        let first = harness.get_by_label("COMPLETED").rect();
        let last = harness.get_by_label("MISSED").rect();
        assert!(last.top() > first.top(), "{width}: they wrap");
        for choice in [
            "FAILED",
            "CANCELED",
            "BUSY",
            "NO_ANSWER",
            "REJECTED",
            "MISSED",
        ] {
            let rect = harness.get_by_label(choice).rect();
            assert!(rect.left() >= first.left(), "{width}: {choice} at {rect}");
            assert!(rect.right() <= width, "{width}: {choice} at {rect}");
        }
    }
}

/// A remark that goes away, because what was wrong is right now, moves no button.
#[test]
fn what_sets_an_override_stays_in_its_place() {
    let mut model = Model::default();
    let data = |model: &Model| {
        let mut data = model.overrides_data();
        data.obstacle = None;
        data
    };
    let empty = data(&model);
    assert!(empty.why_not.is_some());
    model.overrides.set_field("url", "https://localhost:9025/");
    let valid = data(&model);
    assert!(valid.why_not.is_none() && valid.remarks.is_empty());
    model.overrides.set_field("name", "");
    let noted = data(&model);
    assert!(!noted.remarks.is_empty());
    for width in [300.0, 1100.0] {
        let data = std::cell::RefCell::new(empty.clone());
        let mut harness = Harness::builder()
            .with_size(vec2(width, 1200.0))
            .with_context_setup(crate::theme::apply)
            .allow_missing_glyphs()
            .build_ui_state(
                |ui, actions: &mut Actions| overrides_ui(ui, &data.borrow(), actions),
                Actions::new(),
            );
        harness.run();
        let place = harness.get_by_label("Set").rect();
        for now in [&valid, &noted, &empty] {
            data.borrow_mut().clone_from(now);
            harness.run();
            let moved = harness.get_by_label("Set").rect().top() - place.top();
            assert!(moved.abs() < 1.0, "{width}: by {moved}");
        }
    }
}

/// What is in the way may go while the keyboard is on what sends all the same.
#[test]
fn what_sends_keeps_the_keyboard() {
    let mut data = Model::default().compose_data();
    data.obstacle = Some(crate::model::Obstacle {
        words: "A call is going on.".to_owned(),
        can_send_anyway: true,
    });
    let data = std::cell::RefCell::new(data);
    let mut harness = harness(|ui, actions| {
        compose_ui(ui, &data.borrow(), &Folds::default(), actions);
    });
    harness.get_by_label("Send").focus();
    harness.run();
    let send = harness.get_by_label("Send");
    assert!(send.accesskit_node().is_focused() && send.accesskit_node().is_disabled());
    harness.key_press(egui::Key::Enter);
    harness.run();
    assert_eq!(harness.state(), &[], "it is blocked");
    harness.get_by_label("Send anyway").focus();
    harness.run();
    data.borrow_mut().outcome = Some(SendOutcome::Sending);
    harness.run();
    let anyway = harness.get_by_label("Send anyway");
    let anyway = anyway.accesskit_node();
    assert!(anyway.is_focused() && anyway.is_disabled());
    data.borrow_mut().outcome = None;
    data.borrow_mut().obstacle = None;
    harness.run();
    assert!(harness.get_by_label("Send").accesskit_node().is_focused());
}

#[test]
fn any_message_is_chosen_and_sent_in_either_name() {
    let mut model = Model::default();
    let data = model.compose_data();
    let draw = |ui: &mut egui::Ui, actions: &mut Actions| {
        compose_ui(ui, &data, &Folds::default(), actions);
    };
    check_click(
        draw,
        "Widget → HubSpot",
        &[Action::ChooseSide { by_widget: true }],
    );
    check_click(draw, "JSON", &[Action::WriteAsJson { on: true }]);
    let mut picking = harness(draw);
    picking.get_by_label("Message type DIAL_NUMBER").click();
    picking.run();
    picking.get_by_label("END_CALL").click();
    picking.run();
    let chosen = Action::ChooseType {
        by_widget: false,
        type_name: "END_CALL".to_owned(),
    };
    assert!(picking.state().contains(&chosen), "{:?}", picking.state());
}

#[test]
fn enter_in_the_name_of_a_message_saves_it() {
    let data = Model::default().compose_data();
    let folds = Folds::from([(
        crate::action::Fold::Section {
            title: "Saved messages".to_owned(),
        },
        true,
    )]);
    let mut harness = harness(|ui, actions| compose_ui(ui, &data, &folds, actions));
    let field = "Name of the saved message";
    harness.get_by_label(field).focus();
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
    assert_eq!(harness.state(), &[Action::SaveSnippet]);
    let field = harness.get_by_label(field);
    assert!(field.accesskit_node().is_focused());
}

#[test]
fn messages_are_kept_used_renamed_and_removed() {
    let mut model = Model::default();
    let kept = |model: &mut Model| model.compose_data().snippets;
    let name = |name: &str| Action::NameSnippet {
        name: name.to_owned(),
    };
    model.perform(name("Dial Ada"));
    model.perform(Action::SetDraftField {
        field: "data.phoneNumber".to_owned(),
        value: "1".to_owned(),
    });
    let stored = model.perform(Action::SaveSnippet);
    assert_eq!(stored.len(), 1, "it is stored");
    model.perform(name(""));
    model.perform(Action::ResetDraft);
    model.perform(Action::SaveSnippet);
    assert_eq!(kept(&mut model).names, ["Dial Ada", "DIAL_NUMBER"]);

    // Opening it restores its fields and its name.
    let data = model.compose_data();
    let folds = Folds::from([(
        crate::action::Fold::Section {
            title: "Saved messages".to_owned(),
        },
        true,
    )]);
    let draw = |ui: &mut egui::Ui, actions: &mut Actions| compose_ui(ui, &data, &folds, actions);
    let open = Action::UseSnippet {
        index: 0,
        name: "Dial Ada".to_owned(),
    };
    check_click(draw, "Dial Ada", std::slice::from_ref(&open));
    model.perform(open);
    assert!(
        model
            .compose_data()
            .preview
            .contains("\"phoneNumber\": \"1\"")
    );
    assert_eq!(kept(&mut model).name, "Dial Ada");
    model.perform(name("DIAL_NUMBER"));
    model.perform(Action::RenameSnippet);
    assert_eq!(kept(&mut model).names[0], "Dial Ada", "that name is taken");
    model.perform(name("Dial Bob"));
    model.perform(Action::RenameSnippet);
    assert_eq!(kept(&mut model).names, ["Dial Bob", "DIAL_NUMBER"]);
    model.perform(Action::RemoveSnippet {
        index: 0,
        name: "Dial Bob".to_owned(),
    });
    assert_eq!(kept(&mut model).names, ["DIAL_NUMBER"]);
    for index in 0..60 {
        model.perform(name(&index.to_string()));
        model.perform(Action::SaveSnippet);
    }
    assert_eq!(kept(&mut model).names.len(), 50);
}
