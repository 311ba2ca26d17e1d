//! M25: a transferred call is ended or completed.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M25",
    title: "CALL_ENDED or CALL_COMPLETED after CALL_TRANSFERRED",
    why: "The transfer ends this widget's part in the call; the demos send nothing more for it.",
    fix: "After callTransferred(), call neither callEnded() nor callCompleted() for that call.",
    severity: "note",
    since: Version::new(0, 9, 6),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            2000 widget    CALL_TRANSFERRED externalCallId=a
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
                 ! M25 note CALL_ENDED came for a call that was transferred
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            2000 widget    CALL_TRANSFERRED externalCallId=a
            3000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b
            4000 widget    CALL_ENDED externalCallId=b callEndStatus=MISSED
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::CallEnded, MessageType::CallCompleted],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget {
        return;
    }
    let call = arrival.call();
    if let Some((call, transferred)) = call.and_then(|call| Some((call, call.transferred?)))
        && report.once(call.serial)
    {
        report
            .note(format!(
                "{} came for a call that was transferred",
                arrival.name()
            ))
            .see([transferred.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn once_for_a_call() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            2000 widget    CALL_TRANSFERRED externalCallId=a
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
                 ! M25 note CALL_ENDED came for a call that was transferred
            4000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
        "#]]);
    }
}
