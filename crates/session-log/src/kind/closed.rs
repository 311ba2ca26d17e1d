//! `closed`: a document of a conversation was unloaded.

use callscope_protocol::{Closed, ConversationId};

use crate::error::LineError;
use crate::fields::Fields;
use crate::keys::Kind;
use crate::line_writer::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "closed",
    keys: &["conversation", "at", "side"],
};

pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Closed, LineError> {
    Ok(Closed {
        conversation: fields.conversation("conversation")?.unwrap_or_default(),
        at: fields.at()?,
        side: fields.side("side")?,
    })
}

/// Writes the end of a conversation as one line, without a line end.
#[must_use]
pub fn write_closed(closed: &Closed) -> String {
    write(closed).finish()
}

pub(crate) fn write(closed: &Closed) -> LineWriter {
    let Closed {
        conversation: ConversationId(conversation),
        at,
        side,
    } = closed;
    let mut line = LineWriter::new(&KIND);
    line.whole("conversation", u64::from(*conversation));
    line.at(*at);
    line.text("side", side.name());
    line
}
