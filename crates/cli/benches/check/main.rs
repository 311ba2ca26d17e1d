//! Measures what `callscope check` costs on a log of a million messages: `cargo bench -p
//! callscope-cli`.
//!
//! It is compared with the unavoidable minimum, reading the same lines into `serde_json::Value` in
//! the same process, and with `jq -c .` on the same file. The log is generated. On a machine with
//! other work, wall-clock times mean nothing by themselves, so the contenders take turns, and the
//! median of their ratios counts. `docs/performance.md` has the results.
//!
//! - `cargo bench -p callscope-cli -- value`, or `check`, runs only one pass of that, for a
//!   profiler, and keeps the log for the next run.
//! - `cargo bench -p callscope-cli -- memory` only prints the memory.
//! - `CALLSCOPE_BENCH_MESSAGES` sets the number of messages.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot run should stop"
)]

mod log;
mod memory;

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::log::Content;

const ROUNDS: usize = 9;
/// `jq` is slow, so it gets fewer rounds.
const PROGRAM_ROUNDS: usize = 3;
const BUFFER_BYTES: usize = 1 << 17;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` only checks that it runs.
    let is_bench = arguments.iter().any(|it| it == "--bench");
    let only = arguments.iter().find(|it| !it.starts_with('-'));
    let messages = std::env::var("CALLSCOPE_BENCH_MESSAGES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(if is_bench { 1_000_000 } else { 2_000 });
    if only.is_some_and(|it| it == "memory") {
        memory::print(messages);
        return;
    }

    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("bench-{messages}.callscope.jsonl"));
    if !path.exists() {
        let partial = path.with_extension("partial");
        let out = BufWriter::with_capacity(BUFFER_BYTES, File::create(&partial).unwrap());
        Content::Calls.write(messages, out).unwrap();
        fs::rename(&partial, &path).unwrap();
    }
    match only.map(String::as_str) {
        Some("value") => return parse_lines(&path),
        Some("check") => return check_lines(&path, messages),
        Some(other) => panic!("there is no {other}: value, check, memory, or nothing for all"),
        None => {}
    }
    print_times(&path, messages);
    fs::remove_file(&path).unwrap();
    memory::print(messages);
}

fn print_times(path: &Path, messages: u64) {
    let bytes = fs::metadata(path).unwrap().len();
    println!("{messages} messages, {:.1} MB\n", bytes as f64 / 1e6);
    println!("| | time | a message | ratio of the medians | median of the ratios |");
    println!("| --- | --- | --- | --- | --- |");
    let row = |words: &str, time: f64, ratios: &str| {
        let each = time / messages as f64 * 1e6;
        println!("| {words} | {time:.2} s | {each:.2} µs | {ratios} |");
    };
    let ratios = |above: &[f64], below: &[f64], than: &str| {
        let each: Vec<f64> = above.iter().zip(below).map(|(a, b)| a / b).collect();
        let (of_medians, of_each) = (median(above) / median(below), median(&each));
        format!("{of_medians:.2} × {than} | {of_each:.2} ×")
    };

    let (value, check) = alternate(ROUNDS, || parse_lines(path), || check_lines(path, messages));
    row("lines to `serde_json::Value`", median(&value), "| ");
    row(
        "checking, in the same process",
        median(&check),
        &ratios(&check, &value, "`Value`"),
    );
    let has_jq = Command::new("jq").arg("--version").output().is_ok();
    let jq = || {
        if has_jq {
            run(Command::new("jq").args(["-c", "."]).arg(path));
        }
    };
    let check = || {
        run(Command::new(env!("CARGO_BIN_EXE_callscope"))
            .arg("check")
            .arg(path));
    };
    let (check, jq) = alternate(PROGRAM_ROUNDS, check, jq);
    row("`callscope check`", median(&check), "| ");
    if has_jq {
        row(
            "`jq -c .`",
            median(&jq),
            &ratios(&jq, &check, "`callscope check`"),
        );
    }
}

/// The seconds that two kinds of work take, run alternately.
fn alternate(rounds: usize, one: impl Fn(), other: impl Fn()) -> (Vec<f64>, Vec<f64>) {
    (0..rounds)
        .map(|_| (time(&one).as_secs_f64(), time(&other).as_secs_f64()))
        .unzip()
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn time(work: impl FnOnce()) -> Duration {
    let started = now();
    work();
    started.elapsed()
}

#[expect(
    clippy::disallowed_methods,
    reason = "native only, and a benchmark needs a clock"
)]
fn now() -> Instant {
    Instant::now()
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?} failed");
}

fn parse_lines(path: &Path) {
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, File::open(path).unwrap());
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap() > 0 {
        let value: Value = serde_json::from_str(&line).unwrap();
        black_box(value);
        line.clear();
    }
}

fn check_lines(path: &Path, messages: u64) {
    let reader = BufReader::with_capacity(BUFFER_BYTES, File::open(path).unwrap());
    let counted = callscope_cli::check_log(reader).unwrap();
    assert_eq!(counted, (messages, 0), "the log is in order");
}
