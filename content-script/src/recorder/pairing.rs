//! Which window of a host document is which widget document.
//!
//! A host sees windows, numbered by its tap as slots; a widget's tap knows its document and that
//! its parent speaks. What ties the two together:
//!
//! - a SYNC that the widget received and a `SYNC_ACK` that the host received from a slot, with one
//!   messageId: proof, as long as no two hosts in the page used the same one (an id is made of two
//!   times in milliseconds, so hosts that load at once can);
//! - the place of the frame in the page and its origin: a hint, good until proof comes.
//!
//! A tie is between a slot and Chrome's number of the frame. Both outlive the documents in the
//! frame, so one handshake settles all reloads.

use super::documents::{DocIx, Documents};
use callscope_bus::bounds;

/// The most messageIds of SYNC and `SYNC_ACK` that wait for their counterpart.
const MOST_IDS: usize = bounds::MESSAGE_IDS;
/// The most windows whose frame is known.
const MOST_TIES: usize = bounds::WINDOWS;
/// The most instances that are remembered.
const MOST_INSTANCES: usize = bounds::INSTANCES;

#[derive(Debug)]
struct Tie {
    host: DocIx,
    slot: u32,
    frame: i32,
    grounds: Grounds,
}

/// What a tie rests on, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Grounds {
    /// Place and origin.
    Hint,
    /// A messageId between two documents whose places do not fit: a frame of the page was removed
    /// since they said where they are, two hosts used one id, or somebody beside the widget
    /// guessed it.
    Id,
    /// A messageId, and the window is where the widget's document was loaded.
    IdAndPlace,
}

/// What has been learnt about who is who.
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
    /// The window.
    pub(crate) slot: u32,
    /// Its index in the page when the message came.
    pub(crate) index: u32,
    /// `event.origin`.
    pub(crate) origin: String,
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
        let acks = self.acks.iter().filter(|(ack, _)| ack == id);
        let found = only(acks.map(|(_, from)| {
            let grounds = grounds(documents, from, widget);
            (grounds, (from.host, from.slot))
        }));
        remember(&mut self.syncs, (id.to_owned(), widget), MOST_IDS);
        found.is_some_and(|(grounds, window)| self.prove(documents, window, widget, grounds))
    }

    /// The host received a `SYNC_ACK`. Returns whether something believed before turned out wrong.
    pub(crate) fn sync_ack(&mut self, documents: &Documents, from: Answered, id: &str) -> bool {
        let window = (from.host, from.slot);
        let syncs = self.syncs.iter().filter(|(sync, _)| sync == id);
        let found = only(syncs.map(|(_, widget)| (grounds(documents, &from, *widget), *widget)));
        // Another widget may have heard the same id, and say so later.
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
        // A window holds one frame, and a frame sits in one host for as long as it lives.
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
            // What was on its way while the frame was reloaded is the old document's, however busy
            // the host was.
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
        // Another origin: the frame went to a page that has no tap.
        documents
            .get(sender)
            .is_some_and(|document| document.hello.origin == origin)
            .then_some(sender)
    }

    /// The frame that most likely is at this place: the same path and origin, else the only one
    /// with that origin at this depth and index, else the only one at this depth.
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

    /// The host of a widget's frame, if a handshake has told.
    pub(crate) fn host_of(&self, frame: i32) -> Option<DocIx> {
        let mut all = self.ties.iter();
        let tie = all.find(|tie| tie.frame == frame && tie.grounds > Grounds::Hint);
        tie.map(|tie| tie.host)
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

/// What a common messageId says of a widget and who answered; nothing if that cannot be it.
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

/// The one with the best grounds; none if there are two of those: hosts that synced in the same
/// millisecond prove nothing.
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
        // One of the widget's own origin is believed until the widget itself answers, and not
        // after that.
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
        // The second widget has not been heard of yet, so its host seems to hold the first.
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
        // The host says that it is the first frame, for the one before it is gone.
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
