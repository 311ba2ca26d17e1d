//! Carries out the acts of HubSpot's user.

use serde_json::{Value, json};

use super::due::Due;
use super::{
    Act, AnswerId, Go, Output, Record, RecordId, Setting, Simulator, SimulatorError, Special,
    WindowView, address,
};
use crate::records::{OWNER_ID, PORTAL_ID};
use crate::{CallView, LinkView, Phone, RecordKind, Stage};

impl Simulator {
    pub(super) fn act(&mut self, act: Act, now: f64) -> Result<(), SimulatorError> {
        match act {
            Act::Dial { number } => self.dial(number, now)?,
            Act::EndCall => {
                self.expect_ready()?;
                let running = self.call.as_ref();
                if running.is_none_or(|call| call.stage == Stage::Ended) {
                    return Err(SimulatorError::NoCall);
                }
                self.say(AnswerId::EndCall, None, now)?;
            }
            Act::Minimize => self.show_window(WindowView::Minimized, now),
            Act::Close => self.show_window(WindowView::Closed, now),
            Act::Restore | Act::Open => self.show_window(WindowView::Open, now),
            Act::OpenRecord { record } => {
                let id = RecordId::parse(&record).filter(|id| Record::find(*id).is_some());
                let id = id.ok_or(SimulatorError::NoRecord(record))?;
                self.open_record(id, self.live_engagement());
            }
            Act::ReloadWidget => self.reload_widget(now),
            Act::ReloadPage => self.go(Go {
                engagement: self.live_engagement(),
                ..Go::default()
            }),
            Act::SetCallState { data } => {
                self.expect_ready()?;
                self.say(AnswerId::SetCallState, data, now)?;
            }
            Act::Send { r#type, data } => {
                self.expect_ready()?;
                let manner = super::Manner {
                    copies: 1,
                    ..super::Manner::default()
                };
                for frame in 0..self.frames.len() {
                    self.send(frame, &r#type, data.as_ref(), manner, now);
                }
            }
            Act::SetProfile { profile } => self.go(Go {
                profile: Some(profile),
                ..Go::default()
            }),
            Act::SetPlace { place } => self.go(Go {
                place: Some(place),
                ..Go::default()
            }),
            Act::SetWidget { url } => {
                let widget = Some(address(&url)?);
                self.go(Go {
                    widget,
                    ..Go::default()
                });
            }
        }
        self.run_due(now);
        Ok(())
    }

    /// The engagement of a call in progress.
    fn live_engagement(&self) -> Option<u64> {
        let call = self.call.as_ref()?;
        let goes_on = matches!(call.stage, Stage::Ringing | Stage::Answered);
        call.engagement_id.filter(|_| goes_on)
    }

    pub(super) fn expect_ready(&self) -> Result<(), SimulatorError> {
        if self.frames.iter().any(|frame| frame.host.is_ready()) {
            Ok(())
        } else {
            Err(SimulatorError::NotReady)
        }
    }

    pub(super) fn go(&mut self, to: Go) {
        self.outputs.push_back(Output::Go { to });
    }

    fn reload_widget(&mut self, now: f64) {
        let delay = match self.switches.special(Special::SlowLoad) {
            Some(Setting::Millis(millis)) => millis,
            _ => 0.0,
        };
        for frame in 0..self.frames.len() {
            self.schedule.at(now + delay, Due::Reload { frame });
        }
    }

    /// Goes to a record: the page is reloaded, unless the widget is in a window of its own.
    pub(super) fn open_record(&mut self, id: RecordId, engagement: Option<u64>) {
        if self.place.has_window() {
            if let Some(record) = Record::find(id) {
                self.record = record;
            }
            return;
        }
        self.go(Go {
            record: Some(id.to_string()),
            engagement,
            ..Go::default()
        });
    }

    /// Shows, minimizes or closes the widget, and tells it so.
    pub(super) fn show_window(&mut self, window: WindowView, now: f64) {
        if self.window == window {
            return;
        }
        self.window = window;
        let data = json!({
            "isMinimized": window == WindowView::Minimized,
            "isHidden": window == WindowView::Closed,
        });
        // A widget that has not loaded yet is not told; HubSpot does the same.
        if self.expect_ready().is_ok() {
            // Every generation sends this message.
            _ = self.say(AnswerId::VisibilityChanged, Some(data), now);
        }
    }

    fn dial(&mut self, number: Option<String>, now: f64) -> Result<(), SimulatorError> {
        let number = match number {
            Some(number) => number,
            None => match self.record.phones.first() {
                Some(phone) => phone.number.to_owned(),
                None => return Err(SimulatorError::NoNumber(self.record.name)),
            },
        };
        if self.link == LinkView::NoWidget {
            self.warn("There is no calling app yet. Enter its address first.");
            return Ok(());
        }
        if self.expect_ready().is_err() {
            self.warn("The calling app is not connected. Wait until it has answered.");
            return Ok(());
        }
        if self.logged_in != Some(true) && self.switches.special(Special::DialLoggedOut).is_none() {
            self.warn("Log in to the calling app first, then click the number again.");
            return Ok(());
        }
        if self
            .call
            .as_ref()
            .is_some_and(|call| matches!(call.stage, Stage::Ringing | Stage::Answered))
        {
            self.warn("There is a call already. End it first.");
            return Ok(());
        }
        self.show_window(WindowView::Open, now);
        if std::mem::take(&mut self.loses_dial)
            && self.switches.special(Special::DialLostAfterHide).is_some()
        {
            self.log_own(
                "not-sent",
                "DIAL_NUMBER: switch dial-number.lost-after-hide",
            );
            return Ok(());
        }
        let phone = self.record.phones.iter().find(|it| it.number == number);
        let data = self.dial_payload(&number, phone, now);
        self.say(AnswerId::DialNumber, Some(data), now)?;
        self.call = Some(CallView {
            inbound: false,
            stage: Stage::Dialed,
            name: phone.map(|phone| self.owner_of(phone).name.to_owned()),
            number: Some(number),
            external_call_id: None,
            engagement_id: None,
            since: now,
        });
        Ok(())
    }

    /// The record that a phone number of the open record belongs to.
    fn owner_of(&self, phone: &Phone) -> &'static Record {
        phone.of.and_then(Record::find).unwrap_or(self.record)
    }

    fn dial_payload(&mut self, number: &str, phone: Option<&Phone>, now: f64) -> Value {
        let record = self.record.id;
        let callee = phone.map_or(record, |phone| self.owner_of(phone).id);
        let mut data = json!({
            "phoneNumber": number,
            "ownerId": OWNER_ID,
            "subjectId": record.id,
            "objectId": record.id,
            "objectType": if record.kind == RecordKind::Company { "COMPANY" } else { "CONTACT" },
            "portalId": PORTAL_ID,
            "countryCode": phone.map_or("", |phone| phone.country),
            "calleeInfo": {
                "calleeId": callee.id,
                "calleeObjectTypeId": callee.kind.object_type_id(),
            },
            "startTimestamp": now.floor(),
            "toPhoneNumberSrc": phone.map_or("", |phone| phone.property),
        });
        let zero = self.switches.special(Special::ObjectIdZero).is_some();
        if record.kind == RecordKind::Ticket || zero {
            data["objectId"] = json!(0);
            if let Some(fields) = data.as_object_mut() {
                fields.shift_remove("objectType");
            }
        }
        if self.switches.special(Special::ObjectIdOther).is_some() {
            let other = super::RECORDS
                .iter()
                .find(|it| it.id != record && it.id != callee);
            data["objectId"] = json!(other.map_or(record.id, |it| it.id.id));
        }
        data
    }
}
