//! What the palette offers, and what it finds.

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

/// Where nothing can be sorted, "sort" does not find the steps of each scenario; a whole word is
/// found wherever it stands.
#[test]
fn a_word_is_not_found_strewn_over_others() {
    assert!(fit("steps", "Scenario fast-redial: steps") > fit("steps", "Stop each play step: s"));
    assert_eq!(fit("sort", "Scenario outbound-answered: steps"), None);
    assert_eq!(fit("sort", "Scenario fast-redial: steps"), None);
    for (typed, name) in [
        ("sort", "Sort by time, descending"),
        ("srt", "Sort by time, descending"),
        ("exprt", "Export"),
        ("steps", "Scenario fast-redial: steps"),
        ("ilter", "Go to the filter"),
    ] {
        assert!(fit(typed, name).is_some(), "{typed}: {name}");
    }
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
