//! T14: the host sends SYNC without an id.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T14",
    title: "SYNC without messageId",
    why: "The widget answers with an id of its own. The host then treats the SYNC_ACK as an \
          unknown message, never becomes ready, and raises SYNC_ACK_FAILED.",
    fix: "Give every SYNC a messageId of the host. The SDK's IFrameManager does this by itself.",
    severity: "error",
    example: Example {
        breaks: r"
              0 host      SYNC .hostUrl=https://app.hubspot.com -messageId
                ! T14 error SYNC has no messageId, so that its answer cannot be told
            100 host      SYNC .hostUrl=https://app.hubspot.com -messageId
        ",
        clean: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1700000000000
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example .messageId=1699999999000_1700000000000
            3 widget    INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[Hook::On(&[MessageType::Sync], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let has_id = arrival
        .json
        .get("messageId")
        .is_some_and(|id| !id.is_falsy());
    if arrival.is_sync() && !has_id && arrival.recorded.truncated.is_none() && report.once(()) {
        report.error("SYNC has no messageId, so that its answer cannot be told");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn an_id() {
        check(&expect![[r#"
            0 handshake 0.9.7-beta.0
        "#]]);
    }
}
