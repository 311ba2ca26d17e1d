//! One module per command: its arguments, its help, what it does.

pub(crate) mod check;
