//! What can be done at the moment, in groups, for the command palette and the list of keys. Names
//! and shortcuts come from the actions.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use callscope_protocol::Call;
use callscope_session_view::{calls, words};

use crate::action::{Action, CopyAs, Fold, Grouping, Move, Overlay, ScenarioAction, Sort, View};
use crate::model::{Model, Settings};

/// The most calls and conversations that are offered: nobody looks for an older one by its number.
const MOST: usize = 1_000;

/// Actions that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) commands: Vec<Command>,
}

/// An action and its name.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) action: Action,
    /// Whether the palette lists it: not if only its key makes sense, in its place.
    pub(crate) is_in_palette: bool,
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        let name = match &action {
            Action::ShowView { view } => format!("Show {}", view.title()),
            Action::MoveSelection { step } => step.words().to_owned(),
            Action::SetPreserveLog { on: true } => "Preserve log".to_owned(),
            Action::SetPreserveLog { on: false } => "Do not preserve log".to_owned(),
            Action::SetFilter { text } if !text.is_empty() => format!("Filter by {text}"),
            Action::ShowConversation {
                conversation: Some(id),
            } => format!("Show conversation {id}"),
            Action::FocusFilter => "Go to the filter".to_owned(),
            Action::GroupFindings { by } => format!("Findings {}", by.title().to_lowercase()),
            Action::CompareCalls => "Compare the two picked calls".to_owned(),
            Action::CancelImport => "Stop opening the file".to_owned(),
            Action::ReadOverrides => "Read the page's localStorage again".to_owned(),
            Action::PermitOrigin { origin } => format!("Listen in {}", words::origin(origin)),
            Action::SeeInside { origin, .. } => {
                format!("Stop seeing inside {}", words::origin(origin))
            }
            Action::UseSnippet { name, .. } => format!("Compose saved message {name}"),
            Action::Reconnect => "Look for the page again".to_owned(),
            Action::SetUnfolded { unfolded: true, .. } => "Unfold a run".to_owned(),
            Action::SetUnfolded { .. } => "Fold a run".to_owned(),
            Action::Scenario { what } => match what {
                ScenarioAction::Choose { name: Some(name) } => format!("Scenario {name}: steps"),
                ScenarioAction::Open | ScenarioAction::Skip => what.label(),
                what => format!("Scenario: {}", what.label()),
            },
            action => action.label(),
        };
        Self {
            name,
            action,
            is_in_palette: true,
        }
    }
}

/// All commands available at the moment.
pub(crate) fn groups(model: &Model) -> Vec<Group> {
    let mut groups = vec![
        session(model),
        views(model),
        filters(model),
        list(model),
        selection(model),
        group("Scenarios", scenarios(model)),
        group("Saved messages", snippets(model)),
        group("Ladder", ladder(model)),
        group("Help and settings", help()),
    ];
    let mut calls = calls(model, &groups);
    let comparing = [Action::CompareCalls, Action::CloseComparison];
    calls.extend(comparing.map(Command::from));
    if model.shown().session().last_calls(2).len() == 2 {
        calls.push(Command {
            name: "Compare two calls: pick them in Calls".to_owned(),
            action: Action::ShowView { view: View::Calls },
            is_in_palette: true,
        });
    }
    groups.push(Group {
        title: "Calls",
        commands: calls,
    });
    for command in groups.iter_mut().flat_map(|it| &mut it.commands) {
        command.is_in_palette &= shows_something(model, &command.action);
    }
    groups
}

fn group(title: &'static str, actions: Vec<Action>) -> Group {
    Group {
        title,
        commands: actions.into_iter().map(Command::from).collect(),
    }
}

/// What is recorded and shown, and the sessions that it can be compared with.
fn session(model: &Model) -> Group {
    let mut actions: Vec<Action> = Vec::new();
    let recording = model.recording();
    actions.extend(recording.map(|on| Action::SetRecording { on: !on }));
    actions.extend([
        Action::Clear,
        Action::UndoClear,
        Action::SetPreserveLog {
            on: !model.settings.preserve_log,
        },
        Action::Export,
        Action::Import,
        Action::SwitchSession,
    ]);
    let reads_overrides = model.view == View::Overrides && model.connection.is_attached();
    let possible = [
        (model.has_saved_session(), Action::BackToLive),
        (model.is_opening(), Action::CancelImport),
        (model.has_parked(), Action::ShowParked),
        (true, Action::ReloadPage),
        (true, Action::Reconnect),
        (reads_overrides, Action::ReadOverrides),
    ];
    let possible = possible.into_iter();
    actions.extend(possible.filter_map(|(can, action)| can.then_some(action)));
    let origins = model.origins_to_permit().into_iter();
    let origins = origins.filter(|origin| !model.is_asking(origin));
    actions.extend(origins.map(|origin| Action::PermitOrigin { origin }));
    if model.imported.is_none() {
        let inside = model.sees_inside().iter().cloned();
        actions.extend(inside.map(|origin| Action::SeeInside { origin, on: false }));
    }
    let mut session = group("Session", actions);
    let others = model.other_sessions().into_iter();
    session.commands.extend(others.map(|(with, name)| Command {
        name: format!("Compare session with {name}"),
        action: Action::CompareSession { with },
        is_in_palette: true,
    }));
    session
}

/// The views, and the conversations that the bar can show.
fn views(model: &Model) -> Group {
    let views = View::ALL.map(|view| Action::ShowView { view });
    let shown = model.bar_conversation().map(|it| it.id);
    let others = model.shown().session().conversations();
    let others = others.map(|it| it.id).filter(|id| Some(*id) != shown);
    let others = others.take(MOST).map(|id| Action::ShowConversation {
        conversation: Some(id.0),
    });
    group("Views", views.into_iter().chain(others).collect())
}

/// What can be done with the filter, and the saved ones, by name and text.
fn filters(model: &Model) -> Group {
    let nothing = String::new;
    let possible = [
        (true, Action::FocusFilter),
        (
            !model.filter_text.is_empty(),
            Action::SetFilter { text: nothing() },
        ),
        (
            model.can_save_filter(),
            Action::SaveFilter { name: nothing() },
        ),
        (model.followed().is_some(), Action::UnfollowCall),
    ];
    let possible = possible.into_iter();
    let possible = possible.filter_map(|(can, action)| can.then_some(action));
    let severities = ["severity:error", "severity:warning"].map(str::to_owned);
    let severities = severities.map(|text| Action::SetFilter { text });
    let mut filters = group("Filter", possible.chain(severities).collect());
    let saved = model.settings.saved_filters.iter();
    filters.commands.extend(saved.map(|it| Command {
        name: format!("Filter by {}", it.words()),
        action: Action::SetFilter {
            text: it.text.clone(),
        },
        is_in_palette: true,
    }));
    filters
}

fn list(model: &Model) -> Group {
    let mut list = vec![
        Action::MoveToFinding { backwards: false },
        Action::MoveToFinding { backwards: true },
        Action::FollowTail,
    ];
    let is_searching = model.filtering.finding.is_some();
    if is_searching {
        list.push(Action::FindAgain { backwards: false });
        list.push(Action::FindAgain { backwards: true });
    }
    list.extend(Sort::choices(model.timeline.sort).map(|sort| Action::Sort { sort }));
    list.extend(Grouping::ALL.map(|by| Action::GroupFindings { by }));
    let mut list = group("List", list);
    let run = |unfolded| Action::SetUnfolded {
        fold: Fold::Run {
            id: model.selected.unwrap_or_default(),
        },
        unfolded,
    };
    let moves = Move::ALL.map(|step| Action::MoveSelection { step });
    let only_keys = moves
        .into_iter()
        .chain([run(true), run(false), Action::Back]);
    list.commands.extend(only_keys.map(|action| Command {
        is_in_palette: false,
        ..Command::from(action)
    }));
    list
}

fn ladder(model: &Model) -> Vec<Action> {
    vec![
        Action::ZoomLadder { closer: true },
        Action::ZoomLadder { closer: false },
        Action::ScaleLadder {
            on: !model.ladder.zoom.to_scale,
        },
        Action::SaveLadder,
    ]
}

fn help() -> Vec<Action> {
    let overlays = [Overlay::Commands, Overlay::Keys, Overlay::Settings];
    let overlays = overlays.map(|it| Action::ShowOverlay { overlay: Some(it) });
    overlays
        .into_iter()
        .chain([Action::ResetSettings])
        .collect()
}

/// Whether the action changes anything that the user sees, as matters are; a command that does
/// nothing, and says nothing, is not offered.
fn shows_something(model: &Model, action: &Action) -> bool {
    let has_rows = || !model.shown().rows().is_empty();
    match action {
        Action::ShowView { view } => model.view != *view,
        Action::SetFilter { text } => model.filter_text != *text,
        Action::Clear => model.imported.is_none() && has_rows(),
        Action::UndoClear => model.can_undo_clear(),
        Action::SwitchSession => model.has_saved_session(),
        Action::Sort { sort } => {
            model.view == View::Timeline && model.timeline.sort != *sort && has_rows()
        }
        Action::GroupFindings { by } => {
            model.view == View::Findings && model.settings.group_findings != *by && has_rows()
        }
        Action::CompareSession { .. } => !(model.view == View::Calls && model.is_comparing()),
        Action::CompareCalls => model.can_compare_calls(),
        Action::CloseComparison => model.view == View::Calls && model.is_comparing(),
        Action::UseSnippet { index, .. } => {
            model.view != View::Compose || model.opened_snippet() != Some(*index)
        }
        Action::FollowTail => {
            matches!(model.view, View::Timeline | View::Ladder) && !model.follows && has_rows()
        }
        Action::SelectAll => matches!(model.view, View::Timeline | View::Findings) && has_rows(),
        Action::ZoomLadder { .. } | Action::ScaleLadder { .. } => {
            model.view == View::Ladder && has_rows()
        }
        Action::ResetSettings => model.settings != Settings::default(),
        _ => true,
    }
}

/// Opens each saved message.
fn snippets(model: &Model) -> Vec<Action> {
    let saved = model.settings.snippets.iter().enumerate();
    saved
        .map(|(index, it)| Action::UseSnippet {
            index,
            name: it.title(),
        })
        .collect()
}

/// Follows each call that is not cleared, the newest first, except one that `others` follow.
fn calls(model: &Model, others: &[Group]) -> Vec<Command> {
    let others = others.iter().flat_map(|group| &group.commands);
    let there: HashSet<(u32, u32)> = others
        .filter_map(|command| match command.action {
            Action::FollowCall { conversation, call } => Some((conversation, call)),
            _ => None,
        })
        .collect();
    let view = model.shown();
    let has_several = view.session().conversations().nth(1).is_some();
    let mut all: Vec<Call> = view.session().last_calls(MOST);
    all.retain(|call| {
        let last = view.id_of(call.last_seq).and_then(|id| view.find(id));
        last.is_some_and(|(_, last)| !view.is_cleared(last))
            && !there.contains(&(call.id.conversation.0, call.id.serial))
            && model.filter_text.trim() != calls::filter(call.id, has_several)
    });
    all.sort_by_key(|call| Reverse(call.last_seq));
    let follow = all.into_iter().map(|call| {
        let (name, action) = Action::follow_named(call.id, &calls::name(call.id, has_several));
        Command {
            name,
            action,
            is_in_palette: true,
        }
    });
    follow.collect()
}

/// What can be done with the chosen scenario, and which can be chosen.
fn scenarios(model: &Model) -> Vec<Action> {
    let data = model.scenarios_data();
    let mut all = Vec::new();
    if let Some(chosen) = &data.chosen {
        let hand = chosen.prompt.is_some();
        let acts = [
            (chosen.can_run, ScenarioAction::Run),
            (chosen.can_step, ScenarioAction::Step),
            (chosen.can_stop, ScenarioAction::Stop),
            (hand, ScenarioAction::Done),
            (hand, ScenarioAction::Skip),
        ];
        all.extend(
            acts.into_iter()
                .filter_map(|(can, what)| can.then_some(what)),
        );
    }
    all.push(ScenarioAction::Open);
    let names: BTreeSet<String> = data.lines.into_iter().map(|line| line.name).collect();
    let choices = names.into_iter().map(Some);
    all.extend(choices.map(|name| ScenarioAction::Choose { name }));
    all.into_iter()
        .map(|what| Action::Scenario { what })
        .collect()
}

/// Commands that select several rows, and those for the selection.
fn selection(model: &Model) -> Group {
    let acting = if model.selected.is_some() {
        model.selection_actions()
    } else {
        Vec::new()
    };
    let acting = acting.into_iter().flatten();
    let mut commands: Vec<Command> = acting
        .map(|(name, action)| Command {
            name,
            action,
            is_in_palette: true,
        })
        .collect();
    commands.push(Command::from(Action::SelectAll));
    // Their shortcuts work whatever is selected.
    for form in [CopyAs::Json, CopyAs::Rows] {
        let action = Action::CopySelected { form };
        if !commands.iter().any(|it| it.action == action) {
            commands.push(Command {
                is_in_palette: false,
                ..Command::from(action)
            });
        }
    }
    let extending = Move::ALL.map(|step| Action::ExtendSelection { step });
    commands.extend(extending.map(|action| Command {
        is_in_palette: false,
        ..Command::from(action)
    }));
    Group {
        title: "Selection",
        commands,
    }
}

/// How well the typed letters match a name; `None` if the name does not contain them in this order,
/// or if half of a whole word is strewn over it.
///
/// Adjacent letters and beginnings of words score higher.
pub(crate) fn fit(typed: &str, name: &str) -> Option<u32> {
    /// From this number of letters on, they are meant as a word.
    const WORD: u32 = 4;
    const ADJACENT: u32 = 4;
    const BEGINS: u32 = 3;
    const STREWN: u32 = 1;
    let typed = typed.trim().to_lowercase();
    let letters = || typed.chars().filter(|it| !it.is_whitespace());
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let begins = |index: usize| index == 0 || name.get(index - 1) == Some(&' ');
    let start = |index: usize| if begins(index) { BEGINS } else { STREWN };
    let count = u32::try_from(letters().count()).unwrap_or(u32::MAX);
    // As it stands: the best place of all.
    let whole: Vec<char> = typed.chars().collect();
    let places = name.windows(whole.len().max(1)).enumerate();
    let places = places.filter(|(_, part)| *part == whole.as_slice());
    if let Some(best) = places.map(|(index, _)| start(index)).max() {
        return Some(best + ADJACENT * (count - 1));
    }
    let mut score = 0;
    let mut strewn = 0;
    let mut at = 0;
    let mut last = None;
    for letter in letters() {
        let left = || (at..name.len()).filter(|index| name.get(*index) == Some(&letter));
        let next = last.map(|last: usize| last + 1);
        let found = left()
            .find(|index| Some(*index) == next)
            .or_else(|| left().find(|index| begins(*index)))
            .or_else(|| left().next())?;
        let points = if Some(found) == next {
            ADJACENT
        } else {
            start(found)
        };
        strewn += u32::from(points == STREWN);
        score += points;
        last = Some(found);
        at = found + 1;
    }
    (count < WORD || 2 * strewn < count).then_some(score)
}
