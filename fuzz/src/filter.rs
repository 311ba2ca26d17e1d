//! Any text as a filter.

use callscope_protocol::{MessageSummary, MessageText, Millis, Severity, Side};
use callscope_session_view::filter::{Filter, Subject, Vocabulary, completions};

/// The first line is a filter; the rest is the message that it is held against.
pub fn run(text: &str) {
    let (filter, message) = text.split_once('\n').unwrap_or((text, ""));
    let parsed = match Filter::parse(filter) {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return assert!(filter.get(error.at).is_some());
        }
    };
    let message_text = MessageText::from(message);
    let summary = MessageSummary::read(&message_text);
    let subject = Subject {
        type_name: &summary.type_name,
        known: summary.known,
        message_id: &summary.message_id,
        from: Side::Widget,
        origin: "https://localhost:9025",
        summary: &summary.summary,
        injected: true,
        truncated: None,
        conversation: 2,
        call: None,
        latency: Some(Millis(340.0)),
        text: message_text.as_str(),
    };
    let finding_keys = [(Severity::Warning, "M14"), (Severity::Note, "T05")];
    let matches = parsed.matches(&subject, &finding_keys);
    assert!(matches || !parsed.is_empty(), "an empty filter matches all");
    if !parsed.looks_at_findings() {
        assert_eq!(parsed.matches(&subject, &[]), matches);
    }
    // Written again, it is the same one.
    let written = parsed.to_string();
    assert_eq!(Filter::parse(&written).as_ref(), Ok(&parsed), "{written}");
    // What can be typed next takes the place of a part of the text, wherever the cursor is.
    for completion in completions(filter, filter.len() / 2, &Vocabulary::default()) {
        assert!(filter.get(completion.at).is_some());
    }
}
