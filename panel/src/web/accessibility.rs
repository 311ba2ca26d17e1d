//! Exchanges data with egui: its widget tree for assistive technology, the actions requested on
//! widgets, and the texts that egui copies.
//!
//! eframe's web runner drops these or does too little with them, so a plugin takes what goes out and
//! adds what comes in.

use std::sync::{Arc, Mutex};

use egui::accesskit;
use egui::{Context, FullOutput, OutputCommand, RawInput};

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
}

impl Exchange {
    pub(super) const fn new(exchanged: Arc<Mutex<Exchanged>>) -> Self {
        Self { exchanged }
    }
}

impl egui::Plugin for Exchange {
    fn debug_name(&self) -> &'static str {
        "callscope exchange"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        let Ok(mut exchanged) = self.exchanged.lock() else {
            return;
        };
        let requests = exchanged.requests.drain(..);
        (input.events).extend(requests.map(egui::Event::AccessKitActionRequest));
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        let Ok(mut exchanged) = self.exchanged.lock() else {
            return;
        };
        if let Some(tree) = output.platform_output.accesskit_update.take() {
            exchanged.tree = Some(tree);
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
