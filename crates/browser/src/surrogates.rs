//! Handles texts of pages that are not valid Unicode.

/// The same JSON text with U+FFFD for every unpaired surrogate.
///
/// JavaScript strings may contain unpaired surrogates, Chromium passes them on as escapes, and a
/// Rust string cannot hold them.
#[must_use]
pub fn replace_lone(json: &str) -> String {
    const REPLACEMENT: &str = "\\ufffd";
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(place) = rest.find('\\') {
        let (before, escape) = rest.split_at(place);
        out.push_str(before);
        // Other escapes are two bytes long; an invalid one is left for the parser to report.
        let length = match half(escape) {
            None => escape.chars().take(2).map(char::len_utf8).sum(),
            Some(0xd800..=0xdbff) if is_low(escape.get(6..)) => 12,
            Some(0xd800..=0xdfff) => {
                out.push_str(REPLACEMENT);
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            Some(_) => 6,
        };
        let (escape, after) = escape.split_at(length);
        out.push_str(escape);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The code unit, if the text begins with an escaped one.
fn half(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

fn is_low(escape: Option<&str>) -> bool {
    matches!(escape.and_then(half), Some(0xdc00..=0xdfff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(replace_lone(json), expected);
        serde_json::from_str::<String>(expected).unwrap();
    }

    #[test]
    fn halves_that_stand_alone_are_replaced() {
        check(r#""a\ud800b""#, r#""a\ufffdb""#);
        check(r#""\udc00\ud800""#, r#""\ufffd\ufffd""#);
        check(r#""\ud800\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#);
        check(r#""\uD83D\uDE00 ü \n\"""#, r#""\uD83D\uDE00 ü \n\"""#);
        check(r#""\\ud800""#, r#""\\ud800""#);
        check(r#""\u00e9""#, r#""\u00e9""#);
    }
}
