//! Reads the messages that the document has received, and what its page reports about itself.

use callscope_bus::{Observed, Source};
use wasm_bindgen::prelude::*;

use super::App;
use crate::edge::js;
use crate::edge::listener::Kept;
use crate::edge::posted::Value;
use crate::speech::{LONGEST_TYPE, Speech, judge};
use crate::tap::copy::{Bounds, copy};

/// How long messages are read in one go, in milliseconds: the page comes first.
const STRETCH: f64 = 4.0;
/// How many messages are read before checking the clock.
const AT_ONCE: u32 = 16;

impl App {
    /// The page has reported something about itself, and waits for this to return.
    pub(super) fn on_inside_report(&mut self, _: &[JsValue; 3]) {
        let now = self.clock.now();
        self.take_inside_reports();
        self.schedule(now);
    }

    /// Takes what the page has reported about itself since the last time.
    pub(super) fn take_inside_reports(&mut self) {
        let Some(inside) = &self.inside else {
            return;
        };
        for (report, count) in inside.observed(&mut self.clock) {
            let at = report.at;
            if !self.outbox.push(report, at) {
                inside.lose(count);
            }
        }
    }

    /// There are kept messages, and the page has handled them.
    pub(super) fn on_messages(&mut self, _: &[JsValue; 3]) {
        // Until the page is frozen, so that it has each message first.
        if self.is_cached {
            return;
        }
        let now = self.clock.now();
        self.read_kept(now + STRETCH);
        self.run();
    }

    /// Reads messages kept by the listener script until this time; any left are read a little
    /// later, or when there is room for them.
    pub(super) fn read_kept(&mut self, until: f64) {
        loop {
            if until.is_finite() && self.outbox.is_draining() {
                return;
            }
            // Large messages fill the room within a few.
            let kept = self.listener.take(if self.outbox.is_spacious() {
                AT_ONCE
            } else {
                1
            });
            for index in 0..kept.length() {
                self.read(kept.get(index).unchecked_ref());
            }
            if self.listener.waiting() == 0 {
                break;
            }
            if self.clock.now() >= until {
                return self.listener.again();
            }
        }
        let lost = self.listener.lost();
        if lost > 0 {
            self.listener.set_lost(0);
            self.outbox.lose(lost);
        }
    }

    /// Reads a message, and forwards it if it may be calling-extension traffic.
    fn read(&mut self, kept: &Kept) {
        let event = kept.event();
        let source = kept.source();
        let data = event.data().unwrap_or_default();
        let posted = data.is_object().then(|| data.unchecked_ref::<js::Posted>());
        let type_name = posted.and_then(|posted| short_text(&posted.type_name()));
        let has_id = posted.is_some_and(|posted| posted.message_id().is_truthy());
        let keeps = if source == Source::Other {
            // The recorder has to know that something is missing.
            matches!(judge(type_name.as_deref(), has_id), Speech::Distinct(_))
        } else {
            self.filter.keeps(type_name.as_deref(), has_id, &source)
        };
        if !keeps {
            return self.listener.set_others(self.listener.others() + 1);
        }
        let at = self.clock.at(kept.at());
        let copied = copy(&Value(data), Bounds::default());
        let observed = Observed {
            at,
            source,
            origin: event.origin(),
            message: copied.text,
            cloned: copied.cloned,
            truncated: copied.truncated,
        };
        self.outbox.push(observed, at);
    }
}

fn short_text(value: &JsValue) -> Option<String> {
    let text: &js_sys::JsString = value.dyn_ref()?;
    if text.length() as usize > LONGEST_TYPE {
        return Some(String::new());
    }
    value.as_string()
}
