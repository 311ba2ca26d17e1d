//! The calling windows of the inspected page, and the ports to their recorders.
//!
//! A calling window is a tab of its own, usually in a separate window. Chrome says which tab opened
//! another, without a permission. For a tab in a new window, that is the true opener, as long as
//! both are open. For a tab in the same window, it is the tab that was active, even if the user
//! opened the new one: such a tab is a calling window only if its page has an opener, which only a
//! page can give it. A page opened without one (`noopener`, or another opener policy) cannot be
//! connected to its opener.

use std::collections::BTreeMap;
use std::rc::Rc;

use callscope_bus::{FRAME_STATE_SCRIPT, FromPanel, PANEL_PORT};
use callscope_live::Tab;
use wasm_bindgen::JsValue;

use super::shared::Shared;
use super::{chrome, js, permission, storage};
use crate::event::{Event, WindowEvent};

const FIRST_PAUSE: i32 = 100;
const LONGEST_PAUSE: i32 = 5_000;
/// How often to check whether a page has opened a tab before it is taken for the user's: including
/// the pauses, half a minute.
const MOST_QUESTIONS: u32 = 11;

/// The windows by Chrome's tab id.
pub(super) type Windows = BTreeMap<i32, Window>;

/// The panel's end of the port to a window.
#[derive(Debug)]
pub(super) struct Window {
    port: Option<JsValue>,
    pause: i32,
    /// How many more times to check whether a page has opened it; `None` if one has.
    questions: Option<u32>,
    /// Whether it was closed; what it has left may still arrive.
    is_closed: bool,
}

impl Window {
    fn new(questions: Option<u32>) -> Self {
        Self {
            port: None,
            pause: FIRST_PAUSE,
            questions,
            is_closed: false,
        }
    }
}

/// Finds the open calling windows, and follows those that are opened and closed.
pub(super) fn follow(shared: &Rc<Shared>, opener: i32) {
    for (name, act) in [
        ("onCreated", add_if_opened as fn(&Rc<Shared>, i32, &JsValue)),
        ("onRemoved", remove),
    ] {
        if let Some(event) = js::global(&["chrome", "tabs", name]) {
            let shared = Rc::clone(shared);
            _ = js::listen(&event, move |tab| act(&shared, opener, &tab));
        }
    }
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let all = js::call_async(&["chrome", "tabs"], "query", &[js::object(&[])]).await;
        for tab in js_sys::Array::from(&all.unwrap_or_default()).iter() {
            add_if_opened(&shared, opener, &tab);
        }
    });
}

/// Sends a message to the recorder in a window; without a port it is lost.
pub(super) fn send(shared: &Rc<Shared>, tab: Tab, message: &FromPanel) {
    let windows = shared.windows.borrow();
    let port = windows
        .iter()
        .find(|(number, _)| self::tab(**number) == tab)
        .and_then(|(_, window)| window.port.clone());
    let Some(port) = port else { return };
    let text = callscope_bus::encode(message);
    // A port that has just closed reports that itself.
    if let Ok(post) = js_sys::Reflect::get(&port, &"postMessage".into())
        && let Ok(post) = wasm_bindgen::JsCast::dyn_into::<js_sys::Function>(post)
    {
        _ = post.call1(&port, &text.into());
    }
}

fn add_if_opened(shared: &Rc<Shared>, opener: i32, tab: &JsValue) {
    let (Some(number), Some(of), Some(window)) = (
        whole(tab, "id"),
        whole(tab, "openerTabId"),
        whole(tab, "windowId"),
    ) else {
        return;
    };
    if of != opener {
        return;
    }
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let own = js::call_async(&["chrome", "tabs"], "get", &[opener.into()]).await;
        let Ok(own) = own else { return };
        let is_window = whole(&own, "windowId") != Some(window);
        let is_new = !shared.windows.borrow().contains_key(&number);
        if is_new {
            let new = Window::new((!is_window).then_some(MOST_QUESTIONS));
            shared.windows.borrow_mut().insert(number, new);
            open(&shared, number);
        }
    });
}

fn remove(shared: &Rc<Shared>, _opener: i32, number: &JsValue) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "Chrome's tab ids are 32 bits wide"
    )]
    let Some(number) = number.as_f64().map(|it| it as i32) else {
        return;
    };
    let is_known = {
        let mut windows = shared.windows.borrow_mut();
        let window = windows.get_mut(&number);
        window.is_some_and(|window| {
            window.port = None;
            !std::mem::replace(&mut window.is_closed, true) && window.questions.is_none()
        })
    };
    if is_known {
        handle(shared, number, WindowEvent::Closed);
        storage::settle_later(shared);
    }
}

/// Whether the window is still open.
fn is_open(shared: &Rc<Shared>, number: i32) -> bool {
    let windows = shared.windows.borrow();
    windows.get(&number).is_some_and(|it| !it.is_closed)
}

/// Whether a page has opened this tab; `None` if unknown as yet.
async fn is_opened_by_a_page(shared: &Rc<Shared>, number: i32) -> Option<bool> {
    {
        let mut windows = shared.windows.borrow_mut();
        let questions = windows.get_mut(&number)?.questions.as_mut();
        let Some(questions) = questions else {
            return Some(true);
        };
        let Some(left) = questions.checked_sub(1) else {
            return Some(false);
        };
        *questions = left;
    }
    let top = js_sys::Array::of1(&0.into()).into();
    let target = js::object(&[("tabId", number.into()), ("frameIds", top)]);
    let frames = permission::run(target, &[FRAME_STATE_SCRIPT]).await.ok()?;
    let get = |of: &JsValue, key: &str| js_sys::Reflect::get(of, &key.into()).ok();
    let state = get(&js_sys::Array::from(&frames).get(0), "result")?;
    let has_opener = get(&state, "hasOpener")?.is_truthy();
    if has_opener && let Some(window) = shared.windows.borrow_mut().get_mut(&number) {
        window.questions = None;
    }
    Some(has_opener)
}

/// Starts the recorder and opens a port to it.
fn open(shared: &Rc<Shared>, number: i32) {
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        match is_opened_by_a_page(&shared, number).await {
            Some(true) => {}
            Some(false) => {
                shared.windows.borrow_mut().remove(&number);
                return;
            }
            None => return lost(&shared, number),
        }
        // Without permission, both calls fail, and so will the port.
        _ = permission::listen_now(number).await;
        _ = permission::start_recorder(number).await;
        if !is_open(&shared, number) || !chrome::has_context() {
            return;
        }
        let info = js::object(&[("frameId", 0.into()), ("name", PANEL_PORT.into())]);
        let opened = js::call(&["chrome", "tabs"], "connect", &[number.into(), info]);
        let listening = opened.and_then(|port| {
            listen(&shared, number, &port)?;
            Ok(port)
        });
        match listening {
            Ok(port) => {
                if let Some(window) = shared.windows.borrow_mut().get_mut(&number) {
                    window.port = Some(port);
                }
                handle(&shared, number, WindowEvent::PortOpened);
            }
            Err(_) => lost(&shared, number),
        }
    });
}

fn listen(shared: &Rc<Shared>, number: i32, port: &JsValue) -> Result<(), JsValue> {
    let heard = Rc::clone(shared);
    js::listen(
        &js_sys::Reflect::get(port, &"onMessage".into())?,
        move |message| {
            if let Some(window) = heard.windows.borrow_mut().get_mut(&number) {
                window.pause = FIRST_PAUSE;
            }
            if let Some(text) = message.as_string() {
                handle(&heard, number, WindowEvent::Received(text));
            }
        },
    )?;
    let closed = Rc::clone(shared);
    js::listen(
        &js_sys::Reflect::get(port, &"onDisconnect".into())?,
        move |_| {
            // Otherwise Chrome writes the error to the console.
            _ = chrome::last_error();
            lost(&closed, number);
        },
    )
}

/// Handles the loss of a port because the window navigated or has no recorder: tries again later,
/// as long as the window is open.
fn lost(shared: &Rc<Shared>, number: i32) {
    let pause = {
        let mut windows = shared.windows.borrow_mut();
        let window = windows.get_mut(&number).filter(|it| !it.is_closed);
        let Some(window) = window else {
            return;
        };
        window.port = None;
        let pause = window.pause;
        window.pause = (pause * 2).min(LONGEST_PAUSE);
        pause
    };
    let again = Rc::clone(shared);
    js::after(pause, move || open(&again, number));
}

pub(super) fn handle(shared: &Rc<Shared>, number: i32, what: WindowEvent) {
    let tab = tab(number);
    shared.handle(Event::Window { tab, what });
}

fn tab(number: i32) -> Tab {
    Tab::calling_window(number.unsigned_abs())
}

/// An integer member of one of Chrome's objects, if it has it.
fn whole(object: &JsValue, key: &str) -> Option<i32> {
    let value = js_sys::Reflect::get(object, &key.into()).ok()?.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "Chrome's ids are 32 bits wide"
    )]
    let value = value as i32;
    Some(value)
}
