//! Keys that the panel uses but that the browser or DevTools would handle as well.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::shared::Shared;
use super::{js, mirror};

/// Lets keys that egui handles go on to DevTools, which has its own shortcuts.
pub(super) fn options() -> eframe::WebOptions {
    eframe::WebOptions {
        should_stop_propagation: Box::new(|event| {
            !matches!(event, egui::Event::Key { .. } | egui::Event::Text(_))
        }),
        // The panel has no gradients, and drawing without a graphics card takes half as long again
        // with it.
        dithering: false,
        ..eframe::WebOptions::default()
    }
}

/// The event that tells the panel that DevTools shows it, as in `devtools.js`.
const SHOWN: &str = "callscope-shown";

/// After how many milliseconds the keyboard is taken once more, if something else has it.
const AGAIN: [i32; 2] = [100, 300];

/// Takes the keyboard now and whenever DevTools shows the panel, as its own panels do: another panel
/// had it, and DevTools gives it to nothing.
///
/// A busy DevTools gives the panel its size only later, and before that nothing in it can have the
/// keyboard.
pub(super) fn take_when_shown(shared: &Rc<Shared>) -> Result<(), JsValue> {
    let has_size = || {
        let width = js::window().and_then(|it| it.inner_width());
        width.is_ok_and(|it| it.as_f64() > Some(0.0))
    };
    let is_waiting = Rc::new(Cell::new(false));
    let take = {
        let (shared, is_waiting) = (Rc::clone(shared), Rc::clone(&is_waiting));
        move || {
            mirror::take_keyboard(&shared);
            is_waiting.set(!has_size());
        }
    };
    let late = take.clone();
    // DevTools may give the keyboard to nothing only after it has told that it shows the panel.
    let again = move || {
        for pause in AGAIN {
            js::after(pause, take.clone());
        }
        take();
    };
    again();
    js::on_window(SHOWN, move |_| again())?;
    js::on_window("resize", move |_| {
        if is_waiting.get() {
            late();
        }
    })
}

/// Gives a key that nothing has to the panel, which has the keyboard from then on.
///
/// Where assistive technology reads on with its own keys, it takes the keyboard from the canvas.
fn pass_on(shared: &Rc<Shared>, event: &web_sys::KeyboardEvent) {
    let key = event.key();
    // They may be meant for the reader alone, and go on to other places.
    let is_others = [
        "Alt", "AltGraph", "CapsLock", "Control", "Insert", "Meta", "NumLock", "Shift",
    ]
    .contains(&key.as_str())
        || (key.starts_with('F') && key.len() > 1);
    if is_others || mirror::has_keyboard() {
        return;
    }
    // Not a copy of everything: the event itself goes on to DevTools, the copy must not.
    let copied = [
        "key",
        "code",
        "location",
        "ctrlKey",
        "shiftKey",
        "altKey",
        "metaKey",
        "repeat",
        "isComposing",
    ];
    let values = js_sys::Object::new();
    let copy = |name: &str, value: &JsValue| js_sys::Reflect::set(&values, &name.into(), value);
    for name in copied {
        let value = js_sys::Reflect::get(event, &name.into()).unwrap_or_default();
        _ = copy(name, &value);
    }
    _ = copy("cancelable", &JsValue::TRUE);
    let copy = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict(
        &event.type_(),
        values.unchecked_ref(),
    );
    let is_used = copy.is_ok_and(|copy| mirror::pass_to_canvas(shared, &copy));
    if is_used {
        event.prevent_default();
    }
}

/// Keeps the panel's shortcuts from the browser and from DevTools.
///
/// DevTools listens on the document of its panels, egui on the canvas; the body is in between.
pub(super) fn keep_keys(shared: &Rc<Shared>) -> Result<(), JsValue> {
    let shared = Rc::clone(shared);
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        pass_on(&shared, event.unchecked_ref());
        let get = |name: &str| js_sys::Reflect::get(&event, &name.into()).unwrap_or_default();
        let has_command = (get("ctrlKey").is_truthy() || get("metaKey").is_truthy())
            && !get("altKey").is_truthy();
        let is_ours = match get("key")
            .as_string()
            .unwrap_or_default()
            .to_lowercase()
            .as_str()
        {
            "e" | "f" | "k" | "l" | "o" | "s" | "z" => has_command,
            // In the rest of DevTools, it opens the drawer.
            "escape" => shared.panel().can_go_back(),
            _ => false,
        };
        // In the rest of DevTools, `?` opens the settings; here it can be typed.
        let is_kept = is_ours || get("key").as_string().as_deref() == Some("?");
        let event: &web_sys::Event = event.unchecked_ref();
        if is_kept {
            event.stop_propagation();
        }
        if is_ours {
            event.prevent_default();
        }
    });
    let body = js::document()?.body().ok_or("the page has no body")?;
    body.add_event_listener_with_callback("keydown", callback.as_ref().unchecked_ref())?;
    callback.forget();
    Ok(())
}
