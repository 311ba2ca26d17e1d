//! `callscope messages`: the catalogue of the protocol's messages.

use std::io::{self, Write as _};

use callscope_protocol::MessageType;
use callscope_reference::{by_category, message_page};
use callscope_session_view::filter::Glob;

use crate::Status;
use crate::output::Output;
use crate::style::{BOLD, DIM, paint};
use crate::{page, terminal, words};

const EXAMPLES: &str = "\
Examples:
  callscope messages                    list all messages
  callscope messages CALL_COMPLETED     who sends it, with which fields, since when
  callscope messages callCompleted      the same, by the SDK's method
  callscope messages 'CALL_*'           all that begin with CALL_";

/// Shows what messages there are, who sends them, with which fields, since which SDK.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Types, or methods or handlers of the SDK.
    #[arg(value_name = "TYPE")]
    #[arg(
        help = "Types such as CALL_ENDED, or the SDK's methods and handlers; * matches anything"
    )]
    types: Vec<String>,
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    if args.types.is_empty() {
        list(out)?;
        return Ok(Status::Clean);
    }
    let mut found = Vec::new();
    for name in &args.types {
        let matches = find(name);
        if matches.is_empty() {
            anyhow::bail!("there is no message {name}{}", suggestion(name));
        }
        found.extend(matches);
    }
    for (index, ty) in found.into_iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        page::print(&message_page(ty), terminal::width(), out)?;
    }
    Ok(Status::Clean)
}

fn list(out: &mut Output) -> io::Result<()> {
    let width = MessageType::ALL
        .iter()
        .map(|ty| ty.name().len())
        .max()
        .unwrap_or(0);
    for (index, (category, types)) in by_category().into_iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", paint(BOLD, category.name()))?;
        for ty in types {
            let spec = ty.spec();
            let direction = format!("{:13}", spec.direction.words());
            let head = format!("  {:width$}  {}  ", spec.name, paint(DIM, direction));
            // The width of the name and the direction, with the blanks around them.
            let indent = width + 13 + 6;
            let summary = words::wrap(spec.summary, terminal::width().saturating_sub(indent));
            for (index, line) in summary.into_iter().enumerate() {
                if index == 0 {
                    writeln!(out, "{head}{line}")?;
                } else {
                    writeln!(out, "{:indent$}{line}", "")?;
                }
            }
        }
    }
    writeln!(out, "\n{}", paint(DIM, "callscope messages TYPE says more"))
}

/// Finds types by name, by the SDK's method or handler, or by a pattern.
fn find(name: &str) -> Vec<MessageType> {
    let glob = Glob::new(name);
    let is_it = |candidate: &str| glob.matches(candidate);
    let all = MessageType::ALL.iter().copied();
    all.filter(|ty| {
        let spec = ty.spec();
        is_it(spec.name)
            || spec.sdk_methods.iter().any(|method| is_it(method))
            || spec.handler.is_some_and(is_it)
    })
    .collect()
}

fn suggestion(name: &str) -> String {
    let name = name.to_ascii_uppercase().replace('-', "_");
    let nearest = MessageType::ALL
        .iter()
        .map(|ty| (strsim::jaro_winkler(&name, ty.name()), ty.name()))
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .filter(|(likeness, _)| *likeness > 0.8);
    match nearest {
        Some((_, nearest)) => format!("; did you mean {nearest}?"),
        None => "; see `callscope messages` for all".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pattern: &str) -> Vec<&'static str> {
        find(pattern).into_iter().map(MessageType::name).collect()
    }

    #[test]
    fn messages_are_found_by_any_of_their_names() {
        assert_eq!(names("call_ended"), ["CALL_ENDED"]);
        assert_eq!(names("callEnded"), ["CALL_ENDED"]);
        assert_eq!(names("onDialNumber"), ["DIAL_NUMBER"]);
        assert_eq!(names("FINALIZE_*_FAILED"), ["FINALIZE_ENGAGEMENT_FAILED"]);
        assert_eq!(names("*").len(), MessageType::ALL.len());
        assert_eq!(names("CALL"), [""; 0]);
    }

    #[test]
    fn misspelled_names_are_put_right() {
        assert_eq!(
            suggestion("CALL_COMPLETE"),
            "; did you mean CALL_COMPLETED?"
        );
        assert_eq!(suggestion("dial-number"), "; did you mean DIAL_NUMBER?");
        assert_eq!(suggestion("xyz"), "; see `callscope messages` for all");
    }
}
