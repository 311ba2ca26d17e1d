//! `callscope man`: the manual pages.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::Status;
use crate::cli::Cli;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  callscope man | man -l -
  callscope man -o ~/.local/share/man/man1     callscope.1, callscope-check.1 and so on";

/// Prints the manual page, or writes the pages of all commands into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write one page per command into this folder.
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let command = Cli::command();
    if let Some(folder) = &args.output {
        let unwritable = || format!("{} cannot be written to", folder.display());
        fs::create_dir_all(folder).with_context(unwritable)?;
        clap_mangen::generate_to(command, folder).with_context(unwritable)?;
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        out.write_all(&page)?;
    }
    Ok(Status::Clean)
}
