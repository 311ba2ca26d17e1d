//! Times, durations, counts and names in words, as the panel says them.

use callscope_protocol::{
    Call, CallDirection, CallPhase, Conversation, GapReason, Link, Millis, Severity, Side,
};
use callscope_session_log::Timestamp;

use crate::text::safe;

/// The time of day in UTC: `12:00:00.829`.
pub(crate) fn time_of_day(at: Millis) -> String {
    const DAY_MS: f64 = 86_400_000.0;
    if !at.0.is_finite() {
        return "--:--:--.---".to_owned();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below a day"
    )]
    let millis = at.0.rem_euclid(DAY_MS).floor() as u64 % 86_400_000;
    let (hours, rest) = (millis / 3_600_000, millis % 3_600_000);
    let (minutes, rest) = (rest / 60_000, rest % 60_000);
    format!(
        "{hours:02}:{minutes:02}:{:02}.{:03}",
        rest / 1000,
        rest % 1000
    )
}

/// Date and time in UTC: `2026-11-22 12:29:05`; nothing if no calendar has it.
pub(crate) fn date_and_time(at: Millis) -> Option<String> {
    let timestamp = Timestamp::from_millis(at)?;
    let (day, time) = timestamp.as_str().split_once('T')?;
    Some(format!("{day} {}", time.get(..8)?))
}

/// A span of time: `3.2 ms`, `312 ms`, `4.0 s`, `2 min 05 s`, `3 h 10 min`.
pub(crate) fn duration(span: Millis) -> String {
    let Millis(ms) = span;
    if !ms.is_finite() {
        return "?".to_owned();
    }
    if ms < 0.0 {
        return format!("-{}", duration(Millis(-ms)));
    }
    if ms < 9.95 {
        format!("{ms:.1} ms")
    } else if ms < 999.5 {
        format!("{ms:.0} ms")
    } else if ms < 59_950.0 {
        format!("{:.1} s", ms / 1000.0)
    } else {
        let (hours, minutes, seconds) = hms((ms / 1000.0).round());
        if hours > 0 {
            format!("{hours} h {minutes:02} min")
        } else {
            format!("{minutes} min {seconds:02} s")
        }
    }
}

/// How long a call has lasted: `00:42`, `1:03:07`.
pub(crate) fn clock(span: Millis) -> String {
    let (hours, minutes, seconds) = hms((span.0 / 1000.0).floor().max(0.0));
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

fn hms(seconds: f64) -> (u64, u64, u64) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates"
    )]
    let seconds = seconds as u64;
    (seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A number with commas between its thousands: `12,345`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 message`, `12 messages`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number))
}

/// An origin as people read it: without `https://`.
pub(crate) fn origin(origin: &str) -> &str {
    origin.strip_prefix("https://").unwrap_or(origin)
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
    let mut words = match (call.direction, &call.number) {
        (Some(CallDirection::Outbound), Some(number)) => format!("outbound to {}", safe(number)),
        (Some(CallDirection::Inbound), Some(number)) => format!("inbound from {}", safe(number)),
        (Some(CallDirection::Outbound), None) => "outbound".to_owned(),
        (Some(CallDirection::Inbound), None) => "inbound".to_owned(),
        (None, _) => "begun before the recording".to_owned(),
    };
    if call.direction.is_some() || call.phase != CallPhase::Resumed {
        words.push_str(" · ");
        words.push_str(call.phase.words());
    }
    if let (Some(answered), Some(ended)) = (call.answered_at, call.ended_at) {
        words.push_str(" · ");
        words.push_str(&clock(ended - answered));
    }
    if let Some(status) = &call.end_status {
        words.push_str(" · ");
        words.push_str(&safe(status));
    }
    words
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

/// Breaks a text at spaces into lines of at most `width` characters.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length == 0 => {
                line.push_str(word);
                length = word_length;
            }
            Some(line) if length + 1 + word_length <= width => {
                line.push(' ');
                line.push_str(word);
                length += 1 + word_length;
            }
            _ => {
                lines.push(word.to_owned());
                length = word_length;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_their_places() {
        let at = Millis(1_795_350_545_829.4);
        assert_eq!(time_of_day(at), "12:29:05.829");
        assert_eq!(time_of_day(Millis(-1.0)), "23:59:59.999");
        assert_eq!(time_of_day(Millis(f64::NAN)), "--:--:--.---");
        assert_eq!(date_and_time(at).as_deref(), Some("2026-11-22 12:29:05"));
        assert_eq!(date_and_time(Millis(1e300)), None);
    }

    #[test]
    fn durations_have_units() {
        let words = |ms| duration(Millis(ms));
        assert_eq!(words(2.13), "2.1 ms");
        assert_eq!(words(311.6), "312 ms");
        assert_eq!(words(4001.0), "4.0 s");
        assert_eq!(words(125_000.0), "2 min 05 s");
        assert_eq!(words(11_400_000.0), "3 h 10 min");
        assert_eq!(words(-0.3), "-0.3 ms");
        assert_eq!(clock(Millis(42_900.0)), "00:42");
        assert_eq!(clock(Millis(3_787_000.0)), "1:03:07");
    }

    #[test]
    fn long_texts_are_broken_at_spaces() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("extraordinary words", 5), ["extraordinary", "words"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn counts_have_commas_and_nouns() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(counted(1, "message"), "1 message");
        assert_eq!(counted(0, "message"), "0 messages");
    }
}
