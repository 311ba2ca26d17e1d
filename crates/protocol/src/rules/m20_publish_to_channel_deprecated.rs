//! M20: the widget publishes a call the old way.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M20",
    title: "PUBLISH_TO_CHANNEL is deprecated",
    why: "Since 0.9.4 the message is FINALIZE_ENGAGEMENT, with the same payload; the old one may \
          be removed.",
    fix: "Call finalizeEngagement({ engagementId, externalCallId }) instead of \
          publishToChannel().",
    severity: "warning",
    since: Version::new(0, 9, 4),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            4000 widget    PUBLISH_TO_CHANNEL externalCallId=a engagementId=7
                 ! M20 warning PUBLISH_TO_CHANNEL is deprecated since SDK 0.9.4; use FINALIZE_ENGAGEMENT
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            4000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=7
        ",
    },
    hooks: &[Hook::On(&[MessageType::PublishToChannel], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() == Side::Widget && arrival.state.since(0, 9, 4) {
        report.warning("PUBLISH_TO_CHANNEL is deprecated since SDK 0.9.4; use FINALIZE_ENGAGEMENT");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn not_yet() {
        check(&expect![[r#"
               0 handshake 0.9.3-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            4000 widget    PUBLISH_TO_CHANNEL externalCallId=a engagementId=7
        "#]]);
    }
}
