//! What a page told of itself: into which conversation it belongs, and for how long it waits to
//! know.

use callscope_bus::bounds;
use callscope_json::Lexer;
use callscope_protocol::{ConversationId, InsideKind, Millis, Side};
use callscope_session_log::{InsideLine, write_inside};

use super::documents::DocIx;

/// How long something told waits for the conversation of its page, in milliseconds: a script may
/// fail before HubSpot has said anything.
pub(super) const WAIT: f64 = 2_000.0;
/// The most that waits.
pub(super) const MOST_WAITING: usize = bounds::TOLD_WAITING;
/// The longest that any text of it may be, in bytes.
const LONGEST: usize = bounds::TOLD_BYTES;

/// What a page told of itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// Which document it is.
    pub(crate) by: DocIx,
    pub(crate) at: f64,
    pub(crate) origin: String,
    pub(crate) what: InsideKind,
    /// The conversation and whose page it is, once it is filed.
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) side: Side,
    /// What `inside.js` wrote: a JSON list of texts, the empty ones for what is not known.
    list: String,
}

impl Told {
    /// Reads what `inside.js` wrote.
    ///
    /// It is the page's word: what is not a list of texts is ignored.
    pub(super) fn read(by: DocIx, at: f64, origin: String, list: String) -> Option<Self> {
        let texts = texts(&list)?;
        let name = texts.first()?.strip_prefix('"')?.strip_suffix('"')?;
        Some(Self {
            by,
            at,
            origin,
            what: InsideKind::named(name)?,
            conversation: None,
            side: Side::Widget,
            list,
        })
    }

    /// How long its texts are, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.origin.len() + self.list.len()
    }

    /// Its line of a log.
    pub(super) fn line(&self) -> String {
        let texts = texts(&self.list).unwrap_or_default();
        write_inside(&InsideLine {
            at: Millis(self.at),
            conversation: self.conversation,
            side: self.side,
            origin: &self.origin,
            what: self.what,
            texts: texts.get(1..).unwrap_or_default(),
        })
    }
}

/// The texts of a list, as JSON; those that are too long are empty.
fn texts(list: &str) -> Option<Vec<&str>> {
    let mut lexer = Lexer::new(list);
    lexer.eat(b'[')?;
    let mut texts = Vec::new();
    loop {
        lexer.skip_space();
        let start = lexer.position();
        lexer.string()?;
        let text = lexer.since(start)?;
        texts.push(if text.len() > LONGEST { "\"\"" } else { text });
        if !lexer.comma_or(b']')? {
            return Some(texts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_of_texts_is_nothing() {
        for text in [
            "",
            "[]",
            "null",
            r#"["error""#,
            r#"["error",1]"#,
            r#"["command"]"#,
            r#"{"what":"error"}"#,
        ] {
            let told = Told::read(DocIx::default(), 0.0, String::new(), text.to_owned());
            assert_eq!(told, None, "{text}");
        }
        let text = r#"["error","","","Uncaught \"x\"","a.js:1:2"]"#;
        let origin = "https://w.test".to_owned();
        let told = Told::read(DocIx::default(), 1.0, origin, text.to_owned()).unwrap();
        assert_eq!(
            told.line(),
            r#"{"kind":"inside","at":1.0,"side":"widget","origin":"https://w.test","what":"error","text":"Uncaught \"x\"","place":"a.js:1:2"}"#
        );
    }
}
