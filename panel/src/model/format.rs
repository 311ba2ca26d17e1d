//! Times, durations and sizes in words.

pub use callscope_session_log::words::{
    UtcOffset, clock, count, counted, duration, origin, seconds,
};
pub use callscope_session_view::value::bytes;
