//! Set-up, build, demo, test and lint.

fn main() {}
