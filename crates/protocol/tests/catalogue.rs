//! The catalogue as a whole: its contents, so that no change goes unnoticed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use callscope_protocol::{FieldSpec, Location, MessageType, Required, Version};
use expect_test::expect_file;
use serde_json::{Value, json};

#[test]
fn counts() {
    let fields: usize = MessageType::ALL
        .iter()
        .map(|ty| ty.spec().fields.len())
        .sum();
    assert_eq!((MessageType::ALL.len(), fields), (46, 108));
}

#[test]
fn names_are_unique_and_found_again() {
    let names: BTreeSet<_> = MessageType::ALL.iter().map(|ty| ty.name()).collect();
    assert_eq!(names.len(), MessageType::ALL.len());
    for ty in MessageType::ALL {
        assert_eq!(MessageType::from_name(ty.name()), Some(*ty));
    }
    assert_eq!(MessageType::from_name("toString"), None);
}

#[test]
fn every_message_says_what_it_is() {
    for ty in MessageType::ALL {
        let spec = ty.spec();
        assert!(spec.summary.ends_with('.'), "{ty}: {}", spec.summary);
        for answer in spec.answers() {
            assert_ne!(answer, *ty);
        }
        for field in spec.fields {
            assert!(
                field.is_wildcard() || field.paths().count() > 0,
                "{ty} {}",
                field.name
            );
        }
    }
}

/// The table as text, so that a change to it is visible in review.
#[test]
fn snapshot() {
    let mut text = String::new();
    for ty in MessageType::ALL {
        let spec = ty.spec();
        let version =
            |version: Option<Version>| version.map_or("–".to_owned(), |it| it.to_string());
        let packages: Vec<_> = spec.packages().map(|package| package.to_string()).collect();
        writeln!(
            text,
            "{} | {} | {} | {:?} | {} | {} to {} | {} | {:?}\n  {}\n  {}\n  in {}",
            spec.name,
            spec.direction.words(),
            spec.category.name(),
            spec.sdk_methods,
            spec.handler.unwrap_or("–"),
            version(spec.since),
            version(spec.last),
            spec.deprecated_by.map_or("–", MessageType::name),
            spec.answered_by,
            spec.summary,
            spec.notes,
            packages.join(" "),
        )
        .unwrap();
        for field in spec.fields {
            writeln!(
                text,
                "    {} | {:?} | {} | {} | {} | {} to {} | {}",
                field.name,
                field.location,
                field.ty,
                field.required.word(),
                field.unit.unwrap_or("–"),
                field.since,
                version(field.until),
                field.note,
            )
            .unwrap();
        }
    }
    expect_file!["catalogue.txt"].assert_eq(&text);
}

/// Compares the table field by field with the catalogue that `CALLSCOPE_CATALOGUE` names.
#[test]
fn agrees_with_the_catalogue_file() {
    let Some(path) = std::env::var_os("CALLSCOPE_CATALOGUE") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(expected.len(), MessageType::ALL.len());
    for (expected, ty) in expected.iter().zip(MessageType::ALL) {
        let spec = ty.spec();
        let packages: Vec<_> = spec.packages().map(|package| package.to_string()).collect();
        let actual = json!({
            "type": spec.name,
            "direction": spec.direction.words().replace(' ', ""),
            "sdkMethods": spec.sdk_methods,
            "handler": spec.handler,
            "introducedIn": spec.since.map(|version| version.to_string()),
            "lastIn": spec.last.map(|version| version.to_string()),
            "deprecatedBy": spec.deprecated_by.map(MessageType::name),
            "category": spec.category.name(),
            "answeredBy": spec.answered_by,
            "notes": spec.notes,
            "presentIn": packages,
            "handledIn": if spec.handler.is_some() { packages.clone() } else { Vec::new() },
            "fields": spec.fields.iter().map(field).collect::<Vec<_>>(),
        });
        for (key, actual) in actual.as_object().unwrap() {
            assert_eq!(expected.get(key).unwrap(), actual, "{ty} {key}");
        }
        assert_eq!(
            expected.as_object().unwrap().len(),
            actual.as_object().unwrap().len(),
            "{ty}"
        );
    }
}

fn field(field: &FieldSpec) -> Value {
    let mut value = json!({
        "name": field.name,
        // The file writes members with or without a space after the comma.
        "type": field.ty.to_string().replace("number, width", "number,width"),
        "required": match field.required {
            Required::Yes => json!(true),
            Required::No => json!(false),
            Required::Conditional => json!("conditional"),
        },
        "sinceVersion": field.since.to_string(),
        "untilVersion": field.until.map(|version| version.to_string()),
        "notes": field.note,
        "location": match field.location {
            Location::Top => "top",
            Location::Data => "data",
        },
    });
    if let Some(unit) = field.unit {
        value["unit"] = json!(unit);
    }
    value
}
