//! Selections of several messages, and actions on them.

use super::*;
use crate::action::{CopyAs, ExportPart, View};
use crate::model::columns::{Column, Sort};

fn numbers(model: &Model) -> Vec<u64> {
    let ids = model.selected_ids().into_iter();
    let mut numbers: Vec<u64> = ids
        .filter_map(|id| Some(model.shown().find(id)?.1.message()?.seq))
        .collect();
    numbers.sort_unstable();
    numbers
}

/// The id of the row that this message is in.
fn row(model: &Model, seq: u64) -> u64 {
    let (position, _) = model
        .shown()
        .find(model.shown().id_of(seq).unwrap())
        .unwrap();
    let rows = model.shown().rows();
    rows.get(rows.row_of(position).unwrap()).unwrap().id
}

fn click(model: &mut Model, seq: u64) {
    let id = row(model, seq);
    model.perform(Action::Select { id });
}

fn shift_click(model: &mut Model, seq: u64) {
    let id = row(model, seq);
    model.perform(Action::Extend { id });
}

fn command_click(model: &mut Model, seq: u64) {
    let id = row(model, seq);
    model.perform(Action::ToggleSelected { id });
}

fn extend(model: &mut Model, step: Move) {
    model.perform(Action::ExtendSelection { step });
}

fn shown() -> Model {
    let mut model = attached(CALL);
    model.refresh();
    model
}

/// What asks for the message to compare with goes once it is answered.
#[test]
fn nobody_is_asked_for_a_comparison_that_is_made_or_given_up() {
    for given_up in [false, true] {
        let mut model = shown();
        let asked = |model: &Model| {
            let mut notices = model.notices.iter();
            notices.any(|it| it.text.starts_with("Select the message to compare"))
        };
        let [first, second] = [1, 2].map(|seq| model.shown().id_of(seq).unwrap());
        model.perform(Action::Select { id: first });
        model.perform(Action::CompareMessage { id: Some(first) });
        assert!(asked(&model));
        model.perform(if given_up {
            Action::CompareMessage { id: None }
        } else {
            Action::Select { id: second }
        });
        assert!(!asked(&model));
    }
}

#[test]
fn clicks_select_as_in_every_list() {
    let mut model = shown();
    click(&mut model, 4);
    assert_eq!((numbers(&model), model.selected_count()), (vec![4], None));
    shift_click(&mut model, 6);
    assert_eq!(numbers(&model), [4, 5, 6]);
    assert_eq!(model.selected_count(), Some(3));
    // A range starts at the first click, whatever came in between.
    shift_click(&mut model, 5);
    assert_eq!(numbers(&model), [4, 5]);
    command_click(&mut model, 7);
    assert_eq!(numbers(&model), [4, 5, 7]);
    assert_eq!(model.selected_seq(), Some(7));
    // When the row whose details are shown is removed, the details move to the nearest.
    command_click(&mut model, 7);
    assert_eq!(
        (numbers(&model), model.selected_seq()),
        (vec![4, 5], Some(5))
    );
    command_click(&mut model, 4);
    command_click(&mut model, 5);
    assert_eq!((numbers(&model), model.selected_seq()), (vec![], None));
    // The three SYNCs are one row.
    click(&mut model, 5);
    command_click(&mut model, 1);
    assert_eq!(numbers(&model), [1, 2, 3, 5]);
    click(&mut model, 5);
    assert_eq!(numbers(&model), [5]);
}

#[test]
fn keys_extend_and_back_lets_go() {
    let mut model = shown();
    click(&mut model, 5);
    extend(&mut model, Move::Next);
    extend(&mut model, Move::Next);
    assert_eq!(numbers(&model), [5, 6, 7]);
    extend(&mut model, Move::Previous);
    assert_eq!(numbers(&model), [5, 6]);
    extend(&mut model, Move::First);
    assert_eq!(numbers(&model), [1, 2, 3, 4, 5]);
    assert!(!model.follows);
    model.perform(Action::SelectAll);
    assert_eq!(numbers(&model).len(), 7);
    model.perform(Action::Back);
    assert_eq!(numbers(&model), [1, 2, 3], "the row that led");
    model.perform(Action::MoveSelection { step: Move::Next });
    assert_eq!(numbers(&model), [4]);
}

/// In another sort order, other rows lie in between; what was selected stays selected.
#[test]
fn a_range_is_what_lies_between_in_the_order_that_is_seen() {
    let mut model = shown();
    let column = Column::Type;
    let sort = Some(Sort {
        column,
        is_descending: false,
    });
    model.perform(Action::Sort { sort });
    click(&mut model, 6);
    extend(&mut model, Move::Next);
    // DIAL_NUMBER, INITIALIZED
    assert_eq!(numbers(&model), [5, 6]);
    model.perform(Action::Sort { sort: None });
    assert_eq!(numbers(&model), [5, 6]);
}

/// Hidden messages are left out of actions, and come back when the filter is cleared.
#[test]
fn what_the_filter_hides_is_not_acted_on() {
    let mut model = shown();
    click(&mut model, 4);
    shift_click(&mut model, 7);
    let text = "from:widget".to_owned();
    model.perform(Action::SetFilter { text });
    model.refresh();
    assert_eq!(numbers(&model), [4, 5, 7]);
    assert_eq!(model.selected_count(), Some(3));
    let text = String::new();
    model.perform(Action::SetFilter { text });
    model.refresh();
    assert_eq!(numbers(&model), [4, 5, 6, 7]);
    // Arriving messages change nothing.
    let later =
        r#"widget {"type":"CALL_ANSWERED","messageId":"18_9","data":{"externalCallId":"a"}}"#;
    let mut more = records_of(later, 5_000.0);
    more[0].id = 90;
    receive(&mut model, &ToPanel::Records { records: more });
    model.refresh();
    assert_eq!(numbers(&model), [4, 5, 6, 7]);
}

#[test]
fn what_is_selected_is_copied_in_session_order() {
    let mut model = shown();
    click(&mut model, 7);
    command_click(&mut model, 5);
    let mut copy = |form| match &model.perform(Action::CopySelected { form })[..] {
        [Effect::Copy { what, text }] => (what.clone(), text.clone()),
        effects => panic!("{effects:?}"),
    };
    let (what, text) = copy(CopyAs::Json);
    assert_eq!(what, "2 messages");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].contains("INITIALIZED") && lines[2].contains("OUTGOING_CALL_STARTED"));
    let array: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(array[0]["type"], "INITIALIZED");
    assert_eq!(array.len(), 2);
    let (what, text) = copy(CopyAs::Rows);
    assert_eq!((what.as_str(), text.lines().count()), ("2 rows", 2));
    let (what, text) = copy(CopyAs::Code);
    assert_eq!(what, "2 snippets");
    assert!(text.contains("extensions.outgoingCall({"), "{text}");
    let (what, text) = copy(CopyAs::Console);
    assert_eq!(what, "2 console snippets");
    assert_eq!(text.matches("window.postMessage(").count(), 2);
    // SYNC is sent by the SDK itself: there is no code for it.
    command_click(&mut model, 1);
    let effects = model.perform(Action::CopySelected { form: CopyAs::Code });
    let [Effect::Copy { what, .. }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(what, "2 snippets (none for 3 messages)");
}

#[test]
fn the_menu_of_several_is_about_all_of_them() {
    let mut model = shown();
    click(&mut model, 5);
    command_click(&mut model, 6);
    let menu = |model: &mut Model, seq| {
        let id = row(model, seq);
        model.perform(Action::OpenMenu { id, at: None });
        let groups = model.row_menu().unwrap().groups;
        let labels = groups.into_iter().flatten().map(|(label, _)| label);
        labels.collect::<Vec<_>>().join(", ")
    };
    expect!["Only these 2 types, Hide these 2 types, Copy 2 messages as JSON, Copy as table rows, Copy SDK calls and handlers, Copy as console snippets, Compare these two, Export selection…"]
        .assert_eq(&menu(&mut model, 5));
    // A menu keeps the selection; another row's menu is about that row only.
    assert_eq!(numbers(&model), [5, 6]);
    let one = menu(&mut model, 7);
    assert!(
        one.contains("Hide this type") && one.contains("Resend…"),
        "{one}"
    );
    assert_eq!(numbers(&model), [7]);

    click(&mut model, 5);
    command_click(&mut model, 6);
    let hide = model.selection_actions().concat().into_iter();
    let (_, hide) = hide
        .clone()
        .find(|(label, _)| label.starts_with("Hide"))
        .unwrap();
    let text = "-type:DIAL_NUMBER -type:INITIALIZED".to_owned();
    assert_eq!(hide, Action::SetFilter { text });
    model.perform(hide);
    model.refresh();
    assert_eq!(model.shown().rows().hidden(), 2);
}

#[test]
fn two_are_compared_and_exported() {
    let mut model = shown();
    click(&mut model, 7);
    command_click(&mut model, 6);
    model.perform(Action::CompareSelected);
    assert_eq!(model.selected_seq(), Some(7));
    let detail = model.detail_data().unwrap();
    let text = format!("{detail:?}");
    assert!(text.contains("is: Chosen"), "{text}");
    assert_eq!(numbers(&model), [6, 7]);
    model.perform(Action::ExportSelected);
    let data = model.export_data().unwrap();
    assert_eq!(data.choice.part, ExportPart::Selected);
    assert_eq!(data.parts.last().unwrap().1, "Selection (2 messages)");
}

#[test]
fn findings_select_their_messages() {
    let trace = format!(
        "{CALL}\n{}",
        r#"
        widget {"type":"NO_SUCH_TYPE","messageId":"18_4"}
        widget {"type":"NO_SUCH_KIND","messageId":"18_5"}
        widget {"type":"NEITHER_THIS","messageId":"18_6"}
    "#
    );
    let mut model = attached(&trace);
    model.refresh();
    let view = View::Findings;
    model.perform(Action::ShowView { view });
    model.perform(Action::SelectAll);
    let all = numbers(&model);
    assert!(all.ends_with(&[8, 9, 10]), "{all:?}");
    let line_of = |model: &mut Model, seq| {
        let data = model.findings_data();
        let is_about = |index: &usize| model.shown().session().findings()[*index].seq == Some(seq);
        let mut lines = data.lines.iter();
        lines.position(|line| matches!(line, callscope_session_view::finding_list::ListLine::Finding { index, .. } if is_about(index))).unwrap()
    };
    let line = line_of(&mut model, 8);
    model.perform(Action::SelectFinding { line });
    assert_eq!(numbers(&model), [8]);
    let line = line_of(&mut model, 10);
    model.perform(Action::ExtendToFinding { line });
    assert_eq!(numbers(&model), [8, 9, 10]);
    let line = line_of(&mut model, 9);
    model.perform(Action::ToggleFinding { line });
    assert_eq!(numbers(&model), [8, 10]);
    // All views share the selection.
    let form = CopyAs::Rows;
    let effects = model.perform(Action::CopySelected { form });
    let [Effect::Copy { what, text }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(what.ends_with("rows"), "{what}");
    assert!(
        text.lines().all(|line| line.split('\t').count() == 5),
        "{text}"
    );
    let view = View::Timeline;
    model.perform(Action::ShowView { view });
    assert_eq!(numbers(&model), [8, 10]);
}

/// Even with all of a long session selected, no frame may take long.
#[test]
fn rows_in_sight_are_asked_whatever_is_selected() {
    let mut model = shown();
    model.perform(Action::SelectAll);
    let rows = model.shown().rows().len();
    assert!((0..rows).all(|place| model.is_place_selected(place)));
    assert!(!model.is_place_selected(rows));
    click(&mut model, 1);
    let selected: Vec<usize> = (0..rows)
        .filter(|it| model.is_place_selected(*it))
        .collect();
    assert_eq!(selected, [0]);
}

/// What a page reported is an entry like any other: the keys, the list of findings and the details
/// lead from its finding to it and back.
#[test]
fn what_a_page_reported_is_tied_to_its_finding() {
    let text = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"http://localhost:8155","message":{"type":"SYNC","messageId":"17_1","hostUrl":"http://localhost:8155"}}
{"kind":"inside","at":3,"conversation":1,"side":"widget","origin":"http://127.0.0.1:8156","what":"error","text":"Uncaught TypeError: x","place":"http://127.0.0.1:8156/throws.html:3:1"}
"#;
    let mut model = Model::default();
    let (name, text) = ("x".to_owned(), text.to_owned());
    model.perform(Action::ImportText { name, text });
    model.refresh();
    let is_report = |model: &Model| {
        let entry = model.selected.and_then(|id| model.shown().find(id));
        entry.is_some_and(|(_, it)| matches!(it.fact, callscope_protocol::Fact::Inside(_)))
    };
    let text = "rule:W04".to_owned();
    model.perform(Action::SetFilter { text });
    model.refresh();
    assert_eq!(model.shown().rows().len(), 1);
    model.perform(Action::MoveToFinding { backwards: false });
    assert!(is_report(&model));
    let data = model.detail_data().unwrap();
    let Some(DetailData::Other {
        findings, title, ..
    }) = &*data
    else {
        panic!("{data:?}");
    };
    assert_eq!(title, "Reported by the widget's page");
    let codes: Vec<_> = findings.iter().map(|it| it.code).collect();
    assert_eq!(codes, ["W04"]);

    model.perform(Action::Back);
    model.perform(Action::Back);
    let view = View::Findings;
    model.perform(Action::ShowView { view });
    let data = model.findings_data();
    let line = data.lines.iter().position(|line| {
        matches!(
            line,
            callscope_session_view::finding_list::ListLine::Finding { .. }
        )
    });
    model.perform(Action::SelectFinding {
        line: line.unwrap(),
    });
    assert!(is_report(&model), "all views share one selection");
    let detail = model.finding_detail().unwrap();
    let card = (*detail).as_ref().unwrap().card.as_ref().unwrap();
    assert_eq!(card.entry.as_ref().unwrap().1, "the widget's page");
    let enter = model.enter_in_findings();
    assert!(matches!(enter, Some(Action::ShowEntry { .. })), "{enter:?}");
}

/// The details and the other views show a message of the call that is followed.
#[test]
fn the_selection_comes_along_to_the_call_that_is_followed() {
    let mut model = attached(&format!(
        r#"{CALL}
        widget {{"type":"CALL_ENDED","messageId":"1700000000500_1700000001020","data":{{"externalCallId":"a"}}}}
        widget {{"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001030","data":{{"toNumber":"+15550100198","externalCallId":"b"}}}}
        "#
    ));
    model.refresh();
    let follow = |call| Action::FollowCall {
        conversation: 1,
        call,
    };
    model.perform(follow(1));
    assert_eq!(model.selected, None, "there is nothing to take along");
    model.perform(Action::UnfollowCall);
    model.refresh();
    click(&mut model, 9);
    model.perform(follow(1));
    assert_eq!(model.selected_seq(), Some(6));
    assert!(model.is_detail_open);
    assert!(model.selected_row().is_some());
    // A message of the call stays selected.
    click(&mut model, 8);
    model.perform(follow(1));
    assert_eq!(model.selected_seq(), Some(8));
}
