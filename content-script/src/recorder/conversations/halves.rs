//! Conversations of which one half has not been heard.
//!
//! A frame that receives no calling-extension traffic runs no tap: for example an ad that only sends
//! forged messages, or a host that gets no answer. Its content script is requested, so that silence
//! is not mistaken for messages that could not be recorded.

use callscope_protocol::{GapReason, Side};

use super::{Conversations, gap};
use crate::recorder::documents::{DocIx, Documents};
use crate::recorder::filed::Filed;
use crate::recorder::pairing::{FromChild, Pairing};

/// How long a half may be unheard before the content script is requested in the frames that may
/// hold it, in milliseconds: usually it is already starting there.
const ASK_AFTER: f64 = 700.0;
/// How long a half may be unheard before it counts as missing, in milliseconds: the other
/// document's content script may still be starting, and the worker may have had to be asked twice.
const HALF_MISSING_AFTER: f64 = 3_000.0;

impl Conversations {
    /// The origins of frames whose content script should be started, if allowed.
    pub(crate) fn unheard_frames(&mut self, now: f64) -> Vec<String> {
        let mut origins = Vec::new();
        for pair in &mut self.pairs {
            let origin = match (pair.host, pair.widget) {
                (_, None) => &pair.widget_origin,
                (None, _) => &pair.host_origin,
                (Some(_), Some(_)) => continue,
            };
            if let Some(started) = &mut pair.started
                && !started.frames_asked
                && started.at + ASK_AFTER <= now
            {
                started.frames_asked = true;
                let new = origin.iter().filter(|origin| !origins.contains(*origin));
                origins.extend(new.cloned().collect::<Vec<_>>());
            }
        }
        origins
    }

    /// Finds the widgets of conversations that only the host has heard, if their documents are
    /// known by now.
    pub(crate) fn find_widgets(&mut self, documents: &Documents, pairing: &mut Pairing) {
        for place in 0..self.pairs.len() {
            let Some(pair) = self.pairs.get(place) else {
                continue;
            };
            let is_open = pair.started.is_some() && pair.closed.is_none();
            let (true, None, Some(host), Some((slot, index)), Some(origin)) = (
                is_open,
                pair.widget,
                pair.host,
                pair.window,
                pair.widget_origin.clone(),
            ) else {
                continue;
            };
            let from = FromChild {
                host,
                slot,
                index,
                origin: &origin,
                at: pair.first_at,
                instance: None,
            };
            if let Some(widget) = pairing.sender(documents, from)
                && self.pairs.iter().all(|pair| pair.widget != Some(widget))
            {
                self.adopt(documents, place, widget);
            }
        }
    }

    /// The gaps for halves that count as missing by now.
    pub(crate) fn missing_halves(&mut self, now: f64) -> Vec<Filed> {
        let mut filed = Vec::new();
        for pair in &mut self.pairs {
            let missing = match (pair.host, pair.widget) {
                (_, None) => Side::Host,
                (None, _) => Side::Widget,
                (Some(_), Some(_)) => continue,
            };
            if let Some(started) = &mut pair.started
                && !started.missing_half_recorded
                && started.at + HALF_MISSING_AFTER <= now
            {
                started.missing_half_recorded = true;
                filed.push(gap(started, started.at, GapReason::HalfMissing(missing)));
            }
        }
        filed
    }

    /// Whether a half recorded as missing has arrived after all, from its first message on, because
    /// its tap's messages were delayed.
    pub(crate) fn missing_half_came(&self, documents: &Documents) -> bool {
        let has_all = |ix: Option<DocIx>| {
            ix.and_then(|ix| documents.get(ix))
                .is_some_and(|document| document.hello.from_start)
        };
        self.pairs.iter().any(|pair| {
            let started = pair.started.as_ref();
            started.is_some_and(|it| it.missing_half_recorded)
                && has_all(pair.host)
                && has_all(pair.widget)
        })
    }

    /// When [`Self::unheard_frames`] or [`Self::missing_halves`] will next return something, if
    /// nothing happens before.
    pub(crate) fn deadline(&self) -> Option<f64> {
        self.pairs
            .iter()
            .filter(|pair| pair.host.is_none() || pair.widget.is_none())
            .filter_map(|pair| {
                let started = pair.started.as_ref()?;
                if !started.frames_asked {
                    Some(started.at + ASK_AFTER)
                } else if !started.missing_half_recorded {
                    Some(started.at + HALF_MISSING_AFTER)
                } else {
                    None
                }
            })
            .reduce(f64::min)
    }
}
