//! Checks that the widget's URL can be loaded, before anything is played.

use anyhow::bail;
use callscope_browser::{Browser, BrowserError};
use callscope_protocol::origin_of;
use serde_json::Value;

use crate::text::safe;

/// Loads the widget on its own in a tab.
///
/// # Errors
///
/// Why it cannot be loaded, and what to do.
pub(super) fn check(browser: &Browser, widget: &str) -> anyhow::Result<()> {
    let page = browser.first_page()?;
    page.answer_dialogs()?;
    let shown = safe(widget);
    let answer = page.call("Page.navigate", &serde_json::json!({ "url": widget }));
    let answer = match answer {
        Ok(answer) => answer,
        Err(BrowserError::Timeout { .. }) => {
            bail!("{shown} does not answer: the server takes the request and sends no page")
        }
        Err(error) if error.is_final() => return Err(error.into()),
        Err(error) => bail!("{shown} is not an address that the browser takes: {error}"),
    };
    if let Some(reason) = answer["errorText"].as_str() {
        bail!("{shown} cannot be loaded: {}", advice(reason));
    }
    // A page that loops cannot be asked; that is noticed when it is played.
    let status: Result<Value, _> =
        page.evaluate("performance.getEntriesByType('navigation')[0]?.responseStatus ?? null");
    if let Some(status) = status.ok().and_then(|it| it.as_u64())
        && status >= 400
    {
        let advice = match status {
            401 | 403 => "the page must be there without a log-in of its server",
            500.. => "the log of the widget's server says why",
            _ => "is that the widget's address?",
        };
        bail!("{shown} answered {status}: {advice}");
    }
    let address: Result<String, _> = page.evaluate("location.href");
    if let (Some(asked), Ok(address)) = (origin_of(widget), address)
        && let Some(got) = origin_of(&address)
        && got != asked
    {
        bail!(
            "{shown} leads on to {got}: HubSpot addresses SYNC to {asked}, and the browser does not \
             deliver it; give the address at {got} instead"
        );
    }
    // Leave the tab: navigating away from a page that loops would wait for it.
    let params = serde_json::json!({ "url": "about:blank" });
    browser.call("Target.createTarget", &params)?;
    let params = serde_json::json!({ "targetId": page.info().id });
    browser.call("Target.closeTarget", &params)?;
    Ok(())
}

/// What to do about a network error.
fn advice(reason: &str) -> String {
    let advice = match reason {
        "net::ERR_CONNECTION_REFUSED" => "nothing listens there: start the widget's server",
        "net::ERR_NAME_NOT_RESOLVED" => "there is no such host: is it spelled right?",
        it if it.starts_with("net::ERR_CERT") => {
            "its certificate is not trusted: add --accept-insecure-certs"
        }
        "net::ERR_HTTP_RESPONSE_CODE_FAILURE" => {
            "the server answers with an error: is that the widget's address?"
        }
        "net::ERR_ABORTED" => "it sends no page, but a file to save or nothing at all (204)",
        "net::ERR_TOO_MANY_REDIRECTS" => {
            "it redirects again and again, as a log-in that needs cookies may"
        }
        "net::ERR_CONNECTION_TIMED_OUT" | "net::ERR_ADDRESS_UNREACHABLE" => {
            "that host does not answer: is it up, and is a VPN needed?"
        }
        "net::ERR_CONNECTION_RESET" | "net::ERR_CONNECTION_CLOSED" => {
            "it hangs up: is it the right port, and http:// or https://?"
        }
        "net::ERR_UNSAFE_PORT" => "browsers refuse this port: serve it on another one",
        "net::ERR_SSL_PROTOCOL_ERROR" => "it does not speak TLS: is it http://?",
        "net::ERR_EMPTY_RESPONSE" => "it hangs up without an answer: is it https://?",
        _ => return reason.to_owned(),
    };
    format!("{advice} ({reason})")
}
