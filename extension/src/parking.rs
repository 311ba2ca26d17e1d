//! How storage is divided among what unloaded pages have left.

use callscope_bus::{
    AHEAD_PREFIX, DocumentId, GOODBYE_PREFIX, Goodbye, PARKED_PREFIX, Parked, ahead_key, bounds,
    decode, encode, goodbyes_for, goodbyes_of, parked_key,
};

/// The most that all of it may take, in UTF-16 code units: somewhat less than the 10 MB that Chrome
/// allows `storage.session`, because Chrome counts a bit differently.
pub(crate) const ROOM: usize = bounds::STORED_UNITS;
/// The most that one document may leave, in bytes.
const MOST_REST: usize = bounds::LEFT_BYTES;

/// A change to the storage area: first remove, then write.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) write: Vec<(String, String)>,
    pub(crate) remove: Vec<String>,
}

impl Change {
    /// Writes one value after removing others.
    pub(crate) fn of(key: String, value: String, remove: Vec<String>) -> Self {
        Self {
            write: vec![(key, value)],
            remove,
        }
    }
}

/// Stores what a recorder held when its page was unloaded.
pub(crate) fn park(
    stored: &[(String, String)],
    tab: i32,
    recorder: &DocumentId,
    began: f64,
    text: String,
) -> Change {
    let mut going = outdated(stored, tab, recorder, began);
    let ahead = ahead_key(tab);
    let is_later = |text: &String| decode::<Parked>(text).is_ok_and(|it| it.began > began);
    if value(stored, &ahead).is_some_and(|it| !is_later(it)) {
        going.push(ahead);
    }
    let key = parked_key(tab);
    let staying = stored.iter().filter(|(key, _)| !going.contains(key));
    let pushed_out = make_room(staying, &key, text.len());
    going.extend(pushed_out);
    Change::of(key, text, going)
}

/// Stores what a recorder holds while its page is still open. If another recorder's is still stored
/// this way, that recorder was not heard from when its page was unloaded, and this is all that is
/// left of it.
pub(crate) fn park_ahead(
    mut stored: Vec<(String, String)>,
    tab: i32,
    recorder: &DocumentId,
    text: String,
) -> Change {
    let (ahead, parked) = (ahead_key(tab), parked_key(tab));
    // The text begins with the recorder's id, so it need not be decoded.
    let is_own = |it: &&String| it.starts_with(&encode(recorder));
    let earlier = value(&stored, &ahead).filter(|it| !is_own(it)).cloned();
    let earlier = earlier.filter(|earlier| {
        let at = |text: &str| decode::<Parked>(text).map(|it| it.at);
        let known = value(&stored, &parked).and_then(|it| at(it).ok());
        at(earlier).is_ok_and(|at| known.is_none_or(|known| known < at))
    });
    if let Some(earlier) = &earlier {
        stored.retain(|(key, _)| *key != parked);
        stored.push((parked.clone(), earlier.clone()));
    }
    let remove = make_room(stored.iter(), &ahead, text.len());
    let mut write = vec![(ahead, text)];
    write.extend(
        earlier
            .filter(|_| !remove.contains(&parked))
            .map(|it| (parked, it)),
    );
    Change { write, remove }
}

fn value<'a>(stored: &'a [(String, String)], key: &str) -> Option<&'a String> {
    let found = stored.iter().find(|(other, _)| other == key);
    found.map(|(_, value)| value)
}

/// Which stored values, the oldest first, must go so that a new one of this size fits under this
/// key.
///
/// `stored` has all keys and values of the storage area, except those that go in any case.
pub(crate) fn make_room<'a>(
    stored: impl Iterator<Item = &'a (String, String)> + Clone,
    key: &str,
    size: usize,
) -> Vec<String> {
    let others = stored.filter(|(other, _)| other != key);
    let taken: usize = others.clone().map(|(_, value)| value.len()).sum();
    if size + taken <= ROOM {
        return Vec::new();
    }
    let mut others: Vec<(f64, &str, usize)> = others
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

/// When a page left this value; `None` if the key is for something else.
fn left_at(key: &str, value: &str) -> Option<f64> {
    let at = if key.starts_with(PARKED_PREFIX) || key.starts_with(AHEAD_PREFIX) {
        decode::<Parked>(value).map(|parked| parked.at)
    } else if key.starts_with(GOODBYE_PREFIX) {
        decode::<Goodbye>(value).map(|goodbye| goodbye.at.unwrap_or(goodbye.hello.at))
    } else {
        return None;
    };
    // What cannot be decoded is from another version, and goes first.
    Some(at.unwrap_or(0.0))
}

/// The keys of what documents of this tab's earlier pages have left, to be removed now that the
/// page of this recorder is parked.
fn outdated(
    stored: &[(String, String)],
    tab: i32,
    recorder: &DocumentId,
    began: f64,
) -> Vec<String> {
    let (all, own, unnamed) = (
        goodbyes_of(tab),
        goodbyes_for(tab, Some(recorder)),
        goodbyes_for(tab, None),
    );
    let is_earlier = |(key, value): &&(String, String)| {
        if key.starts_with(&unnamed) {
            decode::<Goodbye>(value).is_ok_and(|goodbye| goodbye.hello.at < began)
        } else {
            key.starts_with(&all) && !key.starts_with(&own)
        }
    };
    keys(stored.iter().filter(is_earlier))
}

/// The keys of everything stored for a tab.
pub(crate) fn of_tab(stored: &[(String, String)], tab: i32) -> Vec<String> {
    let (own, goodbyes) = ([parked_key(tab), ahead_key(tab)], goodbyes_of(tab));
    let is_of_tab = |(key, _): &&(String, String)| own.contains(key) || key.starts_with(&goodbyes);
    keys(stored.iter().filter(is_of_tab))
}

/// The entries of a tab under the keys for its new id.
///
/// Chrome gives a discarded tab a new id without telling its page.
pub(crate) fn renumbered(stored: &[(String, String)], old: i32, new: i32) -> Vec<(String, String)> {
    let goodbyes = goodbyes_of(old);
    let renamed = stored.iter().filter_map(|(key, value)| {
        let key = match key.strip_prefix(&goodbyes) {
            Some(rest) => [&goodbyes_of(new), rest].concat(),
            None if *key == parked_key(old) => parked_key(new),
            None if *key == ahead_key(old) => ahead_key(new),
            None => return None,
        };
        Some((key, value.clone()))
    });
    renamed.collect()
}

fn keys<'a>(entries: impl Iterator<Item = &'a (String, String)>) -> Vec<String> {
    entries.map(|(key, _)| key.clone()).collect()
}

/// Drops the last messages of a goodbye that is too large. Its [`next`](Goodbye::next) still says how
/// many there were.
pub(crate) fn bounded(mut goodbye: Goodbye) -> Goodbye {
    let mut left = MOST_REST;
    let fits = |batch: &callscope_bus::Batch| {
        let size = encode(batch).len();
        let fits = size <= left;
        left = if fits { left - size } else { 0 };
        fits
    };
    let kept = goodbye.batches.iter().map(fits).take_while(|fits| *fits);
    goodbye.batches.truncate(kept.count());
    goodbye
}

#[cfg(test)]
mod tests {
    use callscope_bus::{Batch, Hello, Observed, Record, Source, encode, goodbye_key};

    use super::*;

    fn parked(tab: i32, at: f64, size: usize) -> (String, String) {
        let parked = Parked {
            recorder: DocumentId("r".to_owned()),
            page: String::new(),
            began: 0.0,
            at,
            is_ahead: false,
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

    fn ahead(tab: i32, recorder: &str, at: f64) -> (String, String) {
        let (_, text) = parked(tab, at, 1);
        let ahead = Parked {
            recorder: DocumentId(recorder.to_owned()),
            began: at - 1.0,
            is_ahead: true,
            ..decode(&text).unwrap()
        };
        (ahead_key(tab), encode(&ahead))
    }

    #[test]
    fn what_is_kept_ahead_goes_when_its_page_has_left() {
        let (_, text) = parked(3, 9.0, 1);
        let r = DocumentId("r".to_owned());
        let park = |stored: &[_]| park(stored, 3, &r, 5.0, text.clone());
        let whole = |remove| Change::of(parked_key(3), text.clone(), remove);
        assert_eq!(park(&[ahead(4, "r", 8.0)]), whole(vec![]));
        assert_eq!(park(&[ahead(3, "r", 6.0)]), whole(vec![ahead_key(3)]));
        // The page before it, and the one after it.
        assert_eq!(park(&[ahead(3, "q", 2.0)]), whole(vec![ahead_key(3)]));
        assert_eq!(park(&[ahead(3, "s", 9.0)]), whole(vec![]));
    }

    #[test]
    fn what_goes_with_its_page_needs_no_room() {
        let (_, text) = parked(3, 9.0, 3_000_000);
        let (_, kept_ahead) = parked(3, 8.0, 3_000_000);
        let stored = [parked(4, 7.0, 3_000_000), (ahead_key(3), kept_ahead)];
        let r = DocumentId("r".to_owned());
        assert_eq!(
            park(&stored, 3, &r, 5.0, text.clone()),
            Change::of(parked_key(3), text, vec![ahead_key(3)])
        );
    }

    #[test]
    fn what_a_page_kept_ahead_stands_for_it_if_it_left_unheard() {
        let (key, text) = ahead(3, "s", 20.0);
        let s = DocumentId("s".to_owned());
        let park = |stored: &[(String, String)]| park_ahead(stored.to_vec(), 3, &s, text.clone());
        let own = (key.clone(), text.clone());
        let alone = Change::of(key.clone(), text.clone(), vec![]);
        let (_, before) = ahead(3, "r", 10.0);
        let both = Change {
            write: vec![own, (parked_key(3), before.clone())],
            remove: vec![],
        };
        assert_eq!(park(&[ahead(3, "s", 15.0)]), alone);
        assert_eq!(park(&[ahead(4, "r", 10.0)]), alone);
        assert_eq!(park(&[ahead(3, "r", 10.0)]), both);
        assert_eq!(park(&[parked(3, 5.0, 1), ahead(3, "r", 10.0)]), both);
        // The page was heard from when it was unloaded.
        assert_eq!(park(&[parked(3, 11.0, 1), ahead(3, "r", 10.0)]), alone);
    }

    fn goodbye(recorder: Option<&str>, began: f64, sizes: &[usize]) -> Goodbye {
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
        Goodbye {
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
            is_ahead: false,
            next: 9,
            lost: 0,
        }
    }

    fn kept(tab: i32, goodbye: &Goodbye) -> (String, String) {
        (goodbye_key(tab, goodbye), encode(goodbye))
    }

    #[test]
    fn what_a_tab_left_keeps_it_when_it_gets_another_number() {
        let stored = [parked(7, 1.0, 3), parked(8, 1.0, 3), parked(70, 1.0, 3)];
        let (_, kept) = ahead(7, "r", 1.0);
        let goodbye = goodbye(Some("r"), 1.0, &[1]);
        let under = |tab| (goodbye_key(tab, &goodbye), encode(&goodbye));
        let kept_under = |tab| (ahead_key(tab), kept.clone());
        let stored = [&stored[..], &[under(7), under(8), kept_under(7)]].concat();
        let (_, value) = parked(7, 1.0, 3);
        assert_eq!(
            renumbered(&stored, 7, 9),
            [(parked_key(9), value), under(9), kept_under(9)]
        );
    }

    #[test]
    fn the_oldest_go_first() {
        let all = [
            parked(1, 30.0, 3_000_000),
            parked(2, 10.0, 3_000_000),
            kept(3, &goodbye(None, 15.0, &[100])),
        ];
        assert_eq!(make_room(all.iter(), "parked:9", 100), Vec::<String>::new());
        assert_eq!(make_room(all.iter(), "parked:9", 4_000_000), ["parked:2"]);
        assert_eq!(
            make_room(all.iter(), "parked:9", 7_000_000),
            ["parked:1", "goodbye:3::w15", "parked:2"]
        );
    }

    #[test]
    fn its_own_key_is_written_over() {
        assert!(make_room([parked(9, 1.0, 5_000_000)].iter(), "parked:9", 5_000_000).is_empty());
    }

    #[test]
    fn other_keys_are_left_alone() {
        let other = ("settings".to_owned(), "x".repeat(9_000_000));
        assert!(make_room(std::iter::once(&other), "parked:9", 5_000_000).is_empty());
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
            kept(3, &goodbye(Some("old"), 10.0, &[1])),
            kept(3, &goodbye(Some("r"), 20.0, &[1])),
            kept(3, &goodbye(None, 11.0, &[1])),
            kept(3, &goodbye(None, 21.0, &[1])),
            kept(33, &goodbye(Some("old"), 10.0, &[1])),
            parked(33, 1.0, 1),
        ];
        let now = DocumentId("r".to_owned());
        assert_eq!(
            outdated(&all, 3, &now, 20.0),
            ["goodbye:3:old:w10", "goodbye:3::w11"]
        );
        assert_eq!(of_tab(&all, 33), ["goodbye:33:old:w10", "parked:33"]);
    }

    #[test]
    fn a_goodbye_is_bounded_and_still_says_how_many_there_were() {
        let sizes = [100, 1_000_000, 3_000_000, 100];
        let bounded = bounded(goodbye(None, 1.0, &sizes));
        assert_eq!(bounded.batches, goodbye(None, 1.0, &sizes[..2]).batches);
        assert_eq!(bounded.next, 9);
    }
}
