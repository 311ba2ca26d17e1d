//! How long answers took, by kind of request.

use std::collections::{BTreeMap, BTreeSet};

use callscope_protocol::{ConversationId, MessageType, Millis};

use crate::{SessionView, words};

/// How long the answers of a session took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latencies {
    /// The requests that were answered, in the order of the catalogue.
    pub kinds: Vec<RequestKind>,
    /// The requests that were not answered in the time that the rules allow for it.
    pub unanswered: Vec<Unanswered>,
}

/// One kind of request with one kind of answer.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestKind {
    /// The request's type.
    pub request: &'static str,
    /// What was asked for, however it turned out; see
    /// [`Answer::kind`](callscope_protocol::Answer::kind).
    pub answer: &'static str,
    /// The answers, in session order; there is at least one.
    pub points: Vec<Point>,
}

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When it came.
    pub at: Millis,
    /// How long it took.
    pub latency: Millis,
    /// The request.
    pub request: u64,
    /// The answer.
    pub answer: u64,
}

/// Unanswered requests of one type.
#[derive(Clone, Debug, PartialEq)]
pub struct Unanswered {
    /// The request's type.
    pub request: &'static str,
    /// The requests, in session order; there is at least one.
    pub seqs: Vec<u64>,
}

impl RequestKind {
    /// `DIAL_NUMBER → OUTGOING_CALL_STARTED`; see [`name`].
    #[must_use]
    pub fn name(&self) -> String {
        name(self.request, self.answer)
    }

    /// How long the answers took, sorted.
    #[must_use]
    pub fn spans(&self) -> Spans {
        let mut spans = Spans::default();
        spans.extend(self.points.iter().map(|point| point.latency));
        spans.sort();
        spans
    }

    /// The answer that took the longest; of several, the first.
    #[must_use]
    pub fn worst(&self) -> Option<Point> {
        let points = self.points.iter().copied();
        points.reduce(|worst, it| {
            if it.latency > worst.latency {
                it
            } else {
                worst
            }
        })
    }

    /// `worst 340 ms, median 12 ms of 5 answers`.
    #[must_use]
    pub fn summary(&self) -> String {
        let worst = self.worst().map_or(Millis(f64::NAN), |it| it.latency);
        let worst = words::duration(worst);
        match self.points.len() {
            1 => format!("{worst}, 1 answer"),
            count => {
                let median = self.spans().median().unwrap_or(Millis(f64::NAN));
                format!(
                    "worst {worst}, median {} of {} answers",
                    words::duration(median),
                    words::count(count as u64)
                )
            }
        }
    }
}

/// A request and its answer: `DIAL_NUMBER → OUTGOING_CALL_STARTED`. Of answers that have a type for
/// their success and one for their failure: `CALL_COMPLETED → UPDATE_ENGAGEMENT_*`.
#[must_use]
pub fn name(request: &str, answer: &str) -> String {
    let is_type = answer != request && MessageType::from_name(answer).is_some();
    let end = if is_type { "" } else { "_*" };
    format!("{request} → {answer}{end}")
}

impl Unanswered {
    /// `END_CALL: 2 without an answer`.
    #[must_use]
    pub fn words(&self) -> String {
        let count = words::count(self.seqs.len() as u64);
        format!("{}: {count} without an answer", self.request)
    }
}

/// The rules that report an unanswered request; their findings are anchored to the request.
const UNANSWERED: [&str; 3] = ["H04", "H07", "Q09"];

/// How long the answers took, for the messages that `is_chosen` selects by their position in the
/// session.
#[must_use]
pub fn latencies(view: &SessionView, is_chosen: impl Fn(usize) -> bool) -> Latencies {
    let session = view.session();
    let mut kinds: BTreeMap<(Option<MessageType>, &'static str), RequestKind> = BTreeMap::new();
    for (position, placed) in session.facts().iter().enumerate() {
        let Some(recorded) = placed.message() else {
            continue;
        };
        let Some(answer) = session.placement(recorded.seq).answers else {
            continue;
        };
        if !is_chosen(position) {
            continue;
        }
        let kind = kinds
            .entry((answer.request_type, answer.kind()))
            .or_insert_with(|| RequestKind {
                request: answer
                    .request_type
                    .map_or("(unknown type)", MessageType::name),
                answer: answer.kind(),
                points: Vec::new(),
            });
        kind.points.push(Point {
            at: recorded.at,
            latency: answer.latency,
            request: answer.request,
            answer: recorded.seq,
        });
    }
    Latencies {
        kinds: kinds.into_values().collect(),
        unanswered: unanswered(view, is_chosen),
    }
}

fn unanswered(view: &SessionView, is_chosen: impl Fn(usize) -> bool) -> Vec<Unanswered> {
    let session = view.session();
    let ids: Vec<ConversationId> = session.conversations().map(|it| it.id).collect();
    let waiting = ids.into_iter().flat_map(|id| session.waiting(id));
    // Before it is due, an answer is on its way. The time of a saved session is that of its end.
    let last = session.facts().last().map(|it| it.fact.at());
    let now = session.now().into_iter().chain(last);
    let now = now.fold(f64::NEG_INFINITY, |latest, it| latest.max(it.0));
    let waiting = waiting.filter(|it| it.due.0 <= now);
    let found = session
        .findings()
        .iter()
        .filter(|finding| UNANSWERED.contains(&finding.rule.code))
        .filter_map(|finding| Some((finding.seq?, finding.at)))
        .filter(|(seq, at)| !is_answered_after(view, *seq, *at))
        .map(|(seq, _)| seq);
    let seqs: BTreeSet<u64> = waiting.map(|it| it.request).chain(found).collect();
    let mut types: BTreeMap<MessageType, Unanswered> = BTreeMap::new();
    for seq in seqs {
        let Some(id) = view.id_of(seq) else { continue };
        let is_chosen = session.position(id).is_some_and(&is_chosen);
        let known = view.digest(id).and_then(|digest| digest.known);
        if let Some(known) = known.filter(|_| is_chosen) {
            let entry = types.entry(known).or_insert_with(|| Unanswered {
                request: known.name(),
                seqs: Vec::new(),
            });
            entry.seqs.push(seq);
        }
    }
    types.into_values().collect()
}

/// Whether an answer came after the missing answer had been reported.
fn is_answered_after(view: &SessionView, seq: u64, found_at: Millis) -> bool {
    let asked_at = view.session().message(seq).map(|it| it.at);
    let mut answers = view.session().answers_to(seq);
    asked_at.is_some_and(|asked| answers.any(|(_, it)| asked + it.latency >= found_at))
}

impl SessionView {
    /// Whether the rows show the fact at this position of the session.
    #[must_use]
    pub fn shows(&self, position: usize) -> bool {
        self.rows().row_of(position).is_some()
    }
}

/// Time spans, to compute percentiles and the median of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spans(Vec<f64>);

impl Spans {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Sorts the spans, which [`percentile`](Self::percentile) and [`median`](Self::median)
    /// require.
    pub fn sort(&mut self) {
        self.0.sort_by(f64::total_cmp);
    }

    /// The span that `percent` of all spans do not exceed (nearest rank); 0 gives the shortest, 100
    /// the longest.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> Option<Millis> {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().map(Millis)
    }

    /// The span in the middle; of an even number, the mean of the two in the middle.
    #[must_use]
    pub fn median(&self) -> Option<Millis> {
        let last = self.0.len().checked_sub(1)?;
        let [below, above] = [last / 2, last.div_ceil(2)].map(|at| self.0.get(at).copied());
        below
            .zip(above)
            .map(|(below, above)| Millis(f64::midpoint(below, above)))
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

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle() {
        let median = |values: &[f64]| {
            let mut spans = Spans::default();
            spans.extend(values.iter().copied().map(Millis));
            spans.sort();
            spans.median().map(|it| it.0.to_string())
        };
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7.0]).as_deref(), Some("7"));
        assert_eq!(median(&[90.0, 6.0]).as_deref(), Some("48"));
        assert_eq!(median(&[90.0, 6.0, 5.0]).as_deref(), Some("6"));
        assert_eq!(median(&[1.0, 9.0, 2.0, 5.0]).as_deref(), Some("3.5"));
    }
}
