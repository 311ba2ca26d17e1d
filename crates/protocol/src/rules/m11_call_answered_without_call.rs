//! M11: a call is answered or transferred that was never announced.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M11",
    title: "CALL_ANSWERED or CALL_TRANSFERRED without a call",
    why: "HubSpot has no call to which the message could belong, and does not show it as \
          answered.",
    fix: "Call outgoingCall() or incomingCall() as soon as the call begins, and callAnswered() \
          or callTransferred() after it.",
    severity: "error",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    CALL_ANSWERED externalCallId=a
                 ! M11 error CALL_ANSWERED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ANSWERED externalCallId=a
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::CallAnswered, MessageType::CallTransferred],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // Up to 0.0.6 this is Q04.
    if arrival.from() != Side::Widget || arrival.state.is_seed() {
        return;
    }
    let name = arrival.name();
    match arrival.call() {
        None if arrival.state.knows_calls() => {
            let dial = arrival.state.calls.dial.as_ref();
            report
                .error(format!(
                    "{name} is for a call that was never announced: no OUTGOING_CALL_STARTED or \
                     INCOMING_CALL came before it"
                ))
                .see(dial.map(|dial| dial.mark.seq));
        }
        // A call that is over can still be transferred.
        Some(call)
            if arrival.is(MessageType::CallAnswered) && call.sure && !call.phase.is_active() =>
        {
            report
                .error(format!(
                    "{name} is for a call that was never announced: the last one is {}",
                    call.phase.words()
                ))
                .see([call.began.seq]);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn no_call() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            2000 widget    CALL_ANSWERED externalCallId=a
                 ! M11 error CALL_ANSWERED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
            3000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
                 ! M32 error OUTGOING_CALL_STARTED came while the call before is still answered
        "#]]);
    }

    #[test]
    fn the_call_is_over() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_ANSWERED externalCallId=a
                 ! M11 error CALL_ANSWERED is for a call that was never announced: the last one is ended
        "#]]);
    }

    #[test]
    fn a_resumed_call() {
        check(&expect![[r#"
               0 ready 0.9.7-beta.0 .engagementId=7
              10 widget    INITIALIZED isLoggedIn=true engagementId=7
            1000 widget    CALL_ANSWERED externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=COMPLETED
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
        "#]]);
    }

    #[test]
    fn it_may_be_in_a_gap() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
            2000 widget    CALL_ANSWERED externalCallId=a
        "#]]);
    }
}
