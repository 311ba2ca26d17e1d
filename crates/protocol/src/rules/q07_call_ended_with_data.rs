//! Q07: `CALL_ENDED` has a payload (seed).

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "Q07",
    title: "CALL_ENDED with data",
    why: "callEnded() forwards its argument only from 0.0.10 on; before, it drops it. Another \
          implementation is at work, or the version is wrong.",
    fix: "Nothing to do; HubSpot ignores the data.",
    severity: "note",
    until: Some(Version::new(0, 0, 6)),
    example: Example {
        breaks: r"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_ENDED callEndStatus=COMPLETED
                 ! Q07 note CALL_ENDED has data, which this version of the SDK cannot send
        ",
        clean: r"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_ENDED
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallEnded], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let has_data = arrival.data.is_some_and(|data| *data != Json::Null);
    if arrival.from() == Side::Widget && arrival.state.is_seed() && has_data {
        report.note("CALL_ENDED has data, which this version of the SDK cannot send");
    }
}
