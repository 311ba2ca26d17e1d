//! Finds out which window of a host document holds which widget document.
//!
//! A host sees windows, which its tap numbers as slots; a widget's tap knows its document and that
//! its parent sends messages. Two things tie them together:
//!
//! - a SYNC that the widget received and a `SYNC_ACK` that the host received from a slot, with the
//!   same messageId: proof, unless two hosts in the page used the same one (an id consists of two
//!   times in milliseconds, so hosts that load at once can);
//! - the place of the frame in the page and its origin: a hint, valid until there is proof.
//!
//! A tie is between a slot and Chrome's id of the frame. Both outlive the documents in the frame,
//! so a single handshake covers all reloads.

use super::documents::{DocIx, Documents};
use callscope_bus::bounds;

/// The most messageIds of SYNC and `SYNC_ACK` waiting for their counterpart.
const MOST_IDS: usize = bounds::MESSAGE_IDS;
/// The most windows whose frame is remembered.
const MOST_TIES: usize = bounds::WINDOWS;
/// The most SDK instances remembered.
const MOST_INSTANCES: usize = bounds::INSTANCES;

#[derive(Debug)]
struct Tie {
    host: DocIx,
    slot: u32,
    frame: i32,
    grounds: Grounds,
}

/// What a tie is based on, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Grounds {
    /// Place and origin.
    Hint,
    /// A messageId shared by two documents whose places do not match: a frame was removed from the
    /// page since they reported them, two hosts used the same id, or a frame beside the widget
    /// guessed it.
    Id,
    /// A messageId, and the window is at the place where the widget's document was loaded.
    IdAndPlace,
}

/// What has been learned about which window holds which frame.
#[derive(Debug, Default)]
pub(crate) struct Pairing {
    ties: Vec<Tie>,
    syncs: Vec<(String, DocIx)>,
    acks: Vec<(String, Answered)>,
    instances: Vec<(String, DocIx)>,
}

/// Where a host received a `SYNC_ACK` from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answered {
    /// The host.
    pub(crate) host: DocIx,
    /// The window's slot.
    pub(crate) slot: u32,
    /// The window's index in the page when the message arrived.
    pub(crate) index: u32,
    /// `event.origin`.
    pub(crate) origin: String,
}

/// Where a message from a child window came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FromChild<'a> {
    /// The receiving document.
    pub(crate) host: DocIx,
    /// The window's slot.
    pub(crate) slot: u32,
    /// The window's index in the page when the message arrived.
    pub(crate) index: u32,
    /// `event.origin`.
    pub(crate) origin: &'a str,
    /// The time of the message.
    pub(crate) at: f64,
    /// The sending SDK instance, if the message names it.
    pub(crate) instance: Option<&'a str>,
}

impl Pairing {
    /// The widget received a SYNC. Returns whether an earlier assumption turned out to be wrong.
    pub(crate) fn sync(&mut self, documents: &Documents, widget: DocIx, id: &str) -> bool {
        let acks = self.acks.iter().filter(|(ack, _)| ack == id);
        let found = only(acks.map(|(_, from)| {
            let grounds = grounds(documents, from, widget);
            (grounds, (from.host, from.slot))
        }));
        remember(&mut self.syncs, (id.to_owned(), widget), MOST_IDS);
        found.is_some_and(|(grounds, window)| self.prove(documents, window, widget, grounds))
    }

    /// The host received a `SYNC_ACK`. Returns whether an earlier assumption turned out to be
    /// wrong.
    pub(crate) fn sync_ack(&mut self, documents: &Documents, from: Answered, id: &str) -> bool {
        let window = (from.host, from.slot);
        let syncs = self.syncs.iter().filter(|(sync, _)| sync == id);
        let found = only(syncs.map(|(_, widget)| (grounds(documents, &from, *widget), *widget)));
        // Another widget may have received the same id, and report it later.
        remember(&mut self.acks, (id.to_owned(), from), MOST_IDS);
        found.is_some_and(|(grounds, widget)| self.prove(documents, window, widget, grounds))
    }

    fn prove(
        &mut self,
        documents: &Documents,
        (host, slot): (DocIx, u32),
        widget: DocIx,
        grounds: Grounds,
    ) -> bool {
        let Some(frame) = documents.get(widget).map(|document| document.frame) else {
            return false;
        };
        let is_window = |tie: &Tie| tie.host == host && tie.slot == slot;
        let mut all = self.ties.iter_mut();
        if let Some(tie) = all.find(|tie| is_window(tie) && tie.frame == frame) {
            tie.grounds = tie.grounds.max(grounds);
            return false;
        }
        // A window holds one frame, and a frame has the same host throughout its life.
        let contradicts = |tie: &Tie| is_window(tie) || tie.frame == frame;
        let mut all = self.ties.iter();
        if all.any(|tie| contradicts(tie) && tie.grounds >= grounds) {
            return false;
        }
        let before = self.ties.len();
        self.ties.retain(|tie| !contradicts(tie));
        let wrong = self.ties.len() < before;
        let tie = Tie {
            host,
            slot,
            frame,
            grounds,
        };
        remember(&mut self.ties, tie, MOST_TIES);
        wrong
    }

    /// The document that sent a message from a child window, if it has a tap.
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
            let tie = Tie {
                host,
                slot,
                frame,
                grounds: Grounds::Hint,
            };
            remember(&mut self.ties, tie, MOST_TIES);
            frame
        };
        let mut sender = documents.in_frame(frame, at);
        if let Some(instance) = instance {
            // A message that was on its way while the frame was reloaded is the old document's,
            // however busy the host was.
            match self.instances.iter().find(|(known, _)| known == instance) {
                Some(&(_, known)) if documents.get(known).is_some_and(|d| d.frame == frame) => {
                    sender = Some(known);
                }
                Some(_) => {}
                None => {
                    if let Some(sender) = sender {
                        let learnt = (instance.to_owned(), sender);
                        remember(&mut self.instances, learnt, MOST_INSTANCES);
                    }
                }
            }
        }
        let sender = sender?;
        // If the origin differs, the frame has navigated to a page without a tap.
        documents
            .get(sender)
            .is_some_and(|document| document.hello.origin == origin)
            .then_some(sender)
    }

    /// The frame most likely to be at this place: with the same path and origin; otherwise the only
    /// one with that origin at this depth and index; otherwise the only one with that origin at
    /// this depth.
    fn guess(
        &self,
        documents: &Documents,
        host: DocIx,
        index: u32,
        origin: &str,
        at: f64,
    ) -> Option<i32> {
        let mut place = documents.get(host)?.hello.path.clone();
        place.push(index);
        let mut same_index = Vec::new();
        let mut same_origin = Vec::new();
        for (ix, document) in documents.iter() {
            let taken = self.ties.iter().any(|tie| tie.frame == document.frame);
            let there = document.gone.is_none_or(|gone| gone >= at);
            if taken || !there || document.hello.origin != origin || !may_be(documents, host, ix) {
                continue;
            }
            if document.hello.path == place {
                return Some(document.frame);
            }
            let is_same_index = document.hello.path.last() == Some(&index);
            for list in [
                Some(&mut same_origin),
                is_same_index.then_some(&mut same_index),
            ]
            .into_iter()
            .flatten()
            {
                if !list.contains(&document.frame) {
                    list.push(document.frame);
                }
            }
        }
        let lists = [same_index, same_origin];
        lists.iter().find_map(|list| match list.as_slice() {
            [frame] => Some(*frame),
            _ => None,
        })
    }

    /// The host of a widget's frame, if a handshake has shown it.
    pub(crate) fn host_of(&self, frame: i32) -> Option<DocIx> {
        let mut all = self.ties.iter();
        let tie = all.find(|tie| tie.frame == frame && tie.grounds > Grounds::Hint);
        tie.map(|tie| tie.host)
    }

    /// The frame in a window, if known.
    pub(crate) fn frame_of(&self, host: DocIx, slot: u32) -> Option<i32> {
        let mut ties = self.ties.iter();
        let tie = ties.find(|tie| tie.host == host && tie.slot == slot)?;
        Some(tie.frame)
    }

    /// Forgets which document each SDK instance is in: some of that was learned before a document
    /// was known.
    pub(crate) fn forget_instances(&mut self) {
        self.instances.clear();
    }

    /// The slot of a widget's window in its host, if known.
    pub(crate) fn slot_of(&self, host: DocIx, frame: i32) -> Option<u32> {
        self.ties
            .iter()
            .find(|tie| tie.host == host && tie.frame == frame)
            .map(|tie| tie.slot)
    }
}

/// The document that is the widget's parent, going by their places in the page.
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

/// Whether the widget is one level below the host.
fn may_be(documents: &Documents, host: DocIx, widget: DocIx) -> bool {
    let (Some(host), Some(widget)) = (documents.get(host), documents.get(widget)) else {
        return false;
    };
    // Only the length is compared: the indices of upper levels may have shifted.
    widget.hello.path.len() == host.hello.path.len() + 1
}

/// How well a shared messageId ties a widget to the window that answered; `None` if it cannot be
/// the same.
fn grounds(documents: &Documents, from: &Answered, widget: DocIx) -> Option<Grounds> {
    if !may_be(documents, from.host, widget) {
        return None;
    }
    let host = &documents.get(from.host)?.hello;
    let widget = &documents.get(widget)?.hello;
    let is_there = (widget.path.split_last())
        .is_some_and(|(index, above)| above == host.path && *index == from.index);
    (widget.origin == from.origin).then_some(if is_there {
        Grounds::IdAndPlace
    } else {
        Grounds::Id
    })
}

/// The candidate with the best grounds; `None` if two are equally good: hosts that synced in the
/// same millisecond prove nothing.
fn only<T: Copy + PartialEq>(
    all: impl Iterator<Item = (Option<Grounds>, T)>,
) -> Option<(Grounds, T)> {
    let mut best: Option<(Grounds, T)> = None;
    let mut is_only = true;
    for (grounds, one) in all {
        let Some(grounds) = grounds else { continue };
        match best {
            Some((known, _)) if known > grounds => {}
            Some((known, other)) if known == grounds => is_only &= other == one,
            _ => {
                best = Some((grounds, one));
                is_only = true;
            }
        }
    }
    best.filter(|_| is_only)
}

fn remember<T>(list: &mut Vec<T>, item: T, most: usize) {
    if list.len() >= most {
        list.remove(0);
    }
    list.push(item);
}

#[cfg(test)]
mod tests {
    use callscope_bus::{DocumentId, Hello};

    use super::*;

    /// Documents at these places, in frames numbered from 1.
    fn documents<const N: usize>(places: [&[u32]; N]) -> (Documents, [DocIx; N]) {
        let mut documents = Documents::default();
        let mut frame = 0;
        let all = places.map(|path| {
            frame += 1;
            let hello = Hello {
                document: DocumentId(frame.to_string()),
                origin: "https://widget.test".to_owned(),
                path: path.to_vec(),
                at: 0.0,
                from_start: true,
                blank: false,
            };
            documents.greet(hello, None, frame).0
        });
        (documents, all)
    }

    fn answered(host: DocIx, slot: u32, index: u32) -> Answered {
        let origin = "https://widget.test".to_owned();
        Answered {
            host,
            slot,
            index,
            origin,
        }
    }

    #[test]
    fn whoever_guesses_an_id_is_not_the_widget() {
        let (documents, [host, widget]) = documents([&[], &[0]]);
        let mut pairing = Pairing::default();
        pairing.sync(&documents, widget, "1_1");
        let stranger = Answered {
            origin: "https://stranger.test".to_owned(),
            ..answered(host, 9, 5)
        };
        pairing.sync_ack(&documents, stranger.clone(), "1_1");
        assert_eq!(pairing.slot_of(host, 2), None);
        // A window with the widget's origin is believed until the widget itself answers, and no
        // longer.
        assert!(!pairing.sync_ack(&documents, answered(host, 8, 4), "1_1"));
        assert!(pairing.sync_ack(&documents, answered(host, 1, 0), "1_1"));
        assert!(!pairing.sync_ack(&documents, answered(host, 8, 4), "1_1"));
        assert!(!pairing.sync_ack(&documents, stranger, "1_1"));
        assert_eq!(pairing.slot_of(host, 2), Some(1));
    }

    #[test]
    fn hosts_with_the_same_ids_are_told_apart_by_their_places() {
        let (documents, [host_1, host_2, widget_1, widget_2]) =
            documents([&[0], &[1], &[0, 0], &[1, 0]]);
        let mut pairing = Pairing::default();
        // The second widget is not known yet, so its host seems to hold the first.
        assert!(!pairing.sync(&documents, widget_1, "1_1"));
        assert!(!pairing.sync_ack(&documents, answered(host_2, 1, 0), "1_1"));
        assert_eq!(pairing.slot_of(host_2, 3), Some(1));

        assert!(pairing.sync(&documents, widget_2, "1_1"));
        assert!(!pairing.sync_ack(&documents, answered(host_1, 1, 0), "1_1"));
        let of = |host| [3, 4].map(|frame| pairing.slot_of(host, frame));
        assert_eq!(of(host_1), [Some(1), None]);
        assert_eq!(of(host_2), [None, Some(1)]);
    }

    #[test]
    fn a_handshake_counts_although_the_places_have_shifted() {
        // The host says that it is the first frame, because the one before it was removed.
        let (documents, [host, widget]) = documents([&[0], &[1, 0]]);
        let mut pairing = Pairing::default();
        pairing.sync(&documents, widget, "1_1");
        pairing.sync_ack(&documents, answered(host, 1, 0), "1_1");
        assert_eq!(pairing.slot_of(host, 2), Some(1));
        assert_eq!(pairing.host_of(2), Some(host));
    }

    #[test]
    fn a_hint_is_taken_from_the_frame_below_the_host() {
        let (documents, [_, host, _, widget]) = documents([&[0], &[1], &[0, 0], &[1, 0]]);
        let from = FromChild {
            host,
            slot: 1,
            index: 0,
            origin: "https://widget.test",
            at: 1.0,
            instance: None,
        };
        assert_eq!(Pairing::default().sender(&documents, from), Some(widget));
    }
}
