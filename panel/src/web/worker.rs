//! Whether the extension's worker answers, and what the panel does in its place if it does not.
//!
//! If the worker dies while Chromium installs it (while the extension is being loaded), Chromium
//! gives it up: every message to it is kept and never delivered, and no callback is called. A frame
//! can do nothing about that, but a page of the extension can still reach the frames of a tab. So
//! the panel starts the content script in the frames that ask for it, opens a port to each
//! ([`RELAY_PORT`]), and forwards what comes through them.

use std::collections::HashMap;
use std::rc::Rc;

use callscope_bus::{
    CONTENT_SCRIPT, FRAME_STATE_SCRIPT, FromTap, LISTENER_SCRIPT, RELAY_PORT, RelayRequest,
};
use callscope_bus::{decode, encode};
use wasm_bindgen::prelude::*;

use super::shared::Shared;
use super::{chrome, js, permission};
use crate::event::Event;

/// How long a worker may take to answer, in milliseconds: a sleeping one takes a few hundred.
const SILENT_AFTER: i32 = 2_000;
/// The pause between two checks of the frames, in milliseconds.
const PAUSE: i32 = 1_000;
/// The longest pause between two pings, in milliseconds.
const LONGEST_PAUSE: f64 = 60_000.0;

/// What is known of the worker.
#[derive(Debug, Default)]
pub(super) struct Worker {
    /// Distinguishes the callbacks of one question from those of earlier ones.
    round: u32,
    /// When the worker was first asked without answering since, by the wall clock.
    asked_at: Option<f64>,
    /// When to ask again, and the next pause.
    again: (f64, f64),
    is_silent: bool,
    /// The ports to frames, by Chrome's document id.
    ports: HashMap<String, JsValue>,
}

/// Finds out whether the worker answers, unless that is already under way.
pub(super) fn ask(shared: &Rc<Shared>) {
    let now = js::now().0;
    let round = {
        let mut worker = shared.worker.borrow_mut();
        if worker.asked_at.is_some() {
            return;
        }
        worker.asked_at = Some(now);
        worker.again = (now + f64::from(SILENT_AFTER), f64::from(SILENT_AFTER));
        worker.round += 1;
        worker.round
    };
    ping(shared);
    let shared = Rc::clone(shared);
    js::after(SILENT_AFTER, move || stand_in(&shared, round));
}

fn ping(shared: &Rc<Shared>) {
    let shared = Rc::clone(shared);
    let answered = Closure::once_into_js(move |answer: JsValue| {
        // Otherwise Chrome writes the error to the console.
        _ = chrome::last_error();
        // Anything else means that Chrome could not start the worker.
        if answer.is_string() {
            retire(&shared);
        }
    });
    let text = encode(&RelayRequest::Ping);
    _ = js::call(
        &["chrome", "runtime"],
        "sendMessage",
        &[text.into(), answered],
    );
}

/// Handles an answer of the worker, which now does its work itself.
fn retire(shared: &Rc<Shared>) {
    let worker = {
        let mut worker = shared.worker.borrow_mut();
        let round = worker.round;
        std::mem::replace(
            &mut *worker,
            Worker {
                round,
                ..Worker::default()
            },
        )
    };
    for port in worker.ports.values() {
        _ = method(port, "disconnect").and_then(|disconnect| disconnect.call0(port));
    }
    if worker.is_silent {
        shared.handle(Event::WorkerAnswered);
    }
}

/// Does the worker's work as long as it does not answer.
fn stand_in(shared: &Rc<Shared>, round: u32) {
    let (Some(tab), true) = (shared.tab, chrome::has_context()) else {
        return;
    };
    let now = js::now();
    let (since, is_new, asks) = {
        let mut worker = shared.worker.borrow_mut();
        let Some(since) = worker.asked_at.filter(|_| worker.round == round) else {
            return;
        };
        let (at, pause) = worker.again;
        let asks = now.0 >= at;
        if asks {
            worker.again = (now.0 + pause, (pause * 2.0).min(LONGEST_PAUSE));
        }
        let is_new = !std::mem::replace(&mut worker.is_silent, true);
        (since, is_new, asks)
    };
    if is_new {
        let since = callscope_protocol::Millis(since);
        shared.handle(Event::WorkerSilent { since });
    }
    if asks {
        ping(shared);
    }
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        // Fails if Callscope lacks permission for the page.
        _ = look_at_frames(&shared, tab).await;
        let again = Rc::clone(&shared);
        js::after(PAUSE, move || stand_in(&again, round));
    });
}

/// Starts the content script where frames ask for it, and opens a port to each frame that runs it.
async fn look_at_frames(shared: &Rc<Shared>, tab: i32) -> Result<(), JsValue> {
    let target = js::object(&[("tabId", tab.into()), ("allFrames", true.into())]);
    let frames: js_sys::Array = permission::run(target, &[FRAME_STATE_SCRIPT])
        .await?
        .dyn_into()?;
    for frame in frames.iter() {
        let get = |key: &str| js_sys::Reflect::get(&frame, &key.into()).unwrap_or_default();
        let (Some(document), Some(number)) =
            (get("documentId").as_string(), get("frameId").as_f64())
        else {
            continue;
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "Chrome's frame ids are 32 bits wide"
        )]
        let number = number as i32;
        let state = js_sys::Reflect::get(&get("result"), &"state".into());
        let state = state.ok().and_then(|state| state.as_string());
        let state = state.filter(|state| state != "listens").unwrap_or_default();
        if state == "asks" {
            let documents = js::list(&document);
            let target = js::object(&[("tabId", tab.into()), ("documentIds", documents)]);
            // The frame may be gone by now.
            _ = permission::run(target, &[LISTENER_SCRIPT, CONTENT_SCRIPT]).await;
        }
        let is_there = shared.worker.borrow().ports.contains_key(&document);
        if !state.is_empty() && number != 0 && !is_there {
            _ = connect(shared, tab, document, number);
        }
    }
    Ok(())
}

fn connect(shared: &Rc<Shared>, tab: i32, document: String, frame: i32) -> Result<(), JsValue> {
    if shared.worker.borrow().asked_at.is_none() {
        return Ok(());
    }
    let info = js::object(&[
        ("documentId", document.as_str().into()),
        ("name", RELAY_PORT.into()),
    ]);
    let port = js::call(&["chrome", "tabs"], "connect", &[tab.into(), info])?;
    let (to, from) = (port.clone(), document.clone());
    js::listen(
        &js_sys::Reflect::get(&port, &"onMessage".into())?,
        move |message| {
            let request = message.as_string().and_then(|text| decode(&text).ok());
            if let Some(RelayRequest::ToRecorder { text }) = request {
                let document = from.clone();
                let frame_id = frame;
                pass_on(
                    tab,
                    &FromTap {
                        document,
                        frame_id,
                        text,
                    },
                    to.clone(),
                );
            }
        },
    )?;
    let (lost, name) = (Rc::clone(shared), document.clone());
    js::listen(
        &js_sys::Reflect::get(&port, &"onDisconnect".into())?,
        move |_| {
            _ = chrome::last_error();
            lost.worker.borrow_mut().ports.remove(&name);
        },
    )?;
    shared.worker.borrow_mut().ports.insert(document, port);
    Ok(())
}

/// Passes a tap's message to the recorder, and the recorder's answer to the tap.
fn pass_on(tab: i32, said: &FromTap, port: JsValue) {
    let answered = Closure::once_into_js(move |answer: JsValue| {
        _ = chrome::last_error();
        let answer = answer.as_string().unwrap_or_default();
        // A port that has closed reports that itself.
        _ = method(&port, "postMessage").and_then(|post| post.call1(&port, &answer.into()));
    });
    let top = js::object(&[("frameId", 0.into())]);
    let arguments = [tab.into(), encode(said).into(), top, answered];
    _ = js::call(&["chrome", "tabs"], "sendMessage", &arguments);
}

fn method(object: &JsValue, name: &str) -> Result<js_sys::Function, JsValue> {
    js_sys::Reflect::get(object, &name.into())?.dyn_into()
}
