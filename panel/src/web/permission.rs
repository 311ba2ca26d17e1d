//! Asks for origins that the manifest does not declare, and keeps what was granted.

use super::chrome;
use super::events::Events;
use crate::event::Event;

/// The match pattern that covers an origin; `None` for what Chrome grants to nobody.
///
/// Ports are left out: a pattern without one covers them all, and a pattern with one is not what
/// Chrome shows to the user.
pub(super) fn pattern(origin: &str) -> Option<String> {
    let (scheme, rest) = origin.split_once("://")?;
    if !matches!(scheme, "https" | "http") {
        return None;
    }
    let after_bracket = rest.rfind(']').unwrap_or(0);
    let host = match rest.get(after_bracket..)?.find(':') {
        Some(colon) => rest.get(..after_bracket + colon)?,
        None => rest,
    };
    (!host.is_empty()).then(|| format!("{scheme}://{host}/*"))
}

/// Asks the user for this origin; on yes the content script is registered there for good and
/// started in the frames that are open.
///
/// Must be called within two animation frames after a click: Chrome wants a user gesture.
pub(super) fn permit(origin: String, events: Events) {
    let Some(pattern) = pattern(&origin) else {
        let result = Err("Only http and https origins can be permitted".to_owned());
        events.push(Event::Permitted { origin, result });
        return;
    };
    let asked = chrome::ask_to_listen_in(&pattern);
    wasm_bindgen_futures::spawn_local(async move {
        let result = match asked {
            Ok(answer) => listen_if_granted(&pattern, answer).await,
            Err(error) => Err(error),
        };
        let result = result.map_err(|error| chrome::words(&error));
        events.push(Event::Permitted { origin, result });
    });
}

async fn listen_if_granted(
    pattern: &str,
    answer: js_sys::Promise,
) -> Result<bool, wasm_bindgen::JsValue> {
    let granted = wasm_bindgen_futures::JsFuture::from(answer)
        .await?
        .is_truthy();
    if granted {
        chrome::listen_from_now_on(pattern, pattern).await?;
        chrome::listen_in_open_frames().await?;
    }
    Ok(granted)
}
