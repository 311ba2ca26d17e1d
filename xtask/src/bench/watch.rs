//! `cargo xtask bench watch`: what watching costs a page.
//!
//! Host and widget, on two sites and in two processes, shake hands with the SDK and then post
//! messages of calls to each other, each one when the previous one has been answered.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use callscope_browser::Target;
use clap::ValueEnum as _;
use serde_json::json;

use super::figures::{Table, median};
use super::processes::{Spent, cpu_of, spent};
use super::progress::Progress;
use super::stage::{Contender, Measured, Seat, Stage};
use crate::dist::Names;

/// Measures round trips between host and widget, without and with Callscope, and with what people
/// use instead.
///
/// The contenders take turns, each time in a newly loaded page.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many round trips a page makes.
    #[arg(long, value_name = "NUMBER", default_value_t = 3_000, value_parser = clap::value_parser!(u32).range(1..))]
    round_trips: u32,

    /// How many round trips a page makes before measuring.
    #[arg(long, value_name = "NUMBER", default_value_t = 200)]
    warm_up: u32,

    /// How many pages each contender loads.
    #[arg(long, value_name = "NUMBER", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// Measure only this contender; repeat for several.
    #[arg(long, value_enum)]
    contender: Vec<Contender>,

    /// Save CPU profiles of each contender's host, widget and panel in this folder, to open in
    /// DevTools; the times in the table are then too long.
    #[arg(long, value_name = "DIR")]
    profile: Option<PathBuf>,

    /// Use dist/extension as it is.
    #[arg(long)]
    no_build: bool,
}

/// The results of a page.
struct Run {
    /// The wall-clock time, in milliseconds.
    time: f64,
    /// The processor time of host and widget, in seconds, until everything they put off was done.
    page_cpu: f64,
    /// The processor time of all processes of the browser.
    all: Spent,
}

/// Builds, measures and prints a table.
///
/// # Errors
///
/// Fails with a next step if something is missing, or if a message was not recorded.
pub(crate) fn run(args: &Args) -> Result<()> {
    let names = if args.profile.is_some() {
        Names::Kept
    } else {
        Names::Dropped
    };
    Stage::set((args.no_build, names), |stage| measure(args, stage))
}

fn measure(args: &Args, stage: &Stage) -> Result<()> {
    let contenders = match args.contender.as_slice() {
        [] => Contender::value_variants(),
        some => some,
    };
    let measured = Measured::in_turn(stage, contenders, args.rounds, |seat| {
        let run = round_trips(args, stage, seat)?;
        let micros = run.time * 1e3 / f64::from(args.round_trips);
        Ok((run, format!("{micros:.0} µs")))
    })?;
    if let Some(seat) = measured.seats.first() {
        let bytes: f64 = seat.page.evaluate("bench.messageBytes()")?;
        println!(
            "{}, {} pages of {} round trips each, messages of {bytes:.0} bytes on average\n",
            seat.browser.version()?,
            args.rounds,
            args.round_trips
        );
    }
    println!("{}", table(&measured, args.round_trips));
    print!("{}", share_table(&measured, args.round_trips));
    Ok(())
}

/// Makes the round trips of a page.
fn round_trips(args: &Args, stage: &Stage, seat: &Seat) -> Result<Run> {
    let widget = seat.shake_hands(stage)?;
    let run = |count: u32| {
        seat.page
            .evaluate::<f64>(&format!("bench.roundTrips({count})"))
    };
    if args.warm_up > 0 {
        run(args.warm_up)?;
    }
    seat.wait_until_idle(&[&widget])?;
    let cpu = || {
        anyhow::Ok((
            cpu_of(&seat.page)? + cpu_of(&widget)?,
            spent(&seat.browser)?,
        ))
    };
    let profiled: Vec<(&str, &Target)> = [("host", &seat.page), ("widget", &widget)]
        .into_iter()
        .chain(seat.panel.as_ref().map(|panel| ("panel", panel.target())))
        .filter(|_| args.profile.is_some())
        .collect();
    for (_, target) in &profiled {
        start_profile(target)?;
    }
    let before = cpu()?;
    seat.draw(true)?;
    let time = run(args.round_trips)?;
    seat.draw(false)?;
    // Before waiting for the rest: a profiler alone takes a fifth of a processor.
    if let Some(folder) = &args.profile {
        let contender = seat.contender.to_possible_value();
        let contender = contender.as_ref().map_or("", |value| value.get_name());
        for (side, target) in profiled {
            save_profile(
                target,
                &folder.join(format!("{contender}-{side}.cpuprofile")),
            )?;
        }
    }
    seat.wait_until_idle(&[&widget])?;
    let after = cpu()?;
    if let Some(panel) = &seat.panel {
        // Messages that are not recorded would cost nothing.
        let status = Progress::of(panel)?.status;
        let posted = u64::from(args.warm_up + args.round_trips) * 2;
        ensure!(
            status.messages + status.evicted >= posted && status.lost == 0,
            "{posted} messages were posted, the panel has this: {status:?}"
        );
    }
    Ok(Run {
        time,
        page_cpu: after.0 - before.0,
        all: after.1.since(before.1),
    })
}

pub(super) fn start_profile(target: &Target) -> Result<()> {
    target.call("Profiler.enable", &json!({}))?;
    target.call("Profiler.setSamplingInterval", &json!({ "interval": 200 }))?;
    target.call("Profiler.start", &json!({}))?;
    Ok(())
}

pub(super) fn save_profile(target: &Target, path: &Path) -> Result<()> {
    let answer = target.call("Profiler.stop", &json!({}))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, answer["profile"].to_string())
        .with_context(|| format!("cannot write {}", path.display()))
}

fn table(measured: &Measured<Run>, round_trips: u32) -> String {
    let columns: [fn(&Run) -> f64; 3] = [
        |run| run.time / 1e3,
        |run| run.page_cpu,
        |run| run.all.all(),
    ];
    let mut table = Table::new(&[
        "",
        "a round trip",
        "ratio",
        "processor time of host and widget",
        "ratio",
        "of the whole browser",
        "ratio",
    ]);
    for (contender, runs) in measured.rows() {
        let mut cells = vec![contender.label().to_owned()];
        for column in columns {
            let (median, ratio) = measured.figure(runs, column);
            let micros = median * 1e6 / f64::from(round_trips);
            cells.extend([format!("{micros:.0} µs"), ratio]);
        }
        table.row(&cells);
    }
    table.text()
}

/// The processes that the time of the whole browser is spent in.
fn share_table(measured: &Measured<Run>, round_trips: u32) -> String {
    let columns: [fn(&Run) -> f64; 4] = [
        |run| run.page_cpu,
        |run| run.all.extension,
        |run| run.all.drawing,
        |run| run.all.others - run.page_cpu,
    ];
    let mut table = Table::new(&[
        "processor time of a round trip",
        "host and widget",
        "the extension's process",
        "the process that draws",
        "DevTools and the browser itself",
    ]);
    for (contender, runs) in measured.rows() {
        let mut cells = vec![contender.label().to_owned()];
        for column in columns {
            let micros = median(runs.iter().map(column)) * 1e6 / f64::from(round_trips);
            cells.push(format!("{micros:.0} µs"));
        }
        table.row(&cells);
    }
    table.text()
}
