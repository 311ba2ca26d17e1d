//! M02: the id of a call changes while it lasts.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M02",
    title: "externalCallId changes inside a call",
    why: "HubSpot knows a call by its externalCallId; with another one it sees another call.",
    fix: "Mint the id once when the call starts, keep it, and give the same id to every method \
          until the call is completed. If several frames of the widget share a call, share the \
          id as well.",
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
        report
            .error(format!(
                "{} has the externalCallId {id}; the call is {known}",
                arrival.name()
            ))
            .see([call.began.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

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
