//! The parts of a session in words: times, durations, counts, origins, gaps, calls.
//!
//! The panel, the terminal and reports all use the same sentence for the same thing. All characters
//! of page data in it are [visible](crate::visible).

mod units;

use std::borrow::Cow;

use callscope_protocol::{
    Answer, Beginning, Call, CallDirection, CallPhase, Cause, Conversation, ConversationId, Fact,
    Gap, GapReason, Link, Millis, Missing, Side,
};

use crate::inside;
use crate::visible::{self, make_visible, visible};

pub use units::{UtcOffset, bytes, clock, count, counted, duration, seconds, since};

/// A call: `outbound to +15550100 · completed · 00:42 · BUSY`.
#[must_use]
pub fn call(call: &Call) -> String {
    call_quoting(call, |text| Cow::Borrowed(text))
}

/// [`call`], with values of thousands of characters cut so that it still is one line.
#[must_use]
pub fn brief_call(call: &Call) -> String {
    call_quoting(call, visible::brief)
}

fn call_quoting(call: &Call, quote: fn(&str) -> Cow<'_, str>) -> String {
    let number = call.number().map(quote);
    let mut words = match (call.direction, number) {
        (Some(CallDirection::Outbound), Some(number)) => format!("outbound to {number}"),
        (Some(CallDirection::Inbound), Some(number)) => format!("inbound from {number}"),
        (Some(CallDirection::Outbound), None) => "outbound".to_owned(),
        (Some(CallDirection::Inbound), None) => "inbound".to_owned(),
        (None, _) if call.beginning == Beginning::NeverAnnounced => "never announced".to_owned(),
        (None, _) => "begun before the recording".to_owned(),
    };
    let mut add = |part: &str| {
        words.push_str(" · ");
        words.push_str(part);
    };
    if call.beginning == Beginning::NeverAnnounced && call.direction.is_some() {
        add("never announced");
    }
    if call.direction.is_some() || call.phase != CallPhase::Resumed {
        add(call.phase.words());
    }
    if let Some(talking) = call.talking() {
        add(&clock(talking));
    }
    if let Some(status) = &call.end_status {
        add(&quote(status));
    }
    make_visible(&mut words);
    words
}

/// An origin for display: without `https://`.
#[must_use]
pub fn origin(origin: &str) -> &str {
    origin.strip_prefix("https://").unwrap_or(origin)
}

/// Words as the beginning of a sentence or label.
#[must_use]
pub fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The name of a log's file as people read it: without `.callscope.jsonl`.
#[must_use]
pub fn log_name(file: &str) -> &str {
    let name = file.strip_suffix(".callscope.jsonl");
    name.filter(|it| !it.is_empty()).unwrap_or(file)
}

/// An origin that may be unknown.
pub(crate) fn known_origin(known: Option<&str>) -> &str {
    known.map_or("unknown", origin)
}

/// Describes a conversation with a frame that HubSpot does not sync with; see
/// [`FrameStanding`](callscope_protocol::FrameStanding).
pub const STRANGER: &str = "not a frame that HubSpot syncs with";

/// The text of a finding about such a frame.
pub const BY_STRANGER: &str = "Sent by a frame that HubSpot does not sync with";

/// How many findings are about such frames: `3 findings of frames that HubSpot does not sync with`;
/// `None` if there are none.
#[must_use]
pub fn of_strangers(number: u64) -> Option<String> {
    let findings = counted(number, "finding");
    (number > 0).then(|| format!("{findings} of frames that HubSpot does not sync with"))
}

/// A conversation: `conversation 1 · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7`.
#[must_use]
pub fn conversation(conversation: &Conversation) -> String {
    let place = conversation.iframe_location.as_deref();
    let place = place.map_or(String::new(), |place| format!(" ({place})"));
    let continues = conversation.continues;
    let continues = continues.map_or(String::new(), |id| format!(", continues {}", id.0));
    let window = window(conversation.in_calling_window);
    let mut words = format!(
        "conversation {}{place}{window}{continues} · {} ⇄ {} · {}",
        conversation.id.0,
        known_origin(conversation.host_origin.as_deref()),
        known_origin(conversation.widget_origin.as_deref()),
        conversation.sdk_words(),
    );
    if conversation.is_strangers() {
        words.push_str(" · ");
        words.push_str(STRANGER);
    }
    make_visible(&mut words);
    words
}

/// What distinguishes a calling window's conversation from the page's.
const fn window(in_calling_window: bool) -> &'static str {
    if in_calling_window {
        ", calling window of this page"
    } else {
        ""
    }
}

/// The state of the handshake: `ready, SYNC answered in 2.1 ms (1 sent)`, `SYNC not answered`.
#[must_use]
pub fn link(conversation: &Conversation) -> String {
    match conversation.link {
        Link::Silent => "nothing was said".to_owned(),
        Link::Joined => "handshake not recorded".to_owned(),
        Link::Syncing { sync_count, .. } => {
            format!("SYNC not answered ({} sent)", count(sync_count.into()))
        }
        Link::Ready { latency, .. } => {
            format!("synced in {}, not initialized", duration(latency))
        }
        Link::Initialized {
            latency: Some(latency),
            sync_count,
            ..
        } => {
            format!(
                "ready, SYNC answered in {} ({} sent)",
                duration(latency),
                count(sync_count.into())
            )
        }
        Link::Initialized { latency: None, .. } => "ready, handshake not recorded".to_owned(),
        Link::Failed { sync_count, .. } => {
            format!(
                "no SYNC_ACK within 30 s ({} SYNC sent)",
                count(sync_count.into())
            )
        }
        Link::Closed {
            side: Side::Host, ..
        } if conversation.in_calling_window => "the calling window's page went away".to_owned(),
        Link::Closed { side, .. } => format!("the {} went away", document(side)),
    }
}

/// The name of a side's document.
const fn document(side: Side) -> &'static str {
    match side {
        Side::Host => "HubSpot page",
        Side::Widget => "widget",
    }
}

/// Which message it answers: `answers 12 after 340 ms`.
#[must_use]
pub fn answer(answer: &Answer) -> String {
    format!(
        "answers {} after {}",
        answer.request,
        duration(answer.latency)
    )
}

/// A gap in words: `12 messages are missing: a buffer was full`.
///
/// The findings of rules X02 and X03 use the same words.
#[must_use]
pub fn gap(gap: &Gap) -> String {
    let reason = match &gap.why {
        GapReason::HalfMissing(side) => {
            return format!("What the {} sends is not recorded", side.name());
        }
        GapReason::Evicted => return gone(gap.lost, "the history was full"),
        GapReason::Cleared => return gone(gap.lost, "the list was cleared"),
        GapReason::LeftOut { .. } => return left_out(gap.lost),
        GapReason::BufferFull => "a buffer was full",
        GapReason::Paused => "recording was paused",
        GapReason::LateStart => "recording began later",
        GapReason::PageLeft => "the page went away",
        GapReason::SenderGone => "the sending frame was gone",
        GapReason::Other(words) => words,
    };
    let reason = visible(reason);
    match gap.lost {
        Some(0) => format!("No message is missing: {reason}"),
        Some(1) => format!("1 message is missing: {reason}"),
        Some(lost) => format!("{} messages are missing: {reason}", count(lost)),
        None => format!("Messages are missing: {reason}"),
    }
}

/// Why messages are missing from a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingReason {
    /// They were not recorded.
    NotRecorded,
    /// The history was full.
    Evicted,
    /// They were cleared, or left out of a file.
    LeftOut,
}

/// How many messages are missing from a session, each part in words: `3 missing`, `more than 3
/// missing` or `some missing`, which is present even if there are none; `500 evicted`; `20 left
/// out`.
#[must_use]
pub fn missing(missing: Missing) -> Vec<(MissingReason, String)> {
    let Missing {
        lost,
        has_more,
        evicted,
        left_out,
    } = missing;
    let not_recorded = match (lost, has_more) {
        (0, true) => "some missing".to_owned(),
        (_, true) => format!("more than {} missing", count(lost)),
        (_, false) => format!("{} missing", count(lost)),
    };
    let mut parts = vec![(MissingReason::NotRecorded, not_recorded)];
    let let_go = [
        (evicted, MissingReason::Evicted, "evicted"),
        (left_out, MissingReason::LeftOut, "left out"),
    ];
    let let_go = let_go.into_iter().filter(|(number, ..)| *number > 0);
    parts
        .extend(let_go.map(|(number, reason, what)| (reason, format!("{} {what}", count(number)))));
    parts
}

/// The same in one line.
#[must_use]
pub fn missing_line(it: Missing) -> String {
    let parts: Vec<String> = missing(it).into_iter().map(|(_, words)| words).collect();
    parts.join(", ")
}

fn gone(lost: Option<u64>, reason: &str) -> String {
    match lost {
        Some(0) => format!("No message was dropped: {reason}"),
        Some(1) => format!("The oldest message was dropped: {reason}"),
        Some(lost) => format!("The oldest {} messages were dropped: {reason}", count(lost)),
        None => format!("The oldest messages were dropped: {reason}"),
    }
}

fn left_out(lost: Option<u64>) -> String {
    match lost {
        Some(1) => "1 message is left out of this file".to_owned(),
        Some(lost) => format!("{} messages are left out of this file", count(lost)),
        None => "Messages are left out of this file".to_owned(),
    }
}

/// What to do about a gap that will continue.
#[must_use]
pub const fn gap_advice(why: &GapReason) -> Option<&'static str> {
    match why {
        GapReason::HalfMissing(Side::Host) => Some(
            "Callscope may not listen in the widget's frame. Allow Callscope on the origin \
                 that the frame's page comes from, then reload",
        ),
        GapReason::HalfMissing(Side::Widget) => Some(
            "Callscope may not listen in the HubSpot page's frame. Allow Callscope on the \
                 origin that the frame's page comes from, then reload",
        ),
        _ => None,
    }
}

/// An event that is not a message, in words: a gap, a pairing, a document that was unloaded, a
/// setting.
#[must_use]
pub fn remark(fact: &Fact) -> String {
    let mut words = match fact {
        Fact::Gap(it) => gap(it),
        Fact::Conversation(start) => {
            let continues = start
                .continues
                .map(|ConversationId(id)| format!(", continues {id} after a reload"))
                .unwrap_or_default();
            format!(
                "Conversation {}{}: {} ⇄ {}{continues}",
                start.id.0,
                window(start.in_calling_window),
                known_origin(start.host_origin.as_deref()),
                known_origin(start.widget_origin.as_deref()),
            )
        }
        Fact::Closed(closed) => format!(
            "The {} of conversation {} went away",
            document(closed.side),
            closed.conversation.0
        ),
        Fact::Setting(setting) => match &setting.value {
            Some(value) => format!("{} is {value}", setting.key),
            None => format!("{} is not set", setting.key),
        },
        Fact::Inside(it) => inside::sentence(it),
        Fact::End(_) => "End of the recording".to_owned(),
        Fact::Message(_) => String::new(),
    };
    make_visible(&mut words);
    words
}

/// A run of one type: `×40 in 4.0 s`.
#[must_use]
pub fn run(number: u64, span: Millis) -> String {
    format!("×{} in {}", count(number), duration(span))
}

/// The finding that another one follows from: `follows from M14 of message 12`.
#[must_use]
pub fn cause(cause: &Cause) -> String {
    match cause.seq {
        Some(seq) => format!("follows from {} of message {seq}", cause.rule.code),
        None => format!("follows from {}", cause.rule.code),
    }
}

/// The line above a finding's consequences: `and 2 more follow from it`.
#[must_use]
pub fn consequences(number: usize) -> String {
    let verb = if number == 1 { "follows" } else { "follow" };
    format!("and {} more {verb} from it", count(number as u64))
}

#[cfg(test)]
mod tests {
    use callscope_protocol::Checker;

    use super::*;

    /// A row and a finding about the same gap use the same words.
    #[test]
    fn a_gap_has_one_sentence() {
        let reasons = [
            GapReason::BufferFull,
            GapReason::Paused,
            GapReason::Evicted,
            GapReason::Cleared,
            GapReason::HalfMissing(Side::Host),
            GapReason::HalfMissing(Side::Widget),
            GapReason::PageLeft,
            GapReason::SenderGone,
            GapReason::Other("the disk was full".to_owned()),
        ];
        for why in reasons {
            for lost in [None, Some(1), Some(2), Some(12_345), Some(u64::MAX)] {
                let it = Gap {
                    at: Millis(1.0),
                    conversation: None,
                    lost,
                    why: why.clone(),
                };
                let mut checker = Checker::new();
                checker.observe(&Fact::Gap(it.clone()));
                let findings = checker.drain_findings();
                let said: Vec<&str> = findings.iter().map(|it| it.message.as_str()).collect();
                assert_eq!(said, [gap(&it)], "{it:?}");
            }
        }
    }
}
