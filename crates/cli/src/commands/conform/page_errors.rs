//! What scripts of the widget's page have thrown: the browser keeps it for whoever asks later.

use callscope_browser::{Event, Target};
use serde_json::{Value, json};

use super::pipe::Pipe;

/// So many are told at most.
const MOST: usize = 3;

/// The first exceptions that nobody caught, rejected promises among them, oldest first.
pub(super) fn page_errors(pipe: &Pipe<'_>) -> Vec<String> {
    let frames = pipe.frames(|_| true).unwrap_or_default().into_iter();
    let frames = frames.filter_map(|it| pipe.attach(it).ok());
    let errors = frames.flat_map(|frame| thrown_in(&frame));
    errors.take(MOST).collect()
}

fn thrown_in(frame: &Target) -> Vec<String> {
    // What was thrown before is told now, before the call returns. A page that loops says nothing.
    if frame.call("Runtime.enable", &json!({})).is_err() {
        return Vec::new();
    }
    frame.events().iter().filter_map(thrown).collect()
}

/// `TypeError: x is undefined (https://localhost:9025/phone.js:17)`.
fn thrown(event: &Event) -> Option<String> {
    if event.method != "Runtime.exceptionThrown" {
        return None;
    }
    let details = &event.params["exceptionDetails"];
    let exception = &details["exception"];
    let what = exception["description"]
        .as_str()
        .or_else(|| exception["value"].as_str())
        .or_else(|| details["text"].as_str())?;
    let what = what.lines().next().unwrap_or_default();
    let frame = &details["stackTrace"]["callFrames"][0];
    let place = [details, frame].into_iter().find_map(place);
    let rejected = details["text"].as_str().unwrap_or_default();
    let rejected = if rejected.contains("in promise") {
        ", in a promise that nobody awaits"
    } else {
        ""
    };
    Some(match place {
        Some(place) => format!("{what} ({place}{rejected})"),
        None => format!("{what}{rejected}"),
    })
}

fn place(value: &Value) -> Option<String> {
    let url = value["url"].as_str().filter(|it| !it.is_empty())?;
    // Counted from 0 here, and from 1 wherever a developer looks.
    let line = value["lineNumber"].as_u64()? + 1;
    Some(format!("{url}:{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(details: &Value) -> Option<String> {
        thrown(&Event {
            session: None,
            method: "Runtime.exceptionThrown".to_owned(),
            params: json!({ "exceptionDetails": details }),
        })
    }

    #[test]
    fn an_exception_has_its_words_and_its_place() {
        let thrown = json!({
            "text": "Uncaught", "url": "https://a.example/x.js", "lineNumber": 16,
            "exception": { "description": "TypeError: x is undefined\n    at y" },
        });
        assert_eq!(
            told(&thrown).unwrap(),
            "TypeError: x is undefined (https://a.example/x.js:17)"
        );
        let rejected = json!({
            "text": "Uncaught (in promise)",
            "exception": { "value": "token expired" },
            "stackTrace": { "callFrames": [{ "url": "https://a.example/y.js", "lineNumber": 0 }] },
        });
        assert_eq!(
            told(&rejected).unwrap(),
            "token expired (https://a.example/y.js:1, in a promise that nobody awaits)"
        );
        assert_eq!(told(&json!({ "text": "Uncaught" })).unwrap(), "Uncaught");
    }
}
