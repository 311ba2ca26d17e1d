//! What HubSpot stores about calls: engagements, and their entries in the activity list.

use serde_json::{Value, json};

use super::{AnswerId, Simulator};
use crate::records::number;
use crate::simulator::due::{Due, Say, Then};
use crate::{Activity, Fault};

impl Simulator {
    pub(super) fn entry(&mut self, engagement: Option<u64>) -> Option<&mut Activity> {
        let engagement = engagement?;
        (self.activity.iter_mut()).find(|entry| entry.engagement_id == engagement)
    }

    pub(super) fn create_engagement(
        &mut self,
        frame: usize,
        inbound: bool,
        other: Option<String>,
        now: f64,
    ) {
        let engagement = self.new_engagement();
        let data = json!({ "engagementId": engagement });
        let created = Then::Created {
            engagement,
            number: other,
            inbound,
        };
        let error = json!({ "error": { "message": "The engagement could not be created" } });
        self.awaits_engagement = true;
        let fails = self.switches.is_on(crate::SwitchId::Answer(
            AnswerId::CreateEngagement,
            Fault::Fail,
        ));
        if AnswerId::CreateEngagement.is_sent_by(self.profile) {
            self.answer(
                AnswerId::CreateEngagement,
                frame,
                (data.clone(), created),
                (error, Then::NotCreated),
                false,
                now,
            );
        } else if AnswerId::EngagementCreated.is_sent_by(self.profile) {
            // The first form of the message, which cannot report a failure.
            self.then_later(created, AnswerId::EngagementCreated, now);
        } else {
            self.awaits_engagement = false;
            return;
        }
        if !fails && AnswerId::EngagementCreated.is_sent_by(self.profile) {
            let say = Say {
                answer: AnswerId::EngagementCreated,
                frame: Some(frame),
                kind: "ENGAGEMENT_CREATED".to_owned(),
                data: Some(data),
                then: Then::Nothing,
            };
            self.say_later(AnswerId::EngagementCreated.row(), say, now);
        }
    }

    /// Schedules what happens in HubSpot when the answer that reports it is due.
    fn then_later(&mut self, then: Then, answer: AnswerId, now: f64) {
        let delay = self.delay_of(answer.row());
        let say = Say {
            answer,
            frame: Some(usize::MAX),
            kind: String::new(),
            data: None,
            then,
        };
        self.schedule.at(now + delay, Due::Say(say));
    }

    pub(super) fn update_engagement(&mut self, frame: usize, data: &Value, now: f64) {
        let properties = data["engagementProperties"].clone();
        if properties.is_null() {
            return;
        }
        let engagement = number(&data["engagementId"]);
        let is_known = self.entry(engagement).is_some();
        let error = match engagement {
            Some(id) => format!("There is no engagement {id}"),
            None => "CALL_COMPLETED names no engagement".to_owned(),
        };
        self.answer(
            AnswerId::UpdateEngagement,
            frame,
            (
                json!({ "engagementId": engagement }),
                Then::Updated {
                    engagement: engagement.unwrap_or_default(),
                    properties,
                },
            ),
            (
                json!({ "error": { "message": error } }),
                Then::NotUpdated { engagement },
            ),
            !is_known,
            now,
        );
    }

    pub(super) fn finalize(&mut self, answer: AnswerId, frame: usize, data: &Value, now: f64) {
        let engagement = number(&data["engagementId"]);
        let ids = json!({
            "engagementId": data["engagementId"],
            "externalCallId": data["externalCallId"],
        });
        let is_known = self.entry(engagement).is_some();
        let then = |failed| Then::Finalized { engagement, failed };
        self.answer(
            answer,
            frame,
            (ids.clone(), then(false)),
            (ids, then(true)),
            !is_known,
            now,
        );
    }

    /// Before 0.0.10, the widget created the engagement itself, and named it in `CALL_DATA`.
    pub(super) fn take_own_engagement(&mut self, data: &Value, now: f64) {
        if let Some(engagement) = number(&data["engagementId"]) {
            let call = self.call.as_ref();
            let other = call.and_then(|call| call.number.clone());
            let inbound = call.is_some_and(|call| call.inbound);
            self.add_entry(engagement, other.as_deref(), inbound, now);
        }
    }

    fn add_entry(&mut self, engagement: u64, other: Option<&str>, inbound: bool, now: f64) {
        if let Some(call) = &mut self.call {
            call.engagement_id = Some(engagement);
        }
        if self.entry(Some(engagement)).is_some() {
            return;
        }
        let entry = Activity {
            engagement_id: engagement,
            title: format!("Call with {}", other.unwrap_or("an unknown number")),
            body: None,
            status: "In progress".to_owned(),
            outcome: None,
            duration_ms: None,
            recording_url: None,
            inbound,
            at: now,
        };
        self.activity.insert(0, entry);
    }

    pub(super) fn then(&mut self, then: Then, now: f64) {
        match then {
            Then::Nothing => {}
            Then::Created {
                engagement,
                number,
                inbound,
            } => {
                self.awaits_engagement = false;
                self.add_entry(engagement, number.as_deref(), inbound, now);
                self.fulfil_wish(now);
            }
            Then::NotCreated => {
                self.awaits_engagement = false;
                self.fulfil_wish(now);
            }
            Then::Updated {
                engagement,
                properties,
            } => self.save(engagement, &properties),
            Then::NotUpdated { engagement } => {
                if let Some(entry) = self.entry(engagement) {
                    "Not saved: the update failed".clone_into(&mut entry.status);
                }
            }
            Then::Finalized { engagement, failed } => {
                if let Some(entry) = self.entry(engagement) {
                    let status = if failed { "Not finalized" } else { "Finalized" };
                    status.clone_into(&mut entry.status);
                }
            }
        }
    }

    fn save(&mut self, engagement: u64, properties: &Value) {
        let text = |name: &str| {
            let value = properties[name].as_str().filter(|text| !text.is_empty());
            value.map(ToOwned::to_owned)
        };
        let duration = &properties["hs_call_duration"];
        let duration = duration
            .as_f64()
            .or_else(|| duration.as_str()?.parse().ok());
        let (title, body) = (text("hs_call_title"), text("hs_call_body"));
        let (outcome, recording) = (text("hs_call_status"), text("hs_call_recording_url"));
        let Some(entry) = self.entry(Some(engagement)) else {
            return;
        };
        "Saved".clone_into(&mut entry.status);
        entry.title = title.unwrap_or_else(|| entry.title.clone());
        entry.body = body;
        entry.outcome = outcome.or_else(|| entry.outcome.take());
        entry.duration_ms = duration;
        entry.recording_url = recording;
    }
}
