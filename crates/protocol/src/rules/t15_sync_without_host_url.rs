//! T15: the host sends SYNC without `hostUrl`.

use super::prelude::*;
use crate::state::Ack;

pub(super) const RULE: Rule = Rule {
    code: "T15",
    title: "SYNC without hostUrl",
    why: "From 0.0.7 on the widget learns from hostUrl where to send. Without it the widget falls \
          back to document.referrer, which is wrong after a redirect inside the iframe, or to its \
          own origin if the referrer is empty.",
    fix: "Add hostUrl: window.location.origin to SYNC, or use the IFrameManager of SDK 0.0.7 or \
          newer in the host.",
    severity: "warning",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
            0 host      SYNC
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
              ! T15 [#1] warning SYNC has no hostUrl; the widget has to guess where the host is
            3 widget    INITIALIZED isLoggedIn=true
        ",
        clean: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            3 widget    INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[Hook::On(&[MessageType::SyncAck], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(syncing) = &arrival.state.syncing else {
        return;
    };
    let is_judged = arrival.ack == Some(Ack::NewLoad) && !syncing.interrupted;
    if is_judged && arrival.state.acked_with_url && !syncing.has_host_url {
        report
            .warning("SYNC has no hostUrl; the widget has to guess where the host is")
            .anchor(syncing.first.seq)
            .see([arrival.recorded.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn old_widgets_do_not_need_it() {
        check(&expect![[r#"
            0 handshake 0.0.1 old
        "#]]);
    }
}
