//! The counts: hidden, lost, evicted messages, memory used.

use callscope_protocol::Missing;
use callscope_session_view::visible;
use callscope_session_view::words::{self, MissingReason};
use egui::{Align2, Color32, Role, Sense, Ui, WidgetInfo, vec2};

use super::fit::{Piece, fit};
use super::parts::{Actions, bar_ui, cut_galley, link_ui, place, steady_ui, text_width};
use crate::action::Action;
use crate::theme::{self, Palette, size};

/// What the status bar shows.
#[derive(Debug, Default)]
pub(crate) struct StatusData {
    pub(crate) messages: u64,
    pub(crate) hidden: u64,
    /// The filter that applies while what is typed is not understood, empty if everything is shown.
    pub(crate) still_filtered: Option<String>,
    /// How many messages are selected, if several rows are.
    pub(crate) selected: Option<usize>,
    /// How many findings are muted.
    pub(crate) muted: usize,
    pub(crate) missing: Missing,
    pub(crate) others: u64,
    /// Bytes used and the limit; `None` if there is no recorder.
    pub(crate) used: Option<(u64, u64)>,
    /// "Recording", "Paused", "Looking for the recorder…".
    pub(crate) state: String,
    /// Whether recording is paused, which must not be overlooked.
    pub(crate) is_paused: bool,
    /// Whether a saved session is shown, which must not be taken for the live one.
    pub(crate) is_saved: bool,
}

/// A part of the bar.
struct Part {
    text: String,
    tooltip: &'static str,
    tone: Tone,
    /// See [`Piece::rank`].
    rank: u8,
    /// The text and action of a link after it.
    link: Option<(&'static str, Action)>,
}

#[derive(Clone, Copy)]
enum Tone {
    Plain,
    Weak,
    Warning,
}

impl StatusData {
    /// The parts from left to right.
    fn parts(&self) -> Vec<Part> {
        let mut parts = vec![Part {
            text: words::counted(self.messages, "message"),
            tooltip: "Messages between HubSpot and the widget in this session",
            tone: Tone::Plain,
            rank: 0,
            link: None,
        }];
        if let Some(filter) = &self.still_filtered {
            let still = match filter.as_str() {
                "" => "everything is shown".to_owned(),
                filter => format!("still filtered by {}", visible::brief(filter)),
            };
            parts.push(Part {
                text: "Filter not understood".to_owned(),
                tooltip: "What is underlined in the filter has a mistake",
                tone: Tone::Warning,
                rank: 0,
                link: Some(("edit", Action::FocusFilter)),
            });
            parts.push(Part {
                text: still,
                tooltip: "The filter as it was before the mistake",
                tone: Tone::Plain,
                rank: 1,
                link: None,
            });
        }
        if let Some(selected) = self.selected {
            parts.push(Part {
                text: format!("{} selected", words::count(selected as u64)),
                tooltip: "Messages that Export, Copy and the menu of a row act on",
                tone: Tone::Plain,
                rank: 1,
                link: Some(("export", Action::ExportSelected)),
            });
        }
        if self.hidden > 0 {
            let text = String::new();
            parts.push(Part {
                text: format!("{} hidden by filter", words::count(self.hidden)),
                tooltip: "Messages that the filter does not let through",
                tone: Tone::Plain,
                rank: 1,
                link: Some(("show all", Action::SetFilter { text })),
            });
        }
        if self.muted > 0 {
            parts.push(Part {
                text: format!("{} muted", words::count(self.muted as u64)),
                tooltip: "Findings of rules that you have muted: in no list and no other count",
                tone: Tone::Plain,
                rank: 1,
                link: Some(("show", Action::ShowMuted { shown: true })),
            });
        }
        let is_any = self.missing.is_any();
        for (reason, text) in words::missing(self.missing) {
            // What passes while recording is paused is not counted, so "0 missing" would be a lie.
            if self.is_paused && !is_any && reason == MissingReason::NotRecorded {
                continue;
            }
            let (tone, rank) = match reason {
                MissingReason::NotRecorded if is_any => (Tone::Warning, 2),
                MissingReason::NotRecorded => (Tone::Weak, 4),
                MissingReason::Evicted | MissingReason::LeftOut => (Tone::Weak, 3),
            };
            let tooltip = match reason {
                MissingReason::NotRecorded => {
                    "Messages of HubSpot or the widget that were not recorded: the gaps in the list"
                }
                MissingReason::Evicted => {
                    "The oldest messages, dropped because the history was full"
                }
                MissingReason::LeftOut => "Messages that were cleared, or left out of this file",
            };
            parts.push(Part {
                text,
                tooltip,
                tone,
                rank,
                link: None,
            });
        }
        let Some((used, limit)) = self.used else {
            return parts;
        };
        parts.push(Part {
            text: format!("{} of {}", words::bytes(used), words::bytes(limit)),
            tooltip: "The history that the page keeps",
            tone: Tone::Weak,
            rank: 5,
            link: None,
        });
        parts.push(Part {
            text: words::counted(self.others, "other message"),
            tooltip: "Messages of other scripts in this page, counted and not kept",
            tone: Tone::Weak,
            rank: 6,
            link: None,
        });
        parts
    }
}

/// Draws the status bar. Its tooltip has what does not fit.
pub(crate) fn status_bar_ui(ui: &mut Ui, data: &StatusData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let parts = data.parts();
    bar_ui(ui, palette.header, |ui| {
        ui.horizontal(|ui| {
            let gap = size::STEP;
            ui.spacing_mut().item_spacing.x = gap;
            // A dot and its gap precede all but the first part.
            let dot = text_width(ui, DOT) + gap;
            let mut pieces: Vec<Piece> = parts
                .iter()
                .enumerate()
                .map(|(index, part)| {
                    let before = if index == 0 { 0.0 } else { dot };
                    let link = part
                        .link
                        .as_ref()
                        .map_or(0.0, |(text, _)| gap + text_width(ui, text));
                    Piece::new(before + text_width(ui, &part.text) + link, part.rank)
                })
                .collect();
            // If it does not fit, the toolbar's first button still shows that all is well. That
            // recording is paused, or the session a saved one, always has its word.
            let rank = if data.is_paused || data.is_saved {
                0
            } else {
                7
            };
            pieces.push(Piece::new(2.0 * gap + text_width(ui, &data.state), rank));
            let room = ui.available_width();
            let forms = fit(room, gap, &pieces);
            let all = everything(data, &parts);
            // Not all of it is visible, so the bar's own label has everything.
            let bar = ui
                .available_rect_before_wrap()
                .with_max_y(ui.cursor().top() + size::CONTROL);
            let response = ui.interact(bar, ui.scope_id().with("all"), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &all));
            if forms.iter().any(Option::is_none) {
                response.on_hover_text(all.as_str());
            }
            for (index, part) in parts.iter().enumerate() {
                if forms[index].is_none() {
                    continue;
                }
                if index > 0 {
                    text_ui(ui, DOT, palette.weak, "");
                }
                let color = match part.tone {
                    Tone::Plain => palette.text,
                    Tone::Weak => palette.weak,
                    Tone::Warning => palette.warning,
                };
                text_ui(ui, &part.text, color, part.tooltip);
                if let Some((text, action)) = &part.link {
                    steady_ui(ui, ("status", text), |ui| {
                        link_ui(ui, actions, text, action.clone());
                    });
                }
            }
            if forms.last().is_some_and(Option::is_some) {
                let space = ui.available_width() - text_width(ui, &data.state) - gap;
                ui.add_space(space.max(0.0));
                let color = if data.is_paused {
                    palette.warning
                } else {
                    palette.weak
                };
                text_ui(ui, &data.state, color, "");
            }
        });
    });
}

/// The separator between two parts.
const DOT: &str = "·";

/// The full text of the bar.
fn everything(data: &StatusData, parts: &[Part]) -> String {
    let mut texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    texts.push(&data.state);
    texts.join(" · ")
}

fn text_ui(ui: &mut Ui, text: &str, color: Color32, tooltip: &str) {
    let room = ui.available_width();
    let galley = cut_galley(ui, text, theme::body(), color, room);
    let size = vec2(galley.size().x, size::CONTROL);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    place(
        ui.painter(),
        rect.left_center(),
        Align2::LEFT_CENTER,
        galley,
    );
    if !tooltip.is_empty() {
        response.on_hover_text(tooltip);
    }
}
