//! A softphone in Rust: answers HubSpot, dials what is clicked there, and accepts every call.
//!
//! `cargo xtask softphone` makes a page of it, dist/softphone/. Without it:
//!
//! ```text
//! cargo build -p callscope-sdk-page --example softphone --target wasm32-unknown-unknown
//! wasm-bindgen --target web --out-dir pkg target/wasm32-unknown-unknown/debug/examples/softphone.wasm
//! ```
//!
//! and in the page: `<script type="module">import start from './pkg/softphone.js'; start();</script>`.

use std::cell::RefCell;
use std::rc::Rc;

use callscope_protocol::MessageType;
use callscope_sdk::{Answered, Call, EndStatus, Value as _, WidgetEvent};
use callscope_sdk_page::{PageError, PageValue, WidgetPage, WidgetSettings};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The call in progress.
type Current = Rc<RefCell<Option<Call<Answered, PageValue>>>>;

fn main() {}

/// Runs when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    if let Err(error) = open() {
        web_sys::console::error_1(&error.to_string().into());
    }
}

fn open() -> Result<(), PageError> {
    let current = Current::default();
    let page = WidgetPage::open(WidgetSettings::default(), move |page, event| {
        if let Err(error) = react(page, &current, event) {
            web_sys::console::error_1(&error.to_string().into());
        }
    })?;
    page.keep();
    Ok(())
}

fn react(
    page: &WidgetPage,
    current: &Current,
    event: WidgetEvent<PageValue>,
) -> Result<(), Box<dyn std::error::Error>> {
    match event {
        WidgetEvent::Ready(_) => {
            let data = PageValue::object_of([("isLoggedIn", true.into())]);
            page.act(|widget, now| widget.initialized(data, now))?;
        }
        WidgetEvent::Message(message) => match message.known {
            Some(MessageType::DialNumber) => {
                let number = message.data.and_then(|data| data.get("phoneNumber"));
                let data = PageValue::object_of([
                    ("toNumber", number.map_or(JsValue::UNDEFINED, |it| it.0)),
                    ("createEngagement", true.into()),
                ]);
                // The order is enforced: a call that nobody has answered has no `completed`.
                let call = page.act(|widget, now| widget.start_outgoing_call(&data, now))?;
                let call = page.act(|widget, now| call.answered(widget, None, now))?;
                current.replace(Some(call));
            }
            Some(MessageType::EndCall) => {
                let Some(call) = current.take() else {
                    return Ok(());
                };
                let status = EndStatus::Completed;
                let call = page.act(|widget, now| call.ended(widget, status, None, now))?;
                page.act(|widget, now| call.completed(widget, None, now))?;
            }
            _ => {}
        },
        WidgetEvent::Ignored { .. } => {}
    }
    Ok(())
}
