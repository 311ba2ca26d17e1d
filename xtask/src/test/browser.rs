//! Runs the test programs that drive a browser, each by itself.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::process;
use crate::step::{Stopwatch, seconds};
use crate::workspace::Workspace;

/// The package of the browser tests.
pub(super) const PACKAGE: &str = "callscope-e2e";

/// The folder of that package, in which they run.
const FOLDER: &str = "e2e";

/// If more programs fail than this, it is no coincidence, and none gets a second attempt.
const MOST_REPEATED: usize = 3;

/// A test program that Cargo has compiled.
struct Program {
    name: String,
    path: PathBuf,
}

/// One line of what `cargo test --message-format=json` prints; other kinds have other fields.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Runs every file of browser tests. What fails is run a second time once the others are done: a
/// machine that is busy for minutes makes the time limits of a real browser too short. Returns the
/// names of the programs that passed only then.
///
/// # Errors
///
/// Fails if one does not compile, or fails twice.
pub(super) fn run(
    workspace: &Workspace,
    filter: &[String],
    variables: &[(&str, &Path)],
) -> Result<Vec<String>> {
    let programs = compiled(workspace, variables)?;
    let mut failed = Vec::new();
    for program in &programs {
        if !attempt(workspace, program, filter, variables) {
            failed.push(program);
        }
    }
    let name = |it: &&Program| it.name.clone();
    let names: Vec<String> = failed.iter().map(name).collect();
    if failed.len() > MOST_REPEATED {
        bail!(
            "{} of {} failed: {}",
            names.len(),
            programs.len(),
            names.join(", ")
        );
    }
    failed.retain(|program| {
        eprintln!("\n━━ second attempt of {}", program.name);
        !attempt(workspace, program, filter, variables)
    });
    if !failed.is_empty() {
        let twice: Vec<String> = failed.iter().map(name).collect();
        bail!("failed twice: {}", twice.join(", "));
    }
    Ok(names)
}

/// Runs one, and returns whether it passed.
fn attempt(
    workspace: &Workspace,
    program: &Program,
    filter: &[String],
    variables: &[(&str, &Path)],
) -> bool {
    eprintln!("\n▸ {}", program.name);
    let clock = Stopwatch::start();
    let mut command = std::process::Command::new(&program.path);
    command
        .current_dir(workspace.root.join(FOLDER))
        .args(filter)
        .envs(variables.iter().copied());
    let result = process::run(&mut command);
    let time = seconds(clock.elapsed());
    match &result {
        Ok(()) => eprintln!("  {time}"),
        Err(error) => eprintln!("error: {error:#}\n  failed after {time}"),
    }
    result.is_ok()
}

/// Compiles the programs, with the whole workspace's features, as the other tests are.
fn compiled(workspace: &Workspace, variables: &[(&str, &Path)]) -> Result<Vec<Program>> {
    let names = names(workspace)?;
    let mut cargo = process::cargo(&workspace.root);
    cargo
        .args(["test", "--workspace", "--no-run"])
        .arg("--message-format=json-render-diagnostics")
        .args(names.iter().flat_map(|name| ["--test", name]))
        .envs(variables.iter().copied())
        .stderr(Stdio::inherit());
    let output = cargo.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("they do not compile; the compiler's errors are above");
    }
    let mut programs = programs(&String::from_utf8_lossy(&output.stdout));
    programs.retain(|it| names.contains(&it.name));
    programs.sort_by(|one, other| one.name.cmp(&other.name));
    if programs.len() != names.len() {
        bail!("{} test programs for {} files", programs.len(), names.len());
    }
    Ok(programs)
}

/// The test programs named in Cargo's messages.
fn programs(messages: &str) -> Vec<Program> {
    let artifacts = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok());
    artifacts
        .filter(|it| it.target.kind.iter().any(|kind| kind == "test"))
        .filter_map(|it| {
            Some(Program {
                name: it.target.name,
                path: it.executable?,
            })
        })
        .collect()
}

/// The names of the browser tests' programs: one for each file, or folder with a `main.rs`.
fn names(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.root.join(FOLDER).join("tests");
    let entries = fs::read_dir(&folder)
        .and_then(Iterator::collect::<io::Result<Vec<DirEntry>>>)
        .with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names: Vec<String> = (entries.iter().map(DirEntry::path))
        .filter(|it| it.extension().is_some_and(|it| it == "rs") || it.join("main.rs").is_file())
        .filter_map(|it| it.file_stem()?.to_str().map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_programs_are_found_in_cargos_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"callscope_e2e"},"executable":null}
{"reason":"compiler-artifact","target":{"kind":["test"],"name":"reload"},"executable":"/target/debug/deps/reload-1"}
{"reason":"build-finished","success":true}
"#;
        let found = programs(messages);
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.name.as_str(), it.path.as_path()))
            .collect();
        assert_eq!(
            found,
            [("reload", Path::new("/target/debug/deps/reload-1"))]
        );
    }
}
