//! Q02: an outbound call begins without HubSpot (seed).

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "Q02",
    title: "OUTGOING_CALL_STARTED without DIAL_NUMBER",
    why: "The user dialed inside the widget. That is legal; HubSpot then knows the number only \
          from the widget.",
    fix: "Pass phoneNumber to outgoingCall().",
    severity: "note",
    until: Some(Version::new(0, 0, 6)),
    example: Example {
        breaks: r"
               0 handshake 0.0.1 old
            1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
                 ! Q02 note OUTGOING_CALL_STARTED came without DIAL_NUMBER; the user dialed in the widget
        ",
        clean: r"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1001 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
        ",
    },
    hooks: &[Hook::On(&[MessageType::OutgoingCallStarted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    let excused = !state.is_seed() || state.gapped || !state.hears_host()
        // A repeated start of the same call is C01.
        || arrival.announced_again().is_some();
    if arrival.from() == Side::Widget && !excused && state.calls.dial.is_none() {
        report
            .note("OUTGOING_CALL_STARTED came without DIAL_NUMBER; the user dialed in the widget");
    }
}
