//! The width of a line.

use std::io::{self, IsTerminal as _};

/// The width without a terminal, or if the terminal does not say.
const USUAL: usize = 80;
/// Longer lines are hard to read.
const MAX: usize = 120;
const MIN: usize = 60;

/// The characters in a line of standard output.
pub(crate) fn width() -> usize {
    if !io::stdout().is_terminal() {
        return USUAL;
    }
    let known = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    known.unwrap_or(USUAL).clamp(MIN, MAX)
}
