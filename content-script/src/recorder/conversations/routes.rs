//! How to post a message into a conversation.

use callscope_protocol::{ConversationId, Side};

use super::{Conversations, OPAQUE, Pair, index_of};
use crate::recorder::documents::{DocIx, Documents};
use crate::recorder::pairing::Pairing;

/// Where to post a message for a conversation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Route {
    /// The document that posts: the host.
    pub(crate) host: DocIx,
    /// The window to post to, as the host's tap numbers it; 0 if it has not been heard from.
    pub(crate) slot: u32,
    /// The window's index in the host.
    pub(crate) index: u32,
    /// The origin that may receive it; `*` for a widget whose origin is opaque.
    pub(crate) target_origin: String,
    /// The widget, if a tap listens in it.
    pub(crate) widget: Option<DocIx>,
}

/// How to post a message in the widget's name.
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
    /// One of its documents went away.
    Closed(Side),
    /// The host's frame has no tap.
    HostUnseen,
    /// The widget's frame has no tap, and is to post.
    WidgetUntapped,
    /// The widget's window was not seen.
    WidgetUnseen,
    /// The widget's origin is opaque, and no tap listens in it.
    OpaqueUnseen,
}

impl Conversations {
    /// Where to post for a conversation.
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
            // No origin names a sandboxed document, so only the window says who receives it. It
            // must be the one that the host has heard from, and a tap in it must tell when
            // another page takes the widget's place.
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

    /// How to post for a conversation in the widget's name.
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
            // A frame's parent goes nowhere without the frame, so the window alone says who
            // receives it.
            target_origin: if origin == OPAQUE { "*" } else { origin }.to_owned(),
        })
    }

    /// A conversation whose documents are both there.
    fn open_pair(&self, id: ConversationId) -> Result<&Pair, NoRoute> {
        let is_it = |pair: &&Pair| pair.started.as_ref().is_some_and(|it| it.id == id);
        let pair = self.pairs.iter().find(is_it).ok_or(NoRoute::Unknown)?;
        match pair.closed {
            Some(side) => Err(NoRoute::Closed(side)),
            None => Ok(pair),
        }
    }
}
