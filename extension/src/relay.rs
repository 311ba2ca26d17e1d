//! Where a message goes.

use callscope_bus::{BusError, FromTap, RelayRequest, decode, encode};

/// Who sent a message, as Chrome says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sender {
    /// Whether it belongs to this extension.
    pub(crate) own_extension: bool,
    /// Its tab.
    pub(crate) tab: Option<i32>,
    /// Its frame in the tab; 0 is the top.
    pub(crate) frame: i32,
    /// Its document.
    pub(crate) document: Option<String>,
    /// The address of its document.
    pub(crate) url: String,
}

/// What to do with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Forward {
    /// Run the content script in a document.
    Start {
        /// The tab.
        tab: i32,
        /// Chrome's name of the document.
        document: String,
    },
    /// Send it to the top frame of the tab, and the answer back.
    ToTop {
        /// The tab.
        tab: i32,
        /// The text.
        text: String,
    },
    /// Send it to a document of the tab, and the answer back.
    ToDocument {
        /// The tab.
        tab: i32,
        /// Chrome's name of the document.
        document: String,
        /// The text.
        text: String,
    },
    /// Answer.
    Answer,
    /// Keep a session.
    Park {
        /// The tab.
        tab: i32,
        /// The page's address without query and fragment.
        page: String,
        /// The session.
        log: String,
    },
}

/// Where to forward a message; `None` if its sender may not send such a thing.
///
/// # Errors
///
/// If the text is not a message of the bus.
pub(crate) fn route(sender: Sender, text: &str) -> Result<Option<Forward>, BusError> {
    let Sender {
        own_extension,
        tab,
        frame,
        document,
        url,
    } = sender;
    if !own_extension {
        return Ok(None);
    }
    let request = decode(text)?;
    let Some(tab) = tab else {
        // A page of the extension.
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
        RelayRequest::ToFrame { document, text } if is_top => Some(Forward::ToDocument {
            tab,
            document,
            text,
        }),
        RelayRequest::Park { log } if is_top => {
            let page = url.split(['?', '#']).next().unwrap_or_default().to_owned();
            Some(Forward::Park { tab, page, log })
        }
        RelayRequest::ToFrame { .. } | RelayRequest::Park { .. } => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(frame: i32) -> Sender {
        Sender {
            own_extension: true,
            tab: Some(3),
            frame,
            document: Some("D".to_owned()),
            url: "https://app.hubspot.com/contacts/1?token=x#y".to_owned(),
        }
    }

    fn all() -> [RelayRequest; 5] {
        [
            RelayRequest::Start,
            RelayRequest::ToRecorder {
                text: "t".to_owned(),
            },
            RelayRequest::ToFrame {
                document: "E".to_owned(),
                text: "t".to_owned(),
            },
            RelayRequest::Park {
                log: "l".to_owned(),
            },
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
                RelayRequest::Start | RelayRequest::ToRecorder { .. } | RelayRequest::Ping
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
    fn a_parked_page_keeps_no_secrets_of_its_address() {
        let text = encode(&RelayRequest::Park {
            log: "l".to_owned(),
        });
        let Some(Forward::Park { page, .. }) = route(sender(0), &text).unwrap() else {
            panic!("not parked");
        };
        assert_eq!(page, "https://app.hubspot.com/contacts/1");
    }
}
