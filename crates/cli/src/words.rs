//! The words of the crate `callscope-session-view`, made safe to print.

use callscope_protocol::{Call, Conversation, Finding, Millis, Side};
pub(crate) use callscope_reference::{mark, wrap};
use callscope_session_view::words::UtcOffset;
pub(crate) use callscope_session_view::words::{
    answer, bytes, cause, clock, consequences, count, counted, duration, link, missing_line,
    of_strangers,
};

use crate::text::safe;

/// Reading the clock is fine: this program never runs on wasm32.
#[expect(
    clippy::disallowed_methods,
    reason = "native only, and playing needs a clock"
)]
pub(crate) fn now() -> Millis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Millis(since.unwrap_or_default().as_secs_f64() * 1e3)
}

/// The time of day in UTC: `12:00:00.829`.
pub(crate) fn time_of_day(at: Millis) -> String {
    UtcOffset::UTC.time_of_day(at)
}

/// The side with its arrow, padded to one width.
pub(crate) const fn sender(side: Side) -> &'static str {
    match side {
        Side::Host => "host   →",
        Side::Widget => "widget ←",
    }
}

/// "conversation 1 · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7", safe to print.
pub(crate) fn conversation(conversation: &Conversation) -> String {
    safe(&callscope_session_view::words::conversation(conversation)).into_owned()
}

/// "outbound to +15550100 · completed · 00:42 · BUSY", safe to print.
pub(crate) fn call(call: &Call) -> String {
    safe(&callscope_session_view::words::call(call)).into_owned()
}

/// "Fix: …" for a finding that stands alone; for a consequence, which finding it follows from.
pub(crate) fn cure(finding: &Finding) -> String {
    match &finding.cause {
        None => format!("Fix: {}", finding.fix()),
        Some(it) => format!("It {}: mend that one", cause(it)),
    }
}
