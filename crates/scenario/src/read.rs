//! Reading a scenario: what is wrong is told with its place and with what to write instead.

use std::collections::BTreeMap;

use callscope_protocol::{Direction, MessageType, Millis, Severity, Version, nearest, rule};
use callscope_simulator::{Profile as HostProfile, SwitchError, Switches};
use serde_json::Value;

use crate::jsonc::{Content, Member, Node, parse};
use crate::scenario::{Answers, Expectation, HostStep, NUMBER, Scenario, Step, StepWhat, WITHIN};
use crate::table::{FILE, Key, STEPS, StepKind, ValueKind, file_key, step_kind};
use crate::vocabulary::{Condition, HostAction, Profile, Role};

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
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

/// Why a file cannot be used: what is wrong, where, and what to write instead.
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

/// A file that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

impl Source<'_> {
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

    /// A word that is not one of those that can stand there.
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
        let span = number.filter(|it| *it >= 0.0);
        span.map(Millis).ok_or_else(|| {
            self.error(
                member.value.at,
                format!("\"{}\" is a time in milliseconds", member.name),
                "write a number from 0 on, such as 5000 for five seconds",
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
    /// Reads a scenario from its text; `file` is the name by which errors call it.
    ///
    /// # Errors
    ///
    /// Says what is wrong, where, and what to write instead.
    pub fn read(file: &str, text: &str) -> Result<Self, ReadError> {
        let source = Source { file, text };
        let root = parse(file, text)?;
        let members = source.members(&root, "a scenario")?;
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
            file: file.to_owned(),
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
                self.steps = list(source, value, "steps", |item| step(source, item))?;
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

fn step(source: Source<'_>, node: &Node) -> Result<Step, ReadError> {
    let members = source.members(node, "a step")?;
    let kinds: Vec<(&StepKind, &Member)> = members
        .iter()
        .filter_map(|it| Some((step_kind(&it.name)?, it)))
        .collect();
    let (kind, first) = match kinds.as_slice() {
        [one] => *one,
        [] => {
            let known: Vec<&str> = STEPS.iter().map(|it| it.key.name).collect();
            let unknown = members.iter().find(|it| {
                !STEPS
                    .iter()
                    .any(|kind| kind.all_keys().any(|key| key.name == it.name))
            });
            return Err(match unknown {
                Some(it) => source.unknown(it.at, "a kind of step", &it.name, &known),
                None => source.error(
                    node.at,
                    "this step does not say what happens",
                    format!("begin it with one of {}", known.join(", ")),
                ),
            });
        }
        [(one, _), (other, at), ..] => {
            return Err(source.error(
                at.at,
                format!(
                    "\"{}\" and \"{}\" are two steps",
                    one.key.name, other.key.name
                ),
                "put each in { } of its own",
            ));
        }
    };
    let mut keys = kind.all_keys();
    for member in members {
        let is_known =
            member.name == kind.key.name || keys.clone().any(|it| it.name == member.name);
        if !is_known {
            let known: Vec<&str> = keys.map(|it| it.name).collect();
            let what = format!("a key of a \"{}\" step", kind.key.name);
            return Err(source.unknown(member.at, &what, &member.name, &known));
        }
    }
    if let Some(key) = keys.find(|it| it.is_required && find(members, it.name).is_none()) {
        return Err(missing(source, node.at, "the step", key));
    }
    let condition = find(members, "if")
        .map(|it| source.word(&it.value, "a condition", Condition::ALL, Condition::word))
        .transpose()?;
    let profile = find(members, "profile")
        .map(|it| source.word(&it.value, "a profile", Profile::ALL, Profile::word))
        .transpose()?;
    let label = find(members, "label")
        .map(|it| source.name(&it.value, "a label"))
        .transpose()?;
    let written = source.text.get(node.at..node.end).unwrap_or_default();
    Ok(Step {
        what: what(source, kind, first, members)?,
        condition,
        profile,
        label,
        line: Place::of(source.file, source.text, node.at).line,
        text: one_line(written),
    })
}

/// Joins a step that is written on several lines.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

fn what(
    source: Source<'_>,
    kind: &StepKind,
    first: &Member,
    members: &[Member],
) -> Result<StepWhat, ReadError> {
    let value = &first.value;
    let number = || match find(members, "number") {
        Some(it) => source.phone_number(&it.value),
        None => Ok(NUMBER.to_owned()),
    };
    let span = |name: &str| find(members, name).map(|it| source.millis(it)).transpose();
    let data = || expected(source, members);
    Ok(match kind.key.name {
        "host" => {
            let word = source.text(value, "what the host does")?;
            if word.chars().any(|it| it.is_ascii_lowercase()) {
                return host_step(source, value, members).map(StepWhat::Host);
            }
            StepWhat::HostMessage(Expectation {
                ty: message(source, value, Direction::HostToWidget)?,
                within: span("within")?.unwrap_or(WITHIN),
                data: data()?,
            })
        }
        "widget" => StepWhat::Widget(Expectation {
            ty: message(source, value, Direction::WidgetToHost)?,
            within: span("within")?.unwrap_or(WITHIN),
            data: data()?,
        }),
        "user" => StepWhat::User {
            role: source.word(value, "a role", Role::ALL, Role::word)?,
            number: number()?,
        },
        "never" => StepWhat::Never {
            ty: message(source, value, Direction::WidgetToHost)?,
            data: data()?,
            span: span("for")?.unwrap_or(WITHIN),
        },
        "answers" => StepWhat::Answers(answers(source, value)?),
        "after" => StepWhat::After {
            scenario: source.name(value, "a scenario's name")?,
            label: find(members, "step")
                .map(|it| source.name(&it.value, "a label"))
                .transpose()?,
        },
        _ => StepWhat::Needs(source.word(value, "a condition", Condition::ALL, Condition::word)?),
    })
}

fn host_step(source: Source<'_>, value: &Node, members: &[Member]) -> Result<HostStep, ReadError> {
    let action = source.word(
        value,
        "something that the host does",
        HostAction::ALL,
        HostAction::word,
    )?;
    let of = |name: &str| match name {
        "number" => Some(HostAction::Dial),
        "record" => Some(HostAction::OpenRecord),
        "type" | "data" => Some(HostAction::Send),
        _ => None,
    };
    for member in members {
        let is_waiting = member.name == "within";
        if is_waiting || of(&member.name).is_some_and(|it| it != action) {
            return Err(source.error(
                member.at,
                format!("\"{}\" means nothing to {}", member.name, action.word()),
                match of(&member.name) {
                    Some(it) => format!("remove it: it is for {}", it.word()),
                    None => "remove it: it is for messages".to_owned(),
                },
            ));
        }
    }
    let text = |name: &str| {
        let member = find(members, name);
        let text = member.map(|it| source.text(&it.value, &format!("\"{name}\"")));
        Ok::<_, ReadError>(text.transpose()?.map(ToOwned::to_owned))
    };
    let ty = text("type")?;
    if action == HostAction::Send && ty.is_none() {
        return Err(source.error(
            value.at,
            "send lacks \"type\"",
            "add \"type\": \"SET_CALL_STATE\", or whatever HubSpot sends",
        ));
    }
    let record = text("record")?;
    if action == HostAction::OpenRecord && record.is_none() {
        return Err(source.error(
            value.at,
            "openRecord lacks \"record\"",
            "add \"record\": \"contact/302\", or another record of the simulator's",
        ));
    }
    let number = find(members, "number").map(|it| source.phone_number(&it.value));
    Ok(HostStep {
        action,
        number: number.transpose()?,
        record,
        ty,
        data: find(members, "data").map(|it| it.value.to_json()),
    })
}

/// The message that stands there, which this side must be able to send.
fn message(
    source: Source<'_>,
    node: &Node,
    direction: Direction,
) -> Result<MessageType, ReadError> {
    let name = source.text(node, "a message's type")?;
    let can_send = |ty: &MessageType| {
        let spec = ty.spec();
        spec.direction == direction || spec.direction == Direction::Both
    };
    let side = match direction {
        Direction::HostToWidget => "HubSpot",
        _ => "a widget",
    };
    match MessageType::from_name(name) {
        Some(ty) if can_send(&ty) => Ok(ty),
        Some(ty) => Err(source.error(
            node.at,
            format!("{side} does not send {name}"),
            format!(
                "its direction is {}: see docs/messages.md",
                ty.spec().direction.words()
            ),
        )),
        None => {
            let all = MessageType::ALL.iter().filter(|it| can_send(it));
            let meant = nearest(name, all.map(|it| it.name()));
            Err(source.error(
                node.at,
                format!("there is no message \"{name}\""),
                match meant {
                    Some(meant) => format!("write \"{meant}\""),
                    None => format!("docs/messages.md lists what {side} sends"),
                },
            ))
        }
    }
}

fn expected(source: Source<'_>, members: &[Member]) -> Result<Option<Value>, ReadError> {
    let Some(member) = find(members, "data") else {
        return Ok(None);
    };
    check_pattern(source, &member.value)?;
    Ok(Some(member.value.to_json()))
}

/// Refuses what begins with `$` and is none of what can be written so.
fn check_pattern(source: Source<'_>, node: &Node) -> Result<(), ReadError> {
    match &node.content {
        Content::Text(text) => match text.strip_prefix('$') {
            Some(rest) if !rest.starts_with('$') && !is_variable(rest) => Err(source.error(
                node.at,
                format!("\"{text}\" names no value to capture"),
                format!("write \"$call\", or \"$${rest}\" for the text itself"),
            )),
            _ => Ok(()),
        },
        Content::List(items) => items.iter().try_for_each(|it| check_pattern(source, it)),
        Content::Object(members) => {
            for member in members {
                if member.name.starts_with('$') {
                    let is_alone = members.len() == 1;
                    match (member.name.as_str(), &member.value.content) {
                        ("$oneOf", Content::List(_)) | ("$not", _) if is_alone => {}
                        _ => {
                            return Err(source.error(
                                member.at,
                                format!("\"{}\" is not a way to compare", member.name),
                                "write {\"$oneOf\": [1, 2]} or {\"$not\": 0}, and nothing beside \
                                 it",
                            ));
                        }
                    }
                }
                check_pattern(source, &member.value)?;
            }
            Ok(())
        }
        Content::Null | Content::Bool(_) | Content::Number(_) => Ok(()),
    }
}

pub(crate) fn is_variable(name: &str) -> bool {
    let is_letter = |it: char| it.is_ascii_alphanumeric() || it == '_';
    !name.is_empty() && name.chars().all(is_letter)
}

fn answers(source: Source<'_>, node: &Node) -> Result<Answers, ReadError> {
    if let Content::Text(text) = &node.content {
        return match text.as_str() {
            "none" => Ok(Answers::Nothing),
            _ => Err(source.error(
                node.at,
                format!("\"{text}\" is not a way to answer everything"),
                "write \"none\", or an object such as {\"create-engagement.fail\": true}",
            )),
        };
    }
    let mut switches = BTreeMap::new();
    for member in source.members(node, "\"answers\"")? {
        let value = member.value.to_json();
        let setting = [(member.name.as_str(), &value)];
        // Whether the host of a profile can meet it is known only once it is played.
        if let Err(error) = Switches::default().set(setting, HostProfile::default()) {
            return Err(match error {
                SwitchError::Unknown { name, nearest } => source.error(
                    member.at,
                    format!("\"{name}\" is not a switch of the simulator"),
                    match nearest {
                        Some(nearest) => format!("write \"{nearest}\""),
                        None => "docs/simulator.md lists them".to_owned(),
                    },
                ),
                other => source.error(
                    member.value.at,
                    other.to_string(),
                    "null turns a switch off",
                ),
            });
        }
        switches.insert(member.name.clone(), value);
    }
    Ok(Answers::Switches(switches))
}
