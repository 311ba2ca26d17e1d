//! Percentiles of spans of time.

use callscope_protocol::Millis;

/// Spans of time, for percentiles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans(Vec<f64>);

impl Spans {
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Puts the spans in order, as [`percentile`](Self::percentile) needs them.
    pub(crate) fn sort(&mut self) {
        self.0.sort_by(f64::total_cmp);
    }

    /// The span that `percent` of all do not exceed (nearest rank); 0 gives the shortest, 100
    /// the longest.
    pub(crate) fn percentile(&self, percent: usize) -> Option<Millis> {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().map(Millis)
    }
}

impl Extend<Millis> for Spans {
    fn extend<T: IntoIterator<Item = Millis>>(&mut self, spans: T) {
        self.0.extend(spans.into_iter().map(|Millis(span)| span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_spans_that_were_measured() {
        let mut spans = Spans::default();
        assert_eq!(spans.percentile(50), None);
        spans.extend([5.0, 1.0, 4.0, 2.0, 3.0].map(Millis));
        spans.sort();
        let percentiles = [0, 20, 50, 90, 100].map(|percent| spans.percentile(percent).unwrap().0);
        assert_eq!(
            percentiles.map(|it| it.to_string()),
            ["1", "1", "3", "5", "5"]
        );
    }
}
