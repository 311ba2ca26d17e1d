//! Estimates the length of a value's JSON text that is not written completely.

use super::{Kind, Posted};

/// How many of the enclosing objects, from the outermost, each object is compared with.
const NEAR: usize = 16;

/// The approximate length of a value's JSON text, looking at no more than `left` values.
///
/// A value may be nested very deep, so pending values are in a list rather than on the stack.
pub(super) fn measure<V: Posted>(value: &V, mut left: usize) -> usize {
    let mut size = 0;
    // The values still to be measured, each with the number of objects enclosing it.
    let mut waiting = vec![(value.clone(), 0)];
    // Those objects, outermost first.
    let mut around: Vec<V> = Vec::new();
    while let Some((value, depth)) = waiting.pop() {
        let Some(rest) = left.checked_sub(1) else {
            // Each takes at least a digit and a comma.
            size += 2 * (waiting.len() + 1);
            break;
        };
        left = rest;
        around.truncate(depth);
        // Includes a comma, which the last value in an object does not have.
        size += 1;
        let kind = value.kind();
        if !matches!(kind, Kind::List(_) | Kind::Record) {
            size += match kind {
                Kind::Text(length) => length + 2,
                Kind::Number(_) => value.stringified().map_or(4, |text| text.len()),
                Kind::Bool(false) => 5,
                _ => 4,
            };
            continue;
        }
        if leads_in_a_circle(&value, &around) {
            size += 4;
            continue;
        }
        let first = waiting.len();
        let limit = left.saturating_sub(first);
        if let Kind::List(length) = kind {
            let children = value.children(limit);
            // Beyond the limit, count a digit and a comma per element; for a hole, `null` and a
            // comma.
            let each = if children.len() == limit { 2 } else { 5 };
            size += each * length.saturating_sub(children.len());
            waiting.extend(children.into_iter().map(|child| (child, depth + 1)));
        } else {
            let members = value.members(limit);
            // `"":0,`
            size += 5 * value.count().saturating_sub(members.len());
            for (key, member) in members {
                if member.kind() != Kind::Undefined {
                    size += key.len() + 1;
                    waiting.push((member, depth + 1));
                }
            }
        }
        size += if waiting.len() == first { 2 } else { 1 };
        around.push(value);
    }
    size.saturating_sub(1)
}

/// Whether a value is one of the objects enclosing it.
///
/// Only the outermost ones and one more are compared, because all would take long for a deep value:
/// the last one whose depth is a power of two. A cycle passes that one sooner or later.
fn leads_in_a_circle<V: Posted>(value: &V, around: &[V]) -> bool {
    let far = around.len().checked_ilog2().map(|log| (1 << log) - 1);
    let far = far.and_then(|place: usize| around.get(place));
    around.iter().take(NEAR).chain(far).any(|it| it.is(value))
}
