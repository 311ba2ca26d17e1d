//! What egui says about its widgets for assistive technology, and what it wants to copy.
//!
//! eframe's web runner drops both or does less with them than is needed, so a plugin takes them on
//! their way out.

use std::sync::{Arc, Mutex};

use egui::accesskit;
use egui::{Context, FullOutput, OutputCommand};
use serde::Serialize;

/// What was taken.
#[derive(Debug, Default)]
pub(super) struct Mirrored {
    tree: Option<accesskit::TreeUpdate>,
    pub(super) copied: Vec<String>,
}

/// A widget, as `callscopePanel.nodes()` tells it.
#[derive(Debug, Serialize)]
pub(super) struct Node {
    role: String,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// Left, top, width and height in CSS pixels.
    rect: [f64; 4],
    focused: bool,
    disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    toggled: Option<bool>,
}

impl Mirrored {
    /// The widgets of the last frame that have words.
    pub(super) fn nodes(&self) -> Vec<Node> {
        let Some(tree) = &self.tree else {
            return Vec::new();
        };
        let label_of = |id: &accesskit::NodeId| {
            let (_, node) = tree.nodes.iter().find(|(it, _)| it == id)?;
            node.label().or_else(|| node.value()).map(str::to_owned)
        };
        tree.nodes
            .iter()
            .filter_map(|(id, node)| {
                let bounds = node.bounds()?;
                let named = node.labelled_by().iter().find_map(label_of);
                let label = node.label().map(str::to_owned).or(named);
                let value = node.value().map(str::to_owned);
                if label.is_none() && value.is_none() {
                    return None;
                }
                Some(Node {
                    role: format!("{:?}", node.role()),
                    label: label.or_else(|| value.clone()).unwrap_or_default(),
                    value,
                    rect: [bounds.x0, bounds.y0, bounds.width(), bounds.height()],
                    focused: tree.focus == *id,
                    disabled: node.is_disabled(),
                    toggled: node.toggled().map(|it| it == accesskit::Toggled::True),
                })
            })
            .collect()
    }
}

/// The plugin.
pub(super) struct Mirror {
    mirrored: Arc<Mutex<Mirrored>>,
}

impl Mirror {
    pub(super) const fn new(mirrored: Arc<Mutex<Mirrored>>) -> Self {
        Self { mirrored }
    }
}

impl egui::Plugin for Mirror {
    fn debug_name(&self) -> &'static str {
        "callscope mirror"
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        let Ok(mut mirrored) = self.mirrored.lock() else {
            return;
        };
        if let Some(tree) = output.platform_output.accesskit_update.take() {
            mirrored.tree = Some(tree);
        }
        output
            .platform_output
            .commands
            .retain(|command| match command {
                OutputCommand::CopyText(text) => {
                    mirrored.copied.push(text.clone());
                    false
                }
                _ => true,
            });
    }
}
