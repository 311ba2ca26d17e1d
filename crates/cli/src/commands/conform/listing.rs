//! Lists what can be played, and what would be done, without a browser.

use std::io::Write;

use anyhow::bail;
use callscope_scenario::{Bindings, Plan, PlannedStep, RoleAction, Scenario, StepWhat, applies};
use serde_json::{Value, json};

use super::Format;
use crate::text::{safe, safe_json};

/// Prints the names of scenarios.
pub(super) fn list(known: &[Scenario], format: Format, out: &mut impl Write) -> anyhow::Result<()> {
    match format {
        Format::Text => {
            let width = known.iter().map(|it| it.name.len()).max().unwrap_or(0);
            for Scenario { name, title, .. } in known {
                writeln!(out, "{name:<width$}  {title}")?;
            }
            Ok(())
        }
        Format::Json => json_text(known.iter().map(about).collect(), out),
        Format::Junit => no_results("list"),
    }
}

/// Prints what would be done, and what would be clicked for it.
pub(super) fn dry_run(
    plans: &[Plan],
    bindings: &Bindings,
    format: Format,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    match format {
        Format::Text => {
            for (index, plan) in plans.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                plan_text(plan, bindings, out)?;
            }
            Ok(())
        }
        Format::Json => {
            let plans = plans.iter().map(|it| plan_json(it, bindings));
            json_text(plans.collect(), out)
        }
        Format::Junit => no_results("--dry-run"),
    }
}

fn no_results(what: &str) -> anyhow::Result<()> {
    bail!("{what} plays nothing, and JUnit XML is for results: use --format text or json with it")
}

fn json_text(all: Vec<Value>, out: &mut impl Write) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(&Value::from(all))?;
    for line in text.lines() {
        writeln!(out, "{}", safe_json(line))?;
    }
    Ok(())
}

fn about(scenario: &Scenario) -> Value {
    json!({
        "scenario": scenario.name,
        "title": scenario.title,
        "why": scenario.why,
        "for": applies(scenario),
    })
}

fn plan_text(plan: &Plan, bindings: &Bindings, out: &mut impl Write) -> anyhow::Result<()> {
    let Scenario { name, title, .. } = &plan.scenario;
    writeln!(out, "{name}: {}", safe(title))?;
    for PlannedStep { step, .. } in &plan.steps {
        writeln!(out, "  {}", safe(&step.text))?;
        let StepWhat::User { role, .. } = &step.what else {
            continue;
        };
        let words = match bindings.of(*role) {
            None => {
                let role = role.word();
                format!("nothing is bound to {role}: the scenario is skipped")
            }
            Some(binding) if binding.actions.is_empty() => "nothing to do".to_owned(),
            Some(binding) => {
                let from = if binding.is_default {
                    " (HubSpot's demos)"
                } else {
                    ""
                };
                format!("{}{from}", action_words(&binding.actions).join(", then "))
            }
        };
        writeln!(out, "      {}", safe(&words))?;
    }
    Ok(())
}

fn plan_json(plan: &Plan, bindings: &Bindings) -> Value {
    let steps = plan.steps.iter().map(|PlannedStep { step, file, .. }| {
        let mut told = json!({ "file": file, "line": step.line, "text": step.text });
        if let StepWhat::User { role, .. } = &step.what {
            let binding = bindings.of(*role);
            told["role"] = json!(role.word());
            // Null if nothing is bound to the role.
            told["actions"] = json!(binding.as_ref().map(|it| action_words(&it.actions)));
            told["ofHubSpotsDemos"] = json!(binding.is_some_and(|it| it.is_default));
        }
        told
    });
    let steps: Vec<Value> = steps.collect();
    json!({ "scenario": plan.scenario.name, "title": plan.scenario.title, "steps": steps })
}

fn action_words(actions: &[RoleAction]) -> Vec<String> {
    actions.iter().map(RoleAction::to_string).collect()
}

#[cfg(test)]
mod tests {
    use callscope_scenario::built_in;

    use super::*;

    fn printed(print: impl Fn(&mut Vec<u8>) -> anyhow::Result<()>) -> Value {
        let mut text = Vec::new();
        print(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    #[test]
    fn scripts_get_json_or_a_sentence() {
        let all = built_in().unwrap();
        let listed = printed(|out| list(&all, Format::Json, out));
        assert_eq!(listed.as_array().unwrap().len(), all.len());
        let find = |name: &str| all.iter().find(|it| it.name == name);
        let plans = [Plan::new(find("outbound-busy").unwrap(), &find).unwrap()];
        let bindings = Bindings::default();
        let run = printed(|out| dry_run(&plans, &bindings, Format::Json, out));
        let steps = run[0]["steps"].as_array().unwrap();
        let of = |role: &str| steps.iter().find(|it| it["role"] == role).unwrap();
        assert_eq!(of("remoteBusy")["actions"], Value::Null);
        assert_eq!(of("call")["ofHubSpotsDemos"], true);
        let refused = dry_run(&plans, &bindings, Format::Junit, &mut Vec::new());
        assert!(
            refused
                .unwrap_err()
                .to_string()
                .contains("JUnit XML is for results")
        );
    }
}
