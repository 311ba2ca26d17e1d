//! Medians, ratios, and the tables that they are printed in.

/// The median; NaN if there are no values.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    match values.as_slice() {
        [] => f64::NAN,
        values if values.len() % 2 == 1 => values[values.len() / 2],
        values => f64::midpoint(values[values.len() / 2 - 1], values[values.len() / 2]),
    }
}

/// The median of the ratios of values measured in turn, `values[n]` right after `bases[n]`, as text
/// for a table; a dash if there is nothing to compare with.
pub(crate) fn ratio(values: &[f64], bases: Option<&[f64]>) -> String {
    let ratios = values.iter().zip(bases.unwrap_or_default());
    let ratio = median(ratios.map(|(value, base)| value / base));
    if ratio.is_finite() {
        format!("{ratio:.2} ×")
    } else {
        "–".to_owned()
    }
}

/// A Markdown table: the first column describes a row, the others are numbers.
pub(crate) struct Table {
    lines: Vec<String>,
}

impl Table {
    /// A table with these column heads.
    pub(crate) fn new(heads: &[&str]) -> Self {
        let rule = heads.iter().enumerate().map(|(column, _)| match column {
            0 => "---",
            _ => "--:",
        });
        Self {
            lines: vec![line(heads), line(&rule.collect::<Vec<_>>())],
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[impl AsRef<str>]) {
        self.lines.push(line(cells));
    }

    /// The table as text.
    pub(crate) fn text(&self) -> String {
        self.lines.concat()
    }
}

fn line(cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]).to_string(), "2");
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]).to_string(), "2.5");
        assert!(median([]).is_nan());
    }

    #[test]
    fn ratios_are_of_what_was_measured_in_turn() {
        // The machine got slower for both.
        let bases = [1.0, 10.0, 1.0];
        assert_eq!(ratio(&[2.0, 20.0, 4.0], Some(&bases)), "2.00 ×");
        assert_eq!(ratio(&[2.0], None), "–");
        assert_eq!(ratio(&[2.0], Some(&[0.0])), "–");
    }

    #[test]
    fn tables_are_markdown() {
        let mut table = Table::new(&["", "time"]);
        table.row(&["none", "1 ms"]);
        assert_eq!(
            table.text(),
            "|  | time |\n| --- | --: |\n| none | 1 ms |\n"
        );
    }
}
