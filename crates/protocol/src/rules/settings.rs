//! The override of the widget in the HubSpot page's localStorage.

use crate::Setting;
use crate::json::{self, Json};

/// The key of today's floating widget.
pub(super) const CALLING_KEY: &str = "LocalSettings:Calling:CallingExtensions";
/// The seed's key, which today's widget reads as a fallback.
pub(super) const SALES_KEY: &str = "LocalSettings:Sales:CallingExtensions";

/// What an override says.
pub(super) struct Override {
    pub(super) name: Option<String>,
    pub(super) url: Option<String>,
    /// It only changes whether the installed widget is ready.
    pub(super) is_ready_only: bool,
}

impl Override {
    /// Reads a setting; `None` if it is not an override or not set, `Err` with what is wrong.
    pub(super) fn of(setting: &Setting) -> Option<Result<Self, String>> {
        if setting.key != CALLING_KEY && setting.key != SALES_KEY {
            return None;
        }
        let read = json::read(setting.value.as_deref()?);
        Some(match &read.json {
            Json::String(_) if read.lossy => Err("is not JSON".to_owned()),
            Json::Object(_) => {
                let text = |key| {
                    let text = read.json.get(key).and_then(Json::as_str);
                    text.filter(|text| !text.is_empty()).map(str::to_owned)
                };
                let (name, url) = (text("name"), text("url"));
                let is_ready_only = url.is_none() && read.json.get("isReady").is_some();
                Ok(Self {
                    name,
                    url,
                    is_ready_only,
                })
            }
            other => Err(format!("is {}; expected an object", other.kind_words())),
        })
    }
}
