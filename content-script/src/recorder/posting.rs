//! Messages that the user posts: which document posts to which window, and how their arrival is
//! confirmed.

use callscope_bus::{Outcome, Post, Source, ToTap};
use callscope_protocol::ConversationId;

use super::actions;
use super::conversations::NoRoute;
use super::heard::{Direction, Heard};
use super::injections::{DUE, Expected};
use super::message::Message;
use super::{Event, Page, PanelId, Recorder};

/// A message that another document was asked to post.
#[derive(Debug)]
pub(super) struct Forwarded {
    panel: PanelId,
    request: u32,
    /// When it must have confirmed that at the latest.
    pub(super) due: f64,
    /// What to record once it is posted, if no tap will report it.
    heard: Option<Heard>,
}

/// The request to post a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking {
    pub(super) panel: PanelId,
    pub(super) request: u32,
    pub(super) conversation: ConversationId,
}

/// How a message is posted, and who reports it.
struct Way {
    /// Chrome's id of the posting document; `None` for the recorder's own.
    poster: Option<String>,
    post: Post,
    ear: Ear,
}

/// How a posted message is recorded.
enum Ear {
    /// A document's tap will report it.
    Tap(Expected),
    /// The receiver has no tap: this is recorded once it is posted.
    Nobody(Heard),
}

impl Recorder {
    /// Posts a message for the user, as host or widget; returns whether it is already done.
    pub(super) fn inject(
        &mut self,
        asking: Asking,
        by_widget: bool,
        message: &str,
        now: f64,
        page: &mut impl Page,
    ) -> Result<bool, String> {
        let Asking {
            panel,
            request,
            conversation,
        } = asking;
        // As the browser will serialize it for the receiver.
        let message = page.canonical(message);
        let message = message.ok_or_else(|| "The message is not valid JSON".to_owned())?;
        let Way { poster, post, ear } = if by_widget {
            self.way_up(conversation, message)?
        } else {
            self.way_down(conversation, message, now)?
        };
        let (expected, mut heard) = match ear {
            Ear::Tap(expected) => (Some(expected), None),
            Ear::Nobody(heard) => (None, Some(heard)),
        };
        if let Some(document) = poster {
            self.forwarded.push(Forwarded {
                panel,
                request,
                due: now + DUE,
                heard: heard.take(),
            });
            page.forward(panel, request, &document, &ToTap::Post(post));
        } else {
            page.post(&post)?;
        }
        if let Some(expected) = expected {
            self.injections.posted(panel, request, expected, now);
        }
        let is_all = heard.is_some();
        if let Some(heard) = heard {
            self.settling.push(now, Event::Heard(heard));
        }
        Ok(is_all)
    }

    /// The way from the host to the widget.
    fn way_down(
        &mut self,
        conversation: ConversationId,
        message: String,
        now: f64,
    ) -> Result<Way, String> {
        let route = self
            .conversations
            .route(&self.documents, &self.pairing, conversation)
            .map_err(actions::no_route)?;
        let host = self.documents.get(route.host);
        let ear = match route.widget {
            Some(receiver) => Ear::Tap(Expected {
                receiver,
                source: Source::Parent,
                message: message.clone(),
            }),
            None => Ear::Nobody(Heard {
                by: route.host,
                direction: Direction::ToChild { slot: route.slot },
                at: now,
                origin: host
                    .map(|host| host.hello.origin.clone())
                    .unwrap_or_default(),
                message: Message::read(message.clone()),
                cloned: String::new(),
                truncated: None,
                injected: true,
            }),
        };
        let to = Source::Child {
            slot: route.slot,
            index: route.index,
        };
        let target_origin = route.target_origin;
        Ok(Way {
            poster: host.and_then(|host| host.chrome.clone()),
            post: Post {
                to,
                target_origin,
                message,
            },
            ear,
        })
    }

    /// The way from the widget's frame to its parent, so that the host takes the message for the
    /// widget's.
    fn way_up(&mut self, conversation: ConversationId, message: String) -> Result<Way, String> {
        let route = self
            .conversations
            .route_up(&self.documents, &self.pairing, conversation)
            .map_err(actions::no_route)?;
        let widget = self.documents.get(route.widget);
        let document = widget.and_then(|widget| widget.chrome.clone());
        let document = document.ok_or_else(|| actions::no_route(NoRoute::WidgetUntapped))?;
        let (slot, index) = route.window;
        let expected = Expected {
            receiver: route.host,
            source: Source::Child { slot, index },
            message: message.clone(),
        };
        Ok(Way {
            poster: Some(document),
            post: Post {
                to: Source::Parent,
                target_origin: route.target_origin,
                message,
            },
            ear: Ear::Tap(expected),
        })
    }

    /// Another document has answered the request to post.
    pub(crate) fn on_post_answer(&mut self, panel: PanelId, request: u32, outcome: Outcome) {
        let place = self
            .forwarded
            .iter()
            .position(|forwarded| forwarded.panel == panel && forwarded.request == request);
        let Some(Forwarded { heard, .. }) = place.map(|place| self.forwarded.remove(place)) else {
            return;
        };
        match (outcome, heard) {
            (Outcome::Failed { reason }, _) => {
                self.injections.withdraw(panel, request);
                self.fail(panel, request, reason);
            }
            (_, Some(heard)) => {
                self.settling.push(heard.at, Event::Heard(heard));
                self.done.push((panel, request, Outcome::Ok));
            }
            // The widget's tap will report it.
            (_, None) => {}
        }
    }

    /// Gives up on messages forwarded to frames that have not confirmed posting in time.
    pub(super) fn fail_unposted(&mut self, now: f64) {
        while let Some(place) = self.forwarded.iter().position(|it| it.due <= now) {
            let Forwarded { panel, request, .. } = self.forwarded.remove(place);
            self.injections.fail(panel, request);
            self.fail(panel, request, actions::unheard(None));
        }
    }
}
