//! A value at a path of a message: `data.callerIdMatches[0].name`.

use serde_json::{Map, Value};

/// The most items of one list that get fields of their own.
pub(super) const MOST_ITEMS: usize = 50;

/// One step of a path.
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let mut pieces = part.split('[');
        steps.extend(pieces.next().map(Step::Key));
        let indices = pieces.filter_map(|piece| piece.trim_end_matches(']').parse().ok());
        steps.extend(indices.map(Step::Item));
    }
    steps
}

/// The value at a path.
pub(super) fn get<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut at = value;
    for step in steps(path) {
        at = match step {
            Step::Key(key) => at.get(key)?,
            Step::Item(index) => at.get(index)?,
        };
    }
    Some(at)
}

/// Puts a value at a path, creating the objects and lists on the way. If a value of another kind is
/// in the way, it stays, and nothing is put.
pub(super) fn put(value: &mut Value, path: &str, new: Value) {
    let mut at = value;
    let mut steps = steps(path).into_iter().peekable();
    while let Some(step) = steps.next() {
        let is_list = matches!(steps.peek(), Some(Step::Item(_)));
        let beginning = || {
            if is_list {
                Value::Array(Vec::new())
            } else {
                Value::Object(Map::new())
            }
        };
        let next = match (step, at) {
            (Step::Key(key), Value::Object(members)) => members.entry(key),
            (Step::Item(index), Value::Array(items)) if index < items.len() => {
                at = &mut items[index];
                continue;
            }
            _ => return,
        };
        at = next.or_insert_with(beginning);
    }
    *at = new;
}

/// Removes the value at a path, and the objects that become empty.
pub(super) fn remove(value: &mut Value, path: &str) {
    let Some((parent, key)) = path.rsplit_once('.') else {
        if let Value::Object(members) = value {
            members.shift_remove(path);
        }
        return;
    };
    let Some(Value::Object(members)) = get_mut(value, parent) else {
        return;
    };
    let is_emptied = members.shift_remove(key).is_some() && members.is_empty();
    if is_emptied && parent != "data" && !parent.ends_with(']') {
        remove(value, parent);
    }
}

fn get_mut<'a>(value: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    let mut at = value;
    for step in steps(path) {
        at = match step {
            Step::Key(key) => at.get_mut(key)?,
            Step::Item(index) => at.get_mut(index)?,
        };
    }
    Some(at)
}

/// Adds an empty item to the list at a path, which is created if it does not exist.
pub fn add_item(message: &mut Value, path: &str) {
    if get(message, path).is_none() {
        put(message, path, Value::Array(Vec::new()));
    }
    if let Some(Value::Array(items)) = get_mut(message, path)
        && items.len() < MOST_ITEMS
    {
        items.push(Value::Object(Map::new()));
    }
}

/// Removes an item of the list at a path.
pub fn remove_item(message: &mut Value, path: &str, index: usize) {
    if let Some(Value::Array(items)) = get_mut(message, path)
        && index < items.len()
    {
        items.remove(index);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_their_places() {
        let mut message = json!({ "type": "X", "list": [1], "text": "t" });
        put(&mut message, "data.error.message", json!("no"));
        add_item(&mut message, "data.items");
        add_item(&mut message, "data.items");
        put(&mut message, "data.items[1].name", json!("b"));
        // There is no such item, and a string has no members.
        put(&mut message, "data.items[7].name", json!("c"));
        put(&mut message, "text.a", json!(1));
        assert_eq!(
            message.to_string(),
            r#"{"type":"X","list":[1],"text":"t","data":{"error":{"message":"no"},"items":[{},{"name":"b"}]}}"#
        );
        assert_eq!(get(&message, "data.items[1].name"), Some(&json!("b")));
        assert_eq!(get(&message, "data.items[2].name"), None);

        remove_item(&mut message, "data.items", 0);
        remove_item(&mut message, "data.items", 5);
        remove(&mut message, "data.items[0].name");
        remove(&mut message, "data.error.message");
        remove(&mut message, "nothing.at.all");
        remove(&mut message, "text");
        assert_eq!(
            message.to_string(),
            r#"{"type":"X","list":[1],"data":{"items":[{}]}}"#
        );
    }
}
