//! T02: the widget's answer matches no SYNC.

use super::prelude::*;
use crate::state::{Ack, Asked};

pub(super) const RULE: Rule = Rule {
    code: "T02",
    title: "SYNC_ACK does not answer a SYNC",
    why: "The host recognizes the answer by the messageId of its SYNC. It treats any other \
          SYNC_ACK as an unknown message, does not become ready, and gives up with \
          SYNC_ACK_FAILED after 30 s.",
    fix: "Let new CallingExtensions() answer: it copies the messageId. In an implementation of \
          your own, post SYNC_ACK with exactly the messageId of the SYNC that you just received, \
          not with one of your own and not with one kept from another page load.",
    severity: "error",
    example: Example {
        breaks: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1700000000000
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example .messageId=1699999999500_1700000000002
              ! T02 error SYNC_ACK has the messageId 1699999999500_1700000000002, which is of no SYNC; the last one has 1699999999000_1700000000000
            3 widget    INITIALIZED isLoggedIn=true
        ",
        clean: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1700000000000
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example .messageId=1699999999000_1700000000000
            3 widget    INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[
        Hook::On(&[MessageType::SyncAck], check),
        Hook::On(&[MessageType::Sync], check_again),
    ],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    // A SYNC without an id cannot be answered correctly: T14. A second SDK in the page: T09.
    let excused = state.load.second_sdk.is_some()
        || state
            .syncing
            .as_ref()
            .is_some_and(|syncing| syncing.without_id.is_some());
    if arrival.ack != Some(Ack::Stray) || excused {
        return;
    }
    let last = state.outstanding.back();
    let expected = last.map_or(String::new(), |sync| {
        format!("; the last one has {}", sync.id)
    });
    let mut given_up = state.given_up.iter();
    let given_up = given_up.find(|sync| arrival.id == Some(sync.id.as_str()));
    if let Some(asked) = given_up {
        let message = format!(
            "SYNC_ACK has the messageId {}, which is of a SYNC of an earlier host instance: nobody \
             waits for its answer any more{expected}",
            asked.id
        );
        let seen = last.map(|sync| sync.mark.seq);
        report
            .error(message)
            .see([asked.mark.seq].into_iter().chain(seen));
        return;
    }
    let message = match arrival.id {
        Some(id) => format!("SYNC_ACK has the messageId {id}, which is of no SYNC{expected}"),
        None => format!("SYNC_ACK has no messageId; expected that of a SYNC{expected}"),
    };
    report.error(message).see(last.map(|sync| sync.mark.seq));
}

/// The id may belong to a SYNC from before the recording, unless the host keeps asking.
fn check_again(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let refused = arrival.state.refuses(arrival).filter(|_| arrival.is_sync());
    let Some((ack, first)) = refused.filter(|(ack, _)| ack.asked == Asked::Before) else {
        return;
    };
    if report.once_in_conversation(first.seq) {
        report
            .error(format!(
                "SYNC_ACK has the messageId {}, which is of no SYNC that was recorded, and the \
                 host goes on asking",
                ack.sync_id
            ))
            .anchor(first.seq)
            .see([arrival.recorded.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn an_id_of_its_own() {
        check(&expect![[r#"
            0 host      SYNC .hostUrl=https://app.hubspot.com
            5 widget    SYNC_ACK .messageId=1699999999500_1 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
              ! T02 error SYNC_ACK has the messageId 1699999999500_1, which is of no SYNC; the last one has 1699999999000_1700000000000
        "#]]);
    }

    #[test]
    fn an_id_of_a_host_that_is_gone() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1
             100 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_2
            5000 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1700000005000_1
                 ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
            5005 widget    SYNC_ACK .messageId=1699999999000_2 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! T02 error SYNC_ACK has the messageId 1699999999000_2, which is of a SYNC of an earlier host instance: nobody waits for its answer any more; the last one has 1700000005000_1
        "#]]);
    }

    #[test]
    fn an_id_of_the_page_before() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1
             100 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_2
             102 widget    SYNC_ACK .messageId=1699999999000_2 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
             103 widget    INITIALIZED isLoggedIn=true
            1000 closed host
            1100 conversation 2 continues=1
            1200 host2     SYNC .hostUrl=https://app.hubspot.com .messageId=1700000001000_1 conversation=2
            1202 widget2   SYNC_ACK .messageId=1699999999000_2 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example conversation=2
                 ! T02 error SYNC_ACK has the messageId 1699999999000_2, which is of a SYNC of an earlier host instance: nobody waits for its answer any more; the last one has 1700000001000_1
        "#]]);
    }

    /// The host is the same, and may still take it.
    #[test]
    fn an_id_from_before_the_widget_was_reloaded() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1
             100 closed widget
             200 conversation 2 continues=1
             300 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_2 conversation=2
             302 widget2   SYNC_ACK .messageId=1699999999000_1 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example conversation=2
        "#]]);
    }

    #[test]
    fn no_id() {
        check(&expect![[r#"
            0 host      SYNC .hostUrl=https://app.hubspot.com
            5 widget    SYNC_ACK -messageId .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
              ! T02 error SYNC_ACK has no messageId; expected that of a SYNC; the last one has 1699999999000_1700000000000
        "#]]);
    }

    #[test]
    fn any_of_the_questions_may_be_answered() {
        check(&expect![[r#"
              0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1
            100 host      SYNC .hostUrl=https://app.hubspot.com
            105 widget    SYNC_ACK .messageId=1699999999000_1 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            106 widget    INITIALIZED isLoggedIn=true
        "#]]);
    }

    #[test]
    fn the_question_may_be_in_a_gap() {
        check(&expect![[r#"
              0 host      SYNC .hostUrl=https://app.hubspot.com
             50 gap lost=1
                ! X02 [–] note 1 message is missing: a buffer was full
            105 widget    SYNC_ACK .messageId=1699999999000_1 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
        "#]]);
    }

    #[test]
    fn an_id_of_the_host_that_no_question_had() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com
             100 host      SYNC .hostUrl=https://app.hubspot.com
             200 host      SYNC .hostUrl=https://app.hubspot.com
             205 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example .messageId=1699999999000_1700000000150
                 ! T02 error SYNC_ACK has the messageId 1699999999000_1700000000150, which is of no SYNC; the last one has 1699999999000_1700000000200
             300 host      SYNC .hostUrl=https://app.hubspot.com
             500 host      SYNC .hostUrl=https://app.hubspot.com
             700 host      SYNC .hostUrl=https://app.hubspot.com
             900 host      SYNC .hostUrl=https://app.hubspot.com
            1100 host      SYNC .hostUrl=https://app.hubspot.com
            1300 host      SYNC .hostUrl=https://app.hubspot.com
            1500 host      SYNC .hostUrl=https://app.hubspot.com
        "#]]);
    }

    #[test]
    fn an_id_from_before_the_recording() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
              100 host      SYNC .hostUrl=https://app.hubspot.com
              200 host      SYNC .hostUrl=https://app.hubspot.com
              205 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example .messageId=1699999999000_1699999999950
              206 widget    INITIALIZED isLoggedIn=true
              300 host      SYNC .hostUrl=https://app.hubspot.com
              500 host      SYNC .hostUrl=https://app.hubspot.com
              700 host      SYNC .hostUrl=https://app.hubspot.com
              900 host      SYNC .hostUrl=https://app.hubspot.com
             1100 host      SYNC .hostUrl=https://app.hubspot.com
             1300 host      SYNC .hostUrl=https://app.hubspot.com
                  ! T02 [#4] error SYNC_ACK has the messageId 1699999999000_1699999999950, which is of no SYNC that was recorded, and the host goes on asking
             1500 host      SYNC .hostUrl=https://app.hubspot.com
             1600 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            40000 advance
                  ! H04 [#13] note OUTGOING_CALL_STARTED got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED (follows from T02 [#4])
        "#]]);
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
              100 host      SYNC .hostUrl=https://app.hubspot.com
              200 host      SYNC .hostUrl=https://app.hubspot.com
              205 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example .messageId=1699999999000_1699999999950
              206 widget    INITIALIZED isLoggedIn=true
              300 host      SYNC .hostUrl=https://app.hubspot.com
              500 host      SYNC .hostUrl=https://app.hubspot.com
            40000 advance
        "#]]);
    }
}
