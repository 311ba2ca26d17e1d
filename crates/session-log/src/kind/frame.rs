//! `frame`: a message was received.

use std::collections::BTreeMap;

use callscope_protocol::{ConversationId, MessageText, Millis, RecordedMessage, Side};

use crate::error::LineError;
use crate::fields::{Fields, whole, wrong};
use crate::json;
use crate::keys::Kind;
use crate::line_writer::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "frame",
    keys: &[
        "seq",
        "at",
        "conversation",
        "from",
        "origin",
        "injected",
        "message",
        "cloned",
        "truncated",
    ],
};

pub(crate) fn read(fields: &mut Fields<'_>) -> Result<RecordedMessage, LineError> {
    let raw = fields.need("seq")?;
    let seq = whole(raw)
        .filter(|seq| *seq > 0)
        .ok_or_else(|| wrong("seq", "a whole number from 1", raw))?;
    Ok(RecordedMessage {
        seq,
        at: fields.at()?,
        conversation: fields.conversation("conversation")?.unwrap_or_default(),
        from: fields.side("from")?,
        origin: fields.need_text("origin")?,
        injected: fields.flag("injected")?.unwrap_or_default(),
        message: MessageText::from(fields.need("message")?),
        cloned: fields.texts("cloned")?.into_iter().collect(),
        truncated: fields.whole("truncated")?,
    })
}

/// A message to be written as a line: a [`RecordedMessage`] made of borrowed texts, for a writer
/// that already has them in that form.
#[derive(Clone, Copy, Debug)]
pub struct FrameLine<'a> {
    /// See [`RecordedMessage::seq`].
    pub seq: u64,
    /// See [`RecordedMessage::at`].
    pub at: Millis,
    /// See [`RecordedMessage::conversation`].
    pub conversation: ConversationId,
    /// See [`RecordedMessage::from`].
    pub from: Side,
    /// See [`RecordedMessage::origin`].
    pub origin: &'a str,
    /// See [`RecordedMessage::injected`].
    pub injected: bool,
    /// What was posted, as valid JSON text.
    pub message: &'a str,
    /// What JSON cannot represent, as the JSON text of an object from path to what was there; empty
    /// if there is nothing.
    pub cloned: &'a str,
    /// See [`RecordedMessage::truncated`].
    pub truncated: Option<u64>,
}

/// Writes a message as one line, without a line end.
///
/// The message's text is written unchanged, except that line feeds between its tokens become
/// spaces.
#[must_use]
pub fn write_frame(recorded: &FrameLine<'_>) -> String {
    write_parts(recorded).finish()
}

pub(crate) fn write(recorded: &RecordedMessage) -> LineWriter {
    let RecordedMessage {
        seq,
        at,
        conversation,
        from,
        origin,
        injected,
        message,
        cloned,
        truncated,
    } = recorded;
    write_parts(&FrameLine {
        seq: *seq,
        at: *at,
        conversation: *conversation,
        from: *from,
        origin,
        injected: *injected,
        message: message.as_str(),
        cloned: &cloned_text(cloned),
        truncated: *truncated,
    })
}

fn write_parts(recorded: &FrameLine<'_>) -> LineWriter {
    let FrameLine {
        seq,
        at,
        conversation: ConversationId(conversation),
        from,
        origin,
        injected,
        message,
        cloned,
        truncated,
    } = *recorded;
    let mut line = LineWriter::new(&KIND);
    line.whole("seq", seq);
    line.at(at);
    line.whole("conversation", u64::from(conversation));
    line.text("from", from.name());
    line.text("origin", origin);
    if injected {
        line.raw("injected", "true");
    }
    line.raw("message", message);
    if !cloned.is_empty() {
        line.raw("cloned", cloned);
    }
    if let Some(truncated) = truncated {
        line.whole("truncated", truncated);
    }
    line
}

/// Converts [`RecordedMessage::cloned`] to [`FrameLine::cloned`].
fn cloned_text(cloned: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (path, what) in cloned {
        text.push(if text.is_empty() { '{' } else { ',' });
        json::push_string(&mut text, path);
        text.push(':');
        json::push_string(&mut text, what);
    }
    if !text.is_empty() {
        text.push('}');
    }
    text
}
