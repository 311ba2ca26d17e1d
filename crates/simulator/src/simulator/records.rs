//! The widget's requests to show a record.

use serde_json::{Value, json};

use super::due::Due;
use super::{AnswerId, Fault, Go, RecordRequest, Simulator};
use crate::records::number;
use crate::simulator::due::Then;
use crate::{Record, RecordId};

impl Simulator {
    /// Shows the record once the call's engagement exists.
    pub(super) fn request_record(&mut self, request: RecordRequest, now: f64) {
        self.wants_record = Some(request);
        if !self.awaits_engagement {
            self.fulfil_wish(now);
        }
    }

    pub(super) fn fulfil_wish(&mut self, now: f64) {
        let Some(request) = self.wants_record.take() else {
            return;
        };
        if self
            .switches
            .fault(AnswerId::NavigateToRecord, Fault::Drop)
            .is_some()
        {
            self.log_own(
                "not-done",
                "NAVIGATE_TO_RECORD: switch navigate-to-record.drop",
            );
            return;
        }
        let record = RecordId::from_coordinates(&request.data["objectCoordinates"]);
        let record = record.filter(|id| Record::find(*id).is_some());
        let fails = self
            .switches
            .fault(AnswerId::NavigateToRecord, Fault::Fail)
            .is_some();
        let delay = self.delay_of(AnswerId::NavigateToRecord.row());
        if let (Some(record), false) = (record, fails) {
            self.schedule
                .at(now + delay, Due::Navigate { request, record });
            return;
        }
        let data = json!({
            "engagementId": self.engagement_of(&request),
            "objectCoordinates": request.data["objectCoordinates"],
        });
        self.answer(
            AnswerId::NavigateToRecord,
            request.frame,
            (Value::Null, Then::Nothing),
            (data, Then::Nothing),
            true,
            now,
        );
    }

    pub(super) fn navigate_now(&mut self, request: &RecordRequest, record: RecordId) {
        if request.data["openIn"] == "NEW_TAB" {
            self.go(Go {
                record: Some(record.to_string()),
                new_tab: true,
                ..Go::default()
            });
            return;
        }
        let engagement = self.engagement_of(request);
        self.open_record(record, engagement);
    }

    /// The current call's engagement, or the one that the widget names.
    fn engagement_of(&self, request: &RecordRequest) -> Option<u64> {
        let own = self.call.as_ref().and_then(|call| call.engagement_id);
        own.or_else(|| number(&request.data["engagementId"]))
    }
}
