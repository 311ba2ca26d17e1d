//! The functions that the page gets.

use std::cell::RefCell;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::Course;

thread_local! {
    static COURSE: RefCell<Course> = RefCell::default();
}

/// Runs when the script is loaded.
#[wasm_bindgen(start)]
fn start() {
    let bench = Object::new();
    let load =
        Closure::<dyn Fn(String, u32) -> _>::new(|log: String, messages| load(&log, messages));
    let check = Closure::<dyn Fn() -> u32>::new(|| COURSE.with_borrow(Course::check));
    let read = Closure::<dyn Fn() -> u32>::new(|| COURSE.with_borrow(Course::read));
    for (name, function) in [
        ("load", load.into_js_value()),
        ("check", check.into_js_value()),
        ("read", read.into_js_value()),
    ] {
        // A plain object takes any property.
        _ = Reflect::set(&bench, &name.into(), &function);
    }
    _ = Reflect::set(&js_sys::global(), &"callscopeBench".into(), &bench);
}

fn load(log: &str, messages: u32) -> Result<u32, JsValue> {
    let course = Course::repeat(log, messages).map_err(JsValue::from)?;
    let messages = course.messages();
    COURSE.set(course);
    Ok(messages)
}
