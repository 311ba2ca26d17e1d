//! Times, durations and sizes in words.

use callscope_protocol::Millis;
use chrono::DateTime;

const DAY_MS: f64 = 86_400_000.0;

/// The user's time zone: minutes to add to UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UtcOffset(pub i32);

impl UtcOffset {
    /// The time of day: `12:00:00.829`.
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

    /// The day: `2026-11-22`; nothing if it is outside of what a calendar can say.
    #[must_use]
    pub fn day(self, at: Millis) -> Option<String> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, then is out of range"
        )]
        let local = (at.0 + f64::from(self.0) * 60_000.0) as i64;
        Some(
            DateTime::from_timestamp_millis(local)?
                .format("%Y-%m-%d")
                .to_string(),
        )
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
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates"
        )]
        let seconds = (ms / 1000.0).round() as u64;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
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

/// How long a call has lasted: `00:42`, `1:03:07`.
#[must_use]
pub fn clock(span: Millis) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates"
    )]
    let seconds = (span.0 / 1000.0).floor().max(0.0) as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

/// A size: `312 B`, `4.0 kB`, `1.2 MB`. A kB is 1024 bytes here, as the limit is set in such.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    let kilo = bytes as f64 / 1024.0;
    if bytes < 1024 {
        format!("{bytes} B")
    } else if kilo < 1023.5 {
        format!("{kilo:.1} kB")
    } else {
        format!("{:.1} MB", kilo / 1024.0)
    }
}

/// A number with thin spaces between its thousands: `12 345`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{202f}');
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
    fn times_of_day_are_local() {
        let at = Millis(1_795_350_545_829.4);
        assert_eq!(UtcOffset(0).time_of_day(at), "12:29:05.829");
        assert_eq!(UtcOffset(60).time_of_day(at), "13:29:05.829");
        assert_eq!(UtcOffset(-780).time_of_day(at), "23:29:05.829");
        assert_eq!(UtcOffset(0).time_of_day(Millis(f64::NAN)), "--:--:--.---");
        assert_eq!(UtcOffset(60).day(at).as_deref(), Some("2026-11-22"));
    }

    #[test]
    fn durations_have_units() {
        let words = |ms| duration(Millis(ms));
        assert_eq!(words(2.13), "2.1 ms");
        assert_eq!(words(311.6), "312 ms");
        assert_eq!(words(4001.0), "4.0 s");
        assert_eq!(words(125_000.0), "2 min 05 s");
        assert_eq!(words(11_400_000.0), "3 h 10 min");
        assert_eq!(words(-0.3), "−0.3 ms");
        assert_eq!(seconds(Millis(4900.0)), "4 s");
        assert_eq!(clock(Millis(42_900.0)), "00:42");
    }

    #[test]
    fn sizes_and_counts() {
        assert_eq!(bytes(312), "312 B");
        assert_eq!(bytes(1_258_291), "1.2 MB");
        assert_eq!(count(1234), "1234");
        assert_eq!(count(123_456), "123\u{202f}456");
        assert_eq!(counted(1, "message"), "1 message");
        assert_eq!(counted(0, "message"), "0 messages");
    }
}
