//! `callscope man`: the manual pages.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::Status;
use crate::cli::Cli;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  callscope man | man -l -
  callscope man -o ~/.local/share/man/man1     callscope.1, callscope-check.1 and so on";

/// Prints the manual page, or writes the pages of all commands into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write one page per command into this folder.
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let command = Cli::command();
    if let Some(folder) = &args.output {
        let unwritable = || format!("{} cannot be written to", folder.display());
        fs::create_dir_all(folder).with_context(unwritable)?;
        clap_mangen::generate_to(command, folder).with_context(unwritable)?;
        let entries = fs::read_dir(folder).with_context(unwritable)?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("callscope") && name.ends_with(".1") {
                let page = fs::read_to_string(&path).with_context(unwritable)?;
                fs::write(&path, with_lines_kept(&page)).with_context(unwritable)?;
            }
        }
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        let page = String::from_utf8(page).context("the page is not UTF-8")?;
        out.write_all(with_lines_kept(&page).as_bytes())?;
    }
    Ok(Status::Clean)
}

/// Keeps the line breaks of examples and exit codes, instead of joining them into one paragraph.
fn with_lines_kept(page: &str) -> String {
    let mut text = String::with_capacity(page.len() + 16);
    let mut kept = false;
    for line in page.lines() {
        if line.starts_with(".SH ") && std::mem::take(&mut kept) {
            text.push_str(".fi\n");
        }
        if line == ".SH EXTRA" {
            kept = true;
            text.push_str(".SH EXAMPLES\n.nf\n");
            continue;
        }
        text.push_str(line);
        text.push('\n');
    }
    if kept {
        text.push_str(".fi\n");
    }
    text
}
