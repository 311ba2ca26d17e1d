//! The page of a rule.

use callscope_protocol::{Rule, Version};

use crate::page::{Block, Fact, Page};

/// Everything about a rule.
#[must_use]
pub fn rule_page(rule: &Rule) -> Page {
    let facts = [
        ("Severity", rule.severity.to_owned()),
        ("Applies to", versions(rule.since, rule.until)),
        ("Why it matters", rule.why.to_owned()),
        ("How to fix it", rule.fix.to_owned()),
    ];
    Page {
        name: rule.code,
        title: rule.title,
        blocks: vec![
            Block::Facts(
                facts
                    .into_iter()
                    .map(|(label, text)| Fact { label, text })
                    .collect(),
            ),
            Block::Example {
                title: "This breaks it",
                lines: rule.example.breaks(),
            },
            Block::Example {
                title: "This does not",
                lines: rule.example.clean(),
            },
        ],
    }
}

/// A range of versions in words: "every SDK", "SDK 0.7.0 and newer", "SDK up to 0.0.6".
#[must_use]
pub fn versions(since: Version, until: Option<Version>) -> String {
    match (since, until) {
        (Version::OLDEST, None) => "every SDK".to_owned(),
        (since, None) => format!("SDK {since} and newer"),
        (Version::OLDEST, Some(until)) => format!("SDK up to {until}"),
        (since, Some(until)) if since == until => format!("SDK {since} only"),
        (since, Some(until)) => format!("SDK {since} to {until}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_in_words() {
        let version = Version::new;
        assert_eq!(versions(Version::OLDEST, None), "every SDK");
        assert_eq!(versions(version(0, 7, 0), None), "SDK 0.7.0 and newer");
        assert_eq!(
            versions(Version::OLDEST, Some(version(0, 0, 6))),
            "SDK up to 0.0.6"
        );
        assert_eq!(
            versions(version(0, 8, 1), Some(version(0, 8, 3))),
            "SDK 0.8.1 to 0.8.3"
        );
    }
}
