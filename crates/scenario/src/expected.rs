//! Expected failures: the file that lists them, and what happens to an entry that no longer fails.

use std::collections::BTreeMap;

use crate::read::{Place, ReadError};
use crate::verdict::Verdict;

/// The scenarios that are known to fail: one name per line, `#` begins a comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedFailures {
    /// The line number of each name.
    names: BTreeMap<String, usize>,
    file: String,
}

/// What a verdict means, given what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assessment {
    /// It passed, or was skipped and nobody expected it to fail.
    Ok,
    /// It failed unexpectedly.
    UnexpectedFailure,
    /// It failed as expected.
    ExpectedFailure,
    /// It was expected to fail and passed: its entry must be removed.
    UnexpectedPass,
    /// It was expected to fail and was skipped: nobody knows whether its entry is still correct.
    Untried,
    /// Something else went wrong, so nobody knows whether an entry is still correct.
    HarnessError,
}

impl ExpectedFailures {
    /// Parses the file; `is_known` says whether a scenario exists.
    ///
    /// # Errors
    ///
    /// A scenario does not exist, or is listed twice.
    pub fn read(
        file: &str,
        text: &str,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self, ReadError> {
        let mut names = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let name = line.split('#').next().unwrap_or_default().trim();
            if name.is_empty() {
                continue;
            }
            let error = |what: String, advice: &str| ReadError {
                place: Place {
                    file: file.to_owned(),
                    line: index + 1,
                    column: 1,
                },
                what,
                advice: advice.to_owned(),
            };
            if !is_known(name) {
                return Err(error(
                    format!("there is no scenario \"{name}\""),
                    "`callscope conform list` names them",
                ));
            }
            if names.insert(name.to_owned(), index + 1).is_some() {
                return Err(error(
                    format!("{name} is there twice"),
                    "remove one of the two lines",
                ));
            }
        }
        Ok(Self {
            names,
            file: file.to_owned(),
        })
    }

    /// What the verdict of a scenario means.
    #[must_use]
    pub fn assess(&self, scenario: &str, verdict: &Verdict) -> Assessment {
        let is_expected = self.names.contains_key(scenario);
        match verdict {
            Verdict::HarnessError(_) => Assessment::HarnessError,
            Verdict::Fail(_) if is_expected => Assessment::ExpectedFailure,
            Verdict::Fail(_) => Assessment::UnexpectedFailure,
            Verdict::Pass if is_expected => Assessment::UnexpectedPass,
            Verdict::Skipped(_) if is_expected => Assessment::Untried,
            Verdict::Pass | Verdict::Skipped(_) => Assessment::Ok,
        }
    }

    /// The place of a scenario's entry: `file:line`.
    #[must_use]
    pub fn place(&self, scenario: &str) -> Option<String> {
        let line = self.names.get(scenario)?;
        Some(format!("{}:{line}", self.file))
    }
}
