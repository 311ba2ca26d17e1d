//! M01: a message that needs `externalCallId` has none.

use super::prelude::*;
use crate::state::CompletedBy;

pub(super) const RULE: Rule = Rule {
    code: "M01",
    title: "externalCallId missing",
    why: "The id ties the messages of one call together. The SDK's types require it since 0.7.0, \
          and HubSpot's help desk needs it.",
    fix: "Create one id (a UUID) when the call starts and pass it as externalCallId to \
          outgoingCall(), incomingCall(), callAnswered(), callEnded(), callCompleted(), \
          callTransferred(), publishToChannel() and finalizeEngagement().",
    severity: "warning; note for the CALL_ENDED without data that answers END_CALL",
    since: Version::new(0, 7, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
                 ! M01 warning OUTGOING_CALL_STARTED has no externalCallId
            2000 widget    CALL_ANSWERED
                 ! M01 warning CALL_ANSWERED has no externalCallId
            3000 widget    CALL_ENDED callEndStatus=COMPLETED
                 ! M01 warning CALL_ENDED has no externalCallId
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ANSWERED externalCallId=a
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::OutgoingCallStarted,
            MessageType::IncomingCall,
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
    // A misspelled key is M31.
    let misspelled = arrival.field("externalCallID").is_some();
    if arrival.from() != Side::Widget || !arrival.state.since(0, 7, 0) || misspelled {
        return;
    }
    // A CALL_COMPLETED that only closes the widget needs no call.
    let closes = arrival.is(MessageType::CallCompleted)
        && matches!(
            arrival.state.calls.completed_by(arrival),
            CompletedBy::Closing
        );
    if arrival.lacks_id("externalCallId") && !closes {
        let known = arrival
            .state
            .calls
            .active()
            .and_then(|call| call.external_ids.first());
        let hint = known.map_or(String::new(), |id| format!("; the call is {id}"));
        let instead = arrival.instead_of("externalCallId");
        let name = arrival.name();
        let message = match arrival.none_words("externalCallId") {
            Some(none) => format!("{name} has externalCallId {none}, which is not an id{hint}"),
            None => format!("{name} has no externalCallId{hint}{instead}"),
        };
        // HubSpot's own demo does this in onEndCall, by callEnded() without arguments, and only one
        // call is in progress.
        let state = arrival.state;
        let is_asked = state
            .requests
            .waiting()
            .any(|it| it.ty == MessageType::EndCall);
        let may_be_asked = is_asked || state.gapped || !state.hears_host();
        let is_demo = arrival.is(MessageType::CallEnded) && arrival.data.is_none() && may_be_asked;
        let severity = if is_demo {
            Severity::Note
        } else {
            Severity::Warning
        };
        report
            .add(severity, message)
            .advise(instead.advice())
            .about(["externalCallId"]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn older_versions_have_none() {
        check(&expect![[r#"
               0 handshake 0.5.1-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
            2000 widget    CALL_ANSWERED
        "#]]);
    }

    #[test]
    fn none_in_other_words() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId="undefined"
                 ! M01 warning OUTGOING_CALL_STARTED has externalCallId "undefined", which is not an id
            2000 widget    CALL_ANSWERED externalCallId=0
                 ! M01 warning CALL_ANSWERED has externalCallId 0, which is not an id
            3000 widget    CALL_ENDED externalCallId="[object Object]"
                 ! M01 warning CALL_ENDED has externalCallId "[object Object]", which is not an id
            4000 widget    OUTGOING_CALL_STARTED toNumber=+15550111 createEngagement=true externalCallId="undefined"
                 ! M01 warning OUTGOING_CALL_STARTED has externalCallId "undefined", which is not an id
            5000 widget    CALL_ENDED externalCallId=null cloned:data.externalCallId=NaN
                 ! M01 warning CALL_ENDED has externalCallId NaN, which is not an id
            6000 widget    CALL_COMPLETED externalCallId=false hideWidget=false
                 ! M01 warning CALL_COMPLETED has externalCallId false, which is not an id
        "#]]);
    }

    #[test]
    fn one_level_too_deep() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED data={"data":{"externalCallId":"a","callEndStatus":"BUSY"}}
                 ! M01 warning CALL_ENDED has no externalCallId; the call is a; it is in data.data, one level too deep
            3000 widget    CALL_COMPLETED call={"externalCallId":"a"} hideWidget=false
                 ! M01 warning CALL_COMPLETED has no externalCallId; it is in data.call, one level too deep
        "#]]);
    }

    #[test]
    fn misspelled() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true external_call_id=a
                 ! M01 warning OUTGOING_CALL_STARTED has no externalCallId; it has external_call_id, did you mean externalCallId?
        "#]]);
    }
}
