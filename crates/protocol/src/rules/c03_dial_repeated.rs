//! C03: HubSpot asks twice for the same call.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "C03",
    title: "DIAL_NUMBER twice for one click",
    why: "HubSpot sends the request twice for one click (issue #210 of the SDK); the widget is \
          not to blame. A widget that dials for each of them makes two calls.",
    fix: "In onDialNumber, ignore a request that has the same startTimestamp as the previous one, \
          or that arrives while its call is being set up.",
    severity: "note",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000000900
            1014 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000000900
                 ! C03 note DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
            1500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000000900
            1500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
        ",
    },
    hooks: &[Hook::On(&[MessageType::DialNumber], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // What the user posts with Callscope is intended.
    if arrival.from() != Side::Host || arrival.recorded.injected {
        return;
    }
    if let Some(dial) = arrival.state.calls.dialed_again(arrival)
        && report.once(dial.mark.seq)
    {
        report
            .note("DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second")
            .see([dial.mark.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_second_is_not_left_unanswered() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             1010 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
             1020 host      DIAL_NUMBER phoneNumber=+15550100
                  ! C03 note DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
             2000 widget    CALL_ANSWERED externalCallId=a
             9000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
             9100 widget    CALL_COMPLETED externalCallId=a hideWidget=false
            90000 end
        "#]]);
    }

    #[test]
    fn a_widget_that_takes_both_up() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000000900
            1003 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000000900
                 ! C03 note DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
            1500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            1503 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=b
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
                 ! C01 note OUTGOING_CALL_STARTED came again for the same number, 3 ms after the first and with another externalCallId, b (follows from C03 [#5])
            9000 widget    CALL_ENDED externalCallId=b callEndStatus=COMPLETED
            9100 widget    CALL_COMPLETED externalCallId=b hideWidget=false
        "#]]);
    }

    #[test]
    fn another_click_is_another_request() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000000900
            3000 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000002900
            3010 host      DIAL_NUMBER phoneNumber=+15550101 startTimestamp=1700000002900
            5000 widget    OUTGOING_CALL_STARTED toNumber=+15550101 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
        "#]]);
    }

    #[test]
    fn in_the_seed() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1900 host      DIAL_NUMBER phoneNumber=+15550100
                 ! C03 note DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
            2000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
        "#]]);
    }
}
