//! T22: the payload is not in `data`.

use super::prelude::*;
use crate::Location;

pub(super) const RULE: Rule = Rule {
    code: "T22",
    title: "Payload outside data",
    why: "The receiver passes only data to the handler, so it sees no payload. Version \
          0.6.4-alpha.0 of the SDK had this bug in callAnswered().",
    fix: "Use the methods of the SDK, or pass sendMessage() an object { type, data }.",
    severity: "error",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER .phoneNumber=+15550100
                 ! T22 error DIAL_NUMBER has phoneNumber beside data instead of in it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(ty) = arrival.ty else { return };
    let spec = ty.spec();
    let is_payload = |key: &str| {
        let mut data_fields = spec
            .fields
            .iter()
            .filter(|field| field.location == Location::Data);
        let mut top_fields = spec
            .fields
            .iter()
            .filter(|field| field.location == Location::Top);
        key == "payload"
            || data_fields.any(|field| field.name.split(['.', '[']).next() == Some(key))
                && !top_fields.any(|field| field.name == key)
    };
    let misplaced = arrival
        .json
        .members()
        .iter()
        .map(|(key, _)| key.as_ref())
        .filter(|key| {
            !matches!(*key, "type" | "messageId" | "data") && is_payload(key) && !arrival.has(key)
        });
    let misplaced: Vec<&str> = misplaced.take(8).collect();
    if !misplaced.is_empty() {
        let keys = misplaced.join(", ");
        report.error(format!("{ty} has {keys} beside data instead of in it"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn beside_data() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER .phoneNumber=+15550100 .objectId=7
                 ! T22 error DIAL_NUMBER has phoneNumber, objectId beside data instead of in it
            1100 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a createEngagement=true
            1200 widget    CALL_ANSWERED .payload={"externalCallId":"a"}
                 ! T22 error CALL_ANSWERED has payload beside data instead of in it
            1300 widget    CALL_ENDED .externalCallId=a
                 ! T22 error CALL_ENDED has externalCallId beside data instead of in it
        "#]]);
    }

    #[test]
    fn in_data() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 .portalId=7
            1000 host      DIAL_NUMBER phoneNumber=+15550100 .traceId=1
        "#]]);
    }
}
