//! A value of the page, as the SDK's ends use it.

use callscope_sdk::{Entry, Value};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::Url;

/// A JavaScript value that is never converted: the other page's handler receives what was posted,
/// including dates and maps.
#[derive(Clone, Debug, PartialEq)]
pub struct PageValue(pub JsValue);

impl PageValue {
    /// An object with these keys.
    #[must_use]
    pub fn object_of<const N: usize>(entries: [(&str, JsValue); N]) -> Self {
        let object = Object::new();
        for (key, value) in entries {
            set(&object, key, &value);
        }
        Self(object.into())
    }
}

impl From<JsValue> for PageValue {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

impl Value for PageValue {
    fn get(&self, key: &str) -> Option<Self> {
        // This fails for what is not an object, and for a getter of the application that throws.
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
        let number = self.0.as_f64().filter(|it| *it != 0.0 && !it.is_nan())?;
        js_sys::Number::from(number)
            .to_string_with_radix(10)
            .ok()
            .map(String::from)
    }

    fn as_bool(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn origin_of(url: &str) -> Option<String> {
        let base = web_sys::window()?.location().href().ok()?;
        let origin = Url::new_with_base(url, &base).ok()?.origin();
        (origin != "null").then_some(origin)
    }

    fn object(base: Option<&Self>, entries: &[(&str, Entry<'_, Self>)]) -> Self {
        let object = Object::new();
        // A value that is not an object has no keys to copy.
        if let Some(base) = base.and_then(|it| Object::try_from(&it.0)) {
            Object::assign(&object, base);
        }
        for (key, entry) in entries {
            let value = match entry {
                Entry::Undefined => JsValue::UNDEFINED,
                Entry::Text(text) => JsValue::from_str(text),
                Entry::Bool(it) => JsValue::from_bool(*it),
                Entry::Value(Self(value)) => value.clone(),
            };
            set(&object, key, &value);
        }
        Self(object.into())
    }
}

/// Sets a key of a newly created object, which cannot fail.
fn set(object: &Object, key: &str, value: &JsValue) {
    let is_set = Reflect::set(object, &key.into(), value);
    debug_assert_eq!(is_set, Ok(true));
}
