//! Times, spans, counts and origins in words: the same in the panel, the terminal and reports.

use callscope_protocol::{Call, CallDirection, CallPhase, Millis};
use chrono::DateTime;

const DAY_MS: f64 = 86_400_000.0;

/// A time zone: minutes to add to UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UtcOffset(pub i32);

impl UtcOffset {
    /// Universal time.
    pub const UTC: Self = Self(0);

    /// The time of day: `12:00:00.829`; dashes if the time is no number.
    #[must_use]
    pub fn time_of_day(self, at: Millis) -> String {
        if !at.0.is_finite() {
            return "--:--:--.---".to_owned();
        }
        let local = (at.0 + f64::from(self.0) * 60_000.0).rem_euclid(DAY_MS);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below a day"
        )]
        let millis = local.floor() as u64 % 86_400_000;
        let (hours, rest) = (millis / 3_600_000, millis % 3_600_000);
        let (minutes, rest) = (rest / 60_000, rest % 60_000);
        format!(
            "{hours:02}:{minutes:02}:{:02}.{:03}",
            rest / 1000,
            rest % 1000
        )
    }

    /// The day: `2026-11-22`; nothing if no calendar has it.
    #[must_use]
    pub fn day(self, at: Millis) -> Option<String> {
        self.calendar(at, "%Y-%m-%d")
    }

    /// Date and time: `2026-11-22 12:29:05`; nothing if no calendar has it.
    #[must_use]
    pub fn date_and_time(self, at: Millis) -> Option<String> {
        self.calendar(at, "%Y-%m-%d %H:%M:%S")
    }

    fn calendar(self, at: Millis, format: &str) -> Option<String> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, then is out of range"
        )]
        let local = (at.0 + f64::from(self.0) * 60_000.0).floor() as i64;
        let date = DateTime::from_timestamp_millis(local)?;
        Some(date.format(format).to_string())
    }
}

/// A span of time: `3.2 ms`, `312 ms`, `4.0 s`, `2 min 05 s`, `3 h 10 min`.
#[must_use]
pub fn duration(span: Millis) -> String {
    let Millis(ms) = span;
    if !ms.is_finite() {
        return "?".to_owned();
    }
    if ms < 0.0 {
        return format!("−{}", duration(Millis(-ms)));
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

/// Whole seconds, as a waiting user counts them: `4 s`, `2 min 05 s`.
#[must_use]
pub fn seconds(span: Millis) -> String {
    if span.0 < 60_000.0 {
        format!("{:.0} s", (span.0 / 1000.0).floor().max(0.0))
    } else {
        duration(span)
    }
}

/// A call: `outbound to +15550100 · completed · 00:42 · BUSY`.
#[must_use]
pub fn call(call: &Call) -> String {
    let mut words = match (call.direction, call.number()) {
        (Some(CallDirection::Outbound), Some(number)) => format!("outbound to {number}"),
        (Some(CallDirection::Inbound), Some(number)) => format!("inbound from {number}"),
        (Some(CallDirection::Outbound), None) => "outbound".to_owned(),
        (Some(CallDirection::Inbound), None) => "inbound".to_owned(),
        (None, _) => "begun before the recording".to_owned(),
    };
    let mut add = |part: &str| {
        words.push_str(" · ");
        words.push_str(part);
    };
    if call.direction.is_some() || call.phase != CallPhase::Resumed {
        add(call.phase.words());
    }
    if let Some(talking) = call.talking() {
        add(&clock(talking));
    }
    if let Some(status) = &call.end_status {
        add(status);
    }
    words
}

/// How long a call has lasted: `00:42`, `1:03:07`.
#[must_use]
pub fn clock(span: Millis) -> String {
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
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 message`, `12 messages`.
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number))
}

/// An origin as people read it: without `https://`.
#[must_use]
pub fn origin(origin: &str) -> &str {
    origin.strip_prefix("https://").unwrap_or(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_their_places() {
        let at = Millis(1_795_350_545_829.4);
        assert_eq!(UtcOffset::UTC.time_of_day(at), "12:29:05.829");
        assert_eq!(UtcOffset(60).time_of_day(at), "13:29:05.829");
        assert_eq!(UtcOffset(-780).time_of_day(at), "23:29:05.829");
        assert_eq!(UtcOffset::UTC.time_of_day(Millis(-1.0)), "23:59:59.999");
        assert_eq!(UtcOffset::UTC.time_of_day(Millis(f64::NAN)), "--:--:--.---");
        assert_eq!(UtcOffset(60).day(at).as_deref(), Some("2026-11-22"));
        assert_eq!(
            UtcOffset::UTC.date_and_time(at).as_deref(),
            Some("2026-11-22 12:29:05")
        );
        assert_eq!(UtcOffset::UTC.date_and_time(Millis(1e300)), None);
    }

    #[test]
    fn spans_have_units() {
        let words = |ms| duration(Millis(ms));
        assert_eq!(words(2.13), "2.1 ms");
        assert_eq!(words(311.6), "312 ms");
        assert_eq!(words(4001.0), "4.0 s");
        assert_eq!(words(125_000.0), "2 min 05 s");
        assert_eq!(words(11_400_000.0), "3 h 10 min");
        assert_eq!(words(-0.3), "−0.3 ms");
        assert_eq!(words(f64::INFINITY), "?");
        assert_eq!(seconds(Millis(4900.0)), "4 s");
        assert_eq!(clock(Millis(42_900.0)), "00:42");
        assert_eq!(clock(Millis(3_787_000.0)), "1:03:07");
    }

    #[test]
    fn counts_have_commas_and_nouns() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(counted(1, "message"), "1 message");
        assert_eq!(counted(0, "message"), "0 messages");
    }
}
