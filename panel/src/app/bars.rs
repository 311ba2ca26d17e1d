//! What stands above and below the view.

use std::rc::Rc;

use callscope_session_view::words;
use egui::Ui;

use super::Panel;
use super::keyboard::takes_keyboard;
use crate::action::{Action, View};
use crate::icons::Icon;
use crate::model::{Connection, Model, redirected_fix, worker_silent};
use crate::theme::size;
use crate::views::{
    Actions, Banner, BarEnds, FilterData, NoConversation, StatusData, ToolbarData, banners_ui,
    bar_height, conversation_bar_ui, filter_id, followed_ui, is_low, most_lines, opening_ui,
    saved_filters_ui, sessions_ui, steady_ui, toolbar_ui, whole_bars_ui,
};

impl Panel {
    pub(super) fn top_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let model = &mut self.model;
        let counts = model.finding_counts().worst_first();
        let focus_filter = model.nudges.focus_filter && takes_keyboard(ui);
        // Only a focused filter field needs the session's words.
        let is_filtering = ui.memory(|it| it.has_focus(filter_id()));
        let vocabulary = if is_filtering {
            model.vocabulary()
        } else {
            Rc::default()
        };
        let toolbar = ToolbarData {
            recording: model.is_recorded(),
            preserve_log: model.settings.preserve_log,
            filter: FilterData {
                text: &model.filter_text,
                error: model.filter_error.as_ref(),
                is_unfinished: model.is_filter_unfinished(),
                in_force: model.filter_in_force(),
                wants_cursor: focus_filter,
                saved: &model.settings.saved_filters,
                vocabulary,
            },
            counts,
            is_imported: model.imported.is_some(),
        };
        steady_ui(ui, "toolbar", |ui| toolbar_ui(ui, &toolbar, actions));
        model.nudges.focus_filter &= !focus_filter;
        // They give way where they would leave the view too little room; the rest of them can be
        // scrolled to.
        let least = bar_height(ui);
        let room = ui.available_height() - least;
        let content = view_content(model).min(4.0 * size::ROW);
        let most = (room - bar_height(ui) - content).max(least);
        whole_bars_ui(ui, "bars", most, |ui, ends| {
            bars_ui(ui, model, most, ends, actions);
        });
    }

    pub(super) fn status_data(&mut self) -> StatusData {
        let missing = self.model.missing();
        let muted = self.model.muted_count();
        let selected = self.model.selected_count();
        let model = &self.model;
        let rows = model.shown().rows();
        let state = match (&model.imported, &model.connection, &model.status) {
            (Some(saved), ..) if saved.header.redacted => "Saved session, redacted".to_owned(),
            (Some(_), ..) => "Saved session".to_owned(),
            (None, Connection::Attached(_), Some(status)) if status.recording => {
                "Recording".to_owned()
            }
            (None, Connection::Attached(_), Some(_)) => "Paused".to_owned(),
            (None, Connection::Attached(_) | Connection::Connecting, _) => {
                "Looking for the page…".to_owned()
            }
            (None, Connection::Absent(_) | Connection::Detached | Connection::Outdated(_), _) => {
                "Not recording".to_owned()
            }
        };
        let state = match model.shown().filtering() {
            Some((done, all)) => format!("Filtering: {} %", done * 100 / all.max(1)),
            None => state,
        };
        let status = model.status.as_ref().filter(|_| model.imported.is_none());
        StatusData {
            messages: model.message_count(),
            hidden: rows.hidden(),
            still_filtered: (model.filter_error.as_ref())
                .map(|_| model.filter_in_force().to_owned()),
            selected,
            muted,
            missing,
            others: status.map_or(0, |it| it.others),
            used: status.map(|it| (it.bytes, it.limit)),
            state,
            is_paused: model.paused_words().is_some(),
            is_saved: model.imported.is_some(),
        }
    }
}

/// Draws the bars below the toolbar, which may take `most` of the height.
fn bars_ui(ui: &mut Ui, model: &mut Model, most: f32, ends: &mut BarEnds, actions: &mut Actions) {
    // Where there is no room for them, the filter has a menu.
    let is_low = is_low(ui);
    if !is_low {
        steady_ui(ui, "saved filters", |ui| {
            let saved = &model.settings.saved_filters;
            saved_filters_ui(ui, saved, &model.filter_text, actions);
        });
        ends.mark(ui);
    }
    let is_dropping = ui.input(|input| !input.raw.hovered_files.is_empty());
    let bar = model.bar_data();
    let sessions = model.sessions_data();
    let followed = model.followed();
    let banners = banners(model, is_dropping);
    let lines = if is_low {
        // What is wrong takes the room that a short list leaves.
        let wrong = bar.as_ref().is_some_and(|it| it.trouble.is_some());
        let wrong = usize::from(wrong) + banners.iter().filter(|it| it.help.is_none()).count();
        let bars =
            1 + usize::from(sessions.is_some()) + usize::from(followed.is_some()) + banners.len();
        lines_each(most - bars as f32 * bar_height(ui), wrong)
    } else {
        most_lines(ui)
    };
    // Where one bar has room, nothing matters more than a file that is being opened, which passes,
    // that nothing is recorded, and that a saved session is shown.
    let opening = sessions.as_ref().and_then(|it| it.opening.as_ref());
    if let Some(opening) = opening.filter(|_| is_low) {
        steady_ui(ui, "opening", |ui| opening_ui(ui, opening, actions));
        ends.mark(ui);
    }
    let is_paused_first = is_low && model.paused_words().is_some();
    if is_paused_first {
        banners_ui(ui, &banners, lines, actions);
        ends.mark(ui);
    }
    let are_sessions_first = is_low && model.imported.is_some();
    if let Some(sessions) = sessions.as_ref().filter(|_| are_sessions_first) {
        steady_ui(ui, "sessions", |ui| sessions_ui(ui, sessions, actions));
        ends.mark(ui);
    }
    steady_ui(ui, "conversation", |ui| {
        if let Some(data) = bar {
            conversation_bar_ui(ui, Ok(&data), lines, actions);
            return;
        }
        let words = if model.imported.is_some() {
            "No conversation between HubSpot and a widget in this session".to_owned()
        } else {
            no_conversation(&model.connection)
        };
        conversation_bar_ui(ui, Err(&NoConversation { words }), lines, actions);
    });
    ends.mark(ui);
    if let Some(sessions) = sessions.as_ref().filter(|_| !are_sessions_first) {
        steady_ui(ui, "sessions", |ui| sessions_ui(ui, sessions, actions));
        ends.mark(ui);
    }
    if let Some(opening) = opening.filter(|_| !is_low) {
        steady_ui(ui, "opening", |ui| opening_ui(ui, opening, actions));
        ends.mark(ui);
    }
    if let Some(followed) = followed {
        steady_ui(ui, "followed", |ui| followed_ui(ui, &followed, actions));
        ends.mark(ui);
    }
    if !is_paused_first {
        banners_ui(ui, &banners, lines, actions);
        ends.mark(ui);
    }
}

/// How many lines each of so many texts can have that share this room besides their first line.
fn lines_each(room: f32, texts: usize) -> usize {
    /// More is not read in a bar.
    const MOST: usize = 6;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number"
    )]
    let more = (room.max(0.0) / size::LINE) as usize;
    (1 + more / texts.max(1)).min(MOST)
}

/// The height of what the view shows below its tabs, if that is known to be little; otherwise as if
/// there was no end to it.
fn view_content(model: &Model) -> f32 {
    let rows = model.shown().rows().len();
    let is_list = model.view == View::Timeline && !model.is_detail_open;
    if !is_list || rows == 0 {
        // The empty list says why it is empty.
        return f32::INFINITY;
    }
    // With the titles of the columns.
    (rows as f32 + 1.0) * size::ROW
}

/// What seeing inside means for the page.
const INSIDE: &str = "in its pages that load while this is on, Callscope's script runs in the \
                      page's own world, and window.parent is a stand-in";

fn no_conversation(connection: &Connection) -> String {
    match connection {
        Connection::Attached(info) => {
            format!(
                "Listening in {}. No conversation between HubSpot and a widget yet",
                info.page
            )
        }
        Connection::Detached => "No page to inspect".to_owned(),
        Connection::Connecting => "Looking for the page…".to_owned(),
        Connection::Absent(page) => match &page.origin {
            Some(origin) => format!("Not listening in {origin}"),
            None => "Not listening".to_owned(),
        },
        Connection::Outdated(_) => {
            "Callscope was updated: reload the page and reopen DevTools".to_owned()
        }
    }
}

fn banners(model: &Model, is_dropping: bool) -> Vec<Banner> {
    let mut banners = Vec::new();
    if is_dropping {
        banners.push(Banner {
            icon: Icon::Import,
            text: "Drop a .callscope.jsonl file to open it".to_owned(),
            help: None,
            action: None,
        });
    }
    if let Some(text) = model.paused_words() {
        banners.push(Banner {
            icon: Icon::Paused,
            text,
            help: None,
            action: Some(Action::SetRecording { on: true }),
        });
    }
    // The empty timeline itself says so and asks for permission.
    let is_asked = model.view == View::Timeline && model.empty_data().is_some();
    if let Some(silence) = model.worker_silence().filter(|_| !is_asked) {
        banners.push(Banner {
            icon: Icon::Warning,
            text: format!(
                "{}. This panel passes on what the widget's frame receives, as long as it is open. To mend it, reload Callscope on chrome://extensions or restart the browser, then reload this page and open DevTools anew.",
                worker_silent(silence)
            ),
            help: None,
            action: None,
        });
    }
    if let Some(redirected) = model.redirected().filter(|_| !is_asked) {
        banners.push(Banner {
            icon: Icon::Warning,
            text: format!(
                "{}. {}",
                redirected.words(),
                first_sentence(redirected_fix())
            ),
            help: None,
            action: Some(Action::ShowView {
                view: View::Overrides,
            }),
        });
    }
    for origin in model.origins_to_permit() {
        if is_asked {
            break;
        }
        let text = format!(
            "The widget comes from {}, where Callscope may not listen: what HubSpot sends to it is missing.",
            words::origin(&origin)
        );
        let action = (!model.is_asking(&origin)).then_some(Action::PermitOrigin { origin });
        banners.push(Banner {
            icon: Icon::Warning,
            text,
            help: None,
            action,
        });
    }
    // What is wrong comes first: in a narrow panel only the first has room.
    if model.imported.is_none() {
        for origin in model.sees_inside() {
            let host = origin.split_once("://").map_or(&**origin, |(_, host)| host);
            banners.push(Banner {
                icon: Icon::Inside,
                text: format!("Seeing inside {host}"),
                help: Some(INSIDE),
                action: Some(Action::SeeInside {
                    origin: origin.clone(),
                    on: false,
                }),
            });
        }
    }
    banners
}

/// A bar has room for one; the finding has them all.
fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").map_or(text.len(), |end| end + 1);
    text.get(..end).unwrap_or(text)
}
