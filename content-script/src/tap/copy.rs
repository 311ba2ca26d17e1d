//! Copies a posted value as bounded JSON text, with notes on what JSON cannot represent.

mod measure;

use callscope_bus::bounds;

use self::measure::measure;
use crate::text::join;

/// How much of a value is copied.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Bytes of JSON text.
    pub(crate) text: usize,
    /// Levels of nesting.
    pub(crate) depth: usize,
    /// Values in total.
    pub(crate) values: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            text: bounds::MESSAGE_BYTES,
            depth: bounds::MESSAGE_LEVELS,
            values: bounds::MESSAGE_VALUES,
        }
    }
}

/// The most notes in [`Copied::cloned`].
const MOST_NOTES: usize = bounds::MESSAGE_NOTES;
/// The longest path and the longest note in [`Copied::cloned`], in bytes.
const LONGEST_NOTE: usize = 200;
/// How many objects of a message are compared to find repeated references: each one with those
/// before it. `plain.js` compares fewer.
const MOST_MET: usize = 256;

/// A copied value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Copied {
    /// Valid JSON.
    pub(crate) text: String,
    /// What JSON cannot represent, as the JSON text of an object: path → what was there. Empty if
    /// nothing.
    pub(crate) cloned: String,
    /// The approximate length of the whole text, if `text` is cut.
    pub(crate) truncated: Option<u32>,
}

/// The kind of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    BigInt,
    /// A string with this many UTF-16 code units.
    Text(usize),
    /// An array of this length.
    List(usize),
    /// A plain object.
    Record,
    /// Any other object, with its class name.
    Instance(String),
}

/// A value as delivered by structured clone: no getters, no proxies, nothing that runs code.
pub(crate) trait Posted: Clone {
    /// Its kind.
    fn kind(&self) -> Kind;

    /// Its elements or the values of its keys, without holes, at most `limit` of them.
    fn children(&self, limit: usize) -> Vec<Self>;

    /// The number of its elements without holes, or of its keys.
    fn count(&self) -> usize;

    /// The element at this index; `None` for a hole.
    fn element(&self, index: usize) -> Option<Self>;

    /// Its keys, each quoted as JSON, with their values, at most `limit` of them.
    fn members(&self, limit: usize) -> Vec<(String, Self)>;

    /// Whether an array of this length has an element at each index and no other properties.
    fn is_dense(&self, length: usize) -> bool;

    /// The properties of an array whose keys are not [indices](is_index), like
    /// [`members`](Self::members), at most `limit` of them.
    fn extras(&self, limit: usize) -> Vec<(String, Self)>;

    /// The first `limit` code units of a string, quoted as JSON.
    fn quoted(&self, limit: usize) -> String;

    /// The whole value as JSON, written by the engine.
    fn stringified(&self) -> Option<String>;

    /// The whole value as JSON, if JSON can represent all of it and it is within the bounds; `None`
    /// if not, or if that is hard to tell.
    fn plain_text(&self, bounds: Bounds) -> Option<String>;

    /// Whether both are the same object.
    fn is(&self, other: &Self) -> bool;

    /// For an instance of a class: a replacement, if JSON can represent it, and a description of
    /// it.
    fn unpacked(&self, class: &str) -> (Option<Self>, String);

    /// The digits of a bigint.
    fn digits(&self) -> String;
}

/// Copies a value.
///
/// Nearly all messages are plain and small: looking at each value proves that, and the engine
/// writes the text many times faster than our own code could. All others are written value by
/// value.
pub(crate) fn copy<V: Posted>(value: &V, bounds: Bounds) -> Copied {
    if let Some(text) = value.plain_text(bounds)
        && text.len() <= bounds.text
    {
        return Copied {
            text,
            ..Copied::default()
        };
    }
    let mut writer = Writer {
        copied: Copied::default(),
        bounds,
        values: bounds.values,
        cut: false,
        notes: 0,
        path: String::new(),
        parents: Vec::new(),
        met: Vec::new(),
        repeating: false,
    };
    writer.value(value);
    let Writer {
        mut copied, cut, ..
    } = writer;
    if !copied.cloned.is_empty() {
        copied.cloned.push('}');
    }
    if cut {
        let size = measure(value, bounds.values).max(copied.text.len() + 1);
        copied.truncated = Some(u32::try_from(size).unwrap_or(u32::MAX));
    }
    copied
}

struct Writer<V> {
    copied: Copied,
    bounds: Bounds,
    values: usize,
    cut: bool,
    notes: usize,
    path: String,
    parents: Vec<(V, String)>,
    /// The first objects written, with their paths.
    met: Vec<(V, String)>,
    /// Whether the writer is inside an object that was written before.
    repeating: bool,
}

/// How far a single token may exceed the bound: a number, or `null` and closing brackets.
const SLACK: usize = 32;

impl<V: Posted> Writer<V> {
    fn value(&mut self, value: &V) {
        self.values = self.values.saturating_sub(1);
        let kind = value.kind();
        let repeating = self.repeating;
        if matches!(kind, Kind::List(_) | Kind::Record | Kind::Instance(_)) {
            self.note_reference(value);
        }
        match kind {
            Kind::Null => self.push("null"),
            Kind::Bool(true) => self.push("true"),
            Kind::Bool(false) => self.push("false"),
            Kind::Number(number) => self.number(number, value),
            Kind::Text(length) => self.text(value, length),
            Kind::Undefined => self.described("undefined"),
            Kind::BigInt => {
                let digits = value.digits();
                self.described(&join(&["BigInt ", &digits]));
            }
            Kind::List(length) => self.nested(value, |writer| writer.list(value, length)),
            Kind::Record => self.nested(value, |writer| writer.record(value)),
            Kind::Instance(class) => {
                let (inner, what) = value.unpacked(&class);
                self.note(&what);
                match inner {
                    Some(inner) => self.nested(value, |writer| writer.value(&inner)),
                    None => self.push("null"),
                }
            }
        }
        self.repeating = repeating;
    }

    fn number(&mut self, number: f64, value: &V) {
        // The engine writes 0 for -0, and null for the others.
        if let Some(special) = special_number(number) {
            self.note(special);
        }
        let text = value.stringified();
        self.push(text.as_deref().unwrap_or("null"));
    }

    fn text(&mut self, value: &V, length: usize) {
        let room = self.room();
        if length > room {
            self.cut = true;
        }
        let mut quoted = value.quoted(length.min(room));
        // Each control character takes six characters.
        if quoted.len() > room + SLACK && length <= room {
            self.cut = true;
            quoted = value.quoted(room / 6);
        }
        if self.cut {
            drop_half_pair(&mut quoted);
        }
        self.push(&quoted);
    }

    fn list(&mut self, value: &V, length: usize) {
        self.push("[");
        for index in 0..length {
            if !self.has_room(0) {
                break;
            }
            if index > 0 {
                self.push(",");
            }
            let kept = self.path.len();
            self.path.push('[');
            self.path.push_str(&index.to_string());
            self.path.push(']');
            if let Some(element) = value.element(index) {
                self.value(&element);
            } else {
                self.values -= 1;
                self.described("hole");
            }
            self.path.truncate(kept);
        }
        self.push("]");
        if !value.is_dense(length) {
            self.extras(value);
        }
    }

    /// Adds notes on the properties that an array has besides its elements.
    fn extras(&mut self, value: &V) {
        for (key, member) in value.extras(MOST_NOTES.saturating_sub(self.notes)) {
            let kept = self.path.len();
            push_key(&mut self.path, &key);
            let what = match member.kind() {
                Kind::Undefined => "undefined".to_owned(),
                Kind::BigInt => join(&["BigInt ", &member.digits()]),
                Kind::Text(length) => member.quoted(length.min(LONGEST_NOTE)),
                Kind::Number(number) => special_number(number).map_or_else(
                    || member.stringified().unwrap_or_default(),
                    ToOwned::to_owned,
                ),
                Kind::Null | Kind::Bool(_) => member.stringified().unwrap_or_default(),
                Kind::List(_) => "an array".to_owned(),
                Kind::Record => "an object".to_owned(),
                Kind::Instance(class) => class,
            };
            self.note(&join(&["property of an array: ", &what]));
            self.path.truncate(kept);
        }
    }

    /// Adds a note if this object was written before, elsewhere: then the text has it twice.
    fn note_reference(&mut self, value: &V) {
        if self.repeating || self.met.len() >= MOST_MET {
            return;
        }
        let met = self.met.iter().find(|(met, _)| met.is(value));
        let Some(first) = met.map(|(_, path)| path.clone()) else {
            self.met.push((value.clone(), self.path.clone()));
            return;
        };
        // A cycle gets a note of its own.
        if !self.parents.iter().any(|(parent, _)| parent.is(value)) {
            self.note(&join(&["reference to ", &first]));
            self.repeating = true;
        }
    }

    fn record(&mut self, value: &V) {
        self.push("{");
        let members = value.members(self.values);
        if value.count() > members.len() {
            self.cut = true;
        }
        let mut first = true;
        for (key, member) in members {
            if !self.has_room(key.len()) {
                break;
            }
            let kept = self.path.len();
            push_key(&mut self.path, &key);
            if member.kind() == Kind::Undefined {
                // JSON has no undefined: only the note tells of such a key.
                self.note("undefined");
            } else {
                if !first {
                    self.push(",");
                }
                first = false;
                self.push(&key);
                self.push(":");
                self.value(&member);
            }
            self.path.truncate(kept);
        }
        self.push("}");
    }

    /// Writes the contents of an object or array, unless it is a cycle or nested too deep.
    fn nested(&mut self, value: &V, write: impl FnOnce(&mut Self)) {
        if let Some((_, path)) = self.parents.iter().find(|(parent, _)| parent.is(value)) {
            let what = match path.as_str() {
                "" => "cycle to the message".to_owned(),
                path => join(&["cycle to ", path]),
            };
            self.described(&what);
        } else if self.parents.len() >= self.bounds.depth {
            self.cut = true;
            self.described("nested too deep");
        } else {
            self.parents.push((value.clone(), self.path.clone()));
            write(self);
            self.parents.pop();
        }
    }

    fn room(&self) -> usize {
        self.bounds.text.saturating_sub(self.copied.text.len())
    }

    /// Whether another value with a key of this length may follow; if not, the copy is cut here.
    fn has_room(&mut self, key: usize) -> bool {
        let room = self.values > 0 && self.room() > key + SLACK;
        self.cut |= !room;
        room
    }

    fn push(&mut self, text: &str) {
        self.copied.text.push_str(text);
    }

    /// Writes null for something that JSON cannot represent, with a note.
    fn described(&mut self, what: &str) {
        self.note(what);
        self.push("null");
    }

    fn note(&mut self, what: &str) {
        if self.notes < MOST_NOTES {
            self.notes += 1;
            let cloned = &mut self.copied.cloned;
            cloned.push(if cloned.is_empty() { '{' } else { ',' });
            push_quoted(cloned, clip(&self.path));
            cloned.push(':');
            push_quoted(cloned, clip(what));
        }
    }
}

/// The name of a number that JSON cannot represent.
fn special_number(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("NaN")
    } else if number == f64::INFINITY {
        Some("Infinity")
    } else if number == f64::NEG_INFINITY {
        Some("-Infinity")
    } else {
        (number == 0.0 && number.is_sign_negative()).then_some("-0")
    }
}

/// The beginning of a text, as much as a note may hold.
fn clip(text: &str) -> &str {
    let end = (0..=text.len().min(LONGEST_NOTE))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

/// Appends a key, quoted as JSON, to a path: `data.when`, `data["a b"]`.
fn push_key(path: &mut String, quoted: &str) {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let key = quoted.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    match key {
        Some(key) if !key.is_empty() && key.chars().all(word) => {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key);
        }
        _ => {
            path.push('[');
            path.push_str(clip(quoted));
            path.push(']');
        }
    }
}

/// Whether an array's key is the index of an element.
pub(crate) fn is_index(key: &str) -> bool {
    let digits = key.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = key == "0" || !key.starts_with('0');
    digits && canonical && key.parse::<u32>().is_ok_and(|index| index < u32::MAX)
}

/// Removes a lone high surrogate from the end of a quoted string that was cut.
fn drop_half_pair(quoted: &mut String) {
    const ESCAPE: usize = r"\ud800".len();
    let at = quoted.len().checked_sub(ESCAPE + 1);
    let Some((before, [b'\\', b'u', b'd', b'8'..=b'9' | b'a'..=b'b', ..])) =
        at.and_then(|at| quoted.as_bytes().split_at_checked(at))
    else {
        return;
    };
    // After another backslash, it is not an escape but text about one.
    let backslashes = before.iter().rev().take_while(|it| **it == b'\\').count();
    if backslashes % 2 == 0 {
        let length = before.len();
        quoted.truncate(length);
        quoted.push('"');
    }
}

/// Appends a text, quoted as JSON.
fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let code = c as usize;
                out.push_str("\\u00");
                out.push(char::from(HEX[code >> 4]));
                out.push(char::from(HEX[code & 15]));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
