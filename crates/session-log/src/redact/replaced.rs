//! What a redactor replaces in a log, for review before it is written.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use callscope_protocol::Fact;
use serde_json::value::RawValue;

use super::Redactor;
use super::hash::Key;
use super::keys::Class;
use super::walk::{self, Rewrite};
use crate::line::Entry;
use crate::read::Log;

/// The values that a redactor replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replaced {
    /// Each different value and its replacement, sorted by value.
    pub values: BTreeMap<String, String>,
    /// In how many places these values occur.
    pub places: u64,
}

impl Replaced {
    fn note(&mut self, before: &str, after: &str) {
        if before != after {
            self.places += 1;
            if !self.values.contains_key(before) {
                self.values.insert(before.to_owned(), after.to_owned());
            }
        }
    }
}

impl Redactor {
    /// What [`Redactor::log`] replaces in the messages of a log and in their origins and URLs.
    #[must_use]
    pub fn replaced(&self, log: &Log) -> Replaced {
        let noting = Noting {
            key: self.key,
            replaced: RefCell::default(),
        };
        let address = |text: &str| {
            let after = self.address(text);
            noting.replaced.borrow_mut().note(text, &after);
        };
        let setting = |value: &Option<String>| {
            let before = value.as_deref().unwrap_or_default();
            let after = self.setting_with(before, &noting);
            // JSON is recorded value by value.
            if serde_json::from_str::<&RawValue>(before).is_err() {
                noting.replaced.borrow_mut().note(before, &after);
            }
        };
        log.header.page.iter().for_each(|page| address(page));
        for entry in &log.entries {
            let Entry::Fact(line) = entry else { continue };
            match &line.fact {
                Fact::Message(recorded) => {
                    address(&recorded.origin);
                    walk::rewrite(recorded.message.as_str(), Class::Unknown, &noting);
                }
                Fact::Setting(it) => setting(&it.value),
                Fact::Inside(inside) => setting(&inside.message),
                Fact::Conversation(_) | Fact::Closed(_) | Fact::Gap(_) | Fact::End(_) => {}
            }
        }
        noting.replaced.into_inner()
    }
}

/// Rewrites like the redactor, and records what was replaced.
struct Noting {
    key: Key,
    replaced: RefCell<Replaced>,
}

impl Noting {
    fn noted<'a>(&self, before: &str, after: Cow<'a, str>) -> Cow<'a, str> {
        self.replaced.borrow_mut().note(before, &after);
        after
    }
}

impl Rewrite for Noting {
    fn key<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.noted(key, self.key.key(key))
    }

    fn text<'a>(&self, class: Class, text: &'a str) -> Cow<'a, str> {
        self.noted(text, self.key.text(class, text))
    }

    fn number<'a>(&self, class: Class, number: &'a str) -> Cow<'a, str> {
        self.noted(number, self.key.number(class, number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_what_is_replaced() {
        let log = Log::read(
            br#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"DIAL_NUMBER","data":{"phoneNumber":"+15550100","ownerId":7001,"calleeName":"Ada"}}}
{"kind":"frame","seq":2,"at":2,"from":"widget","origin":"https://w.example","message":{"type":"OUTGOING_CALL_STARTED","data":{"toNumber":"+15550100"}}}
{"kind":"setting","at":3,"key":"LocalSettings:Calling:CallingExtensions","value":"{name: 'Acme'}"}"#,
        )
        .unwrap();
        let redactor = Redactor::new([7; 16]);
        let replaced = redactor.replaced(&log);
        let values: Vec<&str> = replaced.values.keys().map(String::as_str).collect();
        assert_eq!(values, ["+15550100", "7001", "Ada", "{name: 'Acme'}"]);
        assert_eq!(replaced.places, 5);
        let text = redactor.log(&log).to_text();
        for (before, after) in &replaced.values {
            assert!(!text.contains(before), "{before}");
            assert!(text.contains(after), "{after}");
        }
    }
}
