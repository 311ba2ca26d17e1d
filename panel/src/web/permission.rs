//! Listening in origins that are not in the manifest.

use std::rc::Rc;

use callscope_bus::{CONTENT_SCRIPT, LISTENER_SCRIPT};
use wasm_bindgen::{JsCast as _, JsValue};

use super::js;
use super::shared::Shared;
use crate::event::Event;

/// Whether the extension may listen in this origin.
pub(super) async fn is_granted(origin: &str) -> bool {
    let Some(origins) = origins(origin) else {
        return false;
    };
    let granted = js::call_async(&["chrome", "permissions"], "contains", &[origins]).await;
    granted.is_ok_and(|it| it.is_truthy())
}

/// Finds out whether the extension may listen in this origin.
pub(super) fn check(shared: &Rc<Shared>, origin: String) {
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let granted = is_granted(&origin).await;
        if granted && let Some(tab) = shared.tab {
            // The user may have allowed it on the browser's own page, which does not register the
            // listener.
            _ = listen_where_allowed(&origin, tab).await;
        }
        shared.handle(Event::Permission { origin, granted });
    });
}

/// Asks the user; must be called shortly after a click.
pub(super) fn ask(shared: &Rc<Shared>, origin: String) {
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let result = permit(&shared, &origin)
            .await
            .map_err(|error| js::describe(&error));
        shared.handle(Event::Permitted { origin, result });
    });
}

async fn permit(shared: &Rc<Shared>, origin: &str) -> Result<bool, JsValue> {
    let origins = origins(origin).ok_or_else(|| JsValue::from_str("this is not a web origin"))?;
    let granted = js::call_async(&["chrome", "permissions"], "request", &[origins]).await?;
    if !granted.is_truthy() {
        return Ok(false);
    }
    register(origin).await?;
    if let Some(tab) = shared.tab {
        listen_now(tab).await?;
    }
    Ok(true)
}

/// Listens in an origin that the extension has permission for, unless Chrome already does.
async fn listen_where_allowed(origin: &str, tab: i32) -> Result<(), JsValue> {
    let scripting = ["chrome", "scripting"];
    let filter = js::object(&[("ids", js::list(&script_id(origin)))]);
    let scripts = js::call_async(&scripting, "getRegisteredContentScripts", &[filter]).await?;
    if is_declared(origin) || js_sys::Array::from(&scripts).length() > 0 {
        return Ok(());
    }
    register(origin).await?;
    listen_now(tab).await
}

/// Whether the manifest makes Chrome listen in this origin.
fn is_declared(origin: &str) -> bool {
    let Some(wanted) = pattern(origin) else {
        return false;
    };
    let get = |value: JsValue, key: &str| js_sys::Reflect::get(&value, &key.into()).ok();
    let declared = js::call(&["chrome", "runtime"], "getManifest", &[])
        .ok()
        .and_then(|manifest| get(manifest, "content_scripts"))
        .and_then(|scripts| get(scripts, "0"))
        .and_then(|script| get(script, "matches"));
    declared.is_some_and(|patterns| {
        js_sys::Array::from(&patterns)
            .into_iter()
            .any(|pattern| pattern.as_string().is_some_and(|it| covers(&it, &wanted)))
    })
}

/// Whether a match pattern covers that of a single origin: `https://*.hubspot.com/*` covers
/// `https://app.hubspot.com/*`.
fn covers(declared: &str, wanted: &str) -> bool {
    let below = |(scheme, domain): (&str, &str)| {
        let host = wanted.strip_prefix(scheme);
        host.is_some_and(|host| {
            host == domain
                || host
                    .strip_suffix(domain)
                    .is_some_and(|rest| rest.ends_with('.'))
        })
    };
    declared == wanted || declared.split_once("*.").is_some_and(below)
}

fn script_id(origin: &str) -> String {
    format!("origin {origin}")
}

/// Makes Chrome start the content script in this origin from now on, also after a restart.
async fn register(origin: &str) -> Result<(), JsValue> {
    let scripting = ["chrome", "scripting"];
    let id = script_id(origin);
    let filter = js::object(&[("ids", js::list(&id))]);
    // Fails if it is not registered, which is just as well.
    _ = js::call_async(&scripting, "unregisterContentScripts", &[filter]).await;
    let script = js::object(&[
        ("id", id.into()),
        ("matches", js::list(&pattern(origin).unwrap_or_default())),
        ("js", js::list(LISTENER_SCRIPT)),
        ("allFrames", true.into()),
        ("matchOriginAsFallback", true.into()),
        ("runAt", "document_start".into()),
        ("persistAcrossSessions", true.into()),
    ]);
    let scripts: JsValue = js_sys::Array::of1(&script).into();
    js::call_async(&scripting, "registerContentScripts", &[scripts]).await?;
    Ok(())
}

/// Listens in the frames that are open; those that already listen continue.
pub(super) fn listen_now(tab: i32) -> impl Future<Output = Result<(), JsValue>> {
    let target = js::object(&[("tabId", tab.into()), ("allFrames", true.into())]);
    let ran = run(target, &[LISTENER_SCRIPT]);
    async { ran.await.map(drop) }
}

/// Starts the recorder in the tab's page, unless it is already running.
pub(super) fn start_recorder(tab: i32) -> impl Future<Output = Result<(), JsValue>> {
    let top = js_sys::Array::of1(&0.into()).into();
    let target = js::object(&[("tabId", tab.into()), ("frameIds", top)]);
    let ran = run(target, &[LISTENER_SCRIPT, CONTENT_SCRIPT]);
    async { ran.await.map(drop) }
}

/// Runs files of the extension in frames; returns the result of the last file for each frame. The
/// call is made at once, before the future is awaited.
pub(super) fn run(
    target: JsValue,
    files: &[&str],
) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
    let files: js_sys::Array = files.iter().copied().map(JsValue::from).collect();
    let injection = js::object(&[
        ("target", target),
        ("files", files.into()),
        ("injectImmediately", true.into()),
    ]);
    let ran = js::call(&["chrome", "scripting"], "executeScript", &[injection]);
    async {
        let promise: js_sys::Promise = ran?.dyn_into()?;
        wasm_bindgen_futures::JsFuture::from(promise).await
    }
}

pub(super) fn origins(origin: &str) -> Option<JsValue> {
    Some(js::object(&[("origins", js::list(&pattern(origin)?))]))
}

/// The match pattern of an origin's host. Permissions are for hosts, so the port is left out.
pub(super) fn pattern(origin: &str) -> Option<String> {
    let (scheme, host, _) = parts(origin)?;
    Some(format!("{scheme}://{host}/*"))
}

/// The match pattern of an origin alone, and not of other ports of its host.
pub(super) fn origin_pattern(origin: &str) -> Option<String> {
    let (scheme, host, port) = parts(origin)?;
    let port = port.unwrap_or(if scheme == "https" { "443" } else { "80" });
    Some(format!("{scheme}://{host}:{port}/*"))
}

/// Scheme, host and port of a web origin.
fn parts(origin: &str) -> Option<(&str, &str, Option<&str>)> {
    let (scheme, authority) = origin.split_once("://")?;
    let port = (authority.rsplit_once(':')).filter(|(_, port)| !port.contains(']'));
    let (host, port) = port.map_or((authority, None), |(host, port)| (host, Some(port)));
    (matches!(scheme, "http" | "https") && !host.is_empty()).then_some((scheme, host, port))
}
