//! Q04: a call is answered or ended that nobody started (seed).

use super::prelude::*;
use crate::state::{CallTrack, EndedBy};

pub(super) const RULE: Rule = Rule {
    code: "Q04",
    title: "CALL_ANSWERED or CALL_ENDED without a call",
    why: "HubSpot has no call that the message could belong to.",
    fix: "Call outgoingCall() or incomingCall() as soon as the call begins, then callAnswered(), \
          and callEnded() once at the end.",
    severity: "error",
    until: Some(Version::new(0, 0, 6)),
    example: Example {
        breaks: r"
               0 handshake 0.0.1 old
            1000 widget    CALL_ANSWERED
                 ! Q04 error CALL_ANSWERED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
            2000 widget    CALL_ENDED
            3000 widget    CALL_ENDED
                 ! Q04 error CALL_ENDED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
        ",
        clean: r"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_ANSWERED
            3000 widget    CALL_DATA engagementId=7
            4000 widget    CALL_ENDED
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::CallAnswered, MessageType::CallEnded],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // From 0.0.7 on these are M11 and M12.
    if arrival.from() != Side::Widget || !arrival.state.is_seed() {
        return;
    }
    let name = arrival.name();
    let calls = &arrival.state.calls;
    let is_echo = |call: &CallTrack| call.ended.is_some_and(|ended| arrival.echoes(ended));
    if arrival.is(MessageType::CallEnded) {
        match calls.ended_by(arrival) {
            EndedBy::Unknown if arrival.state.knows_calls() => {
                report.error(never_announced(name));
            }
            EndedBy::Again(call) if call.sure && !is_echo(call) => {
                report
                    .error("CALL_ENDED came, but the call is ended already")
                    .see([call.began.seq])
                    .see(call.ended.map(|mark| mark.seq));
            }
            _ => {}
        }
        return;
    }
    match &calls.current {
        None if arrival.state.knows_calls() => {
            report.error(never_announced(name));
        }
        Some(call) if call.sure && !call.phase.is_active() && !is_echo(call) => {
            let what = if call.ended.is_some() {
                "ended"
            } else {
                "over"
            };
            report
                .error(format!("{name} came, but the call is {what} already"))
                .see([call.began.seq])
                .see(call.ended.map(|mark| mark.seq));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn it_may_have_started_before() {
        check(&expect![[r#"
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
                 ! X01 note The recording began after the handshake; what was before cannot be checked
            2000 widget    CALL_ANSWERED
            3000 widget    CALL_DATA engagementId=7
            4000 widget    CALL_ENDED
        "#]]);
    }
}
