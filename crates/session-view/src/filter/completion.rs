//! Suggestions for what to type next.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use callscope_protocol::{CallId, Location, MessageType, rules};

use super::keys::{self, KEYS, Key, KeySpec, Values};
use super::lexer::{DATA, Quoting, TokenKind, tokens};
use super::term;
use crate::visible::visible;
use crate::{SessionView, words};

/// Everything in a session that a filter can name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// The types, and how many messages have each, the most frequent first.
    types: Vec<(String, u64)>,
    /// The rules of the findings, and how many findings each has.
    rules: BTreeMap<&'static str, u64>,
    /// The last calls, and a description of each.
    calls: Vec<(CallId, String)>,
    conversations: Vec<u32>,
    origins: BTreeSet<String>,
}

/// A suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The part of the text that it replaces, in bytes.
    pub at: Range<usize>,
    /// The replacement.
    pub insert: String,
    /// What it means, or how often it occurs.
    pub help: String,
}

/// More suggestions than this are of no help.
const MOST: usize = 50;

/// Only this many calls are suggested, the last ones: nobody looks for one in a longer list.
const MOST_CALLS: usize = 200;

impl Vocabulary {
    /// The vocabulary of this session.
    #[must_use]
    pub fn of(view: &SessionView) -> Self {
        let session = view.session();
        let digests = view.source().digests;
        let mut types: Vec<(String, u64)> = digests
            .types()
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, count)| (name.to_owned(), count))
            .collect();
        types.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut rules = BTreeMap::new();
        for finding in session.findings() {
            *rules.entry(finding.rule.code).or_default() += 1;
        }
        let calls = session.last_calls(MOST_CALLS).into_iter();
        Self {
            types,
            rules,
            calls: calls.map(|call| (call.id, words::call(&call))).collect(),
            conversations: session.conversations().map(|it| it.id.0).collect(),
            origins: digests.origins().map(str::to_owned).collect(),
        }
    }
}

/// Whether a term that is being typed after `before` ends with the beginning of a name, such as
/// `type:CALL_`: of a type or a rule, unless the session or the catalogue has one of this name.
///
/// As it stands, such a term matches nothing, which nobody can mean yet. A negated one hides
/// nothing, and may stand.
#[must_use]
pub fn begins_name(before: &str, term: &str, view: &SessionView) -> bool {
    let is_negated = before.split_whitespace().next_back() == Some("not");
    let Some((name, values)) = term.trim_start_matches('(').split_once(':') else {
        return false;
    };
    let last = values.rsplit(',').next().unwrap_or_default();
    let is_whole = |name: &str| name.eq_ignore_ascii_case(last);
    let is_known = match Key::find(name).map(|it| it.key) {
        Some(Key::Type) => {
            let mut session = view.source().digests.types();
            MessageType::ALL.iter().any(|ty| is_whole(ty.name()))
                || session.any(|(name, _)| is_whole(name))
        }
        Some(Key::Rule) => rules().iter().any(|rule| is_whole(rule.code)),
        _ => return false,
    };
    let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    !is_negated && !is_known && !last.is_empty() && last.chars().all(is_word)
}

/// Suggestions for the place of the cursor, `cursor` bytes into the text, the likeliest first.
///
/// Empty where nothing can be suggested, such as in quotes.
#[must_use]
pub fn completions(text: &str, cursor: usize, vocabulary: &Vocabulary) -> Vec<Completion> {
    let cursor = text.floor_char_boundary(cursor);
    let (tokens, error) = tokens(text);
    let is_in_mistake = error.is_some_and(|it| it.at.start < cursor);
    let here = |at: &Range<usize>| at.start < cursor && cursor <= at.end;
    let token = tokens.iter().find(|it| here(&it.at));
    let mut found = match token.map(|it| &it.kind) {
        Some(TokenKind::Word(word)) if word.value.quoting != Quoting::Bare => Vec::new(),
        Some(TokenKind::Word(word)) => match &word.head {
            Some(head) if cursor > head.at.end && !head.is_path => Key::find(&head.text)
                .map(|spec| {
                    values_at(
                        spec,
                        &word.value.text,
                        word.value.at.start,
                        cursor,
                        vocabulary,
                    )
                })
                .unwrap_or_default(),
            Some(head) if cursor > head.at.end => Vec::new(),
            // The key itself is being typed or edited.
            Some(head) => {
                let at = head.at.start..word.value.at.start;
                starts(text, at, cursor, &Vocabulary::default())
            }
            None => starts(text, word.value.at.clone(), cursor, vocabulary),
        },
        // `or`, `not`: they may become the beginning of a longer word.
        Some(TokenKind::Or | TokenKind::And | TokenKind::Not) => token
            .map(|it| starts(text, it.at.clone(), cursor, vocabulary))
            .unwrap_or_default(),
        _ if is_in_mistake => Vec::new(),
        _ => starts(text, cursor..cursor, cursor, vocabulary),
    };
    // Drop suggestions that are already there.
    found.retain(|it| text.get(it.at.clone()) != Some(it.insert.as_str()));
    found.truncate(MOST);
    found
}

/// Keys, paths and words that a term can begin with, and the types that contain what was typed.
fn starts(text: &str, at: Range<usize>, cursor: usize, vocabulary: &Vocabulary) -> Vec<Completion> {
    let typed = text.get(at.start..cursor.max(at.start)).unwrap_or_default();
    let completion = |insert: &str, help: &str| Completion {
        at: at.clone(),
        insert: insert.to_owned(),
        help: help.to_owned(),
    };
    let mut found: Vec<Completion> = KEYS
        .iter()
        .filter(|spec| {
            let names = std::iter::once(spec.name).chain(spec.synonym);
            names.into_iter().any(|name| begins(name, typed))
        })
        .map(|spec| {
            let sign = if spec.values.must_be_compared() {
                ">"
            } else {
                ":"
            };
            completion(
                &format!("{}{sign}", spec.name),
                &format!("messages {}", spec.key.help()),
            )
        })
        .collect();
    if begins("gap", typed) {
        found.push(completion("is:gap", "where messages are missing"));
    }
    if typed.is_empty() {
        found.push(completion("data.", "a value in the payload"));
        found.push(completion(
            "not ",
            "messages that the next term does not show",
        ));
        let is_behind_term = text
            .get(..cursor)
            .is_some_and(|before| !before.trim().is_empty());
        if is_behind_term {
            found.push(completion("or ", "messages that one of two terms shows"));
        }
    } else {
        let lower = typed.to_lowercase();
        for (name, count) in &vocabulary.types {
            if typed.len() >= 2
                && name.to_lowercase().contains(&lower)
                && let Some(term) = term::term(KEYS[0].name, name)
            {
                found.push(completion(&term, &words::counted(*count, "message")));
            }
        }
        for (path, types) in paths(typed) {
            found.push(completion(&format!("{path}:"), &format!("in {types}")));
        }
    }
    found
}

fn begins(word: &str, typed: &str) -> bool {
    word.get(..typed.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(typed))
}

/// The catalogue's fields that the beginning of a path can lead to, and the types that have them.
/// From three letters on, a name finds its field without `data.` as well.
fn paths(typed: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for ty in MessageType::ALL {
        for field in ty.spec().fields {
            if field.is_wildcard() {
                continue;
            }
            for name in field.paths() {
                let path = match field.location {
                    Location::Top => format!(".{name}"),
                    Location::Data => format!("{DATA}.{name}"),
                };
                let is_name = typed.len() >= 3 && begins(&name, typed);
                if begins(&path, typed) || is_name {
                    found.entry(path).or_default().push(ty.name());
                }
            }
        }
    }
    let words = |mut types: Vec<&'static str>| {
        types.dedup();
        match types.as_slice() {
            [only] => (*only).to_owned(),
            [first, rest @ ..] => {
                format!("{first} and {}", words::counted(rest.len() as u64, "other"))
            }
            [] => String::new(),
        }
    };
    found
        .into_iter()
        .map(|(path, types)| (path, words(types)))
        .collect()
}

/// The values of a key that can continue a list at the cursor.
fn values_at(
    spec: &KeySpec,
    text: &str,
    start: usize,
    cursor: usize,
    vocabulary: &Vocabulary,
) -> Vec<Completion> {
    let inside = cursor.saturating_sub(start).min(text.len());
    let (before, after) = (
        text.get(..inside).unwrap_or_default(),
        text.get(inside..).unwrap_or_default(),
    );
    let begin = before.rfind(',').map_or(0, |comma| comma + 1);
    let end = inside + after.find(',').unwrap_or(after.len());
    let typed = before.get(begin..).unwrap_or_default();
    let is_alone = begin == 0 && end == text.len();
    let at = start + begin..start + end;
    let offers = values_of(spec, vocabulary);
    let completion = |value: &str, help: &str| {
        let insert = term::value(value, is_alone)?;
        Some(Completion {
            at: at.clone(),
            insert,
            help: visible(help).into_owned(),
        })
    };
    // Suggestions that begin with what was typed come before those that only contain it.
    let first = offers.iter().filter(|(value, _)| begins(value, typed));
    let lower = typed.to_lowercase();
    let second = offers
        .iter()
        .filter(|(value, _)| !begins(value, typed) && value.to_lowercase().contains(&lower));
    first
        .chain(second)
        .filter_map(|(value, help)| completion(value, help))
        .collect()
}

fn values_of(spec: &KeySpec, vocabulary: &Vocabulary) -> Vec<(String, String)> {
    let plain = |values: &[&str]| {
        let values = values.iter();
        values.map(|it| ((*it).to_owned(), String::new())).collect()
    };
    let messages = |count: u64| words::counted(count, "message");
    match (spec.key, spec.values) {
        (Key::Type, _) => vocabulary
            .types
            .iter()
            .map(|(name, count)| (name.clone(), messages(*count)))
            .collect(),
        (Key::Rule, _) => rules()
            .iter()
            .filter_map(|rule| {
                let count = vocabulary.rules.get(rule.code)?;
                let help = format!("{}, {}", rule.title, words::counted(*count, "finding"));
                Some((rule.code.to_owned(), help))
            })
            .collect(),
        (Key::Call, _) => vocabulary
            .calls
            .iter()
            .map(|(id, words)| {
                let conversation = if vocabulary.conversations.len() > 1 {
                    format!("conversation {}: ", id.conversation.0)
                } else {
                    String::new()
                };
                (id.serial.to_string(), format!("{conversation}{words}"))
            })
            .collect(),
        (Key::Conversation, _) => {
            let numbers = vocabulary.conversations.iter();
            numbers.map(|it| (it.to_string(), String::new())).collect()
        }
        (Key::Origin, _) => {
            let origins = vocabulary.origins.iter();
            origins.map(|it| (it.clone(), String::new())).collect()
        }
        (_, Values::Side) => plain(&["host", "widget"]),
        (_, Values::Severity) => plain(&["error", "warning", "note"]),
        (_, Values::Is) => keys::is_words()
            .map(|it| (it.to_owned(), String::new()))
            .collect(),
        (_, Values::Span) => plain(&["100ms", "500ms", "1s"]),
        (_, Values::Size) => plain(&["1kB", "10kB", "100kB"]),
        _ => Vec::new(),
    }
}
