//! What is known about a handshake: the `SYNC`s and their answers.

use std::sync::Arc;

use super::Mark;
use crate::{Link, Millis};

/// A `SYNC` that waits for its answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) id: String,
    pub(crate) mark: Mark,
}

/// A series of `SYNC`s that is not answered yet.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each with its doc"
)]
pub(crate) struct SyncLoop {
    pub(crate) first: Mark,
    pub(crate) last: Mark,
    pub(crate) count: u32,
    /// Since when earlier hosts have asked this page of the widget without an answer, and how often
    /// before this series.
    pub(super) asked_since: Millis,
    pub(super) asked_before: u32,
    /// It began while the widget was ready.
    pub(crate) after_ready: bool,
    /// It began while the widget was ready, and comes from another host than the one it was ready
    /// for.
    pub(crate) new_host: bool,
    /// The widget that was ready before has sent a message since: its page was not reloaded.
    pub(crate) widget_stayed: Option<Mark>,
    /// Some of its `SYNC`s may be missing.
    pub(crate) interrupted: bool,
    /// The first `SYNC_ACK` that answers none of these `SYNC`s.
    pub(crate) mismatched: Option<u64>,
    /// The `SYNC_ACK` after which the host kept sending `SYNC` as if none had come.
    pub(crate) unaccepted: Option<Mark>,
    /// It has lasted long enough to show that the host did not accept that answer.
    pub(crate) is_refusal: bool,
    /// The first `SYNC` without a `messageId`.
    pub(crate) without_id: Option<u64>,
    /// `hostUrl` of the first `SYNC`.
    pub(crate) host_url: Option<String>,
    /// The first `SYNC` had a `hostUrl`, whether or not it is a URL.
    pub(crate) has_host_url: bool,
    /// The origin of the first `SYNC`.
    pub(crate) origin: Arc<str>,
    /// When the first few were sent: by their ids, or as received if the ids do not say.
    pub(crate) minted: Vec<f64>,
    /// How many messages the widget had sent before the series began.
    pub(crate) widget_messages_before: u64,
    /// The widget's instance before the series began.
    pub(crate) widget_instance_before: Option<String>,
    /// The hosts that send `SYNC` now, and those that did until the series began.
    pub(super) hosts: Vec<String>,
    /// The link's state before the series.
    pub(super) link_before: Link,
}

impl SyncLoop {
    /// Enough to know the usual interval.
    pub(super) const MINTED: usize = 32;
    pub(super) const HOSTS: usize = 4;

    /// The link's state while the series lasts.
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

    /// When a host that uses the SDK gives up.
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
    /// It is the first that was recorded, and the `SYNC` that it answers was not.
    pub(crate) unseen: bool,
    /// What is known about the `SYNC` that it answers.
    pub(crate) asked: Asked,
    /// The origin that it came from.
    pub(crate) origin: Arc<str>,
    /// The origin that the host expected at the time, and the message that set it.
    pub(crate) expected: Option<(String, u64)>,
    /// The longest time between two `SYNC`s of the host.
    pub(super) pace: Millis,
    /// The first answer in a row of answers after each of which the host kept sending `SYNC`.
    pub(crate) unaccepted: Option<Mark>,
    /// The version of the SDK that it reports; `None` for the first commit and for other
    /// implementations.
    pub(crate) sdk: Option<String>,
}

/// What is known about the `SYNC` that a `SYNC_ACK` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It was recorded.
    Recorded,
    /// It is older than every recorded one.
    Before,
    /// It may lie in a gap or before the recording.
    Missing,
}

/// What a `SYNC_ACK` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ack {
    /// A `SYNC` of the current handshake: a page of the widget is ready.
    NewLoad,
    /// A `SYNC` of the handshake that this page has answered before.
    Again,
    /// No `SYNC` that the host sent.
    Stray,
    /// A `SYNC` that may not have been recorded.
    Unseen,
}

/// The median interval between successive times.
pub(crate) fn median_interval(times: &[f64]) -> Option<f64> {
    let mut intervals: Vec<f64> = times
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .collect();
    intervals.sort_by(f64::total_cmp);
    intervals.get(intervals.len() / 2).copied()
}
