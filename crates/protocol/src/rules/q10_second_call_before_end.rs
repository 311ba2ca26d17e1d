//! Q10: a second call starts before the first is ended (seed).

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "Q10",
    title: "Second call before CALL_ENDED",
    why: "HubSpot follows one call at a time; later messages cannot be told apart.",
    fix: "Call callEnded() for the first call before outgoingCall() or incomingCall() for the \
          next.",
    severity: "error",
    until: Some(Version::new(0, 0, 6)),
    example: Example {
        breaks: r"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1100 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
            2000 widget    INCOMING_CALL phoneNumber=+15550111
                 ! Q10 error INCOMING_CALL came before CALL_ENDED of the call before
        ",
        clean: r"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1100 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
            1500 widget    CALL_ANSWERED
            1600 widget    CALL_DATA engagementId=7
            1900 widget    CALL_ENDED
            2000 widget    INCOMING_CALL phoneNumber=+15550111
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::OutgoingCallStarted, MessageType::IncomingCall],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // From 0.0.7 on, this is M32; a repeated start of the same call is C01.
    if arrival.from() != Side::Widget
        || !arrival.state.is_seed()
        || arrival.announced_again().is_some()
    {
        return;
    }
    if let Some(call) = arrival.state.calls.active().filter(|call| call.sure) {
        report
            .error(format!(
                "{} came before CALL_ENDED of the call before",
                arrival.name()
            ))
            .see([call.began.seq]);
    }
}
