//! `cargo xtask bench panel`: how the panel copes with long sessions, with busy ones, and idle.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::figures::{Table, median, ratio};
use super::stage::Stage;
use crate::dist::Names;
use crate::step::step;
use desk::{Desk, Idle, Import, Live};

mod desk;
// The logs that `cargo bench -p callscope-cli` measures.
#[expect(dead_code, reason = "the rest of it is used there")]
#[path = "../../../crates/cli/benches/check/log.rs"]
mod log;

/// Measures the panel itself: opening, files, filter, scrolling, live traffic, idling.
///
/// Several builds of the extension take turns, each time in a newly started browser. Needs `/proc`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of another build of the extension to compare with; repeat for several.
    #[arg(long, value_name = "DIR")]
    contender: Vec<PathBuf>,

    /// Measure only this; repeat for several.
    #[arg(long, value_enum)]
    only: Vec<Subject>,

    /// How many messages the files have that are opened one after another; filter and wheel are
    /// used on the first.
    #[arg(long, value_name = "NUMBER", value_delimiter = ',', default_values_t = [100_000, 1_000_000], value_parser = clap::value_parser!(u64).range(10..))]
    messages: Vec<u64>,

    /// How many messages a second the host posts.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,

    /// How many seconds it posts for, and how many the panel is left idle.
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,

    /// How many browsers each build starts.
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// Save CPU profiles of this build's panel in this folder, one per measure, to open in
    /// DevTools; the times in the table are then too long.
    #[arg(long, value_name = "DIR")]
    profile: Option<PathBuf>,

    /// Use dist/extension as it is.
    #[arg(long)]
    no_build: bool,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Subject {
    Idle,
    Live,
    Import,
    Filter,
    Scroll,
}

/// The results of a browser; `None` for what was not requested.
#[derive(Default)]
struct Run {
    opening: f64,
    idle: Option<Idle>,
    live: Option<Live>,
    /// For each file.
    imports: Vec<Import>,
    filter: Option<Vec<f64>>,
    scroll: Option<Vec<f64>>,
}

/// A build and its runs.
struct Build {
    name: String,
    extension: PathBuf,
    profile: Option<PathBuf>,
    runs: Vec<Run>,
}

/// Builds, measures and prints a table.
///
/// # Errors
///
/// Fails with a next step if something is missing, or says what did not happen.
pub(crate) fn run(args: &Args) -> Result<()> {
    for folder in &args.contender {
        let manifest = folder.join("manifest.json");
        ensure!(
            manifest.exists(),
            "{} is not there: --contender takes the folder of a built extension",
            manifest.display()
        );
    }
    let names = if args.profile.is_some() {
        Names::Kept
    } else {
        Names::Dropped
    };
    Stage::set((args.no_build, names), |stage| measure(args, stage))
}

fn measure(args: &Args, stage: &Stage) -> Result<()> {
    let folder = TempDir::new().context("a folder for the logs")?;
    let mut files = Vec::new();
    for messages in &args.messages {
        let file = folder.path().join(format!("{messages}.callscope.jsonl"));
        desk::write_log(&file, *messages)?;
        files.push((*messages, file));
    }
    let build = |name: String, extension: PathBuf, profile: Option<PathBuf>| Build {
        name,
        extension,
        profile,
        runs: Vec::new(),
    };
    let own = stage.workspace.extension();
    let mut builds = vec![build("this build".to_owned(), own, args.profile.clone())];
    for folder in &args.contender {
        let folder = folder.canonicalize()?;
        builds.push(build(folder.display().to_string(), folder, None));
    }
    let mut version = String::new();
    for round in 1..=args.rounds {
        step(&format!("Round {round} of {}", args.rounds), |remark| {
            let mut gists = Vec::new();
            for build in &mut builds {
                let run = one(args, stage, build, &files, &mut version)
                    .with_context(|| format!("measuring {}", build.name))?;
                gists.push(format!("{}: opens in {:.0} ms", build.name, run.opening));
                build.runs.push(run);
            }
            *remark = gists.join("; ");
            Ok(())
        })?;
    }
    println!("{version}, {} browsers each\n", args.rounds);
    print!("{}", table(args, &builds));
    Ok(())
}

/// Measures the panel in one browser.
fn one(
    args: &Args,
    stage: &Stage,
    build: &Build,
    files: &[(u64, PathBuf)],
    version: &mut String,
) -> Result<Run> {
    let is_wanted = |subject| args.only.is_empty() || args.only.contains(&subject);
    let desk = Desk::open(stage, &build.extension)?;
    *version = desk.browser.version()?;
    let profile = build.profile.as_deref();
    let mut run = Run {
        opening: desk.opening,
        ..Run::default()
    };
    if is_wanted(Subject::Idle) {
        let time = Duration::from_secs(args.seconds.into());
        run.idle = Some(profiled(&desk, profile, "idle", || desk.idle(time))?);
    }
    if is_wanted(Subject::Live) {
        let live = || desk.live(args.rate, args.seconds);
        run.live = Some(profiled(&desk, profile, "live", live)?);
    }
    let on_the_first = [Subject::Filter, Subject::Scroll];
    let needs_first = on_the_first.into_iter().any(is_wanted);
    for (index, (messages, file)) in files.iter().enumerate() {
        let is_first = index == 0;
        let is_needed = is_wanted(Subject::Import) || (is_first && needs_first);
        if !is_needed {
            continue;
        }
        let import = || desk.import(file, *messages);
        let name = format!("import-{messages}");
        run.imports.push(profiled(&desk, profile, &name, import)?);
        if is_first && is_wanted(Subject::Scroll) {
            run.scroll = Some(profiled(&desk, profile, "scroll", || desk.scroll())?);
        }
        if is_first && is_wanted(Subject::Filter) {
            run.filter = Some(profiled(&desk, profile, "filter", || desk.filter("ended"))?);
        }
    }
    Ok(run)
}

/// Measures, and saves a profile if a folder for it is given.
fn profiled<R>(
    desk: &Desk,
    folder: Option<&Path>,
    name: &str,
    measure: impl FnOnce() -> Result<R>,
) -> Result<R> {
    let Some(folder) = folder else {
        return measure();
    };
    desk.start_profile()?;
    let result = measure()?;
    desk.save_profile(&folder.join(format!("{name}.cpuprofile")))?;
    Ok(result)
}

/// A line of the table: its description, the figure of a run, and its unit.
type Line<'a> = (String, Box<dyn Fn(&Run) -> f64 + 'a>, &'static str);

fn lines(args: &Args) -> Vec<Line<'_>> {
    /// A figure; NaN if it was not measured.
    fn of<T>(measured: Option<&T>, figure: impl Fn(&T) -> f64) -> f64 {
        measured.map_or(f64::NAN, figure)
    }
    let longest = |times: &Vec<f64>| times.iter().copied().fold(0.0, f64::max);
    let Args { rate, seconds, .. } = args;
    let mut lines: Vec<Line<'_>> = vec![
        (
            "from choosing the panel to its rows".to_owned(),
            Box::new(|run| run.opening),
            " ms",
        ),
        (
            format!("animation frames of {seconds} s with nothing to do"),
            Box::new(|run| of(run.idle.as_ref(), |it| it.frames)),
            "",
        ),
        (
            "of these, with something drawn".to_owned(),
            Box::new(|run| of(run.idle.as_ref(), |it| it.paints)),
            "",
        ),
        (
            format!("{rate} messages a second for {seconds} s: how far it is behind"),
            Box::new(|run| of(run.live.as_ref(), |it| it.lag)),
            " ms",
        ),
        (
            "longest standstill meanwhile".to_owned(),
            Box::new(|run| of(run.live.as_ref(), |it| it.standstill)),
            " ms",
        ),
        (
            "frames drawn a second meanwhile".to_owned(),
            Box::new(|run| of(run.live.as_ref(), |it| it.paints)),
            "",
        ),
        (
            "script of one of these".to_owned(),
            Box::new(|run| of(run.live.as_ref(), |it| median(it.scripts.iter().copied()))),
            " ms",
        ),
        (
            "processor time of the extension's process, of one processor".to_owned(),
            Box::new(|run| of(run.live.as_ref(), |it| it.share.extension * 100.0)),
            " %",
        ),
        (
            "of the process that draws".to_owned(),
            Box::new(|run| of(run.live.as_ref(), |it| it.share.drawing * 100.0)),
            " %",
        ),
    ];
    for (index, messages) in args.messages.iter().enumerate() {
        lines.extend([
            (
                format!("a file of {messages} messages, until it is shown"),
                Box::new(move |run: &Run| of(run.imports.get(index), |it| it.time))
                    as Box<dyn Fn(&Run) -> f64>,
                " ms",
            ),
            (
                "longest standstill meanwhile".to_owned(),
                Box::new(move |run| of(run.imports.get(index), |it| it.standstill)),
                " ms",
            ),
            (
                "memory, as a multiple of the file".to_owned(),
                Box::new(move |run| of(run.imports.get(index), |it| it.memory)),
                " ×",
            ),
        ]);
        if index == 0 {
            lines.extend([
                (
                    "script of a frame while it is scrolled".to_owned(),
                    Box::new(|run: &Run| of(run.scroll.as_ref(), |it| median(it.iter().copied())))
                        as Box<dyn Fn(&Run) -> f64>,
                    " ms",
                ),
                (
                    "longest standstill after a key in the filter".to_owned(),
                    Box::new(move |run| of(run.filter.as_ref(), longest)),
                    " ms",
                ),
            ]);
        }
    }
    lines
}

fn table(args: &Args, builds: &[Build]) -> String {
    let mut heads = vec![String::new()];
    for (index, build) in builds.iter().enumerate() {
        heads.push(build.name.clone());
        if index > 0 {
            heads.push("this build against it".to_owned());
        }
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&heads);
    for (words, figure, unit) in lines(args) {
        let figures: Vec<Vec<f64>> = builds
            .iter()
            .map(|build| build.runs.iter().map(&figure).collect())
            .collect();
        let own = figures.first().map(Vec::as_slice).unwrap_or_default();
        if own.iter().all(|it| it.is_nan()) {
            continue;
        }
        let mut cells = vec![words];
        for (index, values) in figures.iter().enumerate() {
            let median = median(values.iter().copied());
            let digits = match unit {
                "" => 0,
                " ×" => 2,
                _ => usize::from(median < 20.0),
            };
            cells.push(format!("{median:.digits$}{unit}"));
            if index > 0 {
                cells.push(ratio(own, Some(values)));
            }
        }
        table.row(&cells);
    }
    table.text()
}
