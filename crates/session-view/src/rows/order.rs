//! The rows sorted by something other than session order.

use std::cmp::Ordering;

use callscope_protocol::{Millis, Side};
use callscope_session_log::Placed;

use crate::{SessionView, findings};

/// What to sort rows by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderBy {
    /// When it happened.
    Time,
    /// The time since the previous row in session order.
    Delta,
    /// Who sent it.
    Side,
    /// The type, alphabetically.
    Type,
    /// The conversation and the call.
    Call,
    /// How bad the worst finding is.
    Severity,
    /// The summary, alphabetically.
    Summary,
    /// How long the answer took.
    Latency,
    /// How large the message was.
    Size,
}

/// The value that a row is sorted by.
enum Key<'a> {
    Number(f64),
    Text(&'a str),
}

impl Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            // All keys of one order are of the same kind.
            (Self::Number(_), Self::Text(_)) | (Self::Text(_), Self::Number(_)) => Ordering::Equal,
        }
    }
}

impl SessionView {
    /// The indices of the rows in this order.
    ///
    /// Rows without the value, such as a gap when sorting by type, come last in both directions;
    /// rows with equal values stay in session order.
    #[must_use]
    pub fn ordered(&self, by: OrderBy, is_descending: bool) -> Vec<usize> {
        let count = self.rows().len();
        let mut keyed: Vec<(Option<Key<'_>>, usize)> = (0..count)
            .map(|index| (self.order_key(by, index), index))
            .collect();
        keyed.sort_by(|(a, _), (b, _)| match (a, b) {
            (Some(a), Some(b)) if is_descending => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        keyed.into_iter().map(|(_, index)| index).collect()
    }

    fn order_key(&self, by: OrderBy, index: usize) -> Option<Key<'_>> {
        let row = self.rows().get(index)?;
        let placed = self.fact(row.first)?;
        match by {
            OrderBy::Time => return Some(Key::Number(self.session().at(placed).0)),
            OrderBy::Delta => {
                let Millis(delta) = self.row_delta(index)?;
                return Some(Key::Number(delta));
            }
            OrderBy::Severity => {
                let found = self.shown_findings_at(row.first);
                let worst = found.map(|it| findings::severity(self.session(), it));
                return Some(Key::Number(f64::from(worst.max()? as u8)));
            }
            _ => {}
        }
        let recorded = Placed::message(placed)?;
        let digest = || self.digest(placed.id);
        #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^53")]
        let number = |number: u64| Key::Number(number as f64);
        let key = match by {
            OrderBy::Time | OrderBy::Delta | OrderBy::Severity => return None,
            OrderBy::Side => Key::Number(match recorded.from {
                Side::Widget => 0.0,
                Side::Host => 1.0,
            }),
            OrderBy::Type => Key::Text(digest()?.type_words()),
            OrderBy::Summary => Key::Text(&digest()?.summary),
            OrderBy::Call => {
                let call = self.session().placement(recorded.seq).call?;
                Key::Number(f64::from(call.conversation.0) * 1e6 + f64::from(call.serial))
            }
            OrderBy::Latency => {
                let answer = self.session().placement(recorded.seq).answers?;
                Key::Number(answer.latency.0)
            }
            OrderBy::Size => number(super::size_of(recorded)),
        };
        Some(key)
    }
}
