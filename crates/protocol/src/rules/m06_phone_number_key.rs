//! M06: the number is given under the old name.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M06",
    title: "phoneNumber instead of toNumber",
    why: "phoneNumber has been missing from the types since 0.7.0 and from the demos since 2024.",
    fix: "Call outgoingCall() with toNumber and fromNumber.",
    severity: "warning",
    since: Version::new(0, 7, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true externalCallId=a
                 ! M06 warning OUTGOING_CALL_STARTED has phoneNumber; since SDK 0.7.0 it is toNumber
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
        ",
    },
    hooks: &[Hook::On(&[MessageType::OutgoingCallStarted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let is_old = arrival.has("phoneNumber") && arrival.lacks("toNumber");
    if arrival.from() == Side::Widget && arrival.state.since(0, 7, 0) && is_old {
        report.warning("OUTGOING_CALL_STARTED has phoneNumber; since SDK 0.7.0 it is toNumber");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn old_versions() {
        check(&expect![[r#"
               0 handshake 0.2.1-beta.0
            1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
        "#]]);
    }
}
