//! Looking inside the pages of an origin: registers two scripts that Chrome runs there from then on.

use std::rc::Rc;

use callscope_bus::{INSIDE_RELAY_SCRIPT, INSIDE_SCRIPT, LISTENER_SCRIPT};
use wasm_bindgen::JsValue;

use super::shared::Shared;
use super::{js, permission};
use crate::event::Event;

/// The prefixes of the scripts' ids; the origin follows.
const PAGE: &str = "inside page ";
const RELAY: &str = "inside relay ";

const SCRIPTING: [&str; 2] = ["chrome", "scripting"];

/// Finds out which origins it is switched on for.
pub(super) fn find_out(shared: &Rc<Shared>) {
    answer(shared, async { Ok(()) });
}

/// Switches it on or off for an origin; switching on must follow shortly after a click, because the
/// user may have to be asked.
pub(super) fn set(shared: &Rc<Shared>, origin: String, on: bool) {
    answer(shared, async move {
        unregister(&origin).await;
        if on { register(&origin).await } else { Ok(()) }
    });
}

/// Carries out a request, and reports the resulting state.
fn answer(shared: &Rc<Shared>, wish: impl Future<Output = Result<(), JsValue>> + 'static) {
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let failure = wish.await.err().map(|error| js::describe(&error));
        let origins = registered().await;
        shared.handle(Event::SeesInside { origins, failure });
    });
}

/// The origins for which both scripts are registered.
async fn registered() -> Vec<String> {
    let all = js::call_async(&SCRIPTING, "getRegisteredContentScripts", &[]).await;
    let all = js_sys::Array::from(&all.unwrap_or_default());
    let ids = all.iter().filter_map(|script| {
        let id = js_sys::Reflect::get(&script, &"id".into()).ok()?;
        id.as_string()
    });
    let mut origins: Vec<String> = ids
        .filter_map(|id| id.strip_prefix(PAGE).map(str::to_owned))
        .collect();
    origins.sort();
    origins
}

/// Fails if they are not registered, which is just as well.
async fn unregister(origin: &str) {
    for id in [PAGE, RELAY] {
        let filter = js::object(&[("ids", js::list(&format!("{id}{origin}")))]);
        _ = js::call_async(&SCRIPTING, "unregisterContentScripts", &[filter]).await;
    }
}

async fn register(origin: &str) -> Result<(), JsValue> {
    let not_web = || JsValue::from_str("this is not a web origin");
    // Asking needs a click even if permission is already granted.
    if !permission::is_granted(origin).await {
        let origins = permission::origins(origin).ok_or_else(not_web)?;
        let granted = js::call_async(&["chrome", "permissions"], "request", &[origins]).await?;
        if !granted.is_truthy() {
            return Err(JsValue::from_str("Callscope may not run there"));
        }
    }
    let pattern = permission::origin_pattern(origin).ok_or_else(not_web)?;
    let script = |id: &str, files: &[&str], world: &str| {
        let files: js_sys::Array = files.iter().copied().map(JsValue::from).collect();
        js::object(&[
            ("id", format!("{id}{origin}").into()),
            ("matches", js::list(&pattern)),
            ("js", files.into()),
            ("world", world.into()),
            ("allFrames", true.into()),
            ("runAt", "document_start".into()),
            // Scripts that change a page must not stay on unnoticed.
            ("persistAcrossSessions", false.into()),
        ])
    };
    // Without the relay, an error of the other script would go unreported.
    let relay = script(RELAY, &[LISTENER_SCRIPT, INSIDE_RELAY_SCRIPT], "ISOLATED");
    let page = script(PAGE, &[INSIDE_SCRIPT], "MAIN");
    let both: JsValue = js_sys::Array::of2(&relay, &page).into();
    js::call_async(&SCRIPTING, "registerContentScripts", &[both]).await?;
    Ok(())
}
