//! What the ladder shows: its outline, and the vertical position of each step.

use std::rc::Rc;

use callscope_protocol::Millis;
use callscope_session_view::ladder::{Outline, StepKind};

use super::Model;
use super::cached::{Cached, Paced};
use crate::action::{ExportFormat, ExportPart};
use crate::event::Effect;
use crate::theme::size;

/// The state of the ladder.
#[derive(Debug, Default)]
pub(crate) struct LadderState {
    pub(crate) zoom: Zoom,
    outline: Paced<u64, Outline>,
    /// How many outlines have been made.
    made: u64,
    heights: Cached<(u64, Zoom), Heights>,
}

/// The zoom level of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Zoom {
    /// The index of the level.
    level: usize,
    /// Whether the distance between two steps shows the time between them.
    pub(crate) to_scale: bool,
}

impl Default for Zoom {
    fn default() -> Self {
        Self {
            level: 3,
            to_scale: false,
        }
    }
}

/// The height of a message, and the points per second when times are drawn to scale.
const LEVELS: [(f32, f64); 8] = [
    (3.0, 2.0),
    (6.0, 5.0),
    (12.0, 20.0),
    (size::ROW, 100.0),
    (28.0, 400.0),
    (40.0, 2_000.0),
    (56.0, 10_000.0),
    (80.0, 50_000.0),
];

/// Messages at least this high have text.
const WORDS: f32 = 16.0;

/// The most space between two steps when times are drawn to scale; longer times are shown with a
/// break.
const MAX_DISTANCE: f32 = 400.0;

/// The most that the empty spaces of a long ladder may add up to: far beyond that, `f32` cannot
/// tell neighboring points apart.
const MAX_HEIGHT: f32 = 6_000_000.0;

impl Zoom {
    /// The next larger or smaller level.
    pub(crate) fn by(self, closer: bool) -> Self {
        let level = if closer {
            (self.level + 1).min(LEVELS.len() - 1)
        } else {
            self.level.saturating_sub(1)
        };
        Self { level, ..self }
    }

    /// Whether there is another level in this direction.
    pub(crate) fn can(self, closer: bool) -> bool {
        self.by(closer) != self
    }

    fn level(self) -> (f32, f64) {
        LEVELS
            .get(self.level)
            .copied()
            .unwrap_or((size::ROW, 100.0))
    }

    /// The height of a message, in points.
    fn row(self) -> f32 {
        if self.to_scale {
            size::ROW
        } else {
            self.level().0
        }
    }

    /// Whether messages have text.
    pub(crate) fn has_words(self) -> bool {
        self.row() >= WORDS
    }

    /// The time that the height of a row stands for, in milliseconds, if times are drawn to scale.
    pub(crate) fn row_millis(self) -> Option<f64> {
        self.to_scale
            .then(|| f64::from(size::ROW) / self.level().1 * 1000.0)
    }
}

/// The vertical positions of the steps, in points.
#[derive(Debug, Default)]
pub(crate) struct Heights {
    /// The top of each step, and the bottom of the last one.
    tops: Vec<f32>,
    /// The height of each step.
    own: Vec<f32>,
    /// Steps after a longer time than the distance shows.
    broken: Vec<usize>,
}

impl Heights {
    pub(crate) fn new(outline: &Outline, zoom: Zoom) -> Self {
        let count = outline.steps.len();
        let most = (MAX_HEIGHT / count.max(1) as f32).clamp(2.0 * size::ROW, MAX_DISTANCE);
        let mut heights = Self::default();
        heights.tops.reserve(count + 1);
        let mut top = 0.0;
        let mut before = None;
        for (index, step) in outline.steps.iter().enumerate() {
            let is_message = matches!(step.kind, StepKind::Message(_));
            let own = if is_message { zoom.row() } else { size::ROW };
            let passed = before.replace(step.at).map_or(0.0, |it| (step.at - it).0);
            if zoom.to_scale {
                #[expect(clippy::cast_possible_truncation, reason = "is clamped")]
                let wanted = (passed / 1000.0 * zoom.level().1) as f32 - own;
                top += wanted.clamp(0.0, most);
                if wanted > most {
                    heights.broken.push(index);
                }
            }
            heights.tops.push(top);
            heights.own.push(own);
            top += own;
        }
        heights.tops.push(top);
        heights
    }

    /// The total height.
    pub(crate) fn total(&self) -> f32 {
        self.tops.last().copied().unwrap_or_default()
    }

    /// The top of a step.
    pub(crate) fn top(&self, step: usize) -> f32 {
        self.tops.get(step).copied().unwrap_or_else(|| self.total())
    }

    /// The bottom of a step; when times are drawn to scale, there may be space before the next one.
    pub(crate) fn bottom(&self, step: usize) -> f32 {
        let own = self.own.get(step).copied().unwrap_or_default();
        self.top(step) + own
    }

    /// The step at a height: the last one that begins at or above it.
    pub(crate) fn step_at(&self, y: f32) -> usize {
        self.tops.partition_point(|top| *top <= y).saturating_sub(1)
    }

    /// Whether the time before a step is longer than the distance shows.
    pub(crate) fn is_broken(&self, step: usize) -> bool {
        self.broken.binary_search(&step).is_ok()
    }
}

/// What the ladder shows.
#[derive(Clone, Debug)]
pub(crate) struct LadderData {
    pub(crate) outline: Rc<Outline>,
    pub(crate) heights: Rc<Heights>,
    pub(crate) zoom: Zoom,
    /// The step of the selected entry.
    pub(crate) selected: Option<usize>,
    /// Messages that the filter hides.
    pub(crate) hidden: u64,
    /// Messages that have arrived since the user scrolled away from the end.
    pub(crate) new_count: u64,
}

impl LadderState {
    /// When an outline that lags behind should be requested again.
    pub(super) fn due(&self, pause: Millis) -> Option<Millis> {
        self.outline.due(pause)
    }
}

impl Model {
    /// What the ladder shows.
    pub(crate) fn ladder_data(&mut self) -> LadderData {
        let (revision, options, zoom) = (
            self.shown().session().revision(),
            self.options_revision,
            self.ladder.zoom,
        );
        let mut state = std::mem::take(&mut self.ladder);
        // New rows follow after a pause; if others have changed, the steps would be wrong.
        let fits = state.outline.last().is_some_and(|it| it.fits(self.shown()));
        let pause = if fits {
            self.calls_pause()
        } else {
            Millis(0.0)
        };
        let outline = state.outline.get((options, revision), self.now, pause, || {
            state.made += 1;
            Outline::new(self.shown())
        });
        let heights = state
            .heights
            .get((state.made, zoom), || Heights::new(&outline, zoom));
        self.ladder = state;
        let rows = self.shown().rows();
        let selected = self.selected.and_then(|id| self.shown().find(id));
        let selected = selected.and_then(|(position, _)| rows.row_of(position));
        LadderData {
            selected: selected.and_then(|row| outline.step_of(row)),
            outline,
            heights,
            zoom,
            hidden: rows.hidden(),
            new_count: self.new_count(),
        }
    }

    /// Shows the export sheet for the filtered ladder, which says what the file will hold.
    pub(super) fn save_ladder(&mut self) -> Vec<Effect> {
        self.refresh();
        if self.shown().rows().shown() == 0 {
            let text = "There is no message to draw";
            self.notices.info(self.seconds(), text, None);
            return Vec::new();
        }
        let choice = &mut self.export.choice;
        choice.part = ExportPart::Shown;
        if !choice.format.is_ladder() {
            choice.format = ExportFormat::Svg;
        }
        self.open_export()
    }
}

#[cfg(test)]
mod tests {
    use callscope_session_view::words::UtcOffset;

    use super::*;
    use crate::action::{Action, ExportChoice};
    use crate::event::Event;
    use crate::model::testing::{log, source};

    const CALL: &str = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100","objectId":7}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
    "#;

    fn model() -> Model {
        let mut model = Model::new(None, UtcOffset::UTC, false);
        let name = "trace".to_owned();
        let text = log(&source(CALL));
        model.perform(Action::ImportText { name, text });
        model.refresh();
        model
    }

    #[test]
    fn the_selection_has_its_step_while_the_filter_shows_it() {
        let mut model = model();
        model.perform(Action::SelectSeq { seq: 4 });
        let data = model.ladder_data();
        // The call's name is a step before its first message.
        let step = data.selected.unwrap();
        assert_eq!(data.outline.steps[step].kind, StepKind::Message(3));
        assert!(matches!(
            data.outline.steps[step - 1].kind,
            StepKind::Call(_)
        ));
        let text = "from:widget".to_owned();
        model.perform(Action::SetFilter { text });
        model.refresh();
        let data = model.ladder_data();
        assert_eq!((data.selected, data.hidden), (None, 2));
    }

    #[test]
    fn steps_stand_where_their_time_is_or_are_broken_off() {
        let mut model = model();
        let tops = |model: &mut Model| {
            let data = model.ladder_data();
            let count = data.outline.steps.len();
            let tops: Vec<f32> = (0..=count).map(|step| data.heights.top(step)).collect();
            assert_eq!(data.heights.step_at(tops[2] + 1.0), 2);
            let broken = (0..count).filter(|step| data.heights.is_broken(*step));
            (tops, broken.count())
        };
        let (even, _) = tops(&mut model);
        assert_eq!(even, [0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0]);
        model.perform(Action::ScaleLadder { on: true });
        // Messages are 10 ms apart.
        let (tight, broken) = tops(&mut model);
        assert_eq!((tight, broken), (even, 0));
        for _ in 0..3 {
            model.perform(Action::ZoomLadder { closer: true });
        }
        let (wide, broken) = tops(&mut model);
        assert_eq!((wide[1], broken), (100.0, 0));
        model.perform(Action::ZoomLadder { closer: true });
        let (wider, broken) = tops(&mut model);
        assert_eq!((wider[1], broken), (420.0, 4));
    }

    /// The ladder says what it will hold before it is saved, as an export does, and holds no number
    /// unless asked.
    #[test]
    fn a_saved_ladder_is_redacted_unless_the_user_says_otherwise() {
        let mut model = model();
        let text = "-type:SYNC*".to_owned();
        model.perform(Action::SetFilter { text });
        model.refresh();
        for redacted in [true, false] {
            for format in ExportFormat::ALL.into_iter().filter(|it| it.is_ladder()) {
                assert_eq!(model.perform(Action::SaveLadder), [Effect::MakeSalt]);
                model.handle(Event::Salt([7; 16]));
                let choice = model.export_data().unwrap().choice;
                assert_eq!(choice.part, ExportPart::Shown);
                assert!(choice.format.is_ladder());
                let choice = ExportChoice {
                    format,
                    redacted,
                    ..choice
                };
                model.perform(Action::ChooseExport { choice });
                let effects = model.perform(Action::SaveExport);
                let [Effect::Save { name, text }] = effects.as_slice() else {
                    panic!("{effects:?}");
                };
                assert!(name.ends_with(format.extension()), "{name}");
                assert!(text.contains("OUTGOING_CALL_STARTED"), "{text}");
                assert_eq!(text.contains("+15550100"), !redacted, "{text}");
            }
        }
        // Without a filter, it is all of it.
        let text = String::new();
        model.perform(Action::SetFilter { text });
        model.perform(Action::SaveLadder);
        assert_eq!(model.export_data().unwrap().choice.part, ExportPart::Whole);
    }
}
