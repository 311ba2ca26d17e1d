//! The format and the built-in scenarios as documents.

use std::fmt::Write as _;

use crate::built_in::{built_in, built_in_text};
use crate::scenario::Scenario;
use crate::table::{COMMON, FILE, Key, STEPS};
use crate::vocabulary::{Condition, HostAction, Profile, Role};

const GENERATED: &str = "<!-- Made by `cargo xtask docs`; do not edit. -->";

/// `docs/scenarios/README.md`: the format, and the list of the built-in scenarios.
#[must_use]
pub fn format_markdown() -> String {
    let mut out = format!(
        "{GENERATED}\n\
         # Scenarios\n\n\
         The built-in scenarios, and all that a scenario can hold. \
         How to use them: [scenarios.md](../scenarios.md).\n\n\
         ## Built in\n\n\
         | scenario | | for |\n| --- | --- | --- |\n"
    );
    for scenario in &built_in().unwrap_or_default() {
        let Scenario { name, title, .. } = scenario;
        let applies = applies(scenario);
        line(
            &mut out,
            &format!("| [{name}]({name}.md) | {title} | {applies} |"),
        );
    }
    line(&mut out, "\n## The file\n");
    line(
        &mut out,
        "JSON with comments; a comma before a closing bracket is allowed. \
         `\"$schema\"` makes an editor complete and explain: \
         [scenario.schema.json](../scenario.schema.json).\n",
    );
    keys(&mut out, FILE);
    line(&mut out, "\n## Steps\n");
    line(
        &mut out,
        "A step is an object whose first key says what it is. Every step may also have:\n",
    );
    keys(&mut out, COMMON);
    for kind in STEPS {
        let Key { name, words, .. } = kind.key;
        line(&mut out, &format!("\n### `{name}`\n\n{}", escaped(words)));
        if !kind.keys.is_empty() {
            out.push('\n');
            keys(&mut out, kind.keys);
        }
    }
    line(&mut out, "\n## Words\n");
    vocabulary(
        &mut out,
        "What the host does",
        HostAction::ALL.iter().map(|it| (it.word(), it.words())),
    );
    vocabulary(
        &mut out,
        "Roles",
        Role::ALL.iter().map(|it| (it.word(), it.words())),
    );
    vocabulary(
        &mut out,
        "Conditions",
        Condition::ALL.iter().map(|it| (it.word(), it.words())),
    );
    vocabulary(
        &mut out,
        "Profiles",
        Profile::ALL.iter().map(|it| (it.word(), it.words())),
    );
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// `docs/scenarios/NAME.md`: the file name and text of each built-in scenario's page.
#[must_use]
pub fn scenario_pages() -> Vec<(String, String)> {
    let all = built_in().unwrap_or_default();
    all.iter()
        .map(|it| (format!("{}.md", it.name), page(it)))
        .collect()
}

fn page(scenario: &Scenario) -> String {
    let Scenario {
        name, title, why, ..
    } = scenario;
    let text = built_in_text(name).unwrap_or_default();
    format!(
        "{GENERATED}\n\
         # {name}\n\n\
         {title}.\n\n\
         - **Why it matters:** {why}\n\
         - **For:** {applies}\n\n\
         ```jsonc\n{text}```\n\n\
         What each step means: [README.md](README.md).\n",
        applies = applies(scenario),
    )
}

/// Which widgets a scenario is for, in words.
#[must_use]
pub fn applies(scenario: &Scenario) -> String {
    let profiles: Vec<&str> = scenario.profiles.iter().map(|it| it.word()).collect();
    match (profiles.as_slice(), scenario.sdk) {
        (_, Some(version)) => format!("SDK {version} and newer"),
        ([], None) => "every SDK".to_owned(),
        (some, None) => format!("profile {}", some.join(", ")),
    }
}

fn keys(out: &mut String, keys: &[Key]) {
    line(out, "| key | | |\n| --- | --- | --- |");
    for key in keys {
        let required = if key.is_required { "required" } else { "" };
        line(
            out,
            &format!("| `{}` | {required} | {} |", key.name, escaped(key.words)),
        );
    }
}

fn vocabulary(
    out: &mut String,
    heading: &str,
    words: impl Iterator<Item = (&'static str, &'static str)>,
) {
    line(out, &format!("### {heading}\n\n| | |\n| --- | --- |"));
    for (word, meaning) in words {
        line(out, &format!("| `{word}` | {} |", escaped(meaning)));
    }
    out.push('\n');
}

/// Escapes braces and bars, which have a meaning in a Markdown table.
fn escaped(words: &str) -> String {
    words.replace('|', "\\|")
}

fn line(out: &mut String, text: &str) {
    // Writing to a `String` never fails.
    _ = writeln!(out, "{text}");
}
