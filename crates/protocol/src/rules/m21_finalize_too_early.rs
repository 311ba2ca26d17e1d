//! M21: an engagement is finalized too early, or without naming it.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M21",
    title: "FINALIZE_ENGAGEMENT too early or without engagementId",
    why: "HubSpot needs the engagementId to know what to finalize, and the call must be over \
          (inferred).",
    fix: "Call finalizeEngagement({ engagementId, externalCallId }) after callEnded().",
    severity: "error without engagementId, warning before CALL_ENDED",
    since: Version::new(0, 4, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1500 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=7
                 ! M21 warning FINALIZE_ENGAGEMENT came before CALL_ENDED; the call is started
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            4000 widget    FINALIZE_ENGAGEMENT externalCallId=a
                 ! M21 error FINALIZE_ENGAGEMENT has no engagementId
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            4000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=7
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::FinalizeEngagement,
            MessageType::PublishToChannel,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget {
        return;
    }
    let name = arrival.name();
    if arrival.lacks("engagementId") {
        let instead = arrival.instead_of("engagementId");
        report
            .error(format!("{name} has no engagementId{instead}"))
            .advise(instead.advice())
            .about(["engagementId"]);
    }
    if let Some(call) = arrival
        .call()
        .filter(|call| call.sure && call.phase.is_active())
    {
        report
            .warning(format!(
                "{name} came before CALL_ENDED; the call is {}",
                call.phase.words()
            ))
            .see([call.began.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn misspelled() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            4000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagmentId=7
                 ! M21 error FINALIZE_ENGAGEMENT has no engagementId; it has engagmentId, did you mean engagementId?
        "#]]);
    }
}
