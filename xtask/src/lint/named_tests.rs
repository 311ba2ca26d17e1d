//! Checks that the tests exist that documents name as proof of a promise.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::sources::{read, rust_files};
use crate::workspace::Workspace;

/// Documents with tables whose last column names tests: a file, followed by functions in it; a
/// function without a file may be anywhere.
const DOCUMENTS: &[&str] = &["ARCHITECTURE.md", "SECURITY.md", "docs/capture.md"];

/// Folders at the root without sources of this repository.
const PASSED_OVER: &[&str] = &["target", "dist", "node_modules"];

/// Reads the documents, and checks what they name.
///
/// # Errors
///
/// Names every file and test that does not exist.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let root = &workspace.root;
    let mut tests = BTreeSet::new();
    let passed_over: Vec<PathBuf> = PASSED_OVER.iter().map(|it| root.join(it)).collect();
    for path in rust_files(root, &passed_over)? {
        tests.extend(tests_in(&read(&path)?).map(str::to_owned));
    }
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = read(&root.join(document))?;
        for (line, named) in named_in(&text) {
            let what = match &named {
                Named::File(path) if root.join(path).exists() => continue,
                Named::File(path) => path.clone(),
                Named::Test { file: None, test } if tests.contains(test) => continue,
                Named::Test { file: None, test } => test.clone(),
                Named::Test {
                    file: Some(file),
                    test,
                } => {
                    let text = fs::read_to_string(root.join(file)).unwrap_or_default();
                    if tests_in(&text).any(|it| it == test) {
                        continue;
                    }
                    format!("{test} in {file}")
                }
            };
            missing.push(format!("{document}:{line} names {what}"));
        }
    }
    if !missing.is_empty() {
        bail!(
            "these tests do not exist; name those that hold it now:\n  {}",
            missing.join("\n  ")
        );
    }
    Ok(())
}

/// A file or test named in a document.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    File(String),
    Test { file: Option<String>, test: String },
}

/// The names in the last column of tables, with their line numbers.
fn named_in(document: &str) -> Vec<(usize, Named)> {
    let mut found = Vec::new();
    for (line, number) in document.lines().zip(1..) {
        let Some((_, cell)) = line
            .strip_suffix('|')
            .and_then(|row| row.trim_end().rsplit_once(" | "))
        else {
            continue;
        };
        // A semicolon separates files.
        for part in cell.split(';') {
            let mut file = None;
            for name in part.split('`').skip(1).step_by(2) {
                if name.contains('/') && Path::new(name).extension().is_some_and(|it| it == "rs") {
                    file = Some(name.to_owned());
                    found.push((number, Named::File(name.to_owned())));
                } else if is_test(name) {
                    let test = name.to_owned();
                    let file = file.clone();
                    found.push((number, Named::Test { file, test }));
                }
            }
        }
    }
    found
}

/// Names of tests have several words; packages, modules and commands are written differently.
fn is_test(name: &str) -> bool {
    name.matches('_').count() > 1
        && name
            .chars()
            .all(|it| matches!(it, 'a'..='z' | '0'..='9' | '_'))
}

/// The names of the tests in a source file.
fn tests_in(text: &str) -> impl Iterator<Item = &str> {
    let mut is_marked = false;
    text.lines().filter_map(move |line| {
        let line = line.trim_start();
        if let Some(function) = line.strip_prefix("fn ") {
            let name = function.split('(').next();
            return name.filter(|_| std::mem::take(&mut is_marked));
        }
        // Other attributes may be in between.
        is_marked |= line == "#[test]";
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_tests_exist_that_documents_name() {
        check(&Workspace::find().unwrap()).unwrap();
    }

    #[test]
    fn files_and_tests_are_told_from_other_names() {
        let table = "
            | promise | test |
            | --- | --- |
            | one `not_this_one` | `e2e/tests/a.rs`: `it_is_so`, `it_stays_so`; `panel`: `it_is_drawn` |
            Nor `here_in_the_text`.";
        let test = |file: Option<&str>, test: &str| Named::Test {
            file: file.map(str::to_owned),
            test: test.to_owned(),
        };
        let named: Vec<Named> = named_in(table).into_iter().map(|(_, it)| it).collect();
        assert_eq!(
            named,
            [
                Named::File("e2e/tests/a.rs".to_owned()),
                test(Some("e2e/tests/a.rs"), "it_is_so"),
                test(Some("e2e/tests/a.rs"), "it_stays_so"),
                test(None, "it_is_drawn"),
            ]
        );
    }

    #[test]
    fn only_tests_count() {
        let text = "fn helper() {}\n#[test]\n#[should_panic]\nfn one() {}\nfn two() {}";
        assert_eq!(tests_in(text).collect::<Vec<_>>(), ["one"]);
    }
}
