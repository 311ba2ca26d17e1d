//! From 300 to 2,500 points wide and from 180 points high, nothing is out of reach, overlapping or
//! cut off, in any view, whatever is shown.

use egui::{Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::hostile::{EVIL, hostile_panel};
use crate::Panel;
use crate::action::{Action, Fold, OtherSession, Overlay, View};
use crate::app::testing::whole_panel;
use crate::layout::tests::problems;
use crate::layout::{Answer, Surveyor};
use crate::model::Model;

/// Docked to the side, to the bottom, in a window, on a wide screen; and as small as DevTools gets.
const SIZES: [Vec2; 13] = [
    vec2(300.0, 180.0),
    vec2(300.0, 280.0),
    vec2(300.0, 420.0),
    vec2(300.0, 900.0),
    vec2(420.0, 640.0),
    vec2(500.0, 200.0),
    vec2(640.0, 320.0),
    vec2(800.0, 180.0),
    vec2(800.0, 600.0),
    vec2(1000.0, 240.0),
    vec2(1280.0, 800.0),
    vec2(2500.0, 180.0),
    vec2(2500.0, 900.0),
];

/// Pixels per point: plain, DevTools' zoom, a dense screen.
const DENSITIES: [f32; 3] = [1.0, 1.25, 2.0];

struct Stage<'a> {
    harness: Harness<'a, Panel>,
    answer: Answer,
    found: Vec<String>,
    /// Only every `step`th size is checked: slow cases are checked in fewer.
    step: usize,
}

impl Stage<'_> {
    fn new(panel: Panel) -> Self {
        let answer = Answer::default();
        let surveyor = Surveyor::new(answer.clone());
        let harness = Harness::builder()
            .with_size(SIZES[0])
            .with_context_setup(move |ctx| {
                crate::theme::apply(ctx);
                ctx.add_plugin(surveyor);
            })
            .allow_missing_glyphs()
            .build_ui_state(|ui, panel: &mut Panel| panel.ui(ui), panel);
        Self {
            harness,
            answer,
            found: Vec::new(),
            step: 1,
        }
    }

    fn perform(&mut self, action: Action) {
        self.harness.state_mut().perform(action);
    }

    /// Checks what is drawn now at all sizes.
    fn look(&mut self, what: &str) {
        for (index, size) in SIZES.into_iter().enumerate().step_by(self.step) {
            let density = DENSITIES[index % DENSITIES.len()];
            self.look_at(what, size, density);
        }
    }

    fn look_at(&mut self, what: &str, size: Vec2, density: f32) {
        self.harness.set_size(size);
        let viewport = self
            .harness
            .input_mut()
            .viewports
            .entry(egui::ViewportId::ROOT);
        viewport.or_default().native_pixels_per_point = Some(density);
        self.harness.run_steps(3);
        for problem in problems(&mut self.harness, &self.answer) {
            let Vec2 { x, y } = size;
            self.found
                .push(format!("{what}, {x}×{y} at {density}: {problem}"));
        }
    }

    /// Checks each view, and with the details of an entry where a view has them.
    fn look_at_all(&mut self, what: &str, selected: Option<u64>) {
        for view in View::ALL {
            self.perform(Action::ShowView { view });
            self.look(&format!("{what}, {}", view.title()));
        }
        let Some(id) = selected else { return };
        for view in [View::Timeline, View::Findings] {
            self.perform(Action::ShowView { view });
            self.perform(Action::Select { id });
            self.look(&format!("{what}, {} with details", view.title()));
        }
    }

    #[track_caller]
    fn finish(self) {
        let count = self.found.len();
        assert!(count == 0, "{count} problems\n{}", self.found.join("\n"));
    }
}

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

/// Selects the message with this number.
fn select(panel: &mut Panel, seq: u64) -> Option<u64> {
    panel.perform(Action::SelectSeq { seq });
    panel.selected()
}

#[test]
fn a_recorded_session_has_room() {
    let mut panel = recorded();
    let finding = panel.snapshot(false).findings[0].seq.unwrap();
    let selected = select(&mut panel, finding);
    panel.perform(Action::Back);
    let mut stage = Stage::new(panel);
    stage.look_at_all("M14", selected);
    stage.finish();
}

/// Two calls, a frame that HubSpot does not sync with, a calling window, and gaps.
fn eventful() -> Panel {
    let mut panel = recorded();
    panel.perform(Action::ImportText {
        name: "eventful.callscope.jsonl".to_owned(),
        text: include_str!("eventful.callscope.jsonl").to_owned(),
    });
    panel
}

#[test]
fn an_eventful_session_has_room() {
    let mut panel = eventful();
    let selected = select(&mut panel, 7);
    panel.perform(Action::Back);
    let mut stage = Stage::new(panel);
    stage.step = 3;
    stage.perform(Action::ShowConversation {
        conversation: Some(3),
    });
    stage.look_at_all("eventful", selected);
    stage.finish();
}

#[test]
fn comparisons_have_room() {
    let mut stage = Stage::new(eventful());
    stage.step = 2;
    let view = View::Calls;
    stage.perform(Action::ShowView { view });
    for call in [1, 2] {
        let (conversation, on) = (1, true);
        stage.perform(Action::PickCall {
            conversation,
            call,
            on,
        });
    }
    stage.look("picked");
    stage.perform(Action::CompareCalls);
    stage.look("two calls");
    let with = OtherSession::Before;
    stage.perform(Action::CompareSession { with });
    stage.look("two sessions");
    stage.finish();
}

#[test]
fn what_the_filter_offers_has_room() {
    for (text, size) in [
        ("sev", vec2(300.0, 420.0)),
        ("type:", vec2(300.0, 420.0)),
        ("", vec2(420.0, 640.0)),
        ("sev", vec2(800.0, 480.0)),
    ] {
        let mut stage = Stage::new(eventful());
        stage.perform(Action::SetFilter {
            text: text.to_owned(),
        });
        stage.harness.set_size(size);
        stage.harness.run_steps(3);
        let field = stage.harness.get_by_label("Filter");
        field.focus();
        stage.harness.run_steps(2);
        stage
            .harness
            .key_press_modifiers(egui::Modifiers::CTRL, egui::Key::Space);
        stage.harness.run_steps(3);
        assert!(
            stage.harness.query_by_label("What can be typed").is_some(),
            "{text}"
        );
        stage.look_at(&format!("offers for {text:?}"), size, 1.0);
        stage.finish();
    }
}

#[test]
fn a_scenario_has_room_before_during_and_after_it_is_played() {
    use crate::model::scenarios::ScenarioAction;
    use crate::model::scenarios::testing::{BUSY, DONE, HANDSHAKE, STARTED, SYNCING, Stand, ended};

    let look = |what: &str, stand: Stand, view: View| {
        let mut stage = Stage::new(Panel::new(stand.model));
        stage.perform(Action::ShowView { view });
        stage.look(what);
        stage.finish();
    };
    let played = |until: usize| {
        let mut stand = Stand::new(BUSY);
        stand.answer(SYNCING);
        stand.act(ScenarioAction::Run);
        stand.answer(DONE);
        stand.page("r2");
        stand.answer(SYNCING);
        stand.says(HANDSHAKE);
        if until > 0 {
            stand.answer(DONE);
            stand.says(STARTED);
        }
        if until > 1 {
            stand.says(&ended("FAILED"));
        }
        stand
    };
    look("elsewhere", Stand::new(BUSY), View::Scenarios);
    look("plays", played(0), View::Scenarios);
    look("by hand", played(1), View::Scenarios);
    look("failed", played(2), View::Scenarios);
    look("failed", played(2), View::Timeline);
}

/// Saved messages and filters: each has a name and a button that removes it, side by side.
#[test]
fn what_is_saved_has_room() {
    let mut panel = Panel::new(Model::default());
    let view = View::Compose;
    panel.perform(Action::ShowView { view });
    let title = "Saved messages".to_owned();
    panel.perform(Action::SetUnfolded {
        fold: Fold::Section { title },
        unfolded: true,
    });
    for name in ["Dial", "Dial Ada ".repeat(8).trim(), &"W".repeat(79)] {
        let name = name.to_owned();
        panel.perform(Action::NameSnippet { name: name.clone() });
        panel.perform(Action::SaveSnippet);
        let text = "type:DIAL_NUMBER".to_owned();
        panel.perform(Action::SetFilter { text });
        panel.perform(Action::SaveFilter { name });
    }
    let mut stage = Stage::new(panel);
    for size in [vec2(300.0, 900.0), vec2(380.0, 900.0), vec2(1100.0, 900.0)] {
        stage.look_at("saved", size, 1.0);
    }
    stage.finish();
}

#[test]
fn an_empty_panel_has_room() {
    let mut stage = Stage::new(Panel::new(Model::default()));
    stage.look_at_all("empty", None);
    stage.finish();
}

#[test]
fn hostile_texts_have_room() {
    let mut stage = Stage::new(hostile_panel(EVIL));
    stage.step = 2;
    stage.look_at_all("hostile, with a wrong filter", None);
    let text = String::new();
    stage.perform(Action::SetFilter { text });
    stage.look_at_all("hostile", Some(4));
    stage.finish();
}

#[test]
fn long_texts_have_room() {
    for (name, text) in [
        ("one word", "W".repeat(600)),
        ("many words", "a few words ".repeat(50)),
    ] {
        let mut panel = hostile_panel(&text);
        let text = String::new();
        panel.perform(Action::SetFilter { text });
        let mut stage = Stage::new(panel);
        stage.step = 4;
        stage.look_at_all(name, Some(5));
        stage.finish();
    }
}

/// Everything that there can be above and below the view.
fn with_bars_and_notices() -> Panel {
    let mut panel = eventful();
    panel.perform(Action::FollowCall {
        conversation: 1,
        call: 1,
    });
    panel.perform(Action::SaveFilter {
        name: "the call".to_owned(),
    });
    panel.perform(Action::SwitchSession);
    panel.perform(Action::SwitchSession);
    panel.perform(Action::ImportText {
        name: "wrong.callscope.jsonl".to_owned(),
        text: "no log ".repeat(20),
    });
    assert!(
        panel
            .model()
            .notices
            .iter()
            .any(|it| it.text.contains("wrong"))
    );
    panel
}

/// With everything there is above and below the view, it keeps its tabs and a few rows.
#[test]
fn bars_and_notices_leave_rows_and_tabs() {
    let mut stage = Stage::new(with_bars_and_notices());
    for size in [vec2(300.0, 180.0), vec2(800.0, 180.0), vec2(300.0, 420.0)] {
        stage.look_at("everything", size, 1.0);
        let harness = &stage.harness;
        let notice = harness.get_by_label("Dismiss").rect();
        let tabs = harness.query_all_by_role(egui::Role::Tab);
        // Those of sessions are above, and may be scrolled away.
        let tabs = tabs.filter(|it| {
            it.accesskit_node()
                .label()
                .is_some_and(|it| it == "Timeline")
        });
        let tab = tabs.map(|it| it.rect()).next().unwrap();
        assert!(tab.bottom() <= notice.top(), "{size}: {tab} {notice}");
        let rows = harness.query_all_by_role(egui::Role::ListItem);
        let whole = rows
            .map(|it| it.rect())
            .filter(|it| it.top() >= tab.bottom() - 1.0 && it.bottom() <= notice.top() + 1.0);
        let count = whole.count();
        assert!(count >= 2, "{count} rows at {size}");
    }
    stage.finish();
}

#[test]
fn menus_have_room() {
    for size in [vec2(300.0, 180.0), vec2(300.0, 420.0), vec2(800.0, 180.0)] {
        for menu in ["More", "More views", "Settings"] {
            let mut stage = Stage::new(recorded());
            stage.harness.set_size(size);
            stage.harness.run_steps(3);
            let Some(button) = stage.harness.query_by_label(menu) else {
                continue;
            };
            button.click();
            stage.harness.run_steps(3);
            stage.look_at(menu, size, 1.0);
            stage.finish();
        }
    }
}

#[test]
fn overlays_have_room() {
    let mut stage = Stage::new(recorded());
    for overlay in [Overlay::Commands, Overlay::Keys, Overlay::Settings] {
        let shown = Some(overlay);
        stage.perform(Action::ShowOverlay { overlay: shown });
        stage.look(&format!("{overlay:?}"));
        stage.look_at(&format!("{overlay:?}"), vec2(300.0, 640.0), 1.0);
    }
    stage.finish();
}

#[test]
fn the_selected_row_stays_in_sight() {
    use std::fmt::Write as _;

    let mut trace = String::new();
    for index in 0..60 {
        let line = format!(r#"host {{"type":"DIAL_NUMBER","messageId":"17_{index}"}}"#);
        writeln!(trace, "{line}").unwrap();
    }
    let text = crate::model::testing::log(&crate::model::testing::source(&trace));
    let mut panel = Panel::new(Model::default());
    let name = "x".to_owned();
    panel.perform(Action::ImportText { name, text });
    let mut harness = whole_panel(panel, vec2(800.0, 640.0));
    harness.run();
    // The list follows its end; the click opens the details below, then the panel gets lower and
    // lower.
    let label = |harness: &Harness<'_, Panel>| {
        let rows = harness.query_all_by_role(egui::Role::ListItem);
        let mut selected = rows.filter(|row| {
            row.accesskit_node()
                .toggled()
                .is_some_and(|it| it == egui::accesskit::Toggled::True)
        });
        let row = selected.next()?;
        Some((row.accesskit_node().label()?, row.rect()))
    };
    let first = harness
        .query_all_by_role(egui::Role::ListItem)
        .nth(2)
        .unwrap();
    first.click();
    harness.run();
    let (clicked, _) = label(&harness).unwrap();
    for height in [640.0, 400.0, 300.0, 240.0, 500.0, 280.0] {
        harness.set_size(vec2(800.0, height));
        harness.run_steps(3);
        let (selected, rect) = label(&harness).unwrap_or_else(|| panic!("gone at {height}"));
        assert_eq!(selected, clicked);
        assert!(rect.bottom() < height, "{rect:?} at {height}");
    }
}

/// A banner takes the room above a row that can be seen only because the list is at its end.
#[test]
fn the_selected_row_stays_in_sight_when_a_banner_comes() {
    for view in [View::Timeline, View::Ladder] {
        selected_below_a_banner(view);
    }
}

#[track_caller]
fn selected_below_a_banner(view: View) {
    use std::fmt::Write as _;

    let mut trace = String::new();
    for index in 0..60 {
        let line = format!(r#"host {{"type":"DIAL_NUMBER","messageId":"17_{index}"}}"#);
        writeln!(trace, "{line}").unwrap();
    }
    let mut panel = Panel::new(crate::model::testing::live(&trace));
    panel.perform(Action::ShowView { view });
    let size = vec2(380.0, 500.0);
    let mut harness = whole_panel(panel, size);
    harness.run_steps(3);
    let row = harness.query_all_by_role(egui::Role::ListItem).nth(1);
    row.unwrap().click();
    harness.run_steps(3);
    for action in [Action::Back, Action::FollowTail] {
        harness.state_mut().perform(action);
        harness.run_steps(3);
    }
    let origin = "http://127.0.0.1:8155".to_owned();
    harness.state_mut().handle(crate::event::Event::SeesInside {
        origins: vec![origin],
        failure: None,
    });
    harness.run_steps(4);
    let banner = harness.get_by_label("Seeing inside 127.0.0.1:8155").rect();
    let stop = harness.get_by_label("Stop seeing inside").rect();
    assert!(
        banner.height() < 20.0 && stop.right() <= size.x,
        "{banner} {stop}"
    );
    let mut rows = harness.query_all_by_role(egui::Role::ListItem);
    let is_selected = |row: &egui_kittest::Node<'_>| {
        row.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    let selected = rows.find(is_selected).unwrap().rect();
    assert!(selected.top() > stop.bottom(), "{selected}");
}

/// The lines of text that are painted, with their places and whether they are cut at the top or
/// the bottom.
fn painted<'a>(
    harness: &'a Harness<'_, Panel>,
) -> impl Iterator<Item = (&'a str, egui::Rect, bool)> {
    harness.output().shapes.iter().filter_map(|it| {
        let egui::Shape::Text(text) = &it.shape else {
            return None;
        };
        let rect = text.galley.rect.translate(text.pos.to_vec2());
        let ink = rect.shrink2(vec2(0.0, 4.0));
        let seen = it.clip_rect.y_range().intersection(ink.y_range());
        let is_seen = seen.span() > 0.5;
        is_seen.then(|| (text.galley.text(), rect, seen.span() < ink.height() - 0.5))
    })
}

#[test]
fn a_bar_is_whole_or_not_there() {
    for size in [vec2(300.0, 180.0), vec2(380.0, 300.0), vec2(800.0, 180.0)] {
        let mut stage = Stage::new(with_bars_and_notices());
        stage.harness.set_size(size);
        stage.harness.run_steps(4);
        for scrolled in [0.0, 10.0, 17.0, 300.0] {
            let harness = &mut stage.harness;
            harness.hover_at(egui::pos2(150.0, 35.0));
            harness.event(egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: vec2(0.0, -scrolled),
                modifiers: egui::Modifiers::NONE,
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
            });
            harness.run_steps(12);
            let tabs = harness.query_all_by_role(egui::Role::Tab);
            let mut tabs = tabs.filter(|it| {
                let label = it.accesskit_node().label();
                label.is_some_and(|it| it == "Timeline")
            });
            let tab = tabs.next().unwrap().rect();
            let cut = painted(harness)
                .filter(|(_, rect, is_cut)| *is_cut && rect.top() < tab.top() && rect.top() > 20.0);
            let cut: Vec<_> = cut.collect();
            assert!(cut.is_empty(), "{size}, {scrolled}: {cut:?}");
        }
    }
}

#[test]
fn beside_the_details_there_are_at_least_the_tabs() {
    let mut panel = recorded();
    select(&mut panel, 3);
    let mut stage = Stage::new(panel);
    for size in [vec2(300.0, 180.0), vec2(300.0, 200.0)] {
        stage.look_at("details", size, 1.0);
        let tabs = stage.harness.query_all_by_role(egui::Role::Tab);
        let mut labels = tabs.filter_map(|it| it.accesskit_node().label());
        assert!(labels.any(|it| it == "Timeline"), "{size}");
    }
    stage.finish();
}

/// The room that a short list leaves.
#[test]
fn what_is_wrong_is_whole_where_the_list_is_short() {
    let trace = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://localhost"}
        widget {"type":"INITIALIZED","messageId":"17_2","data":{"isLoggedIn":false}}
    "#;
    let mut stage = Stage::new(Panel::new(crate::model::testing::live(trace)));
    for size in [vec2(300.0, 280.0), vec2(380.0, 300.0), vec2(640.0, 220.0)] {
        stage.look_at("ignored", size, 1.0);
        let fix = "it needs a messageId and the origin that SYNC_ACK names.";
        let wrong = stage.harness.output().shapes.iter().any(|it| {
            let egui::Shape::Text(text) = &it.shape else {
                return false;
            };
            let words: Vec<&str> = text.galley.text().split_whitespace().collect();
            !text.galley.elided && words.join(" ").contains(fix)
        });

        assert!(wrong, "{size}");
    }
    stage.finish();
}
