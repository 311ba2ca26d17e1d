//! M13: a call ends with a status that HubSpot does not know.

use super::prelude::*;
use crate::suggest;

pub(super) const RULE: Rule = Rule {
    code: "M13",
    title: "Unknown callEndStatus",
    why: "HubSpot knows seven statuses. The documentation prints the names of the constants, \
          which begin with INTERNAL_; on the wire the values have no prefix.",
    fix: "Use the values of the SDK's Constants.callEndStatus, for example callEnded({ \
          callEndStatus: callEndStatus.INTERNAL_COMPLETED }), which is the string COMPLETED.",
    severity: "warning",
    since: Version::new(0, 1, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=INTERNAL_COMPLETED
                 ! M13 warning callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallEnded], check)],
    ..Rule::ANY_VERSION
};

/// What `callEndStatus` can be.
pub(super) const STATUSES: [&str; 7] = [
    "COMPLETED",
    "FAILED",
    "CANCELED",
    "BUSY",
    "NO_ANSWER",
    "REJECTED",
    "MISSED",
];

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(value) = arrival.field("callEndStatus") else {
        return;
    };
    if arrival.from() != Side::Widget || *value == Json::Null {
        return;
    }
    let Some(status) = value.as_str() else {
        let kind = value.kind_words();
        report
            .warning(format!(
                "callEndStatus is {kind}; expected one of {}",
                STATUSES.join(", ")
            ))
            .about(["callEndStatus"]);
        return;
    };
    if STATUSES.contains(&status) {
        return;
    }
    let plain = status
        .strip_prefix("INTERNAL_")
        .filter(|plain| STATUSES.contains(plain));
    let near = plain.or_else(|| suggest::nearest(status, STATUSES.into_iter()));
    report
        .warning(match near {
            Some(near) => format!("callEndStatus is {status}; did you mean {near}?"),
            None => format!(
                "callEndStatus is {status}; expected one of {}",
                STATUSES.join(", ")
            ),
        })
        .about(["callEndStatus"]);
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn odd_statuses() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=INTERNAL_COMPLETED
                 ! M13 warning callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?
            3000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
            4000 widget    CALL_ENDED externalCallId=b callEndStatus=CANCELLED
                 ! M13 warning callEndStatus is CANCELLED; did you mean CANCELED?
            5000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=c
            6000 widget    CALL_ENDED externalCallId=c callEndStatus=7
                 ! M13 warning callEndStatus is a number; expected one of COMPLETED, FAILED, CANCELED, BUSY, NO_ANSWER, REJECTED, MISSED
            7000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=d
            8000 widget    CALL_ENDED externalCallId=d callEndStatus=HUNG_UP_BY_AGENT
                 ! M13 warning callEndStatus is HUNG_UP_BY_AGENT; expected one of COMPLETED, FAILED, CANCELED, BUSY, NO_ANSWER, REJECTED, MISSED
        "#]]);
    }

    #[test]
    fn known_or_none() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=NO_ANSWER
            3000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
            4000 widget    CALL_ENDED externalCallId=b
        "#]]);
    }
}
