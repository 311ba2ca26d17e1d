//! The bounds on what Callscope keeps, as a table.

use callscope_bus::bounds::{self, Bound, Unit};
use callscope_session_view::words;

/// A row: what is bounded, and to how much.
pub(crate) type Row = (&'static str, String);

/// The bounds of the extension's parts and of the checker.
pub(crate) fn table() -> Vec<Row> {
    let parts = bounds::ALL.iter().map(|it| (it.what, most(it)));
    let checker = callscope_protocol::MAX_CONVERSATIONS as u64;
    let checker = (
        "conversations that the checker follows",
        words::count(checker),
    );
    parts.chain([checker]).collect()
}

fn most(bound: &Bound) -> String {
    let number = bound.most as u64;
    match bound.unit {
        Unit::Count => words::count(number),
        Unit::Bytes => words::bytes(number).replace(".0 ", " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../docs/guide.md");

    #[test]
    fn the_guide_has_the_same_table() {
        let (_, part) = GUIDE.split_once("\n## Bounds\n").expect("its part");
        let part = part.split("\n## ").next().expect("its text");
        let rows: Vec<&str> = part.lines().filter(|it| it.starts_with('|')).collect();
        let mut expected = vec!["| what | at most |".to_owned(), "| --- | --- |".to_owned()];
        expected.extend(
            table()
                .iter()
                .map(|(what, most)| format!("| {what} | {most} |")),
        );
        assert_eq!(
            rows,
            expected,
            "docs/guide.md must have:\n{}",
            expected.join("\n")
        );
    }
}
