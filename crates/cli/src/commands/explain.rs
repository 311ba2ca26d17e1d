//! `callscope explain`: a rule's page.

use std::io::{self, Write as _};

use callscope_protocol::{Rule, Severity};
use callscope_reference::{FAMILIES, Family, rule_page};

use super::check::{families, parse_rule};
use crate::Status;
use crate::output::Output;
use crate::style::{BOLD, DIM, paint};
use crate::{page, terminal};

const EXAMPLES: &str = "\
Examples:
  callscope explain              list all rules
  callscope explain M14          why it matters, how to fix it, a session that breaks it
  callscope explain T            the rules of one family
  callscope explain M14 T03      two pages";

/// Explains rules: what is wrong, why it matters, how to fix it with the SDK.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Rules such as M14, or families by their letter. Without one, all are listed.
    #[arg(value_name = "CODE", value_parser = parse_choice)]
    #[arg(help = format!("Rules such as M14, or families: {}; all are listed without one", families()))]
    codes: Vec<Choice>,
}

#[derive(Clone, Copy, Debug)]
enum Choice {
    Rule(&'static Rule),
    Family(&'static Family),
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
            Choice::Rule(rule) => page::print(&rule_page(rule), terminal::width(), out)?,
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
        let named = [Severity::Error, Severity::Warning, Severity::Note]
            .map(Severity::name)
            .into_iter()
            .filter(|name| rule.severity.contains(name));
        let severity = paint(DIM, named.collect::<Vec<_>>().join(", "));
        writeln!(out, "  {}  {:width$}  {severity}", rule.code, rule.title)?;
    }
    Ok(())
}
