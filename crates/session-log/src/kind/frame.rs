//! `frame`: a message passed.

use callscope_protocol::{ConversationId, Frame, MessageText};

use crate::error::LineError;
use crate::fields::{Fields, whole, wrong};
use crate::kind::Kind;
use crate::line::LineWriter;

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

pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Frame, LineError> {
    let raw = fields.need("seq")?;
    let seq = whole(raw)
        .filter(|seq| *seq > 0)
        .ok_or_else(|| wrong("seq", "a whole number from 1", raw))?;
    Ok(Frame {
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

pub(crate) fn write(frame: &Frame, line: &mut LineWriter) {
    let Frame {
        seq,
        at,
        conversation: ConversationId(conversation),
        from,
        origin,
        injected,
        message,
        cloned,
        truncated,
    } = frame;
    line.whole("seq", *seq);
    line.at(*at);
    line.whole("conversation", u64::from(*conversation));
    line.text("from", from.name());
    line.text("origin", origin);
    if *injected {
        line.raw("injected", "true");
    }
    line.raw("message", message.as_str());
    if !cloned.is_empty() {
        line.texts("cloned", cloned);
    }
    if let Some(truncated) = truncated {
        line.whole("truncated", *truncated);
    }
}
