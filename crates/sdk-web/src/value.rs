//! A value of the page as the SDK's ends take it.

use callscope_sdk::{Entry, Value};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// A JavaScript value, never converted: what one page posts is what the other page's handler gets,
/// dates, maps and all.
#[derive(Clone, Debug, PartialEq)]
pub struct PageValue(pub JsValue);

impl Value for PageValue {
    fn get(&self, key: &str) -> Option<Self> {
        // Throws for what is no object.
        let value = Reflect::get(&self.0, &key.into()).ok()?;
        (!value.is_undefined()).then_some(Self(value))
    }

    fn as_text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn as_id(&self) -> Option<String> {
        if let Some(text) = self.0.as_string() {
            return (!text.is_empty()).then_some(text);
        }
        let number: &js_sys::Number = self.0.dyn_ref()?;
        // NaN is falsy as well.
        let is_truthy = number.value_of().abs() > 0.0;
        is_truthy.then(|| number.to_string_with_radix(10).ok().map(String::from))?
    }

    fn as_bool(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn object(base: Option<&Self>, entries: &[(&str, Entry<'_, Self>)]) -> Self {
        let object = Object::new();
        if let Some(base) = base {
            Object::assign(&object, base.0.unchecked_ref());
        }
        for (key, entry) in entries {
            let value = match entry {
                Entry::Undefined => JsValue::UNDEFINED,
                Entry::Text(text) => (*text).into(),
                Entry::Bool(bool) => (*bool).into(),
                Entry::Value(Self(value)) => value.clone(),
            };
            // A plain object of our own takes every key.
            let _ = Reflect::set(&object, &(*key).into(), &value);
        }
        Self(object.into())
    }
}
