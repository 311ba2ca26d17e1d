//! The page of a rule, as `callscope explain` prints it.

use callscope_protocol::{ExampleEvent, ExampleLine, Rule};
use callscope_reference::{Block, rule_page};
use egui::{Label, RichText, Ui};

use crate::icons::Icon;
use crate::theme::{Palette, size};
use crate::views::parts::{icon_slot_ui, prose_ui};

/// Draws the whole page, or only what a finding above does not already say.
pub(super) fn rule_page_ui(ui: &mut Ui, rule: &Rule, is_whole: bool) {
    for (index, block) in rule_page(rule).blocks.into_iter().enumerate() {
        match block {
            Block::Facts(facts) => {
                let is_told = |label: &str| {
                    !is_whole && (label == "Why it matters" || label == "How to fix it")
                };
                for fact in facts.iter().filter(|it| !is_told(it.label)) {
                    ui.weak(fact.label);
                    prose_ui(ui, fact.text.as_str());
                    ui.add_space(size::STEP);
                }
            }
            Block::Example { title, lines } => {
                ui.add_space(size::STEP);
                ui.label(RichText::new(title).strong());
                for (line, shown) in lines.iter().enumerate() {
                    ui.push_id((index, line), |ui| example_ui(ui, shown));
                }
            }
            Block::Paragraph(text) => {
                prose_ui(ui, text);
            }
            Block::Fields(_) => {}
        }
    }
}

/// Draws a line of an example; wrapped text stays beside its mark.
fn example_ui(ui: &mut Ui, line: &ExampleLine) {
    let palette = Palette::of(ui);
    let when = [
        line.messages.map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}–{last}")
            }
        }),
        line.seconds.map(|seconds| format!("{seconds:.3} s")),
    ];
    let when: Vec<String> = when.into_iter().flatten().collect();
    let weak = |text: &str| RichText::new(text).monospace().color(palette.weak);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        match &line.what {
            ExampleEvent::Finding { severity, .. } => {
                icon_slot_ui(ui, Icon::from(*severity), palette.severity(*severity));
            }
            _ => ui.add_space(size::ICON + size::STEP),
        }
        ui.vertical(|ui| match &line.what {
            ExampleEvent::Message { from, text } => {
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = 2.0 * size::STEP;
                    ui.label(weak(&when.join("  ")));
                    let words = match from {
                        callscope_protocol::Side::Host => "host → widget",
                        callscope_protocol::Side::Widget => "widget → host",
                    };
                    ui.label(RichText::new(words).color(palette.side(*from)));
                });
                ui.add(Label::new(RichText::new(text).monospace()).wrap());
            }
            ExampleEvent::Other(words) => {
                ui.label(weak(&when.join("  ")));
                ui.add(Label::new(words).wrap());
            }
            ExampleEvent::Finding {
                code,
                severity,
                about,
                message,
            } => {
                let about = about.map_or(String::new(), |seq| format!(" on {seq}"));
                let text = format!("{code}{about}: {message}");
                let text = RichText::new(text).color(palette.severity(*severity));
                ui.add(Label::new(text).wrap());
            }
        });
    });
}
