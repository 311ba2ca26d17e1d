//! Parses a step.

use std::collections::{BTreeMap, BTreeSet};

use callscope_protocol::{Direction, MessageType, Millis, nearest};
use callscope_simulator::{Profile as HostProfile, SwitchError, Switches};
use serde_json::Value;

use super::{ReadError, Source, find, missing};
use crate::jsonc::{Content, Member, Node};
use crate::scenario::{Answers, Expectation, HostStep, NUMBER, Step, StepWhat, WITHIN};
use crate::table::{STEPS, StepKind, step_kind};
use crate::vocabulary::{Condition, HostAction, Profile, Role};

pub(super) fn step(source: Source<'_>, node: &Node) -> Result<Step, ReadError> {
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
        line: source.line(node.at),
        text: one_line(written),
    })
}

/// Checks that no label is used twice, because `after` refers to a label by name.
pub(super) fn expect_labels_once(source: Source<'_>, steps: &Node) -> Result<(), ReadError> {
    let Content::List(steps) = &steps.content else {
        return Ok(());
    };
    let mut labels = BTreeSet::new();
    for step in steps {
        let Content::Object(members) = &step.content else {
            continue;
        };
        if let Some(Content::Text(label)) = find(members, "label").map(|it| &it.value.content)
            && !labels.insert(label)
        {
            return Err(source.error(
                step.at,
                format!("the label \"{label}\" is here twice"),
                "rename one of them",
            ));
        }
    }
    Ok(())
}

/// Nobody waits for a message for less.
const SHORTEST: Millis = Millis(100.0);

/// Joins a step that is written over several lines.
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
    let within = || match (find(members, "within"), span("within")?) {
        // Who writes it means seconds.
        (Some(member), Some(it)) if it < SHORTEST => Err(source.error(
            member.value.at,
            format!("{} ms is too short for a message to arrive", it.0),
            "write milliseconds, such as 5000 for five seconds",
        )),
        (_, it) => Ok(it.unwrap_or(WITHIN)),
    };
    let data = || expected(source, members);
    Ok(match kind.key.name {
        "host" => {
            let word = source.text(value, "what the host does")?;
            if word.chars().any(|it| it.is_ascii_lowercase()) {
                return host_step(source, value, members).map(StepWhat::Host);
            }
            StepWhat::HostMessage(Expectation {
                ty: message(source, value, Direction::HostToWidget)?,
                within: within()?,
                data: data()?,
            })
        }
        "widget" => StepWhat::Widget(Expectation {
            ty: message(source, value, Direction::WidgetToHost)?,
            within: within()?,
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
    if let Some(data) = find(members, "data") {
        check_variables(source, &data.value)?;
    }
    Ok(HostStep {
        action,
        number: number.transpose()?,
        record,
        ty,
        data: find(members, "data").map(|it| it.value.to_json()),
    })
}

/// The type of a message, which this side must be able to send.
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

/// Rejects strings and keys that begin with `$` and have no meaning.
fn check_pattern(source: Source<'_>, node: &Node) -> Result<(), ReadError> {
    match &node.content {
        Content::Text(text) => check_variable(source, node.at, text),
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

/// The same for data that is sent, in which nothing is compared.
fn check_variables(source: Source<'_>, node: &Node) -> Result<(), ReadError> {
    match &node.content {
        Content::Text(text) => check_variable(source, node.at, text),
        Content::List(items) => items.iter().try_for_each(|it| check_variables(source, it)),
        Content::Object(members) => members
            .iter()
            .try_for_each(|it| check_variables(source, &it.value)),
        Content::Null | Content::Bool(_) | Content::Number(_) => Ok(()),
    }
}

fn check_variable(source: Source<'_>, at: usize, text: &str) -> Result<(), ReadError> {
    match text.strip_prefix('$') {
        Some(rest) if !rest.starts_with('$') && !is_variable(rest) => Err(source.error(
            at,
            format!("\"{text}\" names no value to capture"),
            format!("write \"$call\", or \"$${rest}\" for the text itself"),
        )),
        _ => Ok(()),
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_in_variable)
}

/// Whether a character may occur in the name of a `$x`.
pub(crate) const fn is_in_variable(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
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
        // Whether a profile's HubSpot can have the condition of a switch is only known when it is
        // played.
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
