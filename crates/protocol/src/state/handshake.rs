//! What is known of a handshake: the questions, and the answers.

use super::Mark;
use crate::{Link, Millis};

/// A `SYNC` that waits for its answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) id: String,
    pub(crate) mark: Mark,
}

/// A run of `SYNC`s that is not answered yet.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each with its doc"
)]
pub(crate) struct SyncLoop {
    pub(crate) first: Mark,
    pub(crate) last: Mark,
    pub(crate) count: u32,
    /// Since when this page of the widget was asked without an answer, and how often before this
    /// run, by hosts that are gone.
    pub(super) asked_since: Millis,
    pub(super) asked_before: u32,
    /// It began while the widget was ready.
    pub(crate) after_ready: bool,
    /// It began while the widget was ready, and by another host than that one.
    pub(crate) new_host: bool,
    /// The widget that was ready before has spoken since: its page was not reloaded.
    pub(crate) widget_stayed: Option<Mark>,
    /// Some of its `SYNC`s may be missing.
    pub(crate) interrupted: bool,
    /// The first `SYNC_ACK` that answers none of it.
    pub(crate) mismatched: Option<u64>,
    /// The `SYNC_ACK` after which the host went on asking as if none had come.
    pub(crate) untaken: Option<Mark>,
    /// It has gone on for so long that it did not take that answer.
    pub(crate) is_refusal: bool,
    /// The first one without a `messageId`.
    pub(crate) without_id: Option<u64>,
    /// `hostUrl` of the first.
    pub(crate) host_url: Option<String>,
    /// The first had a `hostUrl`, whether or not it is a URL.
    pub(crate) has_host_url: bool,
    /// The origin of the first.
    pub(crate) origin: String,
    /// When they were minted, the first few; by their ids or, if those do not tell, as received.
    pub(crate) minted: Vec<f64>,
    /// How many messages the widget had sent before it began.
    pub(crate) widget_messages_before: u64,
    /// The widget's instance before it began.
    pub(crate) widget_instance_before: Option<String>,
    /// The hosts that ask, and those that did until it began.
    pub(super) hosts: Vec<String>,
    /// What the link was before.
    pub(super) link_before: Link,
}

impl SyncLoop {
    /// Enough to tell the usual distance.
    pub(super) const MINTED: usize = 32;
    pub(super) const HOSTS: usize = 4;

    /// What the link is while this goes on.
    pub(super) fn link_at(&self, now: Millis) -> Link {
        let (since, sync_count) = (self.first.at, self.count);
        // Each host gives up by its own clock.
        if now - since > Millis(30_000.0) {
            return Link::Failed { since, sync_count };
        }
        Link::Syncing {
            since: self.asked_since,
            sync_count: self.asked_before.saturating_add(sync_count),
        }
    }

    /// When the SDK's host gives up.
    pub(crate) fn deadline(&self) -> Millis {
        self.first.at + Millis(30_000.0)
    }
}

/// The handshake that made this load of the widget ready.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AckMark {
    pub(crate) mark: Mark,
    /// The id of the `SYNC` that it answered.
    pub(crate) sync_id: String,
    /// The first `SYNC` of the loop.
    pub(crate) first_sync: Option<Mark>,
    /// `hostUrl` of the loop's first `SYNC`.
    pub(crate) host_url: Option<String>,
    /// How many `SYNC`s it took.
    pub(crate) sync_count: u32,
    /// It is the first that was recorded, without the `SYNC` that it answers.
    pub(crate) unseen: bool,
    /// Why the host may not know the `SYNC` that it answers.
    pub(crate) asked: Asked,
    /// The origin that it came from.
    pub(crate) origin: String,
    /// The origin that the host expected then, and the frame that told it.
    pub(crate) expected: Option<(String, u64)>,
    /// The longest time that the host lets pass between two `SYNC`s.
    pub(super) pace: Millis,
    /// The first answer of a row, after each of which the host went on asking.
    pub(crate) untaken: Option<Mark>,
    /// The version of the SDK that it reports; `None` from the first commit and from another
    /// implementation.
    pub(crate) sdk: Option<String>,
}

/// What is known of the `SYNC` that a `SYNC_ACK` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It was recorded.
    Recorded,
    /// It is older than all that were.
    Before,
    /// It may lie in a gap or before the recording.
    Missing,
}

/// What a `SYNC_ACK` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ack {
    /// A `SYNC` of the handshake that goes on: a page of the widget is ready.
    NewLoad,
    /// A `SYNC` of the handshake that this page had answered already.
    Again,
    /// None that the host sent.
    Stray,
    /// One that was perhaps not recorded.
    Unseen,
}

/// The median of the distances between times.
pub(crate) fn median_interval(times: &[f64]) -> Option<f64> {
    let mut intervals: Vec<f64> = times
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .collect();
    intervals.sort_by(f64::total_cmp);
    intervals.get(intervals.len() / 2).copied()
}
