//! How much room is given to what pages that went away have left.

use callscope_bus::{
    DocumentId, PARKED_PREFIX, Parked, REST_PREFIX, Rest, bounds, decode, encode, parked_key,
    rests_for, rests_of,
};

/// What all of it together may take, in UTF-16 code units: some way below the 10 MB
/// that Chrome gives to `storage.session`, as it counts a bit differently.
pub(crate) const ROOM: usize = bounds::STORED_UNITS;
/// The most text of what one document has left, in bytes.
const MOST_REST: usize = bounds::LEFT_BYTES;

/// Which of what is stored has to go so that a new value of this size fits under this key: the
/// oldest.
///
/// `stored` are keys and values of the whole storage area.
pub(crate) fn make_room(stored: &[(String, String)], key: &str, size: usize) -> Vec<String> {
    let mut others: Vec<(f64, &str, usize)> = stored
        .iter()
        .filter(|(other, _)| other != key)
        .filter_map(|(other, value)| Some((left_at(other, value)?, other.as_str(), value.len())))
        .collect();
    others.sort_by(|one, two| two.0.total_cmp(&one.0));
    let mut left = ROOM.saturating_sub(size);
    let mut going = Vec::new();
    for (_, other, size) in others {
        if going.is_empty() && size <= left {
            left -= size;
        } else {
            going.push(other.to_owned());
        }
    }
    going
}

/// When a page left this value; `None` if that is not what the key is for.
fn left_at(key: &str, value: &str) -> Option<f64> {
    let at = if key.starts_with(PARKED_PREFIX) {
        decode::<Parked>(value).map(|parked| parked.at)
    } else if key.starts_with(REST_PREFIX) {
        decode::<Rest>(value).map(|rest| rest.at.unwrap_or(rest.hello.at))
    } else {
        return None;
    };
    // What cannot be read is of another version, and goes first.
    Some(at.unwrap_or(0.0))
}

/// The keys of what documents of earlier pages of this tab have left, now that the page of this
/// recorder is parked.
pub(crate) fn outdated(
    stored: &[(String, String)],
    tab: i32,
    recorder: &DocumentId,
    began: f64,
) -> Vec<String> {
    let (all, own, unnamed) = (
        rests_of(tab),
        rests_for(tab, Some(recorder)),
        rests_for(tab, None),
    );
    let is_earlier = |(key, value): &&(String, String)| {
        if key.starts_with(&unnamed) {
            decode::<Rest>(value).is_ok_and(|rest| rest.hello.at < began)
        } else {
            key.starts_with(&all) && !key.starts_with(&own)
        }
    };
    keys(stored.iter().filter(is_earlier))
}

/// The keys of all that is stored for a tab.
pub(crate) fn of_tab(stored: &[(String, String)], tab: i32) -> Vec<String> {
    let (parked, rests) = (parked_key(tab), rests_of(tab));
    let is_of_tab = |(key, _): &&(String, String)| *key == parked || key.starts_with(&rests);
    keys(stored.iter().filter(is_of_tab))
}

/// The same for a tab that has got another number: the new keys with what they hold.
///
/// Chrome gives a tab that it discards another number, and says nothing to its page.
pub(crate) fn renumbered(stored: &[(String, String)], old: i32, new: i32) -> Vec<(String, String)> {
    let (parked, rests) = (parked_key(old), rests_of(old));
    let renamed = stored.iter().filter_map(|(key, value)| {
        let key = match key.strip_prefix(&rests) {
            Some(rest) => [&rests_of(new), rest].concat(),
            None if *key == parked => parked_key(new),
            None => return None,
        };
        Some((key, value.clone()))
    });
    renamed.collect()
}

fn keys<'a>(entries: impl Iterator<Item = &'a (String, String)>) -> Vec<String> {
    entries.map(|(key, _)| key.clone()).collect()
}

/// Lets the last messages of a rest go if it is too large. Its [`next`](Rest::next) still says how
/// many there were.
pub(crate) fn bounded(mut rest: Rest) -> Rest {
    let mut left = MOST_REST;
    let fits = |batch: &callscope_bus::Batch| {
        let size = encode(batch).len();
        let fits = size <= left;
        left = if fits { left - size } else { 0 };
        fits
    };
    let kept = rest.batches.iter().map(fits).take_while(|fits| *fits);
    rest.batches.truncate(kept.count());
    rest
}

#[cfg(test)]
mod tests {
    use callscope_bus::{Batch, Hello, Observed, Record, Source, encode, rest_key};

    use super::*;

    fn parked(tab: i32, at: f64, size: usize) -> (String, String) {
        let parked = Parked {
            recorder: DocumentId("r".to_owned()),
            page: String::new(),
            began: 0.0,
            at,
            records: vec![Record {
                id: 1,
                line: "x".repeat(size),
            }],
            held: Vec::new(),
            omitted: 0,
            omitted_at: 0.0,
            cleared: None,
            pauses: Vec::new(),
            documents: Vec::new(),
            conversations: Vec::new(),
            injected: Vec::new(),
        };
        (parked_key(tab), encode(&parked))
    }

    fn rest(recorder: Option<&str>, began: f64, sizes: &[usize]) -> Rest {
        let document = DocumentId(format!("w{began}"));
        let batch = |size: &usize| Batch {
            document: document.clone(),
            first: 1,
            items: vec![Observed {
                at: 0.0,
                source: Source::Parent,
                origin: String::new(),
                message: "x".repeat(*size),
                cloned: String::new(),
                truncated: None,
            }],
            lost: 0,
            others: 0,
            more: false,
        };
        Rest {
            recorder: recorder.map(|name| DocumentId(name.to_owned())),
            batches: sizes.iter().map(batch).collect(),
            hello: Hello {
                document,
                origin: String::new(),
                path: vec![0],
                at: began,
                from_start: true,
                blank: false,
            },
            at: Some(began + 5.0),
            next: 9,
            lost: 0,
        }
    }

    fn kept(tab: i32, rest: &Rest) -> (String, String) {
        (rest_key(tab, rest), encode(rest))
    }

    #[test]
    fn what_a_tab_left_keeps_it_when_it_gets_another_number() {
        let stored = [parked(7, 1.0, 3), parked(8, 1.0, 3), parked(70, 1.0, 3)];
        let rest = rest(Some("r"), 1.0, &[1]);
        let under = |tab| (rest_key(tab, &rest), encode(&rest));
        let stored = [&stored[..], &[under(7), under(8)]].concat();
        let (_, value) = parked(7, 1.0, 3);
        assert_eq!(
            renumbered(&stored, 7, 9),
            [(parked_key(9), value), under(9)]
        );
    }

    #[test]
    fn the_oldest_go_first() {
        let all = [
            parked(1, 30.0, 3_000_000),
            parked(2, 10.0, 3_000_000),
            kept(3, &rest(None, 15.0, &[100])),
        ];
        assert_eq!(make_room(&all, "parked:9", 100), Vec::<String>::new());
        assert_eq!(make_room(&all, "parked:9", 4_000_000), ["parked:2"]);
        assert_eq!(
            make_room(&all, "parked:9", 7_000_000),
            ["parked:1", "rest:3::w15", "parked:2"]
        );
    }

    #[test]
    fn its_own_key_is_written_over() {
        assert!(make_room(&[parked(9, 1.0, 5_000_000)], "parked:9", 5_000_000).is_empty());
    }

    #[test]
    fn other_keys_are_left_alone() {
        let other = ("settings".to_owned(), "x".repeat(9_000_000));
        assert!(make_room(std::slice::from_ref(&other), "parked:9", 5_000_000).is_empty());
        assert!(
            outdated(
                std::slice::from_ref(&other),
                3,
                &DocumentId("r".to_owned()),
                0.0
            )
            .is_empty()
        );
        assert!(of_tab(&[other], 3).is_empty());
    }

    #[test]
    fn what_earlier_pages_have_left_goes_with_them() {
        let all = [
            kept(3, &rest(Some("old"), 10.0, &[1])),
            kept(3, &rest(Some("r"), 20.0, &[1])),
            kept(3, &rest(None, 11.0, &[1])),
            kept(3, &rest(None, 21.0, &[1])),
            kept(33, &rest(Some("old"), 10.0, &[1])),
            parked(33, 1.0, 1),
        ];
        let now = DocumentId("r".to_owned());
        assert_eq!(
            outdated(&all, 3, &now, 20.0),
            ["rest:3:old:w10", "rest:3::w11"]
        );
        assert_eq!(of_tab(&all, 33), ["rest:33:old:w10", "parked:33"]);
    }

    #[test]
    fn a_rest_is_bounded_and_still_says_how_many_there_were() {
        let sizes = [100, 1_000_000, 3_000_000, 100];
        let bounded = bounded(rest(None, 1.0, &sizes));
        assert_eq!(bounded.batches, rest(None, 1.0, &sizes[..2]).batches);
        assert_eq!(bounded.next, 9);
    }
}
