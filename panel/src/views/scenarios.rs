//! Scenarios: the list, and the steps of the chosen one.

use egui::{
    Align, Align2, Layout, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use callscope_session_view::visible::{name, sentence, visible};

use super::parts::{
    Actions, at_end_ui, background, background_of, bar_ui, button_ui, button_width, cut_galley,
    finished_ui, galley, is_low, link_ui, place, primary_button_ui, prose_ui, scroll_area,
    sentence_ui,
};
use crate::action::{Action, ScenarioAction};
use crate::icons::{Icon, slot};
use crate::model::scenarios::{
    ChosenData, OutcomeData, PromptData, ScenarioLine, ScenariosData, StepLine, StepState,
};
use crate::theme::{self, Palette, size};

#[cfg(test)]
mod tests;

/// From this width on, list and steps are side by side.
const BESIDE: f32 = 640.0;

/// The width of the list beside the steps.
const LIST: f32 = 280.0;

/// Draws the scenarios.
pub(crate) fn scenarios_ui(ui: &mut Ui, data: &ScenariosData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let room = ui.available_rect_before_wrap();
    ui.painter().rect_filled(room, 0.0, palette.bg);
    let is_wide = room.width() >= BESIDE;
    match &data.chosen {
        Some(chosen) if is_wide => {
            let (list, steps) = room.split_left_right_at_x(room.left() + LIST);
            ui.scope_builder(UiBuilder::new().max_rect(list), |ui| {
                ui.shrink_clip_rect(list);
                list_ui(ui, data, actions);
            });
            let line = egui::Stroke::new(1.0, palette.divider);
            ui.painter().vline(steps.left(), steps.y_range(), line);
            let steps = steps.with_min_x(steps.left() + 1.0);
            ui.scope_builder(UiBuilder::new().max_rect(steps), |ui| {
                ui.shrink_clip_rect(steps);
                chosen_ui(ui, data, chosen, false, actions);
            });
        }
        Some(chosen) => chosen_ui(ui, data, chosen, true, actions),
        None => list_ui(ui, data, actions),
    }
}

fn framed(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let margin = egui::Margin::symmetric(8, 8);
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui);
    });
}

fn list_ui(ui: &mut Ui, data: &ScenariosData, actions: &mut Actions) {
    scroll_area("scenarios").show(ui, |ui| {
        framed(ui, |ui| {
            if data.chosen.is_none() {
                trouble_ui(ui, data, actions);
            }
            let open = ScenarioAction::Open;
            button_ui(ui, actions, Action::Scenario { what: open });
            ui.add_space(size::STEP);
            for line in &data.lines {
                line_ui(ui, line, actions);
            }
        });
    });
}

/// Draws why nothing can run, and problems with a file or a scenario.
fn trouble_ui(ui: &mut Ui, data: &ScenariosData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    if let Some((obstacle, fix)) = &data.obstacle {
        sentence_ui(ui, Icon::Note, palette.warning, obstacle);
        if let Some(fix) = fix {
            button_ui(ui, actions, fix.clone());
        }
        ui.add_space(size::STEP);
    }
    if let Some(problem) = &data.problem {
        sentence_ui(ui, Icon::Error, palette.error, problem);
        ui.add_space(size::STEP);
    }
}

/// Draws a scenario in the list: its name, its last verdict, and what happens in it.
fn line_ui(ui: &mut Ui, line: &ScenarioLine, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let height = 2.0 * size::LINE + size::STEP;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let state = line.state.unwrap_or_default();
    response.widget_info(|| {
        let state = if state.is_empty() {
            String::new()
        } else {
            format!(", {state}")
        };
        let label = format!("{}{state}: {}", line.name, line.title);
        WidgetInfo::selected(Role::Button, true, line.is_chosen, visible(&label))
    });
    background_of(ui, rect, &response, line.is_chosen);
    let inner = rect.shrink2(vec2(size::STEP, size::STEP / 2.0));
    let first = inner.top() + size::LINE / 2.0;
    let mut right = inner.right();
    if !state.is_empty() {
        let color = word_color(palette, state);
        let state = galley(ui, state, theme::body(), color);
        right -= state.size().x + 2.0 * size::STEP;
        let at = pos2(inner.right(), first);
        place(ui.painter(), at, Align2::RIGHT_CENTER, state);
    }
    let own = if line.is_own { " (own)" } else { "" };
    let title = format!("{}{own}", line.name);
    let width = right - inner.left();
    let title = cut_galley(ui, &name(&title), theme::mono(), palette.text, width);
    let at = pos2(inner.left(), first);
    place(ui.painter(), at, Align2::LEFT_CENTER, title);
    let about = visible(&line.title);
    let about = cut_galley(ui, &about, theme::body(), palette.weak, inner.width());
    let at = pos2(inner.left(), first + size::LINE);
    place(ui.painter(), at, Align2::LEFT_CENTER, about);
    let help = format!("{}. For {}.", line.title, line.applies);
    if response.on_hover_text(sentence(&help)).clicked() {
        let name = Some(line.name.clone());
        actions.push(Action::Scenario {
            what: ScenarioAction::Choose { name },
        });
    }
}

/// Draws the chosen scenario: its actions, what to do by hand, the outcome, its steps.
fn chosen_ui(
    ui: &mut Ui,
    data: &ScenariosData,
    chosen: &ChosenData,
    is_alone: bool,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let spacing = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
    bar_ui(ui, palette.panel, |ui| {
        ui.horizontal(|ui| {
            let do_it = |what| Action::Scenario { what };
            primary_button_ui(ui, actions, do_it(ScenarioAction::Run), chosen.can_run);
            for (what, is_enabled) in [
                (ScenarioAction::Step, chosen.can_step),
                (ScenarioAction::Stop, chosen.can_stop),
            ] {
                super::parts::enabled_ui(ui, is_enabled, |ui| {
                    button_ui(ui, actions, do_it(what));
                });
            }
            if is_alone {
                let all = ScenarioAction::Choose { name: None };
                link_ui(ui, actions, "All scenarios", do_it(all));
            }
        });
    });
    if let Some(prompt) = &chosen.prompt {
        prompt_ui(ui, prompt, actions);
    }
    ui.spacing_mut().item_spacing.y = spacing;
    scroll_area("scenario").show(ui, |ui| {
        framed(ui, |ui| {
            trouble_ui(ui, data, actions);
            if let Some(busy) = &chosen.busy {
                let text = format!("{busy} is being played. Stop it to play another one.");
                sentence_ui(ui, Icon::Note, palette.warning, &text);
            }
            if let Some(outcome) = &chosen.outcome {
                outcome_ui(ui, outcome, actions);
            }
            if let Some(activity) = chosen.activity {
                ui.colored_label(palette.weak, activity);
            }
            let ScenarioLine {
                name: title,
                title: what,
                why,
                applies,
                ..
            } = &chosen.line;
            ui.add(
                egui::Label::new(RichText::new(name(title)).monospace().size(size::TITLE)).wrap(),
            );
            prose_ui(ui, sentence(&format!("{what}.")));
            if !why.is_empty() {
                prose_ui(ui, RichText::new(sentence(why)).color(palette.weak));
            }
            prose_ui(
                ui,
                RichText::new(format!("For {applies}.")).color(palette.weak),
            );
            ui.add_space(size::STEP);
            ui.spacing_mut().item_spacing.y = 0.0;
            for step in &chosen.steps {
                step_ui(ui, step, actions);
            }
        });
    });
}

/// The most of the room below the actions that the prompt takes.
const PROMPT: f32 = 0.6;

/// Draws what has to be done in the widget; the buttons that go on with the run are always in
/// sight.
fn prompt_ui(ui: &mut Ui, prompt: &PromptData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let what = format!("Your turn: {}", sentence(&prompt.what));
    let then = sentence(&prompt.then);
    let [done, skip] =
        [ScenarioAction::Done, ScenarioAction::Skip].map(|what| Action::Scenario { what });
    if is_low(ui) {
        let gap = ui.spacing().item_spacing.x;
        let buttons: f32 = [&done, &skip]
            .map(|it| button_width(ui, &it.label()))
            .iter()
            .sum();
        bar_ui(ui, palette.header, |ui| {
            ui.horizontal(|ui| {
                let room = vec2(ui.available_width() - buttons - 2.0 * gap, size::CONTROL);
                let middle = Layout::left_to_right(Align::Center);
                ui.allocate_ui_with_layout(room.max(Vec2::ZERO), middle, |ui| {
                    let text = RichText::new(&what).color(palette.accent);
                    let label = ui.add(egui::Label::new(text).truncate());
                    label.on_hover_text(&*then);
                });
                at_end_ui(ui, buttons + gap, |ui| {
                    primary_button_ui(ui, actions, done, true);
                    button_ui(ui, actions, skip);
                });
            });
        });
        return;
    }
    let most = ui.available_height() * PROMPT;
    bar_ui(ui, palette.header, |ui| {
        ui.spacing_mut().item_spacing.y = size::STEP;
        finished_ui(
            ui,
            "prompt",
            most,
            |ui| {
                let what = RichText::new(what).size(size::TITLE).color(palette.accent);
                prose_ui(ui, what);
                prose_ui(ui, RichText::new(then).color(palette.weak));
            },
            |ui| {
                ui.horizontal(|ui| {
                    primary_button_ui(ui, actions, done, true);
                    button_ui(ui, actions, skip);
                });
            },
        );
    });
}

fn outcome_ui(ui: &mut Ui, outcome: &OutcomeData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let OutcomeData {
        word,
        took,
        lines,
        fact,
    } = outcome;
    let icon = word_icon(word);
    sentence_ui(
        ui,
        icon,
        word_color(palette, word),
        &format!("{} after {took}", ended(word)),
    );
    for (what, words) in lines {
        let text = format!("{what}: {}", sentence(words));
        prose_ui(ui, RichText::new(text).color(palette.text));
    }
    if let Some(id) = fact {
        let show = ScenarioAction::ShowFact { id: *id };
        let show = Action::Scenario { what: show };
        link_ui(ui, actions, "Show in timeline", show);
    }
    ui.add_space(2.0 * size::STEP);
}

/// How a run ended, as the beginning of a sentence.
fn ended(word: &str) -> &'static str {
    match word {
        "pass" => "Passed",
        "fail" => "Failed",
        "skipped" => "Skipped",
        "harness error" => "Harness error",
        _ => "Stopped",
    }
}

fn word_icon(word: &str) -> Icon {
    match word {
        "pass" => Icon::Ok,
        "fail" => Icon::Error,
        "harness error" => Icon::Warning,
        _ => Icon::Note,
    }
}

fn word_color(palette: &Palette, word: &str) -> egui::Color32 {
    match word {
        "pass" => palette.ok,
        "fail" => palette.error,
        "harness error" => palette.warning,
        "running" => palette.accent,
        _ => palette.weak,
    }
}

/// Draws a step on one line; if it is about a message, a click shows that.
fn step_ui(ui: &mut Ui, step: &StepLine, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let room = vec2(ui.available_width(), size::ROW);
    let sense = if step.fact.is_some() {
        Sense::click()
    } else {
        Sense::hover()
    };
    let (rect, response) = ui.allocate_exact_size(room, sense);
    let state = step.state.words();
    let why = (step.only.as_deref()).filter(|_| step.state == StepState::LeftOut);
    response.widget_info(|| {
        let state = if state.is_empty() { "to come" } else { state };
        let mut label = format!("Step {}, {state}: {}", step.number, step.words);
        if let Some(why) = why {
            label.push_str(". ");
            label.push_str(why);
        }
        let role = if step.fact.is_some() {
            Role::Button
        } else {
            Role::Label
        };
        WidgetInfo::labeled(role, true, sentence(&label))
    });
    if matches!(step.state, StepState::Now(_) | StepState::Ended(_)) {
        ui.painter().rect_filled(rect, 2.0, palette.header);
    }
    if step.fact.is_some() {
        background(ui, rect, &response);
    }
    let (icon, color) = match &step.state {
        StepState::ToCome | StepState::LeftOut => (None, palette.weak),
        StepState::Now(_) => (Some(Icon::Folded), palette.accent),
        StepState::Done(_) => (Some(Icon::Ok), palette.ok),
        StepState::Ended(word) => (Some(word_icon(word)), word_color(palette, word)),
    };
    if let Some(icon) = icon {
        icon.paint(ui.painter(), slot(rect, rect.left()), color);
    }
    let y = rect.center().y;
    let state = galley(ui, state, theme::mono(), color);
    let right = rect.right() - state.size().x - size::STEP;
    place(
        ui.painter(),
        pos2(rect.right() - size::STEP, y),
        Align2::RIGHT_CENTER,
        state,
    );
    let left = rect.left() + size::ICON + size::STEP;
    let width = right - left - 2.0 * size::STEP;
    let color = match (&step.state, step.side) {
        (StepState::LeftOut, _) => palette.weak,
        (_, Some(from)) => palette.side(from),
        (_, None) => palette.text,
    };
    let words = cut_galley(ui, &sentence(&step.words), theme::body(), color, width);
    place(ui.painter(), pos2(left, y), Align2::LEFT_CENTER, words);
    let why = why.map_or_else(String::new, |why| format!("\nLeft out. {why}"));
    let help = format!("{}{why}\n{}", step.words, step.source);
    if response.on_hover_text(sentence(&help)).clicked()
        && let Some(id) = step.fact
    {
        actions.push(Action::Scenario {
            what: ScenarioAction::ShowFact { id },
        });
    }
}
