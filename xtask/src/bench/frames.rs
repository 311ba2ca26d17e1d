//! `cargo xtask bench frames`: what Callscope costs a page whose frames have nothing to do with
//! calling.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use callscope_browser::Target;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::figures::{Table, median, ratio};
use super::processes::{Memory, cpu_of_all, memory, wait_until_idle};
use super::stage::{Contender, Stage};
use crate::dist::Names;
use crate::step::step;

/// Measures a page with frames of other origins that never speak the protocol, without and with
/// Callscope.
///
/// The two take turns, each time in a newly started browser. Needs `/proc`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many frames the page has.
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    frames: u32,

    /// How many sites the frames are from; frames of one site share a process if there is only one
    /// page.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    sites: u32,

    /// How many seconds the page is watched after it has loaded, while each frame posts once a
    /// second and gets an answer.
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    seconds: u64,

    /// How many browsers each contender starts.
    #[arg(long, value_name = "NUMBER", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// Use dist/extension as it is.
    #[arg(long)]
    no_build: bool,
}

/// Host names in this domain belong to nobody.
const SITES: &str = "*.test";

const CONTENDERS: [Contender; 2] = [Contender::None, Contender::Closed];

/// The results of a browser.
struct Run {
    version: String,
    /// The time from the navigation of the first page's only frame to its first script, in
    /// milliseconds.
    first_script: f64,
    /// The time from the navigation of the page with many frames to the last frame's load event, in
    /// milliseconds.
    load: f64,
    /// The processor time of the whole browser until then, in seconds.
    load_cpu: f64,
    /// The processor time of the whole browser after that, in seconds.
    later_cpu: f64,
    /// Memory at the end.
    memory: Memory,
    /// How many messages and connections the worker has received since the browser started.
    worker_messages: f64,
}

/// Builds, measures and prints a table.
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
    let extension = extension_for_sites(&stage.workspace.extension())?;
    let mut all = CONTENDERS.map(|_| Vec::new());
    for round in 1..=args.rounds {
        step(&format!("Round {round} of {}", args.rounds), |remark| {
            let mut times = Vec::new();
            for (contender, runs) in CONTENDERS.into_iter().zip(&mut all) {
                let with_extension = contender == Contender::Closed;
                let extension = with_extension.then_some(extension.path());
                let run = load(args, stage, extension)
                    .with_context(|| format!("measuring {}", contender.label()))?;
                times.push(format!("{} loads in {:.0} ms", contender.label(), run.load));
                runs.push(run);
            }
            *remark = times.join("; ");
            Ok(())
        })?;
    }
    let [none, closed] = &all;
    let version = none.first().map_or("", |run| run.version.as_str());
    let Args {
        frames,
        sites,
        rounds,
        ..
    } = args;
    println!("{version}, {frames} frames of {sites} site(s), {rounds} browsers each\n");
    print!("{}", table(args, none, closed));
    Ok(())
}

/// Loads the pages of a browser: one with a single frame, for the cold start, and the one with all.
fn load(args: &Args, stage: &Stage, extension: Option<&Path>) -> Result<Run> {
    let resolver = format!("--host-resolver-rules=MAP {SITES} 127.0.0.1");
    let (browser, page) = stage.launch(extension, &[resolver.into()])?;
    let worker = match extension {
        Some(_) => Some(count_messages_to(browser.service_worker()?)?),
        None => None,
    };
    wait_until_idle(&browser, &[&page])?;
    let open = |frames: u32| {
        let sites = args.sites;
        let port = stage.site.port();
        page.navigate(&format!(
            "http://localhost:{port}/frames.html?frames={frames}&sites={sites}"
        ))?;
        let ready = format!("bench.loaded === {frames} && bench.firstScripts.length === {frames}");
        page.wait_until::<bool>("the frames to load", &ready)
    };
    open(1)?;
    let first_script = page.evaluate("bench.firstScripts[0]")?;
    wait_until_idle(&browser, &[&page])?;

    let start = cpu_of_all(&browser)?;
    open(args.frames)?;
    let loaded = cpu_of_all(&browser)?;
    let load = page.evaluate("bench.loadedAt")?;
    thread::sleep(Duration::from_secs(args.seconds));
    Ok(Run {
        version: browser.version()?,
        first_script,
        load,
        load_cpu: loaded - start,
        later_cpu: cpu_of_all(&browser)? - loaded,
        memory: memory(&browser)?,
        worker_messages: match worker {
            Some(worker) => worker.evaluate("callscopeBenchMessages")?,
            None => 0.0,
        },
    })
}

/// Makes the worker count what it receives. While driven, it does not fall asleep.
fn count_messages_to(worker: Target) -> Result<Target> {
    // Its target exists before its script runs.
    worker.wait_until::<bool>("the worker to start", "Boolean(globalThis.chrome?.runtime)")?;
    worker.evaluate::<()>(
        "globalThis.callscopeBenchMessages = 0;
         for (const event of [chrome.runtime.onMessage, chrome.runtime.onConnect])
             event.addListener(() => { callscopeBenchMessages += 1; });",
    )?;
    Ok(worker)
}

/// A copy of the extension that also covers the sites of the bench.
fn extension_for_sites(built: &Path) -> Result<TempDir> {
    let copy = tempfile::Builder::new()
        .prefix("callscope-extension-")
        .tempdir()?;
    callscope_e2e::copy_folder(built, copy.path())
        .with_context(|| format!("cannot copy {}", built.display()))?;
    let path = copy.path().join("manifest.json");
    let text = fs::read_to_string(&path).context("cannot read the extension's manifest")?;
    let mut manifest: Value = serde_json::from_str(&text)?;
    let pattern = json!(format!("http://{SITES}/*"));
    let add = |list: &mut Value| {
        let list = list
            .as_array_mut()
            .context("the manifest has no list of sites")?;
        list.push(pattern.clone());
        anyhow::Ok(())
    };
    add(&mut manifest["host_permissions"])?;
    let scripts = manifest["content_scripts"].as_array_mut();
    for script in scripts.context("the manifest has no content scripts")? {
        add(&mut script["matches"])?;
    }
    fs::write(&path, manifest.to_string())?;
    Ok(copy)
}

/// A measure: its name, its unit, and its value.
type Measure<'a> = (&'a str, &'static str, fn(&Run) -> f64);

/// One measure per row, because the numbers have little to do with each other.
fn table(args: &Args, none: &[Run], closed: &[Run]) -> String {
    let mut table = Table::new(&[
        "",
        Contender::None.label(),
        Contender::Closed.label(),
        "ratio",
    ]);
    let after = format!(
        "processor time of the browser in the {} s after",
        args.seconds
    );
    let measures: [Measure<'_>; 6] = [
        (
            "from the navigation to the last frame's load event",
            "ms",
            |it| it.load,
        ),
        ("processor time of the browser until then", "ms", |it| {
            it.load_cpu * 1e3
        }),
        (&after, "ms", |it| it.later_cpu * 1e3),
        ("memory of the page's renderers", "MB", |it| {
            it.memory.pages / 1e6
        }),
        ("memory of the extension's renderer", "MB", |it| {
            it.memory.extension / 1e6
        }),
        (
            "from a frame's navigation to its first script, cold",
            "ms",
            |it| it.first_script,
        ),
    ];
    for (name, unit, value) in measures {
        let [none, closed] = [none, closed].map(|runs| runs.iter().map(value).collect::<Vec<_>>());
        let ratio = ratio(&closed, Some(&none));
        let [none, closed] = [none, closed].map(|values| format!("{:.0} {unit}", median(values)));
        table.row(&[name, &none, &closed, &ratio]);
    }
    let messages = median(closed.iter().map(|run| run.worker_messages));
    table.row(&[
        "messages to the extension's worker",
        "",
        &format!("{messages:.0}"),
        "",
    ]);
    let more = median(
        none.iter()
            .zip(closed)
            .map(|(none, closed)| closed.memory.pages - none.memory.pages),
    );
    format!(
        "{}\nEach frame has {:.2} MB more.\n",
        table.text(),
        more / 1e6 / f64::from(args.frames)
    )
}
