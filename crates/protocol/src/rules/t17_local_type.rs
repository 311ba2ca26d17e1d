//! T17: something is posted that the SDK keeps to itself.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T17",
    title: "Local type on the wire",
    why: "READY, SYNC_ACK_FAILED and FAILED are names that the SDK uses internally on one side. \
          READY from the host runs onReady again; the others are unknown types or run a handler \
          unexpectedly.",
    fix: "Remove the call that posts it: READY, SYNC_ACK_FAILED and FAILED are what the SDK calls \
          its own handlers with (onReady, FAILED). On the wire, handshake and time-out are \
          expressed by SYNC, SYNC_ACK and silence.",
    severity: "warning",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      READY
                 ! T17 warning READY is a local name of the SDK and should not be posted
        ",
        clean: r"
               0 host      SYNC .hostUrl=https://app.hubspot.com
               2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
               3 widget    INITIALIZED isLoggedIn=true
            1000 host      DIAL_NUMBER phoneNumber=+15550100
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::Ready,
            MessageType::SyncAckFailed,
            MessageType::Failed,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    report.warning(format!(
        "{} is a local name of the SDK and should not be posted",
        arrival.name()
    ));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn posted() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      READY
                 ! T17 warning READY is a local name of the SDK and should not be posted
            1001 host      SYNC_ACK_FAILED
                 ! T17 warning SYNC_ACK_FAILED is a local name of the SDK and should not be posted
            1002 widget    FAILED
                 ! T17 warning FAILED is a local name of the SDK and should not be posted
        "#]]);
    }

    #[test]
    fn others() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
        "#]]);
    }
}
