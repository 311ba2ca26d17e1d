//! M15: a call has an engagement, ends, and is never completed.

use super::prelude::*;
use crate::state::CallTrack;

pub(super) const RULE: Rule = Rule {
    code: "M15",
    title: "CALL_COMPLETED missing",
    why: "The engagement that HubSpot created for the call stays incomplete: a ghost call on the \
          timeline, without duration, notes or outcome.",
    fix: "After callEnded() always call callCompleted({ engagementId, externalCallId, \
          hideWidget, engagementProperties }), also for calls that nobody answered.",
    severity: "warning; note if the recording ends soon after the call",
    since: Version::new(0, 0, 10),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            9000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
                 ! M15 [#6] warning The next call began without CALL_COMPLETED for the one before; engagement 4711 stays incomplete
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
            9000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
        ",
    },
    hooks: &[
        Hook::On(
            &[MessageType::OutgoingCallStarted, MessageType::IncomingCall],
            check_next,
        ),
        Hook::Due {
            when,
            check: |state, _, report| check_silence(state, report),
        },
        Hook::Leave(check_leave),
        Hook::End(check_end),
    ],
    ..Rule::ANY_VERSION
};

/// Users write notes after a call.
const PATIENCE: Millis = Millis(120_000.0);

fn check_next(step: &Step<'_>, report: &mut Report<'_>) {
    if step.from() == Side::Widget
        && let Some(call) = unfinished(step.state)
    {
        let message = "The next call began without CALL_COMPLETED for the one before";
        tell(call, Severity::Warning, message, report);
    }
}

fn when(state: &State, after: Millis) -> Option<Millis> {
    let ended = unfinished(state)?.ended?;
    Some(ended.at + PATIENCE).filter(|due| *due > after)
}

fn check_silence(state: &State, report: &mut Report<'_>) {
    if let Some(call) = unfinished(state) {
        tell(
            call,
            Severity::Warning,
            "No CALL_COMPLETED within 2 minutes after CALL_ENDED",
            report,
        );
    }
}

fn check_leave(state: &State, report: &mut Report<'_>) {
    if let Some(call) = unfinished(state) {
        let message = "The page went away after CALL_ENDED without CALL_COMPLETED";
        tell(call, Severity::Warning, message, report);
    }
}

fn check_end(state: &State, report: &mut Report<'_>) {
    if let Some(call) = unfinished(state) {
        let message = "The recording ends before CALL_COMPLETED";
        tell(call, Severity::Note, message, report);
    }
}

fn unfinished(state: &State) -> Option<&CallTrack> {
    let excused = state.is_seed() || !state.hears_widget();
    state
        .calls
        .current
        .as_ref()
        .filter(|call| !excused && call.lacks_completion())
}

fn tell(call: &CallTrack, severity: Severity, message: &str, report: &mut Report<'_>) {
    let Some(ended) = call.ended.filter(|ended| report.once(ended.seq)) else {
        return;
    };
    let (id, given) = call
        .engagements
        .first()
        .map_or(("", None), |(id, mark)| (id, Some(mark.seq)));
    report
        .add(
            severity,
            format!("{message}; engagement {id} stays incomplete"),
        )
        .anchor(ended.seq)
        .in_call(call.serial)
        .see(given);
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_next_call_begins() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            9000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b
                 ! M15 [#6] warning The next call began without CALL_COMPLETED for the one before; engagement 4711 stays incomplete
        "#]]);
    }

    #[test]
    fn silence() {
        check(&expect![[r#"
                 0 handshake 0.9.7-beta.0
              1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
              1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
              2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
             90000 advance
            130000 advance
                   ! M15 [#6] warning No CALL_COMPLETED within 2 minutes after CALL_ENDED; engagement 4711 stays incomplete
        "#]]);
    }

    #[test]
    fn the_page_goes_away() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            3000 closed widget
                 ! M15 [#6] warning The page went away after CALL_ENDED without CALL_COMPLETED; engagement 4711 stays incomplete
        "#]]);
    }

    #[test]
    fn the_recording_ends() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            3000 end
                 ! M15 [#6] note The recording ends before CALL_COMPLETED; engagement 4711 stays incomplete
        "#]]);
    }

    #[test]
    fn completed_or_without_engagement() {
        check(&expect![[r#"
                 0 handshake 0.9.7-beta.0
              1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
              1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
              2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
              3000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
              4000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
              4200 host      CREATE_ENGAGEMENT_FAILED error={"message":"no"}
              5000 widget    CALL_ENDED externalCallId=b callEndStatus=BUSY
            900000 end
        "#]]);
    }

    #[test]
    fn it_may_be_in_a_gap() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            3000 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
            4000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
        "#]]);
    }
}
