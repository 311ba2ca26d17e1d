//! How HubSpot reacts to the widget's messages.

use callscope_protocol::MessageType;
use serde_json::{Value, json};

use super::due::Due;
use super::{
    AnswerId, Fault, LinkView, RecordRequest, Setting, Simulator, Special, WindowView, address,
};
use crate::records::{anybody, matches};
use crate::simulator::due::Then;
use crate::{CallView, Record, RecordId, Stage};

impl Simulator {
    pub(super) fn react(&mut self, frame: usize, kind: MessageType, data: Value, now: f64) {
        match kind {
            MessageType::Initialized => {
                self.link = LinkView::Open;
                self.logged_in = Some(data["isLoggedIn"] == true);
                self.available = Some(data["isAvailable"] == true);
                self.resize(&data["sizeInfo"]);
            }
            MessageType::LoggedIn => self.logged_in = Some(true),
            MessageType::LoggedOut => {
                self.logged_in = Some(false);
                self.available = Some(false);
            }
            MessageType::UserAvailable => self.available = Some(true),
            MessageType::UserUnavailable => self.available = Some(false),
            MessageType::ResizeWidget => self.resize(&data),
            MessageType::OutgoingCallStarted => self.start_call(frame, false, &data, now),
            MessageType::IncomingCall => self.ring(frame, &data, now),
            MessageType::CallAnswered => self.set_stage(Stage::Answered, now),
            MessageType::CallEnded => self.end_call(&data, now),
            MessageType::CallTransferred => self.call = None,
            MessageType::CallCompleted => self.complete(frame, &data, now),
            MessageType::CallData => self.take_own_engagement(&data, now),
            MessageType::FinalizeEngagement => {
                self.finalize(AnswerId::FinalizeEngagement, frame, &data, now);
            }
            MessageType::PublishToChannel => {
                self.finalize(AnswerId::PublishToChannel, frame, &data, now);
            }
            MessageType::NavigateToRecord => {
                self.request_record(RecordRequest { frame, data }, now);
            }
            MessageType::SetWidgetUrl => self.move_widget(frame, &data, now),
            MessageType::Error => {
                if let Some(text) = data["message"].as_str() {
                    self.warn(text);
                }
            }
            _ => {}
        }
    }

    /// Applies a size that the widget asks for; a value that is not a number of pixels changes
    /// nothing.
    fn resize(&mut self, size: &Value) {
        let pixels = |value: &Value| {
            let text = value.as_str().map(|text| text.trim_end_matches("px"));
            let number = value.as_f64().or_else(|| text?.parse().ok())?;
            (number > 0.0 && number.is_finite()).then_some(number)
        };
        if let Some(width) = pixels(&size["width"]) {
            self.size.0 = width;
        }
        if let Some(height) = pixels(&size["height"]) {
            self.size.1 = height;
        }
    }

    fn set_stage(&mut self, stage: Stage, now: f64) {
        if let Some(call) = &mut self.call {
            call.stage = stage;
            call.since = now;
        }
    }

    fn ring(&mut self, frame: usize, data: &Value, now: f64) {
        if self.window != WindowView::Open {
            self.show_window(WindowView::Open, now);
        }
        if self.switches.special(Special::IncomingIgnored).is_some() {
            self.log_own("ignored", "INCOMING_CALL: switch incoming-call.ignored");
            return;
        }
        self.start_call(frame, true, data, now);
        let number = call_number(true, data).unwrap_or_default();
        let found = match self.switches.special(Special::Matches) {
            Some(Setting::Choice("none")) => Vec::new(),
            Some(Setting::Choice("one")) => anybody(1),
            Some(Setting::Choice(_)) => anybody(3),
            _ => matches(&number),
        };
        if let (Some(call), [only]) = (&mut self.call, found.as_slice()) {
            let record = RecordId::from_coordinates(&only["objectCoordinates"]);
            call.name = record.and_then(Record::find).map(|it| it.name.to_owned());
        }
        let error = json!({ "error": { "message": "The search for the caller failed" } });
        self.answer(
            AnswerId::CallerIdMatch,
            frame,
            (json!({ "callerIdMatches": found }), Then::Nothing),
            (error, Then::Nothing),
            false,
            now,
        );
    }

    fn start_call(&mut self, frame: usize, inbound: bool, data: &Value, now: f64) {
        let number = call_number(inbound, data);
        let dialed = self
            .call
            .take()
            .filter(|call| !inbound && call.stage == Stage::Dialed);
        let name = dialed.as_ref().and_then(|call| call.name.clone());
        let number = number.or_else(|| dialed?.number);
        self.call = Some(CallView {
            inbound,
            stage: Stage::Ringing,
            number: number.clone(),
            name,
            external_call_id: Some(data["externalCallId"].clone()).filter(|it| !it.is_null()),
            engagement_id: None,
            since: now,
        });
        if let Some(number) = &number {
            let digits = number.chars().filter(char::is_ascii_digit).count();
            let is_number = digits >= 4;
            let id = self.call_id();
            let error = if is_number {
                "The call id could not be made".to_owned()
            } else {
                format!("{number} is not a phone number")
            };
            self.answer(
                AnswerId::InitiateCallId,
                frame,
                (json!({ "callId": id }), Then::Nothing),
                (json!({ "error": { "message": error } }), Then::Nothing),
                !is_number,
                now,
            );
        }
        // Only the boolean: for the string "true", HubSpot is not known to create an engagement.
        if data["createEngagement"] == true {
            self.create_engagement(frame, inbound, number, now);
        }
    }

    /// HubSpot's id for a call; its real format is not known.
    fn call_id(&mut self) -> String {
        let number = self.mint();
        format!("{:08x}-{:04x}", self.seed & 0xffff_ffff, number & 0xffff)
    }

    pub(super) fn end_call(&mut self, data: &Value, now: f64) {
        self.set_stage(Stage::Ended, now);
        let engagement = self.call.as_ref().and_then(|call| call.engagement_id);
        let outcome = data["callEndStatus"].as_str().map(ToOwned::to_owned);
        if let Some(entry) = self.entry(engagement) {
            "Ended, not saved yet".clone_into(&mut entry.status);
            if outcome.is_some() {
                entry.outcome = outcome;
            }
        }
    }

    fn complete(&mut self, frame: usize, data: &Value, now: f64) {
        self.update_engagement(frame, data, now);
        self.call = None;
        if data["hideWidget"] == false {
            return;
        }
        if self.switches.special(Special::StaysOpen).is_some() {
            self.log_own("not-closed", "switch call-completed.stays-open");
            return;
        }
        self.loses_dial = true;
        self.show_window(WindowView::Closed, now);
    }

    fn move_widget(&mut self, frame: usize, data: &Value, now: f64) {
        // Read from where the SDK has put it since 0.8.0; the host has already read the top level.
        let url = data["iFrameUrl"].as_str().unwrap_or_default().to_owned();
        let delay = self.delay_of(AnswerId::SetWidgetUrl.row());
        if self
            .switches
            .fault(AnswerId::SetWidgetUrl, Fault::Drop)
            .is_some()
        {
            return;
        }
        let address = address(&url);
        let fails = self
            .switches
            .fault(AnswerId::SetWidgetUrl, Fault::Fail)
            .is_some();
        if let (Ok(url), false) = (address, fails) {
            self.schedule.at(now + delay, Due::Source { frame, url });
            return;
        }
        let error = json!({ "error": { "message": format!("{url:?} cannot be shown") } });
        self.answer(
            AnswerId::SetWidgetUrl,
            frame,
            (Value::Null, Then::Nothing),
            (error, Then::Nothing),
            true,
            now,
        );
    }
}

/// The other party's number, under any of its names.
fn call_number(inbound: bool, data: &Value) -> Option<String> {
    let new = if inbound { "fromNumber" } else { "toNumber" };
    let found = [new, "phoneNumber"]
        .into_iter()
        .find_map(|name| data[name].as_str().filter(|text| !text.is_empty()));
    found.map(ToOwned::to_owned)
}
