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
    let Some(call) = arrival
        .call()
        .filter(|call| call.sure && !call.has_external_id(id))
    else {
        return;
    };
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

#[cfg(test)]
mod tests {
    use super::super::testing::*;

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
