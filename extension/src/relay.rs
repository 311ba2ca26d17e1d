//! Decides where to forward a message.

use callscope_bus::{
    Ack, BusError, DocumentId, FromTap, Goodbye, RelayRequest, TapMessage, decode, encode,
};

/// The sender of a message, as reported by Chrome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sender {
    /// Whether the sender belongs to this extension.
    pub(crate) own_extension: bool,
    /// The sender's tab.
    pub(crate) tab: Option<i32>,
    /// The frame in the tab; 0 is the top frame.
    pub(crate) frame: i32,
    /// Chrome's id of the document.
    pub(crate) document: Option<String>,
    /// Whether its document is being deleted or is in the back/forward cache. After a navigation to
    /// another site, Chrome no longer counts the old page as the tab's, and gives its top frame
    /// another id.
    pub(crate) is_leaving: bool,
}

/// What to do with a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Forward {
    /// Run the content script in a document.
    Start {
        /// The tab.
        tab: i32,
        /// Chrome's id of the document.
        document: String,
    },
    /// Run the content script in the frames with this origin.
    StartFrames {
        /// The tab.
        tab: i32,
        /// The origin.
        origin: String,
    },
    /// Send the text to the tab's top frame, and the answer back.
    ToTop {
        /// The tab.
        tab: i32,
        /// The text.
        text: String,
    },
    /// Send the text to a document of the tab, and the answer back.
    ToDocument {
        /// The tab.
        tab: i32,
        /// Chrome's id of the document.
        document: String,
        /// The text.
        text: String,
    },
    /// Just answer.
    Answer,
    /// Store what a recorder holds.
    Park {
        /// The tab.
        tab: i32,
        /// The recorder.
        recorder: DocumentId,
        /// When its tap started to listen, in milliseconds since the epoch.
        began: f64,
        /// Whether its page stays; then answer once it is stored.
        is_ahead: bool,
        /// An encoded [`Parked`](callscope_bus::Parked).
        text: String,
    },
    /// Store a goodbye, send it to the tab's top frame, and the answer back; if the recorder
    /// [has received it](is_taken), it need not stay in storage.
    Leave {
        /// The tab.
        tab: i32,
        /// The text.
        text: String,
        /// What to store.
        goodbye: Goodbye,
    },
}

/// Where to forward a message; `None` if its sender is not allowed to send it.
///
/// # Errors
///
/// The text is not a message of the bus.
pub(crate) fn route(sender: Sender, text: &str) -> Result<Option<Forward>, BusError> {
    route_request(sender, || decode(text))
}

/// Where to forward a request, which is decoded only if its sender belongs to this extension.
///
/// # Errors
///
/// Those of decoding the request.
pub(crate) fn route_request<E>(
    sender: Sender,
    request: impl FnOnce() -> Result<RelayRequest, E>,
) -> Result<Option<Forward>, E> {
    let Sender {
        own_extension,
        tab,
        frame,
        document,
        is_leaving,
    } = sender;
    if !own_extension {
        return Ok(None);
    }
    let request = request()?;
    let Some(tab) = tab else {
        // A page of the extension, which has no tab.
        return Ok((request == RelayRequest::Ping).then_some(Forward::Answer));
    };
    let is_top = frame == 0;
    Ok(match request {
        RelayRequest::Ping => Some(Forward::Answer),
        RelayRequest::Start => document.map(|document| Forward::Start { tab, document }),
        RelayRequest::ToRecorder { text } => match document {
            Some(document) => {
                let text = encode(&FromTap {
                    document,
                    frame_id: frame,
                    text,
                });
                Some(Forward::ToTop { tab, text })
            }
            None => None,
        },
        RelayRequest::StartFrames { origin } if is_top => {
            Some(Forward::StartFrames { tab, origin })
        }
        RelayRequest::ToFrame { document, text } if is_top => Some(Forward::ToDocument {
            tab,
            document,
            text,
        }),
        RelayRequest::Park {
            recorder,
            began,
            is_ahead,
            text,
        } if is_top || is_leaving => Some(Forward::Park {
            tab,
            recorder,
            began,
            is_ahead,
            text,
        }),
        RelayRequest::Leave { goodbye } => document.map(|document| {
            let text = encode(&FromTap {
                document,
                frame_id: frame,
                text: encode(&TapMessage::Goodbye(goodbye.clone())),
            });
            Forward::Leave { tab, text, goodbye }
        }),
        RelayRequest::StartFrames { .. }
        | RelayRequest::ToFrame { .. }
        | RelayRequest::Park { .. } => None,
    })
}

/// Whether the answer to a goodbye says that the recorder has received it.
pub(crate) fn is_taken(answer: Option<&str>) -> bool {
    let ack = answer.and_then(|answer| decode::<Ack>(answer).ok());
    ack.is_some_and(|ack| ack.known)
}

/// The goodbyes that are on their way to a recorder, by their keys in storage.
///
/// A document that leaves may do so several times, each time with more, and the recorder may have
/// received only the first of them.
#[derive(Debug)]
pub(crate) struct UnderWay {
    /// The key and the number of each document's last goodbye.
    last: Vec<(String, u32)>,
    count: u32,
}

impl UnderWay {
    /// Without any.
    pub(crate) const fn new() -> Self {
        Self {
            last: Vec::new(),
            count: 0,
        }
    }

    /// A goodbye was stored under this key and sent; returns its number.
    pub(crate) fn add(&mut self, key: &str) -> u32 {
        self.last.retain(|(other, _)| other != key);
        self.count += 1;
        self.last.push((key.to_owned(), self.count));
        self.count
    }

    /// A goodbye was answered, or will not be; returns whether it is still the one that is stored.
    pub(crate) fn end(&mut self, key: &str, number: u32) -> bool {
        let before = self.last.len();
        self.last
            .retain(|(other, last)| other != key || *last != number);
        self.last.len() < before
    }
}

#[cfg(test)]
mod tests {
    use callscope_bus::Hello;

    use super::*;

    fn sender(frame: i32) -> Sender {
        Sender {
            own_extension: true,
            tab: Some(3),
            frame,
            document: Some("D".to_owned()),
            is_leaving: false,
        }
    }

    fn goodbye() -> Goodbye {
        Goodbye {
            recorder: None,
            hello: Hello {
                document: DocumentId("w".to_owned()),
                origin: String::new(),
                path: vec![0],
                at: 1.0,
                from_start: true,
                blank: false,
            },
            at: Some(2.0),
            is_ahead: false,
            batches: Vec::new(),
            next: 1,
            lost: 0,
        }
    }

    fn all() -> [RelayRequest; 7] {
        [
            RelayRequest::Start,
            RelayRequest::StartFrames {
                origin: "https://widget.test".to_owned(),
            },
            RelayRequest::ToRecorder {
                text: "t".to_owned(),
            },
            RelayRequest::ToFrame {
                document: "E".to_owned(),
                text: "t".to_owned(),
            },
            RelayRequest::Park {
                recorder: DocumentId("r".to_owned()),
                began: 1.0,
                is_ahead: false,
                text: "t".to_owned(),
            },
            RelayRequest::Leave { goodbye: goodbye() },
            RelayRequest::Ping,
        ]
    }

    #[test]
    fn the_recorder_hears_who_sent_it() {
        let text = encode(&RelayRequest::ToRecorder {
            text: "t".to_owned(),
        });
        let Some(Forward::ToTop { tab: 3, text }) = route(sender(7), &text).unwrap() else {
            panic!("not to the top");
        };
        let expected = FromTap {
            document: "D".to_owned(),
            frame_id: 7,
            text: "t".to_owned(),
        };
        assert_eq!(decode::<FromTap>(&text).unwrap(), expected);
    }

    #[test]
    fn only_the_top_frame_commands() {
        for request in all() {
            let text = encode(&request);
            assert!(route(sender(0), &text).unwrap().is_some(), "{request:?}");
            let from_below = route(sender(7), &text).unwrap();
            let may_any = matches!(
                request,
                RelayRequest::Start
                    | RelayRequest::ToRecorder { .. }
                    | RelayRequest::Leave { .. }
                    | RelayRequest::Ping
            );
            assert_eq!(from_below.is_some(), may_any, "{request:?}");
        }
    }

    #[test]
    fn strangers_are_not_heard() {
        for request in all() {
            let text = encode(&request);
            let stranger = Sender {
                own_extension: false,
                ..sender(0)
            };
            assert_eq!(route(stranger, &text).unwrap(), None);
            let no_tab = Sender {
                tab: None,
                ..sender(0)
            };
            let answer = (request == RelayRequest::Ping).then_some(Forward::Answer);
            assert_eq!(route(no_tab, &text).unwrap(), answer);
        }
        assert!(route(sender(0), "{}").is_err());
    }

    #[test]
    fn a_page_that_another_site_has_replaced_may_park() {
        for request in all() {
            let leaving = Sender {
                is_leaving: true,
                ..sender(4)
            };
            let is_command = matches!(
                request,
                RelayRequest::ToFrame { .. } | RelayRequest::StartFrames { .. }
            );
            let forward = route(leaving, &encode(&request)).unwrap();
            assert_eq!(forward.is_none(), is_command, "{request:?}");
        }
    }

    #[test]
    fn a_goodbye_is_kept_unless_the_recorder_takes_it() {
        let text = encode(&RelayRequest::Leave { goodbye: goodbye() });
        let Some(Forward::Leave {
            tab: 3,
            text,
            goodbye,
        }) = route(sender(7), &text).unwrap()
        else {
            panic!("no goodbye");
        };
        let forwarded: FromTap = decode(&text).unwrap();
        let goodbye = TapMessage::Goodbye(goodbye);
        assert_eq!(decode::<TapMessage>(&forwarded.text).unwrap(), goodbye);

        let ack = |known| {
            encode(&Ack {
                through: 0,
                recorder: DocumentId("r".to_owned()),
                known,
                watched: false,
            })
        };
        assert!(is_taken(Some(&ack(true))));
        assert!(!is_taken(Some(&ack(false))));
        assert!(!is_taken(Some("null")));
        assert!(!is_taken(None));
    }

    #[test]
    fn an_earlier_goodbye_that_was_taken_leaves_the_later_one_stored() {
        let mut under_way = UnderWay::new();
        let first = under_way.add("goodbye:3:r:w");
        let other = under_way.add("goodbye:3:r:x");
        let second = under_way.add("goodbye:3:r:w");
        assert!(!under_way.end("goodbye:3:r:w", first));
        assert!(under_way.end("goodbye:3:r:x", other));
        assert!(under_way.end("goodbye:3:r:w", second));
        assert!(under_way.last.is_empty());
    }
}
