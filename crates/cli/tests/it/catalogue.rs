//! `callscope explain` and `callscope messages`

use expect_test::expect;

use crate::{check_run, run};

#[test]
fn a_rules_page() {
    check_run(
        &["explain", "m15"],
        &expect![[r#"
            M15  CALL_COMPLETED missing or too early

                  Severity  warning; note as long as the user may be writing notes or the
                            next page may complete the call, if the recording ends soon
                            after the call, or if the call was announced twice (C01)
                Applies to  SDK 0.0.10 and newer
            Why it matters  The engagement that HubSpot created for the call stays
                            incomplete: a ghost call on the timeline, without duration,
                            notes or outcome.
             How to fix it  After callEnded(), wait until onCreateEngagementSucceeded or
                            onCreateEngagementFailed has run, then call callCompleted({
                            engagementId, externalCallId, hideWidget, engagementProperties
                            }) once for each call, including calls that nobody answered.

            This breaks it
              1–3  0.000 s  SYNC, SYNC_ACK and INITIALIZED { isLoggedIn: true }; the widget
                            reports version 0.9.7-beta.0
                4  1.000 s  widget → host  OUTGOING_CALL_STARTED { toNumber: "+15550100",
                                           createEngagement: true, externalCallId: "a" }
                5  1.200 s  host → widget  CREATE_ENGAGEMENT_SUCCEEDED
                                           { engagementId: 4711 }
                6  2.000 s  widget → host  CALL_ENDED { externalCallId: "a",
                                           engagementId: 4711, callEndStatus: "BUSY" }
                7  6.900 s  widget → host  OUTGOING_CALL_STARTED { toNumber: "+15550100",
                                           createEngagement: true, externalCallId: "b" }
                   7.500 s  The recording ends
                            ▲ warning M15 on 6  The next call began without CALL_COMPLETED
                                                for the one before; engagement 4711 stays
                                                incomplete

            This does not
              1–3  0.000 s  SYNC, SYNC_ACK and INITIALIZED { isLoggedIn: true }; the widget
                            reports version 0.9.7-beta.0
                4  1.000 s  widget → host  OUTGOING_CALL_STARTED { toNumber: "+15550100",
                                           createEngagement: true, externalCallId: "a" }
                5  1.200 s  host → widget  CREATE_ENGAGEMENT_SUCCEEDED
                                           { engagementId: 4711 }
                6  2.000 s  widget → host  CALL_ENDED { externalCallId: "a",
                                           engagementId: 4711, callEndStatus: "BUSY" }
                7  3.000 s  widget → host  CALL_COMPLETED { externalCallId: "a",
                                           engagementId: 4711, hideWidget: false }
                8  9.000 s  widget → host  OUTGOING_CALL_STARTED { toNumber: "+15550100",
                                           createEngagement: true, externalCallId: "b" }
            --- exit 0
        "#]],
    );
}

#[test]
fn all_rules_are_listed() {
    let ran = run(&["explain"]);
    assert_eq!(ran.code, 0);
    for rule in callscope_protocol::rules() {
        let row = format!("  {}  {}", rule.code, rule.title);
        assert!(ran.stdout.contains(&row), "{row}");
    }
}

#[test]
fn what_is_no_rule() {
    check_run(
        &["explain", "Z1"],
        &expect![[r#"
        --- standard error
        error: invalid value 'Z1' for '[CODE]...': there is no rule with this code; there are the families T, S, Q, M, C, F, H, E, W, X, see `callscope explain`

        For more information, try '--help'.
        --- exit 2
    "#]],
    );
}

#[test]
fn a_messages_page() {
    check_run(
        &["messages", "onEndCall", "CALL_TRANSFERRED"],
        &expect![[r#"
            END_CALL  host → widget

            HubSpot asks the widget to hang up.

              Direction  HubSpot to the widget
            Received by  onEndCall
               Known to  SDK 0.0.3 and newer
            Answered by  CALL_ENDED
                  Notes  The widget hangs up and answers with CALL_ENDED.

            CALL_TRANSFERRED  widget → host

            The call went to somebody else; the widget has no more part in it.

            Direction  the widget to HubSpot
            Sent with  callTransferred()
             Known to  SDK 0.9.6 and newer
                Notes  With it the widget's part in the call is over: CALL_ENDED and
                       CALL_COMPLETED need not follow.
                Rules  S08, M01, M02, M11, C02

            Fields
              data.externalCallId
                string, required, SDK 0.9.6 and newer
                the calling app's own id of the call; it ties one call's messages together
            --- exit 0
        "#]],
    );
}

#[test]
fn all_messages_are_listed() {
    let ran = run(&["messages"]);
    assert_eq!(ran.code, 0);
    // Long summaries are wrapped.
    let words: Vec<&str> = ran.stdout.split_whitespace().collect();
    let text = words.join(" ");
    for ty in callscope_protocol::MessageType::ALL {
        assert!(text.contains(ty.spec().summary), "{ty}");
    }
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn what_is_no_message() {
    check_run(
        &["messages", "CALL_COMPLETE"],
        &expect![[r#"
        --- standard error
        error: there is no message CALL_COMPLETE; did you mean CALL_COMPLETED?
        --- exit 2
    "#]],
    );
}
