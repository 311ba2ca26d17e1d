//! C01: one call is announced twice.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "C01",
    title: "Call announced twice",
    why: "HubSpot treats every OUTGOING_CALL_STARTED and INCOMING_CALL as a new call, and creates \
          an engagement for each. The widget completes one of them; the other stays on the \
          timeline, incomplete.",
    fix: "Call outgoingCall() or incomingCall() once for each call. Often two places do it: \
          onDialNumber and the handler of the call button, an effect that runs twice, or the \
          remote and the calling window, of which only the window may send it. Create the \
          externalCallId where the call begins, not where it is announced. A page that was \
          reloaded during a call does not announce it again: it goes on with callEnded() and \
          callCompleted(), with the ids that it kept in sessionStorage.",
    severity: "warning",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1050 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
                 ! C01 warning OUTGOING_CALL_STARTED came again for call a, 50 ms after the first
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::OutgoingCallStarted, MessageType::IncomingCall],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let calls = &arrival.state.calls;
    let again = arrival.announced_again();
    let Some(call) = again.or_else(|| calls.announced_under_other_id(arrival)) else {
        check_other_pages(arrival, report);
        return;
    };
    // Two SDK objects each announce the call.
    if arrival.echoes(call.began) || !report.once(call.began.seq) {
        return;
    }
    let name = arrival.name();
    let after = span_words(arrival.at - call.began.at);
    let id = arrival.id_field("externalCallId");
    let what = match (id, again) {
        (Some(id), Some(_)) => format!("for call {id}, {after} after the first"),
        (Some(id), None) => {
            format!(
                "for the same number, {after} after the first and with another externalCallId, {id}"
            )
        }
        (None, _) => format!("for one call, {after} after the first"),
    };
    let finding = report.warning(format!("{name} came again {what}"));
    finding.see([call.began.seq]);
    // HubSpot sent two requests for one click, and the widget acted on both.
    let repeated = call.dial.as_ref().and_then(|dial| dial.repeated);
    if let Some(repeated) = repeated {
        finding.follows_from(&super::c03_dial_repeated::RULE, repeated.seq);
    }
}

/// The page before a reload, or another frame, has announced the call.
fn check_other_pages(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let calls = &arrival.state.calls;
    let asks = arrival.field("createEngagement").and_then(Json::as_bool) == Some(true);
    if arrival.from() != Side::Widget || !asks {
        return;
    }
    let name = arrival.name();
    let id = arrival.id_field("externalCallId").unwrap_or_default();
    if let Some(left) = calls.announced_before_reload(arrival) {
        report
            .warning(format!(
                "{name} came again for call {id}, which the page announced before it was \
                 reloaded; HubSpot creates a second engagement"
            ))
            .see([left.began.seq]);
    } else if let Some(elsewhere) = calls.announced_elsewhere {
        let after = span_words(arrival.at - elsewhere.began.at);
        let what = if elsewhere.is_same_id {
            format!("for call {id}")
        } else {
            "for the same number".to_owned()
        };
        report
            .warning(format!(
                "{name} came {what} from two frames, {after} after that of conversation {}; \
                 HubSpot creates an engagement for each",
                elsewhere.conversation.0
            ))
            .see([elsewhere.began.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_page_is_reloaded_during_the_call() {
        check(&expect![[r#"
                0 conversation 1
                1 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             3000 widget    CALL_ANSWERED externalCallId=a
             8000 closed widget
                  ! H05 [#4] note The page went away while the call was answered
             8400 conversation 2 continues=1
             8500 handshake 0.9.7-beta.0 conversation=2
             8600 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true conversation=2
                  ! C01 warning OUTGOING_CALL_STARTED came again for call a, which the page announced before it was reloaded; HubSpot creates a second engagement
             9000 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8 conversation=2
            19000 widget    CALL_ENDED externalCallId=a engagementId=8 callEndStatus=COMPLETED conversation=2
            19500 widget    CALL_COMPLETED externalCallId=a engagementId=8 hideWidget=false conversation=2
            90000 end
        "#]]);
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    INCOMING_CALL externalCallId=a fromNumber=+15550100 toNumber=+15550111 createEngagement=true
             1200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             8000 host      SYNC .hostUrl=https://app.hubspot.com
             8003 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                  ! H05 [#4] note The page went away while the call was ringing
             8004 widget2   INITIALIZED isLoggedIn=true
             8005 widget2   INCOMING_CALL externalCallId=a fromNumber=+15550100 toNumber=+15550111 createEngagement=false
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
             9000 widget2   CALL_ENDED externalCallId=a engagementId=7 callEndStatus=MISSED
             9500 widget2   CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
            90000 end
                  ! H04 [#10] note INCOMING_CALL got no answer within 10 s: no CALLER_ID_MATCH_SUCCEEDED or CALLER_ID_MATCH_FAILED
        "#]]);
    }

    #[test]
    fn the_calling_window_and_the_remote_announce_it() {
        check(&expect![[r#"
                0 conversation 1
                1 handshake 0.9.7-beta.0
              900 conversation 2
              901 handshake 0.9.7-beta.0 conversation=2
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true conversation=2
             1004 widget    OUTGOING_CALL_STARTED externalCallId=b toNumber=+15550100 createEngagement=true
                  ! C01 warning OUTGOING_CALL_STARTED came for the same number from two frames, 4 ms after that of conversation 2; HubSpot creates an engagement for each
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7 conversation=2
             1410 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             9000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=BUSY conversation=2
             9500 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false conversation=2
             9501 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=BUSY
             9502 widget    CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
            20000 widget    OUTGOING_CALL_STARTED externalCallId=c toNumber=+15550100 createEngagement=false
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            60000 widget    OUTGOING_CALL_STARTED externalCallId=d toNumber=+15550100 createEngagement=true conversation=2
        "#]]);
    }

    #[test]
    fn the_first_engagement_is_left_over() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1050 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
                 ! C01 warning OUTGOING_CALL_STARTED came again for call a, 50 ms after the first
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            1450 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4722
            7000 widget    CALL_ENDED externalCallId=a engagementId=4722 callEndStatus=COMPLETED
            8000 widget    CALL_COMPLETED externalCallId=a engagementId=4722 hideWidget=false
                 ! M15 [#6] note Engagement 4711 is left over and stays incomplete; the call was completed with 4722 (follows from C01 [#5])
            9000 end
        "#]]);
    }

    #[test]
    fn without_ids_the_number_tells() {
        check(&expect![[r#"
               0 handshake 0.5.1
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true
            1020 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true
                 ! C01 warning INCOMING_CALL came again for one call, 20 ms after the first
            5000 widget    CALL_ENDED callEndStatus=MISSED
            6000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
            9000 widget    CALL_ENDED callEndStatus=BUSY
            9500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
        "#]]);
    }

    #[test]
    fn what_comes_twice_after_it_follows() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            1501 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                 ! C01 warning OUTGOING_CALL_STARTED came again for call a, 1 ms after the first
            4000 widget    CALL_ANSWERED externalCallId=a
            4001 widget    CALL_ANSWERED externalCallId=a
                 ! C02 note CALL_ANSWERED came again for one call (follows from C01 [#5])
            7000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            7001 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
                 ! M12 note CALL_ENDED came twice for one call, 1 ms after the first (follows from C01 [#5])
            8000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
            8001 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                 ! C02 note CALL_COMPLETED came again for one call (follows from C01 [#5])
        "#]]);
    }

    #[test]
    fn each_place_mints_an_id() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1520 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
                 ! C01 warning OUTGOING_CALL_STARTED came again for the same number, 20 ms after the first and with another externalCallId, b
            1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            1950 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4722
            7000 widget    CALL_ENDED externalCallId=b engagementId=4722 callEndStatus=COMPLETED
            8000 widget    CALL_COMPLETED externalCallId=b engagementId=4722 hideWidget=false
            9000 end
        "#]]);
        // Two seconds apart, they are two calls.
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            3000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
                 ! M32 error OUTGOING_CALL_STARTED came before the previous call ended (state: started)
        "#]]);
    }

    #[test]
    fn in_the_seed() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1100 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
            1200 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
                 ! C01 warning OUTGOING_CALL_STARTED came again for one call, 100 ms after the first
        "#]]);
    }

    #[test]
    fn another_number_or_much_later_is_another_call() {
        check(&expect![[r#"
               0 handshake 0.5.1
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            1500 widget    OUTGOING_CALL_STARTED toNumber=+15550101 createEngagement=false
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
                 ! M32 error OUTGOING_CALL_STARTED came before the previous call ended (state: started)
            9000 widget    OUTGOING_CALL_STARTED toNumber=+15550101 createEngagement=false
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
                 ! M32 error OUTGOING_CALL_STARTED came before the previous call ended (state: started)
        "#]]);
    }

    #[test]
    fn across_a_gap() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1500 gap lost=2
                 ! X02 [–] note 2 messages are missing: a buffer was full
            2000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
                 ! C01 warning OUTGOING_CALL_STARTED came again for call a, 1.0 s after the first
        "#]]);
    }

    #[test]
    fn two_frames_announce_it() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
               5 handshake 0.9.7-beta.0 conversation=2
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1001 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a conversation=2
                 ! C01 warning OUTGOING_CALL_STARTED came for call a from two frames, 1 ms after that of conversation 1; HubSpot creates an engagement for each
            2000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550199 createEngagement=true externalCallId=a conversation=2
                 ! C01 warning INCOMING_CALL came again for call a, 999 ms after the first
        "#]]);
    }
}
