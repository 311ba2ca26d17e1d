//! What each kind of fact changes, and which rules check it.

use super::Checker;
use super::hooks::{CHECKS, END, GAP, INSIDE, LEAVE, RECORDED, SETTING};
use super::tracked::{Bound, Tracked};
use crate::arrival::Arrival;
use crate::parsed_message::ParsedMessage;
use crate::rule::Report;
use crate::state::Ack;
use crate::{
    Closed, ConversationId, ConversationStart, Finding, FrameStanding, Gap, Inside, InsideKind,
    MessageType, Millis, RecordedMessage, Rule, Setting, Side, json,
};

/// A host repeats its SYNC within this time.
const REPEATED: Millis = Millis(1_000.0);

/// More settings than exist.
const MAX_SETTINGS: usize = 32;

/// How many script failures are kept for conversations that are not known yet.
const MAX_FAILURES: usize = 16;

impl Checker {
    pub(super) fn observe_frame(&mut self, recorded: &RecordedMessage, at: Millis) {
        let read = json::read(recorded.message.as_str());
        let seen = ParsedMessage::new(recorded, at, &read.json);
        self.recorded.add_message(&seen);
        self.make_room(recorded.conversation);
        let last_gap = self.last_gap;
        let elsewhere = self.announced_elsewhere(&seen);
        let findings = &mut self.findings;
        let tracked = Self::tracked(&mut self.conversations, recorded.conversation, at);

        let Tracked { state, once, .. } = tracked;
        state.now = at;
        if state.view.message_count == 0 {
            // A SYNC that comes well after the gap is the first of its handshake.
            let is_first = |gap: Millis| seen.is_sync() && at - gap > REPEATED;
            // A page before this one may have left a call.
            state.calls.has_left |= last_gap.is_some() && state.view.continues.is_none();
            if let Some(gap) = last_gap.filter(|gap| !is_first(*gap)) {
                state.gapped = true;
                state.gapped_at = Some(gap);
            }
            state.standing_evidence.begin(last_gap.is_some());
        }
        let sdk = seen.is_ack().then(|| state.view.sdk_words());
        state.learn(&seen);
        state.calls.announced_elsewhere = elsewhere;
        let ack = seen.is_ack().then(|| state.classify_ack(seen.id));
        let is_new_load = matches!(ack, Some(Ack::NewLoad | Ack::Unseen));
        let first_finding = findings.len();
        let speaks = state.view.speaks;
        let mut report = |rule: &'static Rule, check: &dyn Fn(&mut Report<'_>)| {
            let report = Report {
                rule,
                conversation: recorded.conversation,
                seq: Some(recorded.seq),
                at,
                findings,
                once,
            };
            report.judge(speaks, check);
        };
        if is_new_load && state.answered.is_some() {
            if let Some(sdk) = sdk {
                self.summary.add_sdk(sdk);
            }
            for (rule, check) in LEAVE.iter() {
                report(rule, &|report| check(state, report));
            }
        }
        let arrival = Arrival::new(&seen, state, ack);
        let index = seen.ty.map_or(MessageType::ALL.len(), |ty| ty as usize);
        for (rule, check) in CHECKS.get(index).into_iter().flatten() {
            report(rule, &|report| check(&arrival, report));
        }
        self.placement = state.apply(&seen, ack);
        if is_new_load {
            once.clear();
            // A page can report its troubles before its answer to SYNC is received.
            let first_sync = state.answered.as_ref().and_then(|it| it.first_sync);
            let began = first_sync.map_or(at, |it| it.at);
            state.troubles.forget_before(began);
        }
        let found = self.findings.get_mut(first_finding..).unwrap_or_default();
        for finding in found.iter_mut().filter(|it| it.seq == Some(recorded.seq)) {
            finding.call = self.placement.call;
        }
        tracked.count(Some(found));
        tracked.last_call = self.placement.call;
        if seen.is(MessageType::CallCompleted) {
            // The page that goes on with the call may be one of another conversation.
            for tracked in self.conversations.values_mut() {
                tracked.state.calls.save(&seen);
            }
        }
        let Some(tracked) = self.conversations.get_mut(&recorded.conversation) else {
            return;
        };
        let has_synced = tracked.state.learn_standing(&seen);
        self.schedule(recorded.conversation);
        if has_synced {
            self.sync_frame(recorded.conversation);
        }
        // Only a message that begins a call or a page can end other calls for good.
        if self.placement.call.is_some() || is_new_load {
            self.collect_calls(recorded.conversation);
        }
    }

    pub(super) fn observe_gap(&mut self, gap: &Gap, at: Millis) {
        if gap.lost == Some(0) {
            return;
        }
        self.summary.missing.add(gap);
        if let Some(id) = gap.conversation {
            self.make_room(id);
            Self::tracked(&mut self.conversations, id, at);
        } else {
            self.last_gap = Some(at);
        }
        let mut reported = false;
        let first = self.findings.len();
        let concerns = |id: &ConversationId| gap.conversation.is_none_or(|gapped| gapped == *id);
        for tracked in self.conversations.values_mut() {
            // What completes a call of an earlier page may be missing.
            tracked.state.calls.unsaved.clear();
        }
        for (id, tracked) in self.conversations.iter_mut().filter(|(id, _)| concerns(id)) {
            tracked.state.now = at;
            if !std::mem::replace(&mut reported, true) {
                for (rule, check) in GAP.iter() {
                    tracked.report(*id, rule, at, &mut self.findings, &|state, report| {
                        check(state, gap, report);
                    });
                }
                anchor(self.findings.get_mut(first..), self.seen);
            }
            tracked.state.on_gap(gap, at);
            tracked.schedule();
        }
        if !reported {
            // No conversation has a message yet: attribute the gap to the first one to come.
            let id = ConversationId::default();
            let mut nobody = Tracked::default();
            for (rule, check) in GAP.iter() {
                nobody.report(id, rule, at, &mut self.findings, &|state, report| {
                    check(state, gap, report);
                });
            }
            anchor(self.findings.get_mut(first..), self.seen);
        }
        let gapped: Vec<_> = self
            .conversations
            .keys()
            .copied()
            .filter(concerns)
            .collect();
        for id in gapped {
            self.collect_calls(id);
        }
        self.run_until(at, Bound::Before);
        self.tell_standings();
    }

    pub(super) fn observe_start(&mut self, start: &ConversationStart, at: Millis) {
        if let Some(continued) = start.continues.filter(|id| *id != start.id) {
            self.leave(continued, at);
        }
        let continued = start.continues.and_then(|id| self.conversations.get(&id));
        let leaves_call =
            continued.is_some_and(|Tracked { state, .. }| state.gapped || state.calls.leave_one());
        let gapped_at = continued.and_then(|tracked| tracked.state.gapped_at);
        let left = continued.map(|tracked| tracked.state.calls.leave_calls());
        let given_up = continued.and_then(|tracked| tracked.state.asked_by_host_that_left());
        let is_synced =
            continued.is_some_and(|tracked| tracked.state.view.standing == FrameStanding::Synced);
        self.make_room(start.id);
        let tracked = Self::tracked(&mut self.conversations, start.id, at);
        if start.continues != Some(start.id) {
            tracked.state.calls.has_left |= leaves_call;
            tracked.state.gapped_at = gapped_at.or(tracked.state.gapped_at);
            if let Some(left) = left {
                tracked.state.calls.left = left;
            }
            tracked.state.given_up = given_up.unwrap_or_default();
        }
        tracked.state.standing_evidence.start();
        if is_synced {
            tracked.state.sync_standing();
        }
        let view = &mut tracked.state.view;
        view.continues = start.continues.or(view.continues);
        view.host_origin = start.host_origin.clone().or(view.host_origin.take());
        view.widget_origin = start.widget_origin.clone().or(view.widget_origin.take());
        view.in_calling_window |= start.in_calling_window;
        let widget = tracked.state.view.widget_origin.as_deref();
        if let Some(failure) = self
            .failures
            .iter()
            .find(|failure| widget == Some(failure.origin.as_str()))
        {
            // No finding follows from a failure, so that its place does not matter.
            tracked.state.troubles.learn(failure, 0);
        }
    }

    pub(super) fn observe_inside(&mut self, inside: &Inside, at: Millis) {
        let is_failure = matches!(inside.what, InsideKind::Error | InsideKind::Rejection)
            && inside.side == Side::Widget;
        let seen = self.seen;
        let report = |tracked: &mut Tracked, id, findings: &mut Vec<Finding>| {
            let first = findings.len();
            for (rule, check) in INSIDE.iter() {
                tracked.report(id, rule, at, findings, &|state, report| {
                    check(state, inside, report);
                });
            }
            let found = findings.get_mut(first..).unwrap_or_default();
            for finding in &mut *found {
                finding.call = tracked.last_call;
            }
            anchor(Some(found), seen);
        };
        let Some(id) = inside.conversation else {
            self.report_on_session(report);
            if is_failure && self.failures.len() < MAX_FAILURES {
                self.failures.push(inside.clone());
            }
            return;
        };
        self.make_room(id);
        let tracked = Self::tracked(&mut self.conversations, id, at);
        tracked.state.now = at;
        report(tracked, id, &mut self.findings);
        tracked.state.troubles.learn(inside, seen);
    }

    pub(super) fn observe_closed(&mut self, closed: &Closed, at: Millis) {
        self.leave(closed.conversation, at);
        self.make_room(closed.conversation);
        let tracked = Self::tracked(&mut self.conversations, closed.conversation, at);
        tracked.state.on_closed(at, closed.side);
        tracked.once.clear();
        tracked.schedule();
        self.collect_calls(closed.conversation);
    }

    pub(super) fn observe_setting(&mut self, setting: &Setting, at: Millis) {
        let known = std::mem::take(&mut self.settings);
        let seen = self.seen;
        self.report_on_session(|tracked, id, findings| {
            let first = findings.len();
            for (rule, check) in SETTING.iter() {
                tracked.report(id, rule, at, findings, &|_, report| {
                    check(setting, &known, report);
                });
            }
            anchor(findings.get_mut(first..), seen);
        });
        self.settings = known;
        self.settings.retain(|known| known.key != setting.key);
        if self.settings.len() < MAX_SETTINGS {
            self.settings.push(setting.clone());
        }
    }

    pub(super) fn observe_end(&mut self, at: Millis) {
        self.run_until(at, Bound::Reached);
        for (id, tracked) in &mut self.conversations {
            tracked.state.now = at;
            for (rule, check) in END.iter() {
                tracked.report(*id, rule, at, &mut self.findings, &|state, report| {
                    check(state, report);
                });
            }
        }
        if std::mem::replace(&mut self.is_over, true) {
            return;
        }
        let recorded = self.recorded;
        self.report_on_session(|tracked, id, findings| {
            for (rule, check) in RECORDED.iter() {
                tracked.report(id, rule, at, findings, &|_, report| check(recorded, report));
            }
        });
    }

    /// Lets rules look at facts that belong to no particular conversation; their findings are
    /// counted in the first conversation.
    fn report_on_session(
        &mut self,
        look: impl FnOnce(&mut Tracked, ConversationId, &mut Vec<Finding>),
    ) {
        let first = self.conversations.keys().next().copied();
        let id = first.unwrap_or_default();
        let mut nobody = Tracked::default();
        let tracked = self.conversations.get_mut(&id).unwrap_or(&mut nobody);
        look(tracked, id, &mut self.findings);
    }

    /// A page of a conversation unloads.
    fn leave(&mut self, id: ConversationId, at: Millis) {
        let Some(tracked) = self.conversations.get_mut(&id) else {
            return;
        };
        tracked.state.now = at;
        for (rule, check) in LEAVE.iter() {
            tracked.report(id, rule, at, &mut self.findings, &|state, report| {
                check(state, report);
            });
        }
    }
}

/// Anchors findings to the fact that they are about, given how many facts came before it.
fn anchor(findings: Option<&mut [Finding]>, fact: usize) {
    for finding in findings.into_iter().flatten() {
        finding.fact = Some(fact);
    }
}
