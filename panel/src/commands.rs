//! What can be done at the moment, in groups, for the command palette and the list of keys. Names
//! and shortcuts come from the actions.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use callscope_protocol::Call;
use callscope_session_view::{calls, words};

use crate::action::{
    Action, CopyAs, Fold, Grouping, LadderFormat, Move, Overlay, ScenarioAction, Sort, View,
};
use crate::model::{Model, Settings};

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
    let group = |title, actions: Vec<Action>| Group {
        title,
        commands: actions.into_iter().map(Command::from).collect(),
    };
    let recording = model.recording();
    let mut session: Vec<Action> = Vec::new();
    session.extend(recording.map(|on| Action::SetRecording { on: !on }));
    session.extend([
        Action::Clear,
        Action::UndoClear,
        Action::SetPreserveLog {
            on: !model.settings.preserve_log,
        },
        Action::Export,
        Action::Import,
    ]);
    session.push(Action::SwitchSession);
    if model.has_saved_session() {
        session.push(Action::BackToLive);
    }
    if model.is_opening() {
        session.push(Action::CancelImport);
    }
    if model.has_parked() {
        session.push(Action::ShowParked);
    }
    session.extend([Action::ReloadPage, Action::Reconnect]);
    if model.view == View::Overrides && model.connection.is_attached() {
        session.push(Action::ReadOverrides);
    }
    let origins = model.origins_to_permit().into_iter();
    let origins = origins.filter(|origin| !model.is_asking(origin));
    session.extend(origins.map(|origin| Action::PermitOrigin { origin }));
    let inside = model
        .sees_inside()
        .iter()
        .filter(|_| model.imported.is_none());
    session.extend(inside.map(|origin| Action::SeeInside {
        origin: origin.clone(),
        on: false,
    }));
    let mut session = group("Session", session);
    let others = model.other_sessions().into_iter();
    session.commands.extend(others.map(|(with, name)| Command {
        name: format!("Compare session with {name}"),
        action: Action::CompareSession { with },
        is_in_palette: true,
    }));

    let mut views = group(
        "Views",
        View::ALL.map(|view| Action::ShowView { view }).to_vec(),
    );
    let all = model.shown().session().conversations();
    let conversations = all.map(|it| Action::ShowConversation {
        conversation: Some(it.id.0),
    });
    views.commands.extend(conversations.map(Command::from));

    let mut filter = vec![Action::FocusFilter];
    if !model.filter_text.is_empty() {
        let text = String::new();
        filter.push(Action::SetFilter { text });
    }
    if model.can_save_filter() {
        let name = String::new();
        filter.push(Action::SaveFilter { name });
    }
    if model.followed().is_some() {
        filter.push(Action::UnfollowCall);
    }
    let severities = ["severity:error", "severity:warning"].map(str::to_owned);
    let saved = model.settings.saved_filters.iter();
    let texts = severities
        .into_iter()
        .chain(saved.map(|it| it.text.clone()));
    filter.extend(texts.map(|text| Action::SetFilter { text }));

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

    let mut ladder = vec![
        Action::ZoomLadder { closer: true },
        Action::ZoomLadder { closer: false },
        Action::ScaleLadder {
            on: !model.ladder.zoom.to_scale,
        },
    ];
    let saving = LadderFormat::ALL.map(|format| Action::SaveLadder { format });
    ladder.extend(saving);

    let overlays = [Overlay::Commands, Overlay::Keys, Overlay::Settings];
    let overlays = overlays.map(|it| Action::ShowOverlay { overlay: Some(it) });
    let mut help = overlays.to_vec();
    help.push(Action::ResetSettings);
    let mut groups = vec![
        session,
        views,
        group("Filter", filter),
        list,
        selection(model),
        group("Scenarios", scenarios(model)),
        group("Saved messages", snippets(model)),
        group("Ladder", ladder),
        group("Help and settings", help),
    ];
    let mut calls = calls(model, &groups);
    let comparing = [Action::CompareCalls, Action::CloseComparison];
    calls.extend(comparing.map(Command::from));
    groups.push(Group {
        title: "Calls",
        commands: calls,
    });
    for command in groups.iter_mut().flat_map(|it| &mut it.commands) {
        command.is_in_palette &= shows_something(model, &command.action);
    }
    groups
}

/// Whether the action changes anything that the user sees, as matters are; a command that does
/// nothing, and says nothing, is not offered.
fn shows_something(model: &Model, action: &Action) -> bool {
    let has_rows = || !model.shown().rows().is_empty();
    match action {
        Action::ShowView { view } => model.view != *view,
        Action::ShowConversation { conversation } => {
            let shown = model.bar_conversation().map(|it| it.id.0);
            shown != *conversation
        }
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
    /// Nobody looks for an older one by its number.
    const MOST: usize = 1_000;
    let others = others.iter().flat_map(|group| &group.commands);
    let filters = others.filter_map(|command| match &command.action {
        Action::SetFilter { text } => Some(text.as_str()),
        _ => None,
    });
    let there: HashSet<&str> = filters.chain([model.filter_text.trim()]).collect();
    let view = model.shown();
    let has_several = view.session().conversations().nth(1).is_some();
    let mut all: Vec<Call> = view.session().last_calls(MOST);
    all.retain(|call| {
        let last = view.id_of(call.last_seq).and_then(|id| view.find(id));
        last.is_some_and(|(_, last)| !view.is_cleared(last))
            && !there.contains(calls::filter(call.id, has_several).as_str())
    });
    all.sort_by_key(|call| Reverse(call.last_seq));
    let follow = all.into_iter().map(|call| Command {
        name: format!("Follow {}", calls::name(call.id, has_several)),
        action: Action::FollowCall {
            conversation: call.id.conversation.0,
            call: call.id.serial,
        },
        is_in_palette: true,
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

/// How well the typed letters match a name; `None` if the name does not contain them in this order.
///
/// Adjacent letters and beginnings of words score higher.
pub(crate) fn fit(typed: &str, name: &str) -> Option<u32> {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let mut score = 0;
    let mut at = 0;
    let mut last = None;
    for letter in typed
        .to_lowercase()
        .chars()
        .filter(|it| !it.is_whitespace())
    {
        let begins = |index: usize| index == 0 || name.get(index - 1) == Some(&' ');
        let left = || (at..name.len()).filter(|index| name.get(*index) == Some(&letter));
        let next = last.map(|last: usize| last + 1);
        let found = left()
            .find(|index| Some(*index) == next)
            .or_else(|| left().find(|index| begins(*index)))
            .or_else(|| left().next())?;
        score += match (Some(found) == next, begins(found)) {
            (true, _) => 4,
            (_, true) => 3,
            _ => 1,
        };
        last = Some(found);
        at = found + 1;
    }
    Some(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_fit_is_what_was_meant() {
        let names = [
            "Export",
            "Next finding",
            "Previous finding",
            "Show Findings",
            "Go to the filter",
        ];
        let best = |typed: &str| {
            let mut fits: Vec<(u32, &str)> = names
                .into_iter()
                .filter_map(|name| Some((fit(typed, name)?, name)))
                .collect();
            fits.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
            fits.first().map(|(_, name)| *name)
        };
        assert_eq!(best("exp"), Some("Export"));
        assert_eq!(best("nf"), Some("Next finding"));
        assert_eq!(best("pf"), Some("Previous finding"));
        assert_eq!(best("sh find"), Some("Show Findings"));
        assert_eq!(best("filter"), Some("Go to the filter"));
        assert_eq!(best("xyz"), None);
    }

    /// What a button offers somewhere is offered here everywhere.
    #[test]
    fn sessions_are_compared_and_switched_by_commands() {
        let log = crate::model::testing::log(&crate::model::testing::source(
            r#"host {"type":"DIAL_NUMBER","messageId":"17_1"}"#,
        ));
        let mut model = Model::default();
        for name in ["first", "second"] {
            model.perform(Action::ImportText {
                name: name.to_owned(),
                text: log.clone(),
            });
        }
        let offered = |model: &Model, name: &str| {
            let commands = groups(model).into_iter().flat_map(|it| it.commands);
            let mut offered = commands.filter(|it| it.is_in_palette);
            offered.find(|it| it.name == name).map(|it| it.action)
        };
        assert_eq!(model.view, View::Timeline);
        let compare = offered(&model, "Compare session with first").unwrap();
        model.perform(compare);
        assert!(model.view == View::Calls && model.is_comparing());
        let close = offered(&model, "Close comparison").unwrap();
        model.perform(close);
        assert!(!model.is_comparing());
        let switch = offered(&model, "Switch session").unwrap();
        model.perform(switch);
        assert!(model.imported.is_none());
        let close = offered(&model, "Close saved session").unwrap();
        model.perform(close);
        assert_eq!(offered(&model, "Switch session"), None);
    }

    #[test]
    fn names_are_told_apart() {
        let model = Model::default();
        let mut names: Vec<String> = groups(&model)
            .into_iter()
            .flat_map(|group| group.commands)
            .map(|command| command.name)
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "{names:?}");
    }

    #[test]
    fn no_two_actions_have_the_same_key() {
        let model = Model::default();
        let commands: Vec<Command> = groups(&model)
            .into_iter()
            .flat_map(|group| group.commands)
            .collect();
        for (index, one) in commands.iter().enumerate() {
            for other in commands.iter().skip(index + 1) {
                let key = one.action.shortcut();
                assert!(
                    key.is_none() || key != other.action.shortcut(),
                    "{} and {}",
                    one.name,
                    other.name
                );
            }
        }
    }
}
