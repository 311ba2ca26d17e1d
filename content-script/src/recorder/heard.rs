//! A message on its way through the recorder: as it was heard, then as a fact of the session.

use callscope_bus::Source;
use callscope_protocol::{ConversationId, Fact, Frame, Side};
use callscope_session_log::write_fact;

use super::documents::DocIx;

/// One message that a document received.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Heard {
    pub(crate) from: Provenance,
    /// What passed; conversation and side are filled in when it is filed.
    pub(crate) frame: Frame,
}

/// What is known of a message beside its frame: who heard it and from whom, as far as that
/// document can tell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Provenance {
    pub(crate) by: DocIx,
    pub(crate) source: Source,
    /// Whether nobody heard it: `by` posted it to `source`, where no tap listens.
    pub(crate) unheard: bool,
    /// What JSON cannot hold, as the tap wrote it. It is put into the line as it is: the map that
    /// a [`Frame`] has for it would take a twentieth of the lowered script.
    pub(crate) cloned: String,
}

/// A fact, and the message it was made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Filed {
    pub(crate) fact: Fact,
    pub(crate) from: Option<Provenance>,
}

impl From<Fact> for Filed {
    fn from(fact: Fact) -> Self {
        Self { fact, from: None }
    }
}

impl Heard {
    /// The frame as one of a conversation.
    pub(crate) fn file(self, conversation: ConversationId) -> Filed {
        let Self { from, mut frame } = self;
        frame.conversation = conversation;
        frame.from = match from.source {
            Source::Child { .. } if !from.unheard => Side::Widget,
            _ => Side::Host,
        };
        Filed {
            fact: Fact::Frame(frame),
            from: Some(from),
        }
    }
}

impl Filed {
    /// The fact as a log line.
    pub(crate) fn line(&self) -> String {
        let mut line = write_fact(&self.fact);
        let cloned = self.from.as_ref().map_or("", |from| from.cloned.as_str());
        if !cloned.is_empty() && line.ends_with('}') {
            line.pop();
            line.push_str(",\"cloned\":");
            line.push_str(cloned);
            line.push('}');
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use callscope_protocol::Millis;
    use callscope_session_log::{Entry, read_fact};

    use super::super::documents::Documents;
    use super::*;

    #[test]
    fn what_json_cannot_hold_is_in_the_line() {
        let hello = callscope_bus::Hello {
            document: callscope_bus::DocumentId("w".to_owned()),
            origin: String::new(),
            path: Vec::new(),
            at: 0.0,
            from_start: true,
        };
        let (by, _) = Documents::default().greet(hello, None, 0);
        let frame = Frame {
            seq: 7,
            at: Millis(1.5),
            conversation: ConversationId(2),
            from: Side::Host,
            origin: "https://host.test".to_owned(),
            injected: false,
            message: "{}".into(),
            cloned: BTreeMap::new(),
            truncated: Some(9),
        };
        let from = Provenance {
            by,
            source: Source::Parent,
            unheard: false,
            cloned: r#"{"data.when":"Date","":"Map"}"#.to_owned(),
        };
        let filed = Filed {
            fact: Fact::Frame(frame.clone()),
            from: Some(from),
        };
        let Ok(Entry::Fact(read)) = read_fact(&filed.line()) else {
            panic!("{}", filed.line())
        };
        let cloned = [("data.when", "Date"), ("", "Map")]
            .map(|(path, what)| (path.to_owned(), what.to_owned()));
        assert_eq!(
            read.fact,
            Fact::Frame(Frame {
                cloned: BTreeMap::from(cloned),
                ..frame
            })
        );
    }
}
