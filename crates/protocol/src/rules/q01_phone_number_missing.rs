//! Q01: an outbound call has no number (seed).

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "Q01",
    title: "OUTGOING_CALL_STARTED without phoneNumber",
    why: "HubSpot knows the number only if it asked to dial it.",
    fix: "Call outgoingCall({ phoneNumber }).",
    severity: "warning; note if HubSpot asked to dial",
    until: Some(Version::new(0, 0, 6)),
    example: Example {
        breaks: r"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1001 widget    OUTGOING_CALL_STARTED
                 ! Q01 note OUTGOING_CALL_STARTED has no phoneNumber
            2000 widget    CALL_ENDED
            3000 widget    OUTGOING_CALL_STARTED
                 ! Q01 warning OUTGOING_CALL_STARTED has no phoneNumber
                 ! Q02 note OUTGOING_CALL_STARTED came without DIAL_NUMBER; the user dialed in the widget
        ",
        clean: r"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1001 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
            2000 widget    CALL_ENDED
            3000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550111
                 ! Q02 note OUTGOING_CALL_STARTED came without DIAL_NUMBER; the user dialed in the widget
        ",
    },
    hooks: &[Hook::On(&[MessageType::OutgoingCallStarted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    let has_number = !arrival.lacks("phoneNumber") || arrival.has("toNumber");
    // A repeated start of the same call is C01.
    let excused = has_number || arrival.announced_again().is_some();
    if arrival.from() != Side::Widget || !state.is_seed() || excused {
        return;
    }
    let dial = state.calls.dial.as_ref();
    let is_known = dial.is_some() || state.gapped || !state.hears_host();
    let severity = if is_known {
        Severity::Note
    } else {
        Severity::Warning
    };
    let instead = arrival.instead_of("phoneNumber");
    report
        .add(
            severity,
            format!("OUTGOING_CALL_STARTED has no phoneNumber{instead}"),
        )
        .advise(instead.advice())
        .see(dial.map(|dial| dial.mark.seq))
        .about(["phoneNumber"]);
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn no_number() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 widget    OUTGOING_CALL_STARTED
                 ! Q01 warning OUTGOING_CALL_STARTED has no phoneNumber
                 ! Q02 note OUTGOING_CALL_STARTED came without DIAL_NUMBER; the user dialed in the widget
            2000 widget    CALL_ENDED
            3000 host      DIAL_NUMBER phoneNumber=+15550100
            3001 widget    OUTGOING_CALL_STARTED
                 ! Q01 note OUTGOING_CALL_STARTED has no phoneNumber
        "#]]);
    }

    #[test]
    fn misspelled() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1001 widget    OUTGOING_CALL_STARTED phone_number=+15550100
                 ! Q01 note OUTGOING_CALL_STARTED has no phoneNumber; it has phone_number, did you mean phoneNumber?
        "#]]);
    }
}
