//! `cargo xtask docs`: the documents generated from rules, catalogue and scenarios.

use std::fs;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;

/// Regenerates docs/rules.md, docs/messages.md, and the documents made from scenarios.
///
/// A test fails when they differ from what this would write.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Writes the documents.
///
/// # Errors
///
/// Fails if one cannot be written.
pub(crate) fn run(_args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut documents = vec![
        ("rules.md".to_owned(), callscope_reference::rules_markdown()),
        (
            "messages.md".to_owned(),
            callscope_reference::messages_markdown(),
        ),
        ("scenario.schema.json".to_owned(), scenario_schema()?),
        (
            "scenarios/README.md".to_owned(),
            callscope_scenario::format_markdown(),
        ),
    ];
    let pages = callscope_scenario::scenario_pages();
    documents.extend(
        pages
            .into_iter()
            .map(|(name, text)| (format!("scenarios/{name}"), text)),
    );
    for (name, text) in documents {
        let path = workspace.root.join("docs").join(name);
        let shown = workspace.shown(&path);
        fs::write(&path, text).with_context(|| format!("cannot write {shown}"))?;
        println!("{shown}");
    }
    Ok(())
}

/// The schema, for editors.
fn scenario_schema() -> Result<String> {
    Ok(serde_json::to_string_pretty(&callscope_scenario::schema())? + "\n")
}
