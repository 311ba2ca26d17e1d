//! Which call a message belongs to, which request it answers, and how calls end.

use expect_test::expect;

use crate::trace::{check_calls, facts, findings};
use crate::{Checker, Fact, MessageType};

#[test]
fn a_day_with_two_calls() {
    check_calls(&expect![[r#"
            0 handshake 0.9.7-beta.0
              ~ #2 SYNC_ACK answers #1 SYNC after 2 ms
         5000 host      DIAL_NUMBER phoneNumber=+15550100
              ~ #4 call 1
         5500 widget    OUTGOING_CALL_STARTED createEngagement=true toNumber=+15550100 fromNumber=+15550199 externalCallId=a
              ~ #5 call 1, OUTGOING_CALL_STARTED answers #4 DIAL_NUMBER after 500 ms
         5900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
              ~ #6 call 1, CREATE_ENGAGEMENT_SUCCEEDED answers #5 OUTGOING_CALL_STARTED after 400 ms
         5901 host      ENGAGEMENT_CREATED engagementId=7
              ~ #7 call 1, ENGAGEMENT_CREATED answers #5 OUTGOING_CALL_STARTED after 401 ms
         6000 host      INITIATE_CALL_ID_SUCCEEDED callId=1
              ~ #8 call 1, INITIATE_CALL_ID_SUCCEEDED answers #5 OUTGOING_CALL_STARTED after 500 ms
         6500 host      VISIBILITY_CHANGED isMinimized=true isHidden=false
              ~ #9 call 1
         9000 widget    CALL_ANSWERED externalCallId=a
              ~ #10 call 1
        60000 host      END_CALL
              ~ #11 call 1
        60500 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
              ~ #12 call 1, CALL_ENDED answers #11 END_CALL after 500 ms
        61000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
        70000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false engagementProperties={"hs_call_body":"x"}
              ~ #14 call 1
        70300 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=7
              ~ #15 call 1, UPDATE_ENGAGEMENT_SUCCEEDED answers #14 CALL_COMPLETED after 300 ms
        71000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=7
              ~ #16 call 1
        71200 host      FINALIZE_ENGAGEMENT_FAILED externalCallId=a engagementId=7
              ~ #17 call 1, FINALIZE_ENGAGEMENT_FAILED answers #16 FINALIZE_ENGAGEMENT after 200 ms
        80000 widget    INCOMING_CALL createEngagement=true fromNumber=+15550111 toNumber=+15550199 externalCallId=b
              ~ #18 call 2
        80300 host      CALLER_ID_MATCH_FAILED
              ~ #19 call 2, CALLER_ID_MATCH_FAILED answers #18 INCOMING_CALL after 300 ms
        80400 host      CREATE_ENGAGEMENT_FAILED
              ~ #20 call 2, CREATE_ENGAGEMENT_FAILED answers #18 INCOMING_CALL after 400 ms
        85000 widget    CALL_TRANSFERRED externalCallId=b
              ~ #21 call 2
        90000 closed widget
              ~ over: call 1 completed Outbound from +15550199 to +15550100 id a engagement 7 status COMPLETED requested 5000 started 5500 answered 9000 ended 60500; 13 of #4 to #17
              ~ over: call 2 transferred Inbound from +15550111 to +15550199 id b started 80000 ended 85000; 4 of #18 to #21
    "#]]);
}

#[test]
fn late_messages_find_their_call() {
    check_calls(&expect![[r#"
           0 handshake 0.9.7-beta.0
             ~ #2 SYNC_ACK answers #1 SYNC after 2 ms
        1000 widget    OUTGOING_CALL_STARTED createEngagement=true toNumber=+15550100 externalCallId=a
             ~ #4 call 1
        1100 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             ~ #5 call 1, CREATE_ENGAGEMENT_SUCCEEDED answers #4 OUTGOING_CALL_STARTED after 100 ms
        2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
             ~ #6 call 1
        3000 widget    INCOMING_CALL fromNumber=+15550111 toNumber=+15550199 externalCallId=b
             ~ #7 call 2
        3500 widget    CALL_COMPLETED externalCallId=a engagementId=7 engagementProperties={}
             ~ #8 call 1
        3600 host      CALLER_ID_MATCH_FAILED
             ~ #9 call 2, CALLER_ID_MATCH_FAILED answers #7 INCOMING_CALL after 600 ms
        3700 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=7
             ~ #10 call 1, UPDATE_ENGAGEMENT_SUCCEEDED answers #8 CALL_COMPLETED after 200 ms
        3800 widget    CALL_ANSWERED externalCallId=b
             ~ #11 call 2
             ~ open: call 1 completed Outbound to +15550100 id a engagement 7 status BUSY started 1000 ended 2000; 5 of #4 to #10
             ~ open: call 2 answered Inbound from +15550111 to +15550199 id b started 3000 answered 3800; 3 of #7 to #11
    "#]]);
}

#[test]
fn an_engagement_tells_the_call_too() {
    check_calls(&expect![[r#"
           0 handshake 0.2.1-beta.0
             ~ #2 SYNC_ACK answers #1 SYNC after 2 ms
        1000 widget    OUTGOING_CALL_STARTED createEngagement=true phoneNumber=+15550100
             ~ #4 call 1
        1100 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             ~ #5 call 1, CREATE_ENGAGEMENT_SUCCEEDED answers #4 OUTGOING_CALL_STARTED after 100 ms
        2000 widget    CALL_ENDED
             ~ #6 call 1
        3000 widget    OUTGOING_CALL_STARTED createEngagement=true phoneNumber=+15550122
             ~ #7 call 2
        3100 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             ~ #8 call 2, CREATE_ENGAGEMENT_SUCCEEDED answers #7 OUTGOING_CALL_STARTED after 100 ms
        3500 widget    CALL_COMPLETED engagementId=7 engagementProperties={}
             ~ #9 call 1
        3600 host      UPDATE_ENGAGEMENT_FAILED
             ~ #10 call 1, UPDATE_ENGAGEMENT_FAILED answers #9 CALL_COMPLETED after 100 ms
        4000 widget    CALL_ENDED
             ~ #11 call 2
        4500 widget    CALL_COMPLETED engagementId=8 engagementProperties={}
             ~ #12 call 2
        5000 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=9
             ~ #13 call 2, UPDATE_ENGAGEMENT_SUCCEEDED answers #12 CALL_COMPLETED after 500 ms
             ~ open: call 1 completed Outbound to +15550100 engagement 7 started 1000 ended 2000; 5 of #4 to #10
             ~ open: call 2 completed Outbound to +15550122 engagement 8 started 3000 ended 4000; 5 of #7 to #13
    "#]]);
}

#[test]
fn a_second_click_asks_for_the_same() {
    check_calls(&expect![[r#"
            0 handshake 0.9.7-beta.0
              ~ #2 SYNC_ACK answers #1 SYNC after 2 ms
         1000 host      DIAL_NUMBER phoneNumber=+15550100
              ~ #4 call 1
         3000 host      DIAL_NUMBER phoneNumber=+15550100
              ~ #5 call 1
         9000 host      NO_SUCH_TYPE
        99000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a
              ~ #7 call 1, OUTGOING_CALL_STARTED answers #5 DIAL_NUMBER after 96000 ms
              ~ open: call 1 started Outbound to +15550100 id a requested 3000 started 99000; 3 of #4 to #7
    "#]]);
}

#[test]
fn an_error_names_what_it_replies_to() {
    check_calls(&expect![[r#"
           0 handshake 0.9.7-beta.0
             ~ #2 SYNC_ACK answers #1 SYNC after 2 ms
        1000 host      DIAL_NUMBER phoneNumber=+15550100 .messageId=h7
             ~ #4 call 1
        1010 host      NO_SUCH_TYPE .messageId=h8
        1020 widget    ERROR data={"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"NO_SUCH_TYPE","messageId":"h8"}}}
             ~ #6 ERROR answers #5 ? after 10 ms
        1030 widget    ERROR data={"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"DIAL_NUMBER","messageId":"h7"}}}
             ~ #7 call 1, ERROR answers #4 DIAL_NUMBER after 30 ms
        1040 widget    ERROR data={"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"DIAL_NUMBER","messageId":"h9"}}}
             ~ open: call 1 dial requested Outbound to +15550100 requested 1000; 2 of #4 to #7
             ~ #4 waits since 1000 for OUTGOING_CALL_STARTED
    "#]]);
}

#[test]
fn handshakes_and_calls_that_go_on() {
    check_calls(&expect![[r#"
           0 host      SYNC .hostUrl=https://app.hubspot.com
         100 host      SYNC .hostUrl=https://app.hubspot.com
         150 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
             ~ #3 SYNC_ACK answers #2 SYNC after 50 ms
         160 widget    INITIALIZED isLoggedIn=true
        1000 widget    OUTGOING_CALL_STARTED createEngagement=true toNumber=+15550100 externalCallId=a
             ~ #5 call 1
        5000 ready 0.9.7-beta.0 .engagementId=7
             ~ #7 call 2, SYNC_ACK answers #6 SYNC after 2 ms
             ~ over: call 1 started Outbound to +15550100 id a started 1000; 1 of #5 to #5
        6000 widget    CALL_ENDED externalCallId=a
             ~ #8 call 2
        9000 host      SYNC .hostUrl=https://app.hubspot.com
             ~ open: call 2 ended (beginning not recorded) id a engagement 7 ended 6000; 2 of #7 to #8
             ~ #9 waits since 9000 for SYNC_ACK
    "#]]);
}

#[test]
fn what_a_gap_leaves() {
    check_calls(&expect![[r#"
           0 handshake 0.9.7-beta.0
             ~ #2 SYNC_ACK answers #1 SYNC after 2 ms
        1000 widget    OUTGOING_CALL_STARTED createEngagement=true toNumber=+15550100 externalCallId=a
             ~ #4 call 1
        1500 host      DIAL_NUMBER phoneNumber=+15550122
             ~ #5 call 2
        2000 gap lost=1
             ~ over: call 2 dial requested Outbound to +15550122 requested 1500; 1 of #5 to #5
        3000 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             ~ #6 call 1
        4000 widget    COMPLETELY_NEW externalCallId=a
             ~ #7 call 1
             ~ open: call 1 started Outbound to +15550100 id a engagement 7 started 1000; 3 of #4 to #7
    "#]]);
}

#[test]
fn calls_long_over_are_let_go() {
    check_calls(&expect![[r#"
           0 handshake 0.9.7-beta.0
             ~ #2 SYNC_ACK answers #1 SYNC after 2 ms
        1000 widget    INCOMING_CALL fromNumber=+15550111 externalCallId=a
             ~ #4 call 1
        2000 widget    INCOMING_CALL fromNumber=+15550112 externalCallId=b
             ~ #5 call 2
        3000 widget    INCOMING_CALL fromNumber=+15550113 externalCallId=c
             ~ #6 call 3
        4000 widget    INCOMING_CALL fromNumber=+15550114 externalCallId=d
             ~ #7 call 4
        5000 widget    INCOMING_CALL fromNumber=+15550115 externalCallId=e
             ~ #8 call 5
        6000 widget    INCOMING_CALL fromNumber=+15550116 externalCallId=f
             ~ #9 call 6
             ~ over: call 1 ringing Inbound from +15550111 id a started 1000; 1 of #4 to #4
             ~ open: call 2 ringing Inbound from +15550112 id b started 2000; 1 of #5 to #5
             ~ open: call 3 ringing Inbound from +15550113 id c started 3000; 1 of #6 to #6
             ~ open: call 4 ringing Inbound from +15550114 id d started 4000; 1 of #7 to #7
             ~ open: call 5 ringing Inbound from +15550115 id e started 5000; 1 of #8 to #8
             ~ open: call 6 ringing Inbound from +15550116 id f started 6000; 1 of #9 to #9
             ~ #4 waits since 1000 for CALLER_ID_MATCH_SUCCEEDED
             ~ #5 waits since 2000 for CALLER_ID_MATCH_SUCCEEDED
             ~ #6 waits since 3000 for CALLER_ID_MATCH_SUCCEEDED
             ~ #7 waits since 4000 for CALLER_ID_MATCH_SUCCEEDED
             ~ #8 waits since 5000 for CALLER_ID_MATCH_SUCCEEDED
             ~ #9 waits since 6000 for CALLER_ID_MATCH_SUCCEEDED
    "#]]);
}

#[test]
fn the_summary_is_of_the_same_pass() {
    let mut checker = Checker::new();
    for fact in facts(
        "0 handshake 0.2.1-beta.0
         1000 widget OUTGOING_CALL_STARTED createEngagement=true phoneNumber=+15550100
         1100 host CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
         2000 widget CALL_ANSWERED
         3000 widget CALL_COMPLETED engagementId=7
         5000 host SYNC .hostUrl=https://app.hubspot.com
         5040 widget SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
         5050 widget INITIALIZED isLoggedIn=true
         6000 gap lost=3
         7000 widget INCOMING_CALL fromNumber=+15550111 toNumber=+15550199 externalCallId=a",
    ) {
        checker.observe(&fact);
        // Draining the calls changes nothing.
        if matches!(&fact, Fact::Gap(_)) {
            checker.drain_findings();
            checker.drain_calls();
        }
    }
    expect![[r#"
        Summary {
            message_count: 11,
            missing: Missing {
                lost: 3,
                has_more: false,
                evicted: 0,
                left_out: 0,
            },
            conversation_count: 1,
            handshakes: SpanSummary {
                count: 2,
                shortest: Some(
                    Millis(
                        2.0,
                    ),
                ),
                longest: Some(
                    Millis(
                        40.0,
                    ),
                ),
            },
            sdks: [
                "SDK 0.2.1 (reports 0.2.1-beta.0)",
                "SDK 0.9.7 (reports 0.9.7-beta.0)",
            ],
            calls: CallCounts {
                count: 2,
                outbound: 1,
                inbound: 1,
                answered: 1,
            },
            findings: SeverityCounts {
                errors: 0,
                warnings: 1,
                notes: 3,
            },
        }
    "#]]
    .assert_debug_eq(&checker.summary());
}

#[test]
fn findings_name_their_call() {
    let found = findings(
        "0 handshake 0.9.7-beta.0
         1000 widget OUTGOING_CALL_STARTED createEngagement=true toNumber=+15550100 externalCallId=a
         1100 host CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
         2000 widget CALL_ENDED externalCallId=a callEndStatus=MAYBE
         3000 widget INCOMING_CALL createEngagement=true fromNumber=+15550111 toNumber=+15550199 externalCallId=b
         20000 widget CALL_ANSWERED externalCallId=c
         21000 closed widget",
    );
    let lines = found.iter().map(|it| {
        let call = it
            .call
            .map_or("–".to_owned(), |call| call.serial.to_string());
        format!("{} call {call} {}\n", it.rule.code, it.message)
    });
    expect![[r#"
        M13 call 1 callEndStatus is MAYBE; expected one of COMPLETED, FAILED, CANCELED, BUSY, NO_ANSWER, REJECTED, MISSED
        H04 call 2 INCOMING_CALL got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
        M02 call 2 CALL_ANSWERED has the externalCallId c; the call is b
        M15 call 1 The page went away before CALL_COMPLETED; until it comes, engagement 7 is incomplete
        H05 call 2 The page went away while the call was answered
    "#]].assert_eq(&lines.collect::<String>());
}

/// Every answer in the catalogue can be matched with its request.
#[test]
fn the_catalogue_has_no_other_answers() {
    for ty in MessageType::ALL {
        for answer in ty.spec().answers() {
            // The trace has its own handshakes, and the SYNC of another page is not an answer.
            if *ty == MessageType::Sync || answer == MessageType::Sync {
                continue;
            }
            let (asks, replies) = if ty.spec().direction.allows(crate::Side::Host) {
                ("host", "widget")
            } else {
                ("widget", "host")
            };
            let trace = format!("0 handshake 0.9.7\n1000 {asks} {ty}\n1500 {replies} {answer}");
            let mut checker = Checker::new();
            for fact in facts(&trace) {
                checker.observe(&fact);
            }
            let answered = checker
                .placement()
                .answers
                .map(|it| (it.request, it.request_type));
            assert_eq!(answered, Some((4, Some(*ty))), "{ty} → {answer}");
        }
    }
}
