//! M03: a later call has the id of an earlier one.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M03",
    title: "externalCallId used before",
    why: "HubSpot identifies a call by its externalCallId and may add the new call to the old one \
          (inferred).",
    fix: "Create a new id, for example crypto.randomUUID(), for every call.",
    severity: "warning",
    since: Version::new(0, 7, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            5000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
                 ! M03 warning OUTGOING_CALL_STARTED has the externalCallId a of an earlier call
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            5000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::OutgoingCallStarted, MessageType::IncomingCall],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    // A second start of the same call is C01 or M32; one after the end of its call is M12.
    let excused = state.until(0, 6, 4)
        || state.calls.active().is_some()
        || state.calls.announced_before_reload(arrival).is_some()
        || state.calls.announced_late(arrival).is_some();
    if arrival.from() != Side::Widget || excused {
        return;
    }
    let Some(id) = arrival.id_field("externalCallId") else {
        return;
    };
    if state.calls.was_used(id) {
        let call = arrival.call().filter(|call| call.has_external_id(id));
        report
            .warning(format!(
                "{} has the externalCallId {id} of an earlier call",
                arrival.name()
            ))
            .see(call.map(|call| call.began.seq));
    }
}
