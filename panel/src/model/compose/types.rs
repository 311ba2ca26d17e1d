//! The message types to choose from.

use callscope_protocol::{Category, MessageType, Side};
use callscope_session_view::words;

/// A group of related types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeGroup {
    pub(crate) title: String,
    pub(crate) types: Vec<MessageType>,
}

/// The types that match a search, grouped by subject: those that this side sends first, then the
/// others.
pub(super) fn groups(from: Side, search: &str) -> Vec<TypeGroup> {
    const CATEGORIES: [Category; 7] = [
        Category::Transport,
        Category::Session,
        Category::Outbound,
        Category::Inbound,
        Category::Call,
        Category::Engagement,
        Category::Error,
    ];
    let words: Vec<String> = (search.split_whitespace())
        .map(|word| word.to_lowercase().replace('_', ""))
        .collect();
    let is_found = |ty: &MessageType| {
        let spec = ty.spec();
        let text = format!("{} {} {}", spec.name, spec.category.name(), spec.summary);
        let text = text.to_lowercase().replace('_', "");
        words.iter().all(|word| text.contains(word))
    };
    let found: Vec<MessageType> = MessageType::ALL.iter().copied().filter(is_found).collect();
    let is_sent = |ty: &MessageType| ty.spec().direction.allows(from);
    let mut groups: Vec<TypeGroup> = (CATEGORIES.into_iter())
        .map(|category| TypeGroup {
            title: words::capitalized(category.name()),
            types: (found.iter().copied())
                .filter(|ty| is_sent(ty) && ty.spec().category == category)
                .collect(),
        })
        .collect();
    groups.push(TypeGroup {
        title: match from {
            Side::Host => "Never sent by HubSpot",
            Side::Widget => "Never sent by a widget",
        }
        .to_owned(),
        types: found.into_iter().filter(|ty| !is_sent(ty)).collect(),
    });
    groups.retain(|group| !group.types.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(from: Side, search: &str, expected: &Expect) {
        let line = |group: &TypeGroup| {
            let names: Vec<&str> = group.types.iter().map(|ty| ty.name()).collect();
            format!("{}: {}", group.title, names.join(" "))
        };
        let lines: Vec<String> = groups(from, search).iter().map(line).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn types_are_found_by_name_and_by_what_they_are() {
        check(Side::Host, "dial", &expect!["Outbound: DIAL_NUMBER"]);
        check(Side::Widget, "call_end", &expect!["Call: CALL_ENDED"]);
        check(
            Side::Widget,
            "engagement saved",
            &expect!["Never sent by a widget: UPDATE_ENGAGEMENT_SUCCEEDED"],
        );
        check(Side::Widget, "zzz", &expect![[""]]);
    }

    #[test]
    fn every_type_is_there_once_for_either_side() {
        for side in [Side::Host, Side::Widget] {
            let count: usize = groups(side, "").iter().map(|it| it.types.len()).sum();
            assert_eq!(count, MessageType::ALL.len());
        }
    }
}
