//! However a session has grown, its rows are those of the session as it is now; and growing is
//! cheap.

use callscope_protocol::{Fact, Millis};
use callscope_session_log::{LogLine, Session};
use callscope_session_view::cleared::Cleared;
use callscope_session_view::filter::Filter;
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::words::UtcOffset;
use callscope_session_view::{SessionView, Work};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::trace::{START, fact, options};

/// Something that happens to a view.
#[derive(Clone, Debug)]
enum Event {
    Insert(usize),
    Advance(u32),
    Remove(Vec<Index>),
    Filter(&'static str),
    /// Folds or unfolds a row.
    Toggle(Index),
    /// The user clears the list up to then, or undoes clearing it.
    Clear(Option<u32>),
    ShowCleared(bool),
    UpdateRows,
    /// Tests at most this many facts.
    LookForAWhile(usize),
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (1_usize..8).prop_map(Event::Insert),
        6 => Just(Event::UpdateRows),
        6 => (0_usize..12).prop_map(Event::LookForAWhile),
        2 => (0_u32..40_000).prop_map(Event::Advance),
        1 => prop::collection::vec(any::<Index>(), 1..4).prop_map(Event::Remove),
        3 => prop::sample::select(&["", "from:host", "is:inside", "is:finding", "-is:finding", "-code:T14", "s", "sync", "is:finding sy", "from:host sync"])
            .prop_map(Event::Filter),
        4 => any::<Index>().prop_map(Event::Toggle),
        1 => prop::option::of(0_u32..60).prop_map(Event::Clear),
        1 => any::<bool>().prop_map(Event::ShowCleared),
    ]
}

/// Four of these fold.
const VISIBILITY: &str = r#"host {"type":"VISIBILITY_CHANGED","messageId":"4_4","data":{"isMinimized":true,"isHidden":false}}"#;

fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => Just("host SYNC"),
        // The first of these has a finding.
        2 => Just(r#"host {"type":"SYNC"}"#),
        2 => Just("@2 host SYNC"),
        1 => Just("!host SYNC"),
        1 => Just(r#"widget {"type":"SYNC_ACK","messageId":"7_7","version":"0.9.7"}"#),
        1 => Just(r#"widget {"type":"王小明","messageId":"7_8"}"#),
        1 => Just("widget CALL_ENDED"),
        8 => Just(VISIBILITY),
        2 => Just(r#"host {"type":"VISIBILITY_CHANGED","messageId":"4_4"}"#),
        1 => Just("host END_CALL"),
        1 => Just("gap"),
        1 => Just("cleared"),
        1 => Just("setting"),
        4 => Just("inside"),
        4 => Just("undelivered"),
        2 => Just("sent"),
        1 => Just("closed"),
    ]
    .prop_map(str::to_owned)
}

/// Everything that a view shows.
fn shown(view: &SessionView) -> impl PartialEq + std::fmt::Debug + use<> {
    let rows = view.rows();
    (
        view.describe(0..rows.len(), UtcOffset::UTC),
        rows.iter().copied().collect::<Vec<_>>(),
        (rows.hidden(), rows.shown(), rows.cleared()),
    )
}

/// The same, built anew from the session as it is.
fn fresh(view: &SessionView, options: &ViewOptions) -> impl PartialEq + std::fmt::Debug + use<> {
    let session: Session = view.session().clone();
    let mut fresh = SessionView::new(session);
    // The clone's changes have already been taken by the original.
    fresh.update_rows(options);
    shown(&fresh)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn rows_in_step_are_the_rows_from_scratch(
        lines in prop::collection::vec((any_line(), 0_u32..60), 1..60),
        events in prop::collection::vec(any_event(), 1..60),
    ) {
        let mut waiting: Vec<(u64, Fact)> = lines
            .iter()
            .zip(1..)
            .map(|((line, index), id)| (id, fact(line, *index)))
            .collect();
        let mut view = SessionView::default();
        let mut options = ViewOptions::default();
        for event in events {
            let facts = view.session().facts();
            match event {
                Event::Insert(count) => {
                    let batch = waiting.drain(..count.min(waiting.len()));
                    let batch = batch.map(|(id, fact)| (id, LogLine::from(fact)));
                    view.insert(batch.collect());
                }
                Event::Advance(by) => view.advance(Millis(START + f64::from(by))),
                Event::Remove(which) if !facts.is_empty() => {
                    let ids: Vec<u64> = which.iter().map(|it| it.get(facts).id).collect();
                    view.remove(&ids);
                }
                Event::Filter(text) => options.filter = Filter::parse(text).unwrap(),
                Event::Toggle(which) if !facts.is_empty() => {
                    let id = which.get(facts).id;
                    if !options.unfolded.remove(&id) {
                        options.unfolded.insert(id);
                    }
                }
                Event::Clear(index) => {
                    let until = index.map(|it| Millis(START + f64::from(it) * 10.0));
                    options.cleared = until.map_or_else(Cleared::default, Cleared::through);
                }
                Event::ShowCleared(is_shown) => options.shows_cleared = is_shown,
                Event::LookForAWhile(facts) => {
                    if view.update_rows_in_part(&options, facts) {
                        prop_assert_eq!(view.filtering(), None);
                        prop_assert_eq!(format!("{:?}", shown(&view)), format!("{:?}", fresh(&view, &options)));
                    }
                }
                Event::UpdateRows | Event::Remove(_) | Event::Toggle(_) => {
                    view.update_rows(&options);
                    prop_assert_eq!(format!("{:?}", shown(&view)), format!("{:?}", fresh(&view, &options)));
                }
            }
        }
        view.update_rows(&options);
        prop_assert_eq!(format!("{:?}", shown(&view)), format!("{:?}", fresh(&view, &options)));
    }
}

/// A looked-at session of this many messages without findings.
fn long(count: u32) -> SessionView {
    let mut view = SessionView::default();
    let line = |index| {
        (
            u64::from(index) + 1,
            LogLine::from(fact("host SYNC", index)),
        )
    };
    view.insert((0..count).map(line).collect());
    view.update_rows(&ViewOptions::default());
    let done = u64::from(count);
    let all = Work {
        decoded: done,
        placed: done,
    };
    assert_eq!(view.work(), all);
    view
}

/// The work done until the view is looked at again.
#[track_caller]
fn cost(
    view: &mut SessionView,
    options: &ViewOptions,
    change: impl FnOnce(&mut SessionView),
) -> Work {
    let before = view.work();
    change(view);
    view.update_rows(options);
    let after = view.work();
    Work {
        decoded: after.decoded - before.decoded,
        placed: after.placed - before.placed,
    }
}

fn insert(view: &mut SessionView, id: u64, line: &str, index: u32) {
    view.insert(vec![(id, LogLine::from(fact(line, index)))]);
}

const ONE: Work = Work {
    decoded: 1,
    placed: 1,
};

#[test]
fn a_filter_is_applied_to_a_part_of_a_long_session_at_a_time() {
    let mut view = long(1_000);
    let before = shown(&view);
    let filtered = options("from:widget", &[]);
    for part in 1..=3 {
        let work = view.work().placed;
        assert!(!view.update_rows_in_part(&filtered, 300));
        assert_eq!(view.work().placed - work, 300);
        assert_eq!(view.filtering(), Some((part * 300, 1_000)));
        assert!(shown(&view) == before);
    }
    // A message that comes in meanwhile is shown like the rest, and does not restart the filtering.
    insert(&mut view, 1_001, "widget CALL_ENDED", 1_000);
    assert!(view.update_rows_in_part(&filtered, 300));
    assert_eq!(view.rows().shown(), 1);
    // Another filter does restart it.
    assert!(!view.update_rows_in_part(&options("from:host", &[]), 300));
    assert!(!view.update_rows_in_part(&options("from:host is:unknown", &[]), 300));
    assert_eq!(view.filtering(), Some((300, 1_001)));
}

#[test]
fn a_filter_that_goes_on_is_held_against_what_is_left_only() {
    let mut view = long(1_000);
    for id in 1_001..1_004 {
        insert(&mut view, id, "widget CALL_ENDED", 1_000);
    }
    view.update_rows(&options("call", &[]));
    assert_eq!(view.rows().shown(), 3);
    for (text, shown) in [("call_", 3), ("call_e from:widget", 3), ("call_ended x", 0)] {
        let work = view.work().placed;
        let options = options(text, &[]);
        assert!(view.update_rows_in_part(&options, 300), "{text}");
        assert_eq!(view.rows().shown(), shown, "{text}");
        assert_eq!(view.work().placed - work, 3, "{text}");
        view.update_rows(&self::options("call", &[]));
    }
    assert!(!view.update_rows_in_part(&options("cal", &[]), 300));
}

#[test]
fn a_message_at_the_end_costs_one_row_however_long_the_session_is() {
    for count in [10, 3_000] {
        for filter in ["", "from:host", "severity:error"] {
            let mut view = long(count);
            let options = options(filter, &[]);
            view.update_rows(&options);
            let id = u64::from(count) + 1;
            let cost_of_it = cost(&mut view, &options, |view| {
                insert(view, id, "host SYNC", count);
            });
            assert_eq!(cost_of_it, ONE, "{count} messages, \"{filter}\"");
            assert_eq!(view.rows().shown() + view.rows().hidden(), id);
        }
    }
}

#[test]
fn a_late_message_costs_what_follows_it() {
    let mut view = long(3_000);
    let cost = cost(&mut view, &ViewOptions::default(), |view| {
        insert(view, 9_000, "widget LOGGED_OUT", 2_989);
    });
    // It was received at the same time as the host's message, which comes first.
    let expected = Work {
        decoded: 1,
        placed: 11,
    };
    assert_eq!(cost, expected);
}

#[test]
fn looking_again_costs_nothing() {
    let mut view = long(3_000);
    let nothing = cost(&mut view, &ViewOptions::default(), |_| {});
    assert_eq!(nothing, Work::default());
    // No answer for 30 s gives a finding about one message.
    let findings = view.session().findings().len();
    let options = ViewOptions::default();
    let cost = cost(&mut view, &options, |view| {
        view.advance(Millis(START + 600_000.0));
    });
    assert!(view.session().findings().len() > findings);
    assert_eq!(cost.decoded, 0);
}

#[test]
fn a_finding_about_an_old_message_costs_the_run_that_it_is_in() {
    let mut view = SessionView::default();
    let mut lines = Vec::new();
    for index in 0..3_000 {
        let line = if index % 10 == 0 {
            "widget {\"type\":\"USER_AVAILABLE\",\"messageId\":\"5_5\"}".to_owned()
        } else {
            format!("host {{\"type\":\"SYNC\",\"messageId\":\"4_{index}\"}}")
        };
        lines.push((u64::from(index) + 1, LogLine::from(fact(&line, index))));
    }
    view.insert(lines);
    view.update_rows(&ViewOptions::default());
    let rows = view.rows().len();
    // Unfolding a run in the middle only affects that run.
    let unfolded = options("", &[1_502]);
    let cost = cost(&mut view, &unfolded, |_| {});
    assert_eq!(view.rows().len(), rows + 8);
    assert_eq!(cost.decoded, 0);
    assert!(cost.placed <= 12, "{cost:?}");
}

#[test]
fn an_entry_is_found_by_its_id_and_its_message_id() {
    let mut view = long(100);
    assert_eq!(view.find(77).map(|(position, _)| position), Some(76));
    insert(&mut view, 500, "host SYNC", 3);
    assert_eq!(view.find(77).map(|(position, _)| position), Some(77));
    assert_eq!(view.find(500).map(|(position, _)| position), Some(4));
    assert!(view.find(501).is_none());
    // Two messages have this id now; the later one counts.
    assert_eq!(view.last_with_message_id("4_3"), Some(500));
    view.remove(&[500]);
    assert_eq!(view.last_with_message_id("4_3"), Some(4));
    assert_eq!(view.last_with_message_id("4_300"), None);
}
