//! M04: an inbound call lacks a number.

use super::prelude::*;
use crate::instead::{self, Instead};

pub(super) const RULE: Rule = Rule {
    code: "M04",
    title: "INCOMING_CALL without numbers",
    why: "fromNumber and toNumber are documented as required. HubSpot looks the caller up by \
          fromNumber and shows nobody without it.",
    fix: "Call incomingCall({ externalCallId, fromNumber, toNumber, createEngagement }).",
    severity: "error",
    since: Version::new(0, 3, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 createEngagement=true externalCallId=a
                 ! M04 error INCOMING_CALL has no toNumber
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
        ",
    },
    hooks: &[Hook::On(&[MessageType::IncomingCall], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || !arrival.state.since(0, 3, 0) {
        return;
    }
    let missing: Vec<&str> = ["fromNumber", "toNumber"]
        .into_iter()
        .filter(|key| arrival.lacks(key))
        .collect();
    if !missing.is_empty() {
        let words = missing.join(" and no ");
        let is_seed_form = arrival.has("phoneNumber");
        let (instead, hint) = if is_seed_form {
            (Vec::new(), "; phoneNumber is the seed's form".to_owned())
        } else {
            let instead: Vec<Instead<'_>> =
                missing.iter().map(|key| arrival.instead_of(key)).collect();
            let hint = instead.iter().map(Instead::to_string).collect();
            (instead, hint)
        };
        report
            .error(format!("INCOMING_CALL has no {words}{hint}"))
            .advise(instead::advice(instead))
            .about(missing);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn missing() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL createEngagement=true externalCallId=a fromNumber=+15550100
                 ! M04 error INCOMING_CALL has no toNumber
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=MISSED
            3000 widget    INCOMING_CALL createEngagement=true externalCallId=b phoneNumber=+15550100
                 ! M04 error INCOMING_CALL has no fromNumber and no toNumber; phoneNumber is the seed's form
        "#]]);
    }

    #[test]
    fn the_form_of_the_seed() {
        check(&expect![[r#"
               0 handshake 0.2.1-beta.0
            1000 widget    INCOMING_CALL phoneNumber=+15550100
        "#]]);
    }

    #[test]
    fn misspelled() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumer=+15550100 tonumber=+15550111 createEngagement=true externalCallId=a
                 ! M04 error INCOMING_CALL has no fromNumber and no toNumber; it has fromNumer, did you mean fromNumber?; it has tonumber, did you mean toNumber?
        "#]]);
    }
}
