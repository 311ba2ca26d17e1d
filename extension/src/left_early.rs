//! What was heard in a frame that leaves before its content script runs: the listener hands it over
//! as it is, and here it gets the form that the content script would have given it.

use callscope_bus::{Batch, DocumentId, Goodbye, Hello, Observed, Source};

/// The note on a message that JSON cannot represent completely.
const NOT_WHOLE: &str =
    r#"{"":"not whole: JSON cannot say all of it, and its frame left before it was looked at"}"#;

/// What `content-script/listener.js` hands over; times are by `performance.now`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LeftEarly {
    /// `self.origin`.
    pub(crate) origin: String,
    /// [`Hello::path`].
    pub(crate) path: Vec<u32>,
    /// `performance.timeOrigin`.
    pub(crate) time_origin: f64,
    /// When the listener started.
    pub(crate) since: f64,
    /// When the page left.
    pub(crate) now: f64,
    /// [`Hello::from_start`].
    pub(crate) from_start: bool,
    /// [`Hello::blank`].
    pub(crate) is_blank: bool,
    /// The messages that it kept.
    pub(crate) messages: Vec<Kept>,
    /// How many later messages there was no room for.
    pub(crate) lost: u32,
    /// [`Batch::others`].
    pub(crate) others: u32,
}

/// A message kept by the listener.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    /// When it arrived.
    pub(crate) at: f64,
    /// 0 for the parent, from 1 on for a child, negative for a window that has left.
    pub(crate) slot: i32,
    /// The child's index in `window.frames`.
    pub(crate) index: u32,
    /// `event.origin`.
    pub(crate) origin: String,
    /// `event.data` as JSON.
    pub(crate) text: String,
    /// Whether the text represents the whole value.
    pub(crate) is_whole: bool,
}

impl LeftEarly {
    /// The document's goodbye; the document is named by Chrome's id, because it has no other yet.
    pub(crate) fn into_goodbye(self, document: &str) -> Goodbye {
        let Self {
            origin,
            path,
            time_origin,
            since,
            now,
            from_start,
            is_blank,
            messages,
            lost,
            others,
        } = self;
        let document = DocumentId(document.to_owned());
        let batch = |first, lost| Batch {
            document: document.clone(),
            first,
            items: Vec::new(),
            lost,
            others,
            more: false,
        };
        let mut current = batch(1, 0);
        let mut batches = Vec::new();
        let mut next = 1;
        let mut gone = 0;
        for kept in messages {
            let source = match u32::try_from(kept.slot) {
                Ok(0) => Source::Parent,
                Ok(slot) => Source::Child {
                    slot,
                    index: kept.index,
                },
                // Its conversation cannot be determined.
                Err(_) => {
                    next += 1;
                    gone += 1;
                    continue;
                }
            };
            if current.lost < gone {
                if !current.items.is_empty() {
                    batches.push(current);
                }
                current = batch(next, gone);
            }
            current.items.push(Observed {
                at: time_origin + kept.at,
                source,
                origin: kept.origin,
                message: kept.text,
                cloned: if kept.is_whole { "" } else { NOT_WHOLE }.to_owned(),
                truncated: None,
            });
            next += 1;
        }
        batches.push(current);
        Goodbye {
            recorder: None,
            hello: Hello {
                document,
                origin,
                path,
                at: time_origin + since,
                from_start,
                blank: is_blank,
            },
            at: Some(time_origin + now),
            is_ahead: false,
            batches,
            next: next + lost,
            lost: gone + lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(slot: i32, text: &str) -> Kept {
        Kept {
            at: 5.0,
            slot,
            index: 3,
            origin: "https://host.test".to_owned(),
            text: text.to_owned(),
            is_whole: text != "null",
        }
    }

    fn left(messages: Vec<Kept>) -> Goodbye {
        let left = LeftEarly {
            origin: "https://widget.test".to_owned(),
            path: vec![0, 1],
            time_origin: 1_000.0,
            since: 1.0,
            now: 9.0,
            from_start: true,
            is_blank: false,
            messages,
            lost: 2,
            others: 7,
        };
        left.into_goodbye("D")
    }

    #[test]
    fn it_is_the_goodbye_of_a_document_that_nobody_knew() {
        let goodbye = left(vec![kept(0, r#"{"type":"SYNC"}"#), kept(1, "null")]);
        let hello = Hello {
            document: DocumentId("D".to_owned()),
            origin: "https://widget.test".to_owned(),
            path: vec![0, 1],
            at: 1_001.0,
            from_start: true,
            blank: false,
        };
        assert_eq!((goodbye.recorder, goodbye.hello), (None, hello));
        assert_eq!(
            (goodbye.at, goodbye.next, goodbye.lost),
            (Some(1_009.0), 5, 2)
        );
        let [batch] = &goodbye.batches[..] else {
            panic!("{:?}", goodbye.batches);
        };
        assert_eq!((batch.first, batch.lost, batch.others), (1, 0, 7));
        let seen: Vec<_> = batch
            .items
            .iter()
            .map(|it| {
                (
                    it.at,
                    it.source.clone(),
                    it.message.as_str(),
                    it.cloned.is_empty(),
                )
            })
            .collect();
        let child = Source::Child { slot: 1, index: 3 };
        assert_eq!(
            seen,
            [
                (1_005.0, Source::Parent, r#"{"type":"SYNC"}"#, true),
                (1_005.0, child, "null", false)
            ]
        );
    }

    /// Its number is missing, which the next batch reports as a loss.
    #[test]
    fn a_message_of_a_window_that_nobody_knows_is_lost_alone() {
        let goodbye = left(vec![
            kept(-1, "1"),
            kept(0, "2"),
            kept(-1, "3"),
            kept(0, "4"),
        ]);
        let batches: Vec<_> = (goodbye.batches.iter())
            .map(|it| (it.first, it.lost, it.items.len()))
            .collect();
        assert_eq!(batches, [(2, 1, 1), (4, 2, 1)]);
        assert_eq!((goodbye.next, goodbye.lost), (7, 4));
    }

    #[test]
    fn nothing_but_losses_is_a_batch_without_items() {
        let goodbye = left(vec![kept(-1, "1")]);
        let batches: Vec<_> = (goodbye.batches.iter())
            .map(|it| (it.first, it.lost, it.items.len()))
            .collect();
        assert_eq!(
            (batches, goodbye.next, goodbye.lost),
            (vec![(1, 0, 0)], 4, 3)
        );
    }
}
