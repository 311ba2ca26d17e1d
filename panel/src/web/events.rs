//! What has happened outside and was not taken in yet.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::event::Event;

/// A queue of events that wakes the panel; clones share it.
#[derive(Clone)]
pub(crate) struct Events {
    queue: Rc<RefCell<VecDeque<Event>>>,
    wake: Rc<dyn Fn()>,
}

impl Events {
    /// An empty queue; `wake` is called whenever something comes.
    pub(crate) fn new(wake: impl Fn() + 'static) -> Self {
        Self {
            queue: Rc::default(),
            wake: Rc::new(wake),
        }
    }

    /// Adds an event and wakes the panel.
    pub(crate) fn push(&self, event: Event) {
        self.queue.borrow_mut().push_back(event);
        (self.wake)();
    }

    /// Takes the oldest event.
    pub(crate) fn pop(&self) -> Option<Event> {
        self.queue.borrow_mut().pop_front()
    }
}
