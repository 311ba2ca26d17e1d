//! Lets animation frames run only when something may be drawn.
//!
//! eframe 0.37 requests the next animation frame in each, forever, and then checks whether a repaint
//! is wanted. A browser that produces 60 frames a second never rests. So this page's
//! `requestAnimationFrame` holds eframe's callback back until a repaint is wanted or the user does
//! something, and passes on all others.

use std::cell::RefCell;
use std::time::Duration;

use wasm_bindgen::prelude::*;

use super::js;

/// The events that eframe listens to on the window, the document, the canvas and its text field;
/// all of them reach the window first.
const INPUT: &[&str] = &[
    "beforeinput",
    "blur",
    "change",
    "compositionend",
    "compositionstart",
    "compositionupdate",
    "copy",
    "cut",
    "dragleave",
    "dragover",
    "drop",
    "focus",
    "gesturechange",
    "gestureend",
    "gesturestart",
    "hashchange",
    "input",
    "keydown",
    "keyup",
    "load",
    "mouseleave",
    "mousemove",
    "pagehide",
    "pageshow",
    "paste",
    "pointercancel",
    "pointerdown",
    "pointerup",
    "popstate",
    "resize",
    "touchcancel",
    "touchend",
    "touchmove",
    "touchstart",
    "visibilitychange",
    "wheel",
];

/// How many frames one reason lets through: the first paints what an event has already changed, and
/// egui repeats each frame once for what settles late.
const FRAMES: u32 = 3;
/// The number for a repaint at a later time, which egui does not repeat: the first may come before
/// eframe's clock has reached that time.
const LATER_FRAMES: u32 = 2;

/// The id returned for a callback that is held back; the browser's own ids start at 1.
const KEPT: f64 = -1.0;

thread_local! {
    static GATE: RefCell<Option<Gate>> = const { RefCell::new(None) };
}

struct Gate {
    /// The browser's own functions, bound to the window.
    request: js_sys::Function,
    cancel: js_sys::Function,
    /// eframe's callback while it is held back.
    kept: Option<js_sys::Function>,
    /// The browser's id for the last callback that was held back and then passed on.
    passed: JsValue,
    /// How many more of eframe's frames are let through.
    open_for: u32,
    /// Whether all of them are held back.
    is_held: bool,
    /// When frames are wanted, by the wall clock in milliseconds, and the id of its timer.
    due: Option<(f64, i32)>,
    /// When frames were last wanted later than that. If something was drawn in between, egui has
    /// forgotten what was due, and nothing but this is drawn.
    then: Option<f64>,
}

/// Installs the gate, which holds all frames back until [`release`]; must run before eframe starts.
pub(super) fn install() -> Result<(), JsValue> {
    let window: JsValue = js::window()?.into();
    let own = |name: &str| -> Result<js_sys::Function, JsValue> {
        let function = js_sys::Reflect::get(&window, &name.into())?;
        Ok(function.dyn_into::<js_sys::Function>()?.bind0(&window))
    };
    let gate = Gate {
        request: own("requestAnimationFrame")?,
        cancel: own("cancelAnimationFrame")?,
        kept: None,
        passed: JsValue::UNDEFINED,
        open_for: FRAMES,
        is_held: true,
        due: None,
        then: None,
    };
    GATE.set(Some(gate));
    let request = Closure::<dyn Fn(js_sys::Function) -> JsValue>::new(request);
    js_sys::Reflect::set(
        &window,
        &"requestAnimationFrame".into(),
        &request.into_js_value(),
    )?;
    let cancel = Closure::<dyn Fn(JsValue)>::new(cancel);
    js_sys::Reflect::set(
        &window,
        &"cancelAnimationFrame".into(),
        &cancel.into_js_value(),
    )?;
    let on_input = Closure::<dyn Fn()>::new(wake).into_js_value();
    for name in INPUT {
        js::window()?.add_event_listener_with_callback_and_bool(
            name,
            on_input.unchecked_ref(),
            true,
        )?;
    }
    let query = js::call(&[], "matchMedia", &["(prefers-color-scheme: dark)".into()])?;
    let add: js_sys::Function =
        js_sys::Reflect::get(&query, &"addEventListener".into())?.dyn_into()?;
    add.call2(&query, &"change".into(), &on_input)?;
    Ok(())
}

/// Lets frames through whenever egui requests a repaint.
pub(super) fn follow(ctx: &egui::Context) {
    ctx.set_repaint_observer(|info| wake_after(info.delay));
}

/// Lets frames through from now on, because there is something to draw.
pub(super) fn release() {
    GATE.with_borrow_mut(|gate| {
        if let Some(gate) = gate
            && std::mem::take(&mut gate.is_held)
        {
            gate.open(FRAMES);
        }
    });
}

fn wake() {
    wake_after(Duration::ZERO);
}

/// This page's `requestAnimationFrame`.
fn request(callback: js_sys::Function) -> JsValue {
    GATE.with_borrow_mut(|gate| {
        let Some(gate) = gate else {
            return JsValue::UNDEFINED;
        };
        if is_eframes(&callback) {
            if gate.is_held || gate.open_for == 0 {
                gate.kept = Some(callback);
                return KEPT.into();
            }
            gate.open_for -= 1;
        }
        gate.pass(&callback)
    })
}

/// This page's `cancelAnimationFrame`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a closure for JavaScript owns its arguments"
)]
fn cancel(id: JsValue) {
    GATE.with_borrow_mut(|gate| {
        let Some(gate) = gate else { return };
        let id = if id.as_f64() == Some(KEPT) {
            gate.kept = None;
            &gate.passed
        } else {
            &id
        };
        _ = gate.cancel.call1(&JsValue::UNDEFINED, id);
    });
}

/// Whether a callback comes from this module: wasm-bindgen marks its closures like this, and in the
/// panel only eframe requests animation frames.
fn is_eframes(callback: &js_sys::Function) -> bool {
    js_sys::Reflect::has(callback, &"_wbg_cb_unref".into()).unwrap_or(false)
}

fn wake_after(delay: Duration) {
    GATE.with_borrow_mut(|gate| {
        if let Some(gate) = gate {
            if delay.is_zero() {
                gate.open(FRAMES);
            } else {
                gate.open_later(delay);
            }
        }
    });
}

impl Gate {
    fn pass(&self, callback: &js_sys::Function) -> JsValue {
        let passed = self.request.call1(&JsValue::UNDEFINED, callback);
        passed.unwrap_or(JsValue::UNDEFINED)
    }

    fn open(&mut self, frames: u32) {
        self.open_for = self.open_for.max(frames);
        if self.is_held {
            return;
        }
        if let Some(callback) = self.kept.take() {
            self.open_for -= 1;
            self.passed = self.pass(&callback);
        }
    }

    fn open_later(&mut self, delay: Duration) {
        /// Timers cannot wait much longer; a repaint this late stands for none.
        const LONGEST: Duration = Duration::from_hours(24);
        if delay > LONGEST {
            return;
        }
        let millis = delay.as_secs_f64() * 1000.0;
        let at = js::now().0 + millis;
        if self.due.is_some_and(|(due, _)| due <= at) {
            self.then = Some(at);
            return;
        }
        let Ok(window) = js::window() else { return };
        if let Some((due, timer)) = self.due.take() {
            window.clear_timeout_with_handle(timer);
            self.then = self.then.or(Some(due));
        }
        let callback = Closure::once_into_js(|| {
            GATE.with_borrow_mut(|gate| {
                if let Some(gate) = gate {
                    gate.due = None;
                    gate.open(LATER_FRAMES);
                    let left = gate.then.take().map(|at| at - js::now().0);
                    if let Some(left) = left.filter(|left| *left > 0.0) {
                        gate.open_later(Duration::from_secs_f64(left / 1000.0));
                    }
                }
            });
        });
        #[expect(clippy::cast_possible_truncation, reason = "at most a day")]
        let timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(
            callback.unchecked_ref(),
            millis.ceil() as i32,
        );
        self.due = timer.ok().map(|timer| (at, timer));
    }
}
