//! The JSON Schema of the format, derived from the tables, which editors use for completion.

use callscope_protocol::{Direction, MessageType, rules};
use callscope_simulator::{SWITCHES, SwitchKind};
use serde_json::{Map, Value, json};

use crate::read::MOST_MILLIS;
use crate::table::{COMMON, FILE, Key, STEPS, StepKind, ValueKind};
use crate::vocabulary::{Condition, HostAction, Profile, Role};

/// The contents of `docs/scenario.schema.json`.
#[must_use]
pub fn schema() -> Value {
    let mut file = object(FILE);
    let root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of Callscope",
        "description": "What a HubSpot does around a calling widget, what the widget must do by \
                        when, and what its user does. JSON with comments.",
    });
    let mut whole = Map::new();
    if let Value::Object(root) = root {
        whole.extend(root);
    }
    whole.append(&mut file);
    Value::Object(whole)
}

fn object(keys: &[Key]) -> Map<String, Value> {
    let properties: Map<String, Value> = keys.iter().map(property).collect();
    let required: Vec<&str> = keys
        .iter()
        .filter(|it| it.is_required)
        .map(|it| it.name)
        .collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema
}

fn property(key: &Key) -> (String, Value) {
    let mut schema = value(key.value);
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".to_owned(), json!(key.words));
    }
    (key.name.to_owned(), schema)
}

/// The schema of a word from a list, each with its meaning.
fn words<T: Copy>(
    all: &[T],
    word: impl Fn(T) -> &'static str,
    meaning: impl Fn(T) -> &'static str,
) -> Vec<Value> {
    all.iter()
        .map(|it| json!({ "const": word(*it), "description": meaning(*it) }))
        .collect()
}

fn messages(direction: Direction) -> Vec<Value> {
    let all = MessageType::ALL.iter().map(|it| it.spec());
    all.filter(|it| it.direction == direction || it.direction == Direction::Both)
        .map(|it| json!({ "const": it.name, "description": it.summary }))
        .collect()
}

fn value(kind: ValueKind) -> Value {
    match kind {
        ValueKind::Text => json!({ "type": "string" }),
        ValueKind::Name => json!({ "type": "string", "pattern": "^[a-z0-9-]+$" }),
        ValueKind::PhoneNumber => json!({ "type": "string", "examples": [crate::NUMBER] }),
        ValueKind::Milliseconds => {
            json!({ "type": "number", "minimum": 0, "maximum": MOST_MILLIS })
        }
        ValueKind::Expected => json!({ "type": ["object", "string"] }),
        ValueKind::FromWidget => json!({ "oneOf": messages(Direction::WidgetToHost) }),
        ValueKind::HostAction => {
            let mut all = words(HostAction::ALL, HostAction::word, HostAction::words);
            all.extend(messages(Direction::HostToWidget));
            json!({ "oneOf": all })
        }
        ValueKind::AnyType => {
            json!({ "type": "string", "examples": names(Direction::HostToWidget) })
        }
        ValueKind::Role => json!({ "oneOf": words(Role::ALL, Role::word, Role::words) }),
        ValueKind::Answers => answers(),
        ValueKind::Condition => {
            json!({ "oneOf": words(Condition::ALL, Condition::word, Condition::words) })
        }
        ValueKind::Profile => {
            json!({ "oneOf": words(Profile::ALL, Profile::word, Profile::words) })
        }
        ValueKind::Profiles => json!({ "type": "array", "items": value(ValueKind::Profile) }),
        ValueKind::Version => json!({ "type": "string", "examples": ["0.9.6"] }),
        ValueKind::Codes => {
            let codes: Vec<Value> = rules()
                .iter()
                .map(|it| json!({ "const": it.code, "description": it.title }))
                .collect();
            json!({ "type": "array", "items": { "oneOf": codes } })
        }
        ValueKind::Level => json!({ "enum": ["error", "warning", "note", "none"] }),
        ValueKind::Steps => {
            let steps: Vec<Value> = STEPS.iter().map(step).collect();
            json!({ "type": "array", "minItems": 1, "items": { "oneOf": steps } })
        }
    }
}

fn names(direction: Direction) -> Vec<&'static str> {
    let all = MessageType::ALL.iter().map(|it| it.spec());
    all.filter(|it| it.direction == direction)
        .map(|it| it.name)
        .collect()
}

fn step(kind: &StepKind) -> Value {
    let first = Key {
        is_required: true,
        ..kind.key
    };
    let keys: Vec<Key> = [first]
        .into_iter()
        .chain(kind.keys.iter().copied())
        .chain(COMMON.iter().copied())
        .collect();
    Value::Object(object(&keys))
}

fn answers() -> Value {
    let switches: Map<String, Value> = SWITCHES
        .iter()
        .map(|row| {
            let mut schema = match row.kind {
                SwitchKind::Flag => json!({ "type": ["boolean", "null"] }),
                SwitchKind::Millis => json!({ "type": ["number", "null"], "minimum": 0 }),
                SwitchKind::Count(most) => {
                    json!({ "type": ["integer", "null"], "minimum": 1, "maximum": most })
                }
                SwitchKind::Choice(words) => {
                    let mut words: Vec<Value> = words.iter().map(|it| json!(it)).collect();
                    words.push(Value::Null);
                    json!({ "enum": words })
                }
            };
            schema["description"] = json!(row.what);
            (row.name.clone(), schema)
        })
        .collect();
    json!({
        "oneOf": [
            { "const": "none", "description": "HubSpot answers nothing by itself." },
            { "type": "object", "additionalProperties": false, "properties": switches },
        ],
    })
}
