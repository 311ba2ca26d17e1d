//! The model as a whole: events go in, text comes out.

use std::fmt::Write as _;

use callscope_bus::{
    DocumentId, FromPanel, Outcome, Record, RecorderInfo, RecorderStatus, SettingText, ToPanel,
    encode,
};
use callscope_protocol::Millis;
use callscope_session_log::write_fact;
use expect_test::{Expect, expect};

use super::connection::tests::info;
use super::testing::{START, facts};
use super::*;
use crate::action::{Action, ExportChoice, Move};
use crate::event::{Effect, Event, Page, WindowEvent};

mod clearing;
mod exporting;
mod resets;
mod selection;
mod truth;

const CALL: &str = r#"
    host   {"type":"SYNC","messageId":"1700000000000_1","hostUrl":"https://app.hubspot.com","portalId":62515}
    host   {"type":"SYNC","messageId":"1700000000000_2","hostUrl":"https://app.hubspot.com","portalId":62515}
    host   {"type":"SYNC","messageId":"1700000000000_3","hostUrl":"https://app.hubspot.com","portalId":62515}
    widget {"type":"SYNC_ACK","messageId":"1700000000000_3","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"1700000000500_1700000000600","data":{"isLoggedIn":true}}
    !host  {"type":"DIAL_NUMBER","messageId":"1700000000000_1700000001000","data":{"phoneNumber":"+1 555 010 0199"}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001010","data":{"toNumber":"+15550100199","externalCallId":"a"}}
"#;

/// A model with a recorder that has sent the messages of `trace`.
fn attached(trace: &str) -> Model {
    let mut model = Model::default();
    model.tick(Millis(START));
    attach(&mut model, info(), false);
    records(&mut model, trace, 0.0);
    model
}

fn attach(model: &mut Model, info: RecorderInfo, reset: bool) {
    model.handle(Event::PortOpened);
    let attached = ToPanel::Attached {
        info,
        reset,
        cleared: None,
    };
    receive(model, &attached);
    let status = RecorderStatus {
        now: START + 100.0,
        recording: true,
        limit: 16 << 20,
        ..RecorderStatus::default()
    };
    receive(model, &ToPanel::Status { status });
}

fn receive(model: &mut Model, message: &ToPanel) -> Vec<Effect> {
    model.handle(Event::Received(encode(message)))
}

fn records(model: &mut Model, trace: &str, delay: f64) {
    let records = records_of(trace, delay);
    receive(model, &ToPanel::Records { records });
}

fn records_of(trace: &str, delay: f64) -> Vec<Record> {
    let mut records = Vec::new();
    for (mut fact, id) in facts(trace).into_iter().zip(1..) {
        if let callscope_protocol::Fact::Message(recorded) = &mut fact {
            recorded.at.0 += delay;
        }
        records.push(Record {
            id,
            line: write_fact(&fact),
        });
    }
    records
}

fn another(recorder: &str) -> RecorderInfo {
    RecorderInfo {
        recorder: DocumentId(recorder.to_owned()),
        ..info()
    }
}

/// The rows of the timeline, as text.
fn timeline(model: &mut Model) -> String {
    let snapshot = Snapshot::new(model, "light");
    let mut text = String::new();
    if let Some(empty) = &snapshot.empty {
        _ = writeln!(
            text,
            "[{}] {} | {}",
            empty.case,
            empty.title,
            empty.actions.join(", ")
        );
    }
    for row in &snapshot.rows {
        let from = row
            .from
            .map_or("-", |from| if from == "host" { "H" } else { "W" });
        let injected = if row.injected { " injected" } else { "" };
        let run = row
            .run
            .as_deref()
            .map(|run| format!(" {run}"))
            .unwrap_or_default();
        _ = writeln!(
            text,
            "{from} {}{run}{injected} {}",
            row.type_name, row.summary
        );
        for finding in &row.findings {
            _ = writeln!(text, "    ! {} {}", finding.code, finding.severity);
        }
    }
    for notice in &snapshot.notices {
        _ = writeln!(text, "({notice})");
    }
    text
}

#[track_caller]
fn check(model: &mut Model, expected: &Expect) {
    expected.assert_eq(&timeline(model));
}

#[test]
fn a_session_arrives() {
    let mut model = attached(CALL);
    check(
        &mut model,
        &expect![[r#"
            H SYNC ×3 in 20 ms https://app.hubspot.com · portal 62515
            W SYNC_ACK 0.9.7-beta.0 · https://localhost:9025
            W INITIALIZED logged in
            H DIAL_NUMBER injected +1 555 010 0199
            W OUTGOING_CALL_STARTED +15550100199 · call a
                ! M09 note
        "#]],
    );
}

#[test]
fn a_run_of_sync_unfolds() {
    let mut model = attached(CALL);
    model.refresh();
    let fold = Fold::Run { id: 1 };
    model.perform(Action::SetUnfolded {
        fold,
        unfolded: true,
    });
    model.perform(Action::SetFilter {
        text: "from:host".to_owned(),
    });
    check(
        &mut model,
        &expect![[r#"
            H SYNC ×3 in 20 ms https://app.hubspot.com · portal 62515
            H SYNC https://app.hubspot.com · portal 62515
            H SYNC https://app.hubspot.com · portal 62515
            H DIAL_NUMBER injected +1 555 010 0199
        "#]],
    );
}

/// Messages are decoded once, and only changed rows are made anew; counted, not timed.
#[test]
fn one_more_message_costs_one_row_however_long_the_session_is() {
    let line = |id: u64| Record {
        id,
        line: format!(
            r#"{{"kind":"frame","seq":{id},"at":{},"from":"host","origin":"https://app.hubspot.com","message":{{"type":"USER_AVAILABLE","messageId":"1_{id}"}}}}"#,
            START + id as f64
        ),
    };
    for count in [10, 2_000] {
        let mut model = attached("");
        let records = (1..=count).map(line).collect();
        receive(&mut model, &ToPanel::Records { records });
        model.refresh_for_drawing(true);
        let before = model.shown().work();
        assert_eq!(before.decoded, count);
        for id in count + 1..=count + 3 {
            let records = vec![line(id)];
            receive(&mut model, &ToPanel::Records { records });
            model.refresh_for_drawing(true);
            model.refresh_for_drawing(true);
        }
        let after = model.shown().work();
        assert_eq!(after.decoded - before.decoded, 3, "{count}");
        assert_eq!(after.placed - before.placed, 3, "{count}");
        model.tick(Millis(START + 60_000.0));
        model.perform(Action::SelectSeq { seq: count });
        assert_eq!(model.selected_seq(), Some(count));
        assert_eq!(model.shown().work().decoded, after.decoded);
    }
}

#[test]
fn the_filter_hides_and_says_how_many() {
    let mut model = attached(CALL);
    model.perform(Action::SetFilter {
        text: "is:injected".to_owned(),
    });
    check(
        &mut model,
        &expect![[r#"
        H DIAL_NUMBER injected +1 555 010 0199
    "#]],
    );
    assert_eq!(model.shown().rows().hidden(), 6);
    // A bad filter leaves the last good one in force.
    model.perform(Action::SetFilter {
        text: "is:bad".to_owned(),
    });
    assert!(model.filter_error.is_some());
    assert_eq!(model.shown().rows().hidden(), 6);
    model.perform(Action::SetFilter {
        text: "nothing".to_owned(),
    });
    check(
        &mut model,
        &expect![[r#"
        [filtered] The filter hides 7 messages | Clear filter
    "#]],
    );
}

#[test]
fn the_selection_moves_over_rows() {
    let mut model = attached(CALL);
    model.perform(Action::MoveSelection { step: Move::First });
    assert_eq!(model.selected_seq(), Some(1));
    assert!(!model.follows);
    model.perform(Action::MoveSelection { step: Move::Next });
    assert_eq!(model.selected_seq(), Some(4));
    model.perform(Action::MoveSelection { step: Move::Last });
    assert_eq!(model.selected_seq(), Some(7));
    assert!(model.follows);
    model.perform(Action::Back);
    assert!(model.detail_data().is_none());
    assert_eq!(model.selected_seq(), Some(7));
    model.perform(Action::Back);
    assert_eq!(model.selected_seq(), None);
}

/// Neither a view with something open nor one with nothing open is left for another one.
#[test]
fn going_back_stays_in_the_view() {
    for view in View::ALL {
        let mut model = attached(CALL);
        model.perform(Action::ShowView { view });
        model.perform(Action::Back);
        assert_eq!(model.view, view);
        assert!(!model.can_go_back(), "{view:?}");
        let id = model.shown().id_of(4).unwrap();
        model.perform(Action::Select { id });
        for _ in 0..9 {
            let can = model.can_go_back();
            model.perform(Action::Back);
            assert_eq!(model.view, view);
            assert!(can || !model.can_go_back(), "{view:?}");
        }
        assert!(!model.can_go_back(), "{view:?}");
        // What the view does not show is not taken back in it.
        assert_eq!(model.selected.is_some(), !view.has_detail(), "{view:?}");
    }
}

#[test]
fn a_finding_leads_to_its_message_even_if_a_filter_hides_it() {
    let mut model = attached(CALL);
    model.perform(Action::SetFilter {
        text: "is:injected".to_owned(),
    });
    model.perform(Action::ShowView {
        view: View::Compose,
    });
    model.perform(Action::SelectSeq { seq: 4 });
    assert_eq!(model.view, View::Timeline);
    assert_eq!(model.selected_seq(), Some(4));
    assert_eq!(model.filter_text, "");
    assert!(model.selected_row().is_some());
}

#[test]
fn progress_is_that_of_the_snapshot() {
    let mut model = attached(CALL);
    let snapshot = Snapshot::new(&mut model, "light");
    let messages = snapshot.rows.iter().filter(|row| row.kind == "message");
    let expected = Progress {
        last_at: messages.map(|row| row.at).next_back(),
        follows: snapshot.follows,
        selected: None,
        status: snapshot.status.clone(),
    };
    assert_eq!(expected.status.messages, 7);
    assert!(expected.last_at.is_some());
    assert_eq!(Progress::new(&model), expected);
}

#[test]
fn a_calling_window_is_a_second_source_of_the_session() {
    let tab = Tab::calling_window(9);
    let happens = |model: &mut Model, what| model.handle(Event::Window { tab, what });
    let hears = |model: &mut Model, message: &ToPanel| {
        model.handle(Event::Window {
            tab,
            what: WindowEvent::Received(encode(message)),
        })
    };
    let mut model = attached(CALL);
    let effects = happens(&mut model, WindowEvent::PortOpened);
    let all = FromPanel::Subscribe { since: None };
    assert_eq!(effects[0], Effect::SendTo(tab, all.clone()));
    let begins = |model: &mut Model| {
        let attached = ToPanel::Attached {
            info: another("w1"),
            reset: true,
            cleared: None,
        };
        hears(model, &attached);
        let records = records_of(CALL, 5000.0);
        hears(model, &ToPanel::Records { records });
    };
    begins(&mut model);
    let states = |model: &mut Model| -> Vec<Vec<String>> {
        let shown = Snapshot::new(model, "light").conversations;
        shown.into_iter().map(|it| it.states).collect()
    };
    assert_eq!(states(&mut model).len(), 2);

    // Settings for all are sent to both; what concerns one is sent only to it.
    let pause = FromPanel::SetRecording { on: false };
    assert_eq!(
        model.perform(Action::SetRecording { on: false }),
        [Effect::Send(pause.clone()), Effect::SendTo(tab, pause)]
    );
    model.perform(Action::ChooseTarget { conversation: 2 });
    model.perform(Action::SetDraftField {
        field: "data.phoneNumber".to_owned(),
        value: "1".to_owned(),
    });
    let effects = model.perform(Action::SendDraft { anyway: true });
    assert!(
        matches!(
            &effects[..],
            [Effect::SendTo(to, FromPanel::Inject { conversation: 1, .. })] if *to == tab
        ),
        "{effects:?}"
    );

    // A new page begins a new session, and the window sends its messages again.
    model.handle(Event::PortClosed);
    model.handle(Event::PortOpened);
    let attached = ToPanel::Attached {
        info: another("r2"),
        reset: true,
        cleared: None,
    };
    let effects = receive(&mut model, &attached);
    assert!(effects.contains(&Effect::SendTo(tab, all)), "{effects:?}");
    assert_eq!(states(&mut model).len(), 0);
    begins(&mut model);
    happens(&mut model, WindowEvent::Closed);
    assert_eq!(states(&mut model), [["Calling window closed"]]);
}

#[test]
fn another_page_starts_anew_unless_the_log_is_preserved() {
    let mut model = attached(CALL);
    model.handle(Event::PortClosed);
    attach(&mut model, another("r2"), true);
    check(
        &mut model,
        &expect![[r#"
        [no-iframe] No widget yet | 
    "#]],
    );

    let mut model = attached(CALL);
    model.perform(Action::SetPreserveLog { on: true });
    model.handle(Event::PortClosed);
    attach(&mut model, another("r2"), true);
    records(&mut model, CALL, 5000.0);
    let snapshot = Snapshot::new(&mut model, "light");
    assert_eq!(snapshot.status.messages, 14);
    let conversations: Vec<u32> = snapshot.conversations.iter().map(|it| it.id).collect();
    assert_eq!(conversations, [1, 2]);
    // The message goes to the second one, which its recorder calls the first.
    model.perform(Action::SetDraftField {
        field: "data.phoneNumber".to_owned(),
        value: "1".to_owned(),
    });
    let effects = model.perform(Action::SendDraft { anyway: true });
    assert!(
        matches!(
            &effects[..],
            [Effect::Send(FromPanel::Inject {
                conversation: 1,
                ..
            })]
        ),
        "{effects:?}"
    );
}

#[test]
fn a_reloaded_page_continues_the_conversation_before_if_that_is_certain() {
    let start = |id: u32, widget: &str| Record {
        id: u64::from(id),
        line: format!(
            r#"{{"kind":"conversation","conversation":{id},"at":{START},"hostOrigin":"https://app.hubspot.com","widgetOrigin":"https://{widget}"}}"#
        ),
    };
    let recorded = |id: u64| Record {
        id,
        line: format!(
            r#"{{"kind":"frame","seq":{id},"at":{START},"from":"host","origin":"https://app.hubspot.com","message":{{"type":"SYNC","messageId":"1_1"}}}}"#
        ),
    };
    let second_page = |first: Vec<Record>, second: Vec<Record>| -> Vec<Option<u32>> {
        let mut model = attached("");
        model.perform(Action::SetPreserveLog { on: true });
        receive(&mut model, &ToPanel::Records { records: first });
        model.handle(Event::PortClosed);
        attach(&mut model, another("r2"), true);
        receive(&mut model, &ToPanel::Records { records: second });
        let session = model.shown().session();
        let continues = session.conversations().map(|it| Some(it.continues?.0));
        continues.collect()
    };
    let first = || vec![start(1, "a"), recorded(2)];
    assert_eq!(second_page(first(), vec![start(1, "a")]), [None, Some(1)]);
    assert_eq!(second_page(first(), vec![start(1, "b")]), [None, None]);
    let two = vec![start(1, "a"), start(2, "a"), recorded(3)];
    assert_eq!(second_page(two, vec![start(1, "a")]), [None, None, None]);
}

#[test]
fn overrides_are_read_from_a_new_page_whoever_tells_of_it_first() {
    let asks = |effects: &[Effect]| {
        let is_asking = |it: &Effect| matches!(it, Effect::Send(FromPanel::ReadSettings { .. }));
        effects.iter().any(is_asking)
    };
    let mut model = attached(CALL);
    assert!(!asks(&model.handle(Event::Navigated)));
    assert!(asks(&model.perform(Action::ShowView {
        view: View::Overrides
    })));
    assert!(asks(&model.handle(Event::Navigated)));
    model.handle(Event::PortClosed);
    assert!(!asks(&model.handle(Event::Navigated)));
    let message = ToPanel::Attached {
        info: another("r2"),
        reset: true,
        cleared: None,
    };
    assert!(asks(&model.handle(Event::Received(encode(&message)))));
}

#[test]
fn a_port_that_comes_back_asks_for_the_rest_only() {
    let mut model = attached(CALL);
    model.handle(Event::PortClosed);
    let effects = model.handle(Event::PortOpened);
    let since = Some((info().recorder, 7));
    assert_eq!(effects, [Effect::Send(FromPanel::Subscribe { since })]);
    attach(&mut model, info(), false);
    assert_eq!(model.shown().session().message_count(), 7);
    // After a reset, everything is sent again.
    attach(&mut model, info(), true);
    assert_eq!(model.shown().session().message_count(), 0);
    records(&mut model, CALL, 0.0);
    assert_eq!(model.shown().session().message_count(), 7);
}

#[test]
fn silence_is_counted_while_it_happens() {
    let mut model =
        attached(r#"host {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}"#);
    assert!(model.bar_data().unwrap().trouble.is_none());
    assert!(model.tick(Millis(START + 2500.0)).is_some());
    let trouble = model.bar_data().unwrap().trouble.unwrap();
    assert_eq!(trouble.what, "SYNC unanswered for 2 s (1 sent).");
}

#[test]
fn an_unanswered_dial_is_said_until_it_is_answered() {
    let (dial, answer) = CALL.rsplit_once("    widget ").unwrap();
    let mut model = attached(dial);
    let trouble = |model: &Model| Some(model.bar_data()?.trouble?.what);
    let row = |model: &mut Model| {
        let rows = Snapshot::new(model, "light").rows;
        let dial = rows.into_iter().find(|it| it.type_name == "DIAL_NUMBER");
        dial.unwrap().summary
    };
    model.tick(Millis(START + 1_900.0));
    assert_eq!(trouble(&model), None);
    assert_eq!(row(&mut model), "+1 555 010 0199");
    // The recorder's clock is 100 ms ahead, and the message passed at 50 ms.
    assert!(model.tick(Millis(START + 1_960.0)).is_some());
    assert_eq!(
        trouble(&model).as_deref(),
        Some("DIAL_NUMBER unanswered for 2 s: the widget has not reported a call.")
    );
    assert_eq!(
        row(&mut model),
        "no answer from the widget for 2 s · +1 555 010 0199"
    );
    let mut answers = records_of(&format!("widget {answer}"), 2_100.0);
    answers[0].id = 20;
    receive(&mut model, &ToPanel::Records { records: answers });
    assert_eq!(trouble(&model), None);
    assert_eq!(row(&mut model), "+1 555 010 0199");
}

#[test]
fn what_could_not_be_opened_is_said_until_it_is_opened() {
    let mut model = attached(CALL);
    let open = |model: &mut Model, name: &str, text: &str| {
        model.perform(Action::ImportText {
            name: name.to_owned(),
            text: text.to_owned(),
        });
        let texts = model.notices.iter().map(|it| it.text.clone());
        let names = texts.map(|text| {
            let rest = text.strip_prefix("Could not open ").unwrap();
            rest.split_once(": ").unwrap().0.to_owned()
        });
        names.collect::<Vec<_>>()
    };
    assert_eq!(open(&mut model, "first", "{}"), ["first"]);
    assert_eq!(open(&mut model, "second", "{}"), ["first", "second"]);
    assert_eq!(open(&mut model, "first", "{}"), ["second", "first"]);
    let good = super::testing::log(&super::testing::source(CALL));
    assert_eq!(open(&mut model, "third", &good), ["second", "first"]);
    assert_eq!(open(&mut model, "first", &good), ["second"]);
}

#[test]
fn the_bar_points_to_the_eye_until_that_is_on() {
    let dial = CALL.rsplit_once("    widget ").unwrap().0;
    let mut model = attached(dial);
    model.tick(Millis(START + 2_000.0));
    let fix = |model: &Model| model.bar_data().unwrap().trouble.unwrap().fix;
    let eye = " If it does, the eye above tells what fails in the widget's page.";
    assert!(fix(&model).ends_with(eye), "{}", fix(&model));
    let conversation = model.shown().session().conversations().next().unwrap();
    let origins = vec![conversation.widget_origin.clone().unwrap()];
    model.handle(Event::SeesInside {
        origins,
        failure: None,
    });
    assert!(!fix(&model).contains("eye"), "{}", fix(&model));
}

#[test]
fn the_bar_names_an_error_that_may_be_why() {
    let mut model = attached(
        r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025/phone.html"}
        "#,
    );
    model.tick(Millis(START + 3_000.0));
    let fix = model.bar_data().unwrap().trouble.unwrap().fix;
    expect!["Call extensions.initialized({ isLoggedIn: … }) in onReady. First mend the error on 2 SYNC_ACK."].assert_eq(&fix);
}

#[test]
fn a_bad_import_names_the_line_and_changes_nothing() {
    let mut model = attached(CALL);
    let before = timeline(&mut model);
    let header = r#"{"kind":"header","format":"callscope-session","version":1}"#;
    for (text, expected) in [
        ("", "the log is empty"),
        ("hello", "line 1"),
        (&format!("{header}\n{{\"kind\":\"frame\"}}\n"), "line 2"),
        (
            &format!("{header}\n[\n{{\"kind\":\"end\",\"at\":1}}\n"),
            "line 2",
        ),
    ] {
        model.perform(Action::ImportText {
            name: "x".to_owned(),
            text: text.to_owned(),
        });
        let notice = model.notices.iter().last().unwrap().clone();
        assert!(notice.text.contains(expected), "{}", notice.text);
        assert!(
            notice.text.ends_with("Nothing was changed"),
            "{}",
            notice.text
        );
        model.perform(Action::DismissNotice { id: notice.id });
        assert_eq!(timeline(&mut model), before);
    }
}

#[test]
fn an_export_imports_to_the_same_rows_and_findings() {
    let mut model = attached(CALL);
    let before = timeline(&mut model);
    let text = model.export_text();
    model.perform(Action::ImportText {
        name: "mine".to_owned(),
        text,
    });
    assert_eq!(timeline(&mut model), before);
    assert!(model.imported.is_some());
    assert!(
        model
            .compose_data()
            .obstacle
            .is_some_and(|it| !it.can_send_anyway)
    );
    model.perform(Action::BackToLive);
    assert_eq!(timeline(&mut model), before);
}

#[test]
fn sending_is_answered() {
    let mut model = attached(CALL);
    let effects = model.perform(Action::SendDraft { anyway: true });
    let [
        Effect::Send(FromPanel::Inject {
            request,
            conversation: 1,
            by_widget: false,
            message,
        }),
    ] = &effects[..]
    else {
        panic!("{effects:?}");
    };
    assert!(
        message.starts_with(r#"{"type":"DIAL_NUMBER","messageId":"1700000000000_"#),
        "{message}"
    );
    let outcome = Outcome::Failed {
        reason: "No".to_owned(),
    };
    receive(
        &mut model,
        &ToPanel::Done {
            request: *request,
            outcome,
        },
    );
    assert_eq!(
        model.compose_data().outcome,
        Some(SendOutcome::Failed {
            reason: "No".to_owned()
        })
    );
}

#[test]
fn a_message_has_an_id_of_the_page_that_it_is_posted_to() {
    let next = CALL
        .replace("1700000000000_", "1700000009000_")
        .replace("1700000000500_", "1700000009500_");
    for (by_widget, instance) in [(false, "1700000009000_"), (true, "1700000009500_")] {
        for is_json in [false, true] {
            let mut model = attached(CALL);
            model.perform(Action::ChooseSide { by_widget });
            model.perform(Action::WriteAsJson { on: is_json });
            let text = model.compose_data().preview;
            if is_json {
                model.perform(Action::SetDraftText { text });
            }
            assert!(!model.compose_data().preview.contains(instance));
            model.handle(Event::PortClosed);
            model.handle(Event::Navigated);
            attach(&mut model, another("r2"), true);
            records(&mut model, &next, 10_000.0);
            let effects = model.perform(Action::SendDraft { anyway: true });
            let [Effect::Send(FromPanel::Inject { message, .. })] = &effects[..] else {
                panic!("{effects:?}");
            };
            assert!(message.contains(instance), "{message}");
        }
    }
}

#[test]
fn overrides_are_read_written_and_undone() {
    let key = "LocalSettings:Calling:CallingExtensions";
    let mut model = attached(CALL);
    let effects = model.perform(Action::ShowView {
        view: View::Overrides,
    });
    let [Effect::Send(FromPanel::ReadSettings { request, keys })] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(keys.len(), 3);
    let settings = keys
        .iter()
        .map(|key| SettingText {
            key: key.clone(),
            value: None,
        })
        .collect();
    let outcome = Outcome::Settings { settings };
    receive(
        &mut model,
        &ToPanel::Done {
            request: *request,
            outcome,
        },
    );

    model.perform(Action::SetOverrideField {
        field: "url".to_owned(),
        value: "ftp://x".to_owned(),
    });
    assert_eq!(model.perform(Action::SetOverride), []);
    assert!(matches!(
        model.overrides_data().outcome,
        Some(WriteOutcome::Failed { .. })
    ));
    model.perform(Action::SetOverrideField {
        field: "url".to_owned(),
        value: "https://x".to_owned(),
    });
    let effects = model.perform(Action::SetOverride);
    let [Effect::Send(FromPanel::WriteSetting { request, setting })] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(setting.key, key);
    receive(
        &mut model,
        &ToPanel::Done {
            request: *request,
            outcome: Outcome::Ok,
        },
    );
    let data = model.overrides_data();
    assert!(matches!(&data.keys[0].state, KeyState::Set(value) if value.contains("https://x")));
    assert!(matches!(
        data.outcome,
        Some(WriteOutcome::Done { before: None, .. })
    ));
    let [change] = &data.changes[..] else {
        panic!("{:#?}", data.changes);
    };
    assert_eq!(
        (change.change.key.as_str(), change.can_restore),
        (key, true)
    );

    // It is also an answer if the page leaves before it answers.
    model.perform(Action::ClearOverride {
        key: key.to_owned(),
    });
    model.handle(Event::PortClosed);
    assert!(matches!(
        model.overrides_data().outcome,
        Some(WriteOutcome::Failed { .. })
    ));
}

#[test]
fn another_build_of_the_extension_is_noticed() {
    let mut model = attached(CALL);
    let text = encode(&ToPanel::Status {
        status: RecorderStatus::default(),
    });
    let (_, body) = text.split_once('\n').unwrap();
    let text = format!("callscope 999999\n{body}");
    model.handle(Event::Received(text));
    assert!(matches!(model.connection, Connection::Outdated(_)));
    // Learning about the page does not hide it.
    model.handle(Event::Page(Page::default()));
    assert!(matches!(model.connection, Connection::Outdated(_)));
}

#[test]
fn every_action_has_words_and_survives_json() {
    let actions = [
        r#"{"do":"set-recording","on":false}"#,
        r#"{"do":"clear"}"#,
        r#"{"do":"show-view","view":"findings"}"#,
        r#"{"do":"set-filter","text":"x"}"#,
        r#"{"do":"select-seq","seq":3}"#,
        r#"{"do":"move-selection","step":"page-down"}"#,
        r#"{"do":"set-unfolded","fold":{"what":"run","id":1},"unfolded":true}"#,
        r#"{"do":"import-text","name":"a","text":"b"}"#,
        r#"{"do":"set-draft-field","field":"phoneNumber","value":"1"}"#,
        r#"{"do":"send-draft","anyway":true}"#,
        r#"{"do":"restore-override","key":"a","value":null}"#,
        r#"{"do":"permit-origin","origin":"https://x"}"#,
    ];
    for text in actions {
        let action: Action = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&action).unwrap(), text);
        assert!(!action.label().is_empty() && !action.tooltip().is_empty());
    }
}

/// The number of the only report requested in these effects.
fn asked(effects: &[Effect]) -> Option<u32> {
    let asked: Vec<u32> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send(FromPanel::Report { request }) => Some(*request),
            _ => None,
        })
        .collect();
    assert!(asked.len() < 2, "{effects:?}");
    asked.first().copied()
}

fn answer(model: &mut Model, request: u32, now: f64) -> Vec<Effect> {
    let status = RecorderStatus {
        now,
        ..model.status.clone().unwrap()
    };
    receive(model, &ToPanel::Status { status });
    let outcome = Outcome::Ok;
    receive(model, &ToPanel::Done { request, outcome })
}

/// What follows from silence is shown without waiting for a message, but not before the recorder
/// was heard from.
#[test]
fn silence_is_spoken_of_once_the_recorder_was_asked() {
    let mut model = attached(
        r#"host {"type":"SYNC","messageId":"1700000000000_1","hostUrl":"https://app.hubspot.com"}"#,
    );
    let has_given_up = |model: &Model| {
        let mut findings = model.shown().session().findings().iter();
        findings.any(|it| it.rule.code == "T13")
    };
    // The panel's own time goes on by itself.
    let mut at = START;
    let mut request = None;
    while request.is_none() && at < START + 60_000.0 {
        let next = model.tick(Millis(at)).unwrap();
        request = asked(&model.take_due());
        at += next;
    }
    let bar = model.bar_data().unwrap();
    assert!(bar.states[0].1.contains(" s"), "{:?}", bar.states);
    assert!(!has_given_up(&model));

    // A recorder that does not answer is not asked twice, and nothing is concluded.
    at += 5_000.0;
    model.tick(Millis(at));
    assert_eq!(asked(&model.take_due()), None);
    assert!(!has_given_up(&model));

    answer(&mut model, request.unwrap(), at + 100.0);
    model.tick(Millis(at));
    assert!(has_given_up(&model));
}

#[test]
fn an_export_waits_for_what_is_still_coming() {
    let saved = |effects: &[Effect]| match effects {
        [Effect::Save { text, .. }] => Some(text.matches(r#""kind":"frame""#).count()),
        _ => None,
    };
    let mut model = attached("");
    let choice = ExportChoice {
        redacted: false,
        ..ExportChoice::default()
    };
    model.perform(Action::ChooseExport { choice });
    let request = asked(&model.perform(Action::SaveExport)).unwrap();
    // The user clicks twice.
    assert_eq!(model.perform(Action::SaveExport), []);
    records(&mut model, CALL, 0.0);
    assert_eq!(model.take_due(), []);
    assert_eq!(saved(&answer(&mut model, request, START + 200.0)), Some(7));

    // The page leaves before it answers.
    asked(&model.perform(Action::SaveExport)).unwrap();
    assert_eq!(saved(&model.handle(Event::PortClosed)), Some(7));

    // It never answers: what there is gets saved, and the user is told that it may not be all.
    attach(&mut model, info(), false);
    asked(&model.perform(Action::SaveExport)).unwrap();
    let at = model.now.0 + model.tick(model.now).unwrap();
    model.tick(Millis(at));
    let mut effects = model.take_due();
    let mut late = at;
    while effects.is_empty() && late < at + 60_000.0 {
        late += model.tick(Millis(late)).unwrap();
        model.tick(Millis(late));
        effects = model.take_due();
    }
    assert_eq!(saved(&effects), Some(7));
    let notices: Vec<&str> = model.notices.iter().map(|it| it.text.as_str()).collect();
    assert!(
        notices
            .iter()
            .any(|it| it.contains("the rest is not in the file")),
        "{notices:?}"
    );
    assert_eq!(model.take_due(), []);
}

#[test]
fn what_went_with_a_discarded_page_is_said_once() {
    let mut model = Model::default();
    model.tick(Millis(START));
    let discarded = RecorderInfo {
        was_discarded: true,
        ..info()
    };
    attach(&mut model, discarded.clone(), false);
    attach(&mut model, discarded, false);
    let said = |model: &Model| {
        let notices = model.notices.iter();
        notices
            .filter(|it| it.text.contains("to save memory"))
            .count()
    };
    assert_eq!(said(&model), 1);
    assert_eq!(said(&attached(CALL)), 0);
}

#[test]
fn a_pause_while_nobody_hears_it_is_told_to_whoever_answers_next() {
    let mut model = attached(CALL);
    let pause = FromPanel::SetRecording { on: false };
    let told = |effects: Vec<Effect>| effects.contains(&Effect::Send(pause.clone()));
    model.handle(Event::PortClosed);
    model.perform(Action::SetRecording { on: false });
    model.handle(Event::PortOpened);
    let answers = |recorder| ToPanel::Attached {
        info: another(recorder),
        reset: true,
        cleared: None,
    };
    assert!(told(receive(&mut model, &answers("r2"))));
    // The next page knows nothing of it, as ever.
    assert!(!told(receive(&mut model, &answers("r3"))));
}

#[test]
fn an_export_in_the_middle_of_messages_says_that_more_are_coming() {
    let mut model = attached("");
    let choice = ExportChoice {
        redacted: false,
        ..ExportChoice::default()
    };
    model.perform(Action::Export);
    model.perform(Action::ChooseExport { choice });
    assert_eq!(model.export_data().unwrap().grown, 0);
    records(&mut model, CALL, 0.0);
    // What the sheet said when it was opened is not what will be in the file.
    assert_eq!(model.export_data().unwrap().grown, 7);
    let said = |model: &mut Model| {
        let request = asked(&model.perform(Action::SaveExport)).unwrap();
        let now = model.now.0;
        answer(model, request, now + 100.0);
        let notices: Vec<&str> = model.notices.iter().map(|it| it.text.as_str()).collect();
        notices.join("; ")
    };
    let during = said(&mut model);
    assert!(
        during.contains("Messages are still coming: the last one in the file is of"),
        "{during}"
    );
    let at = Millis(START + 5_000.0);
    model.tick(at);
    model.notices = Notices::default();
    let after = said(&mut model);
    assert!(
        after.contains("Download started") && !after.contains("still coming"),
        "{after}"
    );
}

#[test]
fn the_next_finding_may_be_that_of_a_gap() {
    let mut model = attached(CALL);
    let gap = write_fact(&callscope_protocol::Fact::Gap(callscope_protocol::Gap {
        at: Millis(START + 25.0),
        conversation: None,
        why: callscope_protocol::GapReason::BufferFull,
        lost: Some(3),
    }));
    let records = vec![Record { id: 20, line: gap }];
    receive(&mut model, &ToPanel::Records { records });
    model.refresh();
    let mut seen = Vec::new();
    for _ in 0..3 {
        model.perform(Action::MoveToFinding { backwards: false });
        let (_, placed) = model.shown().find(model.selected.unwrap()).unwrap();
        seen.push(placed.message().is_none());
    }
    assert!(seen.contains(&true), "{seen:?}");
    model.perform(Action::MuteRule {
        code: "X02".to_owned(),
        always: false,
    });
    model.refresh();
    for _ in 0..3 {
        model.perform(Action::MoveToFinding { backwards: false });
        let (_, placed) = model.shown().find(model.selected.unwrap()).unwrap();
        assert!(placed.message().is_some());
    }
}

/// A filter neither makes new messages old nor old ones new.
#[test]
fn a_sorted_list_counts_what_is_new_in_it_whatever_the_filter() {
    let mut model = attached(CALL);
    model.refresh();
    let sort = Some(crate::action::Sort {
        column: crate::action::Column::Type,
        is_descending: false,
    });
    model.perform(Action::Sort { sort });
    assert_eq!(model.new_since_sorted(), Some(0));
    let mut records = records_of(
        r#"
        widget {"type":"CALL_ANSWERED","messageId":"18_1","data":{"externalCallId":"a"}}
        widget {"type":"CALL_ENDED","messageId":"18_2","data":{"externalCallId":"a"}}
        "#,
        1_000.0,
    );
    for record in &mut records {
        record.id += 100;
    }
    receive(&mut model, &ToPanel::Records { records });
    for (filter, new) in [
        ("", 2),
        ("type:CALL_ENDED", 1),
        ("type:SYNC", 0),
        ("from:widget", 2),
        ("", 2),
    ] {
        let text = filter.to_owned();
        model.perform(Action::SetFilter { text });
        model.refresh();
        assert_eq!(model.new_since_sorted(), Some(new), "{filter}");
    }
    model.perform(Action::Sort { sort });
    assert_eq!(model.new_since_sorted(), Some(0));
}

#[test]
fn what_a_filter_hid_is_shown_and_the_filter_can_be_had_again() {
    let mut model = attached(CALL);
    let text = "type:SYNC".to_owned();
    model.perform(Action::SetFilter { text: text.clone() });
    model.perform(Action::SelectSeq { seq: 5 });
    assert_eq!(
        (model.filter_text.as_str(), model.selected_seq()),
        ("", Some(5))
    );
    let again = model.notices.iter().next().unwrap().action.clone();
    assert_eq!(again, Some(Action::SetFilter { text }));
}

#[test]
fn an_export_that_waits_is_of_the_session_for_which_it_was_asked() {
    let mut model = attached(CALL);
    let choice = ExportChoice {
        redacted: false,
        ..ExportChoice::default()
    };
    model.perform(Action::Export);
    model.perform(Action::ChooseExport { choice });
    assert!(!model.export_data().unwrap().is_waiting);
    let request = asked(&model.perform(Action::SaveExport)).unwrap();
    assert!(model.export_data().unwrap().is_waiting);
    let name = "other".to_owned();
    let text = super::testing::log(&super::testing::source(
        r#"host {"type":"SYNC","messageId":"1_1","hostUrl":"https://app.hubspot.com"}"#,
    ));
    model.perform(Action::ImportText { name, text });
    assert_eq!(model.shown().session().message_count(), 1);
    let effects = answer(&mut model, request, START + 200.0);
    let [Effect::Save { text, .. }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(text.matches(r#""kind":"frame""#).count(), 7);
    assert_eq!(model.shown().session().message_count(), 1);
}

#[test]
fn the_live_session_is_not_paused_from_a_saved_one() {
    let mut model = attached(CALL);
    assert_eq!(model.recording(), Some(true));
    let mut gone = attached(CALL);
    gone.handle(Event::Page(Page {
        origin: None,
        permitted: false,
    }));
    assert_eq!(gone.recording(), None, "nobody is there to pause");
    let name = "other".to_owned();
    let text = super::testing::log(&super::testing::source(CALL));
    model.perform(Action::ImportText { name, text });
    assert_eq!(model.recording(), None);
    let groups = crate::commands::groups(&model);
    let mut commands = groups.iter().flat_map(|it| &it.commands);
    assert!(!commands.any(|it| matches!(it.action, Action::SetRecording { .. })));
}

#[test]
fn what_the_page_went_away_from_is_still_said_on_the_next_one() {
    let mut model = attached(CALL);
    let field = "data.phoneNumber".to_owned();
    let value = "+15550100".to_owned();
    model.perform(Action::ChooseType {
        by_widget: false,
        type_name: "DIAL_NUMBER".to_owned(),
    });
    model.perform(Action::SetDraftField { field, value });
    assert_ne!(model.perform(Action::SendDraft { anyway: true }), []);
    let view = View::Overrides;
    model.perform(Action::ShowView { view });
    let key = super::overrides::KEYS[0].key.to_owned();
    model.perform(Action::ClearOverride { key });
    model.handle(Event::PortClosed);
    model.handle(Event::Navigated);
    attach(&mut model, another("r2"), true);
    let sent = model.compose_data().outcome;
    assert!(matches!(sent, Some(SendOutcome::Failed { .. })), "{sent:?}");
    let written = model.overrides_data().outcome;
    assert!(
        matches!(written, Some(WriteOutcome::Failed { .. })),
        "{written:?}"
    );

    // Reading them is done anew by itself.
    model.perform(Action::ReadOverrides);
    model.handle(Event::PortClosed);
    attach(&mut model, another("r3"), true);
    assert_eq!(model.overrides_data().outcome, None);
}

#[test]
fn what_is_asked_before_the_rows_are_brought_in_step_is_not_kept() {
    let trace = format!(
        "{CALL}\n{}",
        r#"widget {"type":"NO_SUCH_TYPE","messageId":"1700000000500_1700000001020"}"#
    );
    let mut model = attached(&trace);
    model.refresh();
    let before = model.finding_counts();
    assert!(before.total() > 0);
    for (action, after) in [(Action::Clear, 0), (Action::UndoClear, before.total())] {
        model.perform(action);
        // The announcer asks, before anything is drawn.
        let now = model.now;
        model.tick(now);
        model.refresh();
        assert_eq!(model.finding_counts().total(), after);
        assert_eq!(model.shown().findings().count(), after);
    }
}

/// The next page's call 1 is another one, and the list is not to wait for it.
#[test]
fn a_call_is_followed_as_long_as_its_session_is_there() {
    for preserve in [false, true] {
        let mut model = attached(CALL);
        model.perform(Action::SetPreserveLog { on: preserve });
        model.perform(Action::SetFilter {
            text: "from:widget".to_owned(),
        });
        model.perform(Action::FollowCall {
            conversation: 1,
            call: 1,
        });
        attach(&mut model, another("next"), true);
        let (filter, is_followed) = if preserve {
            ("call:1", true)
        } else {
            ("from:widget", false)
        };
        assert_eq!(model.filter_text, filter);
        assert_eq!(model.followed().is_some(), is_followed);
        // What is typed is a filter like any other.
        model.perform(Action::SetFilter {
            text: "call:1".to_owned(),
        });
        attach(&mut model, another("third"), true);
        assert_eq!(model.filter_text, "call:1");
    }
}
