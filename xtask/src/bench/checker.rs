//! `cargo xtask bench checker`: the checker's cost per message in a browser.
//!
//! Its native cost is a benchmark of the program: `cargo bench -p callscope-cli`.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use callscope_browser::{Browser, LaunchOptions, Target};
use serde_json::json;

use super::figures::median;
use crate::dist::lowered::{self, Script};
use crate::dist::panel::{self, Module};
use crate::setup::{self, NodeTools};
use crate::step::step;
use crate::workspace::Workspace;

/// Measures the checker, both lowered to JavaScript like the content script and as WebAssembly like
/// in the panel.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many messages a round has.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().messages)]
    messages: u32,

    /// How many rounds each contender runs; they take turns.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().rounds, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
}

impl Default for Args {
    fn default() -> Self {
        Self {
            messages: 10_000,
            rounds: 15,
        }
    }
}

const SCRIPT: Script = Script {
    package: "callscope-browser-bench",
    library: "callscope_browser_bench",
    file: "bench.js",
    unless: None,
};

const MODULE: Module = Module {
    package: SCRIPT.package,
    library: SCRIPT.library,
    glue: "bench.js",
    wasm: "bench_bg.wasm",
};

/// A whole session with the newest SDK on both sides.
const LOG: &str = "fixtures/well-behaved/widget-0.9.7.callscope.jsonl";

/// What is timed: a build, and one of the functions that it offers the page.
const CONTENDERS: &[(&str, &str, &str)] = &[
    ("lowered", "check", "JavaScript, checking"),
    ("lowered", "read", "JavaScript, reading and checking"),
    ("wasm", "check", "WebAssembly, checking"),
    ("wasm", "read", "WebAssembly, reading and checking"),
];

/// Builds, measures and prints a table.
///
/// # Errors
///
/// Fails with a next step if something is missing, or if the builds have different findings.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    setup::wasm_target(&workspace)?;
    let tools = NodeTools::install(&workspace)?;
    let chromium = setup::chromium()?;
    let script = lowered::build_apart(&workspace, &tools, SCRIPT)?;
    let (glue, wasm) = panel::build_apart(&workspace, &tools, &MODULE)?;
    let sizes = (script.len(), wasm.len());
    let script = String::from_utf8(script).context("the script is not UTF-8")?;
    let glue = String::from_utf8(glue).context("the glue is not UTF-8")?;
    let log = fs::read_to_string(workspace.root.join(LOG))
        .with_context(|| format!("cannot read {LOG}"))?;

    let browser = Browser::launch(&LaunchOptions {
        chromium: Some(chromium),
        headless: true,
        ..LaunchOptions::default()
    })?;
    let page = browser.first_page()?;
    step("Load both builds", |_| {
        page.evaluate::<()>(&script)?;
        page.evaluate::<()>("void (globalThis.lowered = callscopeBench)")?;
        page.evaluate::<()>(&format!(
            "(async () => {{
                const glue = await import('data:text/javascript,' + encodeURIComponent({}));
                await glue.default({{ module_or_path: new Uint8Array({}).buffer }});
                globalThis.wasm = callscopeBench;
            }})()",
            json!(glue),
            json!(wasm),
        ))?;
        Ok(())
    })?;
    let messages = load(&page, &log, args.messages)?;
    let times = step("Measure", |_| measure(&page, args.rounds))?;

    println!("{}, {messages} messages a round\n", browser.version()?);
    println!("| | first round | median of {} | a message |", args.rounds);
    println!("| --- | --: | --: | --: |");
    for ((_, _, name), times) in CONTENDERS.iter().zip(times) {
        let first = times.first().copied().unwrap_or_default();
        let median = median(times);
        let micros = median * 1e3 / f64::from(messages);
        println!("| {name} | {first:.1} ms | {median:.1} ms | {micros:.2} µs |");
    }
    println!(
        "\nThe script with nothing but the checker has {:.0} kB, the WebAssembly {:.0} kB.",
        sizes.0 as f64 / 1e3,
        sizes.1 as f64 / 1e3
    );
    Ok(())
}

/// Passes the same messages to both builds; returns how many there are.
fn load(page: &Target, log: &str, messages: u32) -> Result<u32> {
    let load = |build: &str| {
        page.evaluate::<u32>(&format!("{build}.load({}, {messages})", json!(log)))
            .with_context(|| format!("loading the session into the {build} build"))
    };
    let (lowered, wasm) = (load("lowered")?, load("wasm")?);
    ensure!(
        lowered == wasm && lowered >= messages,
        "the builds made {lowered} and {wasm} messages of the same session"
    );
    Ok(lowered)
}

/// The times of each contender's rounds, in milliseconds.
fn measure(page: &Target, rounds: u16) -> Result<Vec<Vec<f64>>> {
    let mut all = vec![Vec::new(); CONTENDERS.len()];
    let mut found = None;
    for _ in 0..rounds {
        for ((build, function, name), times) in CONTENDERS.iter().zip(&mut all) {
            let (findings, time) = page.evaluate::<(u32, f64)>(&format!(
                "(() => {{
                    const start = performance.now();
                    const findings = {build}.{function}();
                    return [findings, performance.now() - start];
                }})()"
            ))?;
            ensure!(
                *found.get_or_insert(findings) == findings,
                "{name}: {findings} findings, others had {found:?}"
            );
            times.push(time);
        }
    }
    Ok(all)
}
