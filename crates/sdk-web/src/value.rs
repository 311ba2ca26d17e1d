//! A value of the page, as the SDK's ends use it.

use callscope_sdk::{Entry, Value};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/js/page.js")]
extern "C" {
    fn get(value: &JsValue, key: &str) -> JsValue;
    #[wasm_bindgen(js_name = idOf)]
    fn id_of(value: &JsValue) -> Option<String>;
    #[wasm_bindgen(js_name = originOf)]
    fn origin_of(url: &str) -> Option<String>;
    fn copy(value: &JsValue) -> JsValue;
    fn set(object: &JsValue, key: &str, value: &JsValue);
}

/// A JavaScript value that is never converted: the other page's handler receives what was posted,
/// including dates and maps.
#[derive(Clone, Debug, PartialEq)]
pub struct PageValue(pub JsValue);

impl Value for PageValue {
    fn get(&self, key: &str) -> Option<Self> {
        let value = get(&self.0, key);
        (!value.is_undefined()).then_some(Self(value))
    }

    fn as_text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn as_id(&self) -> Option<String> {
        id_of(&self.0)
    }

    fn as_bool(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn origin_of(url: &str) -> Option<String> {
        origin_of(url)
    }

    fn object(base: Option<&Self>, entries: &[(&str, Entry<'_, Self>)]) -> Self {
        let object = copy(base.map_or(&JsValue::UNDEFINED, |base| &base.0));
        for (key, entry) in entries {
            let made;
            let value = match entry {
                Entry::Undefined => &JsValue::UNDEFINED,
                Entry::Text(text) => {
                    made = JsValue::from_str(text);
                    &made
                }
                Entry::Bool(true) => &JsValue::TRUE,
                Entry::Bool(false) => &JsValue::FALSE,
                Entry::Value(Self(value)) => value,
            };
            set(&object, key, value);
        }
        Self(object)
    }
}
