//! Unanswered requests: the common part of H04 and H07.

use super::prelude::*;
use super::{
    h06_sync_ack_not_taken, s08_call_while_logged_out, s10_incoming_call_while_unavailable,
    t02_sync_ack_id_unknown, t09_two_sdk_objects, w02_no_handler,
};
use crate::state::{Mark, PageCause, Request, Unready};

/// A side that has to answer requests.
#[derive(Clone, Copy)]
pub(super) struct Answerer {
    pub(super) side: Side,
    /// How bad it is if this request is not answered in time.
    pub(super) severity: fn(&Request) -> Severity,
}

/// After a shorter wait than this, the answer may just have been on its way.
const WORTH_A_WORD: Millis = Millis(3_000.0);

impl Answerer {
    /// When its next answer becomes overdue.
    pub(super) fn when(self, state: &State, after: Millis) -> Option<Millis> {
        self.owed(state)
            .map(Request::deadline)
            .find(|due| *due > after)
    }

    /// Reports the answers that are overdue.
    pub(super) fn check(self, state: &State, due: Millis, report: &mut Report<'_>) {
        for request in self.owed(state).filter(|it| it.deadline() <= due) {
            let severity = (self.severity)(request);
            self.tell(state, request, severity, "within 10 s", report);
        }
    }

    /// Reports the requests left unanswered when the page unloaded.
    pub(super) fn check_left(self, state: &State, report: &mut Report<'_>) {
        for request in self.owed(state) {
            self.tell_cut(state, request, state.now, "the page went away", report);
        }
    }

    /// Reports the requests left unanswered when the recording ended.
    pub(super) fn check_end(self, state: &State, report: &mut Report<'_>) {
        for request in self.owed(state) {
            self.tell_cut(state, request, state.now, "the recording ended", report);
        }
    }

    /// Reports a request that was still waiting when something else happened.
    pub(super) fn tell_cut(
        self,
        state: &State,
        request: &Request,
        until: Millis,
        what: &str,
        report: &mut Report<'_>,
    ) {
        let span = until - request.mark.at;
        if span >= WORTH_A_WORD {
            let waited = format!("in the {:.1} s until {what}", span.0 / 1000.0);
            self.tell(state, request, Severity::Note, &waited, report);
        }
    }

    /// The requests that this side has not answered yet.
    fn owed(self, state: &State) -> impl Iterator<Item = &Request> {
        // In the seed's generation, an unanswered END_CALL is Q09.
        let is_excused = |request: &Request| request.ty == MessageType::EndCall && state.is_seed();
        let waiting = state.requests.waiting();
        waiting.filter(move |it| it.answerer() == self.side && !is_excused(it))
    }

    fn tell(
        self,
        state: &State,
        request: &Request,
        severity: Severity,
        waited: &str,
        report: &mut Report<'_>,
    ) {
        let is_heard = match self.side {
            Side::Host => state.hears_host(),
            Side::Widget => state.hears_widget(),
        };
        // INCOMING_CALL waits for two answers; if neither comes, report it once.
        let is_part = request
            .answers
            .contains(&MessageType::CallerIdMatchSucceeded)
            && state.requests.waiting().any(|other| {
                other.mark == request.mark && !std::ptr::eq(other.answers, request.answers)
            });
        let is_new = report.once((request.mark.seq, request.answers));
        if !is_heard || is_part || !is_new {
            return;
        }
        let answers: Vec<&str> = request.answers.iter().map(|it| it.name()).collect();
        let ty = request.ty;
        let answers = answers.join(" or ");
        let why = PageCause::clause(state.why_unanswered(request));
        let finding = report
            .add(
                severity,
                format!("{ty} got no answer {waited}: no {answers}{why}"),
            )
            .anchor(request.mark.seq)
            .in_call(request.call);
        if let Some((rule, seq)) = self.cause(state, request) {
            finding.follows_from(rule, seq);
        } else if let Some(not_taken) = self.not_taken(state, request) {
            finding.follows_from_report(&w02_no_handler::RULE, not_taken);
        }
    }

    /// The report that the widget has no handler for the request, without which it answers none.
    fn not_taken(self, state: &State, request: &Request) -> Option<usize> {
        let (name, since) = (request.ty.name(), request.mark.at);
        let report = state.troubles.unhandled(name, since)?;
        (self.side == Side::Widget).then_some(report)
    }

    /// The finding about a message that explains why this side does not answer.
    fn cause(self, state: &State, request: &Request) -> Option<(&'static Rule, u64)> {
        if self.side == Side::Widget {
            return None;
        }
        if let Some(rule) = unexpected(state, request) {
            return Some((rule, request.mark.seq));
        }
        // Each of two SDK objects sends the request, and HubSpot answers once.
        if let Some(second) = state.load.second_sdk {
            return Some((&t09_two_sdk_objects::RULE, second.seq));
        }
        // A host that is not ready cannot send.
        let Unready { ack, is_stray } = state.unready()?;
        let rule = if is_stray {
            &t02_sync_ack_id_unknown::RULE
        } else {
            &h06_sync_ack_not_taken::RULE
        };
        Some((rule, ack))
    }
}

/// The finding that says that HubSpot does not expect this call.
fn unexpected(state: &State, request: &Request) -> Option<&'static Rule> {
    let is_before = |mark: Option<Mark>| mark.is_some_and(|mark| mark.seq < request.mark.seq);
    let is_incoming = request.ty == MessageType::IncomingCall;
    let is_start = is_incoming || request.ty == MessageType::OutgoingCallStarted;
    let view = &state.view;
    if is_start && view.login == Login::LoggedOut && is_before(state.load.login_mark) {
        return Some(&s08_call_while_logged_out::RULE);
    }
    let is_away = view.availability == Availability::Unavailable && !state.until(0, 2, 2);
    (is_incoming && is_away && is_before(state.load.availability_mark))
        .then_some(&s10_incoming_call_while_unavailable::RULE)
}
