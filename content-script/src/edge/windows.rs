//! Which window a message came from, and where this document sits.

use callscope_bus::Source;
use wasm_bindgen::prelude::*;

use super::js::Window;

/// When there are more windows than this, closed ones are forgotten.
const MANY: usize = 64;

struct Heard {
    slot: u32,
    window: Window,
    /// Where it was last seen.
    index: u32,
}

/// The windows that this document has heard from.
pub(super) struct Windows {
    own: Window,
    heard: Vec<Heard>,
    /// How many there have been so far: the last slot.
    count: u32,
}

impl Windows {
    pub(super) fn new(own: Window) -> Self {
        Self {
            own,
            heard: Vec::new(),
            count: 0,
        }
    }

    /// Who sent a message.
    pub(super) fn source(&mut self, sender: &JsValue) -> Source {
        if sender.is_null() || sender.is_undefined() {
            return Source::Other;
        }
        let own: &JsValue = self.own.as_ref();
        if sender == own {
            return Source::Own;
        }
        if self
            .own
            .parent()
            .is_some_and(|parent| AsRef::<JsValue>::as_ref(&parent) == sender)
        {
            return Source::Parent;
        }
        let mut all = self.heard.iter_mut();
        if let Some(heard) = all.find(|heard| AsRef::<JsValue>::as_ref(&heard.window) == sender) {
            if !is_at(&self.own, heard.index, sender)
                && let Some(index) = index_of(&self.own, sender)
            {
                heard.index = index;
            }
            return Source::Child {
                slot: heard.slot,
                index: heard.index,
            };
        }
        if let Some(index) = index_of(&self.own, sender) {
            return Source::Child {
                slot: self.add(sender, index),
                index,
            };
        }
        if &self.own.opener() == sender {
            Source::Opener
        } else {
            Source::Other
        }
    }

    fn add(&mut self, window: &JsValue, index: u32) -> u32 {
        if self.heard.len() >= MANY {
            self.heard.retain(|heard| !heard.window.closed());
        }
        self.count += 1;
        let window = window.clone().unchecked_into();
        self.heard.push(Heard {
            slot: self.count,
            window,
            index,
        });
        self.count
    }

    /// The window that a source stands for, if it is a child's and still there.
    pub(super) fn child(&self, source: &Source) -> Option<Window> {
        let Source::Child { slot, index } = source else {
            return None;
        };
        let heard = self.heard.iter().find(|heard| heard.slot == *slot);
        let window = match (heard, slot) {
            (Some(heard), _) => Some(heard.window.clone()),
            // It has not been heard from.
            (None, 0) => self.own.frame(*index).ok().map(JsCast::unchecked_into),
            (None, _) => None,
        };
        window.filter(|window| !window.closed())
    }
}

/// Indices into `window.frames` from the top window down to this one.
pub(super) fn path(own: &Window) -> Vec<u32> {
    let mut path = Vec::new();
    let mut window = own.clone();
    while let Some(parent) = window.parent() {
        let child: &JsValue = window.as_ref();
        if AsRef::<JsValue>::as_ref(&parent) == child {
            break;
        }
        path.push(index_of(&parent, child).unwrap_or(u32::MAX));
        window = parent;
    }
    path.reverse();
    path
}

/// The place of a window among the frames of its parent.
pub(super) fn index_of(parent: &Window, child: &JsValue) -> Option<u32> {
    (0..parent.length()).find(|index| is_at(parent, *index, child))
}

fn is_at(parent: &Window, index: u32, child: &JsValue) -> bool {
    index < parent.length() && parent.frame(index).is_ok_and(|frame| &frame == child)
}
