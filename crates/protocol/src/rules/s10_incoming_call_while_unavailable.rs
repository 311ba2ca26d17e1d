//! S10: a call comes in although the user is not available.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S10",
    title: "INCOMING_CALL while unavailable",
    why: "HubSpot expects inbound calls only while the user is available.",
    fix: "Call userAvailable() before incomingCall(), or give isAvailable: true to \
          initialized().",
    severity: "warning",
    since: Version::new(0, 3, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0 isAvailable=false
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
                 ! S10 warning INCOMING_CALL came while the user is not available
        ",
        clean: r"
               0 handshake 0.9.7-beta.0 isAvailable=false
             500 widget    USER_AVAILABLE
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
        ",
    },
    hooks: &[Hook::On(&[MessageType::IncomingCall], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let view = &arrival.state.view;
    // Logged out is S08.
    let excused = view.login == Login::LoggedOut || arrival.state.until(0, 2, 2);
    if arrival.from() == Side::Widget && view.availability == Availability::Unavailable && !excused
    {
        report
            .warning("INCOMING_CALL came while the user is not available")
            .see(arrival.state.load.availability_mark.map(|mark| mark.seq));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn available_or_unknown() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=MISSED
            2500 widget    USER_UNAVAILABLE
            2600 widget    USER_AVAILABLE
            3000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b
        "#]]);
    }
}
