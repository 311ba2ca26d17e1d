//! How wide text is on a terminal or in a monospaced font, and how to make it fit.
//!
//! A column is the width of an ASCII letter: a Chinese character and most emoji are two columns
//! wide, a combining mark none. Text is cut between graphemes, so that no letter loses its accents
//! and no emoji falls apart.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::visible::visible;

/// The width of a text in columns.
#[must_use]
pub fn width(text: &str) -> usize {
    // The catalogue's types, by far the most frequent texts, are plain ASCII.
    if text.bytes().all(|it| it.is_ascii_graphic()) {
        return text.len();
    }
    text.width()
}

/// The text, or as much of its beginning as leaves room for a `…`: never wider than `limit`.
///
/// ```
/// use callscope_session_view::columns::cut;
///
/// assert_eq!(cut("CALL_ENDED", 10), "CALL_ENDED");
/// assert_eq!(cut("CALL_ENDED", 6), "CALL_…");
/// assert_eq!(cut("王小明", 5), "王小…");
/// ```
#[must_use]
pub fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    if width(text) <= limit {
        return Cow::Borrowed(text);
    }
    let room = limit.saturating_sub(1);
    let (mut end, mut used) = (0, 0);
    for (start, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > room {
            break;
        }
        end = start + grapheme.len();
    }
    let head = text.get(..end).unwrap_or_default();
    let ellipsis = if limit > 0 { "…" } else { "" };
    Cow::Owned(format!("{head}{ellipsis}"))
}

/// The text as [`visible`](crate::visible::visible) makes it, cut to `limit` columns.
#[must_use]
pub fn short(text: &str, limit: usize) -> Cow<'_, str> {
    match visible(text) {
        Cow::Borrowed(text) => cut(text, limit),
        Cow::Owned(text) => Cow::Owned(cut(&text, limit).into_owned()),
    }
}

/// The text, or as much of its beginning and its end as leaves room for a `…` between them: never
/// wider than `limit`. Types with the same beginning are told apart by their ends.
///
/// ```
/// use callscope_session_view::columns::cut_middle;
///
/// assert_eq!(cut_middle("CALL_ENDED", 10), "CALL_ENDED");
/// assert_eq!(cut_middle("CREATE_ENGAGEMENT_FAILED", 14), "CREATE_…FAILED");
/// assert_eq!(cut_middle("王小明的公司", 8), "王小…司");
/// ```
#[must_use]
pub fn cut_middle(text: &str, limit: usize) -> Cow<'_, str> {
    if width(text) <= limit {
        return Cow::Borrowed(text);
    }
    let room = limit.saturating_sub(1);
    let head = cut(text, room.div_ceil(2) + 1);
    let (mut start, mut used) = (text.len(), 0);
    for (index, grapheme) in text.grapheme_indices(true).rev() {
        used += width(grapheme);
        if used > room / 2 {
            break;
        }
        start = index;
    }
    let tail = text.get(start..).unwrap_or_default();
    if limit == 0 {
        return Cow::Borrowed("");
    }
    Cow::Owned(format!("{head}{tail}"))
}

/// The text padded with spaces up to this width; a wider text is left as it is.
#[must_use]
pub fn pad(text: &str, to: usize) -> String {
    let spaces = to.saturating_sub(width(text));
    format!("{text}{:spaces$}", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_take_the_columns_that_a_terminal_gives_them() {
        for (text, columns) in [
            ("", 0),
            ("SYNC", 4),
            ("王小明", 6),
            // Half-width katakana, full-width latin.
            ("ｶﾅ", 2),
            ("ＡＢ", 4),
            ("🎉", 2),
            // A family, a flag, a thumb with a skin tone.
            ("👩\u{200d}👩\u{200d}👧", 2),
            ("🇩🇪", 2),
            ("👍🏽", 2),
            // Combining marks.
            ("e\u{301}", 1),
            ("Zo\u{308}e", 3),
            // Hebrew with points, Arabic.
            ("שָׁלוֹם", 4),
            ("مرحبا", 5),
        ] {
            assert_eq!(width(text), columns, "{text:?}");
        }
    }

    #[test]
    fn what_is_cut_fits_and_keeps_its_letters_whole() {
        for text in [
            "CALL_ENDED",
            "王小明的公司",
            "👩\u{200d}👩\u{200d}👧👍🏽🇩🇪",
            "e\u{301}a\u{308}o",
            "שָׁלוֹם",
        ] {
            for limit in 0..=width(text) + 1 {
                let cut = cut(text, limit);
                assert!(width(&cut) <= limit, "{cut:?} in {limit}");
                let head = cut.strip_suffix('…').unwrap_or(&cut);
                let mut whole = text.grapheme_indices(true).map(|(start, _)| start);
                assert!(
                    head.len() == text.len() || whole.any(|start| start == head.len()),
                    "{cut:?} cuts a letter of {text:?}"
                );
                assert_eq!(width(&pad(&cut, 20)), 20);
                let cut = cut_middle(text, limit);
                assert!(width(&cut) <= limit, "{cut:?} in {limit}");
            }
        }
        assert_eq!(cut("e\u{301}tudiant", 3), "e\u{301}t…");
        assert_eq!(pad("long", 2), "long");
    }
}
