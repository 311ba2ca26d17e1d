//! Requests that are not answered: what H04 and H07 share.

use super::prelude::*;
use super::{h06_sync_ack_not_taken, t02_sync_ack_id_unknown, t09_two_sdk_objects};
use crate::state::{Request, Unready};

/// A side that owes answers.
pub(super) struct Answerer {
    pub(super) side: Side,
    /// How bad it is if this request gets none in time.
    pub(super) severity: fn(&Request) -> Severity,
}

impl Answerer {
    /// The requests that wait for it.
    fn owes<'a>(&self, state: &'a State) -> impl Iterator<Item = &'a Request> + use<'a> {
        let side = self.side;
        // In the seed's profile this one is Q09.
        let is_excused = |request: &Request| request.ty == MessageType::EndCall && state.is_seed();
        state
            .requests
            .waiting()
            .filter(move |request| request.answerer() == side && !is_excused(request))
    }

    fn is_heard(&self, state: &State) -> bool {
        match self.side {
            Side::Host => state.hears_host(),
            Side::Widget => state.hears_widget(),
        }
    }
}

/// A request that waited for less may have been cut off from an answer on its way.
pub(super) const WORTH_A_WORD: Millis = Millis(3_000.0);

pub(super) fn when(state: &State, who: Answerer, after: Millis) -> Option<Millis> {
    who.owes(state)
        .map(Request::deadline)
        .find(|due| *due > after)
}

pub(super) fn check(state: &State, who: Answerer, due: Millis, report: &mut Report<'_>) {
    for request in who.owes(state).filter(|request| request.deadline() <= due) {
        let severity = (who.severity)(request);
        tell(state, &who, request, severity, "within 10 s", report);
    }
}

pub(super) fn check_left(state: &State, who: Answerer, report: &mut Report<'_>) {
    check_cut(state, &who, "the page went away", report);
}

pub(super) fn check_end(state: &State, who: Answerer, report: &mut Report<'_>) {
    check_cut(state, &who, "the recording ended", report);
}

fn check_cut(state: &State, who: &Answerer, by: &str, report: &mut Report<'_>) {
    for request in who.owes(state) {
        let span = state.now - request.mark.at;
        if span >= WORTH_A_WORD {
            let waited = waited(span, by);
            tell(state, who, request, Severity::Note, &waited, report);
        }
    }
}

/// The finding of which the silence is only a consequence.
fn cause(state: &State, silent: Side) -> Option<(&'static Rule, u64)> {
    if silent == Side::Widget {
        return None;
    }
    // Each of two SDK objects asks, and HubSpot answers once.
    if let Some(second) = state.load.second_sdk {
        return Some((&t09_two_sdk_objects::RULE, second.seq));
    }
    // Who is not ready cannot send.
    let Unready { ack, is_stray } = state.unready()?;
    let rule = if is_stray {
        &t02_sync_ack_id_unknown::RULE
    } else {
        &h06_sync_ack_not_taken::RULE
    };
    Some((rule, ack))
}

pub(super) fn waited(Millis(span): Millis, until: &str) -> String {
    format!("in the {:.1} s until {until}", span / 1000.0)
}

pub(super) fn tell(
    state: &State,
    who: &Answerer,
    request: &Request,
    severity: Severity,
    waited: &str,
    report: &mut Report<'_>,
) {
    // INCOMING_CALL waits for two answers.
    if !who.is_heard(state) || !report.once((request.mark.seq, request.answers)) {
        return;
    }
    let answers: Vec<&str> = request.answers.iter().map(|answer| answer.name()).collect();
    let finding = report
        .add(
            severity,
            format!(
                "{} got no answer {waited}: no {}",
                request.ty,
                answers.join(" or ")
            ),
        )
        .anchor(request.mark.seq)
        .in_call(request.call);
    if let Some((rule, seq)) = cause(state, who.side) {
        finding.follows_from(rule, Some(seq));
    }
}
