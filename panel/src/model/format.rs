//! Times, durations and sizes in words.

pub use callscope_session_log::words::{
    UtcOffset, clock, count, counted, duration, origin, seconds,
};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes(312), "312 B");
        assert_eq!(bytes(4096), "4.0 kB");
        assert_eq!(bytes(1_258_291), "1.2 MB");
    }
}
