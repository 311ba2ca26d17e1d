//! The tabs above the list.

use callscope_session_view::words;
use egui::{
    Align2, EventFilter, Key, Margin, Modifiers, Response, Role, Sense, Stroke, Ui, WidgetInfo,
    pos2, vec2,
};

use super::parts::{
    Actions, background, bar_height, cut_galley, framed_bar_ui, icon_ui, menu_ui, place, steady_ui,
    text_width,
};
use crate::action::{Action, View};
use crate::icons::Icon;
use crate::keys;
use crate::theme::{self, Palette, size};

/// Draws the tabs. Those that do not fit are in a menu at the end; the shown view's tab is always
/// visible.
pub(crate) fn tabs_ui(ui: &mut Ui, shown: View, findings: usize, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let texts = View::ALL.map(|view| text(view, findings));
    let margin = if ui.available_width() < size::TWO_LINES {
        3.0 * size::STEP
    } else {
        6.0 * size::STEP
    };
    let widths: Vec<f32> = texts.iter().map(|it| text_width(ui, it) + margin).collect();
    let current = View::ALL.iter().position(|view| *view == shown);
    let room = ui.available_width();
    let fitting = fitting(&widths, current.unwrap_or(0), room, size::CONTROL);
    framed_bar_ui(ui, palette.panel, Margin::ZERO, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
            let mut tabs = Vec::new();
            for index in &fitting {
                let view = View::ALL[*index];
                let (text, width) = (&texts[*index], widths[*index]);
                let tab = tab_ui(ui, text, width, view.title(), shown == view, view.tooltip());
                if tab.clicked() {
                    actions.push(Action::ShowView { view });
                }
                tabs.push(tab);
            }
            arrows_between(ui, &tabs);
            if fitting.len() < View::ALL.len() {
                let button = steady_ui(ui, "more views", |ui| {
                    icon_ui(ui, Icon::More, palette.text, "More views").on_hover_text("More views")
                });
                menu_ui(&button, |ui| {
                    let left_out = (0..View::ALL.len()).filter(|it| !fitting.contains(it));
                    for index in left_out {
                        let view = View::ALL[index];
                        let response = ui
                            .selectable_label(false, &texts[index])
                            .on_hover_text(view.tooltip());
                        if response.clicked() {
                            actions.push(Action::ShowView { view });
                            ui.close();
                        }
                    }
                });
            }
        });
    });
}

/// Which tabs fit, in their order: the first ones and `current`, leaving `more` for the menu if not
/// all fit.
fn fitting(widths: &[f32], current: usize, room: f32, more: f32) -> Vec<usize> {
    if widths.iter().sum::<f32>() <= room {
        return (0..widths.len()).collect();
    }
    let mut left = room - more - widths.get(current).copied().unwrap_or_default();
    let mut fitting = vec![current];
    for (index, width) in widths.iter().enumerate() {
        if index == current {
            continue;
        }
        left -= width;
        if left < 0.0 {
            break;
        }
        fitting.push(index);
    }
    fitting.sort_unstable();
    fitting
}

fn text(view: View, findings: usize) -> String {
    match view {
        View::Findings if findings > 0 => {
            format!("{} ({})", view.title(), words::count(findings as u64))
        }
        _ => view.title().to_owned(),
    }
}

/// Lets the arrow keys go from tab to tab.
pub(super) fn arrows_between(ui: &Ui, tabs: &[Response]) {
    let Some(at) = tabs.iter().position(Response::has_focus) else {
        return;
    };
    // Otherwise they would go to what is drawn nearest.
    let filter = EventFilter {
        horizontal_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|it| it.set_focus_lock_filter(tabs[at].id, filter));
    let [left, right] = [Key::ArrowLeft, Key::ArrowRight]
        .map(|key| ui.input_mut(|input| keys::take(input, Modifiers::NONE, key)));
    let count = tabs.len();
    let to = (at + right + left * (count - 1)) % count;
    if to != at {
        tabs[to].request_focus();
    }
}

/// Draws a tab with this text and the accessible name `name`.
pub(super) fn tab_ui(
    ui: &mut Ui,
    text: &str,
    width: f32,
    name: &str,
    is_shown: bool,
    help: &str,
) -> Response {
    let palette = Palette::of(ui);
    let color = if is_shown { palette.text } else { palette.weak };
    let galley = cut_galley(ui, text, theme::body(), color, width);
    let size = vec2(width, bar_height(ui) - size::STEP);
    let (rect, response) = steady_ui(ui, ("tab", name), |ui| {
        ui.allocate_exact_size(size, Sense::click())
    });
    response.widget_info(|| WidgetInfo::selected(Role::Tab, ui.is_enabled(), is_shown, name));
    background(ui, rect, &response);
    place(ui.painter(), rect.center(), Align2::CENTER_CENTER, galley);
    if is_shown {
        let stroke = Stroke::new(2.0, palette.accent);
        let line = [
            pos2(rect.left(), rect.bottom() - 1.0),
            pos2(rect.right(), rect.bottom() - 1.0),
        ];
        ui.painter().line_segment(line, stroke);
    }
    response.on_hover_text(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_findings_are_counted_as_elsewhere() {
        assert_eq!(text(View::Findings, 1308), "Findings (1,308)");
        assert_eq!(text(View::Findings, 0), "Findings");
    }

    #[test]
    fn the_shown_tab_is_always_among_them() {
        let widths = [50.0, 60.0, 40.0, 70.0];
        assert_eq!(fitting(&widths, 0, 220.0, 20.0), [0, 1, 2, 3]);
        assert_eq!(fitting(&widths, 0, 219.0, 20.0), [0, 1, 2]);
        assert_eq!(fitting(&widths, 3, 200.0, 20.0), [0, 1, 3]);
        assert_eq!(fitting(&widths, 3, 80.0, 20.0), [3]);
    }
}
