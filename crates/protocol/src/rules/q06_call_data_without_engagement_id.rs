//! Q06: `CALL_DATA` does not name the engagement (seed).

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "Q06",
    title: "CALL_DATA without engagementId",
    why: "It is the only key that HubSpot reads in this message.",
    fix: "Call callData({ engagementId }) with the id that the engagements API returned.",
    severity: "error if missing, note if not a number",
    until: Some(Version::new(0, 0, 6)),
    example: Example {
        breaks: r"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_DATA
                 ! Q06 error CALL_DATA has no engagementId
        ",
        clean: r"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_DATA engagementId=8533003
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallData], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || !arrival.state.is_seed() {
        return;
    }
    match arrival.field("engagementId") {
        _ if arrival.lacks("engagementId") => {
            let instead = arrival.instead_of("engagementId");
            report
                .error(format!("CALL_DATA has no engagementId{instead}"))
                .advise(instead.advice())
                .about(["engagementId"]);
        }
        Some(value) if value.as_f64().is_none() => {
            let kind = value.kind_words();
            report
                .note(format!(
                    "engagementId of CALL_DATA is {kind}; expected a number"
                ))
                .about(["engagementId"]);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn missing_or_a_text() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_DATA
                 ! Q06 error CALL_DATA has no engagementId
            2100 widget    CALL_DATA engagementId="8533003"
                 ! Q06 note engagementId of CALL_DATA is a string; expected a number
        "#]]);
    }

    #[test]
    fn misspelled() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_DATA engagementID=7
                 ! Q06 error CALL_DATA has no engagementId; it has engagementID, did you mean engagementId?
        "#]]);
    }
}
