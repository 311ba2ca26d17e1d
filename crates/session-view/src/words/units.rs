//! Times, durations, counts and sizes.

use callscope_protocol::Millis;
use chrono::DateTime;

const DAY_MS: f64 = 86_400_000.0;

/// A time zone: minutes to add to UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UtcOffset(pub i32);

impl UtcOffset {
    /// Universal time.
    pub const UTC: Self = Self(0);

    /// The time of day: `12:00:00.829`; dashes if the time is not a number.
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

    /// The day: `2026-11-22`; `None` if it is outside the calendar.
    #[must_use]
    pub fn day(self, at: Millis) -> Option<String> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, then is out of range"
        )]
        let local = (at.0 + f64::from(self.0) * 60_000.0).floor() as i64;
        let date = DateTime::from_timestamp_millis(local)?;
        Some(date.format("%Y-%m-%d").to_string())
    }
}

/// A duration: `3.2 ms`, `312 ms`, `4.0 s`, `2 min 05 s`, `3 h 10 min`.
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

/// A time relative to another one, always with the same number of decimals: `+12.345 s`, `−0.200
/// s`.
#[must_use]
pub fn since(span: Millis) -> String {
    let Millis(ms) = span;
    if !ms.is_finite() {
        return "?".to_owned();
    }
    let sign = if ms < 0.0 { '−' } else { '+' };
    format!("{sign}{:.3} s", ms.abs() / 1000.0)
}

/// Whole seconds, for somebody who is waiting: `4 s`, `2 min 05 s`.
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

/// A number with thousands separators: `12,345`.
#[must_use]
pub fn count(number: u64) -> String {
    callscope_protocol::thousands(number)
}

/// A number with its noun: `1 message`, `12 messages`.
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number))
}

/// A size: `312 B`, `4.0 kB`, `1.2 MB`. A kB is 1024 bytes here, because the limit is set in such.
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
        assert_eq!(UtcOffset::UTC.day(Millis(1e300)), None);
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
    fn sizes_have_units() {
        assert_eq!(bytes(312), "312 B");
        assert_eq!(bytes(4096), "4.0 kB");
        assert_eq!(bytes(1_258_291), "1.2 MB");
    }

    #[test]
    fn counts_have_commas_and_nouns() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(counted(1, "message"), "1 message");
        assert_eq!(counted(0, "message"), "0 messages");
    }
}
