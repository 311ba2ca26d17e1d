//! Which window a message came from, and where this document sits.

use callscope_bus::Source;
use wasm_bindgen::prelude::*;

use super::js::Window;

/// More windows than this, and those that were closed are let go.
const MANY: usize = 64;

/// The windows that this document has heard from.
pub(super) struct Windows {
    own: Window,
    /// By slot, counted from 1; with the index at which it was last seen.
    heard: Vec<Option<(Window, u32)>>,
}

impl Windows {
    pub(super) fn new(own: Window) -> Self {
        Self {
            own,
            heard: Vec::new(),
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
        let known = self
            .heard
            .iter_mut()
            .zip(1..)
            .find_map(|(heard, slot)| match heard {
                Some((window, index)) if AsRef::<JsValue>::as_ref(window) == sender => {
                    Some((index, slot))
                }
                _ => None,
            });
        if let Some((index, slot)) = known {
            if !is_at(&self.own, *index, sender)
                && let Some(now_at) = index_of(&self.own, sender)
            {
                *index = now_at;
            }
            return Source::Child {
                slot,
                index: *index,
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
            for heard in &mut self.heard {
                heard.take_if(|(window, _)| window.closed());
            }
        }
        self.heard
            .push(Some((window.clone().unchecked_into(), index)));
        u32::try_from(self.heard.len()).unwrap_or(u32::MAX)
    }

    /// The window that a source stands for, if it is a child's and still there.
    pub(super) fn child(&self, source: &Source) -> Option<Window> {
        let Source::Child { slot, index } = source else {
            return None;
        };
        let place = usize::try_from(*slot).ok()?.checked_sub(1);
        let window = match place {
            Some(place) => self
                .heard
                .get(place)?
                .as_ref()
                .map(|(window, _)| window.clone()),
            None => self.own.frame(*index).ok().map(JsCast::unchecked_into),
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

fn index_of(parent: &Window, child: &JsValue) -> Option<u32> {
    (0..parent.length()).find(|index| is_at(parent, *index, child))
}

fn is_at(parent: &Window, index: u32, child: &JsValue) -> bool {
    index < parent.length() && parent.frame(index).is_ok_and(|frame| &frame == child)
}
