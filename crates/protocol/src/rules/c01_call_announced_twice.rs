//! C01: one call is announced twice.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "C01",
    title: "Call announced twice",
    why: "HubSpot treats every OUTGOING_CALL_STARTED and INCOMING_CALL as a new call, and creates \
          an engagement for each. The widget completes one of them; the other stays on the \
          timeline, incomplete.",
    fix: "Call outgoingCall() or incomingCall() once for each call. Often two places do it: \
          onDialNumber and the handler of the call button, or an effect that runs twice. Create \
          the externalCallId where the call begins, not where it is announced.",
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
        finding.follows_from(&super::c03_dial_repeated::RULE, Some(repeated.seq));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

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
                 ! M32 error OUTGOING_CALL_STARTED came while the call before is still started
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
                 ! M32 error OUTGOING_CALL_STARTED came while the call before is still started
            9000 widget    OUTGOING_CALL_STARTED toNumber=+15550101 createEngagement=false
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
                 ! M32 error OUTGOING_CALL_STARTED came while the call before is still started
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
    fn each_conversation_has_its_own() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
               5 handshake 0.9.7-beta.0 conversation=2
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1001 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a conversation=2
            2000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550199 createEngagement=true externalCallId=a conversation=2
                 ! C01 warning INCOMING_CALL came again for call a, 999 ms after the first
        "#]]);
    }
}
