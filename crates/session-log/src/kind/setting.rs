//! `setting`: the value of a key in the HubSpot page's localStorage.

use callscope_protocol::Setting;

use crate::error::LineError;
use crate::fields::Fields;
use crate::keys::Kind;
use crate::line_writer::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "setting",
    keys: &["at", "key", "value"],
};

pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Setting, LineError> {
    Ok(Setting {
        at: fields.at()?,
        key: fields.need_text("key")?,
        value: fields.text("value")?,
    })
}

/// Writes a setting as one line, without a line end.
#[must_use]
pub fn write_setting(setting: &Setting) -> String {
    write(setting).finish()
}

pub(crate) fn write(setting: &Setting) -> LineWriter {
    let Setting { at, key, value } = setting;
    let mut line = LineWriter::new(&KIND);
    line.at(*at);
    line.text("key", key);
    match value {
        Some(value) => line.text("value", value),
        None => line.raw("value", "null"),
    }
    line
}
