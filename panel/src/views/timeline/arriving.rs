//! The whole panel while messages arrive with each frame and its size changes.

use callscope_bus::{Record, RecorderStatus, ToPanel, encode};
use callscope_protocol::Millis;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::Panel;
use crate::action::{Action, Move, View};
use crate::event::{Effect, Event};
use crate::model::testing::START;
use crate::model::{Model, testing};

type Drawn = Harness<'static, Panel>;

fn say(panel: &mut Panel, message: &ToPanel) {
    panel.handle(Event::Received(encode(message)));
}

fn attach(panel: &mut Panel, recorder: &str) {
    panel.handle(Event::PortOpened);
    let info = testing::recorder(recorder);
    let attached = ToPanel::Attached {
        info,
        reset: true,
        cleared: None,
    };
    say(panel, &attached);
    let status = RecorderStatus {
        now: START,
        recording: true,
        ..RecorderStatus::default()
    };
    say(panel, &ToPanel::Status { status });
}

/// A panel inspecting a page, at this size.
fn drawn(size: egui::Vec2) -> Drawn {
    let mut panel = Panel::new(Model::default());
    attach(&mut panel, "one");
    Harness::builder()
        .with_size(size)
        .with_context_setup(crate::theme::apply)
        .allow_missing_glyphs()
        .build_ui_state(
            |ui, panel: &mut Panel| {
                panel.tick(ui.ctx(), Millis(START));
                panel.ui(ui);
            },
            panel,
        )
}

/// A message with this number arrives, and the panel is drawn.
fn arrives(harness: &mut Drawn, id: u64) {
    // Messages of one type would fold.
    let other = if id.is_multiple_of(2) { "" } else { "_TOO" };
    let line = format!(
        r#"{{"kind":"frame","seq":{id},"at":{},"from":"host","origin":"https://app.hubspot.com","message":{{"type":"VISIBILITY_CHANGED{other}","messageId":"{id}"}}}}"#,
        START + id as f64
    );
    let records = vec![Record { id, line }];
    say(harness.state_mut(), &ToPanel::Records { records });
    harness.step();
}

/// The numbers of the messages whose rows are fully visible.
fn in_sight(harness: &Drawn) -> Vec<u64> {
    let list = harness.get_by_role_and_label(egui::Role::List, "Timeline");
    let mut room = list.rect();
    if let Some(strip) = harness.query_by_label_contains(" new, go to the end") {
        room.max.y = room.bottom().min(strip.rect().top());
    }
    let rows = harness.query_all_by_label_contains("VISIBILITY_CHANGED");
    let whole = rows.filter(|row| {
        let rect = row.rect();
        rect.top() >= room.top() - 0.5 && rect.bottom() <= room.bottom() + 0.5
    });
    let mut numbers: Vec<u64> = whole
        .filter_map(|row| {
            let label = row.accesskit_node().label()?;
            // Messages are one millisecond apart.
            label.split_once('.')?.1.get(..3)?.parse().ok()
        })
        .collect();
    numbers.sort_unstable();
    numbers
}

fn wheel(harness: &mut Drawn, up: f32) {
    let list = harness
        .get_by_role_and_label(egui::Role::List, "Timeline")
        .rect();
    harness.hover_at(list.center());
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, up),
        modifiers: egui::Modifiers::NONE,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
    });
}

fn follows(harness: &mut Drawn) -> bool {
    harness.state_mut().snapshot(false).follows
}

/// Docked to the right, docked to the bottom, and undocked.
const ROOMS: [egui::Vec2; 3] = [
    egui::vec2(420.0, 700.0),
    egui::vec2(1280.0, 240.0),
    egui::vec2(1000.0, 640.0),
];

#[test]
fn the_newest_message_stays_in_sight_whatever_happens_around_the_list() {
    for room in ROOMS {
        let mut harness = drawn(room);
        for id in 1..=150 {
            match id {
                60 => harness.state_mut().perform(Action::Select { id: 59 }),
                80 => harness.state_mut().perform(Action::Back),
                90 => {
                    harness.state_mut().handle(Event::SaveFailed {
                        name: "a".to_owned(),
                        reason: "the disk is full".to_owned(),
                    });
                }
                100 => {
                    harness.set_size(egui::vec2(500.0, 200.0));
                }
                110 => {
                    harness.set_size(egui::vec2(900.0, 900.0));
                }
                120 => {
                    harness.set_size(room);
                }
                130 => harness.hover_at(egui::pos2(100.0, room.y / 2.0)),
                // Turning the wheel down at the end changes nothing.
                140 => wheel(&mut harness, -100.0),
                _ => {}
            }
            arrives(&mut harness, id);
            let seen = in_sight(&harness);
            assert_eq!(seen.last(), Some(&id), "{id} at {room:?}: {seen:?}");
        }
        assert!(follows(&mut harness), "at {room:?}");
    }
}

#[test]
fn the_wheel_stops_it_and_the_strip_below_the_rows_brings_it_back() {
    for room in ROOMS {
        let mut harness = drawn(room);
        for id in 1..=100 {
            arrives(&mut harness, id);
        }
        wheel(&mut harness, 60.0);
        for id in 101..=130 {
            arrives(&mut harness, id);
        }
        assert!(!follows(&mut harness), "at {room:?}");
        let stays = in_sight(&harness);
        for id in 131..=140 {
            arrives(&mut harness, id);
        }
        assert_eq!(in_sight(&harness), stays, "at {room:?}");
        let strip = harness.get_by_label_contains(" new, go to the end");
        let under = strip.rect();
        for row in harness.query_all_by_label_contains("VISIBILITY_CHANGED") {
            let is_drawn = stays.iter().any(|id| {
                let label = row.accesskit_node().label().unwrap_or_default();
                label.contains(&format!(".{id:03}"))
            });
            assert!(!is_drawn || row.rect().bottom() <= under.top() + 0.5);
        }
        strip.click();
        for id in 141..=200 {
            arrives(&mut harness, id);
        }
        assert!(follows(&mut harness), "at {room:?}");
        assert_eq!(in_sight(&harness).last(), Some(&200), "at {room:?}");
        assert!(
            harness
                .query_by_label_contains(" new, go to the end")
                .is_none()
        );

        // Turning the wheel to the end has the same effect.
        wheel(&mut harness, 60.0);
        for id in 201..=220 {
            arrives(&mut harness, id);
        }
        assert!(!follows(&mut harness), "at {room:?}");
        wheel(&mut harness, -5000.0);
        for id in 221..=260 {
            arrives(&mut harness, id);
        }
        assert!(follows(&mut harness), "at {room:?}");
    }
}

#[test]
fn the_scroll_bar_and_the_keys_stop_it() {
    let room = ROOMS[2];
    let mut harness = drawn(room);
    for id in 1..=200 {
        arrives(&mut harness, id);
    }
    let list = harness
        .get_by_role_and_label(egui::Role::List, "Timeline")
        .rect();
    let bar = |y| egui::pos2(list.right() - 4.0, y);
    harness.drag_at(bar(list.bottom() - 10.0));
    arrives(&mut harness, 201);
    assert!(follows(&mut harness), "the bar is held and not moved");
    harness.hover_at(bar(list.center().y));
    arrives(&mut harness, 202);
    arrives(&mut harness, 203);
    assert!(!follows(&mut harness));
    harness.hover_at(bar(list.bottom() + 50.0));
    arrives(&mut harness, 204);
    arrives(&mut harness, 205);
    assert!(follows(&mut harness));
    harness.drop_at(bar(list.bottom() + 50.0));
    arrives(&mut harness, 206);
    assert!(follows(&mut harness));

    harness.key_press(egui::Key::Home);
    arrives(&mut harness, 207);
    assert!(!follows(&mut harness));
    harness.key_press(egui::Key::End);
    arrives(&mut harness, 208);
    assert!(follows(&mut harness));
}

/// A row that was selected at the end, and moved out of sight as messages came, is no reason for
/// another view, or the list after it, to stay there.
#[test]
fn a_visit_to_another_view_does_not_stop_it() {
    let views = [View::Ladder, View::State, View::Calls];
    for (room, view) in ROOMS
        .into_iter()
        .flat_map(|it| views.map(|view| (it, view)))
    {
        let what = format!("{view:?} at {room:?}");
        let mut harness = drawn(room);
        for id in 1..=60 {
            arrives(&mut harness, id);
        }
        harness.state_mut().perform(Action::Select { id: 60 });
        for id in 61..=120 {
            arrives(&mut harness, id);
        }
        harness.state_mut().perform(Action::ShowView { view });
        for id in 121..=150 {
            arrives(&mut harness, id);
        }
        assert!(follows(&mut harness), "{what}");
        // Closes the details: the lists get higher.
        harness.state_mut().perform(Action::Back);
        let view = View::Timeline;
        harness.state_mut().perform(Action::ShowView { view });
        for id in 151..=180 {
            arrives(&mut harness, id);
        }
        assert!(follows(&mut harness), "{what}");
        assert_eq!(in_sight(&harness).last(), Some(&180), "{what}");
    }
}

/// The same, with a row that was selected in the ladder.
#[test]
fn what_was_selected_at_the_end_of_the_ladder_does_not_stop_it() {
    let mut harness = drawn(ROOMS[2]);
    let show = |harness: &mut Drawn, view| harness.state_mut().perform(Action::ShowView { view });
    show(&mut harness, View::Ladder);
    for id in 1..=60 {
        arrives(&mut harness, id);
    }
    harness.run_steps(30);
    harness.state_mut().perform(Action::Select { id: 60 });
    for id in 61..=120 {
        arrives(&mut harness, id);
    }
    show(&mut harness, View::Timeline);
    for id in 121..=150 {
        arrives(&mut harness, id);
    }
    assert!(follows(&mut harness));
    assert_eq!(in_sight(&harness).last(), Some(&150));
}

#[test]
fn a_new_page_is_followed_again() {
    for preserve_log in [false, true] {
        let mut harness = drawn(ROOMS[0]);
        (harness.state_mut()).perform(Action::SetPreserveLog { on: preserve_log });
        for id in 1..=100 {
            arrives(&mut harness, id);
        }
        let step = Move::First;
        harness.state_mut().perform(Action::MoveSelection { step });
        assert!(!follows(&mut harness));
        attach(harness.state_mut(), "two");
        assert!(follows(&mut harness), "preserve log: {preserve_log}");
    }
}

/// Notices are below the view: they move nothing above them and cover nothing.
#[test]
fn notices_push_nothing_and_cover_nothing() {
    for (room, follows) in ROOMS.into_iter().flat_map(|it| [(it, true), (it, false)]) {
        let mut harness = drawn(room);
        for id in 1..=60 {
            arrives(&mut harness, id);
        }
        if !follows {
            wheel(&mut harness, 200.0);
            harness.run_steps(20);
        }
        let rows = in_sight(&harness);
        let place = |harness: &Drawn| {
            let list = harness.get_by_role_and_label(egui::Role::List, "Timeline");
            list.rect()
        };
        let list = place(&harness);
        for number in 0..9 {
            harness.state_mut().handle(Event::SaveFailed {
                name: format!("{number}.callscope.jsonl"),
                reason: "the disk is full, and nobody knows for how long that will go on".into(),
            });
        }
        harness.step();
        harness.step();
        let now = in_sight(&harness);
        let what = format!("at {room:?}, {follows}");
        assert_eq!(place(&harness).left_top(), list.left_top(), "{what}");
        assert!(place(&harness).height() >= 20.0, "{what}");
        // When following, the end stays visible; otherwise, the top does.
        if follows {
            assert_eq!(now.last(), rows.last(), "{what}");
        } else {
            assert_eq!(now.first(), rows.first(), "{what}");
        }
        let notices = harness.query_all_by_label_contains("the disk is full");
        let top = notices
            .map(|it| it.rect().top())
            .fold(f32::INFINITY, f32::min);
        assert!(top >= place(&harness).bottom(), "{what}");
        assert!(top < room.y - 20.0, "{what}");
        // The whole of the newest can be read: it wraps, and the rest can be scrolled to.
        let newest = harness.query_all_by_label_contains("8.callscope.jsonl");
        assert!(newest.count() > 0, "{what}");
    }
}

/// Messages that were hidden and are shown again do not count as new.
#[test]
fn a_filter_makes_nothing_new() {
    let mut harness = drawn(ROOMS[2]);
    for id in 1..=100 {
        arrives(&mut harness, id);
    }
    wheel(&mut harness, 60.0);
    arrives(&mut harness, 101);
    arrives(&mut harness, 102);
    assert!(!follows(&mut harness));
    for text in ["from:widget", ""] {
        harness.state_mut().perform(Action::SetFilter {
            text: text.to_owned(),
        });
        harness.step();
    }
    let new = harness.query_by_label_contains(" new, go to the end");
    assert!(new.is_none());
}

/// Where more room shows the new rows, nothing leads to them.
#[test]
fn what_is_in_sight_is_not_announced() {
    let mut harness = drawn(egui::vec2(600.0, 300.0));
    for id in 1..=100 {
        arrives(&mut harness, id);
    }
    wheel(&mut harness, 60.0);
    harness.run_steps(20);
    arrives(&mut harness, 101);
    let is_announced = |harness: &Drawn| {
        let new = harness.query_by_label_contains(" new, go to the end");
        new.is_some()
    };
    assert!(is_announced(&harness));
    harness.set_size(egui::vec2(600.0, 500.0));
    harness.run_steps(3);
    assert!(in_sight(&harness).contains(&101));
    assert!(!is_announced(&harness));
}

#[test]
fn a_filter_goes_on_between_two_drawings() {
    let mut harness = drawn(egui::vec2(600.0, 400.0));
    let line = |id: u64| {
        format!(
            r#"{{"kind":"frame","seq":{id},"at":{},"from":"host","origin":"https://app.hubspot.com","message":{{"type":"USER_AVAILABLE","messageId":"{id}"}}}}"#,
            START + id as f64
        )
    };
    let records = (1..=5_000).map(|id| Record { id, line: line(id) });
    let records = records.collect();
    say(harness.state_mut(), &ToPanel::Records { records });
    harness.step();
    assert!(!harness.state().is_filtering());
    let text = "type:SYNC".to_owned();
    harness.state_mut().perform(Action::SetFilter { text });
    harness.step();
    // The drawing filtered 200, and a step without drawing 400.
    assert!(harness.state().is_filtering());
    let steps = std::iter::repeat_with(|| harness.state_mut().go_on());
    assert_eq!(steps.take_while(|has_more| *has_more).count(), 11);
    harness.step();
    assert_eq!(harness.state().progress().status.hidden, 5_000);
    assert!(!harness.state().is_filtering());
}

/// The top of a row, if it is visible.
fn top_of(harness: &Drawn, number: u64) -> Option<f32> {
    let at = format!(".{number:03} ");
    let mut rows = harness.query_all_by_label_contains("VISIBILITY_CHANGED");
    let row = rows.find(|row| (row.accesskit_node().label()).is_some_and(|it| it.contains(&at)))?;
    Some(row.rect().top())
}

/// In a sorted list, new rows go to their places, and the rows being read stay in place.
#[test]
fn a_sorted_list_keeps_its_place_while_rows_arrive() {
    use crate::action::{Column, Sort};

    for room in ROOMS {
        let mut harness = drawn(room);
        for id in 1..=100 {
            arrives(&mut harness, id);
        }
        let sort = Some(Sort {
            column: Column::Time,
            is_descending: true,
        });
        harness.state_mut().perform(Action::Sort { sort });
        harness.run_steps(3);
        // After sorting, the list shows its top.
        assert_eq!(in_sight(&harness).last(), Some(&100), "at {room:?}");
        wheel(&mut harness, -100.0);
        harness.run_steps(20);
        let rows = in_sight(&harness);
        let top = top_of(&harness, rows[0]).unwrap();
        for id in 101..=140 {
            arrives(&mut harness, id);
            assert_eq!(in_sight(&harness), rows, "{id} at {room:?}");
        }
        assert_eq!(top_of(&harness, rows[0]), Some(top));
        harness.run_steps(2);
        let said = harness.query_by_label_contains("40 new, each in its place");
        assert!(said.is_some(), "at {room:?}");
        assert!(
            harness
                .query_by_label_contains(" new, go to the end")
                .is_none()
        );
    }
}

/// When the history is full, the oldest messages are removed; the rows being read must not move.
#[test]
fn rows_stay_where_they_are_when_earlier_ones_go() {
    for room in ROOMS {
        let mut harness = drawn(room);
        for id in 1..=100 {
            arrives(&mut harness, id);
        }
        wheel(&mut harness, 200.0);
        harness.run_steps(20);
        let rows = in_sight(&harness);
        let top = top_of(&harness, rows[0]);
        for id in 1..=30 {
            let ids = vec![id];
            say(harness.state_mut(), &ToPanel::Evicted { ids });
            harness.step();
            assert_eq!(in_sight(&harness), rows, "{id} at {room:?}");
        }
        assert_eq!(top_of(&harness, rows[0]), top);
    }
}

/// The reason why a widget is silent is shown for as long as it applies, not only in an empty list.
#[test]
fn a_redirected_widget_is_said_while_others_speak() {
    use callscope_bus::FrameInfo;

    let mut harness = drawn(ROOMS[2]);
    let frame = |origin: &str, tapped| FrameInfo {
        origin: origin.to_owned(),
        tapped,
        widget: true,
    };
    let status = |frames| {
        let status = RecorderStatus {
            now: START,
            recording: true,
            frames,
            ..RecorderStatus::default()
        };
        ToPanel::Status { status }
    };
    arrives(&mut harness, 1);
    let silent = frame("http://localhost:9025", false);
    let other = frame("https://dialer.example", true);
    say(
        harness.state_mut(),
        &status(vec![silent.clone(), other.clone()]),
    );
    let effects = harness.state_mut().take_effects();
    assert!(effects.contains(&Effect::FindFrames), "{effects:?}");
    let origins = ["http://127.0.0.1:9025", "https://dialer.example"];
    let origins = origins.map(str::to_owned).to_vec();
    harness.state_mut().handle(Event::Frames { origins });
    arrives(&mut harness, 2);
    let said = |harness: &Drawn| {
        let words = "HubSpot's SYNC to http://localhost:9025 never arrives";
        harness.query_by_label_contains(words).is_some()
    };
    assert!(said(&harness));
    // When frames are added or removed, the panel looks again.
    say(harness.state_mut(), &status(vec![silent]));
    let effects = harness.state_mut().take_effects();
    assert!(effects.contains(&Effect::FindFrames), "{effects:?}");
    assert!(said(&harness));
    say(harness.state_mut(), &status(vec![other]));
    harness.run_steps(2);
    assert!(!said(&harness));
}

/// Where the empty list offers to undo that it was cleared, the notice does not offer it as well.
#[test]
fn to_undo_a_clear_is_offered_once() {
    let mut harness = drawn(ROOMS[2]);
    for id in 1..=5 {
        arrives(&mut harness, id);
    }
    harness.state_mut().perform(Action::Clear);
    for view in [View::Timeline, View::Ladder, View::Calls, View::State] {
        harness.state_mut().perform(Action::ShowView { view });
        harness.run_steps(3);
        let offers = harness.query_all_by_label("Undo clear").count();
        assert_eq!(offers, 1, "{view:?}");
    }
}

/// While recording is paused, arriving messages are counted visibly.
#[test]
fn a_pause_counts_what_comes() {
    for room in [ROOMS[0], egui::vec2(300.0, 180.0)] {
        let mut harness = drawn(room);
        arrives(&mut harness, 1);
        let paused = |passed, recording| {
            let status = RecorderStatus {
                now: START,
                recording,
                passed,
                ..RecorderStatus::default()
            };
            ToPanel::Status { status }
        };
        for (passed, words) in [
            (0, "no message has come since"),
            (41, "41 messages have come since"),
        ] {
            say(harness.state_mut(), &paused(passed, false));
            harness.run_steps(2);
            assert!(harness.query_by_label_contains(words).is_some(), "{words}");
        }
        let resume = harness.query_all_by_label("Resume").last().unwrap();
        assert!(harness.ctx.content_rect().contains_rect(resume.rect()));
        say(harness.state_mut(), &paused(0, true));
        harness.run_steps(2);
        assert!(harness.query_by_label_contains("Paused since").is_none());
    }
}
