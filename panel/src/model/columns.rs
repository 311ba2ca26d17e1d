//! The timeline's columns: one table that header, rows, menu and settings are derived from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use callscope_protocol::Millis;
use callscope_session_view::rows::{MessageRow, OrderBy, RowBody, RowText};
use callscope_session_view::words;
use serde::{Deserialize, Serialize};

/// A column of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// When a message arrived.
    Time,
    /// The time since the previous row.
    Delta,
    /// Which side sent it: two columns of arrows.
    Direction,
    /// Its type.
    Type,
    /// The call that it belongs to.
    Call,
    /// Its findings.
    Finding,
    /// What distinguishes it from others of its type.
    Summary,
    /// How long it took to answer.
    Latency,
    /// Its size.
    Size,
}

/// A column's default width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Width {
    /// Wide enough for this many digits.
    Digits(f32),
    /// Wide enough for the two columns of arrows.
    Arrows,
    /// The remaining space, which these columns share, one after another in each row.
    Rest,
}

/// An entry of the table.
#[derive(Debug)]
pub(crate) struct ColumnSpec {
    pub(crate) column: Column,
    /// Its id in the settings.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// A description of its contents.
    pub(crate) about: &'static str,
    pub(crate) width: Width,
    /// Lists at least this wide, in points, show it unless the user hides it.
    pub(crate) shown_from: f32,
    /// Whether it holds numbers, aligned right.
    pub(crate) is_number: bool,
    pub(crate) order: OrderBy,
    /// Whether the first click sorts the largest first.
    pub(crate) is_largest_first: bool,
    /// The cell's text for a row; may be empty.
    pub(crate) cell: for<'a> fn(&'a RowText, Clock) -> Cow<'a, str>,
}

/// All columns, from left to right.
pub(crate) const COLUMNS: [ColumnSpec; 9] = [
    ColumnSpec {
        column: Column::Time,
        id: "time",
        title: "Time",
        about: "When the message was received",
        width: Width::Digits(12.0),
        shown_from: 0.0,
        is_number: false,
        order: OrderBy::Time,
        is_largest_first: true,
        cell: time,
    },
    ColumnSpec {
        column: Column::Delta,
        id: "delta",
        title: "Delta",
        about: "The time since the row before, in session order",
        width: Width::Digits(9.0),
        shown_from: 640.0,
        is_number: true,
        order: OrderBy::Delta,
        is_largest_first: true,
        // Of `1 h 02 min` not all would have room.
        cell: |row, _| {
            let delta = row.delta.as_deref().unwrap_or_default();
            delta.replace(" min", " m").into()
        },
    },
    ColumnSpec {
        column: Column::Direction,
        id: "direction",
        title: "From",
        about: "Who sent it: the widget (W) to the left, HubSpot (H) to the right",
        width: Width::Arrows,
        shown_from: 0.0,
        is_number: false,
        order: OrderBy::Side,
        is_largest_first: false,
        cell: |row, _| of_message(row, |message| message.from.name().into()),
    },
    ColumnSpec {
        column: Column::Type,
        id: "type",
        title: "Type",
        about: "The message's type",
        width: Width::Digits(27.0),
        shown_from: 0.0,
        is_number: false,
        order: OrderBy::Type,
        is_largest_first: false,
        cell: |row, _| of_message(row, |message| message.type_name.as_str().into()),
    },
    ColumnSpec {
        column: Column::Call,
        id: "call",
        title: "Call",
        about: "The number of the call that the message belongs to",
        width: Width::Digits(4.0),
        shown_from: 700.0,
        is_number: true,
        order: OrderBy::Call,
        is_largest_first: false,
        cell: |row, _| {
            of_message(row, |message| {
                let call = message.call.map(|call| call.serial.to_string());
                call.unwrap_or_default().into()
            })
        },
    },
    ColumnSpec {
        column: Column::Finding,
        id: "finding",
        title: "Finding",
        about: "What is wrong with the message, before its summary",
        width: Width::Rest,
        shown_from: 0.0,
        is_number: false,
        order: OrderBy::Severity,
        is_largest_first: true,
        cell: |row, _| {
            let sentence = row.mark.as_ref().map(|mark| mark.message.as_str());
            sentence.unwrap_or_default().into()
        },
    },
    ColumnSpec {
        column: Column::Summary,
        id: "summary",
        title: "Summary",
        about: "What tells the message from others of its type",
        width: Width::Rest,
        shown_from: 0.0,
        is_number: false,
        order: OrderBy::Summary,
        is_largest_first: false,
        cell: |row, _| match &row.body {
            RowBody::Message(message) => message.summary.as_str().into(),
            RowBody::Gap(words) | RowBody::Remark(words) => words.as_str().into(),
            RowBody::Inside(inside) => inside.line(),
        },
    },
    ColumnSpec {
        column: Column::Latency,
        id: "latency",
        title: "Latency",
        about: "How long after its request the answer came",
        width: Width::Digits(9.0),
        shown_from: 800.0,
        is_number: true,
        order: OrderBy::Latency,
        is_largest_first: true,
        cell: |row, _| {
            of_message(row, |message| {
                let latency = message.answers.map(|it| words::duration(it.latency));
                latency.unwrap_or_default().into()
            })
        },
    },
    ColumnSpec {
        column: Column::Size,
        id: "size",
        title: "Size",
        about: "How large the message was",
        width: Width::Digits(8.0),
        shown_from: f32::INFINITY,
        is_number: true,
        order: OrderBy::Size,
        is_largest_first: true,
        cell: |row, _| of_message(row, |message| words::bytes(message.size).into()),
    },
];

fn of_message<'a>(
    row: &'a RowText,
    cell: impl FnOnce(&'a MessageRow) -> Cow<'a, str>,
) -> Cow<'a, str> {
    match &row.body {
        RowBody::Message(message) => cell(message),
        RowBody::Gap(_) | RowBody::Remark(_) | RowBody::Inside(_) => Cow::Borrowed(""),
    }
}

fn time(row: &RowText, clock: Clock) -> Cow<'_, str> {
    match clock {
        Clock::OfDay => row.time.as_str().into(),
        Clock::Since(start) => words::since(row.at - start).into(),
    }
}

impl Column {
    /// The column's entry in the table.
    pub(crate) fn spec(self) -> &'static ColumnSpec {
        &COLUMNS[self as usize]
    }

    /// What rows are sorted by: "time", "sender".
    pub(crate) fn noun(self) -> String {
        match self {
            Self::Direction => "sender".to_owned(),
            _ => self.spec().title.to_lowercase(),
        }
    }
}

/// How times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeFormat {
    /// As time of day on the user's clock.
    #[default]
    OfDay,
    /// As the time since the first row.
    SinceFirst,
    /// As the time since the selected row.
    SinceSelected,
}

impl TimeFormat {
    /// All formats, with their names in the menu.
    pub(crate) const ALL: [(Self, &'static str); 3] = [
        (Self::OfDay, "Time of day"),
        (Self::SinceFirst, "Since the first row"),
        (Self::SinceSelected, "Since the selected row"),
    ];
}

/// The reference for times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Clock {
    /// The time of day.
    #[default]
    OfDay,
    /// The time since this moment.
    Since(Millis),
}

/// A sort order of the rows other than the session's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sort {
    /// The column to sort by.
    pub column: Column,
    /// Whether the largest, or the last in the alphabet, comes first.
    pub is_descending: bool,
}

impl Sort {
    /// The session's order and the order after a click on each column's title, except the present
    /// one.
    pub(crate) fn choices(present: Option<Self>) -> impl Iterator<Item = Option<Self>> {
        let session = present.is_some().then_some(None);
        let columns = COLUMNS.iter().map(|spec| spec.column);
        let sorted = columns.filter_map(move |column| Self::next(present, column));
        session.into_iter().chain(sorted.map(Some))
    }

    /// The sort order after a click on a column's title: one direction, then the other, then
    /// session order again.
    pub(crate) fn next(present: Option<Self>, column: Column) -> Option<Self> {
        let first = column.spec().is_largest_first;
        let sort = |is_descending| {
            Some(Self {
                column,
                is_descending,
            })
        };
        match present.filter(|it| it.column == column) {
            None => sort(first),
            // Ascending time is the session's order.
            Some(_) if column == Column::Time => None,
            Some(it) if it.is_descending == first => sort(!first),
            Some(_) => None,
        }
    }
}

/// The user's choices for a column; `None` leaves it to the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Choice {
    shown: Option<bool>,
    /// In points.
    width: Option<f32>,
}

/// The user's choices for the columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ColumnSettings {
    pub(crate) time: TimeFormat,
    /// By column id, so that a column from a later version does no harm.
    chosen: BTreeMap<String, Choice>,
}

/// The range of column widths, in points.
const WIDTHS: std::ops::RangeInclusive<f32> = 24.0..=600.0;

impl ColumnSettings {
    /// Whether a list this wide, in points, shows a column.
    pub(crate) fn is_shown(&self, column: Column, list_width: f32) -> bool {
        let spec = column.spec();
        self.choice(column)
            .shown
            .unwrap_or(list_width >= spec.shown_from)
    }

    /// Whether the user wants a column, as far as there is room for it.
    pub(crate) fn is_wanted(&self, column: Column) -> bool {
        self.is_shown(column, f32::MAX)
    }

    /// The width chosen by the user, in points.
    pub(crate) fn width(&self, column: Column) -> Option<f32> {
        let width = self.choice(column).width.filter(|it| it.is_finite())?;
        Some(width.clamp(*WIDTHS.start(), *WIDTHS.end()))
    }

    /// Whether the user has chosen nothing.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn show(&mut self, column: Column, is_shown: bool) {
        self.choice_mut(column).shown = Some(is_shown);
    }

    pub(crate) fn resize(&mut self, column: Column, width: Option<f32>) {
        self.choice_mut(column).width = width;
        // Clamp it, so that what is stored is what is used.
        self.choice_mut(column).width = self.width(column);
    }

    fn choice(&self, column: Column) -> Choice {
        let choice = self.chosen.get(column.spec().id);
        choice.copied().unwrap_or_default()
    }

    fn choice_mut(&mut self, column: Column) -> &mut Choice {
        self.chosen.entry(column.spec().id.to_owned()).or_default()
    }
}

/// A row as a line of text, its cells separated by tabs.
pub(crate) fn table_row(row: &RowText) -> String {
    let cells = COLUMNS.map(|spec| (spec.cell)(row, Clock::OfDay));
    cells.join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_columns() {
        for (index, spec) in COLUMNS.iter().enumerate() {
            assert_eq!(spec.column as usize, index);
            assert_eq!(
                serde_json::to_value(spec.column).unwrap(),
                serde_json::json!(spec.id)
            );
            assert!(COLUMNS.iter().filter(|it| it.title == spec.title).count() == 1);
        }
    }

    #[test]
    fn the_sessions_order_is_two_clicks_away_at_most() {
        for spec in &COLUMNS {
            let first = Sort::next(None, spec.column);
            assert_eq!(
                first.map(|it| it.is_descending),
                Some(spec.is_largest_first)
            );
            let second = Sort::next(first, spec.column);
            assert_ne!(first, second);
            let third = second.map(|_| Sort::next(second, spec.column));
            assert_eq!(third.flatten(), None);
            let other = Some(Sort {
                column: Column::Type,
                is_descending: true,
            });
            if spec.column != Column::Type {
                assert_eq!(Sort::next(other, spec.column), first);
            }
        }
    }

    #[test]
    fn choices_survive_and_nonsense_does_no_harm() {
        let mut settings = ColumnSettings::default();
        assert!(settings.is_default());
        assert!(!settings.is_shown(Column::Size, 2500.0));
        assert!(!settings.is_shown(Column::Delta, 300.0));
        settings.show(Column::Size, true);
        settings.resize(Column::Type, Some(7.0));
        settings.resize(Column::Delta, Some(f32::NAN));
        let text = serde_json::to_string(&settings).unwrap();
        let read: ColumnSettings = serde_json::from_str(&text).unwrap();
        assert_eq!(read, settings);
        assert!(read.is_shown(Column::Size, 300.0));
        assert_eq!(read.width(Column::Type), Some(24.0));
        assert_eq!(read.width(Column::Delta), None);
        let later = r#"{"chosen":{"flavor":{"shown":true,"smell":1}}}"#;
        let read: ColumnSettings = serde_json::from_str(later).unwrap();
        assert!(read.is_shown(Column::Time, 300.0));
    }
}
