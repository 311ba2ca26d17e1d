//! Remarks on all scenarios together: wrong entries in the list of expected failures, and roles
//! that have to be bound.

use std::collections::BTreeMap;
use std::io::{self, Write};

use callscope_scenario::{Assessment, Role, Verdict};

use super::{Outcome, name};
use crate::text::safe;
use crate::words;

/// The width of the text, in columns.
const WIDTH: usize = 92;

/// What is wrong with an entry of the list of expected failures, if anything.
pub(super) fn about_entry(outcome: &Outcome) -> Option<String> {
    let entry = outcome.entry.as_deref()?;
    let words = match (&outcome.played.verdict, outcome.assessment) {
        (_, Assessment::UnexpectedPass) => "no longer fails: remove this line",
        (_, Assessment::Untried) => {
            "was skipped, so nobody knows whether it still fails: see to it that it is played, or \
             remove this line"
        }
        (Verdict::HarnessError(_), _) => {
            "could not be played, so nobody knows whether it still fails"
        }
        _ => return None,
    };
    Some(format!("{entry}: {} {words}", name(outcome)))
}

/// The scenarios that were skipped because a role is not bound, by role.
pub(super) fn unbound(outcomes: &[Outcome]) -> BTreeMap<Role, Vec<&str>> {
    let mut roles = BTreeMap::<Role, Vec<&str>>::new();
    for outcome in outcomes {
        for role in &outcome.played.missing {
            roles.entry(*role).or_default().push(name(outcome));
        }
    }
    roles
}

/// Prints all remarks.
pub(super) fn closing(outcomes: &[Outcome], out: &mut impl Write) -> io::Result<()> {
    for words in outcomes.iter().filter_map(about_entry) {
        writeln!(out, "{}", safe(&words))?;
    }
    let roles = unbound(outcomes);
    if roles.is_empty() {
        return Ok(());
    }
    let skipped = outcomes.iter().filter(|it| !it.played.missing.is_empty());
    let skipped = words::counted(skipped.count() as u64, "scenario");
    writeln!(
        out,
        "\nBind these roles in callscope.json, here or where --config says, to have {skipped} more played:"
    )?;
    let width = roles.keys().map(|it| it.word().len()).max().unwrap_or(0);
    for (role, scenarios) in &roles {
        let told = format!("{} ({})", role.words(), scenarios.join(", "));
        for (index, line) in words::wrap(&told, WIDTH - width).iter().enumerate() {
            let word = if index == 0 { role.word() } else { "" };
            writeln!(out, "    {word:<width$}  {}", safe(line))?;
        }
    }
    let example = roles.keys().next().map_or("call", |it| it.word());
    writeln!(
        out,
        "such as {{\"roles\": {{\"{example}\": {{\"click\": \"#button\"}}}}}}; [] is for what your widget \
         does by\nitself. docs/scenarios.md tells what else a role can do."
    )
}
