//! M02: the id of a call changes while it lasts.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M02",
    title: "externalCallId changes inside a call",
    why: "HubSpot identifies a call by its externalCallId; under another id it sees another call.",
    fix: "Create the id once when the call starts, keep it, and pass the same id to every method \
          until the call is completed. If several frames of the widget share a call, share the id \
          as well.",
    severity: "error",
    since: Version::new(0, 7, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ANSWERED externalCallId=b
                 ! M02 error CALL_ANSWERED has the externalCallId b; the call is a
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ANSWERED externalCallId=a
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::CallAnswered,
            MessageType::CallEnded,
            MessageType::CallCompleted,
            MessageType::CallTransferred,
            MessageType::PublishToChannel,
            MessageType::FinalizeEngagement,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || arrival.state.until(0, 6, 4) {
        return;
    }
    let Some(id) = arrival.id_field("externalCallId") else {
        return;
    };
    let Some(call) = arrival.call() else {
        check_left(arrival, id, report);
        return;
    };
    if !call.sure || call.has_external_id(id) {
        return;
    }
    // A call that is over cannot be meant: that is M11, M12 or C04.
    let is_meant = match arrival.ty {
        Some(MessageType::CallAnswered | MessageType::CallEnded | MessageType::CallTransferred) => {
            call.phase.is_active()
        }
        Some(MessageType::CallCompleted) => call.completed.is_none(),
        _ => true,
    };
    if let Some(known) = call.external_ids.first().filter(|_| is_meant) {
        let name = arrival.name();
        let is_old = arrival.state.calls.is_of_another(id, call.serial);
        report
            .error(if is_old {
                format!(
                    "{name} has the externalCallId {id} of another call; by its engagementId it \
                     is for {known}"
                )
            } else {
                format!("{name} has the externalCallId {id}; the call is {known}")
            })
            .see([call.began.seq]);
    }
}

/// The page before began the call, and its engagement tells which one it is.
fn check_left(arrival: &Arrival<'_>, id: &str, report: &mut Report<'_>) {
    let Some(left) = arrival.state.calls.left_to(arrival) else {
        return;
    };
    if let Some(known) = left.external_id().filter(|_| !left.has_external_id(id)) {
        let name = arrival.name();
        report
            .error(format!(
                "{name} has the externalCallId {id}; before the page was reloaded, the call was \
                 {known}"
            ))
            .see([left.began.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn another_id_after_a_reload() {
        check(&expect![[r#"
                0 conversation 1
                1 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             3000 widget    CALL_ANSWERED externalCallId=a
             8000 closed widget
                  ! H05 [#4] note The page went away while the call was answered
             8400 conversation 2 continues=1
             8500 handshake 0.9.7-beta.0 conversation=2
             9000 widget    CALL_ENDED externalCallId=b engagementId=7 callEndStatus=COMPLETED conversation=2
                  ! M02 error CALL_ENDED has the externalCallId b; before the page was reloaded, the call was a
             9500 widget    CALL_COMPLETED externalCallId=b engagementId=7 hideWidget=false conversation=2
            90000 end
        "#]]);
    }

    #[test]
    fn another_id_only_when_it_is_completed() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    INCOMING_CALL externalCallId=a fromNumber=+15550100 toNumber=+15550111 createEngagement=true
             1200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             3000 widget    CALL_ANSWERED externalCallId=a
             4000 widget    INCOMING_CALL externalCallId=b fromNumber=+15550118 toNumber=+15550111 createEngagement=true
                  ! M32 note INCOMING_CALL came while another call is answered: call waiting
             4200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
             4400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             5000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=MISSED
             5500 widget    CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
             9000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=COMPLETED
             9500 widget    CALL_COMPLETED externalCallId=x engagementId=7 hideWidget=true
                  ! M02 error CALL_COMPLETED has the externalCallId x; the call is a
            90000 end
        "#]]);
    }

    #[test]
    fn the_id_of_the_call_before() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             2000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=BUSY
             3000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
            11000 widget    OUTGOING_CALL_STARTED toNumber=+15550111 createEngagement=true externalCallId=b
            11400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
            12000 widget    CALL_ENDED externalCallId=a engagementId=8 callEndStatus=BUSY
                  ! M02 error CALL_ENDED has the externalCallId a of another call; by its engagementId it is for b
            13000 widget    CALL_COMPLETED externalCallId=a engagementId=8 hideWidget=false
                  ! M02 error CALL_COMPLETED has the externalCallId a of another call; by its engagementId it is for b
            14000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=BUSY
                  ! M12 warning CALL_ENDED came twice for one call, 2.0 s after the first
        "#]]);
    }

    #[test]
    fn late_messages_of_the_call_before() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
            3100 widget    CALL_COMPLETED externalCallId=a hideWidget=false
        "#]]);
    }
}
