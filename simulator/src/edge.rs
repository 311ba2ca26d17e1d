//! Makes the one function available to the page's scripts.

use std::cell::RefCell;

use js_sys::{Reflect, global};
use wasm_bindgen::prelude::*;

use crate::Page;

/// The function's name in the page.
const NAME: &str = "callscopeMachine";

thread_local! {
    static PAGE: RefCell<Page> = RefCell::default();
}

#[wasm_bindgen(start)]
fn start() {
    let call = |command: String| PAGE.with_borrow_mut(|page| page.call(&command));
    let function = Closure::<dyn FnMut(String) -> String>::new(call).into_js_value();
    // Fails only on a frozen global object.
    drop(Reflect::set(&global(), &NAME.into(), &function));
}
