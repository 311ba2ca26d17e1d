//! Checks that docs/guide.md has the terms of the filter language.

use std::fmt::Write as _;
use std::fs;

use callscope_session_view::filter::TERMS;

const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide.md");
const HEAD: &str = "| term | messages |\n| --- | --- |\n";

/// The table, as Markdown.
fn table() -> String {
    let mut text = HEAD.to_owned();
    for term in TERMS {
        let examples: Vec<String> = term
            .examples
            .iter()
            .map(|it| format!("`{}`", it.replace('|', "\\|")))
            .collect();
        let help = term.help.replace('*', "\\*");
        writeln!(text, "| {} | {help} |", examples.join(", ")).unwrap();
    }
    text
}

#[test]
fn the_guide_has_the_same_terms() {
    let guide = fs::read_to_string(GUIDE).unwrap();
    let start = guide.find(HEAD).unwrap();
    let end = start + guide[start..].find("\n\n").unwrap() + 1;
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let (before, after) = (&guide[..start], &guide[end..]);
        fs::write(GUIDE, format!("{before}{}{after}", table())).unwrap();
        return;
    }
    assert_eq!(&guide[start..end], table());
}
