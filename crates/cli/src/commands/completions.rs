//! `callscope completions`: scripts by which a shell completes the program's arguments.

use std::io::Write as _;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::Status;
use crate::cli::Cli;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  callscope completions bash > ~/.local/share/bash-completion/completions/callscope
  callscope completions zsh > ~/.zfunc/_callscope
  callscope completions fish > ~/.config/fish/completions/callscope.fish";

/// Prints a script with which a shell completes the arguments of callscope.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    // Generated in memory first: a closed pipe would make the generator panic.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "callscope", &mut script);
    out.write_all(&script)?;
    Ok(Status::Clean)
}
