//! `inside`: what a page told of itself from inside its own world.

use callscope_protocol::{ConversationId, Inside, InsideKind};

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
        .ok_or_else(|| wrong("what", "what a page can tell of itself", raw))?;
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

/// Writes what a page told of itself as one line, without a line end.
#[must_use]
pub fn write_inside(inside: &Inside) -> String {
    write(inside).finish()
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
    let mut line = LineWriter::new(&KIND);
    line.at(*at);
    if let Some(ConversationId(conversation)) = conversation {
        line.whole("conversation", u64::from(*conversation));
    }
    line.text("side", side.name());
    line.text("origin", origin);
    line.text("what", what.name());
    for (key, value) in [
        ("type", type_name),
        ("messageId", message_id),
        ("text", text),
        ("place", place),
        ("target", target),
        ("recipient", recipient),
        ("channel", channel),
        ("message", message),
        ("stack", stack),
    ] {
        line.optional_text(key, value.as_deref());
    }
    line
}
