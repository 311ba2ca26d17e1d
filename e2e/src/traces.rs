//! What a page could notice of an extension in it.

use callscope_browser::{BrowserError, Look, Target, wait_for};
use serde_json::{Value, json};

use crate::pages::LIMIT;

/// Has Chromium report exceptions and what is written to the console of this page, for
/// [`said_by_extensions`].
///
/// # Errors
///
/// What a driven browser can do.
pub fn listen_in(page: &Target) -> Result<(), BrowserError> {
    page.call("Runtime.enable", &json!({}))?;
    page.call("Log.enable", &json!({})).map(drop)
}

/// The exceptions, console lines and reports that came from an extension's script in this page.
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

/// A call of an extension's script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The script's file, such as `worker.js`.
    pub script: String,
    /// Chromium's name of the frame that it ran in; none for a worker.
    pub frame: Option<String>,
}

/// Every call of an extension's script, a worker's included, while `watch` runs.
///
/// Whatever a script does begins with the browser calling one of its functions: for a timer, an
/// event, a message, or its first run. Chromium's own tracing tells of each, in all processes.
///
/// # Errors
///
/// What a driven browser can do, and what `watch` returns.
pub fn calls_of_extensions(
    page: &Target,
    watch: impl FnOnce() -> Result<(), BrowserError>,
) -> Result<Vec<Call>, BrowserError> {
    let before = page.events().len();
    page.call(
        "Tracing.start",
        &json!({
            "transferMode": "ReportEvents",
            "traceConfig": { "includedCategories": ["devtools.timeline"] },
        }),
    )?;
    let watched = watch();
    page.call("Tracing.end", &json!({}))?;
    watched?;
    let events = || page.events().into_iter().skip(before);
    wait_for("the trace", LIMIT, || {
        let complete = events().any(|event| event.method == "Tracing.tracingComplete");
        Ok(Look::at(complete, "no end of it"))
    })?;
    let mut calls = Vec::new();
    for event in events().filter(|event| event.method == "Tracing.dataCollected") {
        for entry in event.params["value"].as_array().into_iter().flatten() {
            let data = &entry["args"]["data"];
            let url = data["url"].as_str().unwrap_or_default();
            let is_call = matches!(
                entry["name"].as_str(),
                Some("FunctionCall" | "EvaluateScript")
            );
            if is_call && url.starts_with("chrome-extension://") {
                let script = url.rsplit('/').next().unwrap_or_default().to_owned();
                let frame = data["frame"].as_str().map(ToOwned::to_owned);
                calls.push(Call { script, frame });
            }
        }
    }
    Ok(calls)
}
