//! The names of message types where there is no room for them.

use std::borrow::Cow;

use callscope_protocol::MessageType;

use crate::columns::{cut_middle, width};

/// The name of a type in at most `limit` columns, with a `…` for what is left out: no other type of
/// the catalogue looks like that, unless there are fewer than seven columns.
///
/// Most names are cut in the middle. Where another name begins and ends alike, the cut moves, or
/// there are two.
///
/// ```
/// use callscope_session_view::short_type::short_type;
///
/// assert_eq!(short_type("CREATE_ENGAGEMENT_FAILED", 14), "CREATE_…FAILED");
/// assert_eq!(short_type("USER_AVAILABLE", 8), "USER_A…E");
/// assert_eq!(short_type("USER_UNAVAILABLE", 8), "USER_U…E");
/// assert_eq!(short_type("UPDATE_ENGAGEMENT_FAILED", 8), "U…EN…LED");
/// ```
#[must_use]
pub fn short_type(name: &str, limit: usize) -> Cow<'_, str> {
    // The catalogue's names are ASCII: a byte is a column.
    let is_cut = width(name) > limit;
    let known = MessageType::from_name(name).filter(|_| is_cut && name.is_ascii());
    let found = known.and_then(|_| {
        let is_alone = |cut: &Cut| is_alone(name, *cut);
        // The ways to cut it twice are many, and seldom needed.
        (cuts_once(limit).find(is_alone)).or_else(|| cuts_twice(name, limit).find(is_alone))
    });
    found.map_or_else(|| cut_middle(name, limit), |cut| Cow::Owned(cut.of(name)))
}

/// Which parts of a name are left.
#[derive(Clone, Copy, Debug)]
struct Cut {
    head: usize,
    /// Where a word begins of which something is left, and how much.
    middle: Option<(usize, usize)>,
    tail: usize,
}

impl Cut {
    /// The parts of this name.
    fn parts(self, name: &str) -> Option<[&str; 3]> {
        let middle = match self.middle {
            Some((start, length)) => name.get(start..start + length)?,
            None => "",
        };
        let tail = name.len().checked_sub(self.tail)?;
        Some([name.get(..self.head)?, middle, name.get(tail..)?])
    }

    fn of(self, name: &str) -> String {
        let Some([head, middle, tail]) = self.parts(name) else {
            return name.to_owned();
        };
        match self.middle {
            Some(_) => format!("{head}…{middle}…{tail}"),
            None => format!("{head}…{tail}"),
        }
    }
}

/// The ways to cut a name once, beginning with the middle.
fn cuts_once(limit: usize) -> impl Iterator<Item = Cut> {
    let room = limit.saturating_sub(1);
    let middle = room.div_ceil(2);
    let mut heads: Vec<usize> = (1..=room).collect();
    heads.sort_by_key(|head| (head.abs_diff(middle), *head < middle));
    heads.into_iter().map(move |head| Cut {
        head,
        middle: None,
        tail: room - head,
    })
}

/// The ways to cut a name twice, so that the beginning of a word is left between; beginning with
/// parts of the same length.
fn cuts_twice(name: &str, limit: usize) -> impl Iterator<Item = Cut> {
    let room = limit.saturating_sub(2);
    let mut cuts: Vec<Cut> = Vec::new();
    for start in words(name) {
        for head in 1..room.min(start) {
            for length in 1..=room - head {
                let tail = room - head - length;
                if start + length + tail < name.len() {
                    let middle = Some((start, length));
                    cuts.push(Cut { head, middle, tail });
                }
            }
        }
    }
    cuts.sort_by_key(|cut| {
        let lengths = [cut.head, cut.middle.map_or(0, |it| it.1), cut.tail];
        let longest = lengths.into_iter().max();
        longest.zip(lengths.into_iter().min()).map(|(a, b)| a - b)
    });
    cuts.into_iter()
}

/// Where the words of a name begin, except the first.
fn words(name: &str) -> impl Iterator<Item = usize> {
    name.match_indices('_').map(|(index, _)| index + 1)
}

/// Whether no other name of the catalogue has these parts.
fn is_alone(name: &str, cut: Cut) -> bool {
    let Some([head, middle, tail]) = cut.parts(name) else {
        return false;
    };
    let mut others = MessageType::ALL.iter().map(|it| it.spec().name);
    !others.any(|other| {
        other != name
            && other.starts_with(head)
            && other.ends_with(tail)
            && (middle.is_empty() || words(other).any(|at| begins(other, at, middle)))
    })
}

fn begins(name: &str, at: usize, with: &str) -> bool {
    name.get(at..).is_some_and(|it| it.starts_with(with))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fmt::Write as _;

    use expect_test::expect;

    use super::*;

    #[test]
    fn no_two_types_look_the_same() {
        for limit in 7..=30 {
            let mut told: HashMap<String, &str> = HashMap::new();
            for name in MessageType::ALL.iter().map(|it| it.spec().name) {
                let short = short_type(name, limit).into_owned();
                assert!(width(&short) <= limit, "{short} in {limit}");
                assert!(name.len() > limit || short == name, "{short} in {limit}");
                let other = told.insert(short.clone(), name);
                assert_eq!(other, None, "{name} is {short} as well");
            }
        }
    }

    #[test]
    fn whatever_the_name_and_the_room_it_fits() {
        let names = MessageType::ALL.iter().map(|it| it.spec().name);
        for name in names.chain(["", "é", "王小明的公司", "CALL_NOTICED", "______________"])
        {
            for limit in 0..40 {
                assert!(
                    width(&short_type(name, limit)) <= limit,
                    "{name} in {limit}"
                );
            }
        }
    }

    #[test]
    fn where_the_middle_is_not_enough_the_cut_moves() {
        let mut text = String::new();
        for name in MessageType::ALL.iter().map(|it| it.spec().name) {
            let short = short_type(name, 8);
            if short != cut_middle(name, 8) {
                writeln!(text, "{short} {name}").unwrap();
            }
        }
        expect![[r#"
            USER_A…E USER_AVAILABLE
            USER_U…E USER_UNAVAILABLE
            CAL…ERED CALL_ANSWERED
            CAL…NDED CALL_ENDED
            CAL…RRED CALL_TRANSFERRED
            U…EN…LED UPDATE_ENGAGEMENT_FAILED
            UP…AS…ED UPDATE_ASSOCIATIONS_FAILED
            CAL…EDED CALLER_ID_MATCH_SUCCEEDED
        "#]]
        .assert_eq(&text);
    }
}
