//! `cargo xtask bench`: what Callscope costs, measured in a real browser.
//!
//! One bench, one file; `Bench` below is the table of them. What the checker costs natively is a
//! benchmark of the program: `cargo bench -p callscope-cli`.

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

/// Measures in Chromium and prints tables; `checker` if nothing is named.
///
/// docs/performance.md tells what is measured and what came out.
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
/// Fails with a next step if something is missing, or with what did not happen.
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
