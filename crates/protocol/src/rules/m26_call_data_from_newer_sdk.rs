//! M26: a newer widget names the engagement the old way.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M26",
    title: "CALL_DATA from a newer SDK",
    why: "The method is still in the SDK, but has not been documented since 2019. Today HubSpot \
          tells the widget about the engagement, not the other way round.",
    fix: "Pass createEngagement: true when the call starts, and the engagementId to \
          callCompleted().",
    severity: "note",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_DATA engagementId=7
                 ! M26 note CALL_DATA is not documented since 2019; HubSpot creates the engagement itself
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallData], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() == Side::Widget && arrival.state.since(0, 0, 7) {
        report
            .note("CALL_DATA is not documented since 2019; HubSpot creates the engagement itself");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_seed() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_DATA engagementId=7
        "#]]);
    }
}
