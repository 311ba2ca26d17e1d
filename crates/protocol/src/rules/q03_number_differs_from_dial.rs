//! Q03: another number is dialed than HubSpot asked for (seed).

use super::prelude::*;
use crate::phone;

pub(super) const RULE: Rule = Rule {
    code: "Q03",
    title: "Another number than DIAL_NUMBER",
    why: "HubSpot shows and saves the number that it asked for.",
    fix: "Dial the phoneNumber of onDialNumber and pass the same number to outgoingCall().",
    severity: "warning",
    until: Some(Version::new(0, 0, 6)),
    example: Example {
        breaks: r"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1001 widget    OUTGOING_CALL_STARTED phoneNumber=+15550111
                 ! Q03 warning OUTGOING_CALL_STARTED is to +15550111; HubSpot asked for +15550100
        ",
        clean: r#"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber="+1 (555) 010-0199"
            1001 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100199
        "#,
    },
    hooks: &[Hook::On(&[MessageType::OutgoingCallStarted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || !arrival.state.is_seed() {
        return;
    }
    let Some(dial) = &arrival.state.calls.dial else {
        return;
    };
    let Some((asked, dialed)) = dial.number.as_deref().zip(arrival.text("phoneNumber")) else {
        return;
    };
    if !phone::is_same(asked, dialed) {
        report
            .warning(format!(
                "OUTGOING_CALL_STARTED is to {dialed}; HubSpot asked for {asked}"
            ))
            .see([dial.mark.seq]);
    }
}
