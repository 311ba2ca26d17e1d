//! Whole sessions that are correct: no errors and no warnings.
//!
//! They follow the SDK's READMEs and the order in which its demos send. A rule that objects to one
//! of them gives a false alarm.

mod mistakes;
mod untidy;

use crate::trace::{check_clean, facts};
use crate::{
    Availability, CallDirection, CallPhase, Checker, ConversationId, Fact, Link, Login,
    SdkGeneration,
};

/// README of 0.0.3: the number comes from HubSpot.
const SEED_OUTBOUND: &str = r#"
     0 host      SYNC
     2 widget    SYNC_ACK .version=0.0.1
     3 widget    INITIALIZED isLoggedIn=true widgetSize={"height":400,"width":600}
  5000 host      DIAL_NUMBER phoneNumber=+15550100
  5100 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
  9000 widget    CALL_ANSWERED
  9500 widget    CALL_DATA engagementId=8533003
 30000 host      VISIBILITY_CHANGED isMinimized=true isHidden=false
 60000 host      END_CALL
 60500 widget    CALL_ENDED
 70000 end
"#;

const SEED_INBOUND: &str = r#"
     0 host      SYNC
   100 host      SYNC
   102 widget    SYNC_ACK .version=0.0.1
   103 widget    INITIALIZED isLoggedIn=false sizeInfo={"height":400,"width":600}
  1000 widget    LOGGED_IN
  5000 widget    INCOMING_CALL phoneNumber=+15550100
  9000 widget    CALL_ANSWERED
  9500 widget    CALL_DATA engagementId=8533003
 60500 widget    CALL_ENDED
 65000 widget    INCOMING_CALL phoneNumber=+15550111
 69000 widget    CALL_ENDED
 99000 end
"#;

/// The first commit answers every SYNC and initializes first.
const FIRST_COMMIT: &str = r#"
     0 host      SYNC .messageId=1699999999000_1
   100 host      SYNC
   101 widget    INITIALIZED isLoggedIn=true sizeInfo={"height":400,"width":600}
   102 widget    SYNC_ACK .messageId=1699999999000_1 .version=1.0.0
   103 widget    INITIALIZED isLoggedIn=true sizeInfo={"height":400,"width":600}
   104 widget    SYNC_ACK .version=1.0.0
  2000 widget    INCOMING_CALL phoneNumber=+15550100
  4000 widget    CALL_ANSWERED
  4500 widget    CALL_DATA engagementId=8533003
  6000 widget    CALL_ENDED
  6500 widget    RESIZE_WIDGET height=420 width=620
  9000 end
"#;

/// The demo of 0.0.10.
const EARLY_DEMO: &str = r#"
     0 ready 0.0.1
     3 widget    INITIALIZED isLoggedIn=true sizeInfo={"height":400,"width":600}
  5000 host      DIAL_NUMBER phoneNumber=+15550100 ownerId=1 objectId=2 objectType=CONTACT
  5500 widget    OUTGOING_CALL_STARTED createEngagement=true phoneNumber=+15550100
  5900 host      ENGAGEMENT_CREATED engagementId=7
  9000 widget    CALL_ANSWERED
 60500 widget    CALL_ENDED
 61000 widget    CALL_COMPLETED engagementId=7 hideWidget=false
 99000 end
"#;

/// demo-minimal-js of 0.2.x.
const DEMO_0_2: &str = r#"
     0 ready 0.2.1-beta.0
     3 widget    INITIALIZED isLoggedIn=false sizeInfo={"height":400,"width":600}
  1000 widget    LOGGED_IN
  5000 host      DIAL_NUMBER phoneNumber=+15550100 ownerId=1 objectId=2 objectType=CONTACT portalId=3
  5500 widget    OUTGOING_CALL_STARTED createEngagement=true phoneNumber=+15550100
  5900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
  5901 host      ENGAGEMENT_CREATED engagementId=7
  9000 widget    CALL_ANSWERED
 60500 widget    CALL_ENDED callEndStatus=COMPLETED
 61000 widget    CALL_COMPLETED engagementId=7 hideWidget=false engagementProperties={"hs_call_title":"Demo call","hs_call_body":"Resolved issue"}
 61300 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=7
 62000 widget    ERROR type=GENERIC message="This is a message shown in Hubspot UI"
 63000 widget    RESIZE_WIDGET height=420 width=620
 64000 widget    LOGGED_OUT
 99000 end
"#;

/// demo-minimal-js of 0.9.6 on 0.9.7, outbound and inbound.
const DEMO_0_9_7: &str = r#"
      0 ready 0.9.7-beta.0 .portalId=3 .userId=4 .ownerId=5 .iframeLocation="widget" .usesCallingWindow=false
      3 widget    INITIALIZED isLoggedIn=false isAvailable=false sizeInfo={"height":650,"width":400}
   1000 widget    LOGGED_IN
   1100 widget    USER_AVAILABLE
   5000 host      DIAL_NUMBER phoneNumber=+442073238299 ownerId=5 objectId=2 objectType=CONTACT portalId=3 calleeInfo={"calleeId":2,"calleeObjectTypeId":"0-1"} startTimestamp=1700000005000
   5500 widget    OUTGOING_CALL_STARTED createEngagement=true toNumber=+442073238299 fromNumber=+18884827768 callStartTime=1700000005500 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001
   5900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
   5901 host      ENGAGEMENT_CREATED engagementId=7
   5950 host      INITIATE_CALL_ID_SUCCEEDED callId=11
   9000 widget    CALL_ANSWERED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001
  20000 host      VISIBILITY_CHANGED isMinimized=true isHidden=false
  25000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
  60500 widget    CALL_ENDED callEndStatus=COMPLETED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001
  61000 widget    CALL_COMPLETED engagementId=7 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001 hideWidget=false engagementProperties={"hs_call_title":"Demo call","hs_call_body":"Resolved issue"}
  61300 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=7
  61500 widget    FINALIZE_ENGAGEMENT engagementId=7 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001
  61700 host      FINALIZE_ENGAGEMENT_SUCCEEDED engagementId=7 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001
  70000 widget    INCOMING_CALL createEngagement=true fromNumber=+442073238299 toNumber=+18884827768 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000002
  70300 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":3,"objectId":2,"objectTypeId":"0-1"},"firstName":"Ada","lastName":"Example","email":"ada@example.com"}]
  70400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
  75000 widget    CALL_ANSWERED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000002
 110500 widget    CALL_ENDED callEndStatus=COMPLETED engagementId=8 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000002
 111000 widget    CALL_COMPLETED engagementId=8 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000002 hideWidget=true
 111100 host      VISIBILITY_CHANGED isMinimized=false isHidden=true
 120000 widget    INCOMING_CALL createEngagement=true fromNumber=+442073238299 toNumber=+18884827768 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000003
 120300 host      CALLER_ID_MATCH_FAILED error={"message":"no match"}
 120400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=9
 125000 widget    CALL_TRANSFERRED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000003
 130000 widget    LOGGED_OUT
 199000 end
"#;

/// The widget opens the record, the page reloads, and the call continues.
const NAVIGATION: &str = r#"
      0 handshake 0.9.7-beta.0 isAvailable=true
  70000 widget    INCOMING_CALL createEngagement=true fromNumber=+442073238299 toNumber=+18884827768 externalCallId=a
  70300 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"COMPANY","objectCoordinates":{"portalId":3,"objectId":2,"objectTypeId":"0-2"},"name":"Example"}]
  70400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
  70500 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":3,"objectId":2,"objectTypeId":"0-2"}
  72000 closed host
  75000 host2     SYNC .hostUrl=https://app.hubspot.com .engagementId=8
  75100 host2     SYNC .hostUrl=https://app.hubspot.com .engagementId=8
  75102 widget2   SYNC_ACK .version=0.9.7-beta.0 .hostUrl=https://app.hubspot.com .iFrameUrl=https://widget.example .engagementId=8
  75103 widget2   INITIALIZED isLoggedIn=true isAvailable=true engagementId=8
  80000 widget2   CALL_ANSWERED externalCallId=a
 110500 widget2   CALL_ENDED callEndStatus=COMPLETED engagementId=8 externalCallId=a
 111000 widget2   CALL_COMPLETED engagementId=8 externalCallId=a hideWidget=false
 199000 end
"#;

/// A log from the middle of a session, without a handshake.
const MIDDLE: &str = r#"
   1000 widget    CALL_ANSWERED externalCallId=a
   5000 widget    CALL_ENDED callEndStatus=COMPLETED engagementId=8 externalCallId=a
   6000 widget    CALL_COMPLETED engagementId=8 externalCallId=a hideWidget=false
   7000 widget    OUTGOING_CALL_STARTED createEngagement=true toNumber=+442073238299 externalCallId=b
   7900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
   9000 end
"#;

const SESSIONS: &[&str] = &[
    SEED_OUTBOUND,
    SEED_INBOUND,
    FIRST_COMMIT,
    EARLY_DEMO,
    DEMO_0_2,
    DEMO_0_9_7,
    NAVIGATION,
    MIDDLE,
];

fn sessions() -> impl Iterator<Item = &'static str> {
    SESSIONS.iter().chain(untidy::SESSIONS).copied()
}

#[test]
fn good_sessions_have_no_warnings() {
    for session in sessions() {
        check_clean(session);
    }
}

/// A recording can begin and end anywhere.
#[test]
fn parts_of_good_sessions_have_no_warnings() {
    for session in sessions() {
        let lines: Vec<&str> = session.lines().collect();
        // The last line is only the end of the recording, on which X06 would report that nothing
        // was recorded.
        for start in 0..lines.len() - 1 {
            check_clean(&lines.get(start..).unwrap_or_default().join("\n"));
            check_clean(&lines.get(..start).unwrap_or_default().join("\n"));
        }
    }
}

/// Any message may have been lost, as long as the recording says so.
#[test]
fn good_sessions_with_a_gap_have_no_warnings() {
    for session in sessions() {
        let facts = facts(session);
        for missing in 0..facts.len() {
            let mut checker = Checker::new();
            for (index, fact) in facts.iter().enumerate() {
                match fact {
                    Fact::Message(recorded) if index == missing => {
                        checker.observe(&Fact::Gap(crate::Gap {
                            at: recorded.at,
                            conversation: None,
                            lost: Some(1),
                            why: crate::GapReason::BufferFull,
                        }));
                    }
                    fact => checker.observe(fact),
                }
            }
            for finding in checker.drain_findings() {
                assert!(
                    finding.severity < crate::Severity::Warning,
                    "without {:?}: {} {}",
                    facts.get(missing),
                    finding.rule.code,
                    finding.message
                );
            }
        }
    }
}

/// The recorder dates the start of a conversation by what it has heard by then.
#[test]
fn how_long_an_answer_took_hangs_on_the_messages_alone() {
    let trace = r#"
        10 conversation 1
         2 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1
        10 widget    SYNC_ACK .messageId=1699999999000_1 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
    "#;
    let mut checker = Checker::new();
    for fact in facts(trace) {
        checker.observe(&fact);
    }
    let conversation = checker.conversation(ConversationId(1)).unwrap();
    assert_eq!(conversation.handshake.map(|latency| latency.0), Some(8.0));
}

/// What the host ignores changes nothing of what it believes.
#[test]
fn what_the_host_ignores_is_not_its_state() {
    let trace = r#"
           0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1
          10 widget    SYNC_ACK .messageId=1699999999000_1 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
         100 widget    INITIALIZED isLoggedIn=true isAvailable=true -messageId
    "#;
    let mut checker = Checker::new();
    for fact in facts(trace) {
        checker.observe(&fact);
    }
    let codes: Vec<_> = checker
        .drain_findings()
        .iter()
        .map(|it| it.rule.code)
        .collect();
    assert_eq!(codes, ["T05"]);
    let conversation = checker.conversation(ConversationId(1)).unwrap();
    assert!(matches!(conversation.link, Link::Ready { .. }));
    assert_eq!(conversation.login, Login::Unknown);
    assert_eq!(conversation.availability, Availability::Unknown);
}

#[test]
fn the_conversation_shows_where_it_is() {
    let mut checker = Checker::new();
    for fact in facts(DEMO_0_9_7).iter().take(11) {
        checker.observe(fact);
    }
    let conversation = checker.conversation(ConversationId(1)).unwrap();
    assert_eq!(conversation.generation, SdkGeneration::Modern);
    assert_eq!(conversation.sdk_words(), "SDK 0.9.7 (reports 0.9.7-beta.0)");
    assert!(matches!(
        conversation.link,
        Link::Initialized { sync_count: 1, .. }
    ));
    assert_eq!(conversation.handshake.map(|latency| latency.0), Some(2.0));
    assert_eq!(conversation.login, Login::LoggedIn);
    assert_eq!(conversation.availability, Availability::Available);
    assert_eq!(conversation.host_instance.as_deref(), Some("1699999999000"));
    assert_eq!(
        conversation.widget_instance.as_deref(),
        Some("1699999999500")
    );
    assert_eq!(conversation.portal_id.as_deref(), Some("3"));
    assert_eq!(conversation.iframe_location.as_deref(), Some("widget"));
    assert_eq!(
        conversation.host_origin.as_deref(),
        Some("https://app.hubspot.com")
    );
    let call = conversation.call.as_ref().unwrap();
    assert_eq!(call.phase, CallPhase::Answered);
    assert_eq!(call.direction, Some(CallDirection::Outbound));
    assert_eq!(call.number(), Some("+442073238299"));
    assert_eq!(call.engagement_id.as_deref(), Some("7"));
}

#[test]
fn a_cut_log_can_be_finished() {
    let mut checker = Checker::new();
    for fact in facts("0 host SYNC\n 29950 host SYNC") {
        checker.observe(&fact);
    }
    checker.drain_findings();
    checker.finish();
    let codes = |findings: Vec<crate::Finding>| -> Vec<&str> {
        findings.iter().map(|finding| finding.rule.code).collect()
    };
    assert_eq!(codes(checker.drain_findings()), ["T13"]);
    checker.finish();
    assert_eq!(codes(checker.drain_findings()), [""; 0]);
}

#[test]
fn every_version_has_its_profile() {
    for (session, generation) in [
        (SEED_OUTBOUND, SdkGeneration::Seed),
        (FIRST_COMMIT, SdkGeneration::First),
        (EARLY_DEMO, SdkGeneration::Early),
        (DEMO_0_2, SdkGeneration::Engagements),
        (MIDDLE, SdkGeneration::ModernLike),
    ] {
        let mut checker = Checker::new();
        for fact in facts(session) {
            checker.observe(&fact);
        }
        assert_eq!(
            checker.conversation(ConversationId(1)).unwrap().generation,
            generation
        );
    }
}
