//! A JSON value as lines that can be folded.

use callscope_protocol::Severity;
use callscope_session_view::card::FieldCard;
use callscope_session_view::value;
use callscope_session_view::visible::visible;
use serde_json::Value;

/// Containers at this depth and below are folded until the user unfolds them.
const FOLDED_FROM: usize = 3;
/// The most children listed in one container.
const MAX_CHILDREN: usize = 200;
/// The most lines listed.
const MAX_LINES: usize = 2_000;
/// Longer texts are cut off on screen; copying takes them whole.
const MAX_TEXT: usize = 1_000;

/// A line of the tree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TreeLine {
    /// The value's path: `data.calleeInfo`, `data.list[0]`; empty for the root.
    pub(crate) path: String,
    /// The path as a JSON pointer, which no key can forge: `/data/calleeInfo`.
    pub(crate) pointer: String,
    /// Whether it is an item of a list.
    pub(super) is_item: bool,
    pub(crate) depth: usize,
    /// The key or index.
    pub(crate) key: String,
    /// The value, or a summary of a container.
    pub(crate) text: String,
    pub(crate) kind: ValueKind,
    /// Whether it is unfolded; `None` if it cannot be.
    pub(crate) fold: Option<bool>,
    /// The catalogue's description.
    pub(crate) about: String,
    /// The problem with the value.
    pub(crate) problem: Option<(Severity, String)>,
}

impl TreeLine {
    /// The key as the page wrote it; empty for list items.
    pub(super) fn raw_key(&self) -> String {
        let end = self.pointer.rsplit('/').next();
        let end = end.filter(|_| !self.is_item).unwrap_or_default();
        end.replace("~1", "/").replace("~0", "~")
    }
}

/// How a value is colored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Text,
    Number,
    Word,
    Container,
    /// Not a value: "… 12 more".
    More,
    /// Not a value: a field that the message should have.
    Missing,
}

/// The lines of a value.
///
/// `unfolded` says whether the user has unfolded or folded a path; `None` if neither.
pub(crate) fn lines(value: &Value, unfolded: &dyn Fn(&str) -> Option<bool>) -> Vec<TreeLine> {
    let mut lines = Vec::new();
    match value {
        Value::Object(_) | Value::Array(_) => {
            children(value, &At::default(), 0, unfolded, &mut lines);
        }
        scalar => lines.push(line(scalar, At::default(), "", 0, None)),
    }
    lines
}

/// The location of a value.
#[derive(Clone, Debug, Default)]
struct At {
    path: String,
    pointer: String,
    is_index: bool,
}

fn children(
    value: &Value,
    at: &At,
    depth: usize,
    unfolded: &dyn Fn(&str) -> Option<bool>,
    lines: &mut Vec<TreeLine>,
) {
    let total;
    match value {
        Value::Object(map) => {
            total = map.len();
            for (key, child) in map.iter().take(MAX_CHILDREN) {
                let path = if at.path.is_empty() {
                    key.clone()
                } else {
                    format!("{}.{key}", at.path)
                };
                let escaped = key.replace('~', "~0").replace('/', "~1");
                let child_at = At {
                    path,
                    pointer: format!("{}/{escaped}", at.pointer),
                    is_index: false,
                };
                node(child, &child_at, key, depth, unfolded, lines);
            }
        }
        Value::Array(items) => {
            total = items.len();
            for (index, child) in items.iter().take(MAX_CHILDREN).enumerate() {
                node(
                    child,
                    &At {
                        path: format!("{}[{index}]", at.path),
                        pointer: format!("{}/{index}", at.pointer),
                        is_index: true,
                    },
                    &index.to_string(),
                    depth,
                    unfolded,
                    lines,
                );
            }
        }
        _ => return,
    }
    if total > MAX_CHILDREN && lines.len() <= MAX_LINES {
        more(
            format!("… {} more", total - MAX_CHILDREN),
            &at.path,
            depth,
            lines,
        );
    }
}

fn node(
    value: &Value,
    at: &At,
    key: &str,
    depth: usize,
    unfolded: &dyn Fn(&str) -> Option<bool>,
    lines: &mut Vec<TreeLine>,
) {
    if lines.len() == MAX_LINES {
        more(
            "… and more; copy the message to see all of it".to_owned(),
            &at.path,
            depth,
            lines,
        );
    }
    if lines.len() >= MAX_LINES {
        return;
    }
    let is_empty = match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    };
    let fold = (!is_empty).then(|| unfolded(&at.path).unwrap_or(depth + 1 < FOLDED_FROM));
    lines.push(line(value, at.clone(), key, depth, fold));
    if fold == Some(true) {
        children(value, at, depth + 1, unfolded, lines);
    }
}

fn more(text: String, path: &str, depth: usize, lines: &mut Vec<TreeLine>) {
    lines.push(TreeLine {
        path: path.to_owned(),
        pointer: String::new(),
        is_item: true,
        depth,
        key: String::new(),
        text,
        kind: ValueKind::More,
        fold: None,
        about: String::new(),
        problem: None,
    });
}

fn line(value: &Value, at: At, key: &str, depth: usize, fold: Option<bool>) -> TreeLine {
    let (text, kind) = text(value, fold);
    TreeLine {
        path: at.path,
        pointer: at.pointer,
        is_item: at.is_index,
        depth,
        key: visible(key).into_owned(),
        text,
        kind,
        fold,
        about: String::new(),
        problem: None,
    }
}

fn text(value: &Value, fold: Option<bool>) -> (String, ValueKind) {
    let kind = match value {
        Value::Null | Value::Bool(_) => ValueKind::Word,
        Value::Number(_) => ValueKind::Number,
        Value::String(_) => ValueKind::Text,
        Value::Array(_) | Value::Object(_) => ValueKind::Container,
    };
    // The keys of an unfolded object are on the lines below it.
    let text = match (value, fold) {
        (Value::Object(_), Some(true)) => String::new(),
        _ => value::inline(value, MAX_TEXT),
    };
    (text, kind)
}

/// Adds what is known of the fields to their lines, and a line for each missing field.
pub(super) fn explain(lines: &mut Vec<TreeLine>, fields: &[FieldCard]) {
    for field in fields.iter().filter(|it| it.is_sent()) {
        let line = lines
            .iter_mut()
            .find(|line| *visible(&line.path) == *field.path);
        if let Some(line) = line {
            line.about.clone_from(&field.about);
            line.problem.clone_from(&field.problem);
            continue;
        }
        if field.problem.is_none() {
            // The field is in a folded container.
            continue;
        }
        let (parent, key) = match field.path.rsplit_once('.') {
            Some((parent, key)) => (Some(parent), key),
            None => (None, field.path.as_str()),
        };
        let of_parent = |line: &TreeLine| line.path == parent.unwrap_or_default();
        let parent_at = lines.iter().position(of_parent);
        let (place, depth, key) = match (parent, parent_at) {
            (Some(_), Some(at)) if lines[at].fold != Some(false) => {
                let depth = lines[at].depth + 1;
                let inside = lines.iter().skip(at + 1);
                let end = inside.take_while(|it| it.depth >= depth).count();
                (at + 1 + end, depth, key)
            }
            (None, _) => (lines.len(), 0, key),
            (Some(_), _) => (lines.len(), 0, field.path.as_str()),
        };
        lines.insert(
            place,
            TreeLine {
                path: field.path.clone(),
                pointer: String::new(),
                is_item: true,
                depth,
                key: key.to_owned(),
                text: field.value.clone().unwrap_or_default(),
                kind: ValueKind::Missing,
                fold: None,
                about: field.about.clone(),
                problem: field.problem.clone(),
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: &Value, unfolded: &[(&str, bool)], expected: &Expect) {
        let lines = lines(value, &|path| {
            unfolded
                .iter()
                .find(|(it, _)| *it == path)
                .map(|(_, is)| *is)
        });
        let mut text = String::new();
        for line in lines {
            let fold = match line.fold {
                Some(true) => "▾",
                Some(false) => "▸",
                None => " ",
            };
            let indent = "  ".repeat(line.depth);
            text.push_str(&[&indent, fold, &line.key, " ", &line.text, "\n"].concat());
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn deep_values_are_folded() {
        let value = json!({"type": "X", "data": {"a": {"b": {"c": 1}}, "l": [1, {}], "n": null}});
        check(
            &value,
            &[],
            &expect![[r#"
                 type "X"
                ▾data 
                  ▾a 
                    ▸b {c}
                  ▾l [2 items]
                     0 1
                     1 {}
                   n null
            "#]],
        );
        check(
            &value,
            &[("data.a", false), ("data.l", false)],
            &expect![[r#"
                 type "X"
                ▾data 
                  ▸a {b}
                  ▸l [2 items]
                   n null
            "#]],
        );
    }

    #[test]
    fn big_values_are_cut() {
        let value = json!((0..100_000).collect::<Vec<_>>());
        let all = lines(&value, &|_| None);
        assert_eq!(all.len(), MAX_CHILDREN + 1);
        assert_eq!(all.last().unwrap().text, "… 99800 more");
        let wide = json!(
            (0..200)
                .map(|_| json!((0..200).collect::<Vec<_>>()))
                .collect::<Vec<_>>()
        );
        assert!(lines(&wide, &|_| None).len() <= MAX_LINES + 2);
    }

    #[test]
    fn a_scalar_is_one_line() {
        let all = lines(&json!(null), &|_| None);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].text.as_str(), all[0].fold), ("null", None));
    }
}
