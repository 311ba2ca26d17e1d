//! What is to happen later.

use serde_json::Value;

use super::Wish;
use crate::{AnswerId, RecordId};

/// Something that is to happen.
#[derive(Clone, Debug)]
pub(super) enum Due {
    /// The widget's frames are made.
    Mount,
    /// The frame's `load` is taken note of.
    Load { frame: usize },
    /// A frame's page is loaded anew.
    Reload { frame: usize },
    /// A frame shows another page.
    Source { frame: usize, url: String },
    /// A SYNC to a widget that is ready.
    SyncAgain { frame: usize },
    /// Another script posts null.
    Null,
    /// HubSpot says something.
    Say(Say),
    /// The widget's wish for a record is fulfilled.
    Navigate { wish: Wish, record: RecordId },
}

/// A message that HubSpot is about to send.
#[derive(Clone, Debug)]
pub(super) struct Say {
    /// Whose switches it obeys.
    pub(super) answer: AnswerId,
    /// To which frame; to all if `None`.
    pub(super) frame: Option<usize>,
    pub(super) kind: String,
    pub(super) data: Option<Value>,
    /// What has happened in HubSpot by then.
    pub(super) then: Then,
}

/// What happens in HubSpot when an answer is due, whether or not it arrives.
#[derive(Clone, Debug)]
pub(super) enum Then {
    /// Nothing.
    Nothing,
    /// The engagement of the running call exists.
    Created {
        engagement: u64,
        number: Option<String>,
        inbound: bool,
    },
    /// It could not be made.
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

/// What is to happen, in the order of its time; of one time, in the order in which it was asked
/// for.
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
