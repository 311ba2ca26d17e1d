//! `end`: the recording covers the session until this time.

use callscope_protocol::Millis;

use crate::error::LineError;
use crate::fields::Fields;
use crate::keys::Kind;
use crate::line_writer::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "end",
    keys: &["at"],
};

pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Millis, LineError> {
    fields.at()
}

pub(crate) fn write(at: Millis) -> LineWriter {
    let mut line = LineWriter::new(&KIND);
    line.at(at);
    line
}
