//! The changes that turn the existing elements into those of the next page.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet, VecDeque};

use super::{Active, Element, Key, Page, Place, Tag};

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// Create an element, not yet attached anywhere.
    Create(Key, Tag),
    /// Set an attribute.
    Set(Key, &'static str, Cow<'static, str>),
    /// Remove an attribute.
    Unset(Key, &'static str),
    /// Set the text of an element or the contents of a field. In an element with children, the text
    /// comes first.
    Text(Key, String),
    /// Set its place.
    Place(Key, Option<Place>),
    /// Move it into another element or the page, before a sibling or at the end.
    Put {
        key: Key,
        into: Option<Key>,
        before: Option<Key>,
    },
    /// Remove the first of these elements; the others are inside it.
    Remove(Vec<Key>),
    /// Keyboard focus is here now.
    Activate(Option<Active>),
}

/// The elements as they were last updated.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    page: Page,
}

impl Mirror {
    /// The changes needed to show this page, in the order to apply them.
    pub(crate) fn update(&mut self, page: Page) -> Vec<Change> {
        let mut changes = Vec::new();
        if page == self.page {
            return changes;
        }
        let mut known = HashMap::new();
        index(&self.page.elements, &mut known);
        let mut level = Level {
            known: &known,
            changes: &mut changes,
        };
        level.update(None, &self.page.elements, &page.elements);
        // Only now, after the children that stay have been moved elsewhere.
        let mut there = HashSet::new();
        collect(&page.elements, &mut there);
        remove(&self.page.elements, &there, &mut changes);
        if page.active != self.page.active {
            changes.push(Change::Activate(page.active.clone()));
        }
        self.page = page;
        changes
    }
}

impl Mirror {
    /// A field now contains `text`; if the next page has the former text, that is a change.
    pub(crate) fn was_typed(&mut self, key: Key, text: &str) {
        if let Some(field) = find_mut(&mut self.page.elements, key) {
            text.clone_into(&mut field.text);
        }
    }
}

fn find_mut(elements: &mut [Element], key: Key) -> Option<&mut Element> {
    elements.iter_mut().find_map(|it| {
        if it.key == key {
            Some(it)
        } else {
            find_mut(&mut it.children, key)
        }
    })
}

impl Element {
    fn is_same_kind(&self, other: &Self) -> bool {
        self.tag == other.tag && self.attribute("role") == other.attribute("role")
    }
}

/// Elements by key.
type Known<'a> = HashMap<Key, &'a Element>;

fn index<'a>(elements: &'a [Element], known: &mut Known<'a>) {
    for element in elements {
        known.insert(element.key, element);
        index(&element.children, known);
    }
}

fn collect(elements: &[Element], there: &mut HashSet<Key>) {
    for element in elements {
        there.insert(element.key);
        collect(&element.children, there);
    }
}

fn remove(elements: &[Element], there: &HashSet<Key>, changes: &mut Vec<Change>) {
    for element in elements {
        if there.contains(&element.key) {
            remove(&element.children, there, changes);
            continue;
        }
        let mut gone = vec![element.key];
        gather(&element.children, there, &mut gone, changes);
        changes.push(Change::Remove(gone));
    }
}

/// Adds the elements that are gone with their parent. One that stays is elsewhere by now, with what
/// was in it.
fn gather(
    elements: &[Element],
    there: &HashSet<Key>,
    gone: &mut Vec<Key>,
    changes: &mut Vec<Change>,
) {
    for element in elements {
        if there.contains(&element.key) {
            remove(&element.children, there, changes);
            continue;
        }
        gone.push(element.key);
        gather(&element.children, there, gone, changes);
    }
}

struct Level<'a, 'b> {
    known: &'b Known<'a>,
    changes: &'b mut Vec<Change>,
}

impl Level<'_, '_> {
    fn update(&mut self, parent: Option<Key>, old: &[Element], new: &[Element]) {
        let wanted: HashSet<Key> = new.iter().map(|it| it.key).collect();
        // The children that stay here, in their present order.
        let stays = old.iter().filter(|it| wanted.contains(&it.key));
        let mut left: VecDeque<Key> = stays.map(|it| it.key).collect();
        for element in new {
            let mut before = self.known.get(&element.key).copied();
            if before.is_some_and(|it| !it.is_same_kind(element)) {
                // An element cannot change its kind, and what has once been told of its role is
                // remembered.
                self.changes.push(Change::Remove(vec![element.key]));
                left.retain(|it| *it != element.key);
                before = None;
            }
            self.element(before, element);
            if left.front() == Some(&element.key) {
                left.pop_front();
            } else {
                left.retain(|it| *it != element.key);
                self.changes.push(Change::Put {
                    key: element.key,
                    into: parent,
                    before: left.front().copied(),
                });
            }
            let old = before.map_or(&[][..], |it| &it.children);
            self.update(Some(element.key), old, &element.children);
        }
    }

    fn element(&mut self, before: Option<&Element>, now: &Element) {
        let key = now.key;
        if before.is_none() {
            self.changes.push(Change::Create(key, now.tag));
        }
        let of_before = before.map_or(&[][..], |it| &it.attributes);
        for (name, value) in &now.attributes {
            if !of_before.iter().any(|(it, was)| it == name && was == value) {
                self.changes.push(Change::Set(key, name, value.clone()));
            }
        }
        for (name, _) in of_before {
            if !now.attributes.iter().any(|(it, _)| it == name) {
                self.changes.push(Change::Unset(key, name));
            }
        }
        if before.map_or("", |it| &it.text) != now.text {
            self.changes.push(Change::Text(key, now.text.clone()));
        }
        if before.and_then(|it| it.place) != now.place {
            self.changes.push(Change::Place(key, now.place));
        }
    }
}
