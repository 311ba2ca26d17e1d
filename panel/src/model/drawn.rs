//! What the drawn views show, as data for browser tests.

use callscope_protocol::Side;
use callscope_session_view::ladder::StepKind;
use serde::Serialize;

use super::Model;

/// The ladder.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LadderSnapshot {
    /// The titles of the lifelines, from left to right.
    pub lanes: Vec<String>,
    /// The number of messages.
    pub messages: usize,
    /// The number of calls drawn as bands.
    pub bands: usize,
    /// Its total height, in points.
    pub height: f32,
    /// Whether times are drawn to scale.
    pub to_scale: bool,
    /// The index of the selected step.
    pub selected: Option<usize>,
}

/// The state machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StateSnapshot {
    /// The time in the session; `None` for the present.
    pub at: Option<String>,
    /// The machines.
    pub machines: Vec<MachineSnapshot>,
    /// The messages that HubSpot might have sent.
    pub host_may: Vec<&'static str>,
    /// The messages that the widget might have sent.
    pub widget_may: Vec<&'static str>,
    /// Whether the message that was sent is among them.
    pub is_legal: Option<bool>,
}

/// A state machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MachineSnapshot {
    /// Its name.
    pub name: &'static str,
    /// "answered → completed", or the state that the message left unchanged.
    pub change: String,
    /// The transitions that it took, with what caused each: "started → answered by".
    pub taken: Vec<String>,
}

impl LadderSnapshot {
    pub(super) fn of(model: &mut Model) -> Self {
        let data = model.ladder_data();
        let is_message = |kind: &StepKind| matches!(kind, StepKind::Message(_));
        let messages = data.outline.steps.iter().filter(|it| is_message(&it.kind));
        Self {
            lanes: data
                .outline
                .lanes
                .iter()
                .map(|it| it.title.clone())
                .collect(),
            messages: messages.count(),
            bands: data.outline.bands.len(),
            height: data.heights.total(),
            to_scale: data.zoom.to_scale,
            selected: data.selected,
        }
    }
}

impl StateSnapshot {
    pub(super) fn of(model: &mut Model) -> Option<Self> {
        let data = model.state_data();
        let machines = data.machines.as_ref()?;
        let may = |side: Side| {
            let of_side = machines.legal.iter().filter(|(it, _)| *it == side);
            let messages = of_side.flat_map(|(_, messages)| messages);
            messages.map(|it| it.ty.name()).collect()
        };
        let machine = |it: &callscope_session_view::machines::Machine| MachineSnapshot {
            name: it.name,
            change: it.change(),
            taken: (it.taken.iter())
                .map(|taken| {
                    let cause = taken.cause.as_ref().map(|(_, name)| name);
                    let cause = cause.or(taken.remark.as_ref());
                    format!("{} {}", taken.words(), cause.map_or("", String::as_str))
                })
                .collect(),
        };
        Some(Self {
            at: data.at.clone(),
            machines: machines.machines.iter().map(machine).collect(),
            host_may: may(Side::Host),
            widget_may: may(Side::Widget),
            is_legal: machines.is_legal,
        })
    }
}
