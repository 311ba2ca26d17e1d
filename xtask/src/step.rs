//! Reports what is being done and how long it took.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// What a finished step reports besides its time, such as "up to date"; often empty.
pub(crate) type Remark = String;

/// The remark of a step that had nothing to do.
pub(crate) const UP_TO_DATE: &str = "up to date";

/// Runs `work` between a line with its name and a line with its time and remark.
///
/// # Errors
///
/// Passes on the error of `work`.
pub(crate) fn step<T>(name: &str, work: impl FnOnce(&mut Remark) -> Result<T>) -> Result<T> {
    eprintln!("▸ {name}");
    let clock = Stopwatch::start();
    let mut remark = Remark::new();
    let result = work(&mut remark);
    let time = seconds(clock.elapsed());
    if result.is_err() {
        eprintln!("  failed after {time}");
    } else if remark.is_empty() {
        eprintln!("  {time}");
    } else {
        eprintln!("  {time}, {remark}");
    }
    result
}

/// The parts of a check, each of which runs whether or not others fail.
#[derive(Default)]
pub(crate) struct Parts {
    done: Vec<Part>,
}

struct Part {
    name: String,
    verdict: &'static str,
    time: Duration,
}

const PASSED: &str = "ok";
const FAILED: &str = "FAILED";
const SKIPPED: &str = "skipped";
const LEFT_OUT: &str = "left out";

impl Parts {
    /// Runs a part, and shows its error; returns whether it passed.
    pub(crate) fn run(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        eprintln!("\n━━ {name}");
        let clock = Stopwatch::start();
        let result = work();
        let verdict = match &result {
            Ok(()) => PASSED,
            Err(error) => {
                eprintln!("error: {error:#}");
                FAILED
            }
        };
        self.done.push(Part {
            name: name.to_owned(),
            verdict,
            time: clock.elapsed(),
        });
        result.is_ok()
    }

    /// Adds something that the summary says of the last part.
    pub(crate) fn remark(&mut self, remark: &str) {
        if let Some(part) = self.done.last_mut() {
            part.name = format!("{} ({remark})", part.name);
        }
    }

    /// Records a part that cannot run, which counts as a failure.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        eprintln!("\n━━ {name}: skipped, because {why}");
        self.done.push(Part {
            name: name.to_owned(),
            verdict: SKIPPED,
            time: Duration::default(),
        });
    }

    /// Records a part that cannot run here, which does not count as a failure.
    pub(crate) fn leave_out(&mut self, name: &str, why: &str) {
        eprintln!("\n━━ {name}\nwarning: left out, because {why}");
        self.done.push(Part {
            name: name.to_owned(),
            verdict: LEFT_OUT,
            time: Duration::default(),
        });
    }

    /// Prints a line for each part.
    ///
    /// # Errors
    ///
    /// Fails if a part failed or was skipped.
    pub(crate) fn finish(self) -> Result<()> {
        eprintln!("\n━━ summary");
        for Part {
            name,
            verdict,
            time,
        } in &self.done
        {
            eprintln!("{verdict:<8} {:>12}  {name}", seconds(*time));
        }
        let failed: Vec<_> = self
            .done
            .iter()
            .filter(|part| ![PASSED, LEFT_OUT].contains(&part.verdict))
            .map(|part| part.name.as_str())
            .collect();
        if !failed.is_empty() {
            bail!(
                "not passed: {}; what they printed is above",
                failed.join("; ")
            );
        }
        Ok(())
    }
}

/// Measures how long something takes.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(
        clippy::disallowed_methods,
        reason = "a native program may read the clock to report times"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A duration in a readable form.
pub(crate) fn seconds(duration: Duration) -> String {
    let total = duration.as_secs();
    if total >= 60 {
        format!("{} min {:02} s", total / 60, total % 60)
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!(seconds(Duration::from_millis(420)), "0.4 s");
        assert_eq!(seconds(Duration::from_millis(59_900)), "59.9 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn a_failed_part_hides_no_other() {
        let mut parts = Parts::default();
        assert!(!parts.run("first", || bail!("broken")));
        assert!(parts.run("second", || Ok(())));
        let error = parts.finish().unwrap_err().to_string();
        assert_eq!(error, "not passed: first; what they printed is above");
    }

    #[test]
    fn a_skipped_part_is_a_failure() {
        let mut parts = Parts::default();
        parts.skip("first", "there is no browser");
        assert!(parts.finish().is_err());
    }

    #[test]
    fn a_part_that_is_left_out_is_none() {
        let mut parts = Parts::default();
        parts.leave_out("first", "there is no network");
        assert!(parts.finish().is_ok());
    }
}
