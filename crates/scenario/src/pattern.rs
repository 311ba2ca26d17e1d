//! Compares messages with what a scenario expects.

use std::collections::BTreeMap;

use serde_json::Value;

/// The captured values, by name without the `$`.
pub(crate) type Captured = BTreeMap<String, Value>;

/// Compares `actual` with `expected`; an object may contain more than is expected.
///
/// Values are only captured if everything matches.
///
/// # Errors
///
/// The first difference, in words: `data.callEndStatus is "BUSY", expected "COMPLETED"`.
pub(crate) fn compare(
    expected: &Value,
    actual: Option<&Value>,
    captured: &mut Captured,
) -> Result<(), String> {
    let mut fresh = captured.clone();
    at("data", expected, actual, &mut fresh)?;
    *captured = fresh;
    Ok(())
}

fn at(
    path: &str,
    expected: &Value,
    actual: Option<&Value>,
    captured: &mut Captured,
) -> Result<(), String> {
    let is = || match actual {
        None => format!("{path} is missing"),
        Some(it) => format!("{path} is {}", shown(it)),
    };
    match expected {
        Value::Object(members) => {
            if let Some(options) = members.get("$oneOf").and_then(Value::as_array) {
                let fits = options.iter().any(|it| {
                    // A partial match must not capture anything.
                    let mut fresh = captured.clone();
                    let fits = at(path, it, actual, &mut fresh).is_ok();
                    if fits {
                        *captured = fresh;
                    }
                    fits
                });
                let words: Vec<String> = options.iter().map(shown).collect();
                return fits
                    .then_some(())
                    .ok_or_else(|| format!("{}, expected one of {}", is(), words.join(", ")));
            }
            if let Some(unwanted) = members.get("$not") {
                let unwanted = &filled(unwanted, captured);
                return match actual {
                    Some(it) if !same(unwanted, it) => Ok(()),
                    _ => Err(format!(
                        "{}, expected anything but {}",
                        is(),
                        shown(unwanted)
                    )),
                };
            }
            let Some(Value::Object(found)) = actual else {
                return Err(format!("{}, expected an object", is()));
            };
            members.iter().try_for_each(|(key, expected)| {
                at(&format!("{path}.{key}"), expected, found.get(key), captured)
            })
        }
        Value::Array(items) => {
            let found = actual.and_then(Value::as_array);
            let Some(found) = found.filter(|it| it.len() == items.len()) else {
                return Err(format!("{}, expected {}", is(), shown(expected)));
            };
            let mut pairs = items.iter().zip(found).enumerate();
            pairs.try_for_each(|(index, (expected, actual))| {
                at(
                    &format!("{path}[{index}]"),
                    expected,
                    Some(actual),
                    captured,
                )
            })
        }
        Value::String(text) => match (variable(text), actual) {
            (Some(name), actual) => named(name, actual, captured, is),
            (None, Some(Value::String(it))) if it == literal(text) => Ok(()),
            (None, _) => {
                let text = shown(&Value::from(literal(text)));
                Err(format!("{}, expected {text}", is()))
            }
        },
        other => match actual {
            Some(it) if same(other, it) => Ok(()),
            _ => Err(format!("{}, expected {}", is(), shown(other))),
        },
    }
}

/// Captures a value under a name, or compares it with the value captured before.
fn named(
    name: &str,
    actual: Option<&Value>,
    captured: &mut Captured,
    is: impl Fn() -> String,
) -> Result<(), String> {
    match (captured.get(name), actual) {
        (None, Some(it)) if !it.is_null() => {
            captured.insert(name.to_owned(), it.clone());
            Ok(())
        }
        (None, _) => Err(format!("{}, expected a value for ${name}", is())),
        (Some(known), Some(it)) if same(known, it) => Ok(()),
        (Some(known), _) => Err(format!(
            "{}, expected {} as before (${name})",
            is(),
            shown(known)
        )),
    }
}

/// Whether two values are equal; 1 equals 1.0.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

fn variable(text: &str) -> Option<&str> {
    text.strip_prefix('$').filter(|it| !it.starts_with('$'))
}

fn literal(text: &str) -> &str {
    match text.strip_prefix("$$") {
        Some(_) => text.get(1..).unwrap_or_default(),
        None => text,
    }
}

/// The value with each known `$x` replaced; unknown ones stay.
pub(crate) fn filled(value: &Value, captured: &Captured) -> Value {
    match value {
        Value::String(text) => match variable(text) {
            Some(name) => captured.get(name).cloned().unwrap_or_else(|| value.clone()),
            None => Value::from(literal(text)),
        },
        Value::Array(items) => items.iter().map(|it| filled(it, captured)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, it)| (key.clone(), filled(it, captured)))
            .collect(),
        other => other.clone(),
    }
}

/// The first `$x` in a value for which nothing was captured.
pub(crate) fn unknown(value: &Value, captured: &Captured) -> Option<String> {
    match value {
        Value::String(text) => {
            let name = variable(text)?;
            (!captured.contains_key(name)).then(|| name.to_owned())
        }
        Value::Array(items) => items.iter().find_map(|it| unknown(it, captured)),
        Value::Object(members) => members.values().find_map(|it| unknown(it, captured)),
        _ => None,
    }
}

/// The first `$x` under a `$not` for which nothing was captured, neither before nor in the same
/// data: any value would differ from it.
pub(crate) fn unknown_unwanted(expected: &Value, captured: &Captured) -> Option<String> {
    let mut known = captured.clone();
    let mut unwanted = Vec::new();
    sort_out(expected, &mut known, &mut unwanted);
    unwanted.into_iter().find_map(|it| unknown(it, &known))
}

/// Notes what a pattern captures; nothing is known of the values yet.
pub(crate) fn capture(expected: &Value, known: &mut Captured) {
    sort_out(expected, known, &mut Vec::new());
}

/// Collects what a pattern captures, and what it has under its `$not`s.
fn sort_out<'a>(expected: &'a Value, known: &mut Captured, unwanted: &mut Vec<&'a Value>) {
    match expected {
        Value::String(text) => {
            if let Some(name) = variable(text) {
                known.entry(name.to_owned()).or_insert(Value::Null);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| sort_out(it, known, unwanted)),
        Value::Object(members) => match members.get("$not") {
            Some(it) => unwanted.push(it),
            None => members
                .values()
                .for_each(|it| sort_out(it, known, unwanted)),
        },
        _ => {}
    }
}

/// A value as one line of limited length.
pub(crate) fn shown(value: &Value) -> String {
    const MOST: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(expected: &Value, actual: &Value, captured: &mut Captured) -> String {
        match compare(expected, Some(actual), captured) {
            Ok(()) => "fits".to_owned(),
            Err(words) => words,
        }
    }

    #[test]
    fn values_are_compared_and_captured() {
        let mut known = Captured::new();
        let mut hold = |expected, actual| words(&expected, &actual, &mut known);
        assert_eq!(
            hold(json!({"id": "$call"}), json!({"id": "a", "more": 1})),
            "fits"
        );
        assert_eq!(hold(json!({"id": "$call"}), json!({"id": "a"})), "fits");
        assert_eq!(
            hold(json!({"id": "$call"}), json!({"id": "b"})),
            r#"data.id is "b", expected "a" as before ($call)"#
        );
        assert_eq!(
            hold(json!({"id": {"$not": "$call"}}), json!({"id": "a"})),
            r#"data.id is "a", expected anything but "a""#
        );
        assert_eq!(
            hold(json!({"id": {"$not": "$call"}}), json!({"id": 1})),
            "fits"
        );
        assert_eq!(
            hold(json!({"s": {"$oneOf": ["X", "Y"]}}), json!({"s": "Z"})),
            r#"data.s is "Z", expected one of "X", "Y""#
        );
        assert_eq!(hold(json!({"n": 1}), json!({"n": 1.0})), "fits");
        assert_eq!(
            hold(json!({"n": 1}), json!({})),
            "data.n is missing, expected 1"
        );
        assert_eq!(hold(json!({"t": "$$5"}), json!({"t": "$5"})), "fits");
        assert_eq!(
            hold(json!({"l": [1, 2]}), json!({"l": [1, 3]})),
            "data.l[1] is 3, expected 2"
        );
        assert_eq!(
            hold(json!({"e": "$engagement"}), json!({"e": null})),
            "data.e is null, expected a value for $engagement"
        );
    }

    #[test]
    fn an_option_that_does_not_fit_captures_nothing() {
        let mut known = Captured::new();
        let expected = json!({"$oneOf": [{"a": "$x", "b": 1}, {"b": "$x"}]});
        assert_eq!(
            words(&expected, &json!({"a": 5, "b": 2}), &mut known),
            "fits"
        );
        assert_eq!(known.get("x"), Some(&json!(2)));
    }

    #[test]
    fn what_is_unwanted_has_to_be_known() {
        let known = Captured::from([("old".to_owned(), json!(1))]);
        let unknown = |expected| unknown_unwanted(&expected, &known);
        assert_eq!(unknown(json!({"id": {"$not": "$old"}})), None);
        assert_eq!(unknown(json!({"id": {"$not": 0}, "n": "$new"})), None);
        assert_eq!(unknown(json!({"a": "$new", "b": {"$not": "$new"}})), None);
        assert_eq!(
            unknown(json!({"a": [{"id": {"$not": "$new"}}]})).as_deref(),
            Some("new")
        );
    }

    #[test]
    fn nothing_is_captured_of_what_does_not_fit() {
        let mut known = Captured::new();
        _ = words(
            &json!({"a": "$a", "b": 1}),
            &json!({"a": 1, "b": 2}),
            &mut known,
        );
        assert!(known.is_empty());
    }
}
