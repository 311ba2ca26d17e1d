//! H07: the widget does not answer HubSpot.

use super::answers::Answerer;
use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "H07",
    title: "Widget does not answer",
    why: "The user clicked a number in HubSpot, and the widget did not report a call; or the user \
          hung up in HubSpot, and the widget did not report that the call ended. The widget has \
          no handler for the message, the handler failed, or the answer was never sent or was \
          posted to another origin than that of HubSpot's page, which only the console of the \
          widget's page shows. HubSpot keeps showing the previous state.",
    fix: "In onDialNumber, dial data.phoneNumber and call outgoingCall() as soon as the line is \
          dialed; in onEndCall, hang up and call callEnded(). Both are eventHandlers of new \
          CallingExtensions(), spelled exactly like this. Nothing is wrong if the widget waits \
          for the user to press a button of its own. With \"See inside the widget's page\" \
          switched on, Callscope says which handler is missing and which script failed.",
    severity: "note, warning for END_CALL unless the page says that it has no handler for it (W02); \
               after 10 s, or if it came again, or the recording or the page ended, sooner",
    example: Example {
        breaks: r"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
            12000 advance
                  ! H07 [#4] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED
        ",
        clean: r"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             1500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
            12000 advance
        ",
    },
    hooks: &[
        Hook::Due {
            when: |state, after| WIDGET.when(state, after),
            check: |state, due, report| WIDGET.check(state, due, report),
        },
        Hook::On(&[MessageType::DialNumber], check_overtaken),
        Hook::Leave(|state, report| WIDGET.check_left(state, report)),
        Hook::End(|state, report| WIDGET.check_end(state, report)),
    ],
    ..Rule::ANY_VERSION
};

const WIDGET: Answerer = Answerer {
    side: Side::Widget,
    // A widget that is asked to dial may be waiting for its user; one that is asked to hang up is
    // not.
    severity: |request| match request.ty {
        MessageType::EndCall => Severity::Warning,
        _ => Severity::Note,
    },
};

/// A repeated request waits for the same answer.
fn check_overtaken(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let request = arrival
        .ty
        .and_then(|ty| arrival.state.requests.overtaken_by(ty));
    if let Some(request) = request.filter(|_| arrival.from() == Side::Host) {
        WIDGET.tell_cut(arrival.state, request, arrival.at, "it came again", report);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_page_says_why() {
        check(&expect![[r#"
                0 inside widget error .text="Uncaught Error: long ago"
                  ! W04 [–] warning The widget's script failed: Error: long ago
                1 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             1001 inside widget unhandled .type=DIAL_NUMBER
                  ! W02 [–] warning The widget has no handler for DIAL_NUMBER: it needs onDialNumber
            12000 advance
                  ! H07 [#4] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED; the widget has no handler for DIAL_NUMBER (follows from W02)
        "#]]);
        check(&expect![[r#"
                1 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             1001 inside widget error .text="Uncaught TypeError: x" .place=https://widget.example/softphone.js:120:7
                  ! W04 [–] warning The widget's script failed: TypeError: x (softphone.js:120)
            12000 advance
                  ! H07 [#4] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED; the widget's script failed: TypeError: x (softphone.js:120)
        "#]]);
        check(&expect![[r#"
                1 handshake 0.9.7-beta.0
             1000 inside widget error .text="Uncaught TypeError: of before"
                  ! W04 [–] warning The widget's script failed: TypeError: of before
             2000 host      DIAL_NUMBER phoneNumber=+15550100
             2300 inside widget undelivered .type=OUTGOING_CALL_STARTED .target=http://app.hubspot.com .recipient=https://app.hubspot.com
                  ! W03 [–] error OUTGOING_CALL_STARTED was not delivered: it was posted to http://app.hubspot.com, but the page around the widget is https://app.hubspot.com
            13000 advance
                  ! H07 [#4] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED; OUTGOING_CALL_STARTED was not delivered: it was posted to http://app.hubspot.com, but the page around the widget is https://app.hubspot.com
        "#]]);
    }

    #[test]
    fn another_object_of_the_page_has_sent_it() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             1300 inside widget dropped .type=OUTGOING_CALL_STARTED
                  ! W01 [–] error OUTGOING_CALL_STARTED was dropped: the SDK was not ready
            13000 advance
                  ! H07 [#4] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED; OUTGOING_CALL_STARTED was dropped: the SDK was not ready
        "#]]);
    }

    #[test]
    fn the_page_has_no_handler_for_it() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
              900 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1000 host      END_CALL
             1001 inside widget unhandled .type=END_CALL
                  ! W02 [–] warning The widget has no handler for END_CALL: it needs onEndCall
            12000 advance
                  ! H04 [#4] warning OUTGOING_CALL_STARTED got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
                  ! H07 [#5] note END_CALL got no answer within 10 s: no CALL_ENDED; the widget has no handler for END_CALL (follows from W02)
        "#]]);
    }

    #[test]
    fn the_widget_does_not_hang_up() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is not given; HubSpot creates no engagement
             2000 host      END_CALL
            30000 advance
                  ! H07 [#5] warning END_CALL got no answer within 10 s: no CALL_ENDED
        "#]]);
    }

    #[test]
    fn in_the_seed_only_the_dial_is_told_here() {
        check(&expect![[r#"
                0 handshake 0.0.1 old
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             2000 widget    INCOMING_CALL phoneNumber=+15550100
             3000 host      END_CALL
            30000 advance
                  ! H07 [#4] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED
                  ! Q09 [#6] warning END_CALL was not answered by CALL_ENDED within 10 s
        "#]]);
    }

    #[test]
    fn what_the_widget_drops_asks_nothing() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100 -messageId
                  ! T05 error DIAL_NUMBER has no messageId; the widget ignores it
            30000 advance
        "#]]);
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com/
                  ! T04 error hostUrl is https://app.hubspot.com/; expected the bare origin https://app.hubspot.com
                5 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                8 widget    INITIALIZED isLoggedIn=true
             1000 host      DIAL_NUMBER phoneNumber=+15550100
            30000 advance
        "#]]);
    }

    #[test]
    fn a_second_click() {
        check(&expect![[r#"
                0 handshake 0.2.1-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             5000 host      DIAL_NUMBER phoneNumber=+15550100
                  ! H07 [#4] note DIAL_NUMBER got no answer in the 4.0 s until it came again: no OUTGOING_CALL_STARTED
             5500 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is not given; HubSpot creates no engagement
            30000 advance
        "#]]);
    }

    #[test]
    fn nobody_is_waited_for_while_logged_out_or_in_a_gap() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             2000 gap lost=1
                  ! X02 [–] note 1 message is missing: a buffer was full
            30000 widget    LOGGED_OUT
            31000 host      DIAL_NUMBER phoneNumber=+15550100
                  ! S07 error HubSpot sent DIAL_NUMBER while the widget is logged out
            50000 advance
        "#]]);
    }

    #[test]
    fn in_a_second_conversation() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 conversation 2
            1100 ready 0.9.7-beta.0 conversation=2
            1110 widget2   INITIALIZED isLoggedIn=true conversation=2
            2000 host      DIAL_NUMBER phoneNumber=+15550100 conversation=2
            6000 end
                 ! H07 [#7] note DIAL_NUMBER got no answer in the 4.0 s until the recording ended: no OUTGOING_CALL_STARTED
        "#]]);
    }

    #[test]
    fn the_page_went_away() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            8000 closed widget
                 ! H07 [#4] note DIAL_NUMBER got no answer in the 7.0 s until the page went away: no OUTGOING_CALL_STARTED
        "#]]);
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             8000 ready 0.9.7-beta.0
                  ! H07 [#4] note DIAL_NUMBER got no answer in the 7.0 s until the page went away: no OUTGOING_CALL_STARTED
             8500 widget    INITIALIZED isLoggedIn=true
            30000 advance
        "#]]);
    }

    #[test]
    fn asked_again() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             1500 host      DIAL_NUMBER phoneNumber=+15550100
                  ! C03 note DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
             7000 host      DIAL_NUMBER phoneNumber=+15550100
                  ! H07 [#4] note DIAL_NUMBER got no answer in the 6.0 s until it came again: no OUTGOING_CALL_STARTED
             8000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is not given; HubSpot creates no engagement
            30000 advance
        "#]]);
    }

    #[test]
    fn an_answer_after_all() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
            20000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a
                  ! H07 [#4] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is not given; HubSpot creates no engagement
            30000 closed widget
                  ! H05 [#5] note The page went away while the call was started
            40000 end
        "#]]);
    }
}
