//! Messages in session order. Only visible rows are laid out.

#[cfg(test)]
mod arriving;
pub(super) mod following;
mod header;
mod layout;
mod menu;
mod overview;
mod row;
#[cfg(test)]
mod table;
mod ties;

use std::ops::Range;
use std::rc::Rc;

use callscope_session_view::rows::RowText;
use callscope_session_view::words;
use egui::{Id, Rect, ScrollArea, Sense, Ui, UiBuilder, Vec2, pos2, vec2};

use super::parts::{Actions, keep_arrows, rows_in};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::columns::{Clock, ColumnSettings};
use crate::model::timeline::{Overview, RowMenu, TiedRow};
use crate::still::Rows;
use crate::theme::{Palette, size};

pub(crate) use header::{HeaderData, columns_ui, header_ui};
use layout::Layout;
pub(crate) use menu::open as open_menu;
use row::{RowContext, row_ui};

/// What the timeline shows.
pub(crate) struct TimelineData<'a> {
    pub(crate) row_count: usize,
    /// Makes the texts of some rows.
    pub(crate) describe: &'a dyn Fn(Range<usize>) -> Vec<RowText>,
    /// The row of the selected entry.
    pub(crate) selected: Option<usize>,
    /// Whether the row at a place is selected, alone or with others.
    pub(crate) is_selected: &'a dyn Fn(usize) -> bool,
    /// The present place of the row with an id.
    pub(crate) place_of: &'a dyn Fn(u64) -> Option<usize>,
    /// The row of the selected entry, if it is to be scrolled into view.
    pub(crate) reveal: Option<usize>,
    /// Whether to stay at the end.
    pub(crate) follows: bool,
    /// How many messages have arrived since the user scrolled away from the end.
    pub(crate) new_count: u64,
    /// What is drawn besides the rows.
    pub(crate) beside: Beside,
}

/// What is drawn besides the rows.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub(crate) columns: ColumnSettings,
    pub(crate) clock: Clock,
    /// The rows with the request or the answers of the selected message.
    pub(crate) tied: Vec<TiedRow>,
    pub(crate) overview: Rc<Overview>,
    /// The open context menu.
    pub(crate) menu: Option<RowMenu>,
    /// A row to scroll to the middle.
    pub(crate) jump: Option<usize>,
    /// The row where a scenario failed, and the reason.
    pub(crate) failure: Option<(usize, String)>,
}

/// The most characters of a tooltip.
const LONGEST_TOOLTIP: usize = 1_000;

/// The id of the list, for keyboard focus.
pub(crate) fn list_id() -> Id {
    Id::unique("callscope timeline")
}

/// The least height of the list, even where the bars leave less: its end is computed from it.
const LEAST_HEIGHT: f32 = size::ROW;

/// The height of the strip that says that there are new messages.
const STRIP: f32 = size::ROW;

/// How much of the list is seen.
pub(crate) struct InSight {
    /// How many rows fit, at least one.
    pub(crate) fitting: usize,
    /// The places of the rows.
    pub(crate) places: Range<usize>,
}

/// Draws the timeline, its rows as they were as far as `kept` says so.
pub(crate) fn timeline_ui(
    ui: &mut Ui,
    data: &TimelineData<'_>,
    kept: &mut Rows,
    actions: &mut Actions,
) -> InSight {
    let palette = Palette::of(ui);
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, palette.bg);
    list_focus_ui(ui, rect, "Timeline");
    (ui.ctx()).accesskit_node_builder(list_id(), |it| {
        it.set_row_count(data.row_count);
        it.set_multiselectable();
    });
    ui.spacing_mut().item_spacing = Vec2::ZERO;

    let content = data.row_count as f32 * size::ROW;
    let id = ui.scope_id().with("offset");
    let (before, held) = ui
        .data(|it| it.get_temp::<(f32, Held)>(id))
        .unwrap_or_default();
    let stayed = held.offset(data).unwrap_or(before);
    let (list, strip) = strip_of(rect, data, content - stayed);
    let height = list.height().max(LEAST_HEIGHT);
    let end = (content - height).max(0.0);
    let before = stayed.clamp(0.0, end);
    let wanted = match (data.reveal, data.beside.jump) {
        (_, Some(row)) => Some(row as f32 * size::ROW - height / 2.0),
        (Some(row), None) => Some(reveal(row, before, height)),
        (None, None) if data.follows => Some(end),
        // Rows may have been inserted or removed above the visible ones.
        (None, None) => held.is_elsewhere(stayed).then_some(stayed),
    };

    let mut area = ScrollArea::vertical()
        .auto_shrink(false)
        .min_scrolled_height(LEAST_HEIGHT)
        .id_salt("timeline");
    if let Some(wanted) = wanted {
        area = area.vertical_scroll_offset(wanted.clamp(0.0, end));
    }
    let wheel = following::wheel(ui, list);
    let output = ui
        .scope_builder(UiBuilder::new().max_rect(list), |ui| {
            ui.shrink_clip_rect(ui.max_rect());
            area.show_viewport(ui, |ui, viewport| {
                rows_ui(ui, viewport, list.width(), data, kept, actions)
            })
        })
        .inner;
    let Beside {
        columns,
        overview,
        menu,
        ..
    } = &data.beside;
    if end > 0.0 {
        let place = overview::place(output.inner_rect);
        overview::overview_ui(ui, place, overview, data.row_count, actions);
    }
    let Drawn {
        of_menu,
        places,
        ids,
    } = output.inner;
    if let Some(menu) = menu {
        menu::menu_ui(ui, menu, of_menu, columns, actions);
    }

    let offset = output.state.clamped_offset().y;
    let held = Held::new(ids, offset);
    ui.data_mut(|it| it.insert_temp(id, (offset, held)));
    let moved = following::Moved {
        offset,
        end: (output.content_size.y - output.inner_rect.height()).max(0.0),
        wheel,
        is_dragged: following::is_dragged(ui, output.id),
        is_moving: output.state.velocity().y != 0.0,
    };
    actions.extend(moved.asks_for(data.follows));
    if let Some(strip) = strip {
        new_ui(ui, strip, data.new_count, actions);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number"
    )]
    let fitting = (height / size::ROW).floor().max(1.0) as usize;
    InSight { fitting, places }
}

/// The rows that were visible, and where, so that they stay in place when others are inserted or
/// removed above them: late or evicted messages, or rows of a sorted list.
#[derive(Clone, Debug, Default)]
struct Held {
    /// The ids and places of the rows that were fully visible, the selected one first.
    rows: Vec<(u64, usize)>,
    offset: f32,
}

impl Held {
    fn new(mut rows: Vec<(u64, usize)>, offset: f32) -> Self {
        rows.retain(|(_, place)| *place as f32 * size::ROW >= offset - 0.5);
        Self { rows, offset }
    }

    /// The offset that keeps the rows where they were.
    fn offset(&self, data: &TimelineData<'_>) -> Option<f32> {
        let found = |(id, before): &(u64, usize)| Some(((data.place_of)(*id)?, *before));
        let (now, before) = self.rows.iter().find_map(found)?;
        Some(self.offset + (now as f32 - before as f32) * size::ROW)
    }

    fn is_elsewhere(&self, offset: f32) -> bool {
        (offset - self.offset).abs() > 0.5
    }
}

/// The rows that were drawn.
struct Drawn {
    /// Where the row with the open menu is.
    of_menu: Option<Rect>,
    places: Range<usize>,
    /// The ids and places of the rows, the selected one first.
    ids: Vec<(u64, usize)>,
}

/// Draws the visible rows.
fn rows_ui(
    ui: &mut Ui,
    viewport: Rect,
    list_width: f32,
    data: &TimelineData<'_>,
    kept: &mut Rows,
    actions: &mut Actions,
) -> Drawn {
    ui.set_height(data.row_count as f32 * size::ROW);
    let top = ui.max_rect().top();
    let beside = &data.beside;
    let left = ui.max_rect().left();
    let digit = super::parts::mono_width(ui);
    let layout = Layout::new(&beside.columns, list_width, digit);
    let mut of_menu = None;
    let mut ids = Vec::new();
    let places = rows_in(viewport, data.row_count);
    kept.retain(&places);
    let width = ui.max_rect().width();
    let rect_of = |place: usize| {
        let y = top + place as f32 * size::ROW;
        Rect::from_min_size(pos2(left, y), vec2(width, size::ROW))
    };
    let mut next = places.start;
    while next < places.end {
        if kept.has(ui, next, rect_of(next)) {
            ids.extend(kept.paint(ui, next, rect_of(next)).map(|id| (id, next)));
            next += 1;
            continue;
        }
        let first = next;
        while next < places.end && !kept.has(ui, next, rect_of(next)) {
            next += 1;
        }
        for (row, place) in (data.describe)(first..next).iter().zip(first..) {
            let tie = beside.tied.iter().find(|it| it.place == place);
            let context = RowContext {
                place,
                layout: &layout,
                clock: beside.clock,
                is_selected: (data.is_selected)(place),
                is_lead: data.selected == Some(place),
                tie: tie.map(|tie| ties::words(*tie)),
                failure: (beside.failure.as_ref())
                    .filter(|(failed, _)| *failed == place)
                    .map(|(_, words)| words),
            };
            let rect = rect_of(place);
            kept.draw(ui, (place, row.id), rect, |ui| {
                row_ui(ui, rect, &context, row, actions)
            });
            ids.push((row.id, place));
            if beside.menu.as_ref().is_some_and(|it| it.open.id == row.id) {
                of_menu = Some(rect);
            }
        }
    }
    if let Some(selected) = data.selected {
        ids.sort_by_key(|(_, place)| *place != selected);
        let middle = |place: usize| top + (place as f32 + 0.5) * size::ROW;
        ties::ties_ui(ui, left, &beside.tied, middle(selected), middle);
    }
    Drawn {
        of_menu,
        places,
        ids,
    }
}

/// The room for the rows, and below it that for "12 new", which covers none of them; `left` is the
/// height of the rows from the first visible one to the end.
fn strip_of(rect: Rect, data: &TimelineData<'_>, left: f32) -> (Rect, Option<Rect>) {
    let is_needed = !data.follows && data.new_count > 0 && left > rect.height() + 0.5;
    if !is_needed {
        return (rect, None);
    }
    let (list, strip) = rect.split_top_bottom_at_y(rect.bottom() - STRIP);
    (list, Some(strip))
}

/// Lets a list take keyboard focus, and keeps the arrow keys for it.
pub(crate) fn list_focus_ui(ui: &Ui, rect: Rect, name: &str) {
    let response = ui.interact(rect, list_id(), Sense::FOCUSABLE | Sense::CLICK);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::List, true, name));
    if response.clicked() {
        response.request_focus();
    }
    keep_arrows(ui, list_id());
}

/// The offset nearest to the present one at which the row is visible.
fn reveal(row: usize, offset: f32, height: f32) -> f32 {
    let top = row as f32 * size::ROW;
    let bottom = top + size::ROW;
    if top < offset {
        // A row of context above.
        top - size::ROW
    } else if bottom > offset + height {
        bottom - height + size::ROW
    } else {
        offset
    }
}

/// Draws "12 new", which takes the user back to the end.
fn new_ui(ui: &Ui, strip: Rect, new_count: u64, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.painter().rect_filled(strip, 0.0, palette.header);
    let divider = egui::Stroke::new(1.0, palette.divider);
    (ui.painter()).hline(strip.x_range(), strip.top() + 0.5, divider);
    let text = format!("{} new", words::count(new_count));
    let response = ui.interact(strip, ui.scope_id().with("new"), Sense::click());
    let label = format!("{text}, go to the end");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &label));
    super::parts::background(ui, strip, &response);
    let galley = super::parts::galley(ui, &text, crate::theme::body(), palette.accent);
    let at = strip.center() + vec2(size::ICON / 2.0, 0.0);
    let text = super::parts::place(ui.painter(), at, egui::Align2::CENTER_CENTER, galley);
    let icon = crate::icons::slot(strip, text.left() - size::ICON - 2.0);
    Icon::Down.paint(ui.painter(), icon, palette.accent);
    let help = Action::FollowTail.help(ui.ctx());
    if response.on_hover_text(help).clicked() {
        actions.push(Action::FollowTail);
    }
}

#[cfg(test)]
mod tests {
    use callscope_protocol::{Millis, Severity, Side};
    use callscope_session_view::rows::{Mark, MessageRow, RowBody, Run};
    use egui::Role;
    use egui_kittest::Harness;
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::*;

    fn rows(range: Range<usize>) -> Vec<RowText> {
        range
            .map(|index| RowText {
                id: index as u64 + 1,
                seq: Some(index as u64 + 1),
                at: Millis(0.0),
                time: format!("{index:06}"),
                delta: None,
                body: RowBody::Message(MessageRow {
                    from: Side::Host,
                    injected: false,
                    truncated: None,
                    size: 60,
                    type_name: "DIAL_NUMBER".to_owned(),
                    summary: "+1".to_owned(),
                    call: None,
                    answers: None,
                    run: (index == 2).then_some(Run {
                        count: 40,
                        span: Millis(4000.0),
                        reports: 0,
                    }),
                }),
                mark: None,
                conversation: None,
                fold: (index == 2).then_some(false),
                is_member: false,
            })
            .collect()
    }

    fn data(row_count: usize, describe: &dyn Fn(Range<usize>) -> Vec<RowText>) -> TimelineData<'_> {
        TimelineData {
            row_count,
            describe,
            selected: None,
            is_selected: &|_| false,
            place_of: &|_| None,
            reveal: None,
            follows: true,
            new_count: 0,
            beside: Beside::default(),
        }
    }

    #[test]
    fn a_click_selects_the_message() {
        let mut harness = Harness::new_ui_state(
            |ui, actions| {
                timeline_ui(ui, &data(3, &rows), &mut Rows::default(), actions);
            },
            Actions::new(),
        );
        harness.get_by_label("000001 host DIAL_NUMBER, +1").click();
        harness.run();
        assert_eq!(harness.state(), &[Action::Select { id: 2 }]);
    }

    #[test]
    fn a_hundred_thousand_rows_cost_as_much_as_those_in_sight() {
        let described = std::cell::Cell::new(0);
        let describe = |range: Range<usize>| {
            described.set(range.len());
            rows(range)
        };
        let mut harness = Harness::builder()
            .with_size(vec2(600.0, 400.0))
            .build_ui(|ui| {
                let kept = &mut Rows::default();
                timeline_ui(ui, &data(100_000, &describe), kept, &mut Actions::new());
            });
        harness.run();
        assert!(described.get() < 30, "{}", described.get());
        // The list follows its end.
        assert!(
            harness
                .query_by_label("099999 host DIAL_NUMBER, +1")
                .is_some()
        );
    }

    #[test]
    fn following_goes_on_where_bars_leave_little_room() {
        for height in [10.0, 50.0, 70.0] {
            let mut harness = Harness::builder()
                .with_size(vec2(600.0, height))
                .build_ui_state(
                    |ui, actions: &mut Actions| {
                        timeline_ui(ui, &data(1000, &rows), &mut Rows::default(), actions);
                    },
                    Actions::new(),
                );
            harness.run_steps(3);
            assert_eq!(harness.state(), &[], "at {height}");
        }
    }

    #[test]
    fn following_goes_on_while_rows_and_room_change() {
        let mut harness = Harness::builder()
            .with_size(vec2(600.0, 640.0))
            .with_context_setup(crate::theme::apply)
            .build_ui_state(
                |ui, (count, actions): &mut (usize, Actions)| {
                    timeline_ui(ui, &data(*count, &rows), &mut Rows::default(), actions);
                },
                (3, Actions::new()),
            );
        for (count, height) in [
            (3, 640.0),
            (30, 640.0),
            (31, 300.0),
            (31, 100.0),
            (500, 560.0),
            (4, 560.0),
            (1000, 640.0),
            (1000, 200.0),
            (1000, 700.0),
        ] {
            harness.state_mut().0 = count;
            harness.set_size(vec2(600.0, height));
            harness.run_steps(3);
            assert_eq!(harness.state().1, [], "{count} rows, {height} high");
            let last = format!("{:06} ", count - 1);
            assert!(harness.query_by_label_contains(&last).is_some(), "{last}");
        }
    }

    /// The texts drawn in a list this wide, and what the pointer is told on the first row.
    fn told(width: f32, severity: Severity) -> (Vec<String>, Option<String>) {
        told_at(width / 2.0, width, severity, "DIAL_NUMBER")
    }

    /// The same with the pointer at `x`, for a row of this type.
    fn told_at(
        x: f32,
        width: f32,
        severity: Severity,
        type_name: &str,
    ) -> (Vec<String>, Option<String>) {
        let describe = |range: Range<usize>| {
            let mut rows = rows(range);
            if let Some(row) = rows.first_mut() {
                if let RowBody::Message(message) = &mut row.body {
                    type_name.clone_into(&mut message.type_name);
                }
                row.mark = Some(Mark {
                    severity,
                    message: SENTENCE.to_owned(),
                    count: 1,
                });
            }
            rows
        };
        let answer = crate::layout::Answer::default();
        let surveyor = crate::layout::Surveyor::new(answer.clone());
        let mut harness = Harness::builder()
            .with_size(vec2(width, 100.0))
            .with_context_setup(move |ctx| {
                crate::theme::apply(ctx);
                ctx.add_plugin(surveyor);
            })
            .build_ui(|ui| {
                let kept = &mut Rows::default();
                timeline_ui(ui, &data(1, &describe), kept, &mut Actions::new());
            });
        harness.run();
        _ = answer.ask();
        harness.step();
        let texts = answer.ask().unwrap().texts.into_iter();
        let texts = texts.map(|(text, _)| text).collect();
        harness.hover_at(pos2(x, 10.0));
        harness.run_steps(6);
        let tooltips = harness.query_all_by_label_contains(SENTENCE);
        let mut labels = tooltips.filter(|it| it.accesskit_node().role() == Role::Label);
        let tooltip = labels.next().and_then(|it| it.accesskit_node().value());
        (texts, tooltip)
    }

    const SENTENCE: &str = "DIAL_NUMBER is repeated with the same number";

    #[test]
    fn a_note_stands_after_the_summary_where_there_is_room() {
        let rest = "is repeated with the same number";
        let (texts, tooltip) = told(1000.0, Severity::Note);
        let place = |text: &str| texts.iter().position(|it| it == text);
        assert!(
            place("+1").is_some() && place("+1") < place(rest),
            "{texts:?}"
        );
        assert_eq!(tooltip, None, "it can be read");
        let (texts, _) = told(1000.0, Severity::Error);
        let place = |text: &str| texts.iter().position(|it| it == text);
        assert!(
            place(rest).is_some() && place(rest) < place("+1"),
            "{texts:?}"
        );
    }

    #[test]
    fn where_the_type_is_cut_it_is_told_with_the_finding() {
        const TYPE: &str = "CREATE_ENGAGEMENT_SUCCEEDED";
        for severity in [Severity::Note, Severity::Error] {
            let texts = told_at(0.0, 300.0, severity, TYPE).0;
            assert!(!texts.iter().any(|it| it == TYPE), "{texts:?}");
            let tooltips = (0..300)
                .step_by(20)
                .filter_map(|x| told_at(x as f32, 300.0, severity, TYPE).1);
            let with_type = tooltips.filter(|it| *it == format!("{TYPE}\n{SENTENCE}"));
            assert!(with_type.count() > 2, "{severity}");
        }
    }

    #[test]
    fn what_has_no_room_is_told_on_its_row() {
        for severity in [Severity::Note, Severity::Error] {
            for width in [300.0, 380.0] {
                let (texts, tooltip) = told(width, severity);
                assert!(!texts.iter().any(|it| it.ends_with("number")), "{texts:?}");
                assert_eq!(tooltip.as_deref(), Some(SENTENCE), "{severity} at {width}");
            }
        }
    }

    #[test]
    fn of_an_error_the_sentence_comes_first_in_a_narrow_panel() {
        for width in [380.0, 420.0, 480.0, 600.0] {
            let (texts, _) = told(width, Severity::Error);
            let place = |begin: &str| texts.iter().position(|it| it.starts_with(begin));
            let sentence = place("is rep");
            assert!(sentence.is_some(), "{width}: {texts:?}");
            let summary = place("+1").filter(|it| Some(*it) < sentence);
            assert_eq!(summary, None, "{width}: {texts:?}");
        }
    }

    #[test]
    fn scrolling_up_stops_following() {
        let mut harness = Harness::builder()
            .with_size(vec2(600.0, 400.0))
            .build_ui_state(
                |ui, actions: &mut Actions| {
                    timeline_ui(ui, &data(1000, &rows), &mut Rows::default(), actions);
                },
                Actions::new(),
            );
        harness.run();
        assert!(harness.state().is_empty());
        harness.hover_at(pos2(100.0, 100.0));
        harness.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, 200.0),
            modifiers: egui::Modifiers::NONE,
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
        });
        harness.run_steps(3);
        assert_eq!(harness.state().first(), Some(&Action::StopFollowing));
    }
}
