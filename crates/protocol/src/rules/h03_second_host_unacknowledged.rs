//! H03: another host sends SYNC to a widget that answers only once.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "H03",
    title: "Second host is not acknowledged",
    why: "The SDK in the widget answers only the first SYNC of a page load. A host that is \
          recreated without reloading the iframe never becomes ready: it sends nothing, and \
          raises SYNC_ACK_FAILED after 30 s.",
    fix: "In the host, reload the iframe whenever you create another IFrameManager, or keep the \
          first one.",
    severity: "warning",
    since: Version::new(0, 0, 2),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            5000 host2     SYNC .hostUrl=https://app.hubspot.com
            5100 host2     SYNC .hostUrl=https://app.hubspot.com
            6000 widget    LOGGED_OUT
                 ! H03 [#4] warning Another host sends SYNC, but the widget was not reloaded and will not answer it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            5000 host2     SYNC .hostUrl=https://app.hubspot.com
            5100 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            5101 widget2   INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(syncing) = arrival
        .state
        .syncing
        .as_ref()
        .filter(|syncing| syncing.new_host)
    else {
        return;
    };
    let known = syncing.widget_instance_before.as_deref();
    let is_stayed = known.is_some() && arrival.instance == known && !arrival.is_ack();
    if arrival.from() == Side::Widget && is_stayed && report.once(syncing.first.seq) {
        report
            .warning(
                "Another host sends SYNC, but the widget was not reloaded and will not answer it",
            )
            .anchor(syncing.first.seq)
            .see([arrival.recorded.seq]);
    }
}
