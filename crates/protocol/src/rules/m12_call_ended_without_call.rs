//! M12: a call is ended that nobody started, or that is over.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M12",
    title: "CALL_ENDED without a call, or twice",
    why: "HubSpot has no call to end. A second CALL_ENDED may overwrite the status of the first.",
    fix: "Call callEnded() exactly once for each call that outgoingCall() or incomingCall() \
          began.",
    severity: "error without a call, warning if it comes twice",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
                 ! M12 error CALL_ENDED came, but no call was started and none came in
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallEnded], check)],
    ..Rule::ANY_VERSION
};

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    // Up to 0.0.6 this is Q04.
    if step.from() != Side::Widget || step.state.is_seed() {
        return;
    }
    let Some(call) = step.call() else {
        if step.state.knows_calls() {
            report
                .error("CALL_ENDED came, but no call was started and none came in")
                .see(step.state.calls.dial.as_ref().map(|dial| dial.mark.seq));
        }
        return;
    };
    // After a transfer it is M25, before its time what came too early was reported.
    let Some(ended) = call
        .ended
        .filter(|_| call.sure && call.transferred.is_none())
    else {
        return;
    };
    let other = step
        .id_field("externalCallId")
        .filter(|id| !call.external_ids.is_empty() && !call.has_external_id(id));
    match other {
        Some(id) => {
            report.error(format!(
                "CALL_ENDED is for {id}, but no such call was started"
            ));
        }
        None => {
            report
                .warning("CALL_ENDED came twice for one call")
                .see([call.began.seq, ended.seq]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn twice() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
                 ! M12 warning CALL_ENDED came twice for one call
            4000 widget    CALL_ENDED externalCallId=b callEndStatus=BUSY
                 ! M12 error CALL_ENDED is for b, but no such call was started
        "#]]);
    }

    #[test]
    fn after_a_late_start() {
        check(&expect![[r#"
            1000 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
                 ! X01 note The recording began after the handshake; what was before cannot be checked
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
        "#]]);
    }
}
