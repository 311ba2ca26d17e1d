//! M15: a call has an engagement, and nothing completes it.

use super::prelude::*;
use crate::CallDirection;
use crate::state::{CallTrack, Engagement, Late};

pub(super) const RULE: Rule = Rule {
    code: "M15",
    title: "CALL_COMPLETED missing",
    why: "The engagement that HubSpot created for the call stays incomplete: a ghost call on the \
          timeline, without duration, notes or outcome.",
    fix: "After callEnded(), wait until onCreateEngagementSucceeded or onCreateEngagementFailed \
          has run, then call callCompleted({ engagementId, externalCallId, hideWidget, \
          engagementProperties }) once for each call, including calls that nobody answered.",
    severity: "warning; note as long as the user may be writing notes, if the recording ends soon \
               after the call, or if the call was announced twice (C01)",
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
        Hook::On(&[MessageType::CallCompleted], check_other),
        Hook::Due { when, check },
        Hook::Leave(check_leave),
        Hook::End(check_end),
    ],
    ..Rule::ANY_VERSION
};

/// Users write notes after a call before the widget completes it, and some write long ones.
const PATIENCE: Millis = Millis(1_800_000.0);

/// If the recording ends sooner than this after a call, the user may still have been writing notes.
const WRAP_UP: Millis = Millis(120_000.0);

/// After a new call this soon, the widget may still save the previous one.
const OVERLAP: Millis = Millis(5_000.0);

/// A widget that completed a call too early may notice and complete it again.
const REPAIR: Millis = Millis(5_000.0);

/// A user who dials again is done with the previous call; one who is called may still write notes.
fn check_next(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || arrival.announced_again().is_some() {
        return;
    }
    if arrival.is(MessageType::OutgoingCallStarted) {
        let is_past = |call: &&CallTrack| {
            let ended = call.ended;
            ended.is_some_and(|ended| arrival.at - ended.at >= OVERLAP)
        };
        for call in unfinished(arrival.state).filter(is_past) {
            tell(call, Severity::Warning, NEXT, report);
        }
    }
    tell_left_over(arrival.state, |_| true, report);
}

/// A call that was announced twice has two engagements, and the widget knows only one.
fn check_other(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some((id, call)) = arrival.id_field("engagementId").zip(arrival.call()) else {
        return;
    };
    // Two SDK objects each complete their own.
    let is_judged = call.has_engagement(id) && !arrival.state.has_two_sdks();
    let Some(again) = call.announced_again.filter(|_| is_judged) else {
        return;
    };
    for engagement in call.engagements.iter().filter(|it| it.id != id) {
        if arrival.from() == Side::Widget && call.sure && report.once(("other", &engagement.id)) {
            let Engagement {
                id: other, mark, ..
            } = engagement;
            report
                .warning(format!(
                    "Engagement {other} is left over and stays incomplete; the call was \
                     completed with {id}"
                ))
                .anchor(mark.seq)
                .in_call(call.serial)
                .see([call.began.seq, again.seq])
                .follows_from(&super::c01_call_announced_twice::RULE, Some(again.seq));
        }
    }
}

fn when(state: &State, after: Millis) -> Option<Millis> {
    let ended = unfinished(state).flat_map(|call| {
        let ended = call.ended.map(|ended| ended.at);
        let spans = [WRAP_UP, patience(state, call)];
        ended
            .into_iter()
            .flat_map(move |ended| spans.map(|span| ended + span))
    });
    let late = left_over(state).map(|(_, engagement, _)| engagement.mark.at + REPAIR);
    let due = ended.chain(late).filter(|due| *due > after);
    due.min_by(|a, b| a.0.total_cmp(&b.0))
}

fn check(state: &State, due: Millis, report: &mut Report<'_>) {
    for call in unfinished(state) {
        let Some(ended) = call.ended else { continue };
        if ended.at + patience(state, call) <= due {
            let message = if is_followed(state, call) {
                NEXT
            } else {
                "No CALL_COMPLETED within 30 minutes after CALL_ENDED"
            };
            tell(call, Severity::Warning, message, report);
        } else if ended.at + WRAP_UP <= due && report.once(("open", ended.seq)) {
            report
                .note(format!(
                    "CALL_COMPLETED has not come 2 minutes after CALL_ENDED; until it comes \
                     engagement {} is incomplete",
                    engagement_of(call).0
                ))
                .anchor(ended.seq)
                .in_call(call.serial)
                .see(engagement_of(call).1);
        }
    }
    tell_left_over(state, |came| came + REPAIR <= due, report);
}

fn check_leave(state: &State, report: &mut Report<'_>) {
    for call in unfinished(state) {
        let message = "The page went away after CALL_ENDED without CALL_COMPLETED";
        tell(call, Severity::Warning, message, report);
    }
    tell_left_over(state, |_| true, report);
}

fn check_end(state: &State, report: &mut Report<'_>) {
    let newest = state.calls.current.as_ref().map(|call| call.serial);
    for call in unfinished(state) {
        if newest == Some(call.serial) {
            let waited = call.ended.map_or(Millis(0.0), |ended| state.now - ended.at);
            let severity = if waited < WRAP_UP {
                Severity::Note
            } else {
                Severity::Warning
            };
            let message = format!(
                "The recording ends {} after CALL_ENDED, before CALL_COMPLETED",
                span_words(waited)
            );
            tell(call, severity, &message, report);
        } else {
            tell(call, Severity::Warning, NEXT, report);
        }
    }
    tell_left_over(state, |_| true, report);
}

const NEXT: &str = "The next call began without CALL_COMPLETED for the one before";

/// The calls that the rule can judge, oldest first.
fn judged(state: &State) -> impl Iterator<Item = &CallTrack> {
    let excused = state.is_seed() || !state.hears_widget();
    let calls = state.calls.recent.iter().chain(&state.calls.current);
    calls.filter(move |_| !excused)
}

/// Calls that have an engagement and have ended, but are not completed.
fn unfinished(state: &State) -> impl Iterator<Item = &CallTrack> {
    judged(state).filter(|call| call.lacks_completion())
}

/// Whether the user has placed another call after this one.
fn is_followed(state: &State, call: &CallTrack) -> bool {
    state.calls.current.as_ref().is_some_and(|next| {
        next.serial > call.serial && next.direction == Some(CallDirection::Outbound)
    })
}

/// How long after its end a call may stay uncompleted.
fn patience(state: &State, call: &CallTrack) -> Millis {
    if is_followed(state, call) {
        OVERLAP
    } else {
        PATIENCE
    }
}

/// Engagements that arrived too late to be completed.
fn left_over(state: &State) -> impl Iterator<Item = (&CallTrack, &Engagement, Late)> {
    judged(state).flat_map(|call| {
        let engagements = call.left_over();
        engagements.map(move |(engagement, late)| (call, engagement, late))
    })
}

fn tell(call: &CallTrack, severity: Severity, message: &str, report: &mut Report<'_>) {
    let Some(ended) = call.ended.filter(|ended| report.once(ended.seq)) else {
        return;
    };
    let (id, given) = engagement_of(call);
    report
        .add(
            severity,
            format!("{message}; engagement {id} stays incomplete"),
        )
        .anchor(ended.seq)
        .in_call(call.serial)
        .see(given);
}

/// The engagement that waits for its completion, and the message that gave it.
fn engagement_of(call: &CallTrack) -> (&str, Option<u64>) {
    let first = call.engagements.first();
    first.map_or(("", None), |it| (it.id.as_str(), Some(it.mark.seq)))
}

fn tell_left_over(state: &State, is_due: impl Fn(Millis) -> bool, report: &mut Report<'_>) {
    for (call, engagement, late) in left_over(state) {
        let Engagement { id, mark, .. } = engagement;
        if !is_due(mark.at) || !report.once(("late", mark.seq)) {
            continue;
        }
        let (before, what) = match late {
            Late::Completed(before) => (before, "CALL_COMPLETED"),
            Late::NextCall(before) => (before, "the next call had begun"),
        };
        let finding = report.warning(format!(
            "Engagement {id} came {} after {what} and stays incomplete",
            span_words(mark.at - before.at)
        ));
        finding
            .anchor(mark.seq)
            .in_call(call.serial)
            .see([call.began.seq, before.seq]);
        let Some(again) = call.announced_again else {
            continue;
        };
        match state.load.second_sdk {
            Some(second) => {
                finding.follows_from(&super::t09_two_sdk_objects::RULE, Some(second.seq));
            }
            None => {
                finding.follows_from(&super::c01_call_announced_twice::RULE, Some(again.seq));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_hurried_next_call() {
        check(&expect![[r#"
                0 handshake 0.5.1
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             2000 widget    CALL_ENDED callEndStatus=BUSY
             3000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
             3100 widget    CALL_COMPLETED engagementId=7 hideWidget=false
             3400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             5000 widget    CALL_ENDED callEndStatus=BUSY
             6000 widget    OUTGOING_CALL_STARTED toNumber=+15550111 createEngagement=true
             6400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=9
            12000 widget    CALL_ENDED callEndStatus=BUSY
                  ! M15 [#10] warning The next call began without CALL_COMPLETED for the one before; engagement 8 stays incomplete
            13000 widget    CALL_COMPLETED engagementId=9 hideWidget=false
        "#]]);
    }

    #[test]
    fn the_next_call_begins() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            9000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b
            9900 end
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
             130000 advance
                    ! M15 [#6] note CALL_COMPLETED has not come 2 minutes after CALL_ENDED; until it comes engagement 4711 is incomplete
            1810000 advance
                    ! M15 [#6] warning No CALL_COMPLETED within 30 minutes after CALL_ENDED; engagement 4711 stays incomplete
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
                 ! M15 [#6] note The recording ends 1.0 s after CALL_ENDED, before CALL_COMPLETED; engagement 4711 stays incomplete
        "#]]);
    }

    #[test]
    fn the_recording_goes_on_for_minutes() {
        check(&expect![[r#"
                 0 handshake 0.9.7-beta.0
              1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
              1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
              2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            242000 end
                   ! M15 [#6] note CALL_COMPLETED has not come 2 minutes after CALL_ENDED; until it comes engagement 4711 is incomplete
                   ! M15 [#6] warning The recording ends 4 min after CALL_ENDED, before CALL_COMPLETED; engagement 4711 stays incomplete
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
                   ! H08 note HubSpot could not create an engagement: no
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

    #[test]
    fn a_call_comes_in_while_the_user_writes_notes() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            9000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=false externalCallId=b
                 ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
            9500 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
            9900 end
        "#]]);
    }

    #[test]
    fn the_engagement_comes_after_the_completion() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1300 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
             1310 widget    CALL_COMPLETED externalCallId=a hideWidget=false
             1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             1901 host      ENGAGEMENT_CREATED engagementId=4711
            20000 advance
                  ! M15 [#7] warning Engagement 4711 came 590 ms after CALL_COMPLETED and stays incomplete
            30000 end
        "#]]);
        check(&expect![[r#"
               0 handshake 0.0.1
            1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
            1300 widget    CALL_ENDED
            1310 widget    CALL_COMPLETED hideWidget=false
            3500 host      ENGAGEMENT_CREATED engagementId=4711
            9000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
                 ! M15 [#7] warning Engagement 4711 came 2.2 s after CALL_COMPLETED and stays incomplete
        "#]]);
    }

    #[test]
    fn the_widget_waits_for_the_engagement_or_completes_once_more() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1300 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
             1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             4000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
             5000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
             5300 widget    CALL_ENDED externalCallId=b callEndStatus=BUSY
             5310 widget    CALL_COMPLETED externalCallId=b hideWidget=false
             5900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4722
             6000 widget    CALL_COMPLETED externalCallId=b engagementId=4722 hideWidget=false
            30000 end
        "#]]);
    }

    #[test]
    fn the_engagement_comes_for_a_call_that_another_one_superseded() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1300 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
             1500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
             1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             2000 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4722
             4000 widget    CALL_ENDED externalCallId=b callEndStatus=COMPLETED
             5000 widget    CALL_COMPLETED externalCallId=b engagementId=4722 hideWidget=false
            30000 end
                  ! M15 [#7] warning Engagement 4711 came 400 ms after the next call had begun and stays incomplete
        "#]]);
    }

    #[test]
    fn a_late_engagement_before_a_gap_is_nobodys_fault() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1300 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
             1310 widget    CALL_COMPLETED externalCallId=a hideWidget=false
             1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             2000 gap lost=2
                  ! X02 [–] note 2 messages are missing: a buffer was full
            30000 end
        "#]]);
    }
}
