//! `setting`: what a key of the HubSpot page's localStorage held.

use callscope_protocol::Setting;

use crate::error::LineError;
use crate::fields::Fields;
use crate::kind::Kind;
use crate::line::LineWriter;

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

pub(crate) fn write(setting: &Setting, line: &mut LineWriter) {
    let Setting { at, key, value } = setting;
    line.at(*at);
    line.text("key", key);
    match value {
        Some(value) => line.text("value", value),
        None => line.raw("value", "null"),
    }
}
