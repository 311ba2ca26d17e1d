//! `cargo xtask bench burst`: what happens to page and panel when a great many messages are posted.

use anyhow::Result;
use callscope_browser::Target;

use super::figures::{Table, median};
use super::processes::cpu_of;
use super::progress::{LagWatch, Progress, Status};
use super::stage::{Contender, Measured, Seat, Stage};
use crate::dist::Names;

/// Measures how long the host's page freezes while the widget posts a burst, and how far the panel
/// lags behind an endless stream of messages.
///
/// The contenders take turns, each time in a newly loaded page.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many messages the widget posts at once.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..))]
    messages: u32,

    /// How many messages a second are posted to measure the lag.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,

    /// How many seconds they are posted for.
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,

    /// How many pages each contender loads for each measure.
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// Measure only this contender; repeat for several.
    #[arg(long, value_enum)]
    contender: Vec<Contender>,

    /// Use dist/extension as it is.
    #[arg(long)]
    no_build: bool,
}

const CONTENDERS: &[Contender] = &[Contender::None, Contender::Closed, Contender::Open];

/// The results of three pages: one with a burst, two with streams.
struct Run {
    burst: Burst,
    from_widget: Stream,
    from_host: Stream,
}

/// The results of a page whose widget posts everything at once.
struct Burst {
    /// How long the host's timers did not run, in milliseconds.
    gap: f64,
    /// The processor time of the host's process, in seconds.
    cpu: f64,
    /// What the panel had at the end, if there is one.
    status: Option<Status>,
}

/// The results of a page with an endless stream of messages.
struct Stream {
    /// How long the receiver's timers did not run, in milliseconds.
    gap: f64,
    /// The longest time from receiving a message until the panel had it, in milliseconds.
    lag: Option<f64>,
}

/// Builds, measures and prints tables.
///
/// # Errors
///
/// Fails with a next step if something is missing, or says what did not happen.
pub(crate) fn run(args: &Args) -> Result<()> {
    Stage::set((args.no_build, Names::Dropped), |stage| {
        measure(args, stage)
    })
}

fn measure(args: &Args, stage: &Stage) -> Result<()> {
    let contenders = match args.contender.as_slice() {
        [] => CONTENDERS,
        some => some,
    };
    let measured = Measured::in_turn(stage, contenders, args.rounds, |seat| {
        let run = Run {
            burst: burst(args, stage, seat)?,
            from_widget: stream(args, stage, seat, Sender::Widget)?,
            from_host: stream(args, stage, seat, Sender::Host)?,
        };
        let gist = format!("{:.0} ms", run.burst.gap);
        Ok((run, gist))
    })?;
    if let Some(seat) = measured.seats.first() {
        let version = seat.browser.version()?;
        println!("{version}, {} pages each\n", args.rounds);
    }
    println!("{}", burst_table(args, &measured));
    print!("{}", stream_table(args, &measured));
    Ok(())
}

fn burst(args: &Args, stage: &Stage, seat: &Seat) -> Result<Burst> {
    let widget = seat.shake_hands(stage)?;
    seat.wait_until_idle(&[&widget])?;
    let count = args.messages;
    let before = cpu_of(&seat.page)?;
    let gap = longest_gap(&seat.page, count, || {
        Ok(widget.evaluate(&format!("bench.postAll({count})"))?)
    })?;
    seat.wait_until_idle(&[&widget])?;
    let cpu = cpu_of(&seat.page)? - before;
    let status = match &seat.panel {
        Some(panel) => Some(Progress::of(panel)?.status),
        None => None,
    };
    Ok(Burst { gap, cpu, status })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sender {
    Widget,
    Host,
}

fn stream(args: &Args, stage: &Stage, seat: &Seat, sender: Sender) -> Result<Stream> {
    let widget = seat.shake_hands(stage)?;
    widget.evaluate::<()>("void (bench.answers = false)")?;
    seat.wait_until_idle(&[&widget])?;
    let (sender, receiver) = match sender {
        Sender::Widget => (&widget, &seat.page),
        Sender::Host => (&seat.page, &widget),
    };
    let watch = seat.panel.as_ref().map(LagWatch::start).transpose()?;
    let Args { rate, seconds, .. } = args;
    let count = rate * seconds;
    let gap = longest_gap(receiver, count, || {
        Ok(sender.evaluate(&format!(
            "bench.postAtRate({rate}, {seconds}).then(() => {{}})"
        ))?)
    })?;
    let lag = watch
        .map(|watch| watch.finish(u64::from(count)))
        .transpose()?;
    seat.wait_until_idle(&[&widget])?;
    Ok(Stream { gap, lag })
}

/// The longest gap between ticks of the receiver, from before `post` until it has received all
/// messages.
fn longest_gap(receiver: &Target, count: u32, post: impl FnOnce() -> Result<()>) -> Result<f64> {
    receiver.evaluate::<()>(&format!("void (bench.gap = bench.longestGap({count}))"))?;
    post()?;
    Ok(receiver.evaluate("bench.gap")?)
}

fn burst_table(args: &Args, measured: &Measured<Run>) -> String {
    let mut table = Table::new(&[
        &format!("{} messages at once", args.messages),
        "longest gap between ticks of the host",
        "ratio",
        "processor time of the host",
        "ratio",
        "in the panel",
        "evicted",
        "lost",
    ]);
    let columns: [fn(&Run) -> f64; 2] = [|run| run.burst.gap, |run| run.burst.cpu * 1e3];
    for (contender, runs) in measured.rows() {
        let mut cells = vec![contender.label().to_owned()];
        for column in columns {
            let (median, ratio) = measured.figure(runs, column);
            cells.extend([number(median, " ms"), ratio]);
        }
        let count = |count: fn(&Status) -> u64| {
            let counts: Vec<f64> = runs
                .iter()
                .filter_map(|run| Some(count(run.burst.status.as_ref()?) as f64))
                .collect();
            number(median(counts), "")
        };
        cells.extend([
            count(|status| status.messages),
            count(|status| status.evicted),
            count(|status| status.lost),
        ]);
        table.row(&cells);
    }
    table.text()
}

fn stream_table(args: &Args, measured: &Measured<Run>) -> String {
    let Args { rate, seconds, .. } = args;
    let mut table = Table::new(&[
        &format!("{rate} messages a second for {seconds} s"),
        "from the widget: longest gap between ticks of the host",
        "the panel is behind",
        "from the host: longest gap between ticks of the widget",
        "the panel is behind",
    ]);
    for (contender, runs) in measured.rows() {
        let streams: [fn(&Run) -> &Stream; 2] = [|run| &run.from_widget, |run| &run.from_host];
        let mut cells = vec![contender.label().to_owned()];
        for stream in streams {
            let gap = median(runs.iter().map(|run| stream(run).gap));
            let lags = runs.iter().filter_map(|run| stream(run).lag);
            // Not the median: a developer watching the panel notices the worst.
            let lag = lags.reduce(f64::max).unwrap_or(f64::NAN);
            cells.extend([number(gap, " ms"), number(lag, " ms")]);
        }
        table.row(&cells);
    }
    table.text()
}

fn number(value: f64, unit: &str) -> String {
    if value.is_nan() {
        String::new()
    } else {
        format!("{value:.0}{unit}")
    }
}
