//! Checks that the documents agree with the tables.

use std::fs;
use std::path::Path;

use callscope_scenario::{Plan, Scenario, built_in, format_markdown, scenario_pages, schema};
use expect_test::expect_file;

#[test]
fn the_schema_is_that_of_the_tables() {
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    expect_file!["../../../docs/scenario.schema.json"].assert_eq(&text);
}

#[test]
fn the_pages_are_those_of_the_tables() {
    expect_file!["../../../docs/scenarios/README.md"].assert_eq(&format_markdown());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scenarios");
    for (name, text) in scenario_pages() {
        expect_file![folder.join(name)].assert_eq(&text);
    }
}

#[test]
fn the_built_in_scenarios_can_be_played() {
    let all = built_in().unwrap();
    assert_eq!(all.len(), 21);
    let find = |name: &str| all.iter().find(|it| it.name == name);
    for scenario in &all {
        assert_eq!(scenario.file, format!("{}.jsonc", scenario.name));
        assert!(!scenario.why.is_empty(), "{}", scenario.name);
        let plan = Plan::new(scenario, &find).unwrap();
        assert!(plan.steps.len() > 1, "{}", scenario.name);
    }
}

#[test]
fn no_file_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let names: Vec<Scenario> = built_in().unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(names.iter().any(|it| it.file == name), "{name}");
    }
}
