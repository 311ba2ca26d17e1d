use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use sample::{ROOT, Sample, extended, list, record, text};

mod sample;

#[track_caller]
fn check(sample: &Sample, expected: &str, notes: &[(&str, &str)]) {
    let copied = copy(sample, Bounds::default());
    assert_eq!(copied.text, expected);
    let cloned: BTreeMap<String, String> = match copied.cloned.as_str() {
        "" => BTreeMap::new(),
        text => serde_json::from_str(text).unwrap(),
    };
    let notes = notes
        .iter()
        .map(|(path, what)| ((*path).to_owned(), (*what).to_owned()));
    assert_eq!(cloned, notes.collect());
    assert_eq!(copied.truncated, None);
    serde_json::from_str::<Value>(&copied.text).unwrap();
}

#[test]
fn a_plain_message_is_what_the_engine_says() {
    let message = record(&[
        ("type", text("DIAL_NUMBER")),
        (
            "data",
            record(&[
                ("n", Sample::Number(1.5)),
                ("l", list(&[Some(Sample::Null)])),
            ]),
        ),
    ]);
    check(
        &message,
        r#"{"type":"DIAL_NUMBER","data":{"n":1.5,"l":[null]}}"#,
        &[],
    );
}

#[test]
fn what_json_cannot_say_is_described() {
    let message = record(&[
        ("a", Sample::Undefined),
        ("b", Sample::BigInt("12")),
        ("c", Sample::Number(f64::NAN)),
        ("d", Sample::Number(f64::NEG_INFINITY)),
        ("e f", record(&[("when", Sample::Date("2026"))])),
        (
            "g",
            list(&[None, Some(Sample::Undefined), Some(text("x\n\"y"))]),
        ),
    ]);
    check(
        &message,
        r#"{"b":null,"c":null,"d":null,"e f":{"when":"2026"},"g":[null,null,"x\n\"y"]}"#,
        &[
            ("a", "undefined"),
            ("b", "BigInt 12"),
            ("c", "NaN"),
            ("d", "-Infinity"),
            ("[\"e f\"].when", "Date"),
            ("g[0]", "hole"),
            ("g[1]", "undefined"),
        ],
    );
}

#[test]
fn negative_zero_is_not_lost() {
    let copied = copy(&record(&[("n", Sample::Number(-0.0))]), Bounds::default());
    assert_eq!(copied.cloned, r#"{"n":"-0"}"#);
}

#[test]
fn a_value_that_is_no_object_has_the_empty_path() {
    check(&Sample::Undefined, "null", &[("", "undefined")]);
    check(&Sample::Null, "null", &[]);
    check(&text("hello"), "\"hello\"", &[]);
}

#[test]
fn a_cycle_ends() {
    let message = record(&[("type", text("X")), ("self", Sample::Cycle)]);
    ROOT.set(Some(message.clone()));
    check(
        &message,
        r#"{"type":"X","self":null}"#,
        &[("self", "cycle to the message")],
    );
}

#[test]
fn properties_of_an_array_are_described() {
    let message = record(&[(
        "list",
        extended(
            &[Some(Sample::Number(1.0)), None],
            &[
                ("x", Sample::Number(3.0)),
                ("not a word", text("y\"")),
                ("z", Sample::Number(f64::NAN)),
                ("o", record(&[])),
                ("big", Sample::BigInt("7")),
                ("-1", Sample::Undefined),
            ],
        ),
    )]);
    check(
        &message,
        r#"{"list":[1,null]}"#,
        &[
            ("list[1]", "hole"),
            ("list.x", "property of an array: 3"),
            (r#"list["not a word"]"#, r#"property of an array: "y\"""#),
            ("list.z", "property of an array: NaN"),
            ("list.o", "property of an array: an object"),
            ("list.big", "property of an array: BigInt 7"),
            (r#"list["-1"]"#, "property of an array: undefined"),
        ],
    );
}

#[test]
fn what_is_an_index() {
    for index in ["0", "1", "10", "4294967294"] {
        assert!(is_index(index), "{index}");
    }
    for other in [
        "",
        "-1",
        "+1",
        "01",
        "1.5",
        "x",
        "4294967295",
        "99999999999999",
    ] {
        assert!(!is_index(other), "{other}");
    }
}

#[test]
fn a_shared_object_is_written_twice_and_noted_once() {
    let inner = record(&[("n", Sample::Null)]);
    let shared = record(&[("inner", inner.clone())]);
    let message = record(&[
        (
            "data",
            record(&[("a", shared.clone()), ("b", shared.clone())]),
        ),
        (
            "list",
            list(&[Some(shared), Some(record(&[])), Some(inner)]),
        ),
    ]);
    check(
        &message,
        r#"{"data":{"a":{"inner":{"n":null}},"b":{"inner":{"n":null}}},"list":[{"inner":{"n":null}},{},{"n":null}]}"#,
        &[
            ("data.b", "reference to data.a"),
            ("list[0]", "reference to data.a"),
            ("list[2]", "reference to data.a.inner"),
        ],
    );
}

#[test]
fn objects_that_are_alike_are_not_shared() {
    let one = || record(&[("n", Sample::Null)]);
    let message = list(&[Some(one()), Some(one())]);
    check(&message, r#"[{"n":null},{"n":null}]"#, &[]);
}

#[test]
fn a_text_is_not_cut_within_a_character() {
    for length in 0..8 {
        let bounds = Bounds {
            text: 100 + length,
            ..Bounds::default()
        };
        let copied = copy(&text(&"👋".repeat(200)), bounds);
        assert!(copied.text.len() > 80, "{copied:?}");
        assert!(!copied.text.contains("\\u"), "{copied:?}");
        // In bytes, a character of the text takes as much as two of its code units, or more.
        assert!(copied.truncated.unwrap() > 400, "{copied:?}");
    }
    let mut about_an_escape = r#""a\\ud83d""#.to_owned();
    drop_half_pair(&mut about_an_escape);
    assert_eq!(about_an_escape, r#""a\\ud83d""#);
    let mut last_half = r#""\udc4b""#.to_owned();
    drop_half_pair(&mut last_half);
    assert_eq!(last_half, r#""\udc4b""#);
}

#[test]
fn a_long_text_is_cut_and_its_length_told() {
    let bounds = Bounds {
        text: 1_000,
        ..Bounds::default()
    };
    let message = record(&[
        ("type", text("X")),
        ("data", text(&"y".repeat(5_000))),
        ("z", text("w")),
    ]);
    let copied = copy(&message, bounds);
    assert!(
        copied.text.len() <= 1_000 + SLACK * 2,
        "{}",
        copied.text.len()
    );
    assert!(copied.text.starts_with(r#"{"type":"X","data":"yyy"#));
    serde_json::from_str::<Value>(&copied.text).unwrap();
    assert!(
        (5_000..5_100).contains(&copied.truncated.unwrap()),
        "{copied:?}"
    );
}

#[test]
fn many_values_are_cut() {
    let bounds = Bounds {
        values: 100,
        ..Bounds::default()
    };
    let copied = copy(&list(&vec![Some(Sample::Null); 5_000]), bounds);
    serde_json::from_str::<Value>(&copied.text).unwrap();
    assert!(copied.text.len() < 600);
    // Not all values are looked at, but their number is known.
    assert!(
        (10_000..25_000).contains(&copied.truncated.unwrap()),
        "{copied:?}"
    );
}

#[test]
fn a_deep_value_is_cut() {
    let mut message = Sample::Null;
    for _ in 0..1_000 {
        message = list(&[Some(message)]);
    }
    let copied = copy(&message, Bounds::default());
    serde_json::from_str::<Value>(&copied.text).unwrap();
    assert!(copied.cloned.contains("nested too deep"));
    assert_eq!(copied.truncated, Some(2_000 + 4));
}

/// The estimated size of a value nested too deep to be copied is that of its text.
#[test]
fn the_size_of_a_deep_value_is_right() {
    let mut message = list(&[
        Some(text("abc")),
        Some(Sample::Number(-1.25)),
        Some(record(&[])),
        Some(list(&[])),
    ]);
    for _ in 0..100 {
        message = record(&[("key", message), ("n", Sample::Null), ("l", list(&[]))]);
    }
    let copied = copy(&message, Bounds::default());
    let size = u32::try_from(message.stringified().unwrap().len()).unwrap();
    assert_eq!(copied.truncated, Some(size));
}

#[test]
fn the_size_of_a_deep_circle_is_bounded() {
    let mut message = list(&[Some(Sample::Cycle)]);
    for _ in 0..99 {
        message = list(&[Some(message)]);
    }
    ROOT.set(Some(message.clone()));
    let copied = copy(&message, Bounds::default());
    assert!(copied.cloned.contains("nested too deep"));
    // The outermost object comes up again after 100 levels.
    assert_eq!(copied.truncated, Some(200 + 4));
}

#[test]
fn the_same_object_many_times_costs_no_more_than_the_bound() {
    let mut message = text("lol");
    for _ in 0..60 {
        message = list(&[Some(message.clone()), Some(message)]);
    }
    let copied = copy(
        &message,
        Bounds {
            values: 5_000,
            ..Bounds::default()
        },
    );
    serde_json::from_str::<Value>(&copied.text).unwrap();
    assert!(copied.truncated.is_some());
}

#[test]
fn control_characters_do_not_break_the_bound() {
    let bounds = Bounds {
        text: 600,
        ..Bounds::default()
    };
    let copied = copy(&text(&"\u{1}".repeat(590)), bounds);
    assert!(
        copied.text.len() <= 600 + 2 * SLACK,
        "{}",
        copied.text.len()
    );
    serde_json::from_str::<Value>(&copied.text).unwrap();
}
