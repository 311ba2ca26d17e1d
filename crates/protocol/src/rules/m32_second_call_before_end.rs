//! M32: a second call starts before the first is ended.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M32",
    title: "Second call before the first is ended",
    why: "HubSpot's answers do not name a call, so the engagements of two simultaneous calls \
          cannot be told apart.",
    fix: "Call callEnded() or callTransferred() for the first call before outgoingCall() or \
          incomingCall() for the next. With call waiting, give every message of both calls its \
          own externalCallId.",
    severity: "error; note for an incoming call with an externalCallId of its own while another \
               is answered or has its engagement (call waiting, from 0.7.0 on)",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    OUTGOING_CALL_STARTED toNumber=+15550111 createEngagement=true externalCallId=b
                 ! M32 error OUTGOING_CALL_STARTED came before the previous call ended (state: started)
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            4000 widget    CALL_ANSWERED externalCallId=b
            5000 widget    CALL_ENDED externalCallId=b callEndStatus=COMPLETED
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    OUTGOING_CALL_STARTED toNumber=+15550111 createEngagement=true externalCallId=b
            4000 widget    CALL_ANSWERED externalCallId=b
            5000 widget    CALL_ENDED externalCallId=b callEndStatus=COMPLETED
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::OutgoingCallStarted, MessageType::IncomingCall],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // Up to 0.0.6, this is Q10; a repeated start of the same call is C01.
    if arrival.from() != Side::Widget
        || arrival.state.is_seed()
        || arrival.announced_again().is_some()
    {
        return;
    }
    let calls = &arrival.state.calls;
    if calls.announced_under_other_id(arrival).is_some() {
        return;
    }
    if let Some(held) = calls
        .lets_wait(arrival)
        .filter(|held| held.sure && arrival.state.may_wait())
    {
        report
            .note(format!(
                "INCOMING_CALL came while another call is {}: call waiting",
                held.phase.words()
            ))
            .see([held.began.seq]);
        return;
    }
    let Some(call) = calls.active().filter(|call| call.sure) else {
        return;
    };
    // The widget announces the call in progress late.
    if calls.announced_late(arrival).is_some() {
        return;
    }
    // What comes after it is no mistake of its own.
    if !report.once(call.serial) {
        return;
    }
    let (name, phase) = (arrival.name(), call.phase.words());
    let newest = calls.current.as_ref().map(|call| call.serial);
    let which = match call.external_ids.first() {
        Some(id) if newest != Some(call.serial) => format!("an earlier call, {id},"),
        _ => "the previous call".to_owned(),
    };
    let finding = report.error(format!("{name} came before {which} ended (state: {phase})"));
    finding.see([call.began.seq]);
    // HubSpot sent two requests for one click, and the widget acted on both.
    let repeated = call.dial.as_ref().and_then(|dial| dial.repeated);
    if let Some(repeated) = repeated.filter(|mark| arrival.at - mark.at <= Millis(5_000.0)) {
        finding.follows_from(&super::c03_dial_repeated::RULE, repeated.seq);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_end_may_be_in_a_gap() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
            3000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b
        "#]]);
    }

    /// A long call, during which two others ring.
    #[test]
    fn call_waiting_again_and_again() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             3000 widget    CALL_ANSWERED externalCallId=a
            10000 widget    INCOMING_CALL fromNumber=+15550118 toNumber=+15550111 createEngagement=true externalCallId=b
                  ! M32 note INCOMING_CALL came while another call is answered: call waiting
            10200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            10400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
            12000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=MISSED
            12500 widget    CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
            20000 widget    INCOMING_CALL fromNumber=+15550119 toNumber=+15550111 createEngagement=true externalCallId=c
                  ! M32 note INCOMING_CALL came while another call is answered: call waiting
            20200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            20400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=9
            22000 widget    CALL_ENDED externalCallId=c engagementId=9 callEndStatus=MISSED
            22500 widget    CALL_COMPLETED externalCallId=c engagementId=9 hideWidget=false
            30000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=COMPLETED
            30500 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
            90000 end
        "#]]);
    }

    /// The widget does not tell when the other side hangs up.
    #[test]
    fn the_end_of_the_first_is_forgotten() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
             3000 widget    CALL_ANSWERED externalCallId=a
            10000 widget    INCOMING_CALL fromNumber=+15550118 toNumber=+15550111 createEngagement=false externalCallId=b
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
                  ! M32 note INCOMING_CALL came while another call is answered: call waiting
            10200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            11000 widget    CALL_ANSWERED externalCallId=b
            12000 widget    CALL_ENDED externalCallId=b callEndStatus=COMPLETED
            20000 widget    INCOMING_CALL fromNumber=+15550119 toNumber=+15550111 createEngagement=false externalCallId=c
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
                  ! M32 note INCOMING_CALL came while another call is answered: call waiting
            20200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            21000 widget    CALL_ANSWERED externalCallId=c
            22000 widget    CALL_ENDED externalCallId=c callEndStatus=COMPLETED
            30000 widget    INCOMING_CALL fromNumber=+15550118 toNumber=+15550111 createEngagement=false externalCallId=d
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
                  ! M32 error INCOMING_CALL came before an earlier call, a, ended (state: answered)
            30200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            31000 widget    CALL_ANSWERED externalCallId=d
            32000 widget    CALL_ENDED externalCallId=d callEndStatus=COMPLETED
            40000 widget    INCOMING_CALL fromNumber=+15550119 toNumber=+15550111 createEngagement=false externalCallId=e
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
            40200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            41000 end
        "#]]);
    }

    #[test]
    fn call_waiting() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             3000 widget    CALL_ANSWERED externalCallId=a
            10000 widget    INCOMING_CALL fromNumber=+15550118 toNumber=+15550111 createEngagement=true externalCallId=b
                  ! M32 note INCOMING_CALL came while another call is answered: call waiting
            10200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            10400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4722
            15000 widget    CALL_ENDED externalCallId=b engagementId=4722 callEndStatus=MISSED
            15500 widget    CALL_COMPLETED externalCallId=b engagementId=4722 hideWidget=false
            20000 widget    OUTGOING_CALL_STARTED toNumber=+15550119 createEngagement=false externalCallId=c
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
                  ! M32 error OUTGOING_CALL_STARTED came before an earlier call, a, ended (state: answered)
            21000 widget    CALL_ENDED externalCallId=c callEndStatus=BUSY
            30000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=COMPLETED
            31000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
            46000 end
        "#]]);
    }

    #[test]
    fn no_call_waiting_without_ids_or_while_it_rings() {
        check(&expect![[r#"
                0 handshake 0.5.1
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
             3000 widget    CALL_ANSWERED
            10000 widget    INCOMING_CALL fromNumber=+15550118 toNumber=+15550111 createEngagement=false
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
                  ! M32 error INCOMING_CALL came before the previous call ended (state: answered)
            20000 handshake 0.9.7-beta.0 conversation=2
                  ! H04 [#6] note INCOMING_CALL got no answer within 10 s: no CALLER_ID_MATCH_SUCCEEDED or CALLER_ID_MATCH_FAILED
            21000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a conversation=2
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            22000 widget    INCOMING_CALL fromNumber=+15550118 toNumber=+15550111 createEngagement=false externalCallId=b conversation=2
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
                  ! M32 error INCOMING_CALL came before the previous call ended (state: started)
        "#]]);
    }

    #[test]
    fn two_that_ring() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0 isAvailable=true
             1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
             1200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             3000 widget    INCOMING_CALL fromNumber=+15550118 toNumber=+15550111 createEngagement=true externalCallId=b
                  ! M32 note INCOMING_CALL came while another call is ringing: call waiting
             3200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
             3400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             5000 widget    CALL_ANSWERED externalCallId=a
             9000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=MISSED
             9100 widget    CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
            20000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=COMPLETED
            21000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
        "#]]);
    }

    #[test]
    fn the_start_comes_late() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    CALL_ANSWERED externalCallId=a
                 ! M11 error CALL_ANSWERED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
            1010 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
        "#]]);
    }
}
