//! M31: the id of a call is spelled as in the documents.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M31",
    title: "externalCallID instead of externalCallId",
    why: "The documentation misspells the key once. HubSpot does not know it, so the call has no \
          id.",
    fix: "Write externalCallId, with a small d at the end.",
    severity: "error",
    since: Version::new(0, 7, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallID=a
                 ! M31 error OUTGOING_CALL_STARTED has externalCallID; the key is externalCallId
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.ty.is_some() && arrival.field("externalCallID").is_some() {
        report
            .error(format!(
                "{} has externalCallID; the key is externalCallId",
                arrival.name()
            ))
            .about(["externalCallId"]);
    }
}
