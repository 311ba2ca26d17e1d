//! T10: both sides have the same instance.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T10",
    title: "Same instance on both sides",
    why: "The instance is the clock at start in milliseconds. If both sides have the same one, \
          each takes everything that the other sends for responses to itself and drops it; only \
          the handshake still succeeds.",
    fix: "Reload the page: the two are rarely equal twice. If it happens often, call new \
          CallingExtensions() a moment after the page has loaded, with setTimeout; a host of \
          your own can create its IFrameManager before it adds the iframe.",
    severity: "error",
    example: Example {
        breaks: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            3 widget    INITIALIZED isLoggedIn=true .messageId=1699999999000_1700000000003
              ! T10 error Host and widget both have the instance 1699999999000; all messages but the handshake are dropped
        ",
        clean: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            3 widget    INITIALIZED isLoggedIn=true .messageId=1699999999500_1700000000003
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.is_ack() || arrival.state.borrows_id(arrival) {
        return;
    }
    let Some(instance) = arrival.instance else {
        return;
    };
    if arrival.state.instance(arrival.from().other()) == Some(instance) && report.once(instance) {
        report.error(format!(
            "Host and widget both have the instance {instance}; all messages but the handshake \
             are dropped"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn equal() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com
               2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
               3 widget    INITIALIZED isLoggedIn=true .messageId=1699999999000_1700000000003
                 ! T10 error Host and widget both have the instance 1699999999000; all messages but the handshake are dropped
            1000 widget    LOGGED_OUT .messageId=1699999999000_1700000001000
        "#]]);
    }

    #[test]
    fn different() {
        check(&expect![[r#"
            0 handshake 0.9.7-beta.0
        "#]]);
    }
}
