//! Reports of pages about themselves: which conversation they belong to, and how long they wait
//! until that is known.

use callscope_bus::bounds;
use callscope_json::Lexer;
use callscope_protocol::{ConversationId, InsideKind, Millis, Side};
use callscope_session_log::{InsideLine, quoted, write_inside};

use super::documents::DocIx;
use super::redirected::Redirected;
use crate::text::join;

/// How long a report waits until the conversation of its page is known, in milliseconds: a script
/// may fail before HubSpot has sent anything.
pub(super) const WAIT: f64 = 2_000.0;
/// The most reports that wait.
pub(super) const MOST_WAITING: usize = bounds::TOLD_WAITING;
/// The most bytes of a text in a report.
const LONGEST: usize = bounds::TOLD_BYTES;

/// A page's report about itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InsideReport {
    /// The page's document.
    pub(crate) by: DocIx,
    pub(crate) at: f64,
    pub(crate) origin: String,
    pub(crate) what: InsideKind,
    /// The conversation, once it is filed.
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) side: Side,
    /// What `inside.js` wrote: a JSON list of texts, empty where unknown.
    list: String,
}

impl InsideReport {
    /// Reads what `inside.js` wrote.
    ///
    /// It comes from the page: anything but a list of texts is ignored.
    pub(super) fn read(by: DocIx, at: f64, origin: String, list: String) -> Option<Self> {
        let texts = texts(&list)?;
        let name = texts.first()?.strip_prefix('"')?.strip_suffix('"')?;
        // What no page says.
        let what = InsideKind::named(name).filter(|it| *it != InsideKind::Redirected)?;
        Some(Self {
            by,
            at,
            origin,
            what,
            conversation: None,
            side: Side::Widget,
            list,
        })
    }

    /// That the frame of the widget in the host `by` has another origin than the host posts to.
    pub(super) fn redirected(by: DocIx, at: f64, origin: String, (from, to): &Redirected) -> Self {
        let to = to.as_deref().unwrap_or_default();
        let list = [
            "[\"redirected\",\"\",\"\",\"\",\"\",",
            &quoted(from),
            ",",
            &quoted(to),
            "]",
        ];
        Self {
            by,
            at,
            origin,
            what: InsideKind::Redirected,
            conversation: None,
            side: Side::Host,
            list: join(&list),
        }
    }

    /// The size of its texts, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.origin.len() + self.list.len()
    }

    /// Its log line.
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

/// The texts of a list, as JSON; texts that are too long become empty.
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
            r#"["redirected"]"#,
            r#"{"what":"error"}"#,
        ] {
            let report = InsideReport::read(DocIx::default(), 0.0, String::new(), text.to_owned());
            assert_eq!(report, None, "{text}");
        }
        let text = r#"["error","","","Uncaught \"x\"","a.js:1:2"]"#;
        let origin = "https://w.test".to_owned();
        let report = InsideReport::read(DocIx::default(), 1.0, origin, text.to_owned()).unwrap();
        assert_eq!(
            report.line(),
            r#"{"kind":"inside","at":1.0,"side":"widget","origin":"https://w.test","what":"error","text":"Uncaught \"x\"","place":"a.js:1:2"}"#
        );
    }
}
