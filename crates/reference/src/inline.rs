//! Sentences as Markdown: code formatted as code, codes of rules as links, everything else
//! unchanged.

use std::borrow::Cow;

use callscope_protocol::{MessageType, rule};

/// Names that look like code and are not.
const NAMES: &[&str] = &[
    "CommonJS",
    "DevTools",
    "GitHub",
    "HubSpot",
    "JavaScript",
    "READMEs",
    "TypeScript",
];

/// A sentence as Markdown; `rules` is the document with the rules' anchors, empty for the same
/// document.
///
/// The result also works in a table cell, because bars are escaped everywhere.
pub(crate) fn markdown(text: &str, rules: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = word(rest);
        if word.is_empty() {
            escape(first, &mut out);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        if rule(word).is_some() {
            out.push_str(&format_link(word, rules));
        } else if is_code(word) {
            out.push_str(&code(word));
        } else {
            word.chars().for_each(|it| escape(it, &mut out));
        }
        rest = rest.get(word.len()..).unwrap_or_default();
    }
    out
}

/// Text formatted as code, which also works in a table cell.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// A rule's code as a link to its section.
pub(crate) fn format_link(code: &str, rules: &str) -> String {
    format!("[{code}]({rules}#{})", code.to_lowercase())
}

/// The first word of a text, with what belongs to it; empty if the text begins with something else.
fn word(text: &str) -> &str {
    if ["https://", "http://"]
        .iter()
        .any(|it| text.starts_with(it))
    {
        let end = text
            .find(|it: char| it.is_whitespace() || matches!(it, ')' | ';' | ','))
            .unwrap_or(text.len());
        return text.get(..end).unwrap_or_default().trim_end_matches('.');
    }
    if text.starts_with('{') || text.starts_with('<') && !text.starts_with("< ") {
        return balanced(text);
    }
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '*');
    let mut end = 0;
    loop {
        let tail = text.get(end..).unwrap_or_default();
        let length = tail.find(|it| !is_part(it)).unwrap_or(tail.len());
        end += length;
        let tail = text.get(end..).unwrap_or_default();
        let is_list = length > 0 && tail.starts_with("[]");
        end += if is_list { 2 } else { 0 };
        let tail = text.get(end..).unwrap_or_default();
        let mut next = tail.chars();
        // A dot or colon inside a name, not at the end of a sentence.
        let joins = length > 0
            && matches!(next.next(), Some('.' | ':'))
            && next.next().is_some_and(char::is_alphabetic);
        if !joins {
            break;
        }
        end += 1;
    }
    let is_name = text.starts_with(|it: char| it.is_ascii_alphabetic());
    let tail = text.get(end..).unwrap_or_default();
    if is_name && tail.starts_with('(') {
        end += balanced(tail).len();
    }
    text.get(..end).unwrap_or_default()
}

/// A bracket with everything up to the matching one; empty if there is none.
fn balanced(text: &str) -> &str {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' | '{' | '<' => depth += 1,
            ')' | '}' | '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(..=at).unwrap_or_default();
        }
    }
    ""
}

fn is_code(word: &str) -> bool {
    let name: Cow<'_, str> = match word.split_once('(') {
        // A method and its arguments.
        Some((name, _)) if is_identifier(name) => return true,
        Some((name, _)) => name.into(),
        None => word.into(),
    };
    let has_case_inside = |part: &str| {
        part.chars().skip(1).any(char::is_uppercase) && part.chars().any(char::is_lowercase)
    };
    name.starts_with(['{', '<'])
        || name.contains("://")
        || MessageType::from_name(&name).is_some()
        || name.contains('_') && name.len() > 1
        || is_path(&name)
        || !NAMES.contains(&name.as_ref()) && name.split(['.', ':']).any(has_case_inside)
}

fn is_identifier(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_lowercase)
        && name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '_'))
}

/// Accepts `window.location.origin`, but neither `e.g` nor the end of a sentence.
fn is_path(name: &str) -> bool {
    let is_part = |part: &str| part.len() > 2 && part.chars().all(|it| it.is_ascii_lowercase());
    name.contains('.') && name.split('.').all(is_part)
}

fn escape(character: char, out: &mut String) {
    if matches!(
        character,
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~'
    ) {
        out.push('\\');
    }
    out.push(character);
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Expect) {
        expected.assert_eq(&markdown(text, ""));
    }

    #[test]
    fn code_in_sentences() {
        check(
            "Call outgoingCall({ externalCallId, toNumber }) before CALL_ENDED (see M15), or READY.",
            &expect![
                "Call `outgoingCall({ externalCallId, toNumber })` before `CALL_ENDED` (see [M15](#m15)), or `READY`."
            ],
        );
        check(
            "HubSpot reads LocalSettings:Calling:CallingExtensions: *_FAILED throws in 0.8.1.",
            &expect![
                "HubSpot reads `LocalSettings:Calling:CallingExtensions`: `*_FAILED` throws in 0.8.1."
            ],
        );
        check(
            "Set window.location.origin, eventHandlers.FAILED. Then {\"a\":1|2} or <any>; a < b | c_",
            &expect![[
                r#"Set `window.location.origin`, `eventHandlers.FAILED`. Then `{"a":1\|2}` or `<any>`; a \< b \| `c_`"#
            ]],
        );
        check(
            "Serve https://localhost:9025/. Types of data.callerIdMatches[].name (inferred).",
            &expect![
                "Serve `https://localhost:9025/`. Types of `data.callerIdMatches[].name` (inferred)."
            ],
        );
    }
}
