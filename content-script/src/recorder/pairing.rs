//! Which window of a host document is which widget document.
//!
//! A host sees windows, numbered by its tap as slots; a widget's tap knows its document and that
//! its parent speaks. What ties the two together:
//!
//! - a SYNC that the widget received and a `SYNC_ACK` that the host received from a slot, with one
//!   messageId: proof;
//! - the place of the frame in the page and its origin: a hint, good until proof comes.
//!
//! A tie is between a slot and Chrome's number of the frame. Both outlive the documents in the
//! frame, so one handshake settles all reloads.

use super::documents::{DocIx, Documents};

/// The most messageIds of SYNC and `SYNC_ACK` that wait for their counterpart.
const MOST_IDS: usize = 1_000;
/// The most instances that are remembered.
const MOST_INSTANCES: usize = 1_000;

#[derive(Debug)]
struct Tie {
    host: DocIx,
    slot: u32,
    frame: i32,
    proven: bool,
}

/// What has been learnt about who is who.
#[derive(Debug, Default)]
pub(crate) struct Pairing {
    ties: Vec<Tie>,
    syncs: Vec<(String, DocIx)>,
    acks: Vec<(String, DocIx, u32)>,
    instances: Vec<(String, DocIx)>,
}

/// Where a message from a child window came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FromChild<'a> {
    /// The receiving document.
    pub(crate) host: DocIx,
    /// The window.
    pub(crate) slot: u32,
    /// Its index in the page when the message came.
    pub(crate) index: u32,
    /// `event.origin`.
    pub(crate) origin: &'a str,
    /// When.
    pub(crate) at: f64,
    /// The sending SDK instance, if the message names it.
    pub(crate) instance: Option<&'a str>,
}

impl Pairing {
    /// The widget received a SYNC. Returns whether something believed before turned out wrong.
    pub(crate) fn sync(&mut self, documents: &Documents, widget: DocIx, id: &str) -> bool {
        let ack = self
            .acks
            .iter()
            .find(|(ack, host, _)| ack == id && may_be(documents, *host, widget));
        if let Some(&(_, host, slot)) = ack {
            return self.prove(documents, host, slot, widget);
        }
        remember(&mut self.syncs, (id.to_owned(), widget), MOST_IDS);
        false
    }

    /// The host received a `SYNC_ACK`. Returns whether something believed before turned out wrong.
    pub(crate) fn sync_ack(
        &mut self,
        documents: &Documents,
        host: DocIx,
        slot: u32,
        id: &str,
    ) -> bool {
        let mut candidates = self
            .syncs
            .iter()
            .filter(|(sync, widget)| sync == id && may_be(documents, host, *widget));
        match (candidates.next(), candidates.next()) {
            (Some(&(_, widget)), None) => self.prove(documents, host, slot, widget),
            // Two hosts of one document that synced in the same millisecond: no proof of anything.
            (Some(_), Some(_)) => false,
            (None, _) => {
                remember(&mut self.acks, (id.to_owned(), host, slot), MOST_IDS);
                false
            }
        }
    }

    fn prove(&mut self, documents: &Documents, host: DocIx, slot: u32, widget: DocIx) -> bool {
        let Some(frame) = documents.get(widget).map(|document| document.frame) else {
            return false;
        };
        if let Some(tie) = self
            .ties
            .iter_mut()
            .find(|tie| tie.host == host && tie.slot == slot)
        {
            if tie.frame == frame {
                tie.proven = true;
                return false;
            }
            if tie.proven {
                return false;
            }
        }
        let before = self.ties.len();
        self.ties
            .retain(|tie| tie.host != host || (tie.slot != slot && tie.frame != frame));
        let wrong = self.ties.len() < before;
        self.ties.push(Tie {
            host,
            slot,
            frame,
            proven: true,
        });
        wrong
    }

    /// The document that sent a message from a child window, if a tap listens in it.
    pub(crate) fn sender(&mut self, documents: &Documents, from: FromChild<'_>) -> Option<DocIx> {
        let FromChild {
            host,
            slot,
            index,
            origin,
            at,
            instance,
        } = from;
        let tie = self
            .ties
            .iter()
            .find(|tie| tie.host == host && tie.slot == slot);
        let frame = if let Some(tie) = tie {
            tie.frame
        } else {
            let frame = self.guess(documents, host, index, origin, at)?;
            self.ties.push(Tie {
                host,
                slot,
                frame,
                proven: false,
            });
            frame
        };
        let mut sender = documents.in_frame(frame, at)?;
        if let Some(instance) = instance {
            // What was on its way while the frame was reloaded is the old document's.
            match self.instances.iter().find(|(known, _)| known == instance) {
                Some(&(_, known)) if documents.get(known).is_some_and(|d| d.frame == frame) => {
                    sender = known;
                }
                Some(_) => {}
                None => {
                    remember(
                        &mut self.instances,
                        (instance.to_owned(), sender),
                        MOST_INSTANCES,
                    );
                }
            }
        }
        // Another origin: the frame went to a page that has no tap.
        documents
            .get(sender)
            .is_some_and(|document| document.hello.origin == origin)
            .then_some(sender)
    }

    /// The frame that most likely is at this place: the same path and origin, else the only one
    /// with that origin.
    fn guess(
        &self,
        documents: &Documents,
        host: DocIx,
        index: u32,
        origin: &str,
        at: f64,
    ) -> Option<i32> {
        let mut same_origin = Vec::new();
        for (ix, document) in documents.iter() {
            let taken = self
                .ties
                .iter()
                .any(|tie| tie.host == host && tie.frame == document.frame);
            let there = document.gone.is_none_or(|gone| gone >= at);
            if taken || !there || document.hello.origin != origin || !may_be(documents, host, ix) {
                continue;
            }
            if document.hello.path.last() == Some(&index) {
                return Some(document.frame);
            }
            if !same_origin.contains(&document.frame) {
                same_origin.push(document.frame);
            }
        }
        match same_origin.as_slice() {
            [frame] => Some(*frame),
            _ => None,
        }
    }

    /// The frame that a window is in, as far as is known.
    pub(crate) fn frame_of(&self, host: DocIx, slot: u32) -> Option<i32> {
        let mut ties = self.ties.iter();
        let tie = ties.find(|tie| tie.host == host && tie.slot == slot)?;
        Some(tie.frame)
    }

    /// Forgets which document an SDK instance is in: some of it was learnt before a document was
    /// known.
    pub(crate) fn forget_instances(&mut self) {
        self.instances.clear();
    }

    /// The slot of a widget's window in its host, if that is known.
    pub(crate) fn slot_of(&self, host: DocIx, frame: i32) -> Option<u32> {
        self.ties
            .iter()
            .find(|tie| tie.host == host && tie.frame == frame)
            .map(|tie| tie.slot)
    }
}

/// The document that is the widget's parent, by the place of both in the page.
pub(crate) fn parent(documents: &Documents, widget: DocIx) -> Option<DocIx> {
    let document = documents.get(widget)?;
    let (_, above) = document.hello.path.split_last()?;
    documents
        .iter()
        .rev()
        .find(|(_, parent)| {
            parent.hello.path == above && parent.gone.is_none_or(|gone| gone >= document.hello.at)
        })
        .map(|(ix, _)| ix)
}

/// Whether the widget sits one level below the host.
fn may_be(documents: &Documents, host: DocIx, widget: DocIx) -> bool {
    let (Some(host), Some(widget)) = (documents.get(host), documents.get(widget)) else {
        return false;
    };
    // Only the length: the indices of the upper levels may have shifted.
    widget.hello.path.len() == host.hello.path.len() + 1
}

fn remember<T>(list: &mut Vec<T>, item: T, most: usize) {
    if list.len() >= most {
        list.remove(0);
    }
    list.push(item);
}
