//! What the panel tells assistive technology: egui's widget tree as document elements with ARIA
//! roles, and what changes in it from frame to frame.
//!
//! A screen reader cannot look into a canvas, so these elements lie over it, invisible. This part
//! does not know the browser: it turns a tree into a [`Page`], and two pages into a list of
//! [`Change`]s.

mod changes;
mod elements;
mod pace;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use changes::{Change, Mirror};
#[cfg(target_arch = "wasm32")]
pub(crate) use pace::Pace;

/// The prefix of an element's id; the rest is its key.
const ELEMENT_ID: &str = "widget-";

/// Identifies an element for as long as it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key(pub(crate) u64);

/// The kind of HTML element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// An element that means only what its role says.
    Div,
    /// A text field of one line.
    Input,
    /// A text field of several lines.
    TextArea,
}

/// Left, top, width and height in CSS pixels of the window.
pub(crate) type Place = [f32; 4];

/// An element and its children.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Element {
    pub(crate) key: Key,
    pub(crate) tag: Tag,
    pub(crate) attributes: Vec<(&'static str, Cow<'static, str>)>,
    /// Its own text, or the contents of the field.
    pub(crate) text: String,
    /// Its place; `None` if it fills its parent.
    pub(crate) place: Option<Place>,
    pub(crate) children: Vec<Element>,
}

/// All elements of the panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page {
    pub(crate) elements: Vec<Element>,
    /// Where keyboard focus is.
    pub(crate) active: Option<Active>,
}

/// The focused element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Active {
    pub(crate) key: Key,
    /// The field, if the element is a text field.
    pub(crate) field: Option<Field>,
}

/// The focused text field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The list of suggestions, if the field shows one.
    pub(crate) offers: Option<Key>,
}

/// The attributes of the element that receives the user's typing: those of the focused text field,
/// or none of them while there is none. `None` removes one.
#[cfg(any(test, target_arch = "wasm32"))]
pub(crate) fn agent(field: Option<&Field>) -> [(&'static str, Option<Cow<'_, str>>); 5] {
    let offers = field.and_then(|it| it.offers).map(Key::element_id);
    let if_offering = |value: &'static str| offers.as_ref().map(|_| Cow::Borrowed(value));
    [
        (
            "aria-label",
            field.map(|it| Cow::Borrowed(it.name.as_str())),
        ),
        ("role", if_offering("combobox")),
        ("aria-expanded", if_offering("true")),
        ("aria-autocomplete", if_offering("list")),
        ("aria-controls", offers.clone().map(Cow::Owned)),
    ]
}

impl Key {
    /// The id of its element in the document.
    pub(crate) fn element_id(self) -> String {
        format!("{ELEMENT_ID}{:x}", self.0)
    }

    /// The key of the element with this id.
    #[cfg(any(test, target_arch = "wasm32"))]
    pub(crate) fn of_element(id: &str) -> Option<Self> {
        let number = u64::from_str_radix(id.strip_prefix(ELEMENT_ID)?, 16).ok()?;
        Some(Self(number))
    }
}
