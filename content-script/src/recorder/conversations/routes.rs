//! How to post a message into a conversation.

use callscope_protocol::{ConversationId, Side};

use super::{Conversations, OPAQUE, Pair, index_of};
use crate::recorder::documents::{DocIx, Documents};
use crate::recorder::pairing::Pairing;

/// Where to post a message to the widget.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Route {
    /// The document that posts: the host.
    pub(crate) host: DocIx,
    /// The window to post to, by the host tap's slot; 0 if it has not been heard from.
    pub(crate) slot: u32,
    /// The window's index in the host.
    pub(crate) index: u32,
    /// The origin that may receive it; `*` for a widget whose origin is opaque.
    pub(crate) target_origin: String,
    /// The widget, if it has a tap.
    pub(crate) widget: Option<DocIx>,
}

/// Where to post a message as the widget.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RouteUp {
    /// The document that posts, to its parent: the widget.
    pub(crate) widget: DocIx,
    /// The document that receives it: the host.
    pub(crate) host: DocIx,
    /// The widget's window as the host's tap sees it; slot 0 if it has not been heard from.
    pub(crate) window: (u32, u32),
    /// The origin that may receive it; `*` for a host whose origin is opaque.
    pub(crate) target_origin: String,
}

/// Why a conversation cannot be posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoRoute {
    /// There is no such conversation.
    Unknown,
    /// One of its documents is gone.
    Closed(Side),
    /// The host's frame has no tap.
    HostUnseen,
    /// The widget's frame, which should post, has no tap.
    WidgetUntapped,
    /// The widget's window has not been seen.
    WidgetUnseen,
    /// The widget's origin is opaque, and it has no tap.
    OpaqueUnseen,
}

impl Conversations {
    /// Where to post a message to the widget of a conversation.
    pub(crate) fn route(
        &self,
        documents: &Documents,
        pairing: &Pairing,
        id: ConversationId,
    ) -> Result<Route, NoRoute> {
        let pair = self.open_pair(id)?;
        let host = pair.host.ok_or(NoRoute::HostUnseen)?;
        let document = pair.widget.and_then(|widget| documents.get(widget));
        let (slot, index) = match (pair.window, pair.widget.zip(document)) {
            (Some(window), _) => window,
            (None, Some((widget, document))) => {
                let slot = pairing.slot_of(host, document.frame).unwrap_or(0);
                (slot, index_of(documents, widget))
            }
            (None, None) => return Err(NoRoute::WidgetUnseen),
        };
        let origin = match document {
            Some(document) => document.hello.origin.clone(),
            None => pair.widget_origin.clone().ok_or(NoRoute::WidgetUnseen)?,
        };
        let target_origin = if origin == OPAQUE {
            // Every sandboxed document has the same origin string, so only the window determines
            // the receiver. It must be the one that the host has heard from, and it must have a tap
            // that reports when another page replaces the widget.
            match (slot, pair.widget) {
                (_, None) => return Err(NoRoute::OpaqueUnseen),
                (0, Some(_)) => return Err(NoRoute::WidgetUnseen),
                (_, Some(_)) => "*".to_owned(),
            }
        } else {
            origin
        };
        Ok(Route {
            host,
            slot,
            index,
            target_origin,
            widget: pair.widget,
        })
    }

    /// Where to post a message as the widget of a conversation.
    pub(crate) fn route_up(
        &self,
        documents: &Documents,
        pairing: &Pairing,
        id: ConversationId,
    ) -> Result<RouteUp, NoRoute> {
        let pair = self.open_pair(id)?;
        let (widget, document) = pair
            .widget
            .and_then(|widget| Some((widget, documents.get(widget)?)))
            .ok_or(NoRoute::WidgetUntapped)?;
        let (host, host_document) = pair
            .host
            .and_then(|host| Some((host, documents.get(host)?)))
            .ok_or(NoRoute::HostUnseen)?;
        let window = pair.window.unwrap_or_else(|| {
            let slot = pairing.slot_of(host, document.frame).unwrap_or(0);
            (slot, index_of(documents, widget))
        });
        let origin = &host_document.hello.origin;
        Ok(RouteUp {
            widget,
            host,
            window,
            // A frame's parent cannot navigate without the frame, so the window alone determines
            // the receiver.
            target_origin: if origin == OPAQUE { "*" } else { origin }.to_owned(),
        })
    }

    /// The pair of a conversation whose documents are both still there.
    fn open_pair(&self, id: ConversationId) -> Result<&Pair, NoRoute> {
        let is_it = |pair: &&Pair| pair.started.as_ref().is_some_and(|it| it.id == id);
        let pair = self.pairs.iter().find(is_it).ok_or(NoRoute::Unknown)?;
        match pair.closed {
            Some(side) => Err(NoRoute::Closed(side)),
            None => Ok(pair),
        }
    }
}
