//! `callscope explain`: a rule's page.

use std::io::{self, Write as _};

use callscope_protocol::{Rule, Version, rules};

use super::check::parse_rule;
use crate::Status;
use crate::output::Output;
use crate::style::{BOLD, DIM, paint};
use crate::words;

const EXAMPLES: &str = "\
Examples:
  callscope explain              list all rules
  callscope explain M14          why it matters, how to fix it
  callscope explain T            the rules of one family
  callscope explain M14 T03      two pages";

/// Explains rules: what is wrong, why it matters, how to fix it with the SDK.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Rules such as M14, or families: T, S, Q, M, H, E, X. Without one, all rules are listed.
    #[arg(value_name = "CODE", value_parser = parse_choice)]
    codes: Vec<Choice>,
}

#[derive(Clone, Copy, Debug)]
enum Choice {
    Rule(&'static Rule),
    Family(&'static Family),
}

/// What the first letter of a code says.
#[derive(Debug)]
struct Family {
    letter: &'static str,
    words: &'static str,
}

const FAMILIES: &[Family] = &[
    Family {
        letter: "T",
        words: "handshake and transport",
    },
    Family {
        letter: "S",
        words: "session: log-in, availability, size",
    },
    Family {
        letter: "Q",
        words: "calls of widgets up to SDK 0.0.6",
    },
    Family {
        letter: "M",
        words: "calls of newer widgets",
    },
    Family {
        letter: "H",
        words: "health: latency, retries, answers that do not come",
    },
    Family {
        letter: "E",
        words: "environment: overrides and origins",
    },
    Family {
        letter: "X",
        words: "what the recording lacks",
    },
];

impl Family {
    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        rules()
            .iter()
            .copied()
            .filter(|rule| rule.code.starts_with(self.letter))
    }
}

fn parse_choice(code: &str) -> Result<Choice, String> {
    let family = FAMILIES
        .iter()
        .find(|family| family.letter.eq_ignore_ascii_case(code.trim()));
    match family {
        Some(family) => Ok(Choice::Family(family)),
        None => parse_rule(code).map(Choice::Rule),
    }
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    if args.codes.is_empty() {
        for (index, family) in FAMILIES.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            list(family, out)?;
        }
        writeln!(out, "\n{}", paint(DIM, "callscope explain CODE says more"))?;
    }
    for (index, choice) in args.codes.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        match choice {
            Choice::Rule(rule) => page(rule, out)?,
            Choice::Family(family) => list(family, out)?,
        }
    }
    Ok(Status::Clean)
}

fn list(family: &Family, out: &mut Output) -> io::Result<()> {
    let Family { letter, words } = family;
    writeln!(out, "{}", paint(BOLD, format_args!("{letter}: {words}")))?;
    let width = family
        .rules()
        .map(|rule| rule.title.chars().count())
        .max()
        .unwrap_or(0);
    for rule in family.rules() {
        let severity = paint(DIM, rule.severity);
        writeln!(out, "  {}  {:width$}  {severity}", rule.code, rule.title)?;
    }
    Ok(())
}

fn page(rule: &Rule, out: &mut Output) -> io::Result<()> {
    writeln!(
        out,
        "{}",
        paint(BOLD, format_args!("{}  {}", rule.code, rule.title))
    )?;
    writeln!(out)?;
    for (label, text) in [
        ("Severity", rule.severity),
        ("Applies to", &applies_to(rule)),
        ("Why it matters", rule.why),
        ("How to fix it", rule.fix),
    ] {
        for (index, line) in words::wrap(text, 80).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            writeln!(out, "{}  {line}", paint(DIM, format_args!("{label:>14}")))?;
        }
    }
    Ok(())
}

/// "all versions", "widgets from SDK 0.7.0", "widgets up to SDK 0.0.6".
fn applies_to(rule: &Rule) -> String {
    match (rule.since, rule.until) {
        (Version::OLDEST, None) => "all versions".to_owned(),
        (since, None) => format!("SDK {since} and newer"),
        (Version::OLDEST, Some(until)) => format!("SDK up to {until}"),
        (since, Some(until)) => format!("SDK {since} to {until}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_family() {
        let listed: usize = FAMILIES.iter().map(|family| family.rules().count()).sum();
        assert_eq!(listed, rules().len());
    }
}
