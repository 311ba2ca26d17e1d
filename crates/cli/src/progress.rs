//! Shows the progress of long work on standard error.

use std::io::{self, IsTerminal as _, Read, Write as _};
use std::time::{Duration, Instant};

use crate::words;

/// Work that takes less time than this shows no progress.
const SILENCE: Duration = Duration::from_millis(700);
const INTERVAL: Duration = Duration::from_millis(100);
const BAR_WIDTH: u64 = 30;

/// A reader that shows on a terminal how much has been read.
///
/// It writes nothing if standard error is not a terminal, and removes its line when it is dropped.
#[derive(Debug)]
pub(crate) struct Progress<R> {
    inner: R,
    name: String,
    total: Option<u64>,
    done: u64,
    next: Option<Instant>,
    is_shown: bool,
}

impl<R> Progress<R> {
    /// `total` is the size in bytes, if known.
    pub(crate) fn new(inner: R, name: String, total: Option<u64>) -> Self {
        let next = io::stderr().is_terminal().then(|| now() + SILENCE);
        Self {
            inner,
            name,
            total,
            done: 0,
            next,
            is_shown: false,
        }
    }

    fn show(&mut self) {
        let Some(next) = self.next else { return };
        let now = now();
        if now < next {
            return;
        }
        self.next = Some(now + INTERVAL);
        self.is_shown = true;
        let line = line(&self.name, self.done, self.total);
        // Progress that cannot be shown is not a reason to stop.
        _ = write!(io::stderr(), "\r\x1b[K{line}");
    }
}

impl<R: Read> Read for Progress<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.done += count as u64;
        self.show();
        Ok(count)
    }
}

impl<R> Drop for Progress<R> {
    fn drop(&mut self) {
        if self.is_shown {
            _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(name: &str, done: u64, total: Option<u64>) -> String {
    match total.filter(|total| *total > 0) {
        Some(total) => {
            let part = |whole: u64| done.min(total).saturating_mul(whole) / total;
            let filled = part(BAR_WIDTH);
            let bar: String = (0..BAR_WIDTH)
                .map(|at| if at < filled { '━' } else { '╌' })
                .collect();
            format!(
                "{bar} {:>3} % of {}  {name}",
                part(100),
                words::bytes(total)
            )
        }
        None => format!("{}  {name}", words::bytes(done)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "native only, and only used for display"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far() {
        assert_eq!(
            line("a.jsonl", 50, Some(100)),
            "━━━━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  50 % of 100 B  a.jsonl"
        );
        assert_eq!(line("-", 2_500_000, None), "2.4 MB  -");
        assert!(line("x", 5, Some(4)).contains("100 %"));
    }
}
