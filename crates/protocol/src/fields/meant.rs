//! What an unknown key was meant to be.

use std::sync::LazyLock;

use super::node::Node;
use super::walk::keys_of;
use crate::VersionRange;
use crate::catalogue::{
    CALL_PROPERTIES, FieldSpec, Location, Meant, OTHER_NAMES, OtherNames, PROPERTIES, Target,
    data_field,
};
use crate::{Kind, MessageType};

/// The other names that apply to each message type.
static ROWS: LazyLock<Vec<Vec<&OtherNames>>> = LazyLock::new(|| {
    let rows = |ty| OTHER_NAMES.iter().filter(move |row| row.types.contains(ty));
    MessageType::ALL
        .iter()
        .map(|ty| rows(ty).collect())
        .collect()
});

/// The documented key that `key` was meant to be: a typing mistake, a known other name, or a call
/// property beside `engagementProperties`.
///
/// A key without a value is ignored, and so is one that stands beside the key it would be meant
/// for: real widgets send many keys of their own.
/// Only keys that the widget's SDK can know are considered.
pub(super) fn meant<N: Node>(
    ty: MessageType,
    location: Location,
    (key, value): (&str, &N),
    siblings: &N,
    speaks: VersionRange,
) -> Option<Meant> {
    if value.is_null() {
        return None;
    }
    let is_there = |object: &N, name: &str| {
        let value = object.member(name).filter(|value| !value.is_null());
        value.is_some_and(|value| value.text() != Some(""))
    };
    let is_known = |field: &FieldSpec| {
        field.since <= speaks.newest && field.until.is_none_or(|until| speaks.oldest <= until)
    };
    let mut here = keys_of(ty, location);
    if let Some((name, _)) = here.find(|(name, field)| is_slip(key, name) && is_known(field)) {
        return (!is_there(siblings, name)).then_some(Meant::Field(name));
    }
    if location == Location::Top {
        return None;
    }

    let takes_properties = data_field(ty, PROPERTIES).is_some_and(is_known);
    if let Some(name) = property(key).filter(|_| takes_properties) {
        let properties = siblings.member(PROPERTIES);
        let is_given = properties.is_some_and(|properties| is_there(properties, &name));
        return (!is_given).then_some(Meant::Property(name));
    }

    let is_other_name = |name: &str| {
        let is_mistyped = || name.len() >= ENOUGH_FOR_OTHER && is_slip(key, name);
        same_letters(key, name) || is_mistyped()
    };
    let rows = || {
        let rows = ROWS.get(ty as usize).into_iter().flatten();
        rows.filter(|row| row.names.iter().any(|name| is_other_name(name)))
    };
    let is_given = |target: Target| match target {
        Target::Field(name) => is_there(siblings, name),
        Target::Property(name) => {
            let properties = siblings.member(PROPERTIES);
            properties.is_some_and(|properties| is_there(properties, name))
        }
    };
    if rows().any(|row| is_given(row.target)) {
        return None;
    }
    let mut rows = rows();
    let row = rows.find(|row| data_field(ty, row.target.field()).is_some_and(is_known))?;
    Some(row.target.into())
}

/// The call property that a key beside or in `engagementProperties` names, spelled as documented if
/// it is a documented one.
pub(crate) fn property(key: &str) -> Option<String> {
    // They all begin with these letters; most keys do not.
    if !key.starts_with(['h', 'H']) {
        return None;
    }
    let is_own = key.starts_with("hs_");
    let mut documented = CALL_PROPERTIES.iter();
    let spelled = documented.find(|name| same_letters(key, name));
    let mistyped = || {
        CALL_PROPERTIES
            .iter()
            .find(|name| is_own && is_slip(key, name))
    };
    let documented = spelled.or_else(mistyped).map(|name| (*name).to_owned());
    documented.or_else(|| is_own.then(|| key.to_owned()))
}

/// Whether two keys differ only in case and separators.
pub(super) fn same_letters(left: &str, right: &str) -> bool {
    letters(left).eq(letters(right)) && left.is_ascii()
}

fn letters(word: &str) -> impl DoubleEndedIterator<Item = u8> {
    let letters = word.bytes().filter(u8::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase())
}

fn ends_with<const N: usize>(word: &str, end: [u8; N]) -> bool {
    letters(word).rev().take(N).eq(end.into_iter().rev())
}

/// From this length on, one wrong letter is a typing mistake and not another word.
const ENOUGH_FOR_ONE: usize = 5;
/// From this length on, two letters too many or too few are one.
const ENOUGH_FOR_TWO: usize = 8;

/// From this length on, a mistyped other name is still that name: `callerNumbr`.
const ENOUGH_FOR_OTHER: usize = 8;

/// Whether `key` is a mistyped `known`: apart from case and separators, one letter is wrong, two
/// are swapped, up to two are missing or extra in one place, or a plural in `ies` ends in `ys`.
///
/// This is stricter than the nearest word: `fromName` is near to `fromNumber`, yet a different
/// word.
fn is_slip(key: &str, known: &str) -> bool {
    // Rules out most keys by their length; the upper limit leaves room for separators.
    let is_other_length = key.len() + 2 < known.len() || key.len() > 2 * known.len();
    if is_other_length || key == known || !key.is_ascii() {
        return false;
    }
    // A single mistake leaves one end of the word unchanged.
    let (mut left, mut right) = (letters(key), letters(known));
    if left.next() != right.next() && left.next_back() != right.next_back() {
        return false;
    }
    let (key_count, known_count) = (letters(key).count(), letters(known).count());
    let shorter = key_count.min(known_count);
    if key_count.max(known_count) - shorter > 2 {
        return false;
    }
    let same = |(left, right): &(u8, u8)| left == right;
    let head = letters(key).zip(letters(known)).take_while(same).count();
    let tail = letters(key).rev().zip(letters(known).rev());
    let tail = tail.take_while(same).count().min(shorter - head);
    match (key_count - head - tail, known_count - head - tail) {
        (0, 0) => true,
        (0 | 1, 0 | 1) => shorter >= ENOUGH_FOR_ONE,
        (0, 2) | (2, 0) => shorter >= ENOUGH_FOR_TWO,
        (1, 2) => ends_with(key, *b"ys") && ends_with(known, *b"ies"),
        (2, 2) => {
            let pair = |word| {
                let mut letters = letters(word).skip(head);
                (letters.next(), letters.next())
            };
            let (first, second) = pair(key);
            shorter >= ENOUGH_FOR_ONE && (second, first) == pair(known)
        }
        _ => false,
    }
}

/// The unknown key of `data` that was meant for `wanted`, which the message lacks.
pub(crate) fn stand_in<'a, N: Node>(
    ty: MessageType,
    data: &'a N,
    wanted: &str,
    speaks: VersionRange,
) -> Option<&'a str> {
    if data.kind() != Kind::Object {
        return None;
    }
    let mut members = data.members();
    let found = members.find(|(key, value)| {
        if data_field(ty, key).is_some() {
            return false;
        }
        let means = meant(ty, Location::Data, (key, *value), data, speaks);
        means.is_some_and(|meant| matches!(meant, Meant::Field(name) if name == wanted))
    });
    found.map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips() {
        for (key, known) in [
            ("externalCallID", "externalCallId"),
            ("external_call_id", "externalCallId"),
            ("extrenalCallId", "externalCallId"),
            ("externalCalId", "externalCallId"),
            ("engagmentId", "engagementId"),
            ("hideWidgets", "hideWidget"),
            ("loggedIn", "isLoggedIn"),
            ("isLogged", "isLoggedIn"),
            ("available", "isAvailable"),
            ("callStartedTime", "callStartTime"),
            ("iframeURL", "iFrameUrl"),
            ("engagementPropertys", "engagementProperties"),
        ] {
            assert!(is_slip(key, known), "{key}");
        }
    }

    #[test]
    fn other_words() {
        for (key, known) in [
            ("fromName", "fromNumber"),
            ("toName", "toNumber"),
            ("phoneNumber", "toNumber"),
            ("callEndTime", "callStartTime"),
            ("callEndStatus", "callStartTime"),
            ("showWidget", "hideWidget"),
            ("isLoggedOut", "isLoggedIn"),
            ("typ", "type"),
            ("engagementId", "engagementId"),
            ("engägementId", "engagementId"),
            ("", "width"),
        ] {
            assert!(!is_slip(key, known), "{key}");
        }
    }

    #[test]
    fn properties() {
        assert_eq!(property("hsCallStatus").as_deref(), Some("hs_call_status"));
        assert_eq!(property("hs_own").as_deref(), Some("hs_own"));
        assert_eq!(
            property("hubspotOwnerId").as_deref(),
            Some("hubspot_owner_id")
        );
        assert_eq!(property("hs_call_titel").as_deref(), Some("hs_call_title"));
        assert_eq!(property("hs_call_title").as_deref(), Some("hs_call_title"));
        assert_eq!(property("hsl"), None);
    }
}
