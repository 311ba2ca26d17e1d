//! The replacements of values.

use std::borrow::Cow;

use super::digits;
use super::hash::Key;
use super::keys::Class;
use super::walk::Rewrite;

/// Words for an unknown number, and flags, that are not secret.
const PLAIN_WORDS: &[&str] = &[
    "[object object]",
    "anonymous",
    "blocked",
    "false",
    "nan",
    "null",
    "private",
    "restricted",
    "true",
    "unavailable",
    "undefined",
    "unknown",
];

/// Parts of the URLs of HubSpot's pages that are not secret.
const PLAIN_SEGMENTS: &[&str] = &[
    "",
    "0-1",
    "0-2",
    "0-3",
    "0-5",
    "all",
    "calling",
    "calls",
    "companies",
    "company",
    "contact",
    "contacts",
    "deal",
    "deals",
    "help-desk",
    "list",
    "objects",
    "record",
    "records",
    "ticket",
    "tickets",
    "view",
    "views",
];

/// Longer runs of digits inside a sentence may be somebody's number.
const MAX_PLAIN_DIGITS: usize = 4;

impl Rewrite for Key {
    fn key<'a>(&self, key: &'a str) -> Cow<'a, str> {
        sentence(*self, key)
    }

    fn text<'a>(&self, class: Class, text: &'a str) -> Cow<'a, str> {
        let key = *self;
        let trimmed = text.trim();
        if trimmed.is_empty() || PLAIN_WORDS.contains(&trimmed.to_lowercase().as_str()) {
            return text.into();
        }
        match class {
            Class::Keep if is_plain(text) && !is_phone(text) => return text.into(),
            Class::Quantity if is_plain(text) => return text.into(),
            Class::MessageId if is_sdk_id(text) => return text.into(),
            Class::Phone => return phone(key, text).into(),
            Class::Url => return url(key, text).into(),
            Class::Text => return sentence(key, text),
            Class::MessageId => {
                // The instance, which is a time, says which side's id it is.
                let end = text.find(|it: char| !it.is_ascii_digit());
                let (instance, rest) = text.split_at(end.unwrap_or(text.len()));
                if is_time(instance) {
                    if rest.is_empty() {
                        return text.into();
                    }
                    return format!("{instance}_{}", letters(key.hash(b'm', rest))).into();
                }
            }
            _ => {}
        }
        if text.contains("://") && !text.contains(char::is_whitespace) {
            url(key, text).into()
        } else if is_email(text) {
            email(key, text).into()
        } else if is_digits(text) {
            digits::replace(key, text).into()
        } else if is_phone(text) {
            phone(key, text).into()
        } else if is_uuid(text) {
            uuid(key, text).into()
        } else {
            let prefix = match class {
                Class::Id | Class::MessageId => "id",
                Class::Name => "name",
                _ => "text",
            };
            format!("{prefix}-{}", letters(key.hash(b't', text))).into()
        }
    }

    fn number<'a>(&self, class: Class, number: &'a str) -> Cow<'a, str> {
        let (sign, digits) = match number.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", number),
        };
        let is_secret = match class {
            Class::Quantity => false,
            Class::MessageId => !is_time(digits),
            Class::Id | Class::Phone => true,
            Class::Keep | Class::Url | Class::Name | Class::Text | Class::Unknown => {
                digits.len() > MAX_PLAIN_DIGITS && !is_time(digits)
            }
        };
        if is_secret && is_digits(digits) {
            // The largest numbers that JSON readers take begin with 17976.
            let (first, rest) = match digits.get(2..) {
                Some(rest) if digits.len() >= LARGEST => ("10", rest),
                _ => ("", digits),
            };
            format!("{sign}{first}{}", digits::replace(*self, rest)).into()
        } else {
            number.into()
        }
    }
}

/// How many digits the largest numbers have that JSON readers take.
const LARGEST: usize = 309;

/// Seconds or milliseconds since the epoch, from about 2001 to 2033.
fn is_time(digits: &str) -> bool {
    digits.starts_with('1') && matches!(digits.len(), 10 | 13)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A message id of the SDK's form: two times.
fn is_sdk_id(text: &str) -> bool {
    let parts = text.split_once('_');
    text.len() <= 64 && parts.is_some_and(|(instance, at)| is_digits(instance) && is_digits(at))
}

/// A word used by programs: it cannot be a sentence, a URL, or a phone number that is not also an
/// id.
fn is_plain(text: &str) -> bool {
    let is_word_char =
        |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.' | ':');
    let text = text
        .strip_prefix('+')
        .filter(|rest| rest.len() <= 4)
        .unwrap_or(text);
    text.len() <= 64 && text.chars().all(is_word_char)
}

/// Sixteen letters for a hash, none of which begins an extension in a phone number.
fn letters(hash: u64) -> String {
    (0..16)
        .map(|index| char::from(b"abcdefghijklmnop"[(hash >> (index * 4) & 15) as usize]))
        .collect()
}

fn is_phone_char(char: char) -> bool {
    matches!(
        char,
        '0'..='9' | '+' | ' ' | '\u{a0}' | '-' | '\u{2011}' | '.' | '(' | ')'
    )
}

fn is_phone(text: &str) -> bool {
    text.chars().all(is_phone_char) && text.bytes().filter(u8::is_ascii_digit).count() >= 7
}

/// Replaces a number so that a number that can be dialed stays so, and two spellings of one number
/// stay two spellings of one number.
fn phone(key: Key, text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let split = ["extension", "ext.", "ext", "x", "#", ";"]
        .iter()
        .filter_map(|word| lower.find(word))
        .find(|at| {
            lower
                .get(*at..)
                .is_some_and(|rest| rest.contains(|char: char| char.is_ascii_digit()))
        })
        .unwrap_or(text.len());
    let (number, extension) = text.split_at(split);
    if !number.chars().all(is_phone_char) {
        return if is_email(text) {
            email(key, text)
        } else if text.contains("://") {
            url(key, text)
        } else {
            // A caller who withholds the number is recognized by a text without digits.
            let digit = if text.contains(|char: char| char.is_ascii_digit()) {
                "-0"
            } else {
                ""
            };
            format!("number-{}{digit}", letters(key.hash(b'n', text.trim())))
        };
    }
    let mut out = replace_digits(key, number);
    out.push_str(&replace_digits(key, extension));
    out
}

/// Replaces all digits of a text as if nothing stood between them.
fn replace_digits(key: Key, text: &str) -> String {
    let old: String = text.chars().filter(char::is_ascii_digit).collect();
    let new = digits::replace(key, &old);
    let mut new = new.chars();
    text.chars()
        .map(|char| {
            if char.is_ascii_digit() {
                new.next().unwrap_or(char)
            } else {
                char
            }
        })
        .collect()
}

fn is_email(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && !word.contains([' ', '@', '/', '<', '>', ',', ';', '"']);
    text.split_once('@')
        .is_some_and(|(user, host)| is_word(user) && is_word(host) && host.contains('.'))
}

fn email(key: Key, text: &str) -> String {
    let hash = key.hash(b'e', &text.trim().to_lowercase());
    format!("{}@redacted.invalid", letters(hash))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn uuid(key: Key, text: &str) -> String {
    let [high, low] = [b'u', b'v'].map(|purpose| key.hash(purpose, text));
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// Keeps scheme, host and port of a URL, which rules compare, and the shape of its path.
pub(super) fn url(key: Key, text: &str) -> String {
    let (scheme, rest) = match text.find("://") {
        Some(at) => text.split_at(at + 3),
        None => ("", text),
    };
    let path_at = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(path_at);
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    let is_host_char = |char: char| {
        char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | ':' | '[' | ']' | '_')
    };
    let is_address = host.chars().all(is_host_char)
        && scheme
            .chars()
            .all(|char| is_host_char(char) || matches!(char, '+' | '/'))
        && (!scheme.is_empty() || !is_phone(host));
    if !is_address {
        // Not a URL. A blank in the replacement makes sure that it is none either.
        return format!("no address {}", letters(key.hash(b'a', text)));
    }
    let mut out = scheme.to_owned();
    if let Some(user) = user {
        out.push_str(&letters(key.hash(b'a', user)));
        out.push('@');
    }
    if is_digits(host) {
        out.push_str(&digits::replace(key, host));
    } else {
        out.push_str(host);
    }
    let query_at = path.find(['?', '#']).unwrap_or(path.len());
    let (path, query) = path.split_at(query_at);
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        if is_digits(segment) {
            out.push_str(&digits::replace(key, segment));
        } else if PLAIN_SEGMENTS.contains(&segment) {
            out.push_str(segment);
        } else {
            out.push_str(&letters(key.hash(b'a', segment)));
        }
    }
    if !query.is_empty() {
        out.push(if query.starts_with('?') { '?' } else { '#' });
        if query.len() > 1 {
            out.push_str(&letters(key.hash(b'a', query)));
        }
    }
    out
}

/// Words of a sentence that an id follows: `There is no engagement 7`.
const BEFORE_IDS: &[&str] = &[
    "account",
    "call",
    "company",
    "contact",
    "deal",
    "engagement",
    "id",
    "object",
    "owner",
    "portal",
    "record",
    "ticket",
    "user",
];

/// Replaces secrets inside a sentence: URLs, numbers of five digits or more, and shorter ones that
/// are called an id.
///
/// Its other words stay, because a report is of little use without the error texts.
pub(super) fn sentence(key: Key, text: &str) -> Cow<'_, str> {
    let is_harmless = |word: &str| !word.contains('@') && !word.contains("://");
    if is_harmless(text) && !text.bytes().any(|it| it.is_ascii_digit()) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut plain = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if is_harmless(bare) {
            plain.push_str(word);
            continue;
        }
        push_plain(key, &mut out, &mut plain);
        let new = if bare.contains("://") {
            url(key, bare)
        } else {
            email(key, bare)
        };
        out.push_str(&new);
        plain.push_str(word.get(bare.len()..).unwrap_or_default());
    }
    push_plain(key, &mut out, &mut plain);
    out.into()
}

/// Replaces the long numbers and the ids of a text, including the separators inside phone numbers.
fn push_plain(key: Key, out: &mut String, plain: &mut String) {
    let mut run = String::new();
    for char in plain.chars() {
        if is_phone_char(char) {
            run.push(char);
        } else {
            push_number(key, out, &mut run);
            out.push(char);
        }
    }
    push_number(key, out, &mut run);
    plain.clear();
}

fn push_number(key: Key, out: &mut String, number: &mut String) {
    let digit_count = number.bytes().filter(u8::is_ascii_digit).count();
    if digit_count > MAX_PLAIN_DIGITS || (digit_count > 0 && is_before_id(out)) {
        out.push_str(&replace_digits(key, number));
    } else {
        out.push_str(number);
    }
    number.clear();
}

/// Whether an id follows this part of a sentence.
fn is_before_id(text: &str) -> bool {
    let is_letter = |char: char| char.is_ascii_alphabetic();
    let text = text.trim_end_matches(|char| !is_letter(char));
    let word = text.rsplit(|char| !is_letter(char)).next();
    word.is_some_and(|word| {
        let mut words = BEFORE_IDS.iter();
        words.any(|it| it.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 16] = [7; 16];

    fn text(class: Class, text: &str) -> String {
        Key::new(KEY).text(class, text).into_owned()
    }

    #[test]
    fn sentences_keep_their_words_only() {
        let number = text(Class::Phone, "+1 555 010 0199");
        assert_eq!(
            text(Class::Text, "Dial +1 555 010 0199, not 911: error 404"),
            format!("Dial {number}, not 911: error 404")
        );
        let id = text(Class::Id, "7");
        assert_ne!(id, "7");
        for (sentence, expected) in [
            (
                "There is no engagement 7",
                format!("There is no engagement {id}"),
            ),
            (
                "Engagement #7, (call id: 7)!",
                format!("Engagement #{id}, (call id: {id})!"),
            ),
            (
                "engagement 0 was 7 ms late",
                "engagement 0 was 7 ms late".to_owned(),
            ),
        ] {
            assert_eq!(text(Class::Text, sentence), expected);
        }
        let mail = text(Class::Name, "ada@lovelace.example");
        assert_eq!(
            text(Class::Text, "ask Ada@lovelace.example \n"),
            format!("ask {mail} \n")
        );
        let address = text(Class::Url, "https://a.example/ada");
        assert_eq!(
            text(Class::Text, "at https://a.example/ada"),
            format!("at {address}")
        );
    }

    #[test]
    fn addresses_keep_their_origin() {
        for same in [
            "https://app.hubspot.com",
            "https://App.hubspot.com:443/",
            "http://127.0.0.1:9025",
            "http://192.168.100.200",
            "http://[::1]:80",
            "localhost:9025",
            "https://app.hubspot.com/contacts/",
        ] {
            assert_eq!(text(Class::Url, same), same);
        }
        for (address, start) in [
            ("https://a.example/ada?x=1#y", "https://a.example/"),
            ("https://a.example?ada", "https://a.example?"),
            ("https://a.example#", "https://a.example#"),
        ] {
            let new = text(Class::Url, address);
            assert!(new.starts_with(start) && !new.contains("ada"), "{new}");
        }
        assert!(text(Class::Url, "https://ada:secret@a.example").ends_with("@a.example"));
        for other in [
            "tel:+15550100199",
            "15550100199",
            "https://ada lovelace",
            "https://ada, lovelace",
        ] {
            let new = text(Class::Url, other);
            assert!(new.starts_with("no address "), "{new}");
        }
    }

    #[test]
    fn a_number_that_is_none_stays_none() {
        for (wrong, has_digit) in [("call me", false), ("call-1", true), ("abc123", true)] {
            let new = text(Class::Phone, wrong);
            assert_eq!(new.contains(|it: char| it.is_ascii_digit()), has_digit);
            assert!(new.starts_with("number-"), "{new}");
        }
    }

    #[test]
    fn the_largest_numbers_stay_readable() {
        let largest = format!("{:.0}", f64::MAX);
        for salt in 0..20 {
            let new = Key::new([salt; 16])
                .number(Class::Phone, &largest)
                .into_owned();
            assert_ne!(new, largest);
            assert_eq!(new.len(), largest.len());
            assert!(new.parse::<f64>().unwrap().is_finite(), "{new}");
        }
    }

    #[test]
    fn an_odd_message_id_keeps_its_side() {
        let new = text(Class::MessageId, "1795350545000_17953(5450)");
        assert!(
            new.starts_with("1795350545000_") && !new.contains("5450)"),
            "{new}"
        );
    }

    #[test]
    fn only_message_ids_of_the_sdks_form_are_kept() {
        let same = "1795350545000_1795350545829";
        assert_eq!(text(Class::MessageId, same), same);
        for other in [
            "Ada Lovelace_1",
            "ada-lovelace",
            "call-7",
            "15550100199",
            "ada_1795350545829",
        ] {
            let new = text(Class::MessageId, other);
            assert_ne!(new, other);
            assert!(!new.contains("ada"), "{new}");
            assert_eq!(new, text(Class::MessageId, other), "they still pair");
            assert!(!is_sdk_id(&new), "{new}");
        }
        let key = Key::new(KEY);
        assert_ne!(key.number(Class::MessageId, "15550100199"), "15550100199");
        assert_eq!(key.number(Class::MessageId, "0"), "0");
    }

    #[test]
    fn nothing_becomes_something_and_something_nothing() {
        for class in [
            Class::Keep,
            Class::Id,
            Class::Phone,
            Class::Url,
            Class::Name,
            Class::Text,
        ] {
            for same in [
                "",
                "  ",
                "0",
                "null",
                "undefined",
                "[object Object]",
                "true",
            ] {
                assert_eq!(text(class, same), same, "{class:?}");
            }
        }
        let key = Key::new(KEY);
        for (class, same) in [
            (Class::Id, "0"),
            (Class::Id, "1.5"),
            (Class::Quantity, "1795350545829"),
            (Class::Unknown, "1795350545829"),
            (Class::Unknown, "404"),
        ] {
            assert_eq!(key.number(class, same), same);
        }
        assert_ne!(key.number(Class::Id, "-77"), "-77");
        assert!(key.number(Class::Id, "-77").starts_with('-'));
        assert_ne!(key.number(Class::Unknown, "15550100199"), "15550100199");
    }
}
