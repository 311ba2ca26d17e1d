//! Removes personal data from a log.

mod digits;
mod hash;
mod keys;
mod replaced;
mod values;
mod walk;

use callscope_protocol::{
    ConversationStart, Fact, Gap, GapReason, Inside, MessageText, RecordedMessage, Setting,
};
use serde_json::value::RawValue;

use crate::keys::Extra;
use crate::kind::header::Header;
use crate::line::{Entry, LogLine, UnknownLine};
use crate::read::Log;
use hash::Key;
use keys::{Class, classify};
use walk::Rewrite;

pub use replaced::Replaced;

/// Replaces phone numbers, names, e-mail addresses, ids and other personal data.
///
/// - Within one redactor, equal values get equal replacements, and different values different ones.
///   Another salt gives other replacements. The same salt gives the same ones on every platform,
///   but maybe not in another version of Callscope.
/// - The checker's findings stay the same: a number keeps its number of digits, a string stays a
///   string, a number that can be dialed stays so, and two spellings of one number stay two
///   spellings of one number; what is empty, `null`, 0 or missing stays so.
/// - Times, sizes, message types and the other words of the protocol are kept, and so are the SDK's
///   message ids (which consist of two times) and the schemes, hosts and ports of URLs.
/// - Error texts and other sentences keep their words; URLs, numbers of five digits or more, and
///   shorter ones that are called an id ("engagement 7") in them are replaced.
///
/// Anyone who knows the salt can find out which value became which. Use 16 random bytes for each
/// file, and do not keep them.
///
/// ```
/// use callscope_session_log::{Log, Redactor};
///
/// let log = Log::read(br#"{"kind":"header","format":"callscope-session","version":1}
/// {"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"DIAL_NUMBER","data":{"phoneNumber":"+1 555 010 0199"}}}"#)?;
/// let text = Redactor::new([7; 16]).log(&log).to_text();
/// assert!(text.contains("DIAL_NUMBER") && !text.contains("555"));
/// # Ok::<(), callscope_session_log::LogError>(())
/// ```
#[derive(Clone)]
pub struct Redactor {
    key: Key,
}

impl std::fmt::Debug for Redactor {
    /// Does not show the salt.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

impl Redactor {
    /// A redactor for one file.
    #[must_use]
    pub fn new(salt: [u8; 16]) -> Self {
        Self {
            key: Key::new(salt),
        }
    }

    /// Redacts a whole log.
    #[must_use]
    pub fn log(&self, log: &Log) -> Log {
        Log {
            header: self.header(&log.header),
            entries: log.entries.iter().map(|entry| self.entry(entry)).collect(),
            notes: log.notes.clone(),
        }
    }

    /// Redacts what a log says about itself.
    #[must_use]
    pub fn header(&self, header: &Header) -> Header {
        Header {
            page: header.page.as_deref().map(|page| self.address(page)),
            redacted: true,
            extra: self.extra(&header.extra),
            ..header.clone()
        }
    }

    /// Redacts a line of a log.
    #[must_use]
    pub fn entry(&self, entry: &Entry) -> Entry {
        match entry {
            Entry::Header(header) => Entry::Header(Box::new(self.header(header))),
            Entry::Fact(LogLine { fact, extra }) => Entry::Fact(LogLine {
                fact: self.fact(fact),
                extra: self.extra(extra),
            }),
            Entry::Finding => Entry::Finding,
            Entry::Unknown(UnknownLine { kind, text }) => Entry::Unknown(UnknownLine {
                kind: kind.clone(),
                text: self.message(Class::Unknown, text),
            }),
        }
    }

    /// Redacts a fact.
    #[must_use]
    pub fn fact(&self, fact: &Fact) -> Fact {
        match fact {
            Fact::Message(recorded) => Fact::Message(RecordedMessage {
                origin: self.address(&recorded.origin).into(),
                message: self.message(Class::Unknown, &recorded.message),
                cloned: recorded
                    .cloned
                    .iter()
                    .map(|(path, what)| (self.sentence(path), self.sentence(what)))
                    .collect(),
                ..recorded.clone()
            }),
            Fact::Gap(gap) => Fact::Gap(Gap {
                why: match &gap.why {
                    GapReason::Other(words) => GapReason::Other(self.sentence(words)),
                    reason => reason.clone(),
                },
                ..gap.clone()
            }),
            Fact::Conversation(start) => {
                let origin =
                    |origin: &Option<String>| origin.as_deref().map(|origin| self.address(origin));
                Fact::Conversation(ConversationStart {
                    host_origin: origin(&start.host_origin),
                    widget_origin: origin(&start.widget_origin),
                    ..start.clone()
                })
            }
            Fact::Setting(setting) => Fact::Setting(Setting {
                value: setting.value.as_deref().map(|value| self.setting(value)),
                ..setting.clone()
            }),
            Fact::Inside(inside) => Fact::Inside(Box::new(self.inside(inside))),
            Fact::Closed(_) | Fact::End(_) => fact.clone(),
        }
    }

    /// The page's own sentences keep their words; values that it posted are redacted like any
    /// message.
    fn inside(&self, inside: &Inside) -> Inside {
        let sentence = |text: &Option<String>| text.as_deref().map(|text| self.sentence(text));
        let address = |text: &Option<String>| text.as_deref().map(|text| self.address(text));
        // A wildcard names nobody.
        let target = inside.target.as_deref().map(|target| match target {
            "*" | "/" => target.to_owned(),
            target => self.address(target),
        });
        Inside {
            origin: self.address(&inside.origin),
            message_id: inside.message_id.as_deref().map(|id| self.message_id(id)),
            text: sentence(&inside.text),
            place: inside.place.as_deref().map(script_place),
            target,
            recipient: address(&inside.recipient),
            channel: sentence(&inside.channel),
            message: inside
                .message
                .as_deref()
                .map(|message| self.setting(message)),
            stack: inside.stack.as_deref().map(|stack| self.stack(stack)),
            ..inside.clone()
        }
    }

    /// The error text is redacted as a sentence; the places are kept, without the queries of URLs.
    fn stack(&self, stack: &str) -> String {
        let lines = stack.lines().map(|line| {
            if line.trim_start().starts_with("at ") {
                script_place(line)
            } else {
                self.sentence(line)
            }
        });
        lines.collect::<Vec<String>>().join("\n")
    }

    /// The id is redacted as in the message itself.
    fn message_id(&self, id: &str) -> String {
        let text = MessageText::from(serde_json::Value::from(id).to_string());
        let redacted = self.message(classify("messageId"), &text);
        match serde_json::from_str(redacted.as_str()) {
            Ok(serde_json::Value::String(id)) => id,
            _ => redacted.as_str().to_owned(),
        }
    }

    fn address(&self, text: &str) -> String {
        match text {
            "" | "null" => text.to_owned(),
            _ => values::url(self.key, text),
        }
    }

    fn sentence(&self, text: &str) -> String {
        values::sentence(self.key, text).into_owned()
    }

    fn message(&self, class: Class, text: &MessageText) -> MessageText {
        walk::rewrite(text.as_str(), class, &self.key).into()
    }

    fn extra(&self, extra: &Extra) -> Extra {
        extra
            .iter()
            .map(|(key, value)| (self.sentence(key), self.message(classify(key), value)))
            .collect()
    }

    fn setting(&self, value: &str) -> String {
        self.setting_with(value, &self.key)
    }

    /// A setting is JSON, or is wrong because it is not and must stay wrong.
    fn setting_with(&self, value: &str, how: &impl Rewrite) -> String {
        if value.trim().is_empty() {
            value.to_owned()
        } else if serde_json::from_str::<&RawValue>(value).is_ok() {
            walk::rewrite(value, Class::Unknown, how)
        } else {
            format!("not JSON {:016x}", self.key.hash(b's', value))
        }
    }
}

/// A place in a script without its URL's query and fragment, which may hold secrets: `at dial
/// (https://widget.example/phone.js?token=1:12:3)`.
fn script_place(line: &str) -> String {
    // The function's name precedes the URL: `at Phone.#dial (https://…)`.
    let address = line.find("://").unwrap_or(0);
    let after = line.get(address..).and_then(|it| it.find(['?', '#']));
    let Some(query) = after.map(|at| address + at) else {
        return line.to_owned();
    };
    let (before, rest) = line.split_at(query);
    let is_place = |it: char| it.is_ascii_digit() || matches!(it, ':' | ')');
    let address = rest.trim_end_matches(is_place);
    let tail = rest.get(address.len()..).unwrap_or_default();
    let tail = tail.find(':').and_then(|at| tail.get(at..)).unwrap_or("");
    format!("{before}{tail}")
}

#[cfg(test)]
mod tests {
    use super::script_place;

    #[test]
    fn a_place_keeps_its_function_and_its_file() {
        for (line, place) in [
            (
                "at dial (https://a.example/phone.js?token=5:12:3)",
                "at dial (https://a.example/phone.js:12:3)",
            ),
            (
                "at Phone.#dial (https://a.example/phone.js?token=5#x:12:3)",
                "at Phone.#dial (https://a.example/phone.js:12:3)",
            ),
            (
                "at Phone.#dial (https://a.example/phone.js:12:3)",
                "at Phone.#dial (https://a.example/phone.js:12:3)",
            ),
            ("/phone.js?token=5:12:3", "/phone.js:12:3"),
        ] {
            assert_eq!(script_place(line), place);
        }
    }
}
