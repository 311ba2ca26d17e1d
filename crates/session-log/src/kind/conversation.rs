//! `conversation`: two documents were found to talk to each other.

use callscope_protocol::{ConversationId, ConversationStart};

use crate::error::LineError;
use crate::fields::Fields;
use crate::keys::Kind;
use crate::line_writer::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "conversation",
    keys: &[
        "conversation",
        "at",
        "continues",
        "hostOrigin",
        "widgetOrigin",
        "callingWindow",
    ],
};

pub(crate) fn read(fields: &mut Fields<'_>) -> Result<ConversationStart, LineError> {
    Ok(ConversationStart {
        id: fields.conversation("conversation")?.unwrap_or_default(),
        at: fields.at()?,
        continues: fields.conversation("continues")?,
        host_origin: fields.text("hostOrigin")?,
        widget_origin: fields.text("widgetOrigin")?,
        in_calling_window: fields.flag("callingWindow")?.unwrap_or_default(),
    })
}

/// Writes the start of a conversation as one line, without a line end.
#[must_use]
pub fn write_conversation(start: &ConversationStart) -> String {
    write(start).finish()
}

pub(crate) fn write(start: &ConversationStart) -> LineWriter {
    let ConversationStart {
        id: ConversationId(id),
        at,
        continues,
        host_origin,
        widget_origin,
        in_calling_window,
    } = start;
    let mut line = LineWriter::new(&KIND);
    line.whole("conversation", u64::from(*id));
    line.at(*at);
    if let Some(ConversationId(continues)) = continues {
        line.whole("continues", u64::from(*continues));
    }
    line.optional_text("hostOrigin", host_origin.as_deref());
    line.optional_text("widgetOrigin", widget_origin.as_deref());
    if *in_calling_window {
        line.raw("callingWindow", "true");
    }
    line
}
