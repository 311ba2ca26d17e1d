//! The user clears the list, and undoes it.

use super::*;
use crate::model::testing::{log, source};
use callscope_session_log::{Log, Session};

/// A widget whose user is logged in, available, and in a call.
const BEFORE: &str = r#"
    host   {"type":"SYNC","messageId":"1700000000000_1","hostUrl":"https://app.hubspot.com","portalId":62515}
    widget {"type":"SYNC_ACK","messageId":"1700000000000_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"1700000000500_1700000000600","data":{"isLoggedIn":true}}
    widget {"type":"USER_AVAILABLE","messageId":"1700000000500_1700000000601"}
    widget {"type":"NO_SUCH_TYPE","messageId":"1700000000500_1700000000700"}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001010","data":{"toNumber":"+15550100199","externalCallId":"a","createEngagement":true}}
"#;

/// The call ends, the user logs out, and HubSpot dials nevertheless.
const AFTER: &str = r#"
    widget {"type":"CALL_ENDED","messageId":"1700000000500_1700000002000","data":{"externalCallId":"a","callEndStatus":"COMPLETED"}}
    widget {"type":"LOGGED_OUT","messageId":"1700000000500_1700000002020"}
    host   {"type":"DIAL_NUMBER","messageId":"1700000000000_1700000002030","data":{"phoneNumber":"+15550100199"}}
"#;

/// The records of `AFTER`, numbered on by the recorder.
fn after() -> ToPanel {
    let mut records = records_of(AFTER, 2_000.0);
    for record in &mut records {
        record.id += 100;
    }
    ToPanel::Records { records }
}

fn cleared(effects: &[Effect]) -> Option<f64> {
    let through = effects.iter().find_map(|effect| match effect {
        Effect::Send(FromPanel::SetCleared { through }) => Some(*through),
        _ => None,
    });
    through.expect("the recorder is told")
}

fn states(model: &Model) -> Vec<String> {
    let states = model.bar_data().unwrap().states;
    states.into_iter().map(|(_, words)| words).collect()
}

#[test]
fn the_list_is_empty_and_everything_goes_on() {
    let mut model = attached(BEFORE);
    let before = states(&model);
    assert!(before.contains(&"Available".to_owned()), "{before:?}");
    let effects = model.perform(Action::Clear);
    // Everything that had happened by then.
    assert_eq!(cleared(&effects), Some(START + 100.0));
    check(
        &mut model,
        &expect![[r#"
            [cleared] You cleared the list | Undo clear
            (Cleared 6 messages)
        "#]],
    );
    assert_eq!(states(&model), before);
    assert_eq!(model.message_count(), 0);

    // Findings still depend on what was before, and nothing is missing.
    receive(&mut model, &after());
    check(
        &mut model,
        &expect![[r#"
            W CALL_ENDED COMPLETED · call a
            W LOGGED_OUT 
            H DIAL_NUMBER +15550100199
                ! S07 error
            (Cleared 6 messages)
        "#]],
    );

    let effects = model.perform(Action::UndoClear);
    assert_eq!(cleared(&effects), None);
    let types: Vec<String> = (Snapshot::new(&mut model, "light").rows.into_iter())
        .map(|row| row.type_name)
        .collect();
    assert_eq!(
        types,
        [
            "SYNC",
            "SYNC_ACK",
            "INITIALIZED",
            "USER_AVAILABLE",
            "NO_SUCH_TYPE",
            "OUTGOING_CALL_STARTED",
            "CALL_ENDED",
            "LOGGED_OUT",
            "DIAL_NUMBER"
        ]
    );
    assert_eq!(model.notices.iter().count(), 0);
}

/// Time passes, and the panel is drawn: the counts are those of what is drawn then.
#[test]
fn the_counts_are_those_of_the_rows() {
    let mut model = attached(BEFORE);
    let mut counted = |action: Option<Action>| {
        if let Some(action) = action {
            model.perform(action);
        }
        model.tick(Millis(START + 200.0));
        model.refresh_for_drawing(true);
        model.finding_counts().total()
    };
    let before = counted(None);
    assert_ne!(before, 0);
    assert_eq!(counted(Some(Action::Clear)), 0);
    assert_eq!(counted(Some(Action::UndoClear)), before);
}

/// What was cleared was announced when it was new.
#[test]
fn what_is_shown_again_is_not_announced() {
    let mut model = attached(BEFORE);
    let mut now = START + 10_000.0;
    let mut said = |action: Option<Action>| {
        if let Some(action) = action {
            model.perform(action);
        }
        let mut texts = Vec::new();
        for _ in 0..3 {
            now += 1_000.0;
            model.tick(Millis(now));
            model.refresh_for_drawing(true);
            if let Some(Effect::Announce { text, .. }) = model.take_announcement() {
                texts.push(text);
            }
        }
        texts.join(" | ")
    };
    assert!(said(None).starts_with("New"));
    assert_eq!(said(Some(Action::Clear)), "Cleared 6 messages");
    assert_eq!(said(Some(Action::UndoClear)), "");
}

#[test]
fn undoing_goes_back_one_clearing_at_a_time() {
    let mut model = attached(BEFORE);
    let first = cleared(&model.perform(Action::Clear));
    receive(&mut model, &after());
    model.perform(Action::Clear);
    assert_eq!(model.shown().rows().shown(), 3);
    model.refresh();
    assert!(model.shown().rows().is_empty());
    // There is nothing to clear, so the earlier undo remains.
    assert_eq!(model.perform(Action::Clear), []);
    assert_eq!(cleared(&model.perform(Action::UndoClear)), first);
    model.refresh();
    assert_eq!(model.shown().rows().shown(), 3);
    model.perform(Action::UndoClear);
    model.refresh();
    assert_eq!(model.shown().rows().shown(), 9);
}

#[test]
fn what_was_cleared_does_not_come_back_with_another_panel_or_new_numbers() {
    let mut model = attached(BEFORE);
    let through = cleared(&model.perform(Action::Clear));

    // The recorder sends everything anew.
    attach(&mut model, info(), true);
    let mut again = records_of(BEFORE, 0.0);
    for record in &mut again {
        record.id += 50;
    }
    receive(&mut model, &ToPanel::Records { records: again });
    model.refresh();
    assert!(model.shown().rows().is_empty());

    // DevTools is closed and opened again.
    let mut reopened = Model::default();
    reopened.tick(Millis(START));
    let attached = ToPanel::Attached {
        info: info(),
        reset: true,
        cleared: through,
    };
    assert_eq!(
        receive(&mut reopened, &attached)
            .iter()
            .filter(|it| matches!(it, Effect::Send(FromPanel::SetCleared { .. })))
            .count(),
        0
    );
    records(&mut reopened, BEFORE, 0.0);
    reopened.refresh();
    assert!(reopened.shown().rows().is_empty());
    assert_eq!(states(&reopened), states(&model));
    assert_eq!(cleared(&reopened.perform(Action::UndoClear)), None);
    reopened.refresh();
    assert_eq!(reopened.shown().rows().shown(), 6);
}

#[test]
fn a_recorder_that_missed_it_is_told_again() {
    let mut model = attached(BEFORE);
    let through = cleared(&model.perform(Action::Clear));
    model.handle(Event::PortClosed);
    model.handle(Event::PortOpened);
    let attached = ToPanel::Attached {
        info: info(),
        reset: false,
        cleared: None,
    };
    assert_eq!(cleared(&receive(&mut model, &attached)), through);
}

#[test]
fn a_page_that_is_kept_stays_cleared_and_the_next_one_is_shown() {
    let mut model = attached(BEFORE);
    model.perform(Action::SetPreserveLog { on: true });
    model.perform(Action::Clear);
    // Its clock may be behind.
    attach(&mut model, another("r2"), true);
    records(&mut model, BEFORE, -50.0);
    model.refresh();
    assert_eq!(model.shown().rows().shown(), 6);
    model.perform(Action::UndoClear);
    model.refresh();
    assert_eq!(model.shown().rows().shown(), 12);
}

#[test]
fn what_is_exported_is_what_is_shown_and_what_that_hangs_on() {
    let mut model = attached(BEFORE);
    model.perform(Action::Clear);
    receive(&mut model, &after());
    let text = model.export_text();
    assert!(!text.contains("NO_SUCH_TYPE"), "{text}");
    let session = Session::from(Log::read(text.as_bytes()).unwrap());
    let lines: Vec<String> = session
        .facts()
        .iter()
        .map(|placed| match &placed.fact {
            callscope_protocol::Fact::Message(it) => {
                let message = callscope_protocol::Message::decode(&it.message);
                format!("{} {}", it.seq, message.known().unwrap().name())
            }
            callscope_protocol::Fact::Gap(gap) => callscope_session_view::words::gap(gap),
            _ => "end".to_owned(),
        })
        .collect();
    expect![[r#"
        1 SYNC
        2 SYNC_ACK
        The oldest message was dropped: the list was cleared
        3 INITIALIZED
        4 USER_AVAILABLE
        6 OUTGOING_CALL_STARTED
        7 CALL_ENDED
        8 LOGGED_OUT
        9 DIAL_NUMBER
        end"#]]
    .assert_eq(&lines.join("\n"));
    let codes: Vec<_> = (session.findings().iter())
        .map(|finding| (finding.rule.code, finding.seq))
        .collect();
    assert!(codes.contains(&("S07", Some(9))), "{codes:?}");
}

#[test]
fn what_was_cleared_of_the_live_session_comes_back_beside_a_saved_one() {
    let mut model = attached(BEFORE);
    model.perform(Action::Clear);
    let text = log(&source(AFTER));
    let name = "saved".to_owned();
    model.perform(Action::ImportText { name, text });
    // The notice with its button is still there.
    assert_eq!(cleared(&model.perform(Action::UndoClear)), None);
    let notices: Vec<&str> = model.notices.iter().map(|it| it.text.as_str()).collect();
    expect!["The live session shows what was cleared again"].assert_eq(&notices.join("\n"));
    model.perform(Action::SwitchSession);
    model.refresh();
    assert_eq!(model.shown().rows().shown(), 6);
}

/// What the details of the selected message refer to: whether to a time before, and with which
/// message they compare it.
fn references(model: &mut Model) -> (bool, Result<String, &'static str>) {
    model.refresh();
    let Some(DetailData::Message(detail)) = &*model.detail_data().unwrap() else {
        panic!("no message is selected");
    };
    let (_, received) = &detail.card.envelope[0];
    let other = detail.other.as_ref().map(|it| it.link.0.clone());
    let other = other.map_err(|words| *words);
    (received.contains("after the message before"), other)
}

#[test]
fn details_do_not_refer_to_what_was_cleared() {
    let available = |id: &str| {
        format!(r#"widget {{"type":"USER_AVAILABLE","messageId":"1700000000500_{id}"}}"#)
    };
    let mut model = attached(BEFORE);
    model.perform(Action::Clear);
    let trace = [available("1700000002000"), available("1700000002001")].join("\n");
    let mut records = records_of(&trace, 2_000.0);
    for record in &mut records {
        record.id += 100;
    }
    receive(&mut model, &ToPanel::Records { records });
    model.perform(Action::MoveSelection { step: Move::First });
    let first = "the first of its type since you cleared the list";
    assert_eq!(references(&mut model), (false, Err(first)));
    model.perform(Action::MoveSelection { step: Move::Next });
    let before = "7 USER_AVAILABLE".to_owned();
    assert_eq!(references(&mut model), (true, Ok(before)));

    model.perform(Action::UndoClear);
    model.perform(Action::SelectSeq { seq: 7 });
    let before = "4 USER_AVAILABLE".to_owned();
    assert_eq!(references(&mut model), (true, Ok(before)));
}
