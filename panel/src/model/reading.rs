//! What the user does with the shown message: searches it, copies parts, compares it with another
//! one.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use callscope_protocol::{Message, RecordedMessage};
use callscope_session_view::difference::{Differences, differences};
use callscope_session_view::{SessionView, snippet};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Model;
use super::json_tree::{TreeLine, ValueKind};
use crate::action::{Action, Part};
use crate::event::Effect;

/// State that the details keep from message to message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// The search text.
    pub(super) search: String,
    /// The index of the current match.
    pub(super) current: usize,
    /// The id of the message that others are compared with.
    pub(super) marked: Option<u64>,
}

/// The matches of the search text in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) text: String,
    /// The tree lines with a match.
    pub(crate) lines: Vec<usize>,
    /// The index of the current one among them.
    pub(crate) current: usize,
    /// How many values match that are not listed.
    pub(crate) unlisted: usize,
}

/// How a message differs from another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OtherMessage {
    /// The other message's name, and the action that selects it.
    pub(crate) link: (String, Action),
    pub(crate) differences: Differences,
    pub(crate) is: Other,
    /// Whether the differences are from the other message to this one.
    pub(crate) comes_first: bool,
}

/// Why a message is compared with this other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    /// It is the previous one of its type.
    Before,
    /// The user chose it.
    Chosen,
    /// It stands beside it in a comparison of two calls or sessions.
    Beside,
}

impl OtherMessage {
    /// The other message, with its link, beside this one.
    pub(super) fn new(
        (other, link): (&RecordedMessage, (String, Action)),
        this: &RecordedMessage,
        is: Other,
        comes_first: bool,
    ) -> Self {
        let [other, this] = [other, this].map(|it| Message::decode(&it.message));
        Self {
            link,
            differences: if comes_first {
                differences(&other, &this)
            } else {
                differences(&this, &other)
            },
            is,
            comes_first,
        }
    }
}

/// A message as code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    /// "SDK call", "handler".
    pub(crate) what: &'static str,
    pub(crate) text: String,
}

impl Code {
    pub(super) fn of(recorded: &RecordedMessage) -> Option<Self> {
        let code = |what| move |text| Self { what, text };
        let call = snippet::sdk_call(recorded).map(code("SDK call"));
        call.or_else(|| snippet::handler(recorded).map(code("handler")))
    }
}

/// The paths of the containers to unfold because they contain a match.
pub(super) fn holders(value: &Value, text: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    if !text.is_empty() {
        let text = text.to_lowercase();
        walk(value, "", "", &text, 64, &mut |path| {
            found.insert(path.to_owned());
        });
    }
    found
}

/// How many values match; `found` receives the path of each container of a match.
fn walk(
    value: &Value,
    path: &str,
    key: &str,
    text: &str,
    depth: usize,
    found: &mut dyn FnMut(&str),
) -> usize {
    let own = usize::from(has(key, value, text));
    if depth == 0 {
        return own;
    }
    let inside: usize = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, child)| {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                walk(child, &path, key, text, depth - 1, found)
            })
            .sum(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, child)| {
                walk(
                    child,
                    &format!("{path}[{index}]"),
                    "",
                    text,
                    depth - 1,
                    found,
                )
            })
            .sum(),
        _ => 0,
    };
    if inside > 0 {
        found(path);
    }
    own + inside
}

/// Whether a key or its value contains a text, given in lower case.
fn has(key: &str, value: &Value, text: &str) -> bool {
    let holds = |it: &str| it.to_lowercase().contains(text);
    holds(key)
        || match value {
            Value::String(it) => holds(it),
            Value::Number(it) => holds(&it.to_string()),
            Value::Bool(it) => holds(if *it { "true" } else { "false" }),
            Value::Null => holds("null"),
            Value::Array(_) | Value::Object(_) => false,
        }
}

impl Reading {
    /// The matches of the search text in the lines of a message.
    pub(super) fn search(&self, value: &Value, lines: &[TreeLine]) -> Search {
        let text = self.search.to_lowercase();
        if text.is_empty() {
            return Search::default();
        }
        let is_match = |line: &TreeLine| {
            let is_value = !matches!(line.kind, ValueKind::More | ValueKind::Missing);
            let found = value.pointer(&line.pointer).filter(|_| is_value);
            found.is_some_and(|value| has(&line.raw_key(), value, &text))
        };
        let found = lines.iter().enumerate().filter(|(_, line)| is_match(line));
        let found: Vec<usize> = found.map(|(index, _)| index).collect();
        let total = walk(value, "", "", &text, 64, &mut |_| {});
        Search {
            text: self.search.clone(),
            current: if found.is_empty() {
                0
            } else {
                self.current % found.len()
            },
            unlisted: total.saturating_sub(found.len()),
            lines: found,
        }
    }

    /// The message that this one is compared with, and the differences; or why there is none.
    pub(super) fn other(
        &self,
        source: &SessionView,
        id: u64,
        recorded: &RecordedMessage,
    ) -> Result<OtherMessage, &'static str> {
        let message_of = |id: u64| {
            let (_, placed) = source.find(id)?;
            placed.message().filter(|_| !source.is_cleared(placed))
        };
        let chosen = self.marked.filter(|it| *it != id).and_then(message_of);
        let (other, is) = match chosen {
            Some(chosen) => (chosen, Other::Chosen),
            None => (before(source, id, recorded)?, Other::Before),
        };
        let seq = other.seq;
        let link = (source.named(seq), Action::SelectSeq { seq });
        Ok(OtherMessage::new((other, link), recorded, is, true))
    }
}

/// The previous message of the same type from the same side of the same conversation; an error says
/// that there is none.
fn before<'a>(
    source: &'a SessionView,
    id: u64,
    recorded: &RecordedMessage,
) -> Result<&'a RecordedMessage, &'static str> {
    const FIRST: &str = "the first of its type";
    let (position, this) = source.find(id).ok_or(FIRST)?;
    let type_name = source.digest(id).map(|it| &it.type_name);
    let earlier = source.session().facts().get(..position).unwrap_or_default();
    let same = earlier.iter().rev().find_map(|placed| {
        let message = placed.message()?;
        let is_same = message.from == recorded.from
            && message.conversation == recorded.conversation
            && source.digest(placed.id).map(|it| &it.type_name) == type_name;
        is_same.then_some((placed, message))
    });
    let (placed, message) = same.ok_or(FIRST)?;
    if source.is_cleared_before(placed, this) {
        return Err("the first of its type since you cleared the list");
    }
    Ok(message)
}

/// Compares with no chosen message; what asks for one offers this.
const GIVE_UP_COMPARING: Action = Action::CompareMessage { id: None };

impl Model {
    pub(super) fn search_message(&mut self, text: String) {
        self.reading.search = text;
        self.reading.current = 0;
        self.fold_revision += 1;
    }

    pub(super) fn search_message_again(&mut self, backwards: bool) {
        let Some(detail) = self.detail_data() else {
            return;
        };
        let Some(super::DetailData::Message(message)) = &*detail else {
            return;
        };
        let Some(last) = message.search.lines.len().checked_sub(1) else {
            return;
        };
        let current = message.search.current;
        self.reading.current = match (backwards, current) {
            (true, 0) => last,
            (true, _) => current - 1,
            (false, _) if current == last => 0,
            (false, _) => current + 1,
        };
        self.fold_revision += 1;
    }

    pub(super) fn compare_message(&mut self, id: Option<u64>) {
        self.reading.marked = id;
        self.fold_revision += 1;
        let marked = id.and_then(|id| self.shown().find(id)?.1.message());
        if let Some(marked) = marked {
            let text = format!("Select the message to compare with message {}", marked.seq);
            let action = Some(GIVE_UP_COMPARING);
            self.notices.info(self.seconds(), text, action);
        } else {
            self.notices.withdraw(&GIVE_UP_COMPARING);
        }
    }

    /// Asks no more for a message to compare with, if the selected one is compared.
    pub(super) fn compare_selection(&mut self) {
        let is_compared = |marked: u64| self.selected.is_some_and(|id| id != marked);
        if self.reading.marked.is_some_and(is_compared) {
            self.notices.withdraw(&GIVE_UP_COMPARING);
        }
    }

    /// Copies a part of the selected message.
    pub(super) fn copy_part(&self, pointer: &str, part: Part) -> Vec<Effect> {
        let found = self.selected.and_then(|id| self.shown().find(id));
        let Some(recorded) = found.and_then(|(_, placed)| placed.message()) else {
            return Vec::new();
        };
        let message = Message::decode(&recorded.message);
        let Some(value) = message.value().pointer(pointer) else {
            return Vec::new();
        };
        let (what, text) = match (part, value) {
            (Part::Value, Value::String(text)) => ("Value", text.clone()),
            (Part::Value, value) => ("Value", value.to_string()),
            (Part::Path, _) => ("Path", path_of(message.value(), pointer)),
            (Part::Json, value) => ("JSON", snippet::pretty(value)),
            (Part::Raw, value) => (
                "Raw text",
                raw_at(recorded.message.as_str(), pointer)
                    .map_or_else(|| value.to_string(), str::to_owned),
            ),
        };
        let what = what.to_owned();
        vec![Effect::Copy { what, text }]
    }
}

/// A value as written in the text; `None` if `serde_json` cannot read the text.
fn raw_at<'a>(text: &'a str, pointer: &str) -> Option<&'a str> {
    let mut at = text.trim();
    for part in pointer.split('/').skip(1) {
        let key = part.replace("~1", "/").replace("~0", "~");
        let found: &RawValue = if at.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(at).ok()?;
            items.into_iter().nth(key.parse().ok()?)?
        } else {
            let mut members: HashMap<String, &RawValue> = serde_json::from_str(at).ok()?;
            members.remove(&key)?
        };
        at = found.get();
    }
    Some(at)
}

/// A pointer as a JavaScript path: `data.list[0]["odd key"]`.
fn path_of(value: &Value, pointer: &str) -> String {
    // Writing to a `String` cannot fail.
    let mut path = String::new();
    let mut at = Some(value);
    for part in pointer.split('/').skip(1) {
        let key = part.replace("~1", "/").replace("~0", "~");
        let is_plain = !key.is_empty()
            && !key.starts_with(|it: char| it.is_ascii_digit())
            && key
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '$'));
        let is_item = at.is_some_and(Value::is_array);
        if is_item {
            _ = write!(path, "[{key}]");
        } else if is_plain {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&key);
        } else {
            _ = write!(path, "[{}]", Value::String(key.clone()));
        }
        at = match at {
            Some(Value::Object(map)) => map.get(&key),
            Some(Value::Array(items)) => key.parse().ok().and_then(|it: usize| items.get(it)),
            _ => None,
        };
    }
    path
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_is_as_code_would_write_it() {
        let value = json!({"data": {"list": [{"a b": 1}], "0": 2, "a/b~c": 3}});
        for (pointer, path) in [
            ("", ""),
            ("/data", "data"),
            ("/data/list/0/a b", r#"data.list[0]["a b"]"#),
            ("/data/0", r#"data["0"]"#),
            ("/data/a~1b~0c", r#"data["a/b~c"]"#),
        ] {
            assert!(value.pointer(pointer).is_some(), "{pointer}");
            assert_eq!(path_of(&value, pointer), path);
        }
    }

    #[test]
    fn a_part_is_copied_as_it_was_written() {
        let text =
            r#" {"data":{"id": 12345678901234567890123,"a/b":[1.50,"\u202e"],"x":1,"x":2}} "#;
        for (pointer, raw) in [
            ("/data/id", "12345678901234567890123"),
            ("/data/a~1b", r#"[1.50,"\u202e"]"#),
            ("/data/a~1b/1", r#""\u202e""#),
            ("/data/x", "2"),
        ] {
            assert_eq!(raw_at(text, pointer), Some(raw), "{pointer}");
        }
        assert_eq!(raw_at(text, ""), Some(text.trim()));
        assert_eq!(raw_at(text, "/none"), None);
        // Rust strings cannot hold a lone surrogate.
        assert_eq!(raw_at(r#"{"\ud800":1}"#, "/x"), None);
    }

    #[test]
    fn what_holds_a_match_is_unfolded() {
        let value = json!({"data": {"deep": {"er": [{"Number": "+1555"}]}, "other": {"x": 1}}});
        let mut found: Vec<String> = holders(&value, "555").into_iter().collect();
        found.sort();
        assert_eq!(
            found,
            ["", "data", "data.deep", "data.deep.er", "data.deep.er[0]"]
        );
        assert!(holders(&value, "").is_empty());
    }
}
