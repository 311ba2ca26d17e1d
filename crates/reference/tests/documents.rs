//! Checks that the documents in `docs/` agree with the tables, and that their links are valid.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use callscope_protocol::{MessageType, PITFALLS, rules};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

fn check(name: &str, made: &str) {
    let written = fs::read_to_string(docs().join(name)).unwrap_or_default();
    let first = made
        .lines()
        .zip(written.lines().chain(std::iter::repeat("")))
        .find(|(made, written)| made != written);
    assert!(
        written == made,
        "docs/{name} is not what the tables say: run `cargo xtask docs`\nfirst difference: {first:?}"
    );
}

#[test]
fn the_rules_document_is_made_anew() {
    check("rules.md", &callscope_reference::rules_markdown());
}

#[test]
fn the_messages_document_is_made_anew() {
    check("messages.md", &callscope_reference::messages_markdown());
}

/// Each text between two marks.
fn between<'a>(text: &'a str, open: &'a str, close: char) -> impl Iterator<Item = &'a str> {
    text.split(open)
        .skip(1)
        .filter_map(move |rest| Some(rest.split_once(close)?.0))
}

#[test]
fn every_link_leads_somewhere() {
    let documents = [
        ("rules.md", callscope_reference::rules_markdown()),
        ("messages.md", callscope_reference::messages_markdown()),
    ];
    let anchors = |name: &str| -> BTreeSet<String> {
        let (_, text) = documents.iter().find(|(it, _)| *it == name).unwrap();
        between(text, "<a id=\"", '"').map(str::to_owned).collect()
    };
    for (name, text) in &documents {
        let mut count = 0;
        for link in between(text, "](", ')') {
            let (file, anchor) = link.split_once('#').unwrap();
            let file = if file.is_empty() { name } else { file };
            assert!(anchors(file).contains(anchor), "{name}: {link}");
            count += 1;
        }
        assert!(count > MessageType::ALL.len(), "{name} has {count} links");
    }
}

#[test]
fn everything_has_its_place() {
    let text = callscope_reference::rules_markdown();
    for rule in rules() {
        let anchor = format!("<a id=\"{}\"></a>", rule.code.to_lowercase());
        assert_eq!(text.matches(&anchor).count(), 1, "{}", rule.code);
    }
    for pitfall in PITFALLS {
        assert!(text.contains(&format!("\n| {} | ", pitfall.id)));
    }
    let text = callscope_reference::messages_markdown();
    for ty in MessageType::ALL {
        let anchor = format!("<a id=\"{}\"></a>", ty.name().to_lowercase());
        assert_eq!(text.matches(&anchor).count(), 1, "{ty}");
    }
}

#[test]
fn tables_are_whole_and_code_is_closed() {
    for text in [
        callscope_reference::rules_markdown(),
        callscope_reference::messages_markdown(),
    ] {
        let mut columns = 0;
        let mut in_block = false;
        for line in text.lines() {
            if line.starts_with("```") {
                in_block = !in_block;
                continue;
            }
            if in_block {
                assert!(line.chars().count() <= 120, "too wide: {line}");
                continue;
            }
            assert!(line.matches('`').count() % 2 == 0, "open code: {line}");
            let bars = line.replace("\\|", "").matches('|').count();
            if line.starts_with('|') {
                assert!(columns == 0 || bars == columns, "broken row: {line}");
                columns = bars;
            } else {
                assert_eq!(bars, 0, "a bar outside a table: {line}");
                columns = 0;
            }
        }
        assert!(!in_block);
    }
}
