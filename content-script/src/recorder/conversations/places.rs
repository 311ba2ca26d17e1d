//! Finds the pair of documents that exchanged a message.

use callscope_bus::bounds;

use super::{Conversations, Pair, bytes_of, index_of};
use crate::recorder::documents::{DocIx, Documents};
use crate::recorder::pairing::{FromChild, Pairing, parent};

/// The most pairs remembered.
const MOST_PAIRS: usize = bounds::PAIRS;

impl Conversations {
    /// The pair of a document that has received a message from its parent.
    pub(super) fn place_of_widget(
        &mut self,
        documents: &Documents,
        pairing: &Pairing,
        widget: DocIx,
    ) -> usize {
        if let Some(place) = self
            .pairs
            .iter()
            .rposition(|pair| pair.widget == Some(widget))
        {
            return place;
        }
        let document = documents.get(widget);
        let host = document
            .and_then(|document| pairing.host_of(document.frame))
            .or_else(|| parent(documents, widget));
        let slot = host
            .zip(document)
            .and_then(|(host, doc)| pairing.slot_of(host, doc.frame));
        let origin = document.map(|document| document.hello.origin.clone());
        let half = self.pairs.iter().rposition(|pair| {
            let same_window = match (pair.window, slot) {
                (Some((one, _)), Some(two)) => one == two,
                // The window is not known yet, so only the origin can be compared.
                (Some(_), None) => pair.widget_origin == origin,
                (None, _) => false,
            };
            pair.host == host && pair.widget.is_none() && same_window
        });
        if let Some(place) = half
            && self.adopt(documents, place, widget)
        {
            return place;
        }
        self.add(Pair {
            host,
            window: slot.map(|slot| (slot, index_of(documents, widget))),
            widget: Some(widget),
            widget_origin: origin,
            host_origin: None,
            first_at: document.map_or(0.0, |document| document.hello.at),
            undecided: Vec::new(),
            started: None,
            closed: None,
        })
    }

    /// The pair of a document and the child window that it has received a message from.
    pub(super) fn place_of_child(
        &mut self,
        documents: &Documents,
        pairing: &mut Pairing,
        from: &FromChild<'_>,
    ) -> usize {
        let FromChild {
            host,
            slot,
            index,
            origin,
            at,
            ..
        } = *from;
        let window = Some((slot, index));
        let widget = pairing.sender(documents, *from);
        if let Some(widget) = widget
            && let Some(place) = self
                .pairs
                .iter()
                .rposition(|pair| pair.widget == Some(widget))
        {
            if let Some(pair) = self.pairs.get_mut(place) {
                pair.host = Some(host);
                pair.window = window;
            }
            return place;
        }
        let half = self
            .pairs
            .iter()
            .rposition(|pair| pair.is_window(host, slot));
        let half = half.filter(|place| self.pairs.get(*place).is_some_and(|p| p.widget.is_none()));
        if let Some(place) = half {
            let same = match widget {
                Some(widget) => self.adopt(documents, place, widget),
                None => self
                    .pairs
                    .get(place)
                    .is_some_and(|pair| pair.widget_origin.as_deref() == Some(origin)),
            };
            if same {
                if let Some(pair) = self.pairs.get_mut(place) {
                    pair.window = window;
                }
                return place;
            }
        }
        self.add(Pair {
            host: Some(host),
            window,
            widget,
            widget_origin: Some(origin.to_owned()),
            host_origin: None,
            first_at: at,
            undecided: Vec::new(),
            started: None,
            closed: None,
        })
    }

    /// Adds the widget to a pair that only the host has heard so far, if that document can be the
    /// sender of the messages.
    pub(super) fn adopt(&mut self, documents: &Documents, place: usize, widget: DocIx) -> bool {
        let (Some(pair), Some(document)) = (self.pairs.get_mut(place), documents.get(widget))
        else {
            return false;
        };
        let same = pair.widget_origin.as_ref() == Some(&document.hello.origin);
        let there = !document.hello.from_start || document.hello.at <= pair.first_at;
        if same && there {
            pair.widget = Some(widget);
        }
        same && there
    }

    fn add(&mut self, pair: Pair) -> usize {
        if self.pairs.len() >= MOST_PAIRS {
            let is_over = |pair: &Pair| pair.closed.is_some() || pair.started.is_none();
            // A frame that was loaded, sent something and left before it had a tap.
            let is_half = |pair: &Pair| pair.widget.is_none() || pair.window.is_none();
            let mut pairs = self.pairs.iter();
            let oldest = (pairs.clone().position(is_over))
                .or_else(|| pairs.position(is_half))
                .unwrap_or(0);
            let gone = self.pairs.remove(oldest);
            self.undecided_bytes -= bytes_of(&gone.undecided);
        }
        self.pairs.push(pair);
        self.pairs.len() - 1
    }
}
