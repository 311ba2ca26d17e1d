//! Waits for messages, and lists what came instead.

use callscope_protocol::{Fact, Link, Message, Millis, RecordedMessage, Side};
use callscope_session_view::words;

use super::{AFTERMATH, Now, Runner, span};
use crate::pattern::compare;
use crate::plan::PlannedStep;
use crate::scenario::{Expectation, StepWhat};
use crate::verdict::Verdict;

/// At most this many messages that came instead are named.
const MOST_NAMED: usize = 12;

impl Runner {
    /// Checks whether the current step has what it waits for.
    pub(super) fn look(&mut self) {
        let Some(PlannedStep { step, .. }) = self.current().cloned() else {
            return;
        };
        match step.what {
            StepWhat::Widget(expectation) => self.look_for(Side::Widget, &expectation),
            StepWhat::HostMessage(expectation) => self.look_for(Side::Host, &expectation),
            StepWhat::Never { ty, data, .. } => {
                let unwanted = self.since_cursor(Side::Widget).find(|(_, _, message)| {
                    let mut captured = self.captured.clone();
                    message.known() == Some(ty)
                        && data
                            .as_ref()
                            .is_none_or(|it| compare(it, message.data(), &mut captured).is_ok())
                });
                if let Some((_, recorded, _)) = unwanted {
                    let seq = Some(recorded.seq);
                    let expected = format!("no {}", ty.name());
                    self.fail(expected, format!("{} came", ty.name()), seq, None);
                }
            }
            _ => {}
        }
        // The next step checks everything after the message that this one has matched.
        if matches!(self.state, Now::Waiting(_)) {
            self.looked_at = self.last_fact();
        }
    }

    /// The messages of a side that a step can still match, each with its fact's id.
    pub(super) fn since_cursor(
        &self,
        side: Side,
    ) -> impl Iterator<Item = (u64, &RecordedMessage, Message)> {
        let cursor = match side {
            Side::Host => self.host_floor,
            Side::Widget => self.widget_cursor,
        };
        let position = |id: Option<u64>| id.and_then(|it| self.session.position(it));
        let last = position(cursor).max(position(self.looked_at));
        let facts = self.session.facts().get(last.map_or(0, |it| it + 1)..);
        let facts = facts.unwrap_or_default().iter();
        facts
            .filter(|it| !self.host_matched.contains(&it.id))
            .filter_map(|it| Some((it.id, it.message()?)))
            .filter(move |(_, it)| it.from == side)
            .map(|(id, it)| (id, it, Message::decode(&it.message)))
    }

    /// The id of the last fact.
    pub(super) fn last_fact(&self) -> Option<u64> {
        self.session.facts().last().map(|it| it.id)
    }

    fn look_for(&mut self, side: Side, expectation: &Expectation) {
        let found = self
            .since_cursor(side)
            .find(|(_, _, message)| message.known() == Some(expectation.ty))
            .map(|(id, recorded, message)| (id, recorded.seq, message));
        let Some((id, seq, message)) = found else {
            return;
        };
        let mut captured = std::mem::take(&mut self.captured);
        let compared = match &expectation.data {
            Some(data) => compare(data, message.data(), &mut captured),
            None => Ok(()),
        };
        self.captured = captured;
        match (compared, side) {
            (Ok(()), _) => {
                match side {
                    Side::Host => self.host_matched.push(id),
                    Side::Widget => self.widget_cursor = Some(id),
                }
                self.finish_step(Some(id));
            }
            (Err(difference), Side::Widget) => {
                self.fail(expected(expectation), difference, Some(seq), None);
            }
            (Err(difference), Side::Host) => {
                let place = self.place();
                self.end(Verdict::HarnessError(format!(
                    "{place}: HubSpot's {}: {difference}",
                    expectation.ty.name()
                )));
            }
        }
    }

    /// Ends a wait that has lasted long enough by `now`.
    pub(super) fn time_is_over(&mut self, now: Millis) {
        let since = match self.state {
            Now::Ending(since) if now >= since + AFTERMATH => {
                self.session.push(Fact::End(now));
                self.hold_against_rules();
                if self.verdict.is_none() {
                    self.end(Verdict::Pass);
                }
                return;
            }
            Now::Waiting(since) => since,
            _ => return,
        };
        let Some(PlannedStep { step, .. }) = self.current().cloned() else {
            return;
        };
        if now < since + span(&step.what) {
            return;
        }
        // Check everything again, because a late message may stand before the others.
        self.looked_at = None;
        self.look();
        if self.state != Now::Waiting(since) || self.verdict.is_some() {
            return self.go_on();
        }
        self.looked_at = None;
        match step.what {
            StepWhat::Never { .. } => {
                self.finish_step(None);
                self.go_on();
            }
            StepWhat::Widget(expectation) => {
                let actual = self.instead(Side::Widget);
                self.fail(expected(&expectation), actual, None, None);
            }
            StepWhat::HostMessage(expectation) => {
                let actual = self.instead(Side::Host);
                let ty = expectation.ty.name();
                let what = format!("{ty} from HubSpot, as its answer to the widget");
                self.fail(what, actual, None, None);
            }
            _ => {}
        }
    }

    /// What came instead of the expected message.
    fn instead(&self, side: Side) -> String {
        if let Some(Link::Syncing { since, sync_count }) = self.conversation().map(|it| it.link) {
            return format!(
                "the page has not answered SYNC ({} in {}): it is not a widget with the Calling \
                 Extensions SDK, never got as far as starting it, or accepts no messages from this \
                 page's origin",
                words::counted(u64::from(sync_count), "SYNC"),
                words::seconds(self.clock - since)
            );
        }
        let came: Vec<String> = self
            .since_cursor(side)
            .map(|(_, recorded, message)| {
                let seq = recorded.seq;
                match (message.type_name(), recorded.truncated) {
                    (Some(ty), _) => format!("{ty} (message {seq})"),
                    (None, Some(bytes)) => format!(
                        "a message that is too large to be read, {} (message {seq})",
                        words::bytes(bytes)
                    ),
                    (None, None) => format!("a message without type (message {seq})"),
                }
            })
            .collect();
        let who = match side {
            Side::Host => "HubSpot",
            Side::Widget => "the widget",
        };
        let came = match came.as_slice() {
            [] => format!("{who} sent nothing"),
            some if some.len() <= MOST_NAMED => format!("{who} sent only {}", some.join(", ")),
            [.., last] => format!(
                "{who} sent only {}, the last one {last}",
                words::counted(came.len() as u64, "other message")
            ),
        };
        match &self.refusal {
            Some(why) => format!("{came}; HubSpot did not dial: {why}"),
            None => came,
        }
    }
}

/// What was expected, in words: `CALL_ENDED within 3 s with data {…}`.
fn expected(expectation: &Expectation) -> String {
    let Expectation { ty, within, data } = expectation;
    let (name, span) = (ty.name(), words::seconds(*within));
    match data {
        Some(data) => format!("{name} within {span} with data {data}"),
        None => format!("{name} within {span}"),
    }
}
