//! The acts of HubSpot's user, in the form that scripts use.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::{Place, Profile, RECORDS, SwitchError};

/// One act of HubSpot's user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "camelCase", deny_unknown_fields)]
pub enum Act {
    /// Clicks a phone number of the open record; without a number, the first one.
    Dial {
        /// As the record shows it; a number that the record does not have is allowed, too.
        #[serde(default)]
        number: Option<String>,
    },
    /// Clicks End call in the call bar.
    EndCall,
    /// Minimizes the widget.
    Minimize,
    /// Restores the minimized widget.
    Restore,
    /// Closes the widget with its X.
    Close,
    /// Opens the closed widget.
    Open,
    /// Goes to another record: the page and the widget are reloaded.
    OpenRecord {
        /// `contact/301`.
        record: String,
    },
    /// Reloads the widget's frame.
    ReloadWidget,
    /// Reloads HubSpot's page.
    ReloadPage,
    /// Sends `SET_CALL_STATE`. What HubSpot puts into it is not known.
    SetCallState {
        /// The payload.
        #[serde(default)]
        data: Option<Value>,
    },
    /// Sends any message as the host.
    Send {
        /// Its type.
        r#type: String,
        /// Its payload; without it the message has no `data`.
        #[serde(default)]
        data: Option<Value>,
    },
    /// Loads the page as another generation of HubSpot.
    SetProfile {
        /// Which.
        profile: Profile,
    },
    /// Loads the page with the widget in another place.
    SetPlace {
        /// Which.
        place: Place,
    },
    /// Loads the page with another widget.
    SetWidget {
        /// Its URL.
        url: String,
    },
}

/// The description of an act, for buttons and documents.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ActRow {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
}

/// All acts.
pub const ACTS: &[ActRow] = &[
    ActRow {
        name: "dial",
        what: "Clicks on a phone number of the open record",
    },
    ActRow {
        name: "endCall",
        what: "Ends the call in HubSpot's call bar",
    },
    ActRow {
        name: "minimize",
        what: "Minimizes the widget",
    },
    ActRow {
        name: "restore",
        what: "Restores the minimized widget",
    },
    ActRow {
        name: "close",
        what: "Closes the widget with its X",
    },
    ActRow {
        name: "open",
        what: "Opens the closed widget",
    },
    ActRow {
        name: "openRecord",
        what: "Goes to another record",
    },
    ActRow {
        name: "reloadWidget",
        what: "Loads the widget's frame anew",
    },
    ActRow {
        name: "reloadPage",
        what: "Loads HubSpot's page anew",
    },
    ActRow {
        name: "setCallState",
        what: "Sends SET_CALL_STATE",
    },
    ActRow {
        name: "send",
        what: "Sends any message as the host",
    },
    ActRow {
        name: "setProfile",
        what: "Plays another generation of HubSpot",
    },
    ActRow {
        name: "setPlace",
        what: "Puts the widget in another place",
    },
    ActRow {
        name: "setWidget",
        what: "Shows another widget",
    },
];

/// The names of all records.
fn record_names() -> String {
    let names: Vec<String> = RECORDS.iter().map(|record| record.id.to_string()).collect();
    names.join(", ")
}

/// Why an act could not be done.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum SimulatorError {
    /// A switch or preset is wrong.
    #[error(transparent)]
    Switch(#[from] SwitchError),
    /// The widget has not acknowledged SYNC.
    #[error("the widget has not answered SYNC yet, so nothing can be sent to it")]
    NotReady,
    /// There is no call to end.
    #[error("no call is running, so there is nothing to end")]
    NoCall,
    /// This generation of HubSpot does not send the message.
    #[error("HubSpot of profile {profile} does not send {kind}")]
    NotInProfile {
        /// The profile's name.
        profile: &'static str,
        /// The message.
        kind: &'static str,
    },
    /// There is no such record.
    #[error("there is no record {0:?}; there is {names}", names = record_names())]
    NoRecord(String),
    /// The record has no number to click.
    #[error("{0} has no phone number")]
    NoNumber(&'static str),
    /// The URL of a widget is invalid.
    #[error("{0:?} is not the address of a widget; write one such as https://localhost:9025/")]
    NoAddress(String),
    /// A setting of the page has no such value.
    #[error("there is no {what} {given:?}; there is {known}")]
    NoSuch {
        /// The setting.
        what: &'static str,
        /// The value as it was given.
        given: String,
        /// The values that exist.
        known: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_is_in_the_table() {
        for row in ACTS {
            let text = match row.name {
                "openRecord" => r#"{"act":"openRecord","record":"contact/301"}"#.to_owned(),
                "send" => r#"{"act":"send","type":"END_CALL"}"#.to_owned(),
                "setProfile" => r#"{"act":"setProfile","profile":"seed"}"#.to_owned(),
                "setPlace" => r#"{"act":"setPlace","place":"remote"}"#.to_owned(),
                "setWidget" => r#"{"act":"setWidget","url":"https://a.example"}"#.to_owned(),
                name => format!(r#"{{"act":"{name}"}}"#),
            };
            serde_json::from_str::<Act>(&text).unwrap();
        }
    }

    #[test]
    fn what_an_act_does_not_have_is_refused() {
        for text in [
            r#"{"act":"ring"}"#,
            r#"{"act":"dial","nummber":"+15550100"}"#,
            r#"{"act":"setProfile","profile":"0.3"}"#,
            "{}",
        ] {
            assert!(serde_json::from_str::<Act>(text).is_err(), "{text}");
        }
    }
}
