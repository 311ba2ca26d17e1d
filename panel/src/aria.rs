//! What assistive technology is told of the panel: the tree that egui makes of its widgets, as
//! elements of a document with ARIA roles, and what changes in them from one frame to the next.
//!
//! A screen reader cannot look into a canvas, so these elements lie over it, unseen. This part
//! knows no browser: it makes a [`Page`] of a tree and a list of [`Change`]s of two pages.

mod changes;
mod elements;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use changes::{Change, Mirror};

/// What the id of an element begins with; the rest is its key.
const ELEMENT_ID: &str = "widget-";

/// Names an element for as long as it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key(pub(crate) u64);

/// What an element is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// Whatever its role says.
    Div,
    /// A text field of one line.
    Input,
    /// A text field of several lines.
    TextArea,
}

/// Left, top, width and height in CSS pixels of the window.
pub(crate) type Place = [f32; 4];

/// An element and what is in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Element {
    pub(crate) key: Key,
    pub(crate) tag: Tag,
    pub(crate) attributes: Vec<(&'static str, Cow<'static, str>)>,
    /// What is written in it, or what is in the field.
    pub(crate) text: String,
    /// Where it is; `None` if it fills the element that it is in.
    pub(crate) place: Option<Place>,
    pub(crate) children: Vec<Element>,
}

/// All that is in the panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page {
    pub(crate) elements: Vec<Element>,
    /// Where the keyboard is.
    pub(crate) active: Option<Active>,
}

/// The element that has the keyboard.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Active {
    pub(crate) key: Key,
    /// The field, if it is one that is typed into.
    pub(crate) field: Option<Field>,
}

/// The field that is typed into.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The list of what can be typed, if the field has one and shows it.
    pub(crate) offers: Option<Key>,
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
