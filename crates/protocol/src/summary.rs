//! The one line by which a timeline distinguishes messages of one type.

use std::borrow::Cow;

use crate::json::Json;
use crate::{Category, MessageType};

/// Longer summaries are cut; a row has one line.
const MAX_CHARS: usize = 120;

/// A summary looks at no more members of an object than this.
const MAX_MEMBERS: usize = 64;

/// `known` is the message's type, if the catalogue has it; `None` if `is_typed` is false.
pub(crate) fn summary(message: &Json<'_>, is_typed: bool, known: Option<MessageType>) -> String {
    let text = if is_typed {
        of_typed(message, known)
    } else {
        of_untyped(message)
    };
    cut(text)
}

/// The members of an object, each key once, in the place where it comes first.
fn members<'a>(object: &'a Json<'_>) -> impl Iterator<Item = (&'a str, &'a Json<'a>)> {
    let all = object.members();
    let all = all.get(..all.len().min(MAX_MEMBERS)).unwrap_or_default();
    let is_first =
        |index: usize, key: &str| all.iter().position(|(it, _)| it == key) == Some(index);
    let firsts = all.iter().enumerate();
    let firsts = firsts.filter(move |(index, (key, _))| is_first(*index, key));
    firsts.map(|(_, (key, value))| (&**key, object.get(key).unwrap_or(value)))
}

fn of_untyped(value: &Json<'_>) -> String {
    match value {
        Json::Object(_) => {
            let keys: Vec<&str> = members(value).map(|(key, _)| key).take(6).collect();
            format!("object without type: {}", keys.join(", "))
        }
        Json::String(text) => format!("\"{}\"", cut(text.clone().into_owned())),
        Json::Array(items) => format!("array of {}", items.len()),
        Json::Null => "null".to_owned(),
        other => words(other).unwrap_or_default(),
    }
}

fn of_typed(message: &Json<'_>, known: Option<MessageType>) -> String {
    let Some(known) = known else {
        return message.get("data").map(brief).unwrap_or_default();
    };
    let fields = Fields(message);
    let parts = match known.spec().category {
        Category::Transport | Category::Session | Category::Error => of_session(known, &fields),
        Category::Outbound | Category::Inbound | Category::Call | Category::Engagement => {
            of_call(known, &fields)
        }
    };
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

/// The fields of a message, in words.
struct Fields<'a>(&'a Json<'a>);

impl Fields<'_> {
    fn top(&self, key: &str) -> Option<String> {
        self.0.get(key).and_then(words)
    }

    fn payload(&self) -> Option<&Json<'_>> {
        self.0.get("data")
    }

    fn data(&self, path: &str) -> Option<String> {
        words(self.payload()?.at(path)?)
    }

    fn brief(&self) -> Option<String> {
        self.payload().map(brief)
    }

    fn engagement(&self) -> Option<String> {
        self.data("engagementId")
            .map(|id| format!("engagement {id}"))
    }

    fn external_id(&self) -> Option<String> {
        self.data("externalCallId").map(|id| format!("call {id}"))
    }

    fn error(&self) -> Option<String> {
        let error = self.data("error.message").or_else(|| self.data("error"));
        error.or_else(|| self.data("message"))
    }
}

fn of_session(ty: MessageType, fields: &Fields<'_>) -> Vec<Option<String>> {
    use MessageType as T;

    match ty {
        T::Sync => vec![
            fields.top("hostUrl"),
            fields.top("portalId").map(|id| format!("portal {id}")),
            fields.top("iframeLocation"),
            fields
                .top("engagementId")
                .map(|id| format!("engagement {id}")),
        ],
        T::SyncAck => vec![fields.top("version"), fields.top("iFrameUrl")],
        T::SetWidgetUrl => vec![fields.top("iFrameUrl").or_else(|| fields.data("iFrameUrl"))],
        T::SetWidgetUrlFailed | T::Failed => vec![fields.error()],
        T::Error => vec![
            fields.data("type"),
            fields
                .data("data.originalMessage.type")
                .map(|name| format!("in reply to {name}")),
            fields.data("message"),
        ],
        T::Initialized => vec![
            fields.data("isLoggedIn").map(|is| logged_in(&is)),
            fields.data("isAvailable").map(|is| available(&is)),
            size(fields.payload().and_then(|data| data.get("sizeInfo"))),
        ],
        T::ResizeWidget => vec![size(fields.payload())],
        T::VisibilityChanged => {
            let is = |key| fields.data(key).as_deref() == Some("true");
            let words = match (is("isMinimized"), is("isHidden")) {
                (_, true) => "hidden",
                (true, false) => "minimized",
                (false, false) => "shown",
            };
            vec![Some(words.to_owned())]
        }
        _ => vec![fields.brief()],
    }
}

fn of_call(ty: MessageType, fields: &Fields<'_>) -> Vec<Option<String>> {
    use MessageType as T;

    match ty {
        T::DialNumber => vec![
            fields
                .data("phoneNumber")
                .or_else(|| fields.data("phone_number")),
        ],
        T::OutgoingCallStarted => {
            let number = fields
                .data("toNumber")
                .or_else(|| fields.data("phoneNumber"));
            vec![number, fields.external_id()]
        }
        T::IncomingCall => {
            let number = fields
                .data("fromNumber")
                .or_else(|| fields.data("phoneNumber"));
            vec![
                number.map(|number| format!("from {number}")),
                fields.external_id(),
            ]
        }
        T::CallEnded => {
            vec![
                fields.data("callEndStatus"),
                fields.engagement(),
                fields.external_id(),
            ]
        }
        T::RingtoneEnded => vec![fields.data("reason")],
        T::InitiateCallIdSucceeded => {
            vec![fields.data("callId").map(|id| format!("call id {id}"))]
        }
        T::CallerIdMatchSucceeded => vec![matches(fields.payload())],
        T::NavigateToRecord | T::NavigateToRecordFailed => vec![
            fields.error(),
            fields
                .data("objectCoordinates.objectId")
                .map(|id| format!("record {id}")),
            fields.data("openIn"),
        ],
        T::EndCall | T::SetCallState => vec![fields.brief()],
        _ => vec![fields.error(), fields.engagement(), fields.external_id()],
    }
}

/// A scalar in words; `None` for null and containers.
fn words(value: &Json<'_>) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone().into_owned()),
        Json::Number(text) => Some(number_words(text).into_owned()),
        Json::Bool(value) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// A number as [`Message`](crate::Message) shows it: 1e2 is 100.0, and what `f64` cannot hold stays
/// as it was written.
pub(crate) fn number_words(text: &str) -> Cow<'_, str> {
    // By far most numbers are whole, and stay as they are.
    let is_whole = text.len() < 16 && text.bytes().all(|it| it.is_ascii_digit());
    if is_whole {
        return Cow::Borrowed(text);
    }
    match serde_json::from_str::<serde_json::Number>(text) {
        Ok(number) => Cow::Owned(number.to_string()),
        Err(_) => Cow::Borrowed(text),
    }
}

fn logged_in(is: &str) -> String {
    match is {
        "true" => "logged in".to_owned(),
        "false" => "logged out".to_owned(),
        other => format!("isLoggedIn {other}"),
    }
}

fn available(is: &str) -> String {
    match is {
        "true" => "available".to_owned(),
        "false" => "unavailable".to_owned(),
        other => format!("isAvailable {other}"),
    }
}

fn size(value: Option<&Json<'_>>) -> Option<String> {
    let value = value?;
    Some(format!(
        "{} × {} px",
        words(value.get("width")?)?,
        words(value.get("height")?)?
    ))
}

fn matches(data: Option<&Json<'_>>) -> Option<String> {
    let Json::Array(matches) = data?.get("callerIdMatches")? else {
        return None;
    };
    let name = |key: &str| matches.first()?.get(key).and_then(words);
    let first = match (name("firstName"), name("lastName"), name("name")) {
        (Some(first), Some(last), _) => format!("{first} {last}"),
        (Some(name), None, _) | (None, Some(name), _) | (None, None, Some(name)) => name,
        (None, None, None) => String::new(),
    };
    Some(match (matches.len(), first.is_empty()) {
        (0, _) => "no match".to_owned(),
        (1, false) => first,
        (1, true) => "1 match".to_owned(),
        (count, false) => format!("{count} matches: {first}, …"),
        (count, true) => format!("{count} matches"),
    })
}

/// The scalars of a payload that is not in the catalogue.
fn brief(value: &Json<'_>) -> String {
    match value {
        Json::Object(_) => members(value)
            .filter_map(|(key, value)| Some(format!("{key} {}", words(value)?)))
            .take(4)
            .collect::<Vec<_>>()
            .join(" · "),
        Json::Array(items) => format!("array of {}", items.len()),
        other => words(other).unwrap_or_default(),
    }
}

fn cut(text: String) -> String {
    if text.len() <= MAX_CHARS {
        return text;
    }
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use crate::MessageSummary;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(MessageSummary::read(&text.into()).summary, expected);
    }

    #[test]
    fn summaries_tell_messages_apart() {
        check(
            r#"{"type":"SYNC_ACK","version":"0.9.7-beta.0","iFrameUrl":"https://w.example"}"#,
            "0.9.7-beta.0 · https://w.example",
        );
        check(
            r#"{"type":"INITIALIZED","data":{"isLoggedIn":true,"sizeInfo":{"width":400,"height":650}}}"#,
            "logged in · 400 × 650 px",
        );
        check(
            r#"{"type":"DIAL_NUMBER","data":{"phoneNumber":"+1 555 0100"}}"#,
            "+1 555 0100",
        );
        check(
            r#"{"type":"CREATE_ENGAGEMENT_SUCCEEDED","data":{"engagementId":4711}}"#,
            "engagement 4711",
        );
        check(
            r#"{"type":"CREATE_ENGAGEMENT_FAILED","data":{"error":{"message":"no number"}}}"#,
            "no number",
        );
        check(
            r#"{"type":"VISIBILITY_CHANGED","data":{"isMinimized":true}}"#,
            "minimized",
        );
        check(
            r#"{"type":"CALLER_ID_MATCH_SUCCEEDED","data":{"callerIdMatches":[{"firstName":"Ada"},{}]}}"#,
            "2 matches: Ada, …",
        );
        check(
            r#"{"type":"ERROR","data":{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"X"}}}}"#,
            "UNKNOWN_MESSAGE_TYPE · in reply to X",
        );
        check(
            r#"{"type":"MINE","data":{"a":1,"b":{},"c":"d"}}"#,
            "a 1 · c d",
        );
    }

    #[test]
    fn odd_values_have_a_summary_too() {
        check("null", "null");
        check("[1,2]", "array of 2");
        check(r#"{"a":1}"#, "object without type: a");
        check(r#"{"type":"DIAL_NUMBER","data":null}"#, "");
        check(r#"{"type":"LOGGED_IN","data":"now"}"#, "now");
    }

    #[test]
    fn long_summaries_are_cut() {
        let text = format!(
            r#"{{"type":"DIAL_NUMBER","data":{{"phoneNumber":"{}"}}}}"#,
            "é".repeat(500)
        );
        assert_eq!(
            MessageSummary::read(&text.as_str().into())
                .summary
                .chars()
                .count(),
            MAX_CHARS + 1
        );
    }
}
