//! Prints the results of the scenarios: as text, as JSON, as `JUnit` XML.

mod closing;
mod dialogs;

use std::collections::HashSet;
use std::io::{self, Write};

use callscope_protocol::Side;
use callscope_scenario::{Assessment, Failure, PlannedStep, SessionLine, Verdict};
use serde_json::{Value, json};

use super::Format;
use super::play::Played;
use crate::style::{BOLD, DIM, GOOD, paint, severity};
use crate::text::{safe, safe_json, xml};
use crate::words;

/// A scenario that was played, and what its verdict means.
pub(super) struct Outcome {
    pub(super) played: Played,
    pub(super) assessment: Assessment,
    /// The line of the list of expected failures that names it.
    pub(super) entry: Option<String>,
    /// The path of its session's log.
    pub(super) log: Option<String>,
}

/// The numbers of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
    pub(super) broken: u64,
    /// Expected failures.
    pub(super) expected: u64,
    /// Passes of scenarios that were expected to fail.
    pub(super) unexpected: u64,
    /// Skips of scenarios that were expected to fail.
    pub(super) untried: u64,
}

impl Counts {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            match outcome.played.verdict {
                Verdict::Pass => counts.passed += 1,
                Verdict::Fail(_) => counts.failed += 1,
                Verdict::Skipped(_) => counts.skipped += 1,
                Verdict::HarnessError(_) => counts.broken += 1,
            }
            counts.expected += u64::from(outcome.assessment == Assessment::ExpectedFailure);
            counts.unexpected += u64::from(outcome.assessment == Assessment::UnexpectedPass);
            counts.untried += u64::from(outcome.assessment == Assessment::Untried);
        }
        counts
    }

    fn words(self) -> String {
        let mut words = vec![format!("{} passed", self.passed)];
        if self.failed > 0 {
            let expected = match self.expected {
                0 => String::new(),
                count => format!(" ({count} expected)"),
            };
            words.push(format!("{} failed{expected}", self.failed));
        }
        if self.skipped > 0 {
            words.push(format!("{} skipped", self.skipped));
        }
        if self.broken > 0 {
            words.push(words::counted(self.broken, "harness error"));
        }
        words.join(", ")
    }
}

/// Prints the results in one format.
pub(super) fn print(
    widget: &str,
    outcomes: &[Outcome],
    seconds: f64,
    format: Format,
    out: &mut impl Write,
) -> io::Result<()> {
    match format {
        Format::Text => text(widget, outcomes, seconds, out),
        Format::Json => json_text(widget, outcomes, seconds, out),
        Format::Junit => junit(widget, outcomes, seconds, out),
    }
}

fn text(widget: &str, outcomes: &[Outcome], seconds: f64, out: &mut impl Write) -> io::Result<()> {
    let first = outcomes
        .iter()
        .find_map(|it| it.played.sdk.as_ref().map(|sdk| (sdk, it)));
    let about = match first {
        Some((sdk, it)) => format!("{sdk} · profile {}", it.played.profile.word()),
        None => "no SDK was seen".to_owned(),
    };
    writeln!(out, "{} · {}\n", safe(widget), safe(&about))?;
    let width = outcomes.iter().map(|it| name(it).len()).max().unwrap_or(0);
    let mut told = HashSet::new();
    for outcome in outcomes {
        let is_told = match &outcome.played.verdict {
            Verdict::Skipped(why) => !told.insert(why),
            _ => false,
        };
        line(outcome, width, widget, is_told, out)?;
    }
    let counts = Counts::of(outcomes);
    writeln!(out, "\n{} in {seconds:.1} s", counts.words())?;
    closing::closing(outcomes, out)
}

fn name(outcome: &Outcome) -> &str {
    &outcome.played.plan.scenario.name
}

/// `is_told` says that the same reason stands further up.
fn line(
    outcome: &Outcome,
    width: usize,
    widget: &str,
    is_told: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let played = &outcome.played;
    let Played {
        verdict,
        took,
        dialogs,
        ..
    } = played;
    let bad = severity(callscope_protocol::Severity::Error);
    let (style, word) = match (verdict, outcome.assessment) {
        (Verdict::Pass, _) => (GOOD, "pass"),
        (Verdict::Fail(_), Assessment::ExpectedFailure) => (DIM, "fail, as expected"),
        (Verdict::Fail(_), _) => (bad, "fail"),
        (Verdict::Skipped(_), _) => (DIM, "skipped"),
        (Verdict::HarnessError(_), _) => (bad, "harness error"),
    };
    let name = name(outcome);
    let seconds = if took.0 > 0.0 {
        format!("{:5.1} s", took.0 / 1e3)
    } else {
        String::new()
    };
    let missing: Vec<&str> = played.missing.iter().map(|it| it.word()).collect();
    let briefly = match missing.as_slice() {
        [] if is_told => ", as above".to_owned(),
        [] => String::new(),
        roles => format!(", nothing is bound to {}", roles.join(", ")),
    };
    writeln!(
        out,
        "{name:<width$}  {seconds:>7}  {}{briefly}",
        paint(style, word)
    )?;
    let indent = " ".repeat(4);
    match verdict {
        Verdict::Pass => {
            for line in played.hints.iter().flat_map(|it| words::wrap(it, 92)) {
                writeln!(out, "{indent}{}", safe(&line))?;
            }
        }
        Verdict::Skipped(_) if is_told => {}
        Verdict::Skipped(why) | Verdict::HarnessError(why) => {
            for line in words::wrap(why, 92) {
                writeln!(out, "{indent}{}", safe(&line))?;
            }
        }
        Verdict::Fail(failure) => self::failure(outcome, failure, out)?,
    }
    for sentence in dialogs::sentences(dialogs, widget) {
        for line in words::wrap(&sentence, 92) {
            writeln!(out, "{indent}{}", safe(&line))?;
        }
    }
    if matches!(verdict, Verdict::Fail(_)) {
        writeln!(out)?;
    }
    Ok(())
}

fn failure(outcome: &Outcome, failure: &Failure, out: &mut impl Write) -> io::Result<()> {
    let Played { plan, lines, .. } = &outcome.played;
    if let Some(step) = plan.steps.get(failure.step) {
        writeln!(out, "    at {}  {}", place(step), safe(&step.step.text))?;
    }
    for (label, text) in reasons(outcome, failure) {
        for (index, line) in words::wrap(text, 82).iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            writeln!(
                out,
                "    {:<9} {}",
                paint(BOLD, format!("{label:<9}")),
                safe(line)
            )?;
        }
    }
    for line in lines {
        writeln!(out, "      {}", session_line(line))?;
    }
    if let Some(log) = &outcome.log {
        writeln!(out, "    log       {log}")?;
    }
    Ok(())
}

/// What was expected, what came, and all that may tell why, each with a label.
fn reasons<'a>(
    outcome: &'a Outcome,
    failure: &'a Failure,
) -> impl Iterator<Item = (&'static str, &'a String)> {
    let Played {
        hints, page_errors, ..
    } = &outcome.played;
    let told = [("expected", &failure.expected), ("actual", &failure.actual)];
    let thrown = page_errors.iter().map(|it| ("thrown", it));
    let hints = hints.iter().map(|it| ("hint", it));
    told.into_iter().chain(thrown).chain(hints)
}

fn place(step: &PlannedStep) -> String {
    format!("{}:{}", step.file, step.step.line)
}

/// `> 13  +1.500 s  widget ←  CALL_ENDED  COMPLETED`
fn session_line(line: &SessionLine) -> String {
    let SessionLine {
        seq,
        at,
        from,
        what,
        summary,
        is_it,
    } = line;
    let mark = if *is_it { ">" } else { " " };
    let seq = seq.map_or(String::new(), |it| it.to_string());
    let from = from.map_or("        ", words::sender);
    let text = format!(
        "{mark} {seq:>3}  {:>8}  {from}  {what}  {summary}",
        format!("+{:.3}", at.0 / 1e3)
    );
    safe(text.trim_end()).into_owned()
}

fn json_text(
    widget: &str,
    outcomes: &[Outcome],
    seconds: f64,
    out: &mut impl Write,
) -> io::Result<()> {
    let counts = Counts::of(outcomes);
    writeln!(
        out,
        "{{\"widget\":{},\"results\":[",
        safe_json(&json!(widget).to_string())
    )?;
    for (index, outcome) in outcomes.iter().enumerate() {
        let comma = if index + 1 < outcomes.len() { "," } else { "" };
        writeln!(out, "{}{comma}", safe_json(&result(outcome).to_string()))?;
    }
    let unbound: Vec<Value> = closing::unbound(outcomes)
        .into_iter()
        .map(|(role, scenarios)| json!({ "role": role.word(), "scenarios": scenarios }))
        .collect();
    let summary = json!({
        "passed": counts.passed,
        "failed": counts.failed,
        "skipped": counts.skipped,
        "harnessErrors": counts.broken,
        "expectedFailures": counts.expected,
        "noLongerFail": counts.unexpected,
        "expectedAndSkipped": counts.untried,
        "unboundRoles": unbound,
        "seconds": (seconds * 1e3).round() / 1e3,
    });
    writeln!(out, "],\"summary\":{summary}}}")
}

fn result(outcome: &Outcome) -> Value {
    let Played {
        plan,
        verdict,
        took,
        lines,
        sdk,
        profile,
        dialogs,
        hints,
        page_errors,
        ..
    } = &outcome.played;
    let mut result = json!({
        "scenario": plan.scenario.name,
        "title": plan.scenario.title,
        "verdict": verdict.word(),
        "expectedFailure": outcome.entry.is_some(),
        "seconds": took.0.round() / 1e3,
        "sdk": sdk,
        "profile": profile.word(),
        "log": outcome.log,
        "hints": hints,
        "dialogs": dialogs,
    });
    match verdict {
        Verdict::Pass => {}
        Verdict::Skipped(why) | Verdict::HarnessError(why) => result["why"] = json!(why),
        Verdict::Fail(failure) => {
            let step = plan.steps.get(failure.step);
            result["step"] = step.map_or(Value::Null, |it| {
                json!({
                    "number": failure.step + 1,
                    "scenario": it.scenario,
                    "file": it.file,
                    "line": it.step.line,
                    "text": it.step.text,
                })
            });
            result["expected"] = json!(failure.expected);
            result["actual"] = json!(failure.actual);
            result["seq"] = json!(failure.seq);
            result["rule"] = json!(failure.rule);
            result["thrown"] = json!(page_errors);
            let lines: Vec<Value> = lines
                .iter()
                .map(|it| {
                    json!({
                        "seq": it.seq,
                        "at": it.at.0,
                        "from": it.from.map(Side::name),
                        "what": it.what,
                        "summary": it.summary,
                        "failing": it.is_it,
                    })
                })
                .collect();
            result["lines"] = json!(lines);
        }
    }
    result
}

fn junit(widget: &str, outcomes: &[Outcome], seconds: f64, out: &mut impl Write) -> io::Result<()> {
    let counts = Counts::of(outcomes);
    let failures = counts.failed - counts.expected + counts.unexpected + counts.untried;
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"callscope conform\">\n  <testsuite name=\"conform\" tests=\"{}\" \
         failures=\"{failures}\" errors=\"{}\" skipped=\"{}\" time=\"{seconds:.3}\">",
        outcomes.len(),
        counts.broken,
        counts.skipped - counts.untried
    )?;
    for outcome in outcomes {
        let name = xml(name(outcome));
        let time = outcome.played.took.0 / 1e3;
        let open =
            format!("    <testcase classname=\"conform\" name=\"{name}\" time=\"{time:.3}\"");
        let inside = junit_inside(outcome, widget);
        if inside.is_empty() {
            writeln!(out, "{open}/>")?;
            continue;
        }
        writeln!(out, "{open}>")?;
        for element in inside {
            writeln!(out, "      {element}")?;
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

/// The elements inside a test case, one text each.
fn junit_inside(outcome: &Outcome, widget: &str) -> Vec<String> {
    let Played {
        verdict, dialogs, ..
    } = &outcome.played;
    let mut inside = Vec::new();
    let mut told = Vec::new();
    let about_entry = closing::about_entry(outcome);
    match (verdict, outcome.assessment, &about_entry) {
        (_, Assessment::UnexpectedPass | Assessment::Untried, Some(words)) => {
            inside.push(format!("<failure message=\"{}\"/>", xml(words)));
            if let Verdict::Skipped(why) = verdict {
                told.push(why.clone());
            }
        }
        (Verdict::Pass, ..) => {}
        (Verdict::Skipped(why), ..) => {
            inside.push(format!("<skipped message=\"{}\"/>", xml(why)));
        }
        (Verdict::HarnessError(why), ..) => {
            inside.push(format!("<error message=\"{}\"/>", xml(why)));
            told.extend(about_entry);
        }
        (Verdict::Fail(failure), Assessment::ExpectedFailure, _) => {
            told.extend(failure_text(outcome, failure).lines().map(str::to_owned));
        }
        (Verdict::Fail(failure), ..) => {
            let text = failure_text(outcome, failure);
            let details: Vec<String> = text.lines().map(xml).collect();
            inside.push(format!(
                "<failure message=\"{}\">{}</failure>",
                xml(&failure.actual),
                details.join("\n")
            ));
        }
    }
    told.extend(dialogs::sentences(dialogs, widget));
    if !told.is_empty() {
        let lines: Vec<String> = told.iter().map(|it| xml(it)).collect();
        inside.push(format!("<system-out>{}</system-out>", lines.join("\n")));
    }
    inside
}

fn failure_text(outcome: &Outcome, failure: &Failure) -> String {
    let Played { plan, lines, .. } = &outcome.played;
    let mut text = String::new();
    if let Some(step) = plan.steps.get(failure.step) {
        text.push_str(&format!("at {} {}\n", place(step), step.step.text));
    }
    for (label, words) in reasons(outcome, failure) {
        text.push_str(&format!("{label}: {words}\n"));
    }
    for line in lines {
        text.push_str(&session_line(line));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests;
