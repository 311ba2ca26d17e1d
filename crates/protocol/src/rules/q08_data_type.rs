//! Q08: a message has the type DATA of old documents.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "Q08",
    title: "DATA instead of CALL_DATA",
    why: "DATA was never a constant of any version; only the prose of the first README used the \
          word. An SDK that receives it answers with ERROR.",
    fix: "Call callData({ engagementId }), which sends CALL_DATA; in current versions let \
          HubSpot create the engagement with createEngagement: true instead.",
    severity: "error",
    example: Example {
        breaks: r"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            3000 widget    DATA engagementId=7
                 ! Q08 error DATA is not a message of any SDK version; the SDK's callData() sends CALL_DATA
        ",
        clean: r"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            3000 widget    CALL_DATA engagementId=7
        ",
    },
    hooks: &[Hook::On(&[MessageType::Data], check)],
    ..Rule::ANY_VERSION
};

fn check(_: &Arrival<'_>, report: &mut Report<'_>) {
    report.error("DATA is not a message of any SDK version; the SDK's callData() sends CALL_DATA");
}
