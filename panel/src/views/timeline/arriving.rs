//! The whole panel while messages arrive with each frame that is drawn, and its room changes.

use callscope_bus::{Record, RecorderStatus, ToPanel, encode};
use callscope_protocol::Millis;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::Panel;
use crate::action::{Action, Move};
use crate::event::Event;
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

/// A panel at a page, docked or not.
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

/// The numbers of the messages whose rows are in sight, whole.
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
            // Each is a millisecond after the one before.
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

/// Docked right, docked at the bottom and undocked.
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
                // A wheel that turns down at the end asks for nothing else.
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

        // Turning the wheel to the end does the same.
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

/// Notices lie over the view: nothing moves, and they never cover the newest row.
#[test]
fn notices_push_nothing_and_spare_the_newest_row() {
    for room in ROOMS {
        let mut harness = drawn(room);
        for id in 1..=60 {
            arrives(&mut harness, id);
        }
        let rows = in_sight(&harness);
        let list = harness.get_by_role_and_label(egui::Role::List, "Timeline");
        let list = list.rect();
        for number in 0..9 {
            harness.state_mut().handle(Event::SaveFailed {
                name: format!("{number}.callscope.jsonl"),
                reason: "the disk is full, and nobody knows for how long that will go on".into(),
            });
        }
        harness.step();
        harness.step();
        assert_eq!(in_sight(&harness), rows, "at {room:?}");
        let now = harness.get_by_role_and_label(egui::Role::List, "Timeline");
        assert_eq!(now.rect(), list, "at {room:?}");
        let newest = list.bottom() - 20.0;
        let notices = harness.query_all_by_label_contains("the disk is full");
        let mut count = 0;
        for notice in notices {
            count += 1;
            let seen = notice.rect().intersect(harness.ctx.content_rect());
            // What is further down is scrolled to.
            assert!(count > 1 || seen.bottom() <= newest, "{seen:?} in {list:?}");
        }
        assert!(count > 0);
    }
}

/// What was hidden and is shown again is not new.
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
    // 2,000 were seen by that drawing.
    assert!(harness.state().is_filtering());
    assert!(harness.state_mut().go_on());
    assert!(!harness.state_mut().go_on());
    harness.step();
    assert_eq!(harness.state().progress().status.hidden, 5_000);
    assert!(!harness.state().is_filtering());
}
