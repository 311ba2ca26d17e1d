//! `callscope diagram`: the ladder of a session.

use std::path::PathBuf;

use callscope_diagram::{fenced_mermaid, mermaid, svg, text};
use callscope_protocol::ConversationId;
use callscope_session_view::SessionView;
use callscope_session_view::ladder::{Choice, Ladder, ladders};
use callscope_session_view::rows::ViewOptions;
use clap::ValueEnum;

use crate::Status;
use crate::input::Input;
use crate::output::{Output, put};
use crate::style;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  callscope diagram session.jsonl                          in the terminal
  callscope diagram --format mermaid --call 2 session.jsonl  to paste into an issue on GitHub
  callscope diagram --format svg -o call.svg session.jsonl   a picture

Without --format the ending of the -o file decides: .svg, .mmd or .md; otherwise it is text.";

/// Draws who said what to whom: as text, as Mermaid, or as an SVG picture.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// What to draw it as.
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Draw this call only, counted from 1 in its conversation.
    #[arg(long, value_name = "NUMBER")]
    call: Option<u32>,

    /// Draw this conversation only.
    #[arg(long, value_name = "NUMBER")]
    conversation: Option<u32>,

    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// A session log; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: Input,
}

/// How a ladder is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// A Mermaid sequence diagram.
    Mermaid,
    /// A picture.
    Svg,
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let mut whole = SessionView::from(args.file.read_log()?);
    whole.update_rows(&ViewOptions::everything());
    let choice = Choice {
        conversation: args.conversation.map(ConversationId),
        call: args.call,
    };
    let ladders = ladders(&whole, choice);
    if ladders.is_empty() {
        let calls = words::counted(whole.session().calls().len() as u64, "call");
        let conversations = words::counted(
            whole.session().conversations().count() as u64,
            "conversation",
        );
        anyhow::bail!(
            "{}: there is nothing to draw; the log has {conversations} with {calls}",
            args.file.name()
        );
    }
    let picture = draw(&ladders, args);
    put(args.output.as_deref(), &picture, out)?;
    Ok(Status::Clean)
}

fn draw(ladders: &[Ladder], args: &Args) -> String {
    let extension = args
        .output
        .as_ref()
        .and_then(|path| path.extension()?.to_str());
    let by_name = match extension {
        Some("svg") => Format::Svg,
        Some("mmd" | "md" | "mermaid") => Format::Mermaid,
        _ => Format::Text,
    };
    match (args.format.unwrap_or(by_name), ladders) {
        (Format::Svg, _) => svg(ladders),
        (Format::Text, _) => text(ladders, &|ink, text| {
            style::paint(style::ink(ink), text).to_string()
        }),
        (Format::Mermaid, [one]) if extension != Some("md") => mermaid(one),
        (Format::Mermaid, _) => fenced_mermaid(ladders),
    }
}
