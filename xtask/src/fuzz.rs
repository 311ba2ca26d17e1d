//! Runs the fuzz targets a fixed number of times, so that a run has the same result on every
//! machine.
//!
//! They are in `fuzz/`, where cargo-fuzz finds them for longer runs. Neither cargo-fuzz nor a
//! nightly compiler is needed here: the stable compiler can count branches too, and only the
//! sanitizers are left out, which find errors that safe Rust does not have.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::setup;
use crate::step::step;
use crate::workspace::Workspace;

/// A target and its number of runs, which take a few seconds each.
const TARGETS: &[(&str, u32)] = &[
    ("read_log", 60_000),
    ("decode", 50_000),
    ("check", 12_000),
    ("filter", 100_000),
];

/// The flags that cargo-fuzz builds with, except for the sanitizer.
const RUSTFLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    // With more units, counting is not inlined across crates, and runs at a third of the speed.
    "-Ccodegen-units=1",
];

/// Longer inputs find nothing more and take time.
const MAX_BYTES: u32 = 4_096;

/// An input that takes longer than this is a defect, even on a busy machine.
const SECONDS_PER_INPUT: u32 = 10;

const MAX_MEGABYTES: u32 = 1_024;

/// How many lines of a failed target's output are shown.
const SHOWN_LINES: usize = 40;

/// The `Cargo.toml` of the fuzz targets, which are a separate workspace.
pub(crate) fn manifest(workspace: &Workspace) -> PathBuf {
    folder(workspace).join("Cargo.toml")
}

/// The folder for cargo's output for the targets, separate from everything else.
pub(crate) fn build_folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("fuzz-build")
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("fuzz")
}

/// Builds and runs the targets whose names contain one of `filter`; all if it is empty.
///
/// # Errors
///
/// Names the failed targets and their inputs, and how to run them again.
pub(crate) fn run(workspace: &Workspace, filter: &[String]) -> Result<()> {
    if cfg!(windows) {
        eprintln!("The fuzz targets are not built on Windows; run them in WSL.");
        return Ok(());
    }
    // Arguments that begin with a hyphen are meant for other test programs.
    let names: Vec<&str> = filter
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let chosen: Vec<_> = TARGETS
        .iter()
        .filter(|(name, _)| names.is_empty() || names.iter().any(|part| name.contains(part)))
        .collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let programs = build(workspace)?;
    let mut failed = Vec::new();
    for (name, runs) in chosen {
        let target = Target {
            workspace,
            name,
            program: programs.join(name),
        };
        let title = format!("Fuzz {name}, {runs} runs");
        if let Err(error) = step(&title, |remark| {
            *remark = target.run(*runs)?;
            Ok(())
        }) {
            eprintln!("error: {error:#}");
            failed.push(*name);
        }
    }
    if !failed.is_empty() {
        bail!("fuzz targets that failed: {}", failed.join(", "));
    }
    Ok(())
}

/// Builds all targets; returns their folder.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let compiler = setup::cxx()?;
    let host = host()?;
    let target_folder = build_folder(workspace);
    step("Build the fuzz targets", |_| {
        process::run(
            process::cargo(&folder(workspace))
                .args(["build", "--release", "--quiet", "--bins"])
                // Also keeps the flags from build scripts and macros.
                .args(["--target", &host])
                .arg("--target-dir")
                .arg(&target_folder)
                .env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\x1f"))
                .env("CXX", compiler),
        )
    })?;
    Ok(target_folder.join(host).join("release"))
}

/// The platform that programs are built for by default.
fn host() -> Result<String> {
    let text = process::run_quietly(Command::new("rustc").arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}

struct Target<'a> {
    workspace: &'a Workspace,
    name: &'a str,
    program: PathBuf,
}

impl Target<'_> {
    /// Runs the target on the corpus and on mutations of it; returns what was reached.
    fn run(&self, runs: u32) -> Result<String> {
        let work = self.workspace.target.join("fuzz").join(self.name);
        let found = work.join("corpus");
        let log = work.join("log.txt");
        // The findings of earlier runs would change this one.
        if found.exists() {
            fs::remove_dir_all(&found)?;
        }
        fs::create_dir_all(&found)
            .with_context(|| format!("cannot make {}", self.workspace.shown(&found)))?;
        let output = File::create(&log)?;
        let status = Command::new(&self.program)
            .arg(format!("-runs={runs}"))
            .arg("-seed=1")
            .arg(format!("-max_len={MAX_BYTES}"))
            .arg(format!("-timeout={SECONDS_PER_INPUT}"))
            .arg(format!("-rss_limit_mb={MAX_MEGABYTES}"))
            .arg(format!("-artifact_prefix={}/", work.display()))
            .arg(&found)
            .arg(folder(self.workspace).join("corpus").join(self.name))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .status()
            .with_context(|| format!("{} does not start", self.program.display()))?;
        let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        if !status.success() {
            let input = input_of(&text).map(Path::new);
            bail!(
                "{}\nthe fuzz target {} failed ({status}); {}",
                end_of(&text),
                self.name,
                self.next_step(input, &log)
            );
        }
        Ok(reached(&text).unwrap_or_default())
    }

    fn next_step(&self, input: Option<&Path>, log: &Path) -> String {
        let Some(input) = input else {
            return format!("all that it printed is in {}", self.workspace.shown(log));
        };
        let input = self.workspace.shown(input);
        format!(
            "its input is {input}; to run that again: {} {input}",
            self.workspace.shown(&self.program)
        )
    }
}

/// The file in which the fuzzer saved the input that failed.
fn input_of(log: &str) -> Option<&str> {
    let lines = log.lines().rev();
    let mut files = lines.filter_map(|line| Some(line.split_once("Test unit written to ")?.1));
    files.next().map(str::trim)
}

/// The output of a failed target, from its panic on.
fn end_of(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let panic = lines.iter().rposition(|line| line.contains("panicked at"));
    let start = panic.unwrap_or_else(|| lines.len().saturating_sub(SHOWN_LINES));
    let lines = lines.iter().skip(start).take(SHOWN_LINES);
    lines.copied().collect::<Vec<_>>().join("\n")
}

/// The coverage reached, from the fuzzer's last line about it:
/// `#20000 DONE cov: 2481 ft: 9007 corp: 612/310Kb …`.
fn reached(log: &str) -> Option<String> {
    let line = log.lines().rev().find(|line| line.contains(" cov: "))?;
    let after = |word: &str| {
        let mut words = line.split_whitespace();
        words.find(|it| *it == word)?;
        words.next()
    };
    let (branches, inputs) = (after("cov:")?, after("corp:")?);
    let inputs = inputs.split('/').next().unwrap_or(inputs);
    Some(format!("{branches} branches reached with {inputs} inputs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_run() {
        let workspace = Workspace::find().unwrap();
        let mut found: Vec<_> = fs::read_dir(folder(&workspace).join("fuzz_targets"))
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_owned())
            .collect();
        found.sort();
        let mut listed: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
        listed.sort_unstable();
        assert_eq!(found, listed);
        for name in listed {
            let corpus = folder(&workspace).join("corpus").join(name);
            assert!(fs::read_dir(corpus).unwrap().next().is_some(), "{name}");
        }
    }

    #[test]
    fn what_the_fuzzer_prints_is_understood() {
        let log = "#2 INITED cov: 7 ft: 8 corp: 1/1b\n\
                   #9 DONE   cov: 2481 ft: 9007 corp: 612/310Kb lim: 4 exec/s: 0\nDone 9 runs\n";
        let words = "2481 branches reached with 612 inputs";
        assert_eq!(reached(log).as_deref(), Some(words));
        assert_eq!(input_of(log), None);
        let log = "x\nthread panicked at a.rs:1\nwhy\n\
                   artifact_prefix='/t/'; Test unit written to /t/crash-1\nBase64: AA==\n";
        assert_eq!(input_of(log), Some("/t/crash-1"));
        assert!(end_of(log).starts_with("thread panicked at"));
    }
}
