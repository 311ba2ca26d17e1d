//! The page of a message.

use std::collections::BTreeMap;

use callscope_protocol::{
    Category, Direction, FieldSpec, Location, MessageSpec, MessageType, rules,
};

use crate::page::{Block, Fact, FieldRow, Page};
use crate::rule::versions;

/// All messages by category, both in the order of the catalogue.
#[must_use]
pub fn by_category() -> Vec<(Category, Vec<MessageType>)> {
    let mut categories: BTreeMap<Category, Vec<MessageType>> = BTreeMap::new();
    for ty in MessageType::ALL.iter().copied() {
        categories.entry(ty.spec().category).or_default().push(ty);
    }
    categories.into_iter().collect()
}

/// Everything about a message.
#[must_use]
pub fn message_page(ty: MessageType) -> Page {
    let spec = ty.spec();
    let facts = [
        ("Direction", direction(spec.direction).to_owned()),
        ("Sent with", sent_with(spec)),
        ("Received by", spec.handler.unwrap_or_default().to_owned()),
        (
            "Known to",
            spec.since
                .map_or("no version of the SDK".to_owned(), |since| {
                    versions(since, spec.last)
                }),
        ),
        (
            "Use instead",
            spec.deprecated_by.map_or("", MessageType::name).to_owned(),
        ),
        ("Answered by", spec.answered_by.join(", ")),
        ("Answers", answers(ty)),
        ("Notes", spec.notes.to_owned()),
        ("Rules", rules_about(ty).join(", ")),
    ];
    let mut blocks = vec![
        Block::Paragraph(spec.summary.to_owned()),
        Block::Facts(
            facts
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(label, text)| Fact { label, text })
                .collect(),
        ),
    ];
    if !spec.fields.is_empty() {
        blocks.push(Block::Fields(spec.fields.iter().map(field).collect()));
    }
    Page {
        name: spec.name,
        title: spec.direction.words(),
        blocks,
    }
}

const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::HostToWidget => "HubSpot to the widget",
        Direction::WidgetToHost => "the widget to HubSpot",
        Direction::Both => "either side to the other",
        Direction::Local => "never sent: the SDK raises it on its own side",
        Direction::None => "never sent: a name without code",
    }
}

fn sent_with(spec: &MessageSpec) -> String {
    let is_method = |words: &str| {
        let first = words.chars().next();
        first.is_some_and(char::is_alphabetic)
            && words
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '.')
    };
    let methods: Vec<String> = spec
        .sdk_methods
        .iter()
        .map(|words| {
            if is_method(words) {
                format!("{words}()")
            } else {
                (*words).to_owned()
            }
        })
        .collect();
    methods.join(", ")
}

/// The messages that this one answers.
fn answers(ty: MessageType) -> String {
    let asked: Vec<&str> = MessageType::ALL
        .iter()
        .filter(|asked| asked.spec().answers().any(|answer| answer == ty))
        .map(|asked| asked.name())
        .collect();
    asked.join(", ")
}

/// The codes of the rules that look at this message in particular, possibly among others.
fn rules_about(ty: MessageType) -> Vec<&'static str> {
    rules()
        .iter()
        .filter(|rule| rule.message_types().any(|it| it == ty))
        .map(|rule| rule.code)
        .collect()
}

fn field(field: &FieldSpec) -> FieldRow {
    let unit = field
        .unit
        .map_or(String::new(), |unit| format!(" in {unit}"));
    FieldRow {
        path: match field.location {
            Location::Top => field.name.to_owned(),
            Location::Data => format!("data.{}", field.name),
        },
        ty: format!("{}{unit}", field.ty),
        required: field.required.word(),
        versions: versions(field.since, field.until)
            .replace("SDK ", "")
            .replace("every SDK", "all"),
        note: field.note,
    }
}
