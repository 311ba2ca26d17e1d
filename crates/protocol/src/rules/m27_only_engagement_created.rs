//! M27: the host gives the engagement the old way only.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M27",
    title: "Only ENGAGEMENT_CREATED",
    why: "Since 0.1.8 the message is CREATE_ENGAGEMENT_SUCCEEDED; HubSpot sends both. A widget \
          that only handles the newer one never learns about the engagement.",
    fix: "A host of your own should send CREATE_ENGAGEMENT_SUCCEEDED as well. In the widget \
          handle onCreateEngagementSucceeded.",
    severity: "note",
    since: Version::new(0, 1, 8),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      ENGAGEMENT_CREATED engagementId=7
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementId=7
                 ! M27 [#5] note ENGAGEMENT_CREATED came, but CREATE_ENGAGEMENT_SUCCEEDED did not
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      ENGAGEMENT_CREATED engagementId=7
            1201 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementId=7
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::CallCompleted,
            MessageType::OutgoingCallStarted,
            MessageType::IncomingCall,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    if arrival.from() != Side::Widget || !state.since(0, 1, 8) || !state.hears_host() {
        return;
    }
    let is_completed = arrival.is(MessageType::CallCompleted);
    let call = if is_completed {
        arrival.call()
    } else {
        state.calls.current.as_ref()
    };
    let Some(call) = call.filter(|call| call.sure && !call.created_by_new) else {
        return;
    };
    if let Some(old) = call.created_by_old.filter(|old| report.once(old.seq)) {
        report
            .note("ENGAGEMENT_CREATED came, but CREATE_ENGAGEMENT_SUCCEEDED did not")
            .anchor(old.seq)
            .in_call(call.serial);
    }
}
