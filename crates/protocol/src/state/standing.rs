//! What is known about whether a conversation's host syncs with its frame.

use super::State;
use crate::parsed_message::ParsedMessage;
use crate::{FrameStanding, Gap, GapReason, Link, Millis, Side};

/// How long a frame may speak before the host's first `SYNC`: a host sends it in the `load` event
/// of the frame (SDK, `IFrameManager`), and a page may speak while it still loads.
const TIME_TO_SYNC: Millis = Millis(5_000.0);

/// What [`FrameStanding`] is determined from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct StandingEvidence {
    /// When the widget sent its first message.
    spoke: Option<Millis>,
    /// [`TIME_TO_SYNC`] has passed since then.
    has_had_time: bool,
    /// The log has the line that starts the conversation.
    has_start: bool,
    /// A `SYNC` may be missing.
    is_doubtful: bool,
}

impl StandingEvidence {
    pub(crate) const fn start(&mut self) {
        self.has_start = true;
    }

    /// Notes the first message, and whether a gap before it may belong to any conversation.
    pub(crate) const fn begin(&mut self, is_after_gap: bool) {
        self.is_doubtful |= is_after_gap && !self.has_start;
    }

    /// Notes whether a gap may contain a `SYNC`.
    ///
    /// A recorder that drops its oldest messages keeps the start of a conversation and its first
    /// `SYNC` longest of all, and so does the export of a part of a session.
    pub(super) fn doubt(&mut self, gap: &Gap) {
        let spares_sync = match gap.why {
            GapReason::HalfMissing(side) => side == Side::Widget,
            GapReason::Evicted | GapReason::Cleared | GapReason::LeftOut { .. } => self.has_start,
            GapReason::BufferFull
            | GapReason::Paused
            | GapReason::LateStart
            | GapReason::PageLeft
            | GapReason::SenderGone
            | GapReason::Other(_) => false,
        };
        self.is_doubtful |= !spares_sync;
    }
}

impl State {
    /// Learns from a message; returns whether the host has now synced with the frame for the first
    /// time.
    pub(crate) fn learn_standing(&mut self, seen: &ParsedMessage<'_>) -> bool {
        match seen.from() {
            Side::Widget => {
                self.standing_evidence.spoke.get_or_insert(seen.at);
                false
            }
            // A message that the user posts is not from the host.
            Side::Host if seen.is_sync() && !seen.recorded.injected => self.sync_standing(),
            Side::Host => false,
        }
    }

    /// Notes that the host has synced with the frame; returns whether that is new.
    pub(crate) fn sync_standing(&mut self) -> bool {
        std::mem::replace(&mut self.view.standing, FrameStanding::Synced) != FrameStanding::Synced
    }

    /// The earliest time at which the frame can be called a stranger.
    pub(crate) fn standing_due(&self) -> Option<Millis> {
        let StandingEvidence {
            spoke,
            has_had_time,
            is_doubtful,
            ..
        } = self.standing_evidence;
        let is_open = self.view.standing != FrameStanding::Synced && !has_had_time && !is_doubtful;
        spoke.filter(|_| is_open).map(|spoke| spoke + TIME_TO_SYNC)
    }

    /// The host's time to sync is over.
    pub(crate) const fn end_time_to_sync(&mut self) {
        self.standing_evidence.has_had_time = true;
    }

    /// Until when the host of this conversation was seen to sync; infinite while the conversation
    /// lasts.
    pub(crate) fn synced_until(&self) -> Option<Millis> {
        match (self.view.standing, self.view.link) {
            (FrameStanding::Synced, Link::Closed { since, .. }) => Some(since),
            (FrameStanding::Synced, _) => Some(Millis(f64::INFINITY)),
            (FrameStanding::Unknown | FrameStanding::Stranger, _) => None,
        }
    }

    /// Sets the frame's standing, given the time until which its host's page was seen to sync with
    /// another frame, or was itself a frame that a host synced with.
    pub(crate) fn tell_standing(&mut self, synced_until: Option<Millis>) {
        let StandingEvidence {
            spoke: Some(spoke),
            has_had_time: true,
            is_doubtful: false,
            ..
        } = self.standing_evidence
        else {
            if self.view.standing == FrameStanding::Stranger {
                self.view.standing = FrameStanding::Unknown;
            }
            return;
        };
        // Once set, it holds until a `SYNC` or a doubt: pages do not all unload at the same time.
        if self.view.standing == FrameStanding::Unknown
            && synced_until.is_some_and(|it| it >= spoke)
        {
            self.view.standing = FrameStanding::Stranger;
        }
    }
}
