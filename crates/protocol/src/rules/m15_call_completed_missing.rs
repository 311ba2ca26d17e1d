//! M15: a call has an engagement, and nothing completes it.

use super::prelude::*;
use crate::CallDirection;
use crate::state::{CallTrack, Engagement, Late, Mark, Unsaved};

pub(super) const RULE: Rule = Rule {
    code: "M15",
    title: "CALL_COMPLETED missing or too early",
    why: "The engagement that HubSpot created for the call stays incomplete: a ghost call on the \
          timeline, without duration, notes or outcome.",
    fix: "After callEnded(), wait until onCreateEngagementSucceeded or onCreateEngagementFailed \
          has run, then call callCompleted({ engagementId, externalCallId, hideWidget, \
          engagementProperties }) once for each call, including calls that nobody answered.",
    severity: "warning; note as long as the user may be writing notes or the next page may \
               complete the call, if the recording ends soon after the call, or if the call was \
               announced twice (C01)",
    since: Version::new(0, 0, 10),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            6900 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
            7500 end
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

/// If the recording ends sooner than this after a call, the user may still have been writing notes.
const WRAP_UP: Millis = Millis(120_000.0);

/// After a new call this soon, the widget may still save the previous one.
const OVERLAP: Millis = Millis(5_000.0);

/// A widget that completed a call too early may notice and complete it again.
const REPAIR: Millis = Millis(5_000.0);

/// A user who places another call seldom comes back to the one before, and one who is called may
/// still write notes.
fn check_next(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || arrival.announced_again().is_some() {
        return;
    }
    let state = arrival.state;
    if arrival.is(MessageType::OutgoingCallStarted) {
        let is_past = |call: &&CallTrack| {
            let ended = call.ended;
            ended.is_some_and(|ended| arrival.at - ended.at >= OVERLAP)
        };
        for call in unfinished(state).filter(is_past) {
            if placed_after(state, call).next().is_some() {
                tell(call, Severity::Warning, NEXT, report);
            } else {
                tell_open(call, "The next call began before CALL_COMPLETED", report);
            }
        }
    }
    let dropped = unfinished(state).find(|call| state.calls.drops_next() == Some(call.serial));
    if let Some(call) = dropped {
        let message = "Several calls began without CALL_COMPLETED for this one";
        tell(call, Severity::Warning, message, report);
    }
    tell_left_over(state, |_| true, report);
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
                .follows_from(&super::c01_call_announced_twice::RULE, again.seq);
        }
    }
}

fn when(state: &State, after: Millis) -> Option<Millis> {
    let ended = unfinished(state).flat_map(|call| {
        let noted = call.ended.map(|ended| ended.at + WRAP_UP);
        noted.into_iter().chain(settled_at(state, call))
    });
    let late = left_over(state).map(|(_, engagement, _)| engagement.mark.at + REPAIR);
    let due = ended.chain(late).filter(|due| *due > after);
    due.min_by(|a, b| a.0.total_cmp(&b.0))
}

fn check(state: &State, due: Millis, report: &mut Report<'_>) {
    for call in unfinished(state) {
        let Some(ended) = call.ended else { continue };
        if settled_at(state, call).is_some_and(|settled| settled <= due) {
            tell(call, Severity::Warning, NEXT, report);
        } else if ended.at + WRAP_UP <= due {
            let message = "CALL_COMPLETED has not come 2 minutes after CALL_ENDED";
            tell_open(call, message, report);
        }
    }
    tell_left_over(state, |came| came + REPAIR <= due, report);
}

fn check_leave(state: &State, report: &mut Report<'_>) {
    for call in unfinished(state) {
        tell_open(call, "The page went away before CALL_COMPLETED", report);
    }
    tell_left_over(state, |_| true, report);
}

fn check_end(state: &State, report: &mut Report<'_>) {
    for call in unfinished(state) {
        let waited = call.ended.map_or(Millis(0.0), |ended| state.now - ended.at);
        if is_followed(state, call) || is_left_behind(state, call) {
            tell(call, Severity::Warning, NEXT, report);
            continue;
        }
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
    }
    tell_unsaved(state, report);
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
    judged(state).filter(move |call| {
        let mut open = call.engagements.iter().filter(|it| it.is_open());
        let has_own = open.any(|it| it.sure || is_of_no_later(state, call, &it.id));
        call.lacks_completion() && has_own
    })
}

/// The calls that the user has placed after this one, oldest first.
fn placed_after<'a>(state: &'a State, call: &CallTrack) -> impl Iterator<Item = &'a CallTrack> {
    let serial = call.serial;
    let calls = state.calls.recent.iter().chain(&state.calls.current);
    calls
        .filter(move |next| next.serial > serial && next.direction == Some(CallDirection::Outbound))
}

/// Whether the user has placed another call after this one.
fn is_followed(state: &State, call: &CallTrack) -> bool {
    placed_after(state, call).next().is_some()
}

/// Whether a call that came in after this one has been answered, and is completed already.
fn is_left_behind(state: &State, call: &CallTrack) -> bool {
    let calls = state.calls.recent.iter().chain(&state.calls.current);
    let mut done = calls.filter(|next| next.answered.is_some() && next.completed.is_some());
    done.any(|next| call.ended.is_some_and(|ended| next.began.seq > ended.seq))
}

/// From when on nobody can be expected to complete a call that has ended: the next call that the
/// user placed was completed a while ago, or one more has begun.
///
/// Silence alone tells nothing: users write long notes, and laptops sleep.
fn settled_at(state: &State, call: &CallTrack) -> Option<Millis> {
    let earliest = call.ended?.at + OVERLAP;
    let mut placed = placed_after(state, call);
    let completed = placed.next().and_then(|next| next.completed);
    let completed = completed.map(|completed| completed.at + WRAP_UP);
    let begun = placed.next().map(|next| next.began.at);
    let moved_on = completed.into_iter().chain(begun);
    let moved_on = moved_on.min_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(if moved_on < earliest {
        earliest
    } else {
        moved_on
    })
}

/// Calls of pages that have gone away, whose completion is left to the next page.
fn unsaved(state: &State) -> impl Iterator<Item = &Unsaved> {
    let excused = state.is_seed() || !state.hears_widget();
    state.calls.unsaved.iter().filter(move |_| !excused)
}

/// Engagements that arrived after their call had been completed; with each, the completion.
fn left_over(state: &State) -> impl Iterator<Item = (&CallTrack, &Engagement, Mark)> {
    judged(state).flat_map(move |call| {
        let engagements = call.left_over();
        let own = engagements.filter(move |(it, _)| it.sure || is_of_no_later(state, call, &it.id));
        own.map(move |(engagement, completed)| (call, engagement, completed))
    })
}

/// Whether an engagement that came while several calls waited for one is evidently not that of a
/// later call: each of those has got one of its own. One that came soon after a gap may be that of a
/// call that is not known.
fn is_of_no_later(state: &State, call: &CallTrack, id: &str) -> bool {
    let others = judged(state).filter(|other| other.serial != call.serial);
    let mut is_shared = false;
    let mut sharing = others.filter(|other| other.has_engagement(id));
    let is_own = sharing.all(|other| {
        is_shared = true;
        other.serial < call.serial || other.engagements.len() > 1
    });
    is_own && is_shared
}

fn tell(call: &CallTrack, severity: Severity, message: &str, report: &mut Report<'_>) {
    let Some(ended) = call.ended.filter(|ended| report.once(ended.seq)) else {
        return;
    };
    let late = call.engagements.iter().find_map(|it| match it.late? {
        Late::NextCall(next) => Some((it, next)),
        Late::Completed(_) => None,
    });
    if let Some((Engagement { id, mark, .. }, next)) = late {
        let finding = report.add(
            severity,
            format!(
                "Engagement {id} came {} after the next call had begun and stays incomplete",
                span_words(mark.at - next.at)
            ),
        );
        finding
            .anchor(mark.seq)
            .in_call(call.serial)
            .see([call.began.seq, next.seq])
            .replace(ended.seq);
        return;
    }
    let (id, given) = engagement_of(call);
    report
        .add(
            severity,
            format!("{message}; engagement {id} stays incomplete"),
        )
        .anchor(ended.seq)
        .in_call(call.serial)
        .see(given)
        .replace(ended.seq);
}

/// Notes that a call is to be completed yet.
fn tell_open(call: &CallTrack, message: &str, report: &mut Report<'_>) {
    let Some(ended) = call.ended.filter(|ended| report.once(("open", ended.seq))) else {
        return;
    };
    let (id, given) = engagement_of(call);
    report
        .note(format!(
            "{message}; until it comes, engagement {id} is incomplete"
        ))
        .anchor(ended.seq)
        .in_call(call.serial)
        .see(given)
        .open();
}

/// Reports the calls that no later page has completed, although it had the time.
fn tell_unsaved(state: &State, report: &mut Report<'_>) {
    for call in unsaved(state).filter(|call| call.ended.at + WRAP_UP <= state.now) {
        if report.once_in_conversation(("unsaved", call.ended.seq)) {
            report
                .warning(format!(
                    "The page went away before CALL_COMPLETED, and no later page completed the \
                     call; engagement {} stays incomplete",
                    call.engagement_id
                ))
                .anchor(call.ended.seq)
                .in_call(call.serial)
                .see([call.given.seq])
                .replace(call.ended.seq);
        }
    }
}

/// The engagement that waits for its completion, and the message that gave it.
fn engagement_of(call: &CallTrack) -> (&str, Option<u64>) {
    let first = call.engagements.first();
    first.map_or(("", None), |it| (it.id.as_str(), Some(it.mark.seq)))
}

fn tell_left_over(state: &State, is_due: impl Fn(Millis) -> bool, report: &mut Report<'_>) {
    for (call, engagement, completed) in left_over(state) {
        let Engagement { id, mark, .. } = engagement;
        if !is_due(mark.at) || !report.once(("late", mark.seq)) {
            continue;
        }
        let finding = report.warning(format!(
            "Engagement {id} came {} after CALL_COMPLETED and stays incomplete",
            span_words(mark.at - completed.at)
        ));
        finding
            .anchor(mark.seq)
            .in_call(call.serial)
            .see([call.began.seq, completed.seq]);
        let Some(again) = call.announced_again else {
            continue;
        };
        match state.load.second_sdk {
            Some(second) => {
                finding.follows_from(&super::t09_two_sdk_objects::RULE, second.seq);
            }
            None => {
                finding.follows_from(&super::c01_call_announced_twice::RULE, again.seq);
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
            13000 widget    CALL_COMPLETED engagementId=9 hideWidget=false
            20000 advance
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
                 ! M15 [#6] note The recording ends 7.9 s after CALL_ENDED, before CALL_COMPLETED; engagement 4711 stays incomplete
        "#]]);
    }

    /// A widget that lets its user write the notes later, in any order.
    #[test]
    fn two_calls_are_saved_in_reverse_order() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             9000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=NO_ANSWER
            15000 widget    OUTGOING_CALL_STARTED externalCallId=b toNumber=+15550111 createEngagement=true
                  ! M15 [#6] note The next call began before CALL_COMPLETED; until it comes, engagement 7 is incomplete
            15400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
            29000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=NO_ANSWER
            31000 widget    CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
            34000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
            90000 end
        "#]]);
    }

    #[test]
    fn the_next_call_is_completed_instead() {
        check(&expect![[r#"
                 0 handshake 0.9.7-beta.0
              1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
              1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
              9000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=NO_ANSWER
             12000 widget    OUTGOING_CALL_STARTED externalCallId=b toNumber=+15550111 createEngagement=true
             12400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             29000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=NO_ANSWER
             31000 widget    CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
            152000 advance
                   ! M15 [#6] note CALL_COMPLETED has not come 2 minutes after CALL_ENDED; until it comes, engagement 7 is incomplete
                   ! M15 [#6] warning The next call began without CALL_COMPLETED for the one before; engagement 7 stays incomplete
        "#]]);
    }

    #[test]
    fn a_power_dialer_completes_nothing() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             9000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=NO_ANSWER
            10000 widget    OUTGOING_CALL_STARTED externalCallId=b toNumber=+15550111 createEngagement=true
            10400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
            19000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=NO_ANSWER
            20000 widget    OUTGOING_CALL_STARTED externalCallId=c toNumber=+15550112 createEngagement=true
                  ! M15 [#6] warning The next call began without CALL_COMPLETED for the one before; engagement 7 stays incomplete
            20400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=9
            29000 widget    CALL_ENDED externalCallId=c engagementId=9 callEndStatus=NO_ANSWER
            30000 end
                  ! M15 [#9] warning The next call began without CALL_COMPLETED for the one before; engagement 8 stays incomplete
                  ! M15 [#12] note The recording ends 1.0 s after CALL_ENDED, before CALL_COMPLETED; engagement 9 stays incomplete
        "#]]);
    }

    #[test]
    fn missed_calls_are_not_completed() {
        let rings = |n: u32| {
            let at = n * 20_000;
            format!(
                "{at} widget INCOMING_CALL externalCallId=c{n} fromNumber=+1555010{n} toNumber=+15550199 createEngagement=true\n\
                 {} host CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]\n\
                 {} host CREATE_ENGAGEMENT_SUCCEEDED engagementId=7{n}\n\
                 {} widget CALL_ENDED externalCallId=c{n} engagementId=7{n} callEndStatus=MISSED\n",
                at + 200,
                at + 400,
                at + 9_000,
            )
        };
        let calls: String = (1..=7).map(rings).collect();
        let found = crate::trace::findings(&format!("0 handshake 0.9.7-beta.0\n{calls}150000 end"));
        let found = found.iter().map(|it| {
            format!(
                "#{} {} {}\n",
                it.seq.unwrap_or_default(),
                it.severity,
                it.message
            )
        });
        expect![[r#"
            #7 warning Several calls began without CALL_COMPLETED for this one; engagement 71 stays incomplete
            #11 warning Several calls began without CALL_COMPLETED for this one; engagement 72 stays incomplete
            #15 note The recording ends 81.0 s after CALL_ENDED, before CALL_COMPLETED; engagement 73 stays incomplete
            #19 note The recording ends 61.0 s after CALL_ENDED, before CALL_COMPLETED; engagement 74 stays incomplete
            #23 note The recording ends 41.0 s after CALL_ENDED, before CALL_COMPLETED; engagement 75 stays incomplete
            #27 note The recording ends 21.0 s after CALL_ENDED, before CALL_COMPLETED; engagement 76 stays incomplete
            #31 note The recording ends 1.0 s after CALL_ENDED, before CALL_COMPLETED; engagement 77 stays incomplete
        "#]].assert_eq(&found.collect::<String>());
    }

    #[test]
    fn the_next_page_completes_the_call() {
        check(&expect![[r#"
                 0 conversation 1
                 1 handshake 0.9.7-beta.0
              1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
              1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
              9000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=NO_ANSWER
             12000 closed widget
                   ! M15 [#6] note The page went away before CALL_COMPLETED; until it comes, engagement 7 is incomplete
             12400 conversation 2 continues=1
             12500 handshake 0.9.7-beta.0 conversation=2
             19000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false conversation=2
            900000 end
        "#]]);
        check(&expect![[r#"
                 0 handshake 0.9.7-beta.0
              1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
              1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
              9000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=NO_ANSWER
             12000 host      SYNC .hostUrl=https://app.hubspot.com
             12003 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                   ! M15 [#6] note The page went away before CALL_COMPLETED; until it comes, engagement 7 is incomplete
             12004 widget2   INITIALIZED isLoggedIn=true
             15000 widget2   OUTGOING_CALL_STARTED externalCallId=b toNumber=+15550111 createEngagement=true
             15400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             19000 widget2   CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
             29000 widget2   CALL_ENDED externalCallId=b engagementId=8 callEndStatus=NO_ANSWER
             31000 widget2   CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
            900000 end
        "#]]);
    }

    #[test]
    fn no_page_completes_the_call() {
        check(&expect![[r#"
                 0 conversation 1
                 1 handshake 0.9.7-beta.0
              1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
              1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
              9000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=NO_ANSWER
             12000 closed widget
                   ! M15 [#6] note The page went away before CALL_COMPLETED; until it comes, engagement 7 is incomplete
             12400 conversation 2 continues=1
             12500 handshake 0.9.7-beta.0 conversation=2
            900000 end
                   ! M15 [#6] warning The page went away before CALL_COMPLETED, and no later page completed the call; engagement 7 stays incomplete
        "#]]);
    }

    #[test]
    fn the_engagement_may_be_that_of_the_next_call() {
        check(&expect![[r#"
             0 handshake 0.9.7-beta.0
          1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
          3000 widget    CALL_ENDED externalCallId=a callEndStatus=FAILED
          3001 widget    CALL_COMPLETED externalCallId=a hideWidget=false
          4000 widget    OUTGOING_CALL_STARTED externalCallId=b toNumber=+15550111 createEngagement=true
          4400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
         12000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=NO_ANSWER
         12500 widget    CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
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
                    ! M15 [#6] note CALL_COMPLETED has not come 2 minutes after CALL_ENDED; until it comes, engagement 4711 is incomplete
            1810000 advance
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
                 ! M15 [#6] note The page went away before CALL_COMPLETED; until it comes, engagement 4711 is incomplete
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
                   ! M15 [#6] note CALL_COMPLETED has not come 2 minutes after CALL_ENDED; until it comes, engagement 4711 is incomplete
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
