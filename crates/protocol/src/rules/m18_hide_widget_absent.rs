//! M18: the widget does not say whether it should be hidden.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M18",
    title: "hideWidget not given",
    why: "It defaults to true: HubSpot closes the widget. According to issue #237 of the SDK, the \
          next DIAL_NUMBER may not arrive after that.",
    fix: "Pass hideWidget: false to callCompleted() if the widget should stay open.",
    severity: "note; warning if it is there under another name",
    since: Version::new(0, 0, 10),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a
                 ! M18 note CALL_COMPLETED does not say hideWidget; HubSpot closes the widget
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallCompleted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() == Side::Widget && !arrival.state.is_seed() && arrival.lacks("hideWidget") {
        let instead = arrival.instead_of("hideWidget");
        let severity = match arrival.stand_in("hideWidget") {
            Some(_) => Severity::Warning,
            None => Severity::Note,
        };
        report
            .add(
                severity,
                format!(
                    "CALL_COMPLETED does not say hideWidget; HubSpot closes the widget{instead}"
                ),
            )
            .advise(instead.advice())
            .about(["hideWidget"]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn given() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=true
        "#]]);
    }

    #[test]
    fn misspelled() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hide_widget=false
                 ! M18 warning CALL_COMPLETED does not say hideWidget; HubSpot closes the widget; it has hide_widget, did you mean hideWidget?
        "#]]);
    }
}
