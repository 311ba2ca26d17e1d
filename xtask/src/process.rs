//! Runs other programs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, anyhow, bail};

/// Runs `command` to its end, with its output going where this program's goes.
///
/// # Errors
///
/// Fails if it cannot be started, or ends with a status other than 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    if !status.success() {
        bail!(
            "`{}` failed ({status}); what it printed is above",
            shown(command)
        );
    }
    Ok(())
}

/// Runs `command` to its end without output, which is shown only if it fails.
///
/// # Errors
///
/// Fails if it cannot be started, or ends with a status other than 0.
pub(crate) fn run_quietly(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(command, &error))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` failed ({})\n{}{}",
            shown(command),
            output.status,
            stdout,
            stderr.trim_end()
        );
    }
    Ok(stdout)
}

/// The file that `name` refers to in this environment's PATH.
pub(crate) fn find_on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

/// `cargo`, the same one that runs this program.
pub(crate) fn cargo(root: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root);
    command
}

fn not_started(command: &Command, error: &std::io::Error) -> anyhow::Error {
    anyhow!(
        "`{}` could not be started ({error}); is it installed and on PATH?",
        command.get_program().display()
    )
}

/// The command line for display: the program's name without its folder, then the arguments.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(name)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
