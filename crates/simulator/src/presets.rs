//! Known problems, each as the switches that reproduce it.

use serde_json::{Value, json};

use crate::switches::nearest;
use crate::{Profile, SwitchError, Switches};

/// A known problem.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// Its symptoms.
    pub what: &'static str,
    /// How a good widget behaves.
    pub expects: &'static str,
    /// The source of the report.
    pub source: &'static str,
    /// Names of switches with their values as JSON.
    switches: &'static [(&'static str, &'static str)],
}

/// All presets.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "dialed-twice",
        what: "One click on a number, and onDialNumber is called twice.",
        expects: "One call: the second DIAL_NUMBER for the same number is recognized.",
        source: "SDK issue 210",
        switches: &[("dial-number.duplicate", "true")],
    },
    Preset {
        name: "next-task-silent",
        what: "After a call that closed the widget, the next number dials nothing.",
        expects: "The user is not left with the old call on the screen, and can dial in the widget.",
        source: "SDK issue 237",
        switches: &[("dial-number.lost-after-hide", "true")],
    },
    Preset {
        name: "object-id-zero",
        what: "DIAL_NUMBER says objectId 0.",
        expects: "The record is taken from calleeInfo.",
        source: "SDK issues 216, 228 and 232",
        switches: &[("dial-number.object-id-zero", "true")],
    },
    Preset {
        name: "object-id-other",
        what: "DIAL_NUMBER's objectId is the page's record, not the one that is called.",
        expects: "The record is taken from calleeInfo.",
        source: "SDK issue 207",
        switches: &[("dial-number.object-id-other", "true")],
    },
    Preset {
        name: "engagement-fails",
        what: "HubSpot cannot create the call's engagement.",
        expects: "The call goes on, and CALL_COMPLETED does not name an engagement of another call.",
        source: "readme of the SDK, 0.2",
        switches: &[("create-engagement.fail", "true")],
    },
    Preset {
        name: "engagement-late",
        what: "The engagement's id comes eight seconds after the call began.",
        expects: "A call that ended before is completed once the id is there.",
        source: "the answer has no time-out in any source",
        switches: &[
            ("create-engagement.delay", "8000"),
            ("engagement-created.delay", "8015"),
        ],
    },
    Preset {
        name: "engagement-silent",
        what: "The widget is never told of its engagement.",
        expects: "The widget does not wait for ever, and says that the call could not be logged.",
        source: "the answer has no time-out in any source",
        switches: &[
            ("create-engagement.drop", "true"),
            ("engagement-created.drop", "true"),
        ],
    },
    Preset {
        name: "engagement-told-twice",
        what: "CREATE_ENGAGEMENT_SUCCEEDED comes twice, beside ENGAGEMENT_CREATED.",
        expects: "What the widget does with the id, it does once.",
        source: "SDK pull request 87",
        switches: &[("create-engagement.duplicate", "true")],
    },
    Preset {
        name: "update-fails",
        what: "HubSpot does not save what CALL_COMPLETED carries.",
        expects: "The user is told, and the notes are not lost.",
        source: "readme of the SDK, 0.2",
        switches: &[("update-engagement.fail", "true")],
    },
    Preset {
        name: "call-id-fails",
        what: "INITIATE_CALL_ID fails, as with a number that is not valid.",
        expects: "The call goes on.",
        source: "SDK pull request 254",
        switches: &[("initiate-call-id.fail", "true")],
    },
    Preset {
        name: "inbound-not-enabled",
        what: "HubSpot ignores incoming calls: the app lacks supportsInboundCalling.",
        expects: "The call can be answered all the same.",
        source: "a third party's field guide",
        switches: &[("incoming-call.ignored", "true")],
    },
    Preset {
        name: "caller-unknown",
        what: "Nobody in HubSpot has the caller's number.",
        expects: "The number is shown, and no record is opened.",
        source: "HubSpot's demo handles an empty list",
        switches: &[("caller-id-match.matches", "\"none\"")],
    },
    Preset {
        name: "caller-several",
        what: "Several records have the caller's number.",
        expects: "The user chooses; the first is not just taken.",
        source: "article on inbound calls, beta",
        switches: &[("caller-id-match.matches", "\"several\"")],
    },
    Preset {
        name: "caller-lookup-fails",
        what: "The search for the caller fails.",
        expects: "The call can be answered all the same.",
        source: "article on inbound calls, beta",
        switches: &[("caller-id-match.fail", "true")],
    },
    Preset {
        name: "navigation-fails",
        what: "HubSpot cannot open the record that the widget asks for.",
        expects: "The call stays, and the user is told.",
        source: "NAVIGATE_TO_RECORD_FAILED",
        switches: &[("navigate-to-record.fail", "true")],
    },
    Preset {
        name: "stays-open",
        what: "CALL_COMPLETED does not close the widget any more.",
        expects: "The widget shows itself ready for the next call.",
        source: "SDK issue 45",
        switches: &[("call-completed.stays-open", "true")],
    },
    Preset {
        name: "visibility-silent",
        what: "onVisibilityChanged is never called.",
        expects: "Nothing depends on it alone.",
        source: "SDK issues 45 and 116",
        switches: &[("visibility-changed.drop", "true")],
    },
    Preset {
        name: "end-call-lost",
        what: "The user ends the call in HubSpot, and the widget is not told.",
        expects: "The call can be ended in the widget.",
        source: "END_CALL has no answer",
        switches: &[("end-call.drop", "true")],
    },
    Preset {
        name: "slow-widget",
        what: "The widget's frame loads eight seconds late.",
        expects: "The handshake takes place all the same: HubSpot begins with SYNC when the frame has loaded.",
        source: "SDK issue 153",
        switches: &[("widget.slow-load", "8000")],
    },
    Preset {
        name: "mounted-twice",
        what: "Two frames with the widget in one page.",
        expects: "One of them rings and calls, not both.",
        source: "SDK issues 210 and 256",
        switches: &[("widget.twice", "true")],
    },
    Preset {
        name: "remounted",
        what: "HubSpot's host is mounted anew and sends SYNC to a widget that is ready.",
        expects: "Nothing: the SDK does not answer a second SYNC, so the widget must be loaded anew.",
        source: "the SDK's source",
        switches: &[("sync.after-ready", "true")],
    },
    Preset {
        name: "sync-storm",
        what: "Twenty SYNCs at once.",
        expects: "One SYNC_ACK, one INITIALIZED.",
        source: "the SDK's source",
        switches: &[("sync.storm", "20")],
    },
    Preset {
        name: "host-url-slash",
        what: "After the handshake nothing of HubSpot's reaches the widget's handlers.",
        expects: "An SDK that makes an origin of hostUrl; HubSpot's does not.",
        source: "the SDK's source",
        switches: &[("sync.host-url-slash", "true")],
    },
    Preset {
        name: "led-elsewhere",
        what: "SYNC is addressed to an origin that the widget's page has left, and never arrives.",
        expects: "The registered address is the one at which the widget ends up, not one that leads on to it.",
        source: "SDK issue 18",
        switches: &[("sync.wrong-origin", "true")],
    },
    Preset {
        name: "move-without-effect",
        what: "SET_WIDGET_URL has no effect: the widget's frame stays where it is.",
        expects: "The page that is left goes on working, and does not wait to be replaced.",
        source: "SDK issue 230",
        switches: &[("set-widget-url.drop", "true")],
    },
    Preset {
        name: "null-messages",
        what: "Another script posts null to the widget.",
        expects: "No error: HubSpot's SDK throws in its listener, once for each.",
        source: "the SDK's source",
        switches: &[("page.null-messages", "true")],
    },
];

impl Preset {
    /// The preset of this name.
    ///
    /// # Errors
    ///
    /// There is no such preset.
    pub fn find(name: &str) -> Result<&'static Self, SwitchError> {
        let found = PRESETS.iter().find(|preset| preset.name == name);
        found.ok_or_else(|| SwitchError::Preset {
            name: name.to_owned(),
            nearest: nearest(name, PRESETS.iter().map(|preset| preset.name)),
        })
    }

    /// Its switches.
    pub fn switches(&self) -> impl Iterator<Item = (&'static str, Value)> {
        // A value in the table that is not JSON would be read as a string; a test makes sure that
        // all are JSON.
        self.switches
            .iter()
            .map(|&(name, text)| (name, serde_json::from_str(text).unwrap_or(json!(text))))
    }

    /// Sets its switches, and turns off all others.
    ///
    /// # Errors
    ///
    /// One of them has no effect under `profile`; then nothing is changed.
    pub fn apply(&self, switches: &mut Switches, profile: Profile) -> Result<(), SwitchError> {
        let mut only = Switches::default();
        let own: Vec<_> = self.switches().collect();
        only.set(own.iter().map(|(name, value)| (*name, value)), profile)?;
        *switches = only;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_can_be_set_today() {
        for preset in PRESETS {
            let mut switches = Switches::default();
            preset.apply(&mut switches, Profile::V0_9).unwrap();
            assert_eq!(switches.on().count(), preset.switches.len());
        }
    }

    #[test]
    fn a_preset_has_a_name_or_is_an_error() {
        let message = Preset::find("engagement-fail").unwrap_err().to_string();
        assert_eq!(
            message,
            "there is no preset \"engagement-fail\"; did you mean engagement-fails?"
        );
    }
}
