//! The panel as browser callbacks and drawing code reach it.

use std::cell::{Cell, OnceCell, RefCell, RefMut};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use crate::Panel;
use crate::action::Action;
use crate::aria::Page;
use crate::event::{Effect, Event};
use crate::layout::Answer;
use crate::model::Model;

use super::accessibility::Exchanged;
use super::drawing::Drawing;
use super::mirror::Mirror;
use super::port::Port;
use super::windows::Windows;
use super::worker::Worker;
use super::{
    chrome, clipboard, files, frames, inside, js, page, permission, port, simulator, storage,
    windows,
};

/// The panel and its connections.
pub(super) struct Shared {
    panel: RefCell<Panel>,
    context: OnceCell<egui::Context>,
    pub(super) tab: Option<i32>,
    pub(super) port: RefCell<Port>,
    pub(super) worker: RefCell<Worker>,
    pub(super) windows: RefCell<Windows>,
    exchanged: Arc<Mutex<Exchanged>>,
    pub(super) mirror: RefCell<Option<Mirror>>,
    pub(super) drawing: RefCell<Drawing>,
    layout: Answer,
    is_filtering: Cell<bool>,
    /// When the next alarm wakes the panel, by the wall clock in milliseconds.
    alarm: Cell<Option<f64>>,
}

impl Shared {
    pub(super) fn new() -> Rc<Self> {
        let tab = chrome::inspected_tab();
        let settings = storage::load();
        let model = Model::new(settings.as_deref(), js::utc_offset(), tab.is_none());
        Rc::new(Self {
            panel: RefCell::new(Panel::new(model)),
            context: OnceCell::new(),
            tab,
            port: RefCell::default(),
            worker: RefCell::default(),
            windows: RefCell::default(),
            exchanged: Arc::default(),
            mirror: RefCell::default(),
            drawing: RefCell::default(),
            layout: Answer::default(),
            is_filtering: Cell::default(),
            alarm: Cell::default(),
        })
    }

    /// The panel; release it before anything else may need it.
    pub(super) fn panel(&self) -> RefMut<'_, Panel> {
        self.panel.borrow_mut()
    }

    pub(super) fn exchanged(&self) -> Arc<Mutex<Exchanged>> {
        Arc::clone(&self.exchanged)
    }

    /// Updates the elements for assistive technology to what was drawn.
    pub(super) fn update_mirror(&self) {
        let tree = self.exchanged.lock().ok().and_then(|mut it| it.tree.take());
        if let (Some(tree), Some(mirror)) = (tree, &mut *self.mirror.borrow_mut()) {
            let began = js::clock();
            mirror.update(Page::new(&tree));
            mirror.cost.frames += 1;
            mirror.cost.millis += js::clock() - began;
        }
    }

    pub(super) fn layout(&self) -> Answer {
        self.layout.clone()
    }

    pub(super) fn set_context(&self, context: egui::Context) {
        // Set only once, when the app is created.
        _ = self.context.set(context);
    }

    pub(super) fn context(&self) -> Option<&egui::Context> {
        self.context.get()
    }

    /// Handles an event.
    pub(super) fn handle(self: &Rc<Self>, event: Event) {
        {
            let mut panel = self.panel();
            // Time passes with events, too: it must not be the last frame's.
            panel.set_time(js::now());
            let shows = panel.handle(event);
            if let Some(context) = self.context() {
                if shows {
                    panel.draw_soon(context);
                }
                panel.tick(context, js::now());
            }
            if !panel.is_starting() {
                frames::release();
            }
        }
        self.carry_out();
        self.set_alarm();
    }

    /// Wakes the panel when it asked for that, without drawing it.
    pub(super) fn set_alarm(self: &Rc<Self>) {
        let Some(after) = self.panel().wake_after() else {
            return;
        };
        let at = js::now().0 + after;
        // An alarm that comes too early sets the next one.
        if self.alarm.get().is_some_and(|set| set <= at) {
            return;
        }
        self.alarm.set(Some(at));
        let shared = Rc::clone(self);
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        js::after(after.ceil() as i32, move || {
            if shared.alarm.get() == Some(at) {
                shared.alarm.set(None);
            }
            if let Some(context) = shared.context() {
                shared.panel().tick(context, js::now());
            }
            shared.carry_out();
            shared.set_alarm();
        });
    }

    /// Performs an action of the user or a test.
    pub(super) fn perform(self: &Rc<Self>, action: Action) {
        self.panel().perform(action);
        self.carry_out();
    }

    /// Carries out the panel's effects, and draws it again.
    pub(super) fn carry_out(self: &Rc<Self>) {
        // Texts copied by egui itself, such as a selection in a label.
        let copied = self
            .exchanged
            .lock()
            .map(|mut it| std::mem::take(&mut it.copied));
        for text in copied.unwrap_or_default() {
            clipboard::copy(self, "Text".to_owned(), text);
        }
        let effects = self.panel().take_effects();
        let mut shows = false;
        for effect in effects {
            // Messages to others change nothing here until they answer.
            shows |= !matches!(
                effect,
                Effect::Send(_) | Effect::SendTo(..) | Effect::Announce { .. }
            );
            self.carry_out_one(effect);
        }
        if shows {
            self.repaint();
        }
    }

    /// Applies a new filter to a long session in tasks of a few milliseconds, so that the user and
    /// the page's messages get their turn in between.
    pub(super) fn go_on_filtering(self: &Rc<Self>) {
        if !self.panel().is_filtering() || self.is_filtering.replace(true) {
            return;
        }
        let shared = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            while js::next_task().await.is_ok() && shared.filter_for_a_while() {}
            shared.is_filtering.set(false);
            shared.repaint();
        });
    }

    /// Applies the filter for a few milliseconds; returns whether there are more messages.
    fn filter_for_a_while(&self) -> bool {
        /// In milliseconds: a frame has 16.
        const BUSY: f64 = 2.0;
        let end = js::clock() + BUSY;
        let mut panel = self.panel();
        while panel.go_on() {
            if js::clock() >= end {
                return true;
            }
        }
        false
    }

    pub(super) fn repaint(&self) {
        if let Some(context) = self.context() {
            context.request_repaint();
        }
    }

    fn carry_out_one(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Send(message) => port::send(self, &message),
            Effect::SendTo(tab, message) => windows::send(self, tab, &message),
            Effect::Reconnect => port::reconnect(self),
            Effect::Copy { what, text } => clipboard::copy(self, what, text),
            Effect::Save { name, text } => {
                if let Err(error) = files::save(&name, &text) {
                    let reason = js::describe(&error);
                    self.handle(Event::SaveFailed { name, reason });
                }
            }
            Effect::MakeSalt => {
                let mut salt = [0; 16];
                let crypto = js::window().and_then(|it| it.crypto());
                let made = crypto.and_then(|it| it.get_random_values_with_u8_array(&mut salt));
                // Without it, nothing that should be redacted is saved.
                if made.is_ok() {
                    self.handle(Event::Salt(salt));
                }
            }
            Effect::PickFile => files::pick(self),
            Effect::ReadText { name, text } => files::read_text(self, &name, &text),
            Effect::PermitOrigin(origin) => permission::ask(self, origin),
            Effect::SeeInside { origin, on } => inside::set(self, origin, on),
            Effect::CheckPermission(origin) => permission::check(self, origin),
            Effect::ReloadPage => chrome::reload(),
            Effect::FindFrames => page::find_frames(self),
            Effect::FindLeft => storage::find_left(self),
            Effect::Announce { text, is_urgent } => {
                if let Some(mirror) = &*self.mirror.borrow() {
                    mirror.announce(&text, is_urgent);
                }
            }
            Effect::AskSimulator { number, ask } => simulator::ask(self, number, &ask),
            Effect::StoreSettings(text) => storage::store(&text),
        }
    }
}
