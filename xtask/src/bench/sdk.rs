//! `cargo xtask bench sdk`: a round trip through Callscope's SDK, compared with the original.
//!
//! Host and widget are on two sites and in two processes; nothing else is open.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use callscope_browser::{Browser, LaunchOptions};
use callscope_demo::{PlainSite, Request, Response};

use super::figures::{Table, median, ratio};
use super::stage::LIMIT;
use crate::npm;
use crate::setup::{self, NodeTools};
use crate::workspace::Workspace;

/// Measures round trips between host and widget, with both on the original, and with both on
/// Callscope's SDK.
///
/// The two take turns, each time in a newly loaded page.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many round trips a page makes.
    #[arg(long, value_name = "NUMBER", default_value_t = 3_000, value_parser = clap::value_parser!(u32).range(1..))]
    round_trips: u32,

    /// How many round trips a page makes before measuring.
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    warm_up: u32,

    /// How many pages each SDK loads.
    #[arg(long, value_name = "NUMBER", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// Use dist/npm as it is.
    #[arg(long)]
    no_build: bool,
}

/// The path of each, and its name in the table; the other is compared with the first.
const CONTENDERS: [(&str, &str); 2] = [
    ("npm", "npm 0.9.7, both ends"),
    ("own", "Callscope, both ends"),
];

/// Builds, measures and prints a table.
///
/// # Errors
///
/// Fails with a next step if something is missing.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    let chromium = setup::chromium()?;
    if args.no_build {
        NodeTools::install(&workspace)?;
    } else {
        npm::build(&workspace)?;
    }
    let site = PlainSite::serve(answer(&workspace)?)?;
    let browser = Browser::launch(&LaunchOptions {
        chromium: Some(chromium),
        time_limit: LIMIT,
        ..LaunchOptions::default()
    })?;
    let mut times = [Vec::new(), Vec::new()];
    for round in 1..=args.rounds {
        for ((name, _), times) in CONTENDERS.iter().zip(&mut times) {
            let micros = round_trips(args, &browser, site.port(), name)?;
            eprintln!("{round}/{}  {name}  {micros:.0} µs", args.rounds);
            times.push(micros);
        }
    }
    println!(
        "{}, {} pages of {} round trips each\n",
        browser.version()?,
        args.rounds,
        args.round_trips
    );
    let mut table = Table::new(&["", "a round trip", "ratio"]);
    let [base, _] = &times;
    for ((_, label), times) in CONTENDERS.iter().zip(&times) {
        let micros = format!("{:.0} µs", median(times.iter().copied()));
        table.row(&[(*label).to_owned(), micros, ratio(times, Some(base))]);
    }
    print!("{}", table.text());
    Ok(())
}

/// How many microseconds a round trip takes in a new page.
fn round_trips(args: &Args, browser: &Browser, port: u16, sdk: &str) -> Result<f64> {
    let widget = format!("http://127.0.0.1:{port}/%3Fsdk={sdk}");
    let url = format!("http://localhost:{port}/?sdk={sdk}&widget={widget}");
    let page = browser.open(&url)?;
    let _: bool = page.wait_until(
        "the handshake",
        "typeof bench === 'object' && bench.isReady",
    )?;
    let run = |count: u32| page.evaluate::<f64>(&format!("bench.roundTrips({count})"));
    run(args.warm_up)?;
    let time = run(args.round_trips)?;
    // A finished page must not take time from the next one.
    page.navigate("about:blank")?;
    Ok(time * 1e3 / f64::from(args.round_trips))
}

fn answer(workspace: &Workspace) -> Result<impl Fn(&Request) -> Response + Send + Sync + 'static> {
    let read =
        |path: PathBuf| fs::read(&path).with_context(|| format!("cannot read {}", path.display()));
    let original = workspace
        .node_modules()
        .join("@hubspot/calling-extensions-sdk/dist/main.js");
    let original = read(original)?;
    let own = read(npm::folder(workspace).join("dist/main.js"))?;
    Ok(move |request: &Request| {
        let script = "text/javascript; charset=utf-8";
        let (content_type, body) = match request.path.as_str() {
            "/" => (
                "text/html; charset=utf-8",
                include_bytes!("pages/sdk.html").to_vec(),
            ),
            "/sdk.js" => (script, include_bytes!("pages/sdk.js").to_vec()),
            "/sdk/npm.js" => (script, original.clone()),
            "/sdk/own.js" => (script, own.clone()),
            _ => (script, Vec::new()),
        };
        Response::file(content_type, body)
    })
}
