//! M12: a call is ended that was never announced, or that has ended already.

use super::prelude::*;
use crate::state::EndedBy;

pub(super) const RULE: Rule = Rule {
    code: "M12",
    title: "CALL_ENDED without a call, or twice",
    why: "HubSpot learns about a call from OUTGOING_CALL_STARTED or INCOMING_CALL. Without it \
          there is no call to end: no engagement, nothing on the timeline. A second CALL_ENDED \
          may overwrite the status of the first.",
    fix: "Call outgoingCall() in onDialNumber, or incomingCall() when it rings, as soon as the \
          call begins and before callEnded(); then callEnded() once, with the externalCallId of \
          the call that has ended. Do not end a call that never began: callCompleted({ \
          hideWidget: true }) alone closes the widget.",
    severity: "error if the call was never announced, warning if it comes twice",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
                 ! M12 error CALL_ENDED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallEnded], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // Up to 0.0.6, this is Q04.
    if arrival.from() != Side::Widget || arrival.state.is_seed() {
        return;
    }
    match arrival.state.calls.ended_by(arrival) {
        EndedBy::Unknown => {
            // The call may have been announced where messages are missing.
            if arrival.state.knows_calls() {
                let dial = arrival.state.calls.dial.as_ref();
                let message = if dial.is_some() {
                    "CALL_ENDED is for a call that was never announced: DIAL_NUMBER asked for one, \
                     but OUTGOING_CALL_STARTED never came"
                        .to_owned()
                } else {
                    never_announced(arrival.name())
                };
                report.error(message).see(dial.map(|dial| dial.mark.seq));
            }
        }
        EndedBy::Again(call) => {
            // After a transfer, it is M25.
            let is_judged = call.sure && call.transferred.is_none();
            if let Some(ended) = call
                .ended
                .filter(|ended| is_judged && !arrival.echoes(*ended))
            {
                let span = span_words(arrival.at - ended.at);
                let statuses = match (arrival.text("callEndStatus"), &call.end_status) {
                    (Some(now), Some(then)) if now != then => {
                        format!(", with {now} where {then} stood")
                    }
                    _ => String::new(),
                };
                let other = other_call_words(arrival, call);
                let finding = report.warning(format!(
                    "CALL_ENDED came twice for one call, {span} after the first{statuses}{other}"
                ));
                finding.see([call.began.seq, ended.seq]);
                // A widget that announces a call twice usually ends it twice.
                if let Some(again) = call
                    .announced_again
                    .filter(|_| arrival.is_soon_after(ended))
                {
                    finding.follows_from(&super::c01_call_announced_twice::RULE, again.seq);
                }
            }
        }
        EndedBy::Call(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn twice() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
                 ! M12 warning CALL_ENDED came twice for one call, 1.0 s after the first
            4000 widget    CALL_ENDED externalCallId=b callEndStatus=BUSY
                 ! M12 error CALL_ENDED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
        "#]]);
    }

    /// One call is on hold, one is to be completed, and one comes in after the reload.
    #[test]
    fn the_page_before_left_several_calls() {
        check(&expect![[r#"
                0 conversation 1
                1 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             3000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=BUSY
             4000 widget    INCOMING_CALL externalCallId=b fromNumber=+15550118 toNumber=+15550111 createEngagement=true
             4200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
             4400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             5000 widget    CALL_ANSWERED externalCallId=b
             8000 closed widget
                  ! M15 [#6] note The page went away before CALL_COMPLETED; until it comes, engagement 7 is incomplete
                  ! H05 [#7] note The page went away while the call was answered
             8400 conversation 2 continues=1
             8500 handshake 0.9.7-beta.0 conversation=2
             9000 widget    INCOMING_CALL externalCallId=c fromNumber=+15550119 toNumber=+15550111 createEngagement=true conversation=2
             9200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[] conversation=2
             9400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=9 conversation=2
            10000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false conversation=2
            12000 widget    CALL_ENDED externalCallId=c engagementId=9 callEndStatus=MISSED conversation=2
            13000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=COMPLETED conversation=2
            14000 widget    CALL_COMPLETED externalCallId=c engagementId=9 hideWidget=false conversation=2
            15000 widget    CALL_COMPLETED externalCallId=b engagementId=9 hideWidget=false conversation=2
                  ! M17 error CALL_COMPLETED names engagement 9, which HubSpot gave to call 1 (c): its notes and duration are overwritten; this call's is 8
            90000 end
        "#]]);
    }

    #[test]
    fn before_the_start() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             900 host      DIAL_NUMBER phoneNumber=+15550100
            1000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
                 ! M12 error CALL_ENDED is for a call that was never announced: DIAL_NUMBER asked for one, but OUTGOING_CALL_STARTED never came
            1300 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1700 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
            9000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
                 ! M03 warning OUTGOING_CALL_STARTED has the externalCallId a of an earlier call
        "#]]);
    }

    #[test]
    fn with_the_id_of_the_call_before() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
             3000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
            11000 widget    OUTGOING_CALL_STARTED toNumber=+15550111 createEngagement=true externalCallId=b
            11400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
            12000 widget    CALL_ANSWERED externalCallId=a
                  ! M11 warning CALL_ANSWERED came 10.0 s after CALL_ENDED of its call; the call that goes on is b
            19000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
                  ! M12 warning CALL_ENDED came twice for one call, 17.0 s after the first, with COMPLETED where BUSY stood; the call that goes on is b
        "#]]);
    }

    #[test]
    fn with_another_status() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=CANCELED
            2900 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
                 ! M12 warning CALL_ENDED came twice for one call, 900 ms after the first, with COMPLETED where CANCELED stood
        "#]]);
    }

    #[test]
    fn after_a_late_start() {
        check(&expect![[r#"
            1000 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
                 ! X01 note The recording began after the handshake; what was before cannot be checked
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
        "#]]);
    }

    #[test]
    fn each_end_is_one_of_its_own() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550143 startTimestamp=1700000000001
             5000 widget    CALL_ENDED
                  ! M01 warning CALL_ENDED has no externalCallId
                  ! M12 error CALL_ENDED is for a call that was never announced: DIAL_NUMBER asked for one, but OUTGOING_CALL_STARTED never came
            20000 host      DIAL_NUMBER phoneNumber=+15550118 startTimestamp=1700000002000
            25000 widget    CALL_ENDED
                  ! M01 warning CALL_ENDED has no externalCallId
                  ! M12 error CALL_ENDED is for a call that was never announced: DIAL_NUMBER asked for one, but OUTGOING_CALL_STARTED never came
            26000 widget    CALL_ENDED externalCallId=x
                  ! M12 error CALL_ENDED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
            26010 widget    CALL_ENDED externalCallId=x
                  ! M12 error CALL_ENDED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
            26020 widget    CALL_COMPLETED externalCallId=x hideWidget=true
        "#]]);
    }

    #[test]
    fn after_a_call_that_was_announced() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
             2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
             3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
            20000 host      DIAL_NUMBER phoneNumber=+15550118
            25000 widget    CALL_ENDED
                  ! M01 warning CALL_ENDED has no externalCallId
                  ! M12 error CALL_ENDED is for a call that was never announced: DIAL_NUMBER asked for one, but OUTGOING_CALL_STARTED never came
            25100 widget    CALL_ENDED externalCallId=a
                  ! M12 warning CALL_ENDED came twice for one call, 23.1 s after the first
        "#]]);
    }

    #[test]
    fn begun_before_the_recording_or_in_a_gap() {
        check(&expect![[r#"
            1000 host      DIAL_NUMBER phoneNumber=+15550118
                 ! X01 note The recording began after the handshake; what was before cannot be checked
            2000 widget    CALL_ENDED
            3000 widget    CALL_ENDED
            5000 handshake 0.9.7-beta.0
            6000 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
            7000 widget    CALL_ENDED
                 ! M01 note CALL_ENDED has no externalCallId
            8000 widget    CALL_ANSWERED
                 ! M01 warning CALL_ANSWERED has no externalCallId
        "#]]);
    }
}
