//! Whether a value has the documented type.

use std::borrow::Cow;

use super::FieldProblem;
use super::node::Node;
use crate::Kind;
use crate::catalogue::FieldType;

/// How well a value matches the documented types.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Of another JSON type.
    No,
    /// Of the right JSON type, but not one of the listed values.
    OtherValue,
    Yes,
}

/// What is wrong with a value that should be of one of these types.
pub(super) fn misfit<N: Node>(types: &[Option<FieldType>; 2], value: &N) -> Option<FieldProblem> {
    let fit = types.iter().flatten().map(|ty| fit(*ty, value)).max();
    let expected = || {
        let words: Vec<_> = types.iter().flatten().map(ToString::to_string).collect();
        words.join("|")
    };
    match fit {
        None | Some(Fit::Yes) => None,
        Some(Fit::OtherValue) => Some(FieldProblem::UnknownValue {
            expected: expected(),
        }),
        Some(Fit::No) => Some(FieldProblem::WrongType {
            expected: expected(),
            found: value.kind().words(),
        }),
    }
}

fn fit<N: Node>(ty: FieldType, value: &N) -> Fit {
    let is = |kind| {
        if value.kind() == kind {
            Fit::Yes
        } else {
            Fit::No
        }
    };
    let is_one_of = |values: &[&str]| match value.text() {
        Some(text) if values.contains(&text) => Fit::Yes,
        Some(_) => Fit::OtherValue,
        None => Fit::No,
    };
    match ty {
        FieldType::String | FieldType::Origin | FieldType::Url => is(Kind::String),
        FieldType::Number => is(Kind::Number),
        FieldType::Boolean => is(Kind::Boolean),
        FieldType::Undefined => is(Kind::Null),
        FieldType::Constant(text) => is_one_of(&[text]),
        FieldType::Enum(values) => is_one_of(values),
        FieldType::OneOf(types) => {
            let fits = types.iter().map(|ty| fit(*ty, value));
            fits.max().unwrap_or(Fit::No)
        }
        FieldType::Object(_) | FieldType::Properties => is(Kind::Object),
        FieldType::Array => is(Kind::Array),
        FieldType::Any | FieldType::Mixed => Fit::Yes,
    }
}

/// The kinds of value that a documented type allows, in words: "a string or a number".
pub(crate) fn type_words(types: &[Option<FieldType>]) -> String {
    let mut words: Vec<Cow<'static, str>> = Vec::new();
    for ty in types.iter().flatten() {
        add_words(*ty, &mut words);
    }
    words.join(" or ")
}

fn add_words(ty: FieldType, words: &mut Vec<Cow<'static, str>>) {
    let word: Cow<'static, str> = match ty {
        FieldType::String => "a string".into(),
        FieldType::Origin => "an origin".into(),
        FieldType::Url => "a URL".into(),
        FieldType::Number => "a number".into(),
        FieldType::Boolean => "true or false".into(),
        FieldType::Undefined | FieldType::Any | FieldType::Mixed => return,
        FieldType::Constant(text) => format!("\"{text}\"").into(),
        FieldType::Enum(values) => format!("one of {}", values.join(", ")).into(),
        FieldType::OneOf(types) => {
            for ty in types {
                add_words(*ty, words);
            }
            return;
        }
        FieldType::Object(_) => "an object".into(),
        FieldType::Properties => "an object of strings".into(),
        FieldType::Array => "a list".into(),
    };
    words.push(word);
}
