//! Observes what a page could notice of an extension.

use std::time::Duration;

use callscope_browser::{BrowserError, Poll, Target, wait_for};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// How long to wait for a one-minute trace.
const LONG: Duration = Duration::from_mins(1);

/// Makes Chromium report exceptions and console output of this page, for [`said_by_extensions`].
///
/// # Errors
///
/// The errors of a driven browser.
pub fn listen_in(page: &Target) -> Result<(), BrowserError> {
    page.call("Runtime.enable", &json!({}))?;
    page.call("Log.enable", &json!({})).map(drop)
}

/// The exceptions, console output and reports from extension scripts in this page.
#[must_use]
pub fn said_by_extensions(page: &Target) -> Vec<Value> {
    const KINDS: [&str; 3] = [
        "Runtime.exceptionThrown",
        "Runtime.consoleAPICalled",
        "Log.entryAdded",
    ];
    let events = page.events().into_iter();
    let said = events.filter(|event| KINDS.contains(&event.method.as_str()));
    said.map(|event| event.params)
        .filter(|params| params.to_string().contains("chrome-extension://"))
        .collect()
}

/// A call of a function in an extension's script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The script's file, such as `worker.js`.
    pub script: String,
    /// Chromium's id of the frame that it ran in; `None` for a worker.
    pub frame: Option<String>,
}

/// All calls of functions in extension scripts, including workers, while `watch` runs.
///
/// Everything that a script does begins with the browser calling one of its functions: for a timer,
/// an event, a message, or its first run. Chromium's tracing reports all of these, in all
/// processes.
///
/// # Errors
///
/// The errors of a driven browser, and those of `watch`.
pub fn calls_of_extensions(
    page: &Target,
    watch: impl FnOnce() -> Result<(), BrowserError>,
) -> Result<Vec<Call>, BrowserError> {
    page.call(
        "Tracing.start",
        &json!({
            "transferMode": "ReturnAsStream",
            "traceConfig": { "includedCategories": ["devtools.timeline"] },
        }),
    )?;
    let watched = watch();
    let streams = || {
        let mut events = page.events();
        events.retain(|event| event.method == "Tracing.tracingComplete");
        events
            .into_iter()
            .map(|event| event.params["stream"].clone())
    };
    let before: Vec<Value> = streams().collect();
    page.call("Tracing.end", &json!({}))?;
    watched?;
    let stream = wait_for("the trace", LONG, || {
        let stream = streams().find(|stream| !before.contains(stream));
        Ok(stream.map_or_else(|| Poll::NotYet("no end of it".to_owned()), Poll::Done))
    })?;
    let trace: Trace = read(page, &stream)?;
    let mut calls = Vec::new();
    for Entry { name, args } in trace.entries {
        let data = &args["data"];
        let url = data["url"].as_str().unwrap_or_default();
        let is_call = matches!(name.as_str(), "FunctionCall" | "EvaluateScript");
        if is_call && url.starts_with("chrome-extension://") {
            let script = url.rsplit('/').next().unwrap_or_default().to_owned();
            let frame = data["frame"].as_str().map(ToOwned::to_owned);
            calls.push(Call { script, frame });
        }
    }
    Ok(calls)
}

/// The parts of Chromium's trace that are used.
#[derive(Deserialize)]
struct Trace {
    #[serde(rename = "traceEvents")]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    #[serde(default)]
    args: Value,
}

/// Reads one of Chromium's streams to its end.
fn read<T: DeserializeOwned>(page: &Target, stream: &Value) -> Result<T, BrowserError> {
    let mut text = String::new();
    loop {
        let part = page.call("IO.read", &json!({ "handle": stream, "size": 1 << 22 }))?;
        text.push_str(part["data"].as_str().unwrap_or_default());
        if part["eof"] == true {
            break;
        }
    }
    page.call("IO.close", &json!({ "handle": stream }))?;
    serde_json::from_str(&text).map_err(|source| BrowserError::Answer {
        method: "IO.read".to_owned(),
        answer: text.chars().take(200).collect(),
        source,
    })
}
