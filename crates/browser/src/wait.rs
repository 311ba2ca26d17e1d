//! Waits for conditions instead of sleeping.

use std::thread;
use std::time::{Duration, Instant};

use crate::BrowserError;

/// The result of checking a condition once.
#[derive(Debug)]
pub enum Poll<T> {
    /// It is true.
    Done(T),
    /// Not yet; the text says what there is instead, for the error message.
    NotYet(String),
}

impl Poll<()> {
    /// [`Poll::Done`] if `done`, otherwise [`Poll::NotYet`] with what was seen.
    pub fn at(done: bool, seen: impl Into<String>) -> Self {
        if done {
            Self::Done(())
        } else {
            Self::NotYet(seen.into())
        }
    }
}

/// Calls `poll` repeatedly until it is done.
///
/// An error of `poll` counts as "not yet", because a page that is still loading cannot answer; only
/// [final](BrowserError::is_final) errors end the wait.
///
/// # Errors
///
/// [`BrowserError::Timeout`], which names `what` and what was seen last.
pub fn wait_for<T>(
    what: &str,
    limit: Duration,
    mut poll: impl FnMut() -> Result<Poll<T>, BrowserError>,
) -> Result<T, BrowserError> {
    let started = now();
    let mut pause = Duration::from_millis(5);
    loop {
        let seen = match poll() {
            Ok(Poll::Done(value)) => return Ok(value),
            Ok(Poll::NotYet(seen)) => seen,
            Err(error) if error.is_final() => return Err(error),
            Err(error) => error.to_string(),
        };
        let waited = started.elapsed();
        let Some(left) = limit.checked_sub(waited).filter(|left| !left.is_zero()) else {
            return Err(BrowserError::Timeout {
                what: what.to_owned(),
                waited,
                seen,
            });
        };
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// Reading the clock is fine: this crate never runs on wasm32.
#[expect(
    clippy::disallowed_methods,
    reason = "native only, and waiting needs a clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polls_until_done() {
        let mut count = 0;
        let result = wait_for("the third poll", Duration::from_secs(5), || {
            count += 1;
            Ok(if count == 3 {
                Poll::Done(count)
            } else {
                Poll::NotYet(format!("poll {count}"))
            })
        });
        assert_eq!(result.unwrap(), 3);
    }

    #[test]
    fn says_what_was_seen_last() {
        let error = wait_for("rain", Duration::from_millis(1), || {
            Ok(Poll::at(false, "a blue sky"))
        })
        .unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("for rain; last seen: a blue sky"),
            "{message}"
        );
    }

    #[test]
    fn a_passing_error_is_waited_out_and_a_final_one_is_not() {
        let mut count = 0;
        wait_for("an answer", Duration::from_secs(5), || {
            count += 1;
            if count == 1 {
                Err(BrowserError::Refused {
                    method: "Runtime.evaluate".to_owned(),
                    message: "no context".to_owned(),
                })
            } else {
                Ok(Poll::Done(()))
            }
        })
        .unwrap();
        let result: Result<(), _> = wait_for("an answer", Duration::from_secs(5), || {
            Err(BrowserError::Gone {
                why: "closed".to_owned(),
                log: String::new(),
            })
        });
        assert!(result.unwrap_err().is_final());
    }
}
