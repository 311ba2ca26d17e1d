//! `callscope scenario from`: turns a recorded session into a scenario.

use std::path::{Path, PathBuf};

use callscope_scenario::FromSession;
use callscope_session_log::Session;

use crate::Status;
use crate::input::Input;
use crate::output::{Output, put};
use crate::text::safe;

const EXAMPLES: &str = "\
Examples:
  callscope scenario from bug.callscope.jsonl -o bug.jsonc     play HubSpot's side of a bug report
  callscope conform --widget URL --scenario bug.jsonc          does your widget still have it?

What HubSpot said is sent again, after the messages of the widget that it followed; ids that the
widget made become $x. What the user did is in no log: the steps for it are assumed and have to be
read. What was lost, cut or redacted is listed, in the file and here, and not made up.";

/// Makes scenarios.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a scenario of a recorded session, to play it again.
    From(FromArgs),
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
struct FromArgs {
    /// A session log; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: Input,

    /// Expect what the widget's messages held, and not only their types and ids.
    #[arg(long)]
    strict: bool,

    /// The scenario's name; else the name of the -o file or of the log.
    #[arg(long, value_name = "NAME", value_parser = parse_name)]
    name: Option<String>,

    /// Write to this file.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
}

fn parse_name(text: &str) -> Result<String, String> {
    if named(text) == text && !text.is_empty() {
        Ok(text.to_owned())
    } else {
        Err("use small letters, digits and hyphens, such as bug-17".to_owned())
    }
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let Command::From(args) = &args.command;
    let session = Session::from(args.file.read_log()?);
    let source = args.file.name();
    let by_file = args.output.as_deref().unwrap_or(Path::new(&*source));
    let name = args.name.clone().unwrap_or_else(|| name_of(by_file));
    // Without its folders, because scenarios are shared.
    let source = Path::new(&*source).file_name().map_or_else(
        || source.clone(),
        |name| name.to_string_lossy().into_owned(),
    );
    let maker = FromSession {
        name: &name,
        source: &safe(&source),
        is_strict: args.strict,
    };
    let made = maker.make(&session)?;
    put(args.output.as_deref(), &made.text, out)?;
    for note in &made.notes {
        anstream::eprintln!("note: {}", safe(note));
    }
    Ok(Status::Clean)
}

/// A scenario's name, from a file's name: `Bug 17.callscope.jsonl` is `bug-17`.
fn name_of(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = file.split('.').next().unwrap_or_default();
    match named(stem).trim_matches('-') {
        "" => "session".to_owned(),
        name => name.to_owned(),
    }
}

fn named(text: &str) -> String {
    let letters = text.chars().map(|it| match it.to_ascii_lowercase() {
        it if it.is_ascii_alphanumeric() => it,
        _ => '-',
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_give_names() {
        assert_eq!(name_of(Path::new("a/Bug 17.callscope.jsonl")), "bug-17");
        assert_eq!(name_of(Path::new("-")), "session");
        assert!(parse_name("bug-17").is_ok());
        assert!(parse_name("Bug").is_err() && parse_name("").is_err());
    }
}
