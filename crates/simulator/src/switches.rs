//! The switches: everything that the page can be made to do wrong, by name.
//!
//! Setting a switch that has no effect is an error: one that does not exist, one with an invalid
//! value, or one for a message that the chosen generation of HubSpot does not send.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use callscope_protocol::MessageType;
use serde_json::{Value, json};
use thiserror::Error;

use crate::{ANSWERS, AnswerId, Certainty, Fault, Profile};

/// The effect of a switch that does not belong to a single answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the rows of the table describe them")]
pub enum Special {
    SlowLoad,
    Twice,
    SyncStorm,
    SyncAfterReady,
    HostUrlSlash,
    NoHostUrl,
    NullMessages,
    ObjectIdZero,
    ObjectIdOther,
    DialLoggedOut,
    DialLostAfterHide,
    Matches,
    IncomingIgnored,
    StaysOpen,
}

/// The values that a switch can have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SwitchKind {
    /// On or off.
    Flag,
    /// A time in milliseconds.
    Millis,
    /// A count, from 1 up to this.
    Count(u32),
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// What a switch controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SwitchId {
    /// A fault of one answer.
    Answer(AnswerId, Fault),
    /// A special effect.
    Special(Special),
}

/// A row in the table of switches.
#[derive(Clone, Debug)]
pub struct SwitchRow {
    /// The id of the row.
    pub id: SwitchId,
    /// `create-engagement.fail`.
    pub name: String,
    /// The values that it can have.
    pub kind: SwitchKind,
    /// What it does, in one sentence.
    pub what: String,
    /// What the chosen profile must have for the switch to have an effect.
    needs: Option<Needs>,
    /// How certain it is that HubSpot does this, if the switch plays something that HubSpot does.
    pub certainty: Certainty,
}

#[derive(Clone, Copy, Debug)]
enum Needs {
    /// HubSpot must send this message.
    Sent(MessageType),
    /// HubSpot must react to this message.
    Known(MessageType),
    /// SYNC must have `hostUrl`, which older pages do not send.
    HostUrl,
}

struct SpecialRow {
    id: Special,
    name: &'static str,
    kind: SwitchKind,
    what: &'static str,
    needs: Option<Needs>,
    certainty: Certainty,
}

/// The longest delay, in milliseconds: an hour.
const MOST_MILLIS: f64 = 3_600_000.0;
/// The largest number of SYNCs at once.
const MOST_SYNCS: u32 = 1_000;

const SPECIALS: &[SpecialRow] = &[
    SpecialRow {
        id: Special::SlowLoad,
        name: "widget.slow-load",
        kind: SwitchKind::Millis,
        what: "The widget's frame begins to load so many milliseconds late.",
        needs: None,
        certainty: Certainty::Own,
    },
    SpecialRow {
        id: Special::Twice,
        name: "widget.twice",
        kind: SwitchKind::Flag,
        what: "The widget is mounted twice: two frames, each with a conversation of its own.",
        needs: None,
        certainty: Certainty::Own,
    },
    SpecialRow {
        id: Special::SyncStorm,
        name: "sync.storm",
        kind: SwitchKind::Count(MOST_SYNCS),
        what: "So many SYNCs at once in place of each one.",
        needs: None,
        certainty: Certainty::Own,
    },
    SpecialRow {
        id: Special::SyncAfterReady,
        name: "sync.after-ready",
        kind: SwitchKind::Flag,
        what: "A host that was mounted anew sends SYNC to a widget that is ready, which never answers it.",
        needs: None,
        certainty: Certainty::Observed,
    },
    SpecialRow {
        id: Special::HostUrlSlash,
        name: "sync.host-url-slash",
        kind: SwitchKind::Flag,
        what: "hostUrl ends in a slash: the SDK then takes no later message for HubSpot's.",
        needs: Some(Needs::HostUrl),
        certainty: Certainty::Own,
    },
    SpecialRow {
        id: Special::NoHostUrl,
        name: "sync.no-host-url",
        kind: SwitchKind::Flag,
        what: "SYNC has no hostUrl: the SDK falls back to the referrer.",
        needs: Some(Needs::HostUrl),
        certainty: Certainty::Own,
    },
    SpecialRow {
        id: Special::NullMessages,
        name: "page.null-messages",
        kind: SwitchKind::Flag,
        what: "Another script of the page posts null to the widget every second, which makes the SDK's listener throw.",
        needs: None,
        certainty: Certainty::Own,
    },
    SpecialRow {
        id: Special::ObjectIdZero,
        name: "dial-number.object-id-zero",
        kind: SwitchKind::Flag,
        what: "DIAL_NUMBER has objectId 0 and no objectType, as from a ticket.",
        needs: None,
        certainty: Certainty::Observed,
    },
    SpecialRow {
        id: Special::ObjectIdOther,
        name: "dial-number.object-id-other",
        kind: SwitchKind::Flag,
        what: "DIAL_NUMBER's objectId is another record than the one whose number it is.",
        needs: None,
        certainty: Certainty::Observed,
    },
    SpecialRow {
        id: Special::DialLoggedOut,
        name: "dial-number.logged-out",
        kind: SwitchKind::Flag,
        what: "DIAL_NUMBER is sent although the widget is logged out, in place of the alert.",
        needs: None,
        certainty: Certainty::Own,
    },
    SpecialRow {
        id: Special::DialLostAfterHide,
        name: "dial-number.lost-after-hide",
        kind: SwitchKind::Flag,
        what: "The first DIAL_NUMBER after CALL_COMPLETED has closed the widget is never sent.",
        needs: Some(Needs::Known(MessageType::CallCompleted)),
        certainty: Certainty::Observed,
    },
    SpecialRow {
        id: Special::Matches,
        name: "caller-id-match.matches",
        kind: SwitchKind::Choice(&["none", "one", "several"]),
        what: "How many records match the caller, whoever calls.",
        needs: Some(Needs::Sent(MessageType::CallerIdMatchSucceeded)),
        certainty: Certainty::Own,
    },
    SpecialRow {
        id: Special::IncomingIgnored,
        name: "incoming-call.ignored",
        kind: SwitchKind::Flag,
        what: "HubSpot ignores INCOMING_CALL, as for an app without supportsInboundCalling.",
        needs: Some(Needs::Sent(MessageType::CallerIdMatchSucceeded)),
        certainty: Certainty::Observed,
    },
    SpecialRow {
        id: Special::StaysOpen,
        name: "call-completed.stays-open",
        kind: SwitchKind::Flag,
        what: "CALL_COMPLETED does not close the widget, whatever hideWidget says.",
        needs: Some(Needs::Known(MessageType::CallCompleted)),
        certainty: Certainty::Observed,
    },
];

/// All switches: each fault of each answer, then the special ones.
pub static SWITCHES: LazyLock<Vec<SwitchRow>> = LazyLock::new(|| {
    let answers = ANSWERS.iter().flat_map(|answer| {
        answer.faults.iter().map(|&fault| {
            let what = match (fault, answer.sends, answer.fails_with) {
                (Fault::Delay, _, _) => format!(
                    "Its delay in milliseconds, in place of {} ms.",
                    answer.delay_ms
                ),
                (Fault::Fail, _, Some(failure)) => format!("{failure} comes in its place."),
                (Fault::Drop, None, Some(failure)) => {
                    format!("Nothing happens, and {failure} does not come either.")
                }
                (Fault::Drop, ..) => "It never arrives.".to_owned(),
                (Fault::Duplicate, ..) => "It comes twice, each with a messageId of its own.".to_owned(),
                (Fault::WrongOrigin, ..) => {
                    "It is addressed to another origin than the widget's; the browser does not deliver it."
                        .to_owned()
                }
                (Fault::Fail, _, None) => String::new(),
            };
            SwitchRow {
                id: SwitchId::Answer(answer.id, fault),
                name: format!("{}.{}", answer.name, fault.name()),
                kind: if fault == Fault::Delay {
                    SwitchKind::Millis
                } else {
                    SwitchKind::Flag
                },
                what,
                needs: answer.sends.or(answer.fails_with).map(Needs::Sent),
                certainty: Certainty::Own,
            }
        })
    });
    let specials = SPECIALS.iter().map(|row| SwitchRow {
        id: SwitchId::Special(row.id),
        name: row.name.to_owned(),
        kind: row.kind,
        what: row.what.to_owned(),
        needs: row.needs,
        certainty: row.certainty,
    });
    answers.chain(specials).collect()
});

impl SwitchRow {
    /// The row with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        SWITCHES.iter().find(|row| row.name == name)
    }

    /// Why it has no effect under a profile; `None` if it has one.
    #[must_use]
    pub fn idle_under(&self, profile: Profile) -> Option<String> {
        let (needs, verb) = match self.needs? {
            Needs::Sent(kind) if !profile.sends(kind) => (kind.name(), "send"),
            Needs::Known(kind) if !profile.knows(kind) => (kind.name(), "know"),
            Needs::HostUrl if profile == Profile::Seed => ("hostUrl", "send"),
            _ => return None,
        };
        Some(format!(
            "HubSpot of profile {} does not {verb} {needs}",
            profile.name()
        ))
    }
}

/// Why a switch cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SwitchError {
    /// There is no switch with this name.
    #[error("there is no switch {name:?}{}", hint(.nearest.as_deref()))]
    Unknown {
        /// The name as it was given.
        name: String,
        /// The name that was probably meant.
        nearest: Option<String>,
    },
    /// The value is invalid for the switch.
    #[error("switch {name} takes {takes}, not {value}")]
    Value {
        /// The switch.
        name: String,
        /// The valid values, in words.
        takes: String,
        /// The value as it was given.
        value: String,
    },
    /// The switch has no effect.
    #[error("switch {name} would match nothing: {why}; choose another profile or leave it out")]
    Idle {
        /// The switch.
        name: String,
        /// The reason.
        why: String,
    },
    /// There is no preset with this name.
    #[error("there is no preset {name:?}{}", hint(.nearest.as_deref()))]
    Preset {
        /// The name as it was given.
        name: String,
        /// The name that was probably meant.
        nearest: Option<String>,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "; `callscope simulate --list` names all of them".to_owned(),
        |name| format!("; did you mean {name}?"),
    )
}

/// The most similar name, if any is similar enough.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    const LIKE: f64 = 0.7;
    names
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(like, _)| *like >= LIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known.to_owned())
}

impl SwitchKind {
    fn takes(self) -> String {
        match self {
            Self::Flag => "true or false".to_owned(),
            Self::Millis => format!("milliseconds from 0 to {MOST_MILLIS}"),
            Self::Count(most) => format!("a count from 1 to {most}"),
            Self::Choice(words) => words.join(", "),
        }
    }

    /// The value to store; `None` if it turns the switch off.
    fn read(self, value: &Value) -> Result<Option<Setting>, ()> {
        match (self, value) {
            (_, Value::Null) | (Self::Flag, Value::Bool(false)) => Ok(None),
            (Self::Flag, Value::Bool(true)) => Ok(Some(Setting::On)),
            (Self::Millis, Value::Number(number)) => {
                let millis = number
                    .as_f64()
                    .filter(|it| (0.0..=MOST_MILLIS).contains(it));
                millis.map(|it| Some(Setting::Millis(it))).ok_or(())
            }
            (Self::Count(most), Value::Number(number)) => {
                let count = number.as_u64().and_then(|it| u32::try_from(it).ok());
                let count = count.filter(|it| (1..=most).contains(it));
                count.map(|it| Some(Setting::Count(it))).ok_or(())
            }
            (Self::Choice(words), Value::String(word)) => {
                let word = words.iter().find(|it| *it == word);
                word.map(|it| Some(Setting::Choice(it))).ok_or(())
            }
            _ => Err(()),
        }
    }
}

/// The value of a switch that is on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setting {
    /// On.
    On,
    /// Milliseconds.
    Millis(f64),
    /// A count.
    Count(u32),
    /// A word.
    Choice(&'static str),
}

impl Setting {
    /// The value in the form that [`Switches::set`] accepts.
    #[must_use]
    pub fn to_json(self) -> Value {
        match self {
            Self::On => json!(true),
            // Whole milliseconds are written without a fraction.
            #[expect(clippy::cast_possible_truncation, reason = "at most an hour")]
            Self::Millis(millis) if millis.fract() == 0.0 => json!(millis as i64),
            Self::Millis(millis) => json!(millis),
            Self::Count(count) => json!(count),
            Self::Choice(word) => json!(word),
        }
    }
}

/// The switches that are on, and which of them have had an effect.
#[derive(Clone, Debug, Default)]
pub struct Switches {
    on: BTreeMap<SwitchId, (Setting, bool)>,
}

impl Switches {
    /// Sets switches by name; null and false turn a switch off.
    ///
    /// # Errors
    ///
    /// One of them is unknown, has an invalid value, or has no effect under `profile`; then nothing
    /// is changed.
    pub fn set<'a>(
        &mut self,
        settings: impl IntoIterator<Item = (&'a str, &'a Value)>,
        profile: Profile,
    ) -> Result<(), SwitchError> {
        let mut on = self.on.clone();
        for (name, value) in settings {
            let row = SwitchRow::find(name).ok_or_else(|| SwitchError::Unknown {
                name: name.to_owned(),
                nearest: nearest(name, SWITCHES.iter().map(|row| row.name.as_str())),
            })?;
            let setting = row.kind.read(value).map_err(|()| SwitchError::Value {
                name: name.to_owned(),
                takes: row.kind.takes(),
                value: value.to_string(),
            })?;
            match setting {
                None => {
                    on.remove(&row.id);
                }
                Some(setting) => {
                    if let Some(why) = row.idle_under(profile) {
                        let name = name.to_owned();
                        return Err(SwitchError::Idle { name, why });
                    }
                    on.insert(row.id, (setting, false));
                }
            }
        }
        self.on = on;
        Ok(())
    }

    /// Parses `NAME:VALUE`, or `NAME` for a switch that can only be on or off.
    ///
    /// # Errors
    ///
    /// As for [`set`](Self::set).
    pub fn set_text(&mut self, text: &str, profile: Profile) -> Result<(), SwitchError> {
        let (name, value) = text.split_once([':', '=']).unwrap_or((text, "true"));
        // A value that is not JSON is a string.
        let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
        self.set([(name, &value)], profile)
    }

    /// Turns all switches off.
    pub fn reset(&mut self) {
        self.on.clear();
    }

    /// The value of an answer's fault; counts it as having had an effect.
    pub(crate) fn fault(&mut self, answer: AnswerId, fault: Fault) -> Option<Setting> {
        self.meet(SwitchId::Answer(answer, fault))
    }

    /// The value of a special switch; counts it as having had an effect.
    pub(crate) fn special(&mut self, special: Special) -> Option<Setting> {
        self.meet(SwitchId::Special(special))
    }

    /// Whether a switch is on, without counting it as having had an effect.
    pub(crate) fn is_on(&self, id: SwitchId) -> bool {
        self.on.contains_key(&id)
    }

    fn meet(&mut self, id: SwitchId) -> Option<Setting> {
        let (setting, met) = self.on.get_mut(&id)?;
        *met = true;
        Some(*setting)
    }

    /// The switches that are on: the name, the value, and whether it has had an effect.
    pub fn on(&self) -> impl Iterator<Item = (&'static str, Setting, bool)> {
        SWITCHES.iter().filter_map(|row| {
            let (setting, met) = self.on.get(&row.id)?;
            Some((row.name.as_str(), *setting, *met))
        })
    }

    /// The switches that are on and have had no effect yet.
    #[must_use]
    pub fn unmet(&self) -> Vec<&'static str> {
        let unmet = self.on().filter(|(_, _, met)| !met);
        unmet.map(|(name, ..)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn set(text: &str, profile: Profile) -> String {
        let mut switches = Switches::default();
        match switches.set_text(text, profile) {
            Ok(()) => {
                let on = switches.on();
                let on = on.map(|(name, setting, _)| format!("{name} = {}", setting.to_json()));
                on.collect::<Vec<_>>().concat()
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_switch_that_matches_nothing_is_an_error() {
        let tried = [
            ("create-engagement.fail", Profile::V0_9),
            ("create-engagement.delay:5000", Profile::V0_9),
            ("caller-id-match.matches:several", Profile::V0_9),
            ("sync.storm:20", Profile::Seed),
            ("create-engagment.fail", Profile::V0_9),
            ("dial-number.fail", Profile::V0_9),
            ("quality", Profile::V0_9),
            ("create-engagement.fail:7", Profile::V0_9),
            ("create-engagement.delay:soon", Profile::V0_9),
            ("create-engagement.delay:-1", Profile::V0_9),
            ("sync.storm:0", Profile::V0_9),
            ("caller-id-match.matches:two", Profile::V0_9),
            ("caller-id-match.fail", Profile::V0_2),
            ("call-completed.stays-open", Profile::Seed),
            ("sync.no-host-url", Profile::Seed),
        ];
        let said = tried.map(|(text, profile)| {
            format!("{text} under {}: {}\n", profile.name(), set(text, profile))
        });
        expect![[r#"
            create-engagement.fail under 0.9: create-engagement.fail = true
            create-engagement.delay:5000 under 0.9: create-engagement.delay = 5000
            caller-id-match.matches:several under 0.9: caller-id-match.matches = "several"
            sync.storm:20 under seed: sync.storm = 20
            create-engagment.fail under 0.9: there is no switch "create-engagment.fail"; did you mean create-engagement.fail?
            dial-number.fail under 0.9: there is no switch "dial-number.fail"; did you mean dial-number.delay?
            quality under 0.9: there is no switch "quality"; `callscope simulate --list` names all of them
            create-engagement.fail:7 under 0.9: switch create-engagement.fail takes true or false, not 7
            create-engagement.delay:soon under 0.9: switch create-engagement.delay takes milliseconds from 0 to 3600000, not "soon"
            create-engagement.delay:-1 under 0.9: switch create-engagement.delay takes milliseconds from 0 to 3600000, not -1
            sync.storm:0 under 0.9: switch sync.storm takes a count from 1 to 1000, not 0
            caller-id-match.matches:two under 0.9: switch caller-id-match.matches takes none, one, several, not "two"
            caller-id-match.fail under 0.2: switch caller-id-match.fail would match nothing: HubSpot of profile 0.2 does not send CALLER_ID_MATCH_SUCCEEDED; choose another profile or leave it out
            call-completed.stays-open under seed: switch call-completed.stays-open would match nothing: HubSpot of profile seed does not know CALL_COMPLETED; choose another profile or leave it out
            sync.no-host-url under seed: switch sync.no-host-url would match nothing: HubSpot of profile seed does not send hostUrl; choose another profile or leave it out
        "#]].assert_eq(&said.concat());
    }

    #[test]
    fn nothing_changes_if_one_is_wrong() {
        let mut switches = Switches::default();
        let settings = [
            ("end-call.drop", &json!(true)),
            ("end-call.x", &json!(true)),
        ];
        assert!(switches.set(settings, Profile::V0_9).is_err());
        assert_eq!(switches.on().count(), 0);
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = SWITCHES.iter().map(|row| &row.name).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(SWITCHES.iter().all(|row| row.what.ends_with('.')));
    }
}
