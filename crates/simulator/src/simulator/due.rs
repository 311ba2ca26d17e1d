//! Scheduled events.

use serde_json::Value;

use super::RecordRequest;
use crate::{AnswerId, RecordId};

/// A scheduled event.
#[derive(Clone, Debug)]
pub(super) enum Due {
    /// The widget's frames are created.
    Mount,
    /// A frame's `load` is processed.
    Load { frame: usize },
    /// A frame is reloaded.
    Reload { frame: usize },
    /// A frame shows another page.
    Source { frame: usize, url: String },
    /// SYNC is sent to a widget that is ready.
    SyncAgain { frame: usize },
    /// Another script posts null.
    Null,
    /// HubSpot sends a message.
    Say(Say),
    /// HubSpot shows the record that the widget asked for.
    Navigate {
        request: RecordRequest,
        record: RecordId,
    },
}

/// A message that HubSpot is about to send.
#[derive(Clone, Debug)]
pub(super) struct Say {
    /// The answer whose switches apply.
    pub(super) answer: AnswerId,
    /// The frame to send it to; `None` for all frames.
    pub(super) frame: Option<usize>,
    pub(super) kind: String,
    pub(super) data: Option<Value>,
    /// What will have happened in HubSpot by then.
    pub(super) then: Then,
}

/// What happens in HubSpot when an answer is due, whether or not the answer arrives.
#[derive(Clone, Debug)]
pub(super) enum Then {
    /// Nothing.
    Nothing,
    /// The engagement of the current call exists.
    Created {
        engagement: u64,
        number: Option<String>,
        inbound: bool,
    },
    /// It could not be created.
    NotCreated,
    /// The properties of an engagement are saved.
    Updated { engagement: u64, properties: Value },
    /// They could not be saved.
    NotUpdated { engagement: Option<u64> },
    /// The engagement is on the record's timeline.
    Finalized {
        engagement: Option<u64>,
        failed: bool,
    },
}

/// The scheduled events in the order of their times; at equal times, in the order in which they
/// were added.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    due: Vec<(f64, Due)>,
}

impl Schedule {
    pub(super) fn at(&mut self, time: f64, due: Due) {
        let place = self.due.partition_point(|(other, _)| *other <= time);
        self.due.insert(place, (time, due));
    }

    pub(super) fn next(&self) -> Option<f64> {
        self.due.first().map(|(time, _)| *time)
    }

    pub(super) fn take(&mut self, now: f64) -> Option<Due> {
        let is_due = self.next().is_some_and(|time| time <= now);
        is_due.then(|| self.due.remove(0).1)
    }
}
