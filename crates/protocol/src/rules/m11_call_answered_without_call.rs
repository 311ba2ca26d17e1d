//! M11: a call is answered or transferred that was never announced.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M11",
    title: "CALL_ANSWERED or CALL_TRANSFERRED without a call",
    why: "HubSpot has no call that the message could belong to, and does not show it as answered. \
          If the message comes after the end, an ended call may be shown as answered.",
    fix: "Call outgoingCall() or incomingCall() as soon as the call begins, and callAnswered() or \
          callTransferred() after it. Make callAnswered() do nothing once the call has ended: the \
          events of the line can arrive in another order than they happened in.",
    severity: "error; warning if the call has ended",
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
    // Up to 0.0.6, this is Q04.
    if arrival.from() != Side::Widget || arrival.state.is_seed() {
        return;
    }
    let name = arrival.name();
    let calls = &arrival.state.calls;
    if let Some(over) = calls
        .answered_late(arrival)
        .filter(|_| arrival.is(MessageType::CallAnswered))
    {
        let ended = over.ended.map(|mark| (mark, "CALL_ENDED"));
        let transferred = || Some((over.transferred?, "CALL_TRANSFERRED"));
        let completed = || Some((over.completed?, "CALL_COMPLETED"));
        let Some((before, what)) = ended.or_else(transferred).or_else(completed) else {
            return;
        };
        if over.sure && !arrival.echoes(before) {
            report
                .warning(format!(
                    "{name} came {} after {what} of its call{}",
                    span_words(arrival.at - before.at),
                    other_call_words(arrival, over)
                ))
                .see([over.began.seq, before.seq]);
        }
        return;
    }
    match arrival.call() {
        None if arrival.state.knows_calls() => {
            let dial = calls.dial.as_ref();
            report
                .error(never_announced(name))
                .see(dial.map(|dial| dial.mark.seq));
        }
        // A call that has ended can still be transferred.
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
                 ! M32 error OUTGOING_CALL_STARTED came before the previous call ended (state: answered)
        "#]]);
    }

    #[test]
    fn the_call_is_over() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_ANSWERED externalCallId=a
                 ! M11 warning CALL_ANSWERED came 1.0 s after CALL_ENDED of its call
        "#]]);
    }

    #[test]
    fn an_event_that_comes_late() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
             1200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             4000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=CANCELED
             4010 widget    CALL_ANSWERED externalCallId=a
                  ! M11 warning CALL_ANSWERED came 10 ms after CALL_ENDED of its call
             5000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
            20000 end
        "#]]);
        // Without ids, the time decides.
        check(&expect![[r#"
                0 handshake 0.5.1
             1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true
             1200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             4000 widget    CALL_ENDED callEndStatus=CANCELED
             4010 widget    CALL_ANSWERED
                  ! M11 warning CALL_ANSWERED came 10 ms after CALL_ENDED of its call
             5000 widget    CALL_COMPLETED engagementId=7 hideWidget=false
            60000 widget    CALL_ANSWERED
                  ! M11 error CALL_ANSWERED is for a call that was never announced: the last one is completed
        "#]]);
    }

    #[test]
    fn the_page_before_left_a_call() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             2000 closed widget
                  ! H05 [#4] note The page went away while the call was started
             2100 conversation 2 continues=1
             2200 ready 0.9.7-beta.0 conversation=2
             2210 widget2   INITIALIZED isLoggedIn=true conversation=2
             3000 widget2   CALL_ANSWERED externalCallId=a conversation=2
             9000 widget2   CALL_ENDED externalCallId=a engagementId=7 callEndStatus=COMPLETED conversation=2
            10000 widget2   OUTGOING_CALL_STARTED toNumber=+15550111 createEngagement=true externalCallId=b conversation=2
            10400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8 conversation=2
            11000 widget2   CALL_ENDED externalCallId=b engagementId=8 callEndStatus=BUSY conversation=2
            12000 widget2   CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false conversation=2
            13000 widget2   CALL_ENDED externalCallId=c callEndStatus=BUSY conversation=2
                  ! M12 error CALL_ENDED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
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
