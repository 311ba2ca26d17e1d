//! What a session is made of in words; times, spans and counts as the panel says them.

use callscope_protocol::{Answer, Call, Conversation, GapReason, Link, Millis, Severity, Side};
pub(crate) use callscope_reference::wrap;
use callscope_session_log::words::UtcOffset;
pub(crate) use callscope_session_log::words::{clock, count, counted, duration, origin};

use crate::text::safe;

/// The time of day in UTC: `12:00:00.829`.
pub(crate) fn time_of_day(at: Millis) -> String {
    UtcOffset::UTC.time_of_day(at)
}

/// The side with its arrow, in one width.
pub(crate) const fn sender(side: Side) -> &'static str {
    match side {
        Side::Host => "host   →",
        Side::Widget => "widget ←",
    }
}

/// "conversation 1 · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7", safe to print.
pub(crate) fn conversation(conversation: &Conversation) -> String {
    let known = |it: &Option<String>| {
        it.as_deref()
            .map_or("unknown".to_owned(), |it| safe(origin(it)).into_owned())
    };
    let place = conversation
        .iframe_location
        .as_deref()
        .map_or(String::new(), |place| format!(" ({})", safe(place)));
    let continues = conversation
        .continues
        .map_or(String::new(), |id| format!(", continues {}", id.0));
    format!(
        "conversation {}{place}{continues} · {} ⇄ {} · {}",
        conversation.id.0,
        known(&conversation.host_origin),
        known(&conversation.widget_origin),
        safe(&conversation.sdk_words()),
    )
}

/// "ready after 2.1 ms", "SYNC not answered".
pub(crate) fn link(conversation: &Conversation) -> String {
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
        } => "the HubSpot page went away".to_owned(),
        Link::Closed {
            side: Side::Widget, ..
        } => "the widget went away".to_owned(),
    }
}

/// "outbound to +15550100 · completed · 00:42 · BUSY", safe to print.
pub(crate) fn call(call: &Call) -> String {
    safe(&callscope_session_log::words::call(call)).into_owned()
}

/// "answers 12 after 340 ms".
pub(crate) fn answer(answer: &Answer) -> String {
    format!(
        "answers {} after {}",
        answer.request,
        duration(answer.latency)
    )
}

/// "12 messages are missing: a buffer was full", safe to print.
pub(crate) fn gap(lost: Option<u64>, why: &GapReason) -> String {
    let reason = match why {
        GapReason::BufferFull => "a buffer was full",
        GapReason::Evicted => "the history was full, the oldest went",
        GapReason::Paused => "recording was paused",
        GapReason::Cleared => "the list was cleared",
        GapReason::LateStart => "recording began later",
        GapReason::HalfMissing(Side::Host) => "what HubSpot sends is not recorded",
        GapReason::HalfMissing(Side::Widget) => "what the widget sends is not recorded",
        GapReason::Other(words) => &safe(words),
    };
    match lost {
        Some(0) => format!("no message is missing: {reason}"),
        Some(1) => format!("1 message is missing: {reason}"),
        Some(lost) => format!("{} are missing: {reason}", counted(lost, "message")),
        None => format!("messages may be missing: {reason}"),
    }
}

/// The mark of a severity where there is room for one character.
pub(crate) const fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✕",
        Severity::Warning => "▲",
        Severity::Note => "i",
    }
}
