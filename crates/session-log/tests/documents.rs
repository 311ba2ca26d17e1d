//! Checks that `docs/session-log.md` and `docs/session-log.schema.json` agree with the code.

use callscope_session_log::{Log, LogLine, Session, read_fact};
use serde_json::{Map, Value};

const PAGE: &str = include_str!("../../../docs/session-log.md");
const SCHEMA: &str = include_str!("../../../docs/session-log.schema.json");

const KINDS: [&str; 9] = [
    "header",
    "frame",
    "gap",
    "conversation",
    "closed",
    "setting",
    "inside",
    "end",
    "finding",
];

/// The part of JSON Schema that the schema uses; any other keyword is an error, so that nothing in
/// it goes untested.
struct Schema {
    root: Value,
}

impl Schema {
    fn load() -> Self {
        Self {
            root: serde_json::from_str(SCHEMA).expect("the schema is JSON"),
        }
    }

    fn is_valid(&self, line: &str) -> bool {
        let value = serde_json::from_str(line).expect("the case is JSON");
        self.accepts(&self.root, &value)
    }

    fn accepts(&self, schema: &Value, value: &Value) -> bool {
        let Value::Object(keywords) = schema else {
            panic!("not a schema: {schema}");
        };
        keywords
            .iter()
            .all(|(keyword, argument)| self.keyword(keywords, keyword, argument, value))
    }

    fn keyword(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        argument: &Value,
        value: &Value,
    ) -> bool {
        match keyword {
            "$schema" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let pointer = argument.as_str().and_then(|uri| uri.strip_prefix('#'));
                let target = pointer.and_then(|pointer| self.root.pointer(pointer));
                self.accepts(target.expect("the reference leads somewhere"), value)
            }
            "type" => match argument {
                Value::String(name) => is_type(value, name),
                names => list(names)
                    .iter()
                    .any(|name| is_type(value, name.as_str().expect("a name"))),
            },
            "const" => value == argument,
            "enum" => list(argument).contains(value),
            "minimum" => is_number_and(value, |number| Some(number) >= argument.as_f64()),
            "maximum" => is_number_and(value, |number| Some(number) <= argument.as_f64()),
            "required" => value.as_object().is_none_or(|object| {
                let mut names = list(argument).iter().filter_map(Value::as_str);
                names.all(|name| object.contains_key(name))
            }),
            "properties" => {
                let properties = argument.as_object().expect("properties");
                let mut properties = properties.iter();
                properties.all(|(name, schema)| {
                    value
                        .get(name)
                        .is_none_or(|value| self.accepts(schema, value))
                })
            }
            "additionalProperties" => {
                assert!(!schema.contains_key("properties"), "not supported here");
                let mut values = value.as_object().into_iter().flat_map(Map::values);
                values.all(|value| self.accepts(argument, value))
            }
            "allOf" => list(argument)
                .iter()
                .all(|schema| self.accepts(schema, value)),
            "if" => !self.accepts(argument, value) || self.accepts(&schema["then"], value),
            "then" => schema.contains_key("if"),
            other => panic!("unknown keyword {other}"),
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn is_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "string" => value.is_string(),
        "object" => value.is_object(),
        other => panic!("unknown type {other}"),
    }
}

fn is_number_and(value: &Value, holds: impl Fn(f64) -> bool) -> bool {
    value.as_f64().is_none_or(holds)
}

/// The code blocks of the page that are marked with this language.
fn blocks(language: &str) -> Vec<&'static str> {
    PAGE.split("\n```")
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .collect()
}

#[test]
fn the_examples_are_logs() {
    let examples = blocks("json");
    assert_eq!(examples.len(), 2);
    let schema = Schema::load();
    for example in &examples {
        let log = Log::read(example.as_bytes()).expect("readable");
        assert_eq!(log.notes, []);
        for line in example.lines() {
            assert!(schema.is_valid(line), "{line}");
        }
        assert!(Session::from(log).message_count() > 0);
    }
}

#[test]
fn the_first_example_shows_every_kind_as_it_is_written() {
    let example = blocks("json")[0];
    for kind in KINDS {
        let start = format!(r#"{{"kind":"{kind}","#);
        assert!(
            example.lines().any(|line| line.starts_with(&start)),
            "{kind}"
        );
    }
    let log = Log::read(example.as_bytes()).expect("readable");
    let without_finding: String = example
        .lines()
        .filter(|line| !line.starts_with(r#"{"kind":"finding""#))
        .flat_map(|line| [line, "\n"])
        .collect();
    assert_eq!(log.to_text(), without_finding);
}

/// The keys in the table under the heading of a kind.
fn documented_keys(kind: &str) -> Vec<&'static str> {
    let heading = format!("\n### `{kind}`\n");
    let (_, section) = PAGE.split_once(&heading).expect("a heading");
    let section = section.split("\n#").next().expect("a section");
    // The first table lists the keys.
    let table = section.lines().skip_while(|line| !line.starts_with('|'));
    let table = table.take_while(|line| line.starts_with('|'));
    let rows = table.filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).collect()
}

#[test]
fn page_and_schema_name_the_same_keys() {
    let schema = Schema::load();
    for kind in KINDS {
        let defined = &schema.root["$defs"][kind];
        let mut in_schema: Vec<&str> = defined["properties"]
            .as_object()
            .expect("properties")
            .keys()
            .map(String::as_str)
            .collect();
        let mut in_page = documented_keys(kind);
        in_schema.sort_unstable();
        in_page.sort_unstable();
        assert_eq!(in_page, in_schema, "{kind}");
    }
}

#[test]
fn the_reader_knows_exactly_these_keys() {
    // A key that the reader knows is never left over, whatever its value.
    let required = r#""seq":1,"at":1,"from":"host","origin":"","message":"","side":"host","what":"lost","key":"","format":"callscope-session","version":1"#;
    for kind in KINDS.into_iter().filter(|kind| *kind != "finding") {
        let keys = documented_keys(kind);
        let optional: Vec<String> = keys
            .iter()
            .filter(|key| !required.contains(&format!("\"{key}\":")))
            .map(|key| format!("\"{key}\":null"))
            .collect();
        let line = format!(
            r#"{{"kind":"{kind}",{required},"unheardOf":1{}{}}}"#,
            if optional.is_empty() { "" } else { "," },
            optional.join(",")
        );
        let extra = match read_fact(&line).expect("readable") {
            callscope_session_log::Entry::Fact(LogLine { extra, .. }) => extra,
            callscope_session_log::Entry::Header(header) => header.extra,
            other => panic!("{other:?}"),
        };
        for key in &keys {
            assert!(!extra.contains_key(*key), "{kind} does not know {key}");
        }
        // The keys that only other kinds require are left over, and unknown ones.
        let others = required
            .split(',')
            .filter_map(|pair| pair.split('"').nth(1))
            .filter(|key| !keys.contains(key));
        for key in others.chain(["unheardOf"]) {
            assert!(
                extra.contains_key(key),
                "{kind} knows {key}, the page does not"
            );
        }
    }
}

const MESSAGE_LINE: &str =
    r#"{"kind":"frame","seq":1,"at":1.5,"from":"host","origin":"o","message":{}}"#;

/// A message's line with `from` replaced by something else.
fn message_line_with(from: &str, to: &str) -> String {
    assert!(MESSAGE_LINE.contains(from));
    MESSAGE_LINE.replace(from, to)
}

#[test]
fn schema_and_reader_accept_the_same_lines() {
    let with = message_line_with;
    let mut good = vec![
        MESSAGE_LINE.to_owned(),
        with(r#"{}"#, "null"),
        with(
            r#"{}"#,
            r#"{},"conversation":4294967295,"injected":false,"truncated":0,"cloned":{}"#,
        ),
        with(
            r#"{}"#,
            r#"{},"conversation":null,"injected":null,"truncated":null,"cloned":null"#,
        ),
        with(r#"{}"#, r#"{},"cloned":{"a":"Date"},"other":[1]"#),
        with(r#""seq":1"#, r#""seq":2.0"#),
        with("1.5", "-5"),
    ];
    for line in [
        r#"{"kind":"header","format":"callscope-session","version":1,"created":null,"x":{}}"#,
        r#"{"kind":"gap","at":1}"#,
        r#"{"kind":"gap","at":1,"conversation":2,"lost":0,"why":"rain"}"#,
        r#"{"kind":"conversation","at":1}"#,
        r#"{"kind":"conversation","conversation":2,"at":1,"continues":1,"hostOrigin":"a","widgetOrigin":null,"callingWindow":true}"#,
        r#"{"kind":"closed","at":1,"side":"widget"}"#,
        r#"{"kind":"setting","at":1,"key":""}"#,
        r#"{"kind":"inside","at":1,"side":"widget","origin":"o","what":"lost"}"#,
        r#"{"kind":"inside","at":1,"side":"host","origin":"","what":"channel posted","conversation":2,"stack":null,"text":"","x":1}"#,
        r#"{"kind":"end","at":1}"#,
        r#"{"kind":"finding"}"#,
        r#"{"kind":"unheard of","at":"never"}"#,
    ] {
        good.push(line.to_owned());
    }
    let schema = Schema::load();
    for line in &good {
        assert!(read_fact(line).is_ok(), "reader: {line}");
        assert!(schema.is_valid(line), "schema: {line}");
    }
}

#[test]
fn schema_and_reader_refuse_the_same_lines() {
    let mut bad: Vec<String> = [
        (r#""seq":1,"#, ""),
        (r#""at":1.5,"#, ""),
        (r#""from":"host","#, ""),
        (r#""origin":"o","#, ""),
        (r#","message":{}"#, ""),
        (r#""kind":"frame","#, ""),
        (r#""seq":1"#, r#""seq":0"#),
        (r#""seq":1"#, r#""seq":1.5"#),
        (r#""seq":1"#, r#""seq":"1""#),
        (r#""seq":1"#, r#""seq":null"#),
        ("1.5", r#""2026-11-22T12:00:00Z""#),
        ("1.5", "null"),
        (r#""from":"host""#, r#""from":"server""#),
        (r#""from":"host""#, r#""from":null"#),
        (r#""origin":"o""#, r#""origin":null"#),
        (r#""origin":"o""#, r#""origin":["o"]"#),
        ("{}", r#"{},"conversation":-1"#),
        ("{}", r#"{},"conversation":4294967296"#),
        ("{}", r#"{},"conversation":1.5"#),
        ("{}", r#"{},"injected":"true""#),
        ("{}", r#"{},"truncated":"5 MB""#),
        ("{}", r#"{},"truncated":-1"#),
        ("{}", r#"{},"cloned":["a"]"#),
        ("{}", r#"{},"cloned":{"a":null}"#),
        (r#""kind":"frame""#, r#""kind":7"#),
    ]
    .into_iter()
    .map(|(from, to)| message_line_with(from, to))
    .collect();
    for line in [
        "[]",
        "null",
        r#"{"kind":"header"}"#,
        r#"{"kind":"header","format":"callscope-session"}"#,
        r#"{"kind":"header","format":"har","version":1}"#,
        r#"{"kind":"header","format":"callscope-session","version":2}"#,
        r#"{"kind":"header","format":"callscope-session","version":1,"created":5}"#,
        r#"{"kind":"gap"}"#,
        r#"{"kind":"gap","at":1,"lost":-1}"#,
        r#"{"kind":"gap","at":1,"why":5}"#,
        r#"{"kind":"conversation"}"#,
        r#"{"kind":"conversation","at":1,"continues":"1"}"#,
        r#"{"kind":"conversation","at":1,"callingWindow":"yes"}"#,
        r#"{"kind":"closed","at":1}"#,
        r#"{"kind":"closed","at":1,"side":"both"}"#,
        r#"{"kind":"setting","at":1}"#,
        r#"{"kind":"setting","at":1,"key":"a","value":5}"#,
        r#"{"kind":"inside","at":1,"side":"widget","origin":"o"}"#,
        r#"{"kind":"inside","at":1,"side":"widget","origin":"o","what":"guessed"}"#,
        r#"{"kind":"inside","at":1,"side":"widget","what":"lost"}"#,
        r#"{"kind":"inside","at":1,"origin":"o","what":"lost"}"#,
        r#"{"kind":"inside","at":1,"side":"widget","origin":"o","what":"lost","text":12}"#,
        r#"{"kind":"end"}"#,
    ] {
        bad.push(line.to_owned());
    }
    let schema = Schema::load();
    for line in &bad {
        assert!(read_fact(line).is_err(), "reader: {line}");
        assert!(!schema.is_valid(line), "schema: {line}");
    }
}

#[test]
fn findings_are_written_as_the_page_says() {
    let text = format!(
        "{}\n{}",
        r#"{"kind":"header","format":"callscope-session","version":1}"#,
        r#"{"kind":"frame","seq":4,"at":1.5,"from":"widget","origin":"o","message":null}"#
    );
    let session = Session::from(Log::read(text.as_bytes()).expect("readable"));
    let schema = Schema::load();
    let keys = documented_keys("finding");
    let mut count = 0;
    for line in session.to_lines() {
        assert!(schema.is_valid(&line), "{line}");
        let Ok(Value::Object(object)) = serde_json::from_str(&line) else {
            panic!("{line}");
        };
        if object["kind"] == "finding" {
            count += 1;
            for key in object.keys().filter(|key| *key != "kind") {
                assert!(keys.contains(&key.as_str()), "{key}");
            }
            for key in ["code", "severity", "message"] {
                assert!(object[key].is_string(), "{line}");
            }
        }
    }
    assert!(count > 0, "a message that is null breaks a rule");
}
