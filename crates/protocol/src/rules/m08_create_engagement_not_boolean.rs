//! M08: `createEngagement` is not true or false.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M08",
    title: "createEngagement is not a boolean",
    why: "HubSpot creates the engagement if the value is true. A string such as \"true\" may or \
          may not count.",
    fix: "Call outgoingCall({ createEngagement: true }), without quotes.",
    severity: "warning",
    since: Version::new(0, 0, 10),
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement="true" externalCallId=a
                 ! M08 warning createEngagement of OUTGOING_CALL_STARTED is a string; expected true or false
        "#,
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::OutgoingCallStarted, MessageType::IncomingCall],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || arrival.state.is_seed() {
        return;
    }
    match arrival.field("createEngagement") {
        None | Some(Json::Bool(_) | Json::Null) => {}
        Some(other) => {
            let (name, kind) = (arrival.name(), other.kind_words());
            report
                .warning(format!(
                    "createEngagement of {name} is {kind}; expected true or false"
                ))
                .about(["createEngagement"]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_text() {
        check(&expect![[r#"
               0 handshake 0.0.1
            1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement="true"
                 ! M08 warning createEngagement of OUTGOING_CALL_STARTED is a string; expected true or false
        "#]]);
    }
}
