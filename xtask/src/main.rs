//! Setup, build, demo, test and lint.
//!
//! One command per file; `Command` below is their table. Every command first does the setup that it
//! needs, so a fresh clone needs no other preparation.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod demo;
mod dist;
mod docs;
mod fuzz;
mod lint;
mod npm;
mod process;
mod record_fixtures;
mod screenshots;
mod setup;
mod softphone;
mod step;
mod stop;
mod test;
mod workspace;

/// Builds, shows, tests and checks Callscope.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Bench(bench::Args),
    Demo(demo::Args),
    Dist(dist::Args),
    Docs(docs::Args),
    Lint(lint::Args),
    Npm(npm::Args),
    RecordFixtures(record_fixtures::Args),
    Screenshots(screenshots::Args),
    Setup(setup::Args),
    Softphone(softphone::Args),
    Test(test::Args),
}

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Bench(args) => bench::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Dist(args) => dist::run(&args),
        Command::Docs(args) => docs::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Npm(args) => npm::run(&args),
        Command::RecordFixtures(args) => record_fixtures::run(&args),
        Command::Screenshots(args) => screenshots::run(&args),
        Command::Setup(args) => setup::run(&args),
        Command::Softphone(args) => softphone::run(&args),
        Command::Test(args) => test::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
