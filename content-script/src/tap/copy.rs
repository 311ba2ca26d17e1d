//! A posted value as bounded JSON text, and what JSON cannot say of it.

use crate::text::join;

/// How much of a value is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Bytes of text.
    pub(crate) text: usize,
    /// Nested levels.
    pub(crate) depth: usize,
    /// Values, wherever they are in it.
    pub(crate) values: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            text: 256 * 1024,
            depth: 64,
            values: 50_000,
        }
    }
}

/// The most things described in [`Copied::cloned`].
const MOST_NOTES: usize = 100;
/// The longest path and the longest description in [`Copied::cloned`], in bytes.
const LONGEST_NOTE: usize = 200;

/// A value as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Copied {
    /// Valid JSON.
    pub(crate) text: String,
    /// What JSON cannot say, as the JSON text of an object: path → what was there. Empty if that
    /// is nothing.
    pub(crate) cloned: String,
    /// About how long the whole text would be, if `text` is cut.
    pub(crate) truncated: Option<u32>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    BigInt,
    /// A text of so many UTF-16 code units.
    Text(usize),
    /// An array of this length.
    List(usize),
    /// A plain object.
    Record,
    /// Any other object, by the name of its class.
    Instance(String),
}

/// A value as structured clone hands it over: no getters, no proxies, nothing that runs.
pub(crate) trait Posted: Clone {
    /// What it is.
    fn kind(&self) -> Kind;

    /// Its elements or the values of its keys, without holes, at most `limit` of them.
    fn children(&self, limit: usize) -> Vec<Self>;

    /// How many elements without holes, or keys, it has.
    fn count(&self) -> usize;

    /// The element at this index; `None` for a hole.
    fn element(&self, index: usize) -> Option<Self>;

    /// Its keys and their values, at most `limit` of them.
    fn members(&self, limit: usize) -> Vec<(String, Self)>;

    /// The first `limit` code units of a text, quoted as JSON.
    fn quoted(&self, limit: usize) -> String;

    /// The whole as JSON, by the engine's own means.
    fn stringified(&self) -> Option<String>;

    /// The whole as JSON if JSON can say all of it and it is within the bounds; `None` if not, or
    /// if that is hard to tell.
    fn plain_text(&self, bounds: Bounds) -> Option<String>;

    /// Whether this is the same object.
    fn is(&self, other: &Self) -> bool;

    /// What stands for an instance of a class, if JSON can say it, and what it was, in words.
    fn unpacked(&self, class: &str) -> (Option<Self>, String);

    /// A big integer's digits.
    fn digits(&self) -> String;
}

/// Copies a value.
///
/// Nearly all messages are plain and small: a look at each value proves it, and the engine makes
/// the text, many times faster than our own code could. All others are written value by value.
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
    };
    writer.value(value);
    let Writer {
        mut copied, cut, ..
    } = writer;
    if !copied.cloned.is_empty() {
        copied.cloned.push('}');
    }
    if cut {
        let mut left = bounds.values;
        let size = measure(value, bounds.depth, &mut left).max(copied.text.len() + 1);
        copied.truncated = Some(u32::try_from(size).unwrap_or(u32::MAX));
    }
    copied
}

/// About how long the text of a value is, looking at no more than `left` values.
fn measure<V: Posted>(value: &V, depth: usize, left: &mut usize) -> usize {
    let Some(rest) = left.checked_sub(1) else {
        return 0;
    };
    *left = rest;
    let inner = depth.checked_sub(1);
    match (value.kind(), inner) {
        (Kind::Text(length), _) => length + 2,
        (Kind::List(_), Some(depth)) => {
            let children = value.children(*left);
            2 + children
                .iter()
                .map(|child| measure(child, depth, left) + 1)
                .sum::<usize>()
        }
        (Kind::Record, Some(depth)) => {
            let members = value.members(*left);
            let one = |(key, member): &(String, V)| key.len() + 4 + measure(member, depth, left);
            2 + members.iter().map(one).sum::<usize>()
        }
        _ => 4,
    }
}

struct Writer<V> {
    copied: Copied,
    bounds: Bounds,
    values: usize,
    cut: bool,
    notes: usize,
    path: String,
    parents: Vec<(V, String)>,
}

/// What a place in the text may take beyond the bound: a number, or `null` and closing brackets.
const SLACK: usize = 32;

impl<V: Posted> Writer<V> {
    fn value(&mut self, value: &V) {
        self.values = self.values.saturating_sub(1);
        match value.kind() {
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
    }

    fn number(&mut self, number: f64, value: &V) {
        if number.is_nan() {
            self.described("NaN");
        } else if number == f64::INFINITY {
            self.described("Infinity");
        } else if number == f64::NEG_INFINITY {
            self.described("-Infinity");
        } else {
            if is_negative_zero(number) {
                self.note("-0");
            }
            let text = value.stringified();
            self.push(text.as_deref().unwrap_or("null"));
        }
    }

    fn text(&mut self, value: &V, length: usize) {
        let room = self.room();
        if length > room {
            self.cut = true;
        }
        let mut quoted = value.quoted(length.min(room));
        // A text of control characters grows sixfold.
        if quoted.len() > room + SLACK && length <= room {
            self.cut = true;
            quoted = value.quoted(room / 6);
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
                // JSON has no undefined: such a key is known by its description alone.
                self.note("undefined");
            } else {
                if !first {
                    self.push(",");
                }
                first = false;
                push_quoted(&mut self.copied.text, &key);
                self.push(":");
                self.value(&member);
            }
            self.path.truncate(kept);
        }
        self.push("}");
    }

    /// Goes one level down, unless that leads in a circle or too deep.
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

    /// Whether one more value with a key of this length may follow; if not, the copy is cut here.
    fn has_room(&mut self, key: usize) -> bool {
        let room = self.values > 0 && self.room() > key + SLACK;
        self.cut |= !room;
        room
    }

    fn push(&mut self, text: &str) {
        self.copied.text.push_str(text);
    }

    /// Writes null for something that JSON cannot say.
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

fn is_negative_zero(number: f64) -> bool {
    number == 0.0 && number.is_sign_negative()
}

/// The text's beginning, as far as a note goes.
fn clip(text: &str) -> &str {
    let end = (0..=text.len().min(LONGEST_NOTE))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

/// Appends a key to a path: `data.when`, `data["a b"]`.
fn push_key(path: &mut String, key: &str) {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    if !key.is_empty() && key.chars().all(word) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        path.push('[');
        push_quoted(path, clip(key));
        path.push(']');
    }
}

/// Appends a text as JSON.
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
