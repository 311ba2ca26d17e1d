//! Writes one line, key by key.

use callscope_protocol::Millis;

use crate::json;
use crate::keys::{Extra, Kind};

/// Writes one JSON object, key by key.
pub(crate) struct LineWriter {
    kind: &'static Kind,
    out: String,
}

impl LineWriter {
    pub(crate) fn new(kind: &'static Kind) -> Self {
        let mut out = String::from("{\"kind\":\"");
        out.push_str(kind.name);
        out.push('"');
        Self { kind, out }
    }

    fn key(&mut self, key: &str) {
        self.out.push(',');
        json::push_string(&mut self.out, key);
        self.out.push(':');
    }

    pub(crate) fn text(&mut self, key: &'static str, text: &str) {
        self.key(key);
        json::push_string(&mut self.out, text);
    }

    pub(crate) fn optional_text(&mut self, key: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    pub(crate) fn whole(&mut self, key: &'static str, value: u64) {
        self.key(key);
        json::push_u64(&mut self.out, value);
    }

    pub(crate) fn wholes(&mut self, key: &'static str, values: &[u64]) {
        self.key(key);
        self.out.push('[');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            json::push_u64(&mut self.out, *value);
        }
        self.out.push(']');
    }

    pub(crate) fn at(&mut self, at: Millis) {
        self.key("at");
        json::push_f64(&mut self.out, at.0);
    }

    pub(crate) fn raw(&mut self, key: &'static str, raw: &str) {
        self.key(key);
        json::push_raw(&mut self.out, raw);
    }

    /// The line, followed by the keys that this version does not know.
    pub(crate) fn finish_with(mut self, extra: &Extra) -> String {
        for (key, raw) in extra {
            // A key that this kind knows would occur twice.
            if key != "kind" && !self.kind.keys.contains(&key.as_str()) {
                self.key(key);
                json::push_raw(&mut self.out, raw.as_str());
            }
        }
        self.finish()
    }

    /// The line.
    pub(crate) fn finish(mut self) -> String {
        self.out.push('}');
        self.out
    }
}
