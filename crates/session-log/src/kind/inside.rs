//! `inside`: what a page reported about itself from inside its own world.

use callscope_protocol::{ConversationId, Inside, InsideKind, Millis, Side};

use crate::error::LineError;
use crate::fields::{Fields, wrong};
use crate::keys::Kind;
use crate::line_writer::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "inside",
    keys: &[
        "at",
        "conversation",
        "side",
        "origin",
        "what",
        "type",
        "messageId",
        "text",
        "place",
        "target",
        "recipient",
        "channel",
        "message",
        "stack",
    ],
};

pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Inside, LineError> {
    let raw = fields.need("what")?;
    let what = callscope_json::string(raw)
        .and_then(|name| InsideKind::named(&name))
        .ok_or_else(|| wrong("what", "what a page can report about itself", raw))?;
    Ok(Inside {
        at: fields.at()?,
        conversation: fields.conversation("conversation")?,
        side: fields.side("side")?,
        origin: fields.need_text("origin")?,
        what,
        type_name: fields.text("type")?,
        message_id: fields.text("messageId")?,
        text: fields.text("text")?,
        place: fields.text("place")?,
        target: fields.text("target")?,
        recipient: fields.text("recipient")?,
        channel: fields.text("channel")?,
        message: fields.text("message")?,
        stack: fields.text("stack")?,
    })
}

/// A page's report to be written as a line: an [`Inside`] whose texts are still JSON, for a writer
/// that already has them in that form.
#[derive(Clone, Copy, Debug)]
pub struct InsideLine<'a> {
    /// See [`Inside::at`].
    pub at: Millis,
    /// See [`Inside::conversation`].
    pub conversation: Option<ConversationId>,
    /// See [`Inside::side`].
    pub side: Side,
    /// See [`Inside::origin`].
    pub origin: &'a str,
    /// See [`Inside::what`].
    pub what: InsideKind,
    /// The texts from [`Inside::type_name`] to [`Inside::stack`], each as a JSON string; empty ones
    /// are not written.
    pub texts: &'a [&'a str],
}

/// Writes a page's report as one line, without a line end.
#[must_use]
pub fn write_inside(inside: &InsideLine<'_>) -> String {
    let mut line = begin(
        inside.at,
        inside.conversation,
        inside.side,
        inside.origin,
        inside.what,
    );
    for (key, raw) in TEXTS.iter().zip(inside.texts) {
        if *raw != "\"\"" {
            line.raw(key, raw);
        }
    }
    line.finish()
}

/// The keys of the texts, in the order of [`InsideLine::texts`].
const TEXTS: [&str; 9] = [
    "type",
    "messageId",
    "text",
    "place",
    "target",
    "recipient",
    "channel",
    "message",
    "stack",
];

fn begin(
    at: Millis,
    conversation: Option<ConversationId>,
    side: Side,
    origin: &str,
    what: InsideKind,
) -> LineWriter {
    let mut line = LineWriter::new(&KIND);
    line.at(at);
    if let Some(ConversationId(conversation)) = conversation {
        line.whole("conversation", u64::from(conversation));
    }
    line.text("side", side.name());
    line.text("origin", origin);
    line.text("what", what.name());
    line
}

pub(crate) fn write(inside: &Inside) -> LineWriter {
    let Inside {
        at,
        conversation,
        side,
        origin,
        what,
        type_name,
        message_id,
        text,
        place,
        target,
        recipient,
        channel,
        message,
        stack,
    } = inside;
    let mut line = begin(*at, *conversation, *side, origin, *what);
    let texts = [
        type_name, message_id, text, place, target, recipient, channel, message, stack,
    ];
    for (key, value) in TEXTS.into_iter().zip(texts) {
        line.optional_text(key, value.as_deref());
    }
    line
}
