//! Local Network Access: whether the browser lets a page show what is on this machine or network.
//!
//! Read off Chromium 156: a page that came from the web and frames `localhost` needs its user's
//! permission `loopback-network`; for an address of the local network it is `local-network`. Without
//! it the frame is not even requested (`ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS`), and the page is
//! told nothing; a page that is not a secure context is not asked about. Chrome 142 has one
//! permission for both, `local-network-access`. A page of this machine needs none.

use callscope_protocol::{is_local, is_private};
use serde_json::Value;

use crate::Obstacle;

/// The permission that was there before there were two.
const OLD: &str = "local-network-access";

/// Says that the browser blocks the widget, going by the page's permissions: their states by name, as
/// `navigator.permissions` tells them.
#[must_use]
pub fn of_local_network(url: &str, permissions: &Value) -> Option<Obstacle> {
    let (name, place) = if is_local(url) {
        ("loopback-network", "this machine")
    } else if is_private(url) {
        ("local-network", "the local network")
    } else {
        return None;
    };
    let state = permissions
        .get(name)
        .or_else(|| permissions.get(OLD))?
        .as_str()?;
    (state == "denied").then(|| Obstacle {
        blocks: true,
        what: format!(
            "The browser may not show a widget of {place} in this page: the permission for it was \
             refused (Local Network Access). If this page comes from the web, nothing is asked of the \
             widget's server."
        ),
        fix: "Allow it in the browser's settings for this site, behind the icon beside the address, \
              and load the page again."
            .to_owned(),
    })
}

/// What happens on HubSpot with a widget that is shown here without a question.
pub(crate) fn on_hubspot(url: &str) -> Option<Obstacle> {
    (is_local(url) || is_private(url)).then(|| Obstacle {
        blocks: false,
        what: "On HubSpot, Chrome 142 and newer asks its user before it shows a widget of this \
               machine or network (Local Network Access)."
            .to_owned(),
        fix:
            "Allow it there once; if it was refused, in the browser's settings for HubSpot's site. \
              callscope simulate --as app.hubspot.com --public has the browser ask here, too."
                .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_and_refused_is_told() {
        let states = |name: &str, state: &str| serde_json::json!({ name: state });
        let blocks = |url: &str, states: &Value| of_local_network(url, states).is_some();
        let refused = states("loopback-network", "denied");
        assert!(blocks("https://localhost:9025/", &refused));
        assert!(blocks("http://127.0.0.1/x", &refused));
        assert!(!blocks("https://dialer.example/", &refused));
        assert!(!blocks("https://192.168.1.7:9025/", &refused));
        assert!(!blocks(
            "https://localhost/",
            &states("loopback-network", "prompt")
        ));
        let refused = states("local-network", "denied");
        assert!(blocks("https://192.168.1.7:9025/", &refused));
        assert!(blocks("https://[fd00::1]:9025/", &refused));
        assert!(blocks("http://phone.local/", &refused));
        assert!(!blocks("https://8.8.8.8/", &refused));
        let refused = states(OLD, "denied");
        assert!(blocks("https://localhost/", &refused));
        assert!(blocks("https://10.0.0.2/", &refused));
    }
}
