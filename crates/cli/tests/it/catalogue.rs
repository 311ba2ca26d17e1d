//! `callscope explain` and `callscope messages`

use expect_test::expect;

use crate::{check_run, run};

#[test]
fn a_rules_page() {
    check_run(
        &["explain", "m15"],
        &expect![[r#"
        M15  CALL_COMPLETED missing

              Severity  warning; note if the recording ends soon after the call
            Applies to  SDK 0.0.10 and newer
        Why it matters  The engagement that HubSpot created for the call stays incomplete: a ghost call
                        on the timeline, without duration, notes or outcome.
         How to fix it  After callEnded() always call callCompleted({ engagementId, externalCallId,
                        hideWidget, engagementProperties }), also for calls that nobody answered.
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
        error: invalid value 'Z1' for '[CODE]...': there is no rule of this code; there are the families T, S, Q, M, H, E and X, see `callscope explain`

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

            Received by  onEndCall
               Known to  SDK 0.0.3 and newer
            Answered by  CALL_ENDED
                  Notes  No payload documented. demo-minimal-js answers with CALL_ENDED after 500 ms.

            CALL_TRANSFERRED  widget → host
            The call went to somebody else; the widget has no more part in it.

              Sent with  callTransferred()
               Known to  SDK 0.9.6 and newer
                  Notes  Ends the widget's part of the call without CALL_ENDED/CALL_COMPLETED in both
                         demos.

            Fields
              data.externalCallId  string, required, since 0.9.6
                                   id minted by the calling app (UUID in the demos); the key that ties one
                                   call's messages together
            --- exit 0
        "#]],
    );
}

#[test]
fn all_messages_are_listed() {
    let ran = run(&["messages"]);
    assert_eq!(ran.code, 0);
    for ty in callscope_protocol::MessageType::ALL {
        assert!(ran.stdout.contains(ty.spec().summary), "{ty}");
    }
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
