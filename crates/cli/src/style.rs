//! All colors. They are removed on output where nobody sees them: see [`crate::output`].

use std::fmt::{self, Display};

use anstyle::{AnsiColor, Style};
use callscope_diagram::Ink;
use callscope_protocol::{Severity, Side};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const FILE: Style = Style::new().bold().underline();
pub(crate) const GUTTER: Style = AnsiColor::BrightBlue.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const INJECTED: Style = AnsiColor::Magenta.on_default();
pub(crate) const INSIDE: Style = AnsiColor::BrightMagenta.on_default();
pub(crate) const GAP: Style = AnsiColor::Yellow.on_default();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();
const HOST: Style = AnsiColor::Blue.on_default();
const WIDGET: Style = AnsiColor::Green.on_default();

pub(crate) const fn severity(severity: Severity) -> Style {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Note => NOTE,
    }
}

pub(crate) const fn side(side: Side) -> Style {
    match side {
        Side::Host => HOST,
        Side::Widget => WIDGET,
    }
}

/// The style of a piece of a ladder.
pub(crate) const fn ink(ink: Ink) -> Style {
    match ink {
        Ink::Title => BOLD,
        Ink::Side(it) => side(it),
        Ink::Injected => INJECTED,
        Ink::Severity(it) => severity(it),
        Ink::Gap => GAP,
        Ink::Weak => DIM,
    }
}

/// A piece of text in a style.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Painted<T>(Style, T);

pub(crate) const fn paint<T: Display>(style: Style, text: T) -> Painted<T> {
    Painted(style, text)
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(style, text) = self;
        write!(f, "{style}")?;
        // Width and alignment apply to the text.
        text.fmt(f)?;
        write!(f, "{style:#}")
    }
}
