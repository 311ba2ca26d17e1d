//! Sends HubSpot's messages, subject to the switches.

use callscope_protocol::{Location, MessageType, Millis};
use serde_json::{Value, json};

use super::due::{Due, Say, Then};
use super::{ELSEWHERE, Manner, Simulator};
use crate::{Answer, AnswerId, Fault, Output, Setting, SimulatorError, Speaker, Special};

impl Simulator {
    /// Sends a message on HubSpot's own initiative to all frames.
    pub(super) fn say(
        &mut self,
        answer: AnswerId,
        data: Option<Value>,
        now: f64,
    ) -> Result<(), SimulatorError> {
        let row = answer.row();
        let Some(kind) = row.sends else {
            return Ok(());
        };
        if !self.profile.sends(kind) {
            return Err(SimulatorError::NotInProfile {
                profile: self.profile.name(),
                kind: kind.name(),
            });
        }
        let data = data.map(|data| self.in_profile(kind, data));
        let say = Say {
            answer,
            frame: None,
            kind: kind.name().to_owned(),
            data,
            then: Then::Nothing,
        };
        self.say_later(row, say, now);
        Ok(())
    }

    /// Answers a frame, if this generation of HubSpot does.
    pub(super) fn answer(
        &mut self,
        answer: AnswerId,
        frame: usize,
        good: (Value, Then),
        bad: (Value, Then),
        must_fail: bool,
        now: f64,
    ) {
        let row = answer.row();
        let fails =
            row.faults.contains(&Fault::Fail) && self.switches.fault(answer, Fault::Fail).is_some();
        let (kind, (data, then)) = match (must_fail || fails, row.fails_with) {
            (true, Some(failure)) => (failure, bad),
            _ => match row.sends {
                Some(kind) => (kind, good),
                None => return,
            },
        };
        if !self.profile.sends(kind) {
            return;
        }
        let say = Say {
            answer,
            frame: Some(frame),
            kind: kind.name().to_owned(),
            data: Some(self.in_profile(kind, data)),
            then,
        };
        self.say_later(row, say, now);
    }

    /// A payload without the fields that this generation of HubSpot does not have.
    fn in_profile(&self, kind: MessageType, data: Value) -> Value {
        match data {
            Value::Object(fields) => {
                Value::Object(self.profile.only_its_fields(kind, Location::Data, fields))
            }
            other => other,
        }
    }

    pub(super) fn say_later(&mut self, row: &Answer, say: Say, now: f64) {
        let delay = self.delay_of(row);
        self.schedule.at(now + delay, Due::Say(say));
    }

    /// The delay of an answer, in milliseconds.
    pub(super) fn delay_of(&mut self, row: &Answer) -> f64 {
        match self.switches.fault(row.id, Fault::Delay) {
            Some(Setting::Millis(millis)) => millis,
            _ => row.delay_ms,
        }
    }

    pub(super) fn say_now(&mut self, say: Say, now: f64) {
        let manner = self.manner(say.answer);
        let frames = match say.frame {
            Some(frame) => frame..frame + 1,
            None => 0..self.frames.len(),
        };
        for frame in frames {
            self.send(frame, &say.kind, say.data.as_ref(), manner, now);
        }
        self.then(say.then, now);
    }

    fn manner(&mut self, answer: AnswerId) -> Manner {
        let mut is_on = |fault| self.switches.fault(answer, fault).is_some();
        Manner {
            copies: if is_on(Fault::Duplicate) { 2 } else { 1 },
            lost: is_on(Fault::Drop).then_some(answer.row().name),
            is_misaddressed: is_on(Fault::WrongOrigin),
        }
    }

    /// Has the SDK create the message, once for each copy.
    pub(super) fn send(
        &mut self,
        frame: usize,
        kind: &str,
        data: Option<&Value>,
        manner: Manner,
        now: f64,
    ) {
        for _ in 0..manner.copies {
            let Some(it) = self.frames.get_mut(frame) else {
                return;
            };
            match it.host.send_raw(kind, data.cloned().into(), Millis(now)) {
                Ok(()) => self.drain(frame, manner, now),
                Err(error) => {
                    self.log_own("not-sent", format!("{kind}: {error}"));
                    return;
                }
            }
        }
    }

    /// Posts a message that the SDK created, subject to the switches.
    pub(super) fn post(&mut self, frame: usize, target: &str, message: Value, manner: Manner) {
        let kind = message["type"].as_str().unwrap_or_default().to_owned();
        let (origin, note) = match manner {
            Manner {
                lost: Some(name), ..
            } => (target, Some(format!("not sent: switch {name}.drop"))),
            Manner {
                is_misaddressed: true,
                ..
            } => (
                ELSEWHERE,
                Some("addressed to another origin: not delivered".to_owned()),
            ),
            _ => (target, None),
        };
        self.outputs.push_back(Output::Log {
            from: Speaker::Host,
            r#type: kind,
            message: message.clone(),
            origin: Some(origin.to_owned()),
            note,
        });
        if manner.lost.is_none() {
            self.outputs.push_back(Output::Post {
                frame,
                target_origin: origin.to_owned(),
                message,
            });
        }
    }

    /// Posts a SYNC: once, or as a storm.
    pub(super) fn post_sync(&mut self, frame: usize, target: &str, message: &Value, now: f64) {
        let manner = self.manner(AnswerId::Sync);
        let count = match self.switches.special(Special::SyncStorm) {
            Some(Setting::Count(count)) => count as usize,
            _ => 1,
        };
        let own = message["messageId"].as_str().unwrap_or_default().to_owned();
        self.post(frame, target, message.clone(), manner);
        for index in 1..count.max(manner.copies) {
            let mut another = message.clone();
            let id = self.another_id(&own, index, now);
            another["messageId"] = json!(id);
            self.storm.insert(id, own.clone());
            self.post(frame, target, another, manner);
        }
    }

    /// An unused id of the same sender.
    fn another_id(&mut self, own: &str, index: usize, now: f64) -> String {
        let instance = own.split('_').next().unwrap_or_default();
        // The host's own ids follow the clock; these are an hour ahead and numbered.
        let number = now.floor() + 3_600_000.0 + index as f64 + self.mint() as f64 * 1_000.0;
        format!("{instance}_{number:.0}")
    }

    /// Sends SYNC to a widget that is ready, like a newly mounted host.
    pub(super) fn sync_again(&mut self, frame: usize, now: f64) {
        let Some(target) = self.widget_origin(frame) else {
            return;
        };
        let place = self.frames[frame].place;
        let mut message = json!({ "type": MessageType::Sync.name() });
        if let (Value::Object(fields), Some(object)) =
            (self.sync_fields(place), message.as_object_mut())
        {
            object.extend(fields);
        }
        message["hostUrl"] = json!(self.origin);
        let seed = self.mint();
        message["messageId"] = json!(format!(
            "{:.0}_{:.0}",
            now.floor() + seed as f64,
            now.floor()
        ));
        let manner = Manner {
            copies: 1,
            ..Manner::default()
        };
        self.post(frame, &target, message, manner);
    }
}
