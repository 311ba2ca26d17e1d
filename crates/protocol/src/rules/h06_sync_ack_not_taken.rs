//! H06: the widget answers the handshake, and the host does not accept the answer.

use super::prelude::*;
use super::t04_url_not_bare_origin;
use crate::origin;
use crate::state::{AckMark, Asked};

pub(super) const RULE: Rule = Rule {
    code: "H06",
    title: "Host ignored the SYNC_ACK",
    why: "The widget has answered and considers itself ready, but the host keeps asking, and \
          gives up with SYNC_ACK_FAILED after 30 s: it never sends DIAL_NUMBER or an answer. The \
          SDK in the host only accepts a SYNC_ACK from the origin that it loaded the iframe from, \
          and with the messageId of one of its SYNCs.",
    fix: "Let new CallingExtensions() itself answer, in the page that HubSpot's iframe shows, and \
          let nothing in between change or relay messages. Register the URL at which the page \
          ends up, not one that redirects to another origin. Before you move the widget to \
          another origin, call setWidgetUrl({ iFrameUrl }) with exactly that origin.",
    severity: "error; note if it follows from a URL that T04 reports",
    example: Example {
        breaks: r"
               0 host      SYNC .hostUrl=https://app.hubspot.com
               5 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
               8 widget    INITIALIZED isLoggedIn=true
             100 host      SYNC .hostUrl=https://app.hubspot.com
             300 host      SYNC .hostUrl=https://app.hubspot.com
             500 host      SYNC .hostUrl=https://app.hubspot.com
             700 host      SYNC .hostUrl=https://app.hubspot.com
             900 host      SYNC .hostUrl=https://app.hubspot.com
            1100 host      SYNC .hostUrl=https://app.hubspot.com
                 ! H06 [#2] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, though the messageId is that of a SYNC
        ",
        clean: r"
               0 host      SYNC .hostUrl=https://app.hubspot.com
               5 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
               8 widget    INITIALIZED isLoggedIn=true
            1100 advance
        ",
    },
    hooks: &[Hook::On(&[MessageType::Sync], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    let Some((ack, first)) = state.refuses(arrival).filter(|_| arrival.is_sync()) else {
        return;
    };
    // An id that is older than every SYNC is T02.
    if ack.asked == Asked::Before || !report.once_in_conversation(first.seq) {
        return;
    }
    let Reason { words, misspelled } = reason(ack);
    let finding = report
        .error(format!(
            "The host goes on sending SYNC after this SYNC_ACK: it did not accept it{words}"
        ))
        .anchor(first.seq);
    if let Some(seq) = misspelled {
        finding.follows_from(&t04_url_not_bare_origin::RULE, seq);
    }
    let told = ack.expected.as_ref().map(|(_, seq)| *seq);
    finding.see(told.into_iter().chain([arrival.recorded.seq]));
}

struct Reason {
    words: String,
    /// The message that gave the origin in another spelling.
    misspelled: Option<u64>,
}

fn reason(ack: &AckMark) -> Reason {
    let AckMark {
        asked,
        origin,
        expected,
        sync_id,
        ..
    } = ack;
    let mut misspelled = None;
    let words = match expected {
        Some((expected, seq)) if **expected != **origin && !origin.is_empty() => {
            misspelled = origin::of_url(expected)
                .is_some_and(|bare| *bare == **origin)
                .then_some(*seq);
            format!(", for it came from {origin} and the host was told to expect {expected}")
        }
        _ if *asked == Asked::Missing => {
            format!("; its messageId {sync_id} is of no SYNC that was recorded")
        }
        _ => ", though the messageId is that of a SYNC".to_owned(),
    };
    Reason { words, misspelled }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_widget_goes_on_as_well() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
                2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                3 widget    INITIALIZED isLoggedIn=true
              100 host      SYNC .hostUrl=https://app.hubspot.com
              300 host      SYNC .hostUrl=https://app.hubspot.com
              500 host      SYNC .hostUrl=https://app.hubspot.com
              700 host      SYNC .hostUrl=https://app.hubspot.com
              800 widget    LOGGED_OUT
              900 host      SYNC .hostUrl=https://app.hubspot.com
             1100 host      SYNC .hostUrl=https://app.hubspot.com
                  ! H06 [#2] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, though the messageId is that of a SYNC
             1300 host      SYNC .hostUrl=https://app.hubspot.com
             2000 widget    LOGGED_IN
             4000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            40000 advance
                  ! H04 [#13] note OUTGOING_CALL_STARTED got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED (follows from H06 [#2])
        "#]]);
    }

    #[test]
    fn an_old_widget_and_a_late_answer() {
        check(&expect![[r#"
                0 host      SYNC
              100 host      SYNC
              200 host      SYNC
              300 host      SYNC
              400 host      SYNC
              405 widget    SYNC_ACK .version=0.0.1
              406 widget    INITIALIZED isLoggedIn=true
              500 host      SYNC
              600 host      SYNC
              700 host      SYNC
              800 host      SYNC
              900 host      SYNC
             1000 host      SYNC
             1100 host      SYNC
             1200 host      SYNC
             1300 host      SYNC
             1400 host      SYNC
             1500 host      SYNC
                  ! H06 [#6] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, though the messageId is that of a SYNC
             1600 host      SYNC
            50000 advance
        "#]]);
    }

    #[test]
    fn a_host_with_a_rhythm_of_its_own() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com
             800 host      SYNC .hostUrl=https://app.hubspot.com
            1600 host      SYNC .hostUrl=https://app.hubspot.com
            1605 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            1606 widget    INITIALIZED isLoggedIn=true
            2400 host      SYNC .hostUrl=https://app.hubspot.com
            3200 host      SYNC .hostUrl=https://app.hubspot.com
                 ! H06 [#4] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, though the messageId is that of a SYNC
            4000 host      SYNC .hostUrl=https://app.hubspot.com
            9000 end
        "#]]);
    }

    #[test]
    fn a_host_whose_rhythm_shows_after_the_answer() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
                5 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                8 widget    INITIALIZED isLoggedIn=true
              500 host      SYNC .hostUrl=https://app.hubspot.com
             1000 host      SYNC .hostUrl=https://app.hubspot.com
             1500 host      SYNC .hostUrl=https://app.hubspot.com
                  ! H06 [#2] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, though the messageId is that of a SYNC
             2000 host      SYNC .hostUrl=https://app.hubspot.com
            60000 advance
        "#]]);
    }

    #[test]
    fn ids_that_do_not_tell_the_time() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=s0
               5 widget    SYNC_ACK .messageId=s0 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
               8 widget    INITIALIZED isLoggedIn=true
             100 host      SYNC .hostUrl=https://app.hubspot.com .messageId=s100
             300 host      SYNC .hostUrl=https://app.hubspot.com .messageId=s300
             500 host      SYNC .hostUrl=https://app.hubspot.com .messageId=s500
             700 host      SYNC .hostUrl=https://app.hubspot.com .messageId=s700
             900 host      SYNC .hostUrl=https://app.hubspot.com .messageId=s900
            1100 host      SYNC .hostUrl=https://app.hubspot.com .messageId=s1100
                 ! H06 [#2] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, though the messageId is that of a SYNC
            1300 host      SYNC .hostUrl=https://app.hubspot.com .messageId=s1300
        "#]]);
    }

    #[test]
    fn an_own_implementation_that_answers_every_question() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
                5 widget    SYNC_ACK .iFrameUrl=https://widget.example
                  ! T16 note SYNC_ACK has no version; the widget does not use the SDK
                6 widget    INITIALIZED isLoggedIn=true
              200 host      SYNC .hostUrl=https://app.hubspot.com
              205 widget    SYNC_ACK .iFrameUrl=https://widget.example
                  ! T16 note SYNC_ACK has no version; the widget does not use the SDK
              400 host      SYNC .hostUrl=https://app.hubspot.com
              405 widget    SYNC_ACK .iFrameUrl=https://widget.example
                  ! T16 note SYNC_ACK has no version; the widget does not use the SDK
              600 host      SYNC .hostUrl=https://app.hubspot.com
              605 widget    SYNC_ACK .iFrameUrl=https://widget.example
                  ! T16 note SYNC_ACK has no version; the widget does not use the SDK
              800 host      SYNC .hostUrl=https://app.hubspot.com
              805 widget    SYNC_ACK .iFrameUrl=https://widget.example
                  ! T16 note SYNC_ACK has no version; the widget does not use the SDK
             1000 host      SYNC .hostUrl=https://app.hubspot.com
             1005 widget    SYNC_ACK .iFrameUrl=https://widget.example
                  ! T16 note SYNC_ACK has no version; the widget does not use the SDK
             1200 host      SYNC .hostUrl=https://app.hubspot.com
                  ! H06 [#2] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, though the messageId is that of a SYNC
             1205 widget    SYNC_ACK .iFrameUrl=https://widget.example
                  ! T16 note SYNC_ACK has no version; the widget does not use the SDK
             1400 host      SYNC .hostUrl=https://app.hubspot.com
             1405 widget    SYNC_ACK .iFrameUrl=https://widget.example
                  ! T16 note SYNC_ACK has no version; the widget does not use the SDK
            40000 advance
        "#]]);
    }

    #[test]
    fn in_a_second_conversation_and_after_a_gap() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            5000 closed widget
            5100 conversation 2 continues=1
            5200 gap lost=3
                 ! X02 [–] note 3 messages are missing: a buffer was full
            7000 host      SYNC .hostUrl=https://app.hubspot.com conversation=2
            7100 host      SYNC .hostUrl=https://app.hubspot.com conversation=2
            7105 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example conversation=2
            7106 widget2   INITIALIZED isLoggedIn=true conversation=2
            7200 host      SYNC .hostUrl=https://app.hubspot.com conversation=2
            7400 host      SYNC .hostUrl=https://app.hubspot.com conversation=2
            7600 host      SYNC .hostUrl=https://app.hubspot.com conversation=2
            7800 host      SYNC .hostUrl=https://app.hubspot.com conversation=2
            8000 host      SYNC .hostUrl=https://app.hubspot.com conversation=2
            8200 host      SYNC .hostUrl=https://app.hubspot.com conversation=2
                 ! H06 [#6] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, though the messageId is that of a SYNC
        "#]]);
    }

    #[test]
    fn the_question_may_be_in_a_gap() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com
             100 host      SYNC .hostUrl=https://app.hubspot.com
             150 gap lost=2
                 ! X02 [–] note 2 messages are missing: a buffer was full
             400 host      SYNC .hostUrl=https://app.hubspot.com
             405 widget    SYNC_ACK .messageId=1699999999000_1700000000300 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
             406 widget    INITIALIZED isLoggedIn=true
             500 host      SYNC .hostUrl=https://app.hubspot.com
             700 host      SYNC .hostUrl=https://app.hubspot.com
             900 host      SYNC .hostUrl=https://app.hubspot.com
            1100 host      SYNC .hostUrl=https://app.hubspot.com
            1300 host      SYNC .hostUrl=https://app.hubspot.com
            1500 host      SYNC .hostUrl=https://app.hubspot.com
                 ! H06 [#4] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it; its messageId 1699999999000_1700000000300 is of no SYNC that was recorded
        "#]]);
    }

    #[test]
    fn another_origin_than_set_widget_url_said() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    SET_WIDGET_URL iFrameUrl=https://phone.example/start
                 ! T24 warning SET_WIDGET_URL has iFrameUrl only in data; a host made with the SDK ignores it
            3000 host      SYNC .hostUrl=https://app.hubspot.com
            3005 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://other.example @https://other.example
            3006 widget2   INITIALIZED isLoggedIn=true @https://other.example
            3100 host      SYNC .hostUrl=https://app.hubspot.com
            3300 host      SYNC .hostUrl=https://app.hubspot.com
            3500 host      SYNC .hostUrl=https://app.hubspot.com
            3700 host      SYNC .hostUrl=https://app.hubspot.com
            3900 host      SYNC .hostUrl=https://app.hubspot.com
            4100 host      SYNC .hostUrl=https://app.hubspot.com
                 ! H06 [#6] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, for it came from https://other.example and the host was told to expect https://phone.example
            4300 host      SYNC .hostUrl=https://app.hubspot.com
        "#]]);
    }

    #[test]
    fn another_origin_than_before() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            3000 host      SYNC .hostUrl=https://app.hubspot.com
            3005 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://other.example @https://other.example
            3006 widget2   INITIALIZED isLoggedIn=true @https://other.example
            3100 host      SYNC .hostUrl=https://app.hubspot.com
            3300 host      SYNC .hostUrl=https://app.hubspot.com
            3500 host      SYNC .hostUrl=https://app.hubspot.com
            3700 host      SYNC .hostUrl=https://app.hubspot.com
            3900 host      SYNC .hostUrl=https://app.hubspot.com
            4100 host      SYNC .hostUrl=https://app.hubspot.com
                 ! H06 [#5] error The host goes on sending SYNC after this SYNC_ACK: it did not accept it, for it came from https://other.example and the host was told to expect https://widget.example
            4300 host      SYNC .hostUrl=https://app.hubspot.com
        "#]]);
    }

    #[test]
    fn another_spelling_of_the_origin() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com
               2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example/
                 ! T04 error iFrameUrl is https://widget.example/; expected the bare origin https://widget.example
               3 widget    INITIALIZED isLoggedIn=true
            3000 host      SYNC .hostUrl=https://app.hubspot.com
            3005 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            3006 widget2   INITIALIZED isLoggedIn=true
            3100 host      SYNC .hostUrl=https://app.hubspot.com
            3300 host      SYNC .hostUrl=https://app.hubspot.com
            3500 host      SYNC .hostUrl=https://app.hubspot.com
            3700 host      SYNC .hostUrl=https://app.hubspot.com
            3900 host      SYNC .hostUrl=https://app.hubspot.com
            4100 host      SYNC .hostUrl=https://app.hubspot.com
                 ! H06 [#5] note The host goes on sending SYNC after this SYNC_ACK: it did not accept it, for it came from https://widget.example and the host was told to expect https://widget.example/ (follows from T04 [#2])
            4300 host      SYNC .hostUrl=https://app.hubspot.com
        "#]]);
    }

    #[test]
    fn questions_that_were_heard_late() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             2001 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1700000000010
             2002 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1700000000020
             2003 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1700000000030
             3000 widget    LOGGED_OUT
            60000 advance
        "#]]);
    }

    #[test]
    fn a_reload_that_is_answered_late_or_never() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             5000 host      SYNC .hostUrl=https://app.hubspot.com
             5200 host      SYNC .hostUrl=https://app.hubspot.com
             5400 host      SYNC .hostUrl=https://app.hubspot.com
             5600 host      SYNC .hostUrl=https://app.hubspot.com
             5800 host      SYNC .hostUrl=https://app.hubspot.com
             6000 host      SYNC .hostUrl=https://app.hubspot.com
             6200 host      SYNC .hostUrl=https://app.hubspot.com
             6400 host      SYNC .hostUrl=https://app.hubspot.com
             6405 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
             6406 widget2   INITIALIZED isLoggedIn=true
             9000 host      SYNC .hostUrl=https://app.hubspot.com
             9200 host      SYNC .hostUrl=https://app.hubspot.com
             9400 host      SYNC .hostUrl=https://app.hubspot.com
             9600 host      SYNC .hostUrl=https://app.hubspot.com
             9800 host      SYNC .hostUrl=https://app.hubspot.com
            10000 host      SYNC .hostUrl=https://app.hubspot.com
            10200 host      SYNC .hostUrl=https://app.hubspot.com
            10400 host      SYNC .hostUrl=https://app.hubspot.com
            50000 advance
                  ! H01 [#14] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T13 [#14] error No SYNC_ACK within 30 s; SYNC was sent 8 times
        "#]]);
    }

    #[test]
    fn a_few_that_crossed_the_answer() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
              100 host      SYNC .hostUrl=https://app.hubspot.com
              300 host      SYNC .hostUrl=https://app.hubspot.com
              500 host      SYNC .hostUrl=https://app.hubspot.com
              700 host      SYNC .hostUrl=https://app.hubspot.com
             5000 widget    LOGGED_OUT
                  ! T12 [#4] note SYNC came although the widget was ready and was not reloaded
            50000 advance
        "#]]);
    }

    #[test]
    fn another_host_asks() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             100 host2     SYNC .hostUrl=https://app.hubspot.com
             300 host2     SYNC .hostUrl=https://app.hubspot.com
             500 host2     SYNC .hostUrl=https://app.hubspot.com
             700 host2     SYNC .hostUrl=https://app.hubspot.com
             900 host2     SYNC .hostUrl=https://app.hubspot.com
            1100 host2     SYNC .hostUrl=https://app.hubspot.com
            1300 host2     SYNC .hostUrl=https://app.hubspot.com
            2000 widget    LOGGED_OUT
                 ! H03 [#4] warning Another host sends SYNC, but the widget was not reloaded and will not answer it
        "#]]);
    }

    #[test]
    fn a_host_that_asks_for_a_sign_of_life() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
              200 host      SYNC .hostUrl=https://app.hubspot.com
              300 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
              400 host      SYNC .hostUrl=https://app.hubspot.com
              600 host      SYNC .hostUrl=https://app.hubspot.com
              800 host      SYNC .hostUrl=https://app.hubspot.com
             1000 host      SYNC .hostUrl=https://app.hubspot.com
             1200 host      SYNC .hostUrl=https://app.hubspot.com
            40000 advance
        "#]]);
    }
}
