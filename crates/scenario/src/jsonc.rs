//! A parser for JSON with comments that keeps the place of every value.

use jsonc_parser::ast::{ObjectPropName, Value as Ast};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::{Number, Value};

use crate::read::{Place, ReadError};

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Its first byte.
    pub(crate) at: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    pub(crate) content: Content,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The first byte of the key.
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) value: Node,
}

impl Node {
    /// Its kind, with an article: "an object".
    pub(crate) const fn kind(&self) -> &'static str {
        match self.content {
            Content::Null => "null",
            Content::Bool(_) => "true or false",
            Content::Number(_) => "a number",
            Content::Text(_) => "a text",
            Content::List(_) => "a list",
            Content::Object(_) => "an object",
        }
    }

    /// The value without places.
    pub(crate) fn to_json(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(it) => Value::Bool(*it),
            Content::Number(it) => Value::Number(it.clone()),
            Content::Text(it) => Value::String(it.clone()),
            Content::List(items) => items.iter().map(Self::to_json).collect(),
            Content::Object(members) => members
                .iter()
                .map(|it| (it.name.clone(), it.value.to_json()))
                .collect(),
        }
    }
}

/// Parses a text: comments and trailing commas are allowed, otherwise it must be JSON.
pub(crate) fn parse(file: &str, text: &str) -> Result<Node, ReadError> {
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options);
    let parsed = parsed.map_err(|error| ReadError {
        place: Place::of(file, text, error.range().start),
        what: format!(
            "this is not JSON: {}",
            lower_first(&error.kind().to_string())
        ),
        advice: match error.kind() {
            ParseErrorKind::UnaryPlusNumbersNotAllowed => {
                "put a telephone number in quotes: it is a text"
            }
            ParseErrorKind::SingleQuotedStringsNotAllowed => "use double quotes",
            ParseErrorKind::ExpectedComma => "put a comma between the two",
            ParseErrorKind::UnterminatedObject => "close it with }",
            ParseErrorKind::UnterminatedArray => "close it with ]",
            _ => "only comments and a comma before a closing bracket are allowed beyond JSON",
        }
        .to_owned(),
    })?;
    let Some(value) = parsed.value else {
        return Err(ReadError {
            place: Place::of(file, text, 0),
            what: "the file is empty".to_owned(),
            advice: "it holds one object".to_owned(),
        });
    };
    node(file, text, &value)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

fn node(file: &str, text: &str, value: &Ast<'_>) -> Result<Node, ReadError> {
    let (at, end) = (value.range().start, value.range().end);
    let content = match value {
        Ast::NullKeyword(_) => Content::Null,
        Ast::BooleanLit(it) => Content::Bool(it.value),
        Ast::StringLit(it) => Content::Text(it.value.to_string()),
        Ast::NumberLit(it) => {
            let number = serde_json::from_str(it.value).map_err(|_| ReadError {
                place: Place::of(file, text, at),
                what: format!("{} is not a number of JSON", it.value),
                advice: "a telephone number is a text: put it in quotes".to_owned(),
            })?;
            Content::Number(number)
        }
        Ast::Array(list) => {
            let items = list.elements.iter().map(|it| node(file, text, it));
            Content::List(items.collect::<Result<_, _>>()?)
        }
        Ast::Object(object) => {
            let mut members: Vec<Member> = Vec::new();
            for property in &object.properties {
                let name = match &property.name {
                    ObjectPropName::String(it) => it.value.to_string(),
                    ObjectPropName::Word(it) => it.value.to_owned(),
                };
                let at = property.range.start;
                if members.iter().any(|it| it.name == name) {
                    return Err(ReadError {
                        place: Place::of(file, text, at),
                        what: format!("\"{name}\" is here twice"),
                        advice: "remove one of them".to_owned(),
                    });
                }
                let value = node(file, text, &property.value)?;
                members.push(Member { at, name, value });
            }
            Content::Object(members)
        }
    };
    Ok(Node { at, end, content })
}
