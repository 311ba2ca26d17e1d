//! The layout of the columns.

use callscope_protocol::MessageType;
use egui::Rangef;

use crate::model::columns::{COLUMNS, Column, ColumnSettings, Width};
use crate::theme::size;

/// The columns of a list, measured from its left edge.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// The columns with a fixed width, from left to right.
    pub(super) fixed: Vec<(Column, Rangef)>,
    /// The icons of a row: its worst severity, and whether Callscope posted it.
    pub(super) marks: Rangef,
    /// The space shared by the columns with [`Width::Rest`].
    pub(super) rest: Rangef,
    pub(super) has_finding: bool,
    pub(super) has_summary: bool,
    /// The width of a digit.
    pub(super) digit: f32,
    /// Whether everything optional is left out.
    pub(super) is_narrow: bool,
}

/// The scroll bar and the overview beside it keep their space even when all rows are visible, so
/// that no column moves when there are more.
pub(super) const EDGE: f32 = size::OVERVIEW + size::SCROLL_BAR;

/// Where the first column begins: the arrow that unfolds a run comes before it.
pub(super) const START: f32 = size::STEP + size::ICON + 2.0;

/// The type is narrowed before the summary gets narrower than this.
const LEAST_REST: f32 = 60.0;

/// Where the summary keeps this much, the type gets the room for the longest one.
const GOOD_REST: f32 = 160.0;

/// A type narrower than this is useless.
const LEAST_TYPE: f32 = 60.0;

/// The share of the type's width at which most types can still be told apart.
const READABLE: f32 = 0.6;

/// The width of a time without its hours, in digits.
pub(super) const SHORT_TIME: f32 = 9.0;

/// The columns to drop first when there is no room.
const LESS_IMPORTANT: [Column; 4] = [Column::Size, Column::Latency, Column::Call, Column::Delta];

impl Layout {
    /// The columns of a list of this width in points; `digit` is the width of a digit.
    pub(super) fn new(settings: &ColumnSettings, list_width: f32, digit: f32) -> Self {
        let is_narrow = list_width < size::TWO_LINES;
        let gap = if is_narrow { 6.0 } else { 2.0 * size::STEP };
        let marks = if is_narrow {
            size::ICON
        } else {
            2.0 * size::ICON
        };
        let width = list_width - EDGE - size::STEP;
        let natural = |column: Column| {
            let chosen = settings.width(column);
            chosen.unwrap_or_else(|| match column.spec().width {
                Width::Digits(_) if column == Column::Time && is_narrow => SHORT_TIME * digit,
                Width::Digits(count) => count * digit,
                Width::Arrows => arrows(digit),
                Width::Rest => 0.0,
            })
        };
        let is_fixed = |column: Column| column.spec().width != Width::Rest;
        let mut shown: Vec<Column> = COLUMNS
            .iter()
            .map(|spec| spec.column)
            .filter(|column| settings.is_shown(*column, list_width))
            .collect();
        let taken = |shown: &[Column]| {
            let fixed = shown.iter().filter(|column| is_fixed(**column));
            fixed.map(|column| natural(*column) + gap).sum::<f32>() + START + marks + gap
        };
        let mut others = LESS_IMPORTANT.iter();
        let squeezed = |shown: &[Column]| {
            if shown.contains(&Column::Type) {
                natural(Column::Type) - LEAST_TYPE
            } else {
                0.0
            }
        };
        while taken(&shown) - squeezed(&shown) + LEAST_REST > width
            && let Some(column) = others.next()
        {
            shown.retain(|it| it != column);
        }
        let at_the_end = 2.0 * gap;
        // Without the type, nothing else says anything.
        if taken(&shown) - squeezed(&shown) > width + at_the_end {
            shown.retain(|it| *it != Column::Time);
        }
        // The space for the type and the rest.
        let room = width - taken(&shown) + natural(Column::Type);
        let mut type_width = type_width(natural(Column::Type), room, is_narrow);
        // With nothing behind it, it can go up to the overview.
        type_width = type_width.min((room + at_the_end).max(0.0));
        if settings.width(Column::Type).is_none() {
            type_width = type_width.max((longest_type() * digit).min(room - GOOD_REST));
        }

        let mut layout = Self {
            fixed: Vec::with_capacity(shown.len()),
            marks: Rangef::NOTHING,
            rest: Rangef::NOTHING,
            has_finding: shown.contains(&Column::Finding),
            has_summary: shown.contains(&Column::Summary),
            digit,
            is_narrow,
        };
        let is_right = |column: Column| column as usize > Column::Summary as usize;
        let mut x = START;
        let mut place = |column: Column, width: f32| {
            let range = Rangef::new(x, x + width);
            x = range.max + gap;
            if is_fixed(column) {
                layout.fixed.push((column, range));
            }
            range
        };
        for spec in COLUMNS.iter().filter(|spec| is_fixed(spec.column)) {
            let column = spec.column;
            if column == Column::Type {
                layout.marks = place(Column::Finding, marks - gap + size::STEP);
            }
            if shown.contains(&column) && !is_right(column) {
                let width = if column == Column::Type {
                    type_width
                } else {
                    natural(column)
                };
                place(column, width);
            }
        }
        let left = x;
        let mut right = width;
        for column in shown.iter().rev().copied().filter(|it| is_right(*it)) {
            let range = Rangef::new(right - natural(column), right);
            right = range.min - gap;
            layout.fixed.push((column, range));
        }
        layout.rest = Rangef::new(left, right.max(left));
        layout
    }

    /// The place of a column, if it has a fixed width.
    pub(super) fn place(&self, column: Column) -> Option<Rangef> {
        let found = self.fixed.iter().find(|(it, _)| *it == column);
        found.map(|(_, range)| *range)
    }

    /// Whether a column is there.
    pub(super) fn shows(&self, column: Column) -> bool {
        match column {
            // Its marks always are.
            Column::Finding => self.has_finding,
            Column::Summary => self.has_summary && self.rest.span() >= LEAST_REST,
            _ => self.place(column).is_some(),
        }
    }

    /// Whether there is room for more than the type: otherwise the count of a run and the sentence
    /// of an error share its place.
    pub(super) fn has_room_for_rest(&self) -> bool {
        self.rest.span() >= LEAST_REST
    }

    /// Where the text of a row that is not a message begins.
    pub(super) fn words(&self) -> f32 {
        let arrows = self.place(Column::Direction);
        arrows.map_or(self.marks.min, |arrows| arrows.min)
    }
}

/// The width of the type, `whole` if it can be, in the `room` that it shares with the rest.
fn type_width(whole: f32, room: f32, is_narrow: bool) -> f32 {
    let share = if is_narrow { 0.65 } else { 0.55 };
    // If only a few letters of the summary would fit, the type is worth more.
    let has_room_for_both = room - READABLE * whole >= LEAST_REST;
    let wanted = if has_room_for_both {
        room * share
    } else {
        room
    };
    whole.min(wanted.max(LEAST_TYPE)).max(LEAST_TYPE)
}

/// The width of the longest type of the catalogue, in digits: whatever comes fits, so the column
/// needs not grow when it does.
fn longest_type() -> f32 {
    let lengths = MessageType::ALL.iter().map(|it| it.name().len());
    lengths.max().unwrap_or(0) as f32
}

/// The width of one of the two columns of arrows: an arrow and the side's letter.
pub(super) fn arrow(digit: f32) -> f32 {
    size::ICON + digit + 6.0
}

/// The width of both columns of arrows.
fn arrows(digit: f32) -> f32 {
    2.0 * arrow(digit) - 6.0
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use expect_test::expect;

    fn told(settings: &ColumnSettings, width: f32) -> String {
        let layout = Layout::new(settings, width, 7.0);
        let mut text = format!("{width}:");
        let mut fixed = layout.fixed.clone();
        fixed.sort_by(|(_, a), (_, b)| a.min.total_cmp(&b.min));
        let mut last = 0.0;
        for (column, range) in fixed {
            if range.min > layout.rest.min && last <= layout.rest.min {
                write!(text, " rest {:.0}", layout.rest.span()).unwrap();
            }
            assert!(range.min >= last, "{column:?} at {width}");
            assert!(range.max <= width - EDGE, "{column:?} at {width}");
            last = range.max;
            write!(text, " {} {:.0}", column.spec().id, range.span()).unwrap();
        }
        if last <= layout.rest.min {
            write!(text, " rest {:.0}", layout.rest.span()).unwrap();
        }
        text.push('\n');
        text
    }

    #[test]
    fn wide_lists_show_more() {
        let widths = [
            200.0, 230.0, 240.0, 300.0, 480.0, 640.0, 800.0, 1280.0, 2500.0,
        ];
        let text = widths.map(|width| told(&ColumnSettings::default(), width));
        expect![[r#"
            200: direction 48 type 78 rest 2
            230: direction 48 type 108 rest 2
            240: time 63 direction 48 type 60 rest 0
            300: time 63 direction 48 type 109 rest 2
            480: time 84 direction 48 type 135 rest 115
            640: time 84 delta 63 direction 48 type 184 rest 155
            800: time 84 delta 63 direction 48 type 203 call 28 rest 189 latency 63
            1280: time 84 delta 63 direction 48 type 203 call 28 rest 669 latency 63
            2500: time 84 delta 63 direction 48 type 203 call 28 rest 1889 latency 63
        "#]]
        .assert_eq(&text.concat());
    }

    #[test]
    fn the_longest_type_fits_where_the_summary_has_room() {
        use crate::views::parts::{cut_type, mono_width};

        let harness = egui_kittest::Harness::builder().with_context_setup(crate::theme::apply);
        let mut harness = harness.build_ui(|ui| {
            let digit = mono_width(ui);
            for width in [800.0, 1280.0, 2500.0] {
                let layout = Layout::new(&ColumnSettings::default(), width, digit);
                let room = layout.place(Column::Type).unwrap().span();
                for name in MessageType::ALL.iter().map(|it| it.name()) {
                    assert_eq!(cut_type(ui, name, room), name, "{width}");
                }
                assert!(layout.rest.span() >= GOOD_REST);
            }
        });
        harness.run_steps(1);
    }

    /// As wide as by default, as narrow as can be, and that in an unfolded run.
    #[test]
    fn no_two_types_look_the_same_at_any_width_of_their_column() {
        use std::collections::HashMap;

        use egui_kittest::Harness;

        use crate::views::parts::{cut_type, mono_width};

        let mut harness = Harness::builder()
            .with_context_setup(crate::theme::apply)
            .build_ui(|ui| {
                let digit = mono_width(ui);
                let Width::Digits(digits) = Column::Type.spec().width else {
                    panic!("the column of types has a width");
                };
                let member = 2.0 * size::STEP;
                for room in [digits * digit, 130.0, LEAST_TYPE, LEAST_TYPE - member] {
                    let mut told: HashMap<String, &str> = HashMap::new();
                    for name in MessageType::ALL.iter().map(|it| it.spec().name) {
                        let cut = cut_type(ui, name, room).into_owned();
                        let other = told.insert(cut.clone(), name);
                        assert_eq!(other, None, "{name} is {cut} as well, in {room}");
                    }
                }
            });
        harness.run_steps(1);
    }

    #[test]
    fn what_the_user_wants_is_there_as_far_as_there_is_room() {
        let mut settings = ColumnSettings::default();
        settings.show(Column::Size, true);
        settings.show(Column::Delta, true);
        settings.show(Column::Time, false);
        settings.resize(Column::Type, Some(300.0));
        let text = [300.0, 480.0, 800.0].map(|width| told(&settings, width));
        expect![[r#"
            300: direction 48 type 178 rest 2
            480: delta 63 direction 48 type 203 rest 4 size 56
            800: delta 63 direction 48 type 229 call 28 rest 191 latency 63 size 56
        "#]]
        .assert_eq(&text.concat());
    }
}
