//! Places in a message: `data.callerIdMatches[0].name`.

use std::borrow::Cow;
use std::fmt;

use callscope_json::Lexer;

/// A place in a message; it may match several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// A member with this name, in any case. In an array, it applies to each element.
    Name(String),
    /// An element.
    Index(usize),
    /// Every element, every member.
    Every,
}

/// A value that is neither an object nor an array, or an empty one of these.
#[derive(Debug, PartialEq)]
pub(super) enum Leaf<'a> {
    Text(Cow<'a, str>),
    /// A number as it was written.
    Number(&'a str),
    /// `true`, `false`, `null`, `{}` or `[]`.
    Word(&'a str),
}

impl Leaf<'_> {
    pub(super) fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(text) | Self::Word(text) => text,
        }
    }
}

/// Deeper values are not searched.
const MAX_DEPTH: usize = 64;

impl Path {
    /// Parses a path: `data.list[0].name`, `.version`, `data["odd name"]`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text.strip_prefix('.').unwrap_or(text);
        let mut wants_name = true;
        while !rest.is_empty() || wants_name {
            if let Some(quoted) = rest.strip_prefix("[\"") {
                let (name, tail) = quoted.split_once("\"]")?;
                steps.push(Step::Name(name.to_owned()));
                rest = tail;
            } else if let Some(inner) = rest.strip_prefix('[') {
                let (index, tail) = inner.split_once(']')?;
                steps.push(match index {
                    "" | "*" => Step::Every,
                    index => Step::Index(index.parse().ok()?),
                });
                rest = tail;
            } else {
                let after_dot = rest.strip_prefix('.');
                let name = match after_dot {
                    Some(name) if !wants_name => name,
                    None if wants_name => rest,
                    _ => return None,
                };
                let end = name.find(['.', '[']).unwrap_or(name.len());
                let (name, tail) = name.split_at(end);
                steps.push(match name {
                    name if name.is_empty() || name.contains(']') => return None,
                    "*" => Step::Every,
                    name => Step::Name(name.to_owned()),
                });
                rest = tail;
            }
            wants_name = false;
        }
        (steps.len() <= MAX_DEPTH).then_some(Self { steps })
    }

    /// Whether a value at this place, or inside it, passes a test. A text that is not JSON has no
    /// values.
    pub(super) fn any(&self, json: &str, test: &dyn Fn(&Leaf<'_>) -> bool) -> bool {
        let mut lexer = Lexer::new(json);
        lexer.skip_space();
        walk(&mut lexer, &self.steps, MAX_DEPTH, test).unwrap_or(false)
    }
}

/// Searches a value; `None` if it cannot be read.
fn walk(
    lexer: &mut Lexer<'_>,
    steps: &[Step],
    depth: usize,
    test: &dyn Fn(&Leaf<'_>) -> bool,
) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    let start = lexer.position();
    match lexer.peek()? {
        b'{' => {
            lexer.eat(b'{')?;
            lexer.skip_space();
            if lexer.eat(b'}').is_some() {
                return Some(steps.is_empty() && test(&Leaf::Word("{}")));
            }
            loop {
                lexer.skip_space();
                let key = lexer.string()?;
                lexer.colon()?;
                let below = match steps.split_first() {
                    None => Some(steps),
                    Some((Step::Every, rest)) => Some(rest),
                    Some((Step::Name(name), rest)) => {
                        key.text().eq_ignore_ascii_case(name).then_some(rest)
                    }
                    Some((Step::Index(index), rest)) => {
                        (key.text().parse() == Ok(*index)).then_some(rest)
                    }
                };
                match below {
                    Some(below) if walk(lexer, below, depth, test)? => return Some(true),
                    Some(_) => {}
                    None => drop(lexer.skip_value()?),
                }
                if !lexer.comma_or(b'}')? {
                    return Some(false);
                }
            }
        }
        b'[' => {
            lexer.eat(b'[')?;
            lexer.skip_space();
            if lexer.eat(b']').is_some() {
                return Some(steps.is_empty() && test(&Leaf::Word("[]")));
            }
            for index in 0_usize.. {
                lexer.skip_space();
                let below = match steps.split_first() {
                    None => Some(steps),
                    Some((Step::Every, rest)) => Some(rest),
                    Some((Step::Index(wanted), rest)) => (*wanted == index).then_some(rest),
                    // `data.list.0.name`, or `data.list.name` for the names of all items.
                    Some((Step::Name(name), rest)) => match name.parse::<usize>() {
                        Ok(wanted) => (wanted == index).then_some(rest),
                        Err(_) => Some(steps),
                    },
                };
                match below {
                    Some(below) if walk(lexer, below, depth, test)? => return Some(true),
                    Some(_) => {}
                    None => drop(lexer.skip_value()?),
                }
                if !lexer.comma_or(b']')? {
                    break;
                }
            }
            Some(false)
        }
        b'"' => {
            let string = lexer.string()?;
            Some(steps.is_empty() && test(&Leaf::Text(string.text())))
        }
        first => {
            let written = lexer.skip_value()?;
            // Without progress, the loop over a text that is not JSON would never end.
            if lexer.position() == start {
                return None;
            }
            let leaf = if first.is_ascii_alphabetic() {
                Leaf::Word(written)
            } else {
                Leaf::Number(written)
            };
            Some(steps.is_empty() && test(&leaf))
        }
    }
}

impl fmt::Display for Path {
    /// A text that parses to the same path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `data` alone would be parsed as a key.
        let is_in_data = matches!(
            self.steps.as_slice(),
            [Step::Name(name), _, ..] if name.eq_ignore_ascii_case(super::lexer::DATA)
        );
        if !is_in_data {
            f.write_str(".")?;
        }
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Name(name) if is_plain(name) => {
                    let dot = if index == 0 { "" } else { "." };
                    write!(f, "{dot}{name}")?;
                }
                Step::Name(name) => write!(f, "[\"{name}\"]")?,
                Step::Index(it) => write!(f, "[{it}]")?,
                Step::Every => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// Whether a name can stand in a path without brackets.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name != "*" && name.chars().all(super::lexer::is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = r#" { "type" : "X", "data": {"a": [{"n": 1}, {"n": "zwei"}], "o": {}, "e": [],
        "b c": true, "deep": {"er": [[7]]}}, "version": "0.9" } "#;

    #[track_caller]
    fn check(path: &str, expected: &[&str]) {
        let parsed = Path::parse(path).unwrap();
        let seen = std::cell::RefCell::new(Vec::new());
        parsed.any(MESSAGE, &|leaf| {
            seen.borrow_mut().push(leaf.as_text().to_owned());
            false
        });
        assert_eq!(seen.into_inner(), expected, "{path}");
        assert_eq!(Path::parse(&parsed.to_string()), Some(parsed));
    }

    #[test]
    fn paths_lead_to_values() {
        check("data.a[0].n", &["1"]);
        check("data.a.1.n", &["zwei"]);
        for all in ["data.a.n", "data.a[].n", "data.a[*].n", "data.A.*.N"] {
            check(all, &["1", "zwei"]);
        }
        check("data.o", &["{}"]);
        check("data.e", &["[]"]);
        check("data[\"b c\"]", &["true"]);
        check("data.deep", &["7"]);
        check("data.deep.er[0][0]", &["7"]);
        check(".version", &["0.9"]);
        check("data.a[2].n", &[]);
        check("data.a[0].n.x", &[]);
        check(".type.x", &[]);
    }

    #[test]
    fn what_leads_nowhere_is_no_path() {
        for text in [
            "", ".", "data.", "data..a", "data[", "data[x]", "data]", "data[\"a", "data[0]a",
        ] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_has_no_values() {
        let path = Path::parse("data.a").unwrap();
        let deep = format!("{{\"data\":{}1{}}}", "[".repeat(100), "]".repeat(100));
        for text in [
            "",
            "{",
            "[",
            "{\"data\"",
            "{\"data\":{\"a\":",
            "#",
            "{\"data\":#}",
            &deep,
        ] {
            assert!(!path.any(text, &|_| true), "{text}");
        }
    }
}
