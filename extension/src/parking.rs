//! How much room parked sessions get.

use callscope_bus::{PARKED_PREFIX, Parked, decode};

/// What all parked sessions together may take, in UTF-16 code units: some way below the 10 MB
/// that Chrome gives to `storage.session`, as it counts a bit differently.
const ROOM: usize = 8_000_000;

/// Which parked sessions have to go so that a new one of this size fits under this key.
///
/// `parked` are keys and values of the whole storage area.
pub(crate) fn make_room(parked: &[(String, String)], key: &str, size: usize) -> Vec<String> {
    let mut others: Vec<(f64, &str, usize)> = parked
        .iter()
        .filter(|(other, _)| other != key && other.starts_with(PARKED_PREFIX))
        .map(|(other, value)| {
            // What cannot be read is of another version, and goes first.
            let at = decode::<Parked>(value).map_or(0.0, |parked| parked.at);
            (at, other.as_str(), value.len())
        })
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

#[cfg(test)]
mod tests {
    use callscope_bus::encode;

    use super::*;

    fn parked(tab: i32, at: f64, size: usize) -> (String, String) {
        let parked = Parked {
            page: String::new(),
            at,
            log: "x".repeat(size),
        };
        (callscope_bus::parked_key(tab), encode(&parked))
    }

    #[test]
    fn the_oldest_go_first() {
        let all = [
            parked(1, 30.0, 3_000_000),
            parked(2, 10.0, 3_000_000),
            parked(3, 20.0, 100),
        ];
        assert_eq!(make_room(&all, "parked:9", 100), Vec::<String>::new());
        assert_eq!(make_room(&all, "parked:9", 4_000_000), ["parked:2"]);
        assert_eq!(
            make_room(&all, "parked:9", 7_000_000),
            ["parked:1", "parked:3", "parked:2"]
        );
    }

    #[test]
    fn its_own_key_is_written_over() {
        assert!(make_room(&[parked(9, 1.0, 5_000_000)], "parked:9", 5_000_000).is_empty());
    }

    #[test]
    fn other_keys_are_left_alone() {
        let other = ("settings".to_owned(), "x".repeat(9_000_000));
        assert!(make_room(&[other], "parked:9", 5_000_000).is_empty());
    }
}
