//! A value that the page posted, as cloned into this script's world.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::js;
use crate::tap::copy::{Bounds, Kind, Posted, is_index};
use crate::text::join;

/// A posted value.
#[derive(Clone)]
pub(super) struct Value(pub(super) JsValue);

impl Value {
    fn as_object(&self) -> &js::Posted {
        self.0.unchecked_ref()
    }
}

impl Posted for Value {
    fn kind(&self) -> Kind {
        let value = &self.0;
        if let Some(text) = value.dyn_ref::<js_sys::JsString>() {
            return Kind::Text(text.length() as usize);
        }
        if value.is_object() {
            return if js::is_array(value) {
                Kind::List(value.unchecked_ref::<Array>().length() as usize)
            } else if js::PLAIN.with(|plain| js::prototype_of(value) == *plain) {
                Kind::Record
            } else {
                Kind::Instance(class_of(value))
            };
        }
        if let Some(number) = value.as_f64() {
            Kind::Number(number)
        } else if let Some(truth) = value.as_bool() {
            Kind::Bool(truth)
        } else if value.is_null() {
            Kind::Null
        } else if value.is_bigint() {
            Kind::BigInt
        } else {
            Kind::Undefined
        }
    }

    fn children(&self, limit: usize) -> Vec<Self> {
        list(&js::values(&self.0), limit)
    }

    fn count(&self) -> usize {
        js::values(&self.0).length() as usize
    }

    fn element(&self, index: usize) -> Option<Self> {
        let list: &Array = self.0.unchecked_ref();
        let index = u32::try_from(index).ok()?;
        js::has_own(&self.0, index).then(|| Self(list.get(index)))
    }

    fn members(&self, limit: usize) -> Vec<(String, Self)> {
        let mut members = Vec::new();
        for Self(entry) in list(&js::entries(&self.0), limit) {
            let entry: Array = entry.unchecked_into();
            // Quoted by the engine: Rust strings cannot hold lone surrogates.
            let key = Self(entry.get(0)).stringified().unwrap_or_default();
            members.push((key, Self(entry.get(1))));
        }
        members
    }

    fn is_dense(&self, length: usize) -> bool {
        // Indices come first, in ascending order: with as many keys as elements and an index as the
        // last key, all keys are indices.
        let keys = js::keys(&self.0);
        let last = keys.length().checked_sub(1).map(|last| keys.get(last));
        keys.length() as usize == length
            && last.is_none_or(|key| key.as_string().is_some_and(|key| is_index(&key)))
    }

    fn extras(&self, limit: usize) -> Vec<(String, Self)> {
        let keys = js::keys(&self.0);
        let mut extras = Vec::new();
        for place in (0..keys.length()).rev() {
            let key = keys.get(place);
            if key.as_string().is_none_or(|key| is_index(&key)) {
                break;
            }
            let member = js_sys::Reflect::get(&self.0, &key).unwrap_or_default();
            extras.push((Self(key).stringified().unwrap_or_default(), Self(member)));
        }
        extras.reverse();
        extras.truncate(limit);
        extras
    }

    fn quoted(&self, limit: usize) -> String {
        let text: &js_sys::JsString = self.0.unchecked_ref();
        let head = text.substring(0, u32::try_from(limit).unwrap_or(u32::MAX));
        Self(head.into())
            .stringified()
            .unwrap_or_else(|| "\"\"".to_owned())
    }

    fn stringified(&self) -> Option<String> {
        js::stringify(&self.0).ok()?.as_string()
    }

    fn plain_text(&self, bounds: Bounds) -> Option<String> {
        let bound = |most: usize| u32::try_from(most).unwrap_or(u32::MAX);
        let Bounds {
            text,
            depth,
            values,
        } = bounds;
        js::plain_text(&self.0, bound(values), bound(text), bound(depth)).as_string()
    }

    fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn unpacked(&self, class: &str) -> (Option<Self>, String) {
        let number = |value: JsValue| value.as_f64().map(|number| js::to_text(&number.into()));
        let sized = |size: JsValue, unit: &str| match number(size) {
            Some(Ok(size)) => join(&[class, ", ", &size, unit]),
            _ => class.to_owned(),
        };
        match class {
            // JSON writes these as their content.
            "Date" | "Boolean" | "Number" | "String" => {
                let inner = self.stringified().and_then(|text| js::parse(&text).ok());
                (inner.map(Self), class.to_owned())
            }
            "Map" | "Set" => {
                let inner = js::array_from(&self.0).ok().map(|list| Self(list.into()));
                (inner, sized(self.as_object().size(), " entries"))
            }
            "Error" | "RegExp" => {
                let inner = js::to_text(&self.0).ok().map(|text| Self(text.into()));
                (inner, class.to_owned())
            }
            "Blob" | "File" => (None, sized(self.as_object().size(), " bytes")),
            _ => (None, sized(self.as_object().byte_length(), " bytes")),
        }
    }

    fn digits(&self) -> String {
        js::to_text(&self.0).unwrap_or_default()
    }
}

/// The first `limit` elements of an array.
pub(super) fn list(array: &Array, limit: usize) -> Vec<Value> {
    let mut values = Vec::new();
    for index in 0..array.length() {
        if values.len() >= limit {
            break;
        }
        values.push(Value(array.get(index)));
    }
    values
}

/// The class name of an object, such as `Date`.
fn class_of(object: &JsValue) -> String {
    let name = js::CLASS_OF.with(|class_of| class_of.call0(object));
    let name = name
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_default();
    name.strip_prefix("[object ")
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or("Object")
        .to_owned()
}
