//! What a page told of itself: into which conversation it belongs, and for how long it waits to
//! know.

use callscope_json::Lexer;
use callscope_protocol::{Inside, InsideKind, Millis, Side};

use super::documents::DocIx;

/// How long something told waits for the conversation of its page, in milliseconds: a script may
/// fail before HubSpot has said anything.
pub(super) const WAIT: f64 = 2_000.0;
/// The most that waits.
pub(super) const MOST_WAITING: usize = 1_000;
/// The longest that any text of it may be, in bytes.
const LONGEST: usize = 64 * 1024;

/// What a page told of itself, and which document it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// The document.
    pub(crate) by: DocIx,
    /// What it told; its conversation is known when it is filed.
    pub(crate) inside: Inside,
}

impl Told {
    /// Reads what `inside.js` wrote: a list of texts, the empty ones for what is not known.
    ///
    /// It is the page's word: what is not such a list is nothing.
    pub(super) fn read(by: DocIx, at: f64, origin: &str, text: &str) -> Option<Self> {
        let mut texts = texts(text)?.into_iter();
        let what = InsideKind::named(&texts.next()?)?;
        let mut next = || texts.next().filter(|text| !text.is_empty());
        let mut inside = Inside::new(Millis(at), Side::Widget, what);
        origin.clone_into(&mut inside.origin);
        inside.type_name = next();
        inside.message_id = next();
        inside.text = next();
        inside.place = next();
        inside.target = next();
        inside.recipient = next();
        inside.channel = next();
        inside.message = next();
        inside.stack = next();
        Some(Self { by, inside })
    }

    /// How long its texts are, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let Inside {
            origin,
            type_name,
            message_id,
            text,
            place,
            target,
            recipient,
            channel,
            message,
            stack,
            ..
        } = &self.inside;
        let texts = [
            type_name, message_id, text, place, target, recipient, channel, message, stack,
        ];
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        origin.len() + texts.into_iter().map(length).sum::<usize>()
    }
}

fn texts(list: &str) -> Option<Vec<String>> {
    let mut lexer = Lexer::new(list);
    lexer.eat(b'[')?;
    let mut texts = Vec::new();
    loop {
        lexer.skip_space();
        let mut text = lexer.string()?.text().into_owned();
        if text.len() > LONGEST {
            text.clear();
        }
        texts.push(text);
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
            assert_eq!(Told::read(DocIx::default(), 0.0, "", text), None, "{text}");
        }
        let text = r#"["error","","","Uncaught \"x\"","a.js:1:2"]"#;
        let told = Told::read(DocIx::default(), 1.0, "https://w.test", text).unwrap();
        assert_eq!(told.inside.text.as_deref(), Some("Uncaught \"x\""));
        assert_eq!(told.inside.place.as_deref(), Some("a.js:1:2"));
        assert_eq!(told.inside.stack, None);
        assert!(told.bytes() > 20);
    }
}
