//! What Callscope does to the page at the user's request: posting a message, changing a local
//! setting, reloading.

use callscope_protocol::Side;

use super::conversations::NoRoute;
use crate::text::join;

/// The prefix of all keys that Callscope reads and writes.
const SETTINGS: &str = "LocalSettings:";

/// The keys whose values are recorded.
pub(crate) const RECORDED_SETTINGS: [&str; 2] = [
    "LocalSettings:Calling:CallingExtensions",
    "LocalSettings:Sales:CallingExtensions",
];

/// Checks that a key is one of HubSpot's local settings.
pub(crate) fn check_key(key: &str) -> Result<(), String> {
    if key.starts_with(SETTINGS) {
        Ok(())
    } else {
        Err(join(&[
            "Callscope changes only keys that begin with ",
            SETTINGS,
        ]))
    }
}

/// Why a message cannot be posted, and what to do about it.
pub(crate) fn no_route(reason: NoRoute) -> String {
    match reason {
        NoRoute::Unknown => {
            "The page has no such conversation any more. Choose one that is running"
        }
        NoRoute::Closed(Side::Widget) => {
            "The widget of this conversation was reloaded or removed. Choose the conversation \
             that continues it, or open the widget again"
        }
        NoRoute::Closed(Side::Host) => {
            "The HubSpot frame of this conversation was reloaded or removed. Choose the \
             conversation that continues it"
        }
        NoRoute::HostUnseen => {
            "Callscope cannot see the frame that holds the widget, so it cannot post from there. \
             Allow Callscope on its origin and reload the page"
        }
        NoRoute::WidgetUntapped => {
            "Callscope does not run in the widget's frame, so it cannot post from there. Allow \
             Callscope on the widget's origin and reload the page"
        }
        NoRoute::WidgetUnseen => {
            "The widget has not sent anything yet, so its window is not known. Wait for its \
             handshake"
        }
        NoRoute::OpaqueUnseen => {
            "The widget runs in a sandboxed frame without an origin, and Callscope cannot see \
             whether the widget is still in it. Allow Callscope on the origin that the frame's \
             page comes from and reload the page, or add allow-same-origin to the frame's sandbox"
        }
    }
    .to_owned()
}

/// What to tell the user when nobody has received a message within two seconds; `receiver` is the
/// side that should have, or `None` if the message has not even been posted.
pub(crate) fn unheard(receiver: Option<Side>) -> String {
    match receiver {
        None => {
            "The message was not posted within two seconds: Callscope's service worker has to hand \
             it to the frame that posts it, and that has not answered. If the panel says that the \
             worker does not answer, reload Callscope on chrome://extensions and this page; if a \
             debugger has stopped the frame, let it go on"
        }
        Some(Side::Widget) => {
            "The message was posted, but the widget did not receive it within two seconds. It may \
             have gone to another page, or its script may be busy"
        }
        Some(Side::Host) => {
            "The message was posted, but HubSpot's page did not receive it within two seconds. Its \
             script may be busy"
        }
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_settings_can_be_changed() {
        assert!(RECORDED_SETTINGS.iter().all(|key| check_key(key).is_ok()));
        assert!(check_key("token").is_err());
        assert!(check_key("").is_err());
    }
}
