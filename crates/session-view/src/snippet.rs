//! A message as code to paste.

use callscope_protocol::{FieldSpec, Location, Message, MessageSpec, RecordedMessage, Side};
use serde_json::Value;

use crate::value;
use crate::visible::visible_json;

/// Longer values are cut in the comment that shows them.
const MAX_VALUE: usize = 60;

/// The SDK method that sends a message; `None` if the SDK sends it by itself, or nobody does.
///
/// The catalogue also names what cannot be called: "IFrameManager.onMessage (automatic)".
#[must_use]
pub fn method(spec: &MessageSpec) -> Option<&'static str> {
    let mut names = spec.sdk_methods.iter().map(|words| {
        // "setWidgetUrl 0.8.0+" says since which version the method exists.
        words.split_once(' ').unwrap_or((words, ""))
    });
    let is_method = |(name, remark): &(&str, &str)| {
        name.chars().all(char::is_alphanumeric) && !remark.starts_with('(')
    };
    names.find(is_method).map(|(name, _)| name)
}

/// The SDK call by which a widget sends a message: `extensions.callEnded({ … });`
///
/// `None` if widgets do not send it, if the SDK sends it by itself, or if it has a field beside
/// `data` that no method writes there.
#[must_use]
pub fn sdk_call(recorded: &RecordedMessage) -> Option<String> {
    let message = Message::decode(&recorded.message);
    let spec = message.known()?.spec();
    let data = message.value().get("data").filter(|data| !data.is_null());
    // A method writes its argument into `data`, and nothing beside it that is not there as well.
    let is_sent = |field: &FieldSpec| {
        field.location == Location::Data
            || message.value().get(field.name).is_none()
            || data.is_some_and(|data| data.get(field.name).is_some())
    };
    if recorded.from != Side::Widget || !spec.fields.iter().all(is_sent) {
        return None;
    }
    let method = method(spec)?;
    let data = data.map_or_else(String::new, pretty);
    Some(format!("extensions.{method}({data});"))
}

/// A line for the console that posts the message again, and in which frame to run it.
///
/// This is the frame that received the message, so that its listeners take it as coming from their
/// own window.
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

/// The handler by which a widget receives a message of HubSpot's, for the SDK's `eventHandlers`:
/// the values of `data` are shown beside its keys.
///
/// `None` if HubSpot does not send it, or no handler receives it.
#[must_use]
pub fn handler(recorded: &RecordedMessage) -> Option<String> {
    let message = Message::decode(&recorded.message);
    let name = message.known()?.spec().handler?;
    if recorded.from != Side::Host {
        return None;
    }
    let argument = match message.value().get("data") {
        None | Some(Value::Null) => String::new(),
        Some(Value::Object(data)) if data.keys().all(|key| is_identifier(key)) => {
            let keys = data.iter().map(|(key, value)| {
                let value = value::inline(value, MAX_VALUE);
                format!("    {key}, // {value}\n")
            });
            let keys: String = keys.collect();
            if keys.is_empty() {
                String::new()
            } else {
                format!("{{\n{keys}  }}")
            }
        }
        Some(_) => "data".to_owned(),
    };
    Some(format!(
        "const eventHandlers = {{\n  {name}: ({argument}) => {{\n  }},\n}};"
    ))
}

/// A value formatted as code, over several lines.
#[must_use]
pub fn pretty(value: &Value) -> String {
    let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
    let lines: Vec<_> = pretty.lines().map(visible_json).collect();
    lines.join("\n")
}

fn is_identifier(key: &str) -> bool {
    let is_first = |it: char| it.is_ascii_alphabetic() || matches!(it, '_' | '$');
    key.starts_with(is_first) && key.chars().all(|it| is_first(it) || it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use callscope_protocol::{ConversationId, MessageType, Millis};

    fn recorded(from: Side, message: &str) -> RecordedMessage {
        RecordedMessage {
            seq: 1,
            at: Millis(0.0),
            conversation: ConversationId(1),
            from,
            origin: "".into(),
            injected: false,
            message: message.into(),
            cloned: std::collections::BTreeMap::new(),
            truncated: None,
        }
    }

    fn call(from: Side, message: &str) -> Option<String> {
        sdk_call(&recorded(from, message))
    }

    #[test]
    fn what_is_posted_again_is_said_where() {
        let line = console_line(&recorded(Side::Host, r#"{"type":"SYNC"}"#));
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

    #[test]
    fn what_the_newest_sdk_can_send_is_a_call() {
        let mut methods = Vec::new();
        for ty in MessageType::ALL {
            let spec = ty.spec();
            let is_current = spec.last.is_none() && spec.direction.allows(Side::Widget);
            let Some(method) = method(spec).filter(|_| is_current) else {
                continue;
            };
            // With every field that the newest version has in `data`.
            let fields = spec.fields.iter().filter(|it| {
                it.location == Location::Data && it.until.is_none() && !it.is_wildcard()
            });
            let fields: serde_json::Map<String, Value> =
                fields.map(|it| (it.name.to_owned(), 1.into())).collect();
            let message = serde_json::json!({
                "type": spec.name, "messageId": "1_1", "data": fields,
            });
            let found = call(Side::Widget, &message.to_string());
            let start = format!("extensions.{method}({{");
            assert!(
                found.is_some_and(|it| it.starts_with(&start)),
                "{}",
                spec.name
            );
            methods.push(method);
        }
        assert!(methods.contains(&"callAnswered") && methods.contains(&"setWidgetUrl"));
    }

    #[test]
    fn what_stands_beside_the_data_is_no_argument() {
        let message =
            |rest: &str| format!(r#"{{"type":"SET_WIDGET_URL","messageId":"1_1",{rest}}}"#);
        let beside = r#""iFrameUrl":"https://a.example""#;
        let inside = r#""data":{"iFrameUrl":"https://a.example"}"#;
        assert_eq!(call(Side::Widget, &message(beside)), None);
        let expected =
            Some("extensions.setWidgetUrl({\n  \"iFrameUrl\": \"https://a.example\"\n});");
        for rest in [inside.to_owned(), format!("{beside},{inside}")] {
            assert_eq!(call(Side::Widget, &message(&rest)).as_deref(), expected);
        }
        let wrong =
            r#"{"type":"CALL_ANSWERED","messageId":"1_1","payload":{"externalCallId":"a"}}"#;
        assert_eq!(call(Side::Widget, wrong), None, "only one version sends it");
    }

    /// Messages that the SDK sends by itself, or that only HubSpot sends, are not calls of a
    /// widget.
    #[test]
    fn whatever_is_written_as_a_call_can_be_called() {
        for ty in MessageType::ALL {
            let spec = ty.spec();
            let message = format!(
                r#"{{"type":"{}","messageId":"1_1","data":{{}}}}"#,
                ty.name()
            );
            assert_eq!(call(Side::Host, &message), None, "{}", ty.name());
            if let Some(call) = call(Side::Widget, &message) {
                let name = call.strip_prefix("extensions.");
                let name = name.and_then(|it| it.strip_suffix("({});"));
                let name = name.unwrap_or_else(|| panic!("{call}"));
                let known = spec.sdk_methods.iter().map(|it| it.split(' ').next());
                assert!(known.flatten().any(|it| it == name), "{call}");
                assert!(name.chars().all(char::is_alphanumeric), "{call}");
                assert!(spec.direction.allows(Side::Widget), "{call}");
            }
            assert_eq!(received(Side::Widget, &message), None, "{}", ty.name());
            let handler = received(Side::Host, &message);
            assert_eq!(handler.is_some(), spec.handler.is_some(), "{}", ty.name());
            if let (Some(text), Some(name)) = (handler, spec.handler) {
                let expected = format!("const eventHandlers = {{\n  {name}: () => {{\n  }},\n}};");
                assert_eq!(text, expected);
            }
        }
    }

    fn received(from: Side, message: &str) -> Option<String> {
        handler(&recorded(from, message))
    }

    #[test]
    fn what_a_widget_gets_has_a_handler() {
        let dial = r#"{"type":"DIAL_NUMBER","messageId":"1_1","data":{"phoneNumber":"+15550100","objectId":7}}"#;
        assert_eq!(
            received(Side::Host, dial).as_deref(),
            Some(
                "const eventHandlers = {\n  onDialNumber: ({\n    phoneNumber, // \"+15550100\"\n    \
                 objectId, // 7\n  }) => {\n  },\n};"
            )
        );
        // A page may send any key and any value: none may break out of its place in the code.
        for odd in [r#"{"a b":1}"#, r#"{"a\n}":1}"#, "[1]"] {
            let message = format!(r#"{{"type":"DIAL_NUMBER","data":{odd}}}"#);
            assert_eq!(
                received(Side::Host, &message).as_deref(),
                Some("const eventHandlers = {\n  onDialNumber: (data) => {\n  },\n};")
            );
        }
        let line = r#"{"type":"DIAL_NUMBER","data":{"phoneNumber":"1\u2028\n2"}}"#;
        let line = received(Side::Host, line).unwrap_or_default();
        assert_eq!(line.lines().count(), 6, "{line}");
        assert!(!line.contains('\u{2028}'));
        assert_eq!(received(Side::Widget, dial), None);
        assert_eq!(received(Side::Host, r#"{"type":"SYNC"}"#), None);
    }
}
