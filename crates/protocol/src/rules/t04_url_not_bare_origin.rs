//! T04: a URL in the handshake is not a bare origin.

use super::prelude::*;
use crate::origin;

pub(super) const RULE: Rule = Rule {
    code: "T04",
    title: "URL is not a bare origin",
    why: "hostUrl and iFrameUrl are used as they are: as the target of posted messages, and for \
          an exact comparison with the origin of received ones. With a slash, a path, capitals or \
          a default port the handshake still succeeds, but every later message of that side is \
          dropped.",
    fix: "Pass the bare origin, as in window.location.origin: protocol, host, and the port only \
          if it is not the default.",
    severity: "error",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com/
              ! T04 error hostUrl is https://app.hubspot.com/; expected the bare origin https://app.hubspot.com
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            3 widget    INITIALIZED isLoggedIn=true
        ",
        clean: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            3 widget    INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::Sync,
            MessageType::SyncAck,
            MessageType::SetWidgetUrl,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let key = if arrival.is_sync() {
        "hostUrl"
    } else if arrival.is_ack() || arrival.is(MessageType::SetWidgetUrl) {
        "iFrameUrl"
    } else {
        return;
    };
    let Some(value) = arrival.json.get(key).filter(|value| !value.is_falsy()) else {
        return;
    };
    let message = match value.as_str() {
        Some(url) if origin::is_bare(url) => return,
        Some(url) => match origin::of_url(url) {
            Some(bare) => format!("{key} is {url}; expected the bare origin {bare}"),
            None => format!("{key} is {url}, which is not an origin"),
        },
        None => format!("{key} is {}; expected an origin", value.kind_words()),
    };
    // SYNC is repeated.
    if report.once(&message) {
        report.error(message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_slash() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com/
                 ! T04 error hostUrl is https://app.hubspot.com/; expected the bare origin https://app.hubspot.com
             100 host      SYNC .hostUrl=https://app.hubspot.com/
             110 widget    SYNC_ACK .version=0.9.7-beta.0 .hostUrl=https://app.hubspot.com/ .iFrameUrl=https://widget.example
             120 widget    INITIALIZED isLoggedIn=true
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
        "#]]);
    }

    #[test]
    fn a_default_port_and_no_origin() {
        check(&expect![[r#"
            0 host      SYNC .hostUrl=app.hubspot.com
              ! T04 error hostUrl is app.hubspot.com, which is not an origin
            5 widget    SYNC_ACK .version=0.9.7-beta.0 .hostUrl=app.hubspot.com .iFrameUrl=https://Widget.example:443/phone
              ! T04 error iFrameUrl is https://Widget.example:443/phone; expected the bare origin https://widget.example
        "#]]);
    }

    #[test]
    fn bare_origins() {
        check(&expect![[r#"
             0 ready 0.9.7-beta.0 .hostUrl=https://app.hubspot.com
            10 widget    INITIALIZED isLoggedIn=true
        "#]]);
    }
}
