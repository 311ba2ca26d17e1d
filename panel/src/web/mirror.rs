//! The elements that assistive technology sees in place of the canvas.
//!
//! They lie over it, invisible and out of the mouse's reach. Keyboard focus stays with the canvas,
//! whose `aria-activedescendant` names the focused element; an element that is given focus returns
//! it to the canvas and makes egui focus its widget.

use std::collections::HashMap;
use std::rc::Rc;

use egui::accesskit::{Action, ActionData, ActionRequest, NodeId, TreeId};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::js;
use super::shared::Shared;
use crate::aria::{Active, Change, Field, Key, Page, Place, Tag};

const ACTIVE: &str = "aria-activedescendant";
const HIDDEN: &str = "aria-hidden";

/// What has a widget of egui's behind it.
const WIDGET: &str = "[tabindex]:not([role=gridcell])";

/// The cost of following the panel's frames.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub(super) struct Cost {
    pub(super) frames: u32,
    /// In total.
    pub(super) millis: f64,
}

/// The elements.
pub(super) struct Mirror {
    pub(super) cost: Cost,
    told: crate::aria::Mirror,
    elements: HashMap<Key, HtmlElement>,
    root: HtmlElement,
    canvas: HtmlElement,
    /// The field that receives the user's typing for egui's runner.
    agent: Option<Element>,
    polite: Element,
    assertive: Element,
}

impl Mirror {
    /// The mirror of a canvas; it starts empty, in `callscope-widgets`.
    pub(super) fn new(canvas: &HtmlElement) -> Result<Self, JsValue> {
        let document = js::document()?;
        let find = |id: &str| {
            let element = document.get_element_by_id(id);
            element.ok_or_else(|| JsValue::from_str(&format!("the page has no {id}")))
        };
        let agent = canvas.next_element_sibling();
        let mirror = Self {
            cost: Cost::default(),
            told: crate::aria::Mirror::default(),
            elements: HashMap::new(),
            root: find("callscope-widgets")?.unchecked_into(),
            canvas: canvas.clone(),
            agent: agent.filter(|it| it.tag_name() == "INPUT"),
            polite: find("callscope-polite")?,
            assertive: find("callscope-assertive")?,
        };
        mirror.name_agent(None)?;
        mirror.hide_agent()?;
        Ok(mirror)
    }

    /// Hides the runner's own field while nothing is typed into it.
    ///
    /// Chrome shows an element that had the focus while it was hidden, even long after: so it is
    /// hidden by the focus itself, and not by what egui knows of it a frame later.
    fn hide_agent(&self) -> Result<(), JsValue> {
        let Some(agent) = &self.agent else {
            return Ok(());
        };
        agent.set_attribute(HIDDEN, "true")?;
        for (event, is_hidden) in [("focus", false), ("blur", true)] {
            let field = agent.clone();
            let callback = Closure::<dyn FnMut()>::new(move || {
                _ = if is_hidden {
                    field.set_attribute(HIDDEN, "true")
                } else {
                    field.remove_attribute(HIDDEN)
                };
            });
            agent.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref())?;
            callback.forget();
        }
        Ok(())
    }

    /// Updates the elements to this page.
    pub(super) fn update(&mut self, page: Page) {
        for change in self.told.update(page) {
            // A change that fails now is corrected by later ones; there is nobody to report it to.
            _ = self.apply(change);
        }
    }

    /// Announces a text to screen readers; an empty one takes away what was announced.
    pub(super) fn announce(&self, text: &str, is_urgent: bool) {
        for (region, is_chosen) in [(&self.polite, !is_urgent), (&self.assertive, is_urgent)] {
            if is_chosen || text.is_empty() {
                region.set_text_content(Some(text));
            }
        }
    }

    fn apply(&mut self, change: Change) -> Result<(), JsValue> {
        match change {
            Change::Create(key, tag) => {
                let name = match tag {
                    Tag::Div => "div",
                    Tag::Input => "input",
                    Tag::TextArea => "textarea",
                };
                let element = js::document()?.create_element(name)?;
                element.set_id(&key.element_id());
                self.elements.insert(key, element.unchecked_into());
            }
            Change::Set(key, name, value) => self.element(key)?.set_attribute(name, &value)?,
            Change::Unset(key, name) => self.element(key)?.remove_attribute(name)?,
            Change::Text(key, text) => write(self.element(key)?, &text)?,
            Change::Place(key, place) => {
                let style = self.element(key)?.style();
                style.set_css_text(&place.map(css).unwrap_or_default());
            }
            Change::Put { key, into, before } => {
                let parent = into.map_or(Ok(&self.root), |into| self.element(into))?;
                let before = before.and_then(|it| self.elements.get(&it));
                parent.insert_before(self.element(key)?, before.map(AsRef::as_ref))?;
            }
            Change::Remove(keys) => {
                for (index, key) in keys.into_iter().enumerate() {
                    let element = self.elements.remove(&key);
                    if let Some(element) = element.filter(|_| index == 0) {
                        element.remove();
                    }
                }
            }
            Change::Activate(active) => self.activate(active.as_ref())?,
        }
        Ok(())
    }

    fn element(&self, key: Key) -> Result<&HtmlElement, JsValue> {
        let element = self.elements.get(&key);
        element.ok_or_else(|| JsValue::from_str("there is no such element"))
    }

    fn activate(&self, active: Option<&Active>) -> Result<(), JsValue> {
        let both = [Some(self.canvas.as_ref()), self.agent.as_ref()];
        for element in both.into_iter().flatten() {
            match active {
                Some(active) => element.set_attribute(ACTIVE, &active.key.element_id())?,
                None => element.remove_attribute(ACTIVE)?,
            }
        }
        self.name_agent(active.and_then(|it| it.field.as_ref()))
    }

    /// While the runner's own field is typed into, it takes on the role of egui's field.
    fn name_agent(&self, field: Option<&Field>) -> Result<(), JsValue> {
        let Some(agent) = &self.agent else {
            return Ok(());
        };
        for (attribute, value) in crate::aria::agent(field) {
            match value {
                Some(value) => agent.set_attribute(attribute, &value)?,
                None => agent.remove_attribute(attribute)?,
            }
        }
        Ok(())
    }

    /// A user has typed into a field here rather than into egui's.
    fn was_typed(&mut self, key: Key, text: &str) {
        self.told.was_typed(key, text);
    }
}

fn css([x, y, width, height]: Place) -> String {
    format!("left:{x}px;top:{y}px;width:{width}px;height:{height}px")
}

fn write(element: &HtmlElement, text: &str) -> Result<(), JsValue> {
    if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
        input.set_value(text);
    } else if let Some(area) = element.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        area.set_value(text);
    } else {
        // Keep the element's children.
        let first = element.first_child();
        let written = first.filter(|it| it.node_type() == web_sys::Node::TEXT_NODE);
        if let Some(written) = written {
            written.set_node_value(Some(text));
        } else {
            let node = js::document()?.create_text_node(text);
            element.insert_before(&node, element.first_child().as_ref())?;
        }
    }
    Ok(())
}

/// Passes user input on the elements to egui's widgets.
pub(super) fn listen(shared: &Rc<Shared>, canvas: &HtmlElement) -> Result<(), JsValue> {
    let mirror = Mirror::new(canvas)?;
    let root = mirror.root.clone();
    shared.mirror.replace(Some(mirror));
    for (name, act) in [
        ("click", click as fn(&Rc<Shared>, &HtmlElement, &JsValue)),
        ("input", input),
        ("keydown", keydown),
        ("focusin", focus),
    ] {
        let shared = Rc::clone(shared);
        let callback = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let target = js_sys::Reflect::get(&event, &"target".into()).unwrap_or_default();
            // A cell belongs to its row.
            let widget = target
                .dyn_ref::<Element>()
                .and_then(|it| it.closest(WIDGET).ok().flatten());
            if let Some(widget) = widget {
                act(&shared, widget.unchecked_ref(), &event);
            }
        });
        root.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref())?;
        callback.forget();
    }
    Ok(())
}

fn click(shared: &Rc<Shared>, widget: &HtmlElement, _event: &JsValue) {
    ask(shared, widget, Action::Click, None);
}

fn focus(shared: &Rc<Shared>, widget: &HtmlElement, _event: &JsValue) {
    // A row has the keyboard by way of its list.
    let list = (widget.closest("[role=row]").ok().flatten())
        .filter(|row| row.is_same_node(Some(widget)))
        .and_then(|row| row.closest("[role=grid]").ok().flatten());
    let widget = list.as_ref().map_or(widget, JsCast::unchecked_ref);
    ask(shared, widget, Action::Focus, None);
    // Keys continue to go to the canvas.
    focus_canvas(shared);
}

/// Lets the keys go to the panel, unless they do.
pub(super) fn take_keyboard(shared: &Rc<Shared>) {
    let has_it = js::document().and_then(|it| it.has_focus());
    if !has_it.unwrap_or_default() || !has_keyboard() {
        focus_canvas(shared);
    }
}

/// Whether an element of the document has the keyboard, rather than the whole document.
pub(super) fn has_keyboard() -> bool {
    let active = js::document().ok().and_then(|it| it.active_element());
    active.is_some_and(|it| it.tag_name() != "BODY")
}

/// Gives the canvas the keyboard, and an event with a key; returns whether it is used there, so
/// that the browser should do nothing with it.
pub(super) fn pass_to_canvas(shared: &Rc<Shared>, event: &web_sys::Event) -> bool {
    focus_canvas(shared);
    let canvas = shared.mirror.borrow().as_ref().map(|it| it.canvas.clone());
    canvas.is_some_and(|it| !it.dispatch_event(event).unwrap_or(true))
}

fn focus_canvas(shared: &Rc<Shared>) {
    let canvas = shared.mirror.borrow().as_ref().map(|it| it.canvas.clone());
    _ = canvas.map(|it| it.focus());
}

fn input(shared: &Rc<Shared>, widget: &HtmlElement, _event: &JsValue) {
    let value = js_sys::Reflect::get(widget, &"value".into()).unwrap_or_default();
    let Some(value) = value.as_string() else {
        return;
    };
    if let (Some(key), Some(mirror)) = (key(widget), &mut *shared.mirror.borrow_mut()) {
        mirror.was_typed(key, &value);
    }
    let data = ActionData::Value(value.into());
    ask(shared, widget, Action::SetValue, Some(data));
}

/// Browsers turn slider steps into keys.
fn keydown(shared: &Rc<Shared>, widget: &HtmlElement, event: &JsValue) {
    let key = js_sys::Reflect::get(event, &"key".into()).unwrap_or_default();
    let action = match key.as_string().as_deref() {
        Some("ArrowUp" | "ArrowRight") => Action::Increment,
        Some("ArrowDown" | "ArrowLeft") => Action::Decrement,
        Some("Enter" | " ") => Action::Click,
        _ => return,
    };
    if widget.tag_name() == "DIV" {
        ask(shared, widget, action, None);
    }
}

fn key(widget: &HtmlElement) -> Option<Key> {
    Key::of_element(&widget.id())
}

fn ask(shared: &Rc<Shared>, widget: &HtmlElement, action: Action, data: Option<ActionData>) {
    let Some(Key(number)) = key(widget) else {
        return;
    };
    if let Ok(mut exchanged) = shared.exchanged().lock() {
        exchanged.requests.push(ActionRequest {
            action,
            target_tree: TreeId::ROOT,
            target_node: NodeId(number),
            data,
        });
    }
    shared.repaint();
}
