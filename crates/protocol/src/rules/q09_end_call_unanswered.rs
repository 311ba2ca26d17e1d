//! Q09: the widget does not hang up when HubSpot asks (seed).

use super::prelude::*;
use crate::state::Request;

pub(super) const RULE: Rule = Rule {
    code: "Q09",
    title: "END_CALL not answered by CALL_ENDED",
    why: "HubSpot still shows the call, and the line may still be open.",
    fix: "In onEndCall hang up and call callEnded().",
    severity: "warning, after 10 s",
    until: Some(Version::new(0, 0, 6)),
    example: Example {
        breaks: r"
                0 handshake 0.0.1 old
             1000 widget    INCOMING_CALL phoneNumber=+15550100
             2000 host      END_CALL
            20000 advance
                  ! Q09 [#5] warning END_CALL was not answered by CALL_ENDED within 10 s
        ",
        clean: r"
                0 handshake 0.0.1 old
             1000 widget    INCOMING_CALL phoneNumber=+15550100
             2000 host      END_CALL
             2500 widget    CALL_ENDED
            20000 advance
        ",
    },
    hooks: &[Hook::Due { when, check }],
    ..Rule::ANY_VERSION
};

fn when(state: &State, after: Millis) -> Option<Millis> {
    let requests = state
        .requests
        .waiting()
        .filter(|request| request.ty == MessageType::EndCall);
    requests.map(Request::deadline).find(|due| *due > after)
}

fn check(state: &State, due: Millis, report: &mut Report<'_>) {
    // In later versions, this is H07.
    if !state.is_seed() || !state.hears_widget() {
        return;
    }
    let is_due =
        |request: &&Request| request.ty == MessageType::EndCall && request.deadline() <= due;
    for request in state.requests.waiting().filter(is_due) {
        if report.once(request.mark.seq) {
            report
                .warning("END_CALL was not answered by CALL_ENDED within 10 s")
                .anchor(request.mark.seq)
                .in_call(request.call);
        }
    }
}
