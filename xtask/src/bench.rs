//! `cargo xtask bench`: the cost of Callscope, measured in a real browser.
//!
//! One bench per file; `Bench` below is their table. The checker's native cost is a benchmark of
//! the program: `cargo bench -p callscope-cli`.

use anyhow::Result;
use clap::Subcommand;

mod burst;
mod checker;
mod figures;
mod frames;
mod pages;
mod panel;
mod processes;
mod progress;
mod sdk;
mod stage;
mod watch;

/// Measures in Chromium and prints tables; without a name, runs `checker`.
///
/// See docs/performance.md for what is measured and the results.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    bench: Option<Bench>,
}

#[derive(Subcommand)]
enum Bench {
    Burst(burst::Args),
    Checker(checker::Args),
    Frames(frames::Args),
    Panel(panel::Args),
    Sdk(sdk::Args),
    Watch(watch::Args),
}

/// Builds, measures and prints.
///
/// # Errors
///
/// Fails with a next step if something is missing, or says what did not happen.
pub(crate) fn run(args: &Args) -> Result<()> {
    match &args.bench {
        None => checker::run(&checker::Args::default()),
        Some(Bench::Burst(args)) => burst::run(args),
        Some(Bench::Checker(args)) => checker::run(args),
        Some(Bench::Frames(args)) => frames::run(args),
        Some(Bench::Panel(args)) => panel::run(args),
        Some(Bench::Sdk(args)) => sdk::run(args),
        Some(Bench::Watch(args)) => watch::run(args),
    }
}
