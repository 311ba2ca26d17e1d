//! T20: something is posted that is not a message.

use super::prelude::*;
use crate::json;

pub(super) const RULE: Rule = Rule {
    code: "T20",
    title: "Posted value is not an object",
    why: "The SDK reads the type of whatever arrives. null and undefined throw an exception in \
          the other side's listener; in a string or a number it finds no type and ignores it.",
    fix: "Post only objects with a type and a messageId: call the methods of the SDK, or \
          sendMessage({ type, data }). Find the window.postMessage() that posts something \
          else; a message is posted as it is, not as JSON.stringify() makes of it.",
    severity: "error for null, undefined and the JSON text of a message, note for all else",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    – raw=null
                 ! T20 error The widget posted null; the host's listener throws an exception
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let (sender, receiver) = (arrival.from().name(), arrival.from().other().name());
    match arrival.json {
        Json::Object(_) => {}
        _ if arrival.recorded.truncated.is_some() => {}
        Json::Null => {
            report.error(format!(
                "The {sender} posted null; the {receiver}'s listener throws an exception"
            ));
        }
        Json::String(text) if message_in(text).is_some() => {
            let ty = message_in(text).map_or("a message", MessageType::name);
            report.error(format!(
                "The {sender} posted {ty} as JSON text, not as an object; the {receiver} ignores it"
            ));
        }
        other => {
            report.note(format!(
                "The {sender} posted {}, which is not a message; the {receiver} ignores it",
                other.kind_words()
            ));
        }
    }
}

/// A longer text is not read.
const READABLE_BYTES: usize = 65_536;

/// The type of the SDK's message that this is the JSON text of.
fn message_in(text: &str) -> Option<MessageType> {
    let may_be = text.trim_start().starts_with('{') && text.len() <= READABLE_BYTES;
    let read = may_be.then(|| json::read(text))?;
    MessageType::from_name(read.json.get("type")?.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn null_and_others() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    – raw=null
                 ! T20 error The widget posted null; the host's listener throws an exception
            1001 host      – raw="ping"
                 ! T20 note The host posted a string, which is not a message; the widget ignores it
            1002 widget    – raw=[1]
                 ! T20 note The widget posted an array, which is not a message; the host ignores it
            1003 widget    – raw=7
                 ! T20 note The widget posted a number, which is not a message; the host ignores it
            1004 widget    – raw="{\"type\":\"CALL_ENDED\",\"data\":{\"externalCallId\":\"a\"}}"
                 ! T20 error The widget posted CALL_ENDED as JSON text, not as an object; the host ignores it
            1005 host      – raw="{\"type\":\"webpackOk\"}"
                 ! T20 note The host posted a string, which is not a message; the widget ignores it
        "#]]);
    }
}
