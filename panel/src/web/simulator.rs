//! Questions to the inspected page that only the simulator can answer.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::js;
use super::shared::Shared;
use crate::event::{Event, SimulatorAsk};

/// The longest answer that the simulator gives, in UTF-16 units.
const LONGEST: u32 = 20_000;

/// Asks the inspected page, whatever it is; its answer is only data.
pub(super) fn ask(shared: &Rc<Shared>, number: u32, ask: &SimulatorAsk) {
    let answered = Rc::clone(shared);
    let callback = Closure::once_into_js(move |value: JsValue, failure: JsValue| {
        let answer = answer(&value, &failure);
        answered.handle(Event::SimulatorAnswered { number, answer });
    });
    let inspected = ["chrome", "devtools", "inspectedWindow"];
    let asked = js::call(&inspected, "eval", &[ask.expression().into(), callback]);
    if let Err(error) = asked {
        let answer = Err(js::describe(&error));
        shared.handle(Event::SimulatorAnswered { number, answer });
    }
}

fn answer(value: &JsValue, failure: &JsValue) -> Result<String, String> {
    let get = |key: &str| js_sys::Reflect::get(failure, &key.into()).ok();
    for key in ["description", "value"] {
        let is_failure = get(if key == "value" {
            "isException"
        } else {
            "isError"
        });
        if is_failure.is_some_and(|it| it.is_truthy()) {
            let words = get(key).and_then(|it| it.as_string());
            return Err(words.unwrap_or_else(|| "the page threw something".to_owned()));
        }
    }
    let text: Option<&js_sys::JsString> = value.dyn_ref();
    let text = text.ok_or("the page answered with something else than a text")?;
    if text.length() > LONGEST {
        return Err("the page's answer is too long".to_owned());
    }
    Ok(text.into())
}
