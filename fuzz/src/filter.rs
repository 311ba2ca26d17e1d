//! Any text as a filter.

use callscope_protocol::{Message, MessageText, Severity, Side};
use callscope_session_view::filter::{Filter, Subject};

/// The first line is a filter; the rest is the message that it is held against.
pub fn run(text: &str) {
    let (filter, message) = text.split_once('\n').unwrap_or((text, ""));
    let parsed = match Filter::parse(filter) {
        Ok(parsed) => parsed,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let message_text = MessageText::from(message);
    let message = Message::decode(&message_text);
    let summary = message.summary();
    let id = message.message_id().unwrap_or_default();
    let subject = Subject {
        type_name: message.type_name().unwrap_or_default(),
        known: message.known(),
        message_id: &id,
        from: Side::Widget,
        origin: "https://localhost:9025",
        summary: &summary,
        injected: true,
        truncated: false,
        conversation: 2,
        call: None,
        text: message_text.as_str(),
    };
    let finding_keys = [(Severity::Warning, "M14"), (Severity::Note, "T05")];
    let matches = parsed.matches(&subject, &finding_keys);
    assert!(matches || !parsed.is_empty(), "an empty filter matches all");
    if !parsed.looks_at_findings() {
        assert_eq!(parsed.matches(&subject, &[]), matches);
    }
    // All terms must match, so the same ones twice say the same.
    let twice = Filter::parse(&format!("{filter} {filter}")).expect("a filter, twice");
    assert_eq!(twice.matches(&subject, &finding_keys), matches);
}
