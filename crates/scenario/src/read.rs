//! Parses a scenario; errors say what is wrong, where, and what to write instead.

mod step;

use callscope_protocol::{Millis, Severity, Version, nearest, rule};

use crate::jsonc::{Content, Member, Node, parse};
use crate::scenario::{NUMBER, Scenario};
use crate::table::{FILE, Key, ValueKind, file_key};
use crate::vocabulary::Profile;

pub(crate) use step::is_in_variable;

/// The longest time that a step may wait, in milliseconds: an hour.
pub(crate) const MOST_MILLIS: u32 = 3_600_000;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl Place {
    pub(crate) fn of(file: &str, text: &str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |it| it + 1);
        let in_line = before.get(line_start..).unwrap_or_default();
        Self {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: in_line.chars().count() + 1,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, line, column } = self;
        write!(f, "{file}:{line}:{column}")
    }
}

/// Why a file is invalid: what is wrong, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}; {advice}")]
pub struct ReadError {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub advice: String,
}

/// A file that is being parsed.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
    /// Where each line after the first begins.
    lines: &'a [usize],
}

/// Parses a file; `take` receives its contents.
pub(crate) fn read<T>(
    file: &str,
    text: &str,
    take: impl FnOnce(Source<'_>, &Node) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = parse(file, text)?;
    let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
    let lines = &lines;
    take(Source { file, text, lines }, &root)
}

impl Source<'_> {
    /// The line number of a byte, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|it| *it <= at) + 1
    }

    pub(crate) fn error(
        &self,
        at: usize,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> ReadError {
        ReadError {
            place: Place::of(self.file, self.text, at),
            what: what.into(),
            advice: advice.into(),
        }
    }

    /// The error for a word that is not among those allowed.
    pub(crate) fn unknown(
        &self,
        at: usize,
        what: &str,
        word: &str,
        known: &[&'static str],
    ) -> ReadError {
        let advice = match nearest(word, known.iter().copied()) {
            Some(meant) => format!("write \"{meant}\""),
            None => format!("write one of {}", known.join(", ")),
        };
        self.error(at, format!("\"{word}\" is not {what}"), advice)
    }

    pub(crate) fn members<'n>(
        &self,
        node: &'n Node,
        what: &str,
    ) -> Result<&'n [Member], ReadError> {
        match &node.content {
            Content::Object(members) => Ok(members),
            _ => Err(self.error(
                node.at,
                format!("{what} is an object, and this is {}", node.kind()),
                "put it in { }",
            )),
        }
    }

    pub(crate) fn text<'n>(&self, node: &'n Node, what: &str) -> Result<&'n str, ReadError> {
        match &node.content {
            Content::Text(text) => Ok(text),
            _ => Err(self.error(
                node.at,
                format!("{what} is a text, and this is {}", node.kind()),
                "put it in quotes",
            )),
        }
    }

    fn word<T: Copy>(
        &self,
        node: &Node,
        what: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<T, ReadError> {
        let text = self.text(node, what)?;
        let found = all.iter().copied().find(|it| word(*it) == text);
        found.ok_or_else(|| {
            let known: Vec<&'static str> = all.iter().map(|it| word(*it)).collect();
            self.unknown(node.at, what, text, &known)
        })
    }

    fn millis(&self, member: &Member) -> Result<Millis, ReadError> {
        let number = match &member.value.content {
            Content::Number(number) => number.as_f64(),
            _ => None,
        };
        let span = number.filter(|it| (0.0..=f64::from(MOST_MILLIS)).contains(it));
        span.map(Millis).ok_or_else(|| {
            self.error(
                member.value.at,
                format!("\"{}\" is a time in milliseconds", member.name),
                "write a number from 0 to 3600000, an hour, such as 5000 for five seconds",
            )
        })
    }

    pub(crate) fn name(&self, node: &Node, what: &str) -> Result<String, ReadError> {
        let text = self.text(node, what)?;
        let is_name = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        if text.is_empty() || !text.chars().all(is_name) {
            return Err(self.error(
                node.at,
                format!("\"{text}\" cannot be {what}"),
                "use small letters, digits and hyphens, such as outbound-answered",
            ));
        }
        Ok(text.to_owned())
    }

    pub(crate) fn phone_number(&self, node: &Node) -> Result<String, ReadError> {
        match &node.content {
            Content::Text(text) => Ok(text.clone()),
            Content::Number(number) => Err(self.error(
                node.at,
                "a telephone number is a text",
                format!("put it in quotes: \"+{number}\""),
            )),
            _ => Err(self.error(
                node.at,
                format!("a telephone number is a text, and this is {}", node.kind()),
                format!("write it as \"{NUMBER}\""),
            )),
        }
    }
}

fn find<'n>(members: &'n [Member], name: &str) -> Option<&'n Member> {
    members.iter().find(|it| it.name == name)
}

impl Scenario {
    /// Parses a scenario from its text; errors refer to it as `file`.
    ///
    /// # Errors
    ///
    /// What is wrong, where, and what to write instead.
    pub fn read(file: &str, text: &str) -> Result<Self, ReadError> {
        read(file, text, Self::of)
    }

    fn of(source: Source<'_>, root: &Node) -> Result<Self, ReadError> {
        let members = source.members(root, "a scenario")?;
        for member in members {
            if file_key(&member.name).is_none() {
                let known: Vec<&str> = FILE.iter().map(|it| it.name).collect();
                return Err(source.unknown(member.at, "a key of a scenario", &member.name, &known));
            }
        }
        for key in FILE.iter().filter(|it| it.is_required) {
            if find(members, key.name).is_none() {
                return Err(missing(source, root.at, "the scenario", key));
            }
        }
        let mut scenario = Self {
            name: String::new(),
            title: String::new(),
            why: String::new(),
            profiles: Vec::new(),
            sdk: None,
            deny: None,
            allow: Vec::new(),
            steps: Vec::new(),
            file: source.file.to_owned(),
        };
        for member in members {
            scenario.take(source, member)?;
        }
        Ok(scenario)
    }

    fn take(&mut self, source: Source<'_>, member: &Member) -> Result<(), ReadError> {
        let value = &member.value;
        match member.name.as_str() {
            "scenario" => self.name = source.name(value, "a scenario's name")?,
            "title" => source.text(value, "the title")?.clone_into(&mut self.title),
            "why" => source.text(value, "the reason")?.clone_into(&mut self.why),
            "profiles" => {
                self.profiles = list(source, value, "profiles", |item| {
                    source.word(item, "a profile", Profile::ALL, Profile::word)
                })?;
            }
            "sdk" => {
                let text = source.text(value, "a version")?;
                let version = Version::parse(text);
                self.sdk = Some(version.ok_or_else(|| {
                    let what = format!("\"{text}\" is not a version of the SDK");
                    source.error(value.at, what, "write one such as 0.9.6")
                })?);
            }
            "deny" => self.deny = Some(level(source, value)?),
            "allow" => {
                self.allow = list(source, value, "rules", |item| {
                    let code = source.text(item, "a rule's code")?;
                    match rule(code) {
                        Some(rule) => Ok(rule.code.to_owned()),
                        None => Err(source.error(
                            item.at,
                            format!("there is no rule \"{code}\""),
                            "write a code such as S07: docs/rules.md lists them",
                        )),
                    }
                })?;
            }
            "steps" => {
                self.steps = list(source, value, "steps", |item| step::step(source, item))?;
                step::expect_labels_once(source, value)?;
                if self.steps.is_empty() {
                    return Err(source.error(
                        value.at,
                        "there are no steps",
                        "begin with {\"widget\": \"INITIALIZED\"}",
                    ));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn missing(source: Source<'_>, at: usize, what: &str, key: &Key) -> ReadError {
    let example = match key.value {
        ValueKind::Milliseconds => "1000",
        ValueKind::Steps => "[…]",
        _ => "\"…\"",
    };
    source.error(
        at,
        format!("{what} lacks \"{}\"", key.name),
        format!("add \"{}\": {example}", key.name),
    )
}

fn list<T>(
    source: Source<'_>,
    node: &Node,
    what: &str,
    item: impl Fn(&Node) -> Result<T, ReadError>,
) -> Result<Vec<T>, ReadError> {
    match &node.content {
        Content::List(items) => items.iter().map(item).collect(),
        _ => Err(source.error(
            node.at,
            format!("the {what} are a list, and this is {}", node.kind()),
            "put them in [ ]",
        )),
    }
}

fn level(source: Source<'_>, node: &Node) -> Result<Option<Severity>, ReadError> {
    const NAMES: [&str; 4] = ["error", "warning", "note", "none"];
    let text = source.text(node, "a level")?;
    if text == "none" {
        return Ok(None);
    }
    match Severity::ALL.into_iter().find(|it| it.name() == text) {
        Some(severity) => Ok(Some(severity)),
        None => Err(source.unknown(node.at, "a level", text, &NAMES)),
    }
}
