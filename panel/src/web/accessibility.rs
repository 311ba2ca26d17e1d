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

/// The plugin.
pub(super) struct Exchange {
    exchanged: Arc<Mutex<Exchanged>>,
    pace: Pace,
    /// In how many milliseconds a drawing has to describe its widgets.
    due: Option<f64>,
}

impl Exchange {
    pub(super) fn new(exchanged: Arc<Mutex<Exchanged>>) -> Self {
        Self {
            exchanged,
            pace: Pace::default(),
            due: None,
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
        self.due = (self.pace).wait(now, &input.events, ctx.text_edit_focused());
        if self.due.is_some() {
            ctx.disable_accesskit();
        } else {
            ctx.enable_accesskit();
        }
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let Ok(mut exchanged) = self.exchanged.lock() else {
            return;
        };
        if let Some(tree) = output.platform_output.accesskit_update.take() {
            exchanged.tree = Some(tree);
        }
        // In each drawing, because the next one forgets what this one asked for.
        if let Some(wait) = self.due {
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
