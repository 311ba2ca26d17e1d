//! Checks what the pure crates use of the standard library.
//!
//! The layer check covers dependencies; this one reads the sources.

use anyhow::{Result, bail};

use super::layers::PURE;
use super::sources::{read, rust_files};
use crate::workspace::Workspace;

const FORBIDDEN: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io::std",
    "std::net",
    "std::process",
    "std::thread",
    "Instant",
    "SystemTime",
    "Utc::now",
    "Local::now",
    "println!",
    "eprintln!",
];

/// Reads the sources of the pure crates.
///
/// # Errors
///
/// Names every line that is not pure.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut offences = Vec::new();
    for package in PURE {
        let folder = package.trim_start_matches("callscope-");
        let sources = workspace.root.join("crates").join(folder).join("src");
        for path in rust_files(&sources, &[])? {
            let text = read(&path)?;
            let shown = workspace.shown(&path);
            offences.extend(
                offences_in(&text)
                    .into_iter()
                    .map(|(line, what)| format!("{shown}:{line} uses {what}")),
            );
        }
    }
    if !offences.is_empty() {
        bail!(
            "the pure crates take everything as an argument, but:\n  {}",
            offences.join("\n  ")
        );
    }
    Ok(())
}

/// The line numbers and words of everything forbidden, up to the tests, which are last in a file.
fn offences_in(text: &str) -> Vec<(usize, &'static str)> {
    text.lines()
        .zip(1..)
        .take_while(|(line, _)| {
            !matches!(line.trim(), "#[cfg(test)]" | "#![cfg(test)]" | "#[test]")
        })
        .filter(|(line, _)| !line.trim_start().starts_with("//"))
        .flat_map(|(line, number)| {
            FORBIDDEN
                .iter()
                .filter(move |word| has_word(line, word))
                .map(move |word| (number, *word))
        })
        .collect()
}

/// Whether `line` contains `word`, not only as a part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        let after = line
            .get(start + word.len()..)
            .and_then(|text| text.chars().next());
        let joins = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
        // `std::io::std` stands for stdin, stdout and stderr.
        !joins(before) && (!joins(after) || word.ends_with("::std"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pure_crates_are_pure() {
        check(&Workspace::find().unwrap()).unwrap();
    }

    #[test]
    fn files_clocks_and_output_are_found() {
        let text = "use std::fs::File;\nlet now = Instant::now();\nlet o = std::io::stdout();";
        assert_eq!(
            offences_in(text),
            [(1, "std::fs"), (2, "Instant"), (3, "std::io::std")]
        );
    }

    #[test]
    fn comments_tests_and_longer_names_are_left_alone() {
        let text = "// not std::fs\nlet x = Instantly;\n#[cfg(test)]\nmod tests { use std::fs; }";
        assert_eq!(offences_in(text), []);
    }
}
