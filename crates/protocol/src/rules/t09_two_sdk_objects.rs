//! T09: two instances of the SDK send messages in one page of the widget.

use super::prelude::*;
use crate::state::Ack;

pub(super) const RULE: Rule = Rule {
    code: "T09",
    title: "Two CallingExtensions objects in one page",
    why: "Each object answers the handshake and sends HubSpot everything that it is called for: \
          READY, INITIALIZED, and what both send about a call come twice, and onReady and the \
          other handlers run twice. Callscope does not report these repetitions separately.",
    fix: "Call new CallingExtensions() once per page, outside of components, and keep the object. \
          It runs twice if React's StrictMode mounts a component twice (create the object at the \
          top of a module, or once in a ref), if a component is mounted again, or if the script \
          is included twice. An implementation of your own should begin each messageId with one \
          number per page.",
    severity: "warning",
    example: Example {
        breaks: r"
            0 handshake 0.9.7-beta.0
            5 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
              ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
        ",
        clean: r"
            0 handshake 0.9.7-beta.0
        ",
    },
    hooks: &[
        Hook::On(&[MessageType::SyncAck], check_ack),
        Hook::Every(check_instance),
    ],
    ..Rule::ANY_VERSION
};

/// Two objects that are created before the first SYNC answer the same one. They usually have the
/// same instance, because it is the clock in milliseconds.
fn check_ack(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    let Some(version) = state.reported_sdk() else {
        return;
    };
    let excused = arrival.ack != Some(Ack::Again) || state.closed;
    let Some(first) = state.answered.as_ref().filter(|_| !excused) else {
        return;
    };
    if !report.once(()) {
        return;
    }
    let versions = match first.sdk.as_deref() {
        Some(first) if first != version => format!(", one of {first} and one of {version}"),
        _ => String::new(),
    };
    report
        .warning(format!(
            "Two CallingExtensions objects in one page{versions}: new CallingExtensions() ran twice, \
             so that READY, INITIALIZED, and the start and end of every call come twice"
        ))
        .see([first.mark.seq]);
}

fn check_instance(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    let Some(instance) = arrival.instance else {
        return;
    };
    let Some(known) = state.view.widget_instance.as_deref() else {
        return;
    };
    // During a handshake it is another page; an id that the host created is T07.
    let excused = state.syncing.is_some() || state.closed || state.borrows_id(arrival);
    if arrival.from() != Side::Widget || arrival.is_ack() || instance == known || excused {
        return;
    }
    if report.once(()) {
        let what = if state.reported_sdk().is_some() {
            "Two CallingExtensions objects in one page"
        } else {
            "Messages of two instances in one page"
        };
        report
            .warning(format!(
                "{what}: {instance} sends besides {known} without a reload, so that what both tell, \
                 such as the start and end of a call, comes twice"
            ))
            .see(state.load.extra_acks.iter().map(|ack| ack.mark.seq));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn loaded_anew_after_a_handshake_with_a_gap() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com
               2 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
               3 widget    INITIALIZED isLoggedIn=true
            1000 widget    LOGGED_OUT
            8000 host      SYNC .hostUrl=https://app.hubspot.com
            8003 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            8004 widget2   INITIALIZED isLoggedIn=true
            9000 widget2   LOGGED_OUT
        "#]]);
    }

    #[test]
    fn both_answer() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
               5 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
               6 widget2   INITIALIZED isLoggedIn=true
            1000 widget    LOGGED_OUT
            2000 widget2   LOGGED_IN
            9000 end
        "#]]);
    }

    #[test]
    fn a_redirect_right_after_the_handshake() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             150 host      SYNC .hostUrl=https://app.hubspot.com
             160 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
             170 widget2   INITIALIZED isLoggedIn=true
            9000 end
        "#]]);
    }

    #[test]
    fn it_may_be_in_a_gap() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            5000 gap lost=2
                 ! X02 [–] note 2 messages are missing: a buffer was full
            5020 widget2   LOGGED_OUT
        "#]]);
    }

    #[test]
    fn both_have_one_instance() {
        check(&expect![[r#"
               0 ready 0.9.7-beta.0
               3 widget    INITIALIZED isLoggedIn=true .messageId=1699999999500_7
               4 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
               5 widget    INITIALIZED isLoggedIn=true .messageId=1699999999500_7
            1000 widget    LOGGED_OUT
            1000 widget    LOGGED_OUT
            9000 end
        "#]]);
    }

    #[test]
    fn whatever_the_version() {
        check(&expect![[r#"
            0 handshake 0.0.1 old
            5 widget    SYNC_ACK .version=0.0.1
              ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
        "#]]);
        check(&expect![[r#"
            0 handshake 0.0.1
            5 widget    SYNC_ACK .version=0.0.1 .iFrameUrl=https://widget.example
              ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
        "#]]);
        check(&expect![[r#"
            0 handshake 0.5.1
            5 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
              ! T09 warning Two CallingExtensions objects in one page, one of 0.5.1 and one of 0.9.7-beta.0: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
            6 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
        "#]]);
    }

    #[test]
    fn each_answers_another_of_the_questions() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1700000000000
             100 host      SYNC .hostUrl=https://app.hubspot.com
             102 widget    SYNC_ACK .messageId=1699999999000_1700000000000 .version=0.2.1-beta.0 .iFrameUrl=https://widget.example
             103 widget    INITIALIZED isLoggedIn=true
             104 widget2   SYNC_ACK .version=0.2.1-beta.0 .iFrameUrl=https://widget.example
                 ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
            5000 widget2   LOGGED_OUT
        "#]]);
    }

    #[test]
    fn after_a_gap_and_in_a_second_conversation() {
        check(&expect![[r#"
               0 gap lost=2
                 ! X02 [–] note 2 messages are missing: a buffer was full
            1500 ready 0.9.7-beta.0
            1505 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
            2000 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
            3000 ready 0.9.7-beta.0 conversation=2
            3003 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example conversation=2
                 ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
            3004 widget    INITIALIZED isLoggedIn=true conversation=2
        "#]]);
    }

    #[test]
    fn in_each_page_load() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
               5 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
            5000 handshake 0.9.7-beta.0
            5005 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
            9000 handshake 0.9.7-beta.0
        "#]]);
    }

    /// Whatever both objects repeat, there is one finding.
    #[test]
    fn nothing_else_is_told_of_what_comes_twice() {
        check(&expect![[r#"
                0 ready 0.9.7-beta.0
                3 widget    INITIALIZED isLoggedIn=false .messageId=1699999999500_7
                4 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                  ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
                5 widget    INITIALIZED isLoggedIn=false .messageId=1699999999500_7
              800 widget    LOGGED_IN
              801 widget    LOGGED_IN
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             1500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1501 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
             1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             2000 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             5000 widget    CALL_ANSWERED externalCallId=a
             5001 widget    CALL_ANSWERED externalCallId=b
             9000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
             9001 widget    CALL_ENDED externalCallId=b callEndStatus=COMPLETED
            12000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
            12001 widget    CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
            40000 end
        "#]]);
    }

    #[test]
    fn nothing_else_is_told_of_an_incoming_call_that_one_engagement_is_for() {
        check(&expect![[r#"
                0 ready 0.5.1
                3 widget    INITIALIZED isLoggedIn=true isAvailable=true
                4 widget2   SYNC_ACK .version=0.5.1 .iFrameUrl=https://widget.example
                  ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
                5 widget2   INITIALIZED isLoggedIn=true isAvailable=true
             1500 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true
             1501 widget2   INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true
             1800 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
             1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             5000 widget    CALL_ANSWERED
             5001 widget2   CALL_ANSWERED
             9000 widget    CALL_ENDED callEndStatus=COMPLETED
             9001 widget2   CALL_ENDED callEndStatus=COMPLETED
            12000 widget    CALL_COMPLETED engagementId=7 hideWidget=false
            12001 widget2   CALL_COMPLETED engagementId=7 hideWidget=false
            40000 end
        "#]]);
    }

    #[test]
    fn nothing_else_is_told_in_the_seed() {
        check(&expect![[r#"
                0 handshake 0.0.1 old
                4 widget2   SYNC_ACK .version=0.0.1
                  ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
                5 widget2   INITIALIZED isLoggedIn=true
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             1500 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
             1501 widget2   OUTGOING_CALL_STARTED phoneNumber=+15550100
             5000 widget    CALL_ANSWERED
             5001 widget2   CALL_ANSWERED
             6000 widget    CALL_DATA engagementId=7
             6001 widget2   CALL_DATA engagementId=7
             9000 widget    CALL_ENDED
             9001 widget2   CALL_ENDED
            40000 end
        "#]]);
    }
}
