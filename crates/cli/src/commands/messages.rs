//! `callscope messages`: the catalogue of the protocol's messages.

use std::io::{self, Write as _};

use callscope_protocol::{Category, FieldSpec, Location, MessageSpec, MessageType, Required};

use crate::Status;
use crate::output::Output;
use crate::style::{BOLD, DIM, paint};
use crate::words;

const EXAMPLES: &str = "\
Examples:
  callscope messages                    list all messages
  callscope messages CALL_COMPLETED     who sends it, with which fields, since when
  callscope messages callCompleted      the same, by the SDK's method
  callscope messages 'CALL_*'           all whose name begins like this";

/// Shows what messages there are, who sends them, with which fields, since which SDK.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Types, or methods or handlers of the SDK.
    #[arg(value_name = "TYPE")]
    #[arg(help = "Types such as CALL_ENDED, or the SDK's methods and handlers; * is anything")]
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
        page(ty.spec(), out)?;
    }
    Ok(Status::Clean)
}

fn list(out: &mut Output) -> io::Result<()> {
    let width = MessageType::ALL
        .iter()
        .map(|ty| ty.name().len())
        .max()
        .unwrap_or(0);
    let mut categories: Vec<Category> = MessageType::ALL
        .iter()
        .map(|ty| ty.spec().category)
        .collect();
    categories.sort_unstable();
    categories.dedup();
    for (index, category) in categories.into_iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", paint(BOLD, category.name()))?;
        for ty in MessageType::ALL
            .iter()
            .filter(|ty| ty.spec().category == category)
        {
            let spec = ty.spec();
            writeln!(
                out,
                "  {:width$}  {}  {}",
                spec.name,
                paint(DIM, format_args!("{:13}", spec.direction.words())),
                spec.summary
            )?;
        }
    }
    writeln!(out, "\n{}", paint(DIM, "callscope messages TYPE says more"))
}

/// Types by their name, by the SDK's method or handler, or by a pattern.
fn find(name: &str) -> Vec<MessageType> {
    let is_it = |candidate: &str| {
        if name.contains('*') {
            glob(&name.to_ascii_lowercase(), &candidate.to_ascii_lowercase())
        } else {
            candidate.eq_ignore_ascii_case(name)
        }
    };
    let all = MessageType::ALL.iter().copied();
    all.filter(|ty| {
        let spec = ty.spec();
        is_it(spec.name)
            || spec.sdk_methods.iter().any(|method| is_it(method))
            || spec.handler.is_some_and(is_it)
    })
    .collect()
}

fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text.strip_prefix(head).is_some_and(|tail| {
            let ends = tail.char_indices().map(|(at, _)| at).chain([tail.len()]);
            ends.into_iter()
                .any(|at| glob(rest, tail.get(at..).unwrap_or_default()))
        }),
    }
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

fn page(spec: &MessageSpec, out: &mut Output) -> io::Result<()> {
    let title = paint(BOLD, spec.name);
    writeln!(out, "{title}  {}", paint(DIM, spec.direction.words()))?;
    writeln!(out, "{}\n", spec.summary)?;

    let methods: Vec<String> = spec
        .sdk_methods
        .iter()
        .map(|it| format!("{it}()"))
        .collect();
    let versions = match (spec.since, spec.last) {
        (None, _) => "no version of the SDK".to_owned(),
        (Some(since), None) => format!("SDK {since} and newer"),
        (Some(since), Some(last)) => format!("SDK {since} to {last}"),
    };
    for (label, text) in [
        ("Sent with", methods.join(", ")),
        ("Received by", spec.handler.unwrap_or_default().to_owned()),
        ("Known to", versions),
        (
            "Use instead",
            spec.deprecated_by.map_or("", |ty| ty.name()).to_owned(),
        ),
        ("Answered by", spec.answered_by.join(", ")),
        ("Notes", spec.notes.to_owned()),
    ] {
        if text.is_empty() {
            continue;
        }
        for (index, line) in words::wrap(&text, 80).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            writeln!(out, "{}  {line}", paint(DIM, format_args!("{label:>11}")))?;
        }
    }
    if spec.fields.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint(BOLD, "Fields"))?;
    let paths: Vec<String> = spec.fields.iter().map(path).collect();
    let width = paths
        .iter()
        .map(|path| path.chars().count())
        .max()
        .unwrap_or(0)
        .min(36);
    for (field, path) in spec.fields.iter().zip(paths) {
        writeln!(out, "  {path:width$}  {}", field_words(field))?;
        for line in words::wrap(field.note, 76) {
            if !line.is_empty() {
                writeln!(out, "  {:width$}  {}", "", paint(DIM, line))?;
            }
        }
    }
    Ok(())
}

fn path(field: &FieldSpec) -> String {
    match field.location {
        Location::Top => field.name.to_owned(),
        Location::Data => format!("data.{}", field.name),
    }
}

/// "number in ms, required, since 0.7.0"
fn field_words(field: &FieldSpec) -> String {
    let mut words = field.ty.to_string();
    if let Some(unit) = field.unit {
        words.push_str(" in ");
        words.push_str(unit);
    }
    if field.required != Required::No {
        words.push_str(", ");
        words.push_str(field.required.word());
    }
    if field.since != callscope_protocol::Version::OLDEST {
        words.push_str(", since ");
        words.push_str(&field.since.to_string());
    }
    if let Some(until) = field.until {
        words.push_str(", until ");
        words.push_str(&until.to_string());
    }
    words
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
