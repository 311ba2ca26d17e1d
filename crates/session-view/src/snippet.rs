//! A message as code to paste.

use callscope_protocol::{Message, RecordedMessage, Side};

use crate::visible::visible_json;

/// The SDK call with which a widget sends a message: `extensions.callEnded({ … });`
///
/// `None` if a widget does not send it, or the SDK does so by itself.
#[must_use]
pub fn sdk_call(recorded: &RecordedMessage) -> Option<String> {
    let message = Message::decode(&recorded.message);
    let spec = message.known()?.spec();
    if recorded.from != Side::Widget {
        return None;
    }
    // Some are no method: "IFrameManager.onMessage (automatic)".
    let is_method = |words: &&&str| words.chars().all(char::is_alphanumeric);
    let method = spec.sdk_methods.iter().find(is_method)?;
    let data = message.value().get("data").filter(|data| !data.is_null());
    let data = data.map_or_else(String::new, |data| {
        let pretty = serde_json::to_string_pretty(data).unwrap_or_default();
        let lines: Vec<_> = pretty.lines().map(visible_json).collect();
        lines.join("\n")
    });
    Some(format!("extensions.{method}({data});"))
}

/// A line for the console that posts the message again, and where to run it.
///
/// In the frame that received it, so that its listeners hear it as from its own window.
#[must_use]
pub fn console_line(recorded: &RecordedMessage) -> String {
    let place = match recorded.from {
        Side::Host => "the widget's iframe",
        Side::Widget => "the HubSpot page's frame",
    };
    let message = visible_json(recorded.message.as_str());
    format!(
        "// Run in {place}: choose it in the console's list of frames. A listener that looks at \
         event.origin or event.source takes it for another sender.\n\
         window.postMessage({message}, window.origin);"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use callscope_protocol::{ConversationId, Millis};

    fn call(from: Side, message: &str) -> Option<String> {
        sdk_call(&RecordedMessage {
            seq: 1,
            at: Millis(0.0),
            conversation: ConversationId(1),
            from,
            origin: String::new(),
            injected: false,
            message: message.into(),
            cloned: std::collections::BTreeMap::new(),
            truncated: None,
        })
    }

    #[test]
    fn what_is_posted_again_is_said_where() {
        let recorded = RecordedMessage {
            seq: 1,
            at: Millis(0.0),
            conversation: ConversationId(1),
            from: Side::Host,
            origin: String::new(),
            injected: false,
            message: r#"{"type":"SYNC"}"#.into(),
            cloned: std::collections::BTreeMap::new(),
            truncated: None,
        };
        let line = console_line(&recorded);
        assert!(line.starts_with("// Run in the widget's iframe"), "{line}");
        assert!(
            line.ends_with("\nwindow.postMessage({\"type\":\"SYNC\"}, window.origin);"),
            "{line}"
        );
    }

    #[test]
    fn what_a_widget_calls_is_a_call() {
        let ended = r#"{"type":"CALL_ENDED","messageId":"1_1","data":{"externalCallId":"a"}}"#;
        assert_eq!(
            call(Side::Widget, ended).as_deref(),
            Some("extensions.callEnded({\n  \"externalCallId\": \"a\"\n});")
        );
        let out = r#"{"type":"LOGGED_OUT","messageId":"1_1"}"#;
        assert_eq!(
            call(Side::Widget, out).as_deref(),
            Some("extensions.userLoggedOut();")
        );
        assert_eq!(call(Side::Host, ended), None);
        for automatic in ["SYNC_ACK", "DIAL_NUMBER", "NONSENSE"] {
            let message = format!(r#"{{"type":"{automatic}"}}"#);
            assert_eq!(call(Side::Widget, &message), None, "{automatic}");
        }
    }
}
