//! Exchanges data with egui: its widget tree for assistive technology, the actions requested on
//! widgets, and the texts that egui copies.
//!
//! eframe's web runner drops these or does too little with them, so a plugin takes what goes out and
//! adds what comes in.

use std::sync::{Arc, Mutex};

use std::time::Duration;

use egui::accesskit;
use egui::{Context, FullOutput, OutputCommand, RawInput};

use crate::aria::Pace;

/// What was taken, and what has to be added.
#[derive(Debug, Default)]
pub(super) struct Exchanged {
    /// The widgets of the last frame.
    pub(super) tree: Option<accesskit::TreeUpdate>,
    pub(super) copied: Vec<String>,
    /// Actions requested on widgets.
    pub(super) requests: Vec<accesskit::ActionRequest>,
}

/// egui may draw this much earlier than it is asked to, in milliseconds.
const EARLY: f64 = 50.0;

/// The plugin.
pub(super) struct Exchange {
    exchanged: Arc<Mutex<Exchanged>>,
    pace: Pace,
    /// In how many milliseconds to ask for a drawing that describes its widgets.
    due: Option<f64>,
    /// When the one that was asked for comes, in milliseconds.
    asked: Option<f64>,
}

impl Exchange {
    pub(super) fn new(exchanged: Arc<Mutex<Exchanged>>) -> Self {
        Self {
            exchanged,
            pace: Pace::default(),
            due: None,
            asked: None,
        }
    }
}

impl egui::Plugin for Exchange {
    fn debug_name(&self) -> &'static str {
        "callscope exchange"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let Ok(mut exchanged) = self.exchanged.lock() else {
            return;
        };
        let requests = exchanged.requests.drain(..);
        (input.events).extend(requests.map(egui::Event::AccessKitActionRequest));
        let now = input.time.unwrap_or_default() * 1000.0;
        let wait = self.pace.wait(now, &input.events);
        if wait.is_some() {
            ctx.disable_accesskit();
        } else {
            ctx.enable_accesskit();
        }
        // It may come a little early.
        self.asked = (self.asked).filter(|asked| wait.is_some() && now + EARLY < *asked);
        self.due = wait.filter(|_| self.asked.is_none());
        if let Some(wait) = self.due {
            self.asked = Some(now + wait);
        }
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let Ok(mut exchanged) = self.exchanged.lock() else {
            return;
        };
        if let Some(tree) = output.platform_output.accesskit_update.take() {
            exchanged.tree = Some(tree);
        }
        if let Some(wait) = self.due.take() {
            ctx.request_repaint_after(Duration::from_secs_f64(wait / 1000.0));
        }
        output
            .platform_output
            .commands
            .retain(|command| match command {
                OutputCommand::CopyText(text) => {
                    exchanged.copied.push(text.clone());
                    false
                }
                _ => true,
            });
    }
}
