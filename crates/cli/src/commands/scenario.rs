//! `callscope scenario from`: a recorded session becomes a scenario.

use crate::Status;
use crate::output::Output;

/// Makes a scenario of a recorded session.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, _: &mut Output) -> anyhow::Result<Status> {
    Ok(Status::Clean)
}
