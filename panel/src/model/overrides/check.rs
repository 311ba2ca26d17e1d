//! Whether HubSpot can use an override.

use callscope_protocol::is_local;
use serde_json::{Map, Value};

/// Parses an override.
///
/// # Errors
///
/// Why HubSpot could not use it, and what to write instead.
pub(super) fn check(text: &str) -> Result<Map<String, Value>, String> {
    let object = match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Err("It must be a JSON object: { \"name\": …, \"url\": … }".to_owned()),
        Err(error) => {
            return Err(format!(
                "It is not JSON: line {}, column {}: {}",
                error.line(),
                error.column(),
                reason(&error)
            ));
        }
    };
    match object.get("url") {
        None => Ok(object),
        Some(Value::String(url)) => check_url(url).map(|()| object),
        Some(_) => Err("\"url\" must be a text".to_owned()),
    }
}

/// The JSON parser's error without its location.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn check_url(url: &str) -> Result<(), String> {
    if url.is_empty() {
        return Err(
            "\"url\" is empty: write the widget's address, such as https://localhost:9025/"
                .to_owned(),
        );
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err("\"url\" must begin with https://".to_owned());
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let bad_host = host.is_empty() || url.chars().any(|it| it.is_whitespace() || it.is_control());
    match scheme.to_ascii_lowercase().as_str() {
        _ if bad_host => Err("\"url\" is not an address: the host after :// is missing or has spaces".to_owned()),
        "https" => Ok(()),
        "http" if is_local(url) => Ok(()),
        "http" => Err(
            "\"url\" must be https: browsers block http frames in HubSpot's https page. Only localhost may be http"
                .to_owned(),
        ),
        other => Err(format!("\"url\" must be https, not {other}")),
    }
}

pub(super) fn remarks(object: &Map<String, Value>) -> Vec<String> {
    let mut remarks = Vec::new();
    if !object.contains_key("url") {
        remarks.push("Without \"url\" HubSpot keeps loading the app's own widget.".to_owned());
    }
    if object
        .get("name")
        .and_then(Value::as_str)
        .is_none_or(str::is_empty)
    {
        remarks.push(
            "Without \"name\" the app has no name in HubSpot's list of providers.".to_owned(),
        );
    }
    match object.get("isReady") {
        None | Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) => {
            remarks.push(
                "\"isReady\": false hides the app from HubSpot's list of providers.".to_owned(),
            );
        }
        Some(_) => remarks.push("\"isReady\" should be true or false.".to_owned()),
    }
    for name in ["width", "height"] {
        if object.get(name).is_some_and(|it| !it.is_number()) {
            remarks.push(format!("\"{name}\" should be a number of pixels."));
        }
    }
    remarks
}
