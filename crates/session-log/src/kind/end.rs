//! `end`: the session was watched until this time.

use callscope_protocol::Millis;

use crate::error::LineError;
use crate::fields::Fields;
use crate::kind::Kind;
use crate::line::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "end",
    keys: &["at"],
};

pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Millis, LineError> {
    fields.at()
}

pub(crate) fn write(at: Millis, line: &mut LineWriter) {
    line.at(at);
}
