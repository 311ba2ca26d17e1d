//! The list of findings, and the details beside it.

mod detail;
mod rule;

#[cfg(test)]
mod tests;

use callscope_protocol::Millis;
use callscope_session_view::finding_list::{FindingLine, Heading, HeadingOf, ListLine};
use callscope_session_view::{columns, words};
use egui::{
    Align2, Rect, Response, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use super::parts::{
    Actions, Pick, background_of, bar_ui, cut_galley, galley, heading_ui, link_ui, mono_width,
    place, prose_ui, radio_group, rows_in, scroll_area, text_width, triangle_ui,
};
use super::row_menu::{RowMenu, list_has_keyboard, row_menu_ui};
use super::timeline::{list_focus_ui, list_id};
use crate::action::{Action, Fold, Grouping};
use crate::icons::{Icon, slot};
use crate::model::FindingsData;
use crate::theme::{self, Palette, size};

pub(crate) use detail::finding_detail_ui;

/// What the list of findings shows.
pub(crate) struct FindingsList<'a> {
    pub(crate) data: &'a FindingsData,
    /// Makes the text of a finding, given its index in the session.
    pub(crate) describe: &'a dyn Fn(usize) -> Option<FindingLine>,
    pub(crate) time: &'a dyn Fn(Millis) -> String,
    /// The chosen line.
    pub(crate) chosen: Option<usize>,
    /// Whether a finding is part of a multiple selection, given its index in the session.
    pub(crate) is_selected: &'a dyn Fn(usize) -> bool,
    /// Whether to scroll to the chosen line.
    pub(crate) reveal: bool,
    /// Identifies a finding for as long as the session is shown, given its index in the session.
    pub(crate) name_of: &'a dyn Fn(usize) -> Option<(&'static str, u64)>,
    /// The context menu of a line.
    pub(crate) menu: &'a dyn Fn(&ListLine) -> Vec<(String, Action)>,
}

/// The list as last drawn, so that the visible lines stay in place when others are inserted or
/// removed above them.
#[derive(Clone, Debug, Default)]
struct Drawn {
    offset: f32,
    /// The height of the head above the lines.
    head: f32,
    /// The lines that were fully visible, with their places in the list.
    lines: Vec<(LineName, usize)>,
    /// The list's size.
    room: Vec2,
    /// Where the messages and times end.
    column: f32,
}

/// What identifies a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum LineName {
    Heading(HeadingOf),
    Finding(&'static str, u64),
}

impl LineName {
    fn of(line: &ListLine, list: &FindingsList<'_>) -> Option<Self> {
        match line {
            ListLine::Heading(heading) => Some(Self::Heading(heading.of)),
            ListLine::Finding { index, .. } => {
                let (code, id) = (list.name_of)(*index)?;
                Some(Self::Finding(code, id))
            }
        }
    }
}

impl Drawn {
    /// The scroll offset that keeps the lines where they were.
    fn kept(&self, list: &FindingsList<'_>) -> f32 {
        let lines = &list.data.lines;
        let is_it = |line: &ListLine, name| LineName::of(line, list).as_ref() == Some(name);
        let found = self.lines.iter().find_map(|(name, before)| {
            if lines.get(*before).is_some_and(|line| is_it(line, name)) {
                return Some((*before, *before));
            }
            let now = lines.iter().position(|line| is_it(line, name))?;
            Some((now, *before))
        });
        let (now, before) = found.unwrap_or_default();
        self.offset + (now as f32 - before as f32) * size::ROW
    }
}

/// The indentation per level, in points.
const INDENT: f32 = 12.0;

/// Lists at least this wide, in points, show the time and the message beside each finding.
const WITH_PLACE: f32 = 420.0;

/// Where the messages and times of findings end, in points, unless a sentence is longer: further
/// away, the eye loses the line.
const READABLE: f32 = 1.6 * size::PROSE;

/// Draws the findings; returns how many lines fit.
pub(crate) fn findings_ui(ui: &mut Ui, list: &FindingsList<'_>, actions: &mut Actions) -> usize {
    let palette = Palette::of(ui);
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, palette.bg);
    ui.spacing_mut().item_spacing.y = 0.0;
    // In a low list, the head scrolls with the lines.
    let is_low = rect.height() < 4.0 * size::ROW;
    if !is_low {
        head_ui(ui, list.data, actions);
    }
    let room = ui.available_rect_before_wrap();
    list_focus_ui(ui, room, "Findings");
    (ui.ctx()).accesskit_node_builder(list_id(), egui::accesskit::Node::set_multiselectable);
    if list.data.lines.is_empty() {
        scroll_area("no findings").show(ui, |ui| {
            if is_low {
                head_ui(ui, list.data, actions);
            }
            nothing_ui(ui, list.data);
        });
        return 1;
    }
    let count = list.data.lines.len();
    let height = room.height().max(size::ROW);
    let id = ui.scope_id().with("offset");
    let drawn: Drawn = ui.data(|it| it.get_temp(id)).unwrap_or_default();
    let (kept, head) = (drawn.kept(list).max(0.0), drawn.head);
    let mut area = scroll_area("findings");
    // Another size keeps the chosen line in sight.
    let was_seen = |line| drawn.lines.iter().any(|(_, seen)| *seen == line);
    let has_new_size = (room.size() - drawn.room).abs().max_elem() > 0.5;
    let reveals = |line: &usize| list.reveal || (has_new_size && was_seen(*line));
    if let Some(line) = list.chosen.filter(reveals) {
        area = area.vertical_scroll_offset(in_sight(line, head, kept, height));
    } else if drawn.offset > 0.0 && (kept - drawn.offset).abs() > 0.5 {
        area = area.vertical_scroll_offset(kept);
    }
    let mut lines = Vec::new();
    // It widens for a longer sentence that comes into sight, and then stays.
    let is_as_wide = (room.width() - drawn.room.x).abs() < 0.5;
    let mut column = if is_as_wide { drawn.column } else { READABLE };
    let output = area.show_viewport(ui, |ui, viewport| {
        let (left, begin) = (ui.max_rect().left(), ui.max_rect().top());
        if is_low {
            head_ui(ui, list.data, actions);
        }
        let top = ui.cursor().top();
        let head = top - begin;
        ui.allocate_space(vec2(ui.available_width(), count as f32 * size::ROW));
        let seen = rows_in(viewport.translate(vec2(0.0, -head)), count);
        let seen: Vec<(usize, &ListLine, Words)> = seen
            .filter_map(|index| {
                let line = list.data.lines.get(index)?;
                Some((index, line, Words::of(line, list)?))
            })
            .collect();
        let needed = seen.iter().map(|(_, _, words)| words.place_end(ui));
        column = needed.fold(column, f32::max);
        for (index, line, words) in seen {
            let at = pos2(left, top + index as f32 * size::ROW);
            let rect = Rect::from_min_size(at, vec2(ui.max_rect().width(), size::ROW));
            line_ui(ui, rect, (index, line, &words), column, list, actions);
            lines.extend(LineName::of(line, list).map(|name| (name, index)));
        }
        head
    });
    let (offset, head) = (output.state.clamped_offset().y, output.inner);
    lines.retain(|(_, place)| head + *place as f32 * size::ROW >= offset - 0.5);
    let drawn = Drawn {
        offset,
        head,
        lines,
        room: room.size(),
        column,
    };
    ui.data_mut(|it| it.insert_temp(id, drawn));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number"
    )]
    let fitting = (height / size::ROW).floor().max(1.0) as usize;
    fitting
}

/// The offset nearest to the present one at which the line is visible.
fn in_sight(line: usize, head: f32, offset: f32, height: f32) -> f32 {
    let top = head + line as f32 * size::ROW;
    let bottom = top + size::ROW;
    if top < offset {
        top
    } else if bottom > offset + height {
        bottom - height
    } else {
        offset
    }
}

/// Draws how the list is grouped, and what is not in it.
fn head_ui(ui: &mut Ui, data: &FindingsData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.panel, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(size::STEP, 0.0);
            radio_group(ui, "Group findings");
            for by in Grouping::ALL {
                let action = Action::GroupFindings { by };
                if choice_ui(ui, by.title(), data.by == by)
                    .on_hover_text(action.help(ui.ctx()))
                    .clicked()
                {
                    actions.push(action);
                }
            }
            let mut said = |count: usize, words: &str, link: &str, action: Action| {
                if count > 0 {
                    ui.add_space(size::STEP);
                    let count = words::count(count as u64);
                    ui.label(RichText::new(format!("{count} {words}")).color(palette.weak));
                    link_ui(ui, actions, link, action);
                }
            };
            let text = String::new();
            let all = Action::SetFilter { text };
            // If it hides all findings, a line above the list says so.
            let hidden = if data.count > 0 { data.hidden } else { 0 };
            said(hidden, "hidden by filter", "show all", all);
            let shown = !data.shows_muted;
            let link = if shown { "show" } else { "hide" };
            said(data.muted, "muted", link, Action::ShowMuted { shown });
        });
    });
}

/// Draws one of several options.
fn choice_ui(ui: &mut Ui, text: &str, is_chosen: bool) -> Response {
    let palette = Palette::of(ui);
    let color = if is_chosen {
        palette.text
    } else {
        palette.weak
    };
    let galley = galley(ui, text, theme::body(), color);
    let size = vec2(galley.size().x + 2.0 * size::STEP, size::CONTROL);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, text));
    background_of(ui, rect, &response, is_chosen);
    place(ui.painter(), rect.center(), Align2::CENTER_CENTER, galley);
    response
}

fn nothing_ui(ui: &mut Ui, data: &FindingsData) {
    egui::Frame::new()
        .inner_margin(egui::Margin::same(8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let title = match (data.checked, data.hidden, data.muted) {
                (0, ..) => "No messages to check".to_owned(),
                (_, 1.., _) => return,
                (_, _, 1..) => "All findings are muted".to_owned(),
                (count, ..) => format!(
                    "{} checked, no findings",
                    words::counted(count as u64, "message")
                ),
            };
            heading_ui(ui, title);
            let text = "Each message is checked against the protocol of the SDK version that \
                        the widget uses.";
            prose_ui(ui, RichText::new(text).color(Palette::of(ui).weak));
        });
}

fn line_ui(
    ui: &mut Ui,
    rect: Rect,
    (index, line, words): (usize, &ListLine, &Words),
    column: f32,
    list: &FindingsList<'_>,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let is_lead = list.chosen == Some(index);
    let is_among = matches!(line, ListLine::Finding { index, .. } if (list.is_selected)(*index));
    let is_chosen = is_lead || is_among;
    let response = ui.interact(rect, ui.scope_id().with(("line", index)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_chosen, &words.label));
    describe(ui, &response, line, is_lead);
    background_of(ui, rect, &response, is_chosen);
    let mut left = rect.left() + words.indent();
    if let ListLine::Heading(heading) = line
        && let Some(is_unfolded) = heading.fold
    {
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(size::ICON, size::ROW));
        fold_ui(ui, place, heading, is_unfolded, actions);
    }
    left += size::ICON + 2.0;
    words.icon_ui(ui, rect, left);
    left += size::ICON + size::STEP;
    let menu = Rect::from_min_max(pos2(rect.right() - size::CONTROL, rect.top()), rect.max);
    let mut right = menu.left();
    if rect.width() >= WITH_PLACE && !words.place.is_empty() {
        right = right.min(rect.left() + column);
        let time = cut_galley(ui, &words.time, theme::mono(), palette.weak, right - left);
        let at = pos2(right, rect.center().y);
        right = super::parts::place(ui.painter(), at, Align2::RIGHT_CENTER, time).left();
        right -= 2.0 * size::STEP;
        let most = (rect.width() * 0.3).min(right - left);
        let text = cut_galley(ui, &words.place, theme::mono(), palette.weak, most);
        let at = pos2(right, rect.center().y);
        right = place(ui.painter(), at, Align2::RIGHT_CENTER, text).left() - 2.0 * size::STEP;
    }
    if !words.code.is_empty() {
        let code = cut_galley(ui, words.code, theme::mono(), palette.weak, right - left);
        let at = pos2(left, rect.center().y);
        left = place(ui.painter(), at, Align2::LEFT_CENTER, code).right() + 2.0 * size::STEP;
    }
    let count = words.count.as_str();
    let room = (right - left - text_width(ui, count) - size::STEP).max(0.0);
    let text = cut_galley(ui, &words.text, theme::body(), palette.text, room);
    let is_cut = text.elided;
    let at = pos2(left, rect.center().y);
    let end = place(ui.painter(), at, Align2::LEFT_CENTER, text).right();
    let count = cut_galley(ui, count, theme::body(), palette.weak, right - end);
    let at = pos2(end + size::STEP, rect.center().y);
    place(ui.painter(), at, Align2::LEFT_CENTER, count);
    let response = if is_cut {
        response.on_hover_text(&words.text)
    } else {
        response
    };
    let has_menu = match line {
        ListLine::Finding { .. } => true,
        ListLine::Heading(heading) => {
            !matches!(heading.of, HeadingOf::NoCall | HeadingOf::Stranger(_))
        }
    };
    if has_menu {
        let label = if words.code.is_empty() {
            format!("Menu of {}", words.text)
        } else {
            format!("Menu of {}, line {}", words.code, index + 1)
        };
        let builder = UiBuilder::new().id_salt(("menu", index)).max_rect(rect);
        let menu = RowMenu {
            line: rect,
            button: menu,
            label,
            has_keyboard: is_lead && list_has_keyboard(ui, list_id()),
            items: &|| (list.menu)(line),
            is_tab_stop: false,
        };
        row_menu_ui(&ui.new_child(builder), menu, actions);
    }
    if response.clicked() {
        let line = index;
        actions.push(match Pick::of(ui) {
            Pick::Alone => Action::SelectFinding { line },
            Pick::Toggle => Action::ToggleFinding { line },
            Pick::UpTo => Action::ExtendToFinding { line },
        });
    }
}

/// Tells assistive technology whether a line's details are shown, and whether it is unfolded.
fn describe(ui: &Ui, response: &Response, line: &ListLine, is_lead: bool) {
    ui.ctx().accesskit_node_builder(response.id, |it| {
        if is_lead {
            it.set_aria_current(egui::accesskit::AriaCurrent::True);
        }
        if let ListLine::Heading(heading) = line
            && let Some(is_unfolded) = heading.fold
        {
            it.set_expanded(is_unfolded);
        }
    });
}

fn fold_ui(ui: &Ui, rect: Rect, heading: &Heading, is_unfolded: bool, actions: &mut Actions) {
    let id = ui.scope_id().with(("fold", heading.of.name()));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| {
        let label = format!("Findings of {}", heading.title);
        WidgetInfo::selected(Role::DisclosureTriangle, true, is_unfolded, label)
    });
    triangle_ui(ui, rect, &response, is_unfolded);
    if response.clicked() {
        let name = heading.of.name();
        actions.push(Action::SetUnfolded {
            fold: Fold::Findings { name },
            unfolded: !is_unfolded,
        });
    }
}

/// The texts of a line.
struct Words {
    /// The full text, for assistive technology.
    label: String,
    depth: u8,
    severity: Option<callscope_protocol::Severity>,
    code: &'static str,
    text: String,
    count: String,
    place: String,
    time: String,
}

impl Words {
    fn of(line: &ListLine, list: &FindingsList<'_>) -> Option<Self> {
        Some(match line {
            ListLine::Heading(heading) => Self::of_heading(heading),
            ListLine::Finding {
                index,
                depth,
                is_consequence,
            } => {
                let line = (list.describe)(*index)?;
                Self::of_finding(&line, *depth, *is_consequence, list.time)
            }
        })
    }

    /// Where the line begins, from the left edge.
    fn indent(&self) -> f32 {
        size::STEP + f32::from(self.depth) * INDENT
    }

    /// Where message and time end if nothing of the line is cut, from the left edge.
    fn place_end(&self, ui: &Ui) -> f32 {
        if self.place.is_empty() {
            return 0.0;
        }
        let mono = [self.code, &self.place, &self.time].map(columns::width);
        let mono = mono.iter().sum::<usize>() as f32 * mono_width(ui);
        let icons = 2.0 * size::ICON + 2.0 + size::STEP;
        self.indent() + icons + text_width(ui, &self.text) + mono + 8.0 * size::STEP
    }

    fn of_heading(heading: &Heading) -> Self {
        let count = match heading.count {
            0 => String::new(),
            count => format!("×{}", words::count(count as u64)),
        };
        let code = match heading.of {
            HeadingOf::Rule(code, ..) | HeadingOf::AtOnce(code, _) => code,
            _ => "",
        };
        let severity = !matches!(heading.of, HeadingOf::Muted | HeadingOf::Stranger(_));
        Self {
            label: [code, &heading.title, &count].join(" ").trim().to_owned(),
            depth: heading.depth,
            severity: severity.then_some(heading.severity),
            code,
            text: heading.title.clone(),
            count,
            place: String::new(),
            time: String::new(),
        }
    }

    fn of_finding(
        line: &FindingLine,
        depth: u8,
        is_consequence: bool,
        time: &dyn Fn(Millis) -> String,
    ) -> Self {
        let time = time(line.at);
        let FindingLine {
            severity,
            code,
            message,
            place,
            ..
        } = line;
        let follows = if is_consequence {
            ", follows from the one above"
        } else {
            ""
        };
        Self {
            label: format!("{severity} {code} {message}, {place} at {time}{follows}"),
            depth,
            severity: Some(*severity),
            code,
            text: message.clone(),
            count: String::new(),
            place: place.clone(),
            time,
        }
    }

    fn icon_ui(&self, ui: &Ui, rect: Rect, left: f32) {
        if let Some(severity) = self.severity {
            let color = Palette::of(ui).severity(severity);
            Icon::from(severity).paint(ui.painter(), slot(rect, left), color);
        }
    }
}
