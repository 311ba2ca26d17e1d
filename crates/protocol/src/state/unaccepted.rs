//! A host that keeps sending `SYNC` although it was answered: it did not accept the answer.

use super::link::CROSSING;
use super::{AckMark, Asked, Mark, State, median_interval};
use crate::parsed_message::ParsedMessage;
use crate::{Millis, ids};

/// A host that still sends `SYNC` this long after the answer did not accept it.
const REFUSED: Millis = Millis(1_000.0);

/// If the time in an id differs from the time of receipt by more than this, it does not say when
/// the id was created.
const PLAUSIBLE: Millis = Millis(30_000.0);

/// The SDK sends `SYNC` every 100 ms; on a busy page, timers run late.
const USUAL_PACE: Millis = CROSSING;

/// Why the host is not ready although the widget has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unready {
    /// The `SYNC_ACK` that it did not accept.
    pub(crate) ack: u64,
    /// The id of that answer belongs to no `SYNC`.
    pub(crate) is_stray: bool,
}

impl State {
    /// The answer that the host evidently did not accept, because it keeps sending `SYNC` at its
    /// usual pace; if there are several in a row, the first.
    ///
    /// After a reload of the widget's page a new series begins instead: the host is silent until
    /// the iframe has loaded.
    pub(super) fn unaccepted_answer(&self, seen: &ParsedMessage<'_>) -> Option<Mark> {
        let answered = self.answered.as_ref().filter(|_| !self.closed)?;
        let asked = match answered.asked {
            Asked::Recorded | Asked::Before => ids::instance(&answered.sync_id),
            Asked::Missing => self.view.host_instance.as_deref(),
        };
        if asked
            .zip(seen.instance)
            .is_some_and(|(its, own)| its != own)
        {
            return None;
        }
        let sent = sent_at(seen);
        let last = self.last_asked.unwrap_or(answered.mark.at);
        let last = if last > answered.mark.at {
            last
        } else {
            answered.mark.at
        };
        let pace = self.known_pace(answered);
        let in_rhythm = sent - last <= pace;
        let first = answered.unaccepted.unwrap_or(answered.mark);
        match &self.syncing {
            Some(syncing) if syncing.unaccepted.is_some() => {
                syncing.unaccepted.filter(|_| in_rhythm)
            }
            // With a slow host, this shows only now.
            Some(syncing) => {
                let is_next = syncing.after_ready && !syncing.new_host;
                let pause = syncing.first.at - answered.mark.at;
                (is_next && in_rhythm && pause <= pace).then_some(first)
            }
            None => in_rhythm.then_some(first),
        }
    }

    /// The longest time between two `SYNC`s, seen before or after the answer.
    fn known_pace(&self, answered: &AckMark) -> Millis {
        let (before, after) = (answered.pace, self.pace());
        if after > before { after } else { before }
    }

    /// The answer that the host has certainly not accepted, as this `SYNC` shows, and the first in
    /// a row of such answers.
    pub(crate) fn refuses(&self, seen: &ParsedMessage<'_>) -> Option<(&AckMark, Mark)> {
        let first = self.unaccepted_answer(seen)?;
        let answered = self.answered.as_ref()?;
        // A SYNC without an id cannot be answered correctly: T14. During a gap the page may have
        // changed. A single SYNC is not a series.
        let excused = match &self.syncing {
            Some(syncing) => {
                // Also measured by the widget's clock, in case the host's was adjusted.
                let pause = syncing.first.at - answered.mark.at;
                let is_apart = pause > self.known_pace(answered) + CROSSING;
                syncing.interrupted || syncing.without_id.is_some() || is_apart
            }
            None => answered.unaccepted.is_none(),
        };
        // A host that is not ready sends nothing but SYNC.
        let has_spoken = self.last_spoke.is_some_and(|spoke| spoke > first.at);
        let is_long = sent_at(seen) - first.at >= REFUSED;
        (is_long && !excused && !has_spoken).then_some((answered, first))
    }

    /// Why the host is not ready, if a `SYNC_ACK` came.
    pub(crate) fn unready(&self) -> Option<Unready> {
        let syncing = self.syncing.as_ref()?;
        if syncing.without_id.is_some() {
            return None;
        }
        if let Some(ack) = syncing.mismatched {
            let is_stray = true;
            return Some(Unready { ack, is_stray });
        }
        let ack = syncing.unaccepted.filter(|_| syncing.is_refusal)?.seq;
        let asked = self.answered.as_ref().map(|answered| answered.asked);
        Some(Unready {
            ack,
            is_stray: asked == Some(Asked::Before),
        })
    }

    /// The origin that the host expects the widget at, and the message that set it.
    pub(super) fn expected_widget(&self) -> Option<(String, u64)> {
        let is_new_host = self
            .syncing
            .as_ref()
            .is_some_and(|syncing| syncing.new_host);
        if is_new_host {
            return None;
        }
        let answered = || {
            let origin = self.widget.expected_origin.clone()?;
            Some((origin, self.answered.as_ref()?.mark.seq))
        };
        // The host learned nothing from answers that it did not accept.
        let unaccepted = self.syncing.as_ref().and_then(|syncing| syncing.unaccepted);
        if let Some(answered) = self.answered.as_ref().filter(|_| unaccepted.is_some()) {
            return answered.expected.clone();
        }
        self.load.moved_to.clone().or_else(answered)
    }

    /// The longest time between two `SYNC`s of the host, as far as seen.
    pub(super) fn pace(&self) -> Millis {
        let minted = self.syncing.as_ref().map(|syncing| &syncing.minted);
        let interval = minted.and_then(|minted| median_interval(minted));
        let pace = interval.map_or(USUAL_PACE, |interval| Millis(interval * 1.5));
        // If the intervals make no sense, assume the usual pace.
        if pace > USUAL_PACE && pace <= PLAUSIBLE {
            pace
        } else {
            USUAL_PACE
        }
    }
}

/// When a message was sent: by its id, otherwise the time of receipt.
pub(super) fn sent_at(seen: &ParsedMessage<'_>) -> Millis {
    let minted = seen.id.and_then(ids::minted_at).map(Millis);
    let is_plausible = |minted: &Millis| {
        let off = (seen.at - *minted).0.abs();
        off <= PLAUSIBLE.0
    };
    minted.filter(is_plausible).unwrap_or(seen.at)
}
