//! The left-to-right order in which the letters of a text are displayed.
//!
//! Hebrew, Arabic and related scripts run from right to left; numbers and Latin text within them do
//! not. The Unicode bidirectional algorithm (UAX #9) says where each letter goes; `unicode-bidi`
//! implements it. A browser and many terminals apply it themselves; code that places letters one by
//! one uses this module.
//!
//! Three choices are made here that the algorithm leaves to whoever displays a text:
//!
//! - A line begins at the left. A value from a page does not reverse the sentence around it.
//! - Each value is independent: a text in quotation marks, a part between the dots of a summary, a
//!   key among others. Two adjacent Arabic names do not change places.
//! - A number is independent, with everything that is written like one: a phone number, a date, a
//!   time. In running Arabic text, the algorithm would reverse the groups of `+20 100 555 0199`,
//!   which makes it another number.
//!
//! The text must already be [visible](crate::visible), so that no character in it controls the
//! order of others.

use std::ops::Range;

use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation as _;

/// Where the characters of a text go. Each line of a text has its own order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingOrder {
    /// The embedding level of each character: odd ones run from right to left.
    levels: Vec<Level>,
    is_space: Vec<bool>,
    /// For each letter with all its marks, the number of characters up to its end.
    letter_ends: Vec<usize>,
}

/// Adjacent characters that run in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which characters of the text, by index in the text's own order.
    pub chars: Range<usize>,
    /// Whether the last of them is the leftmost.
    pub is_right_to_left: bool,
}

/// Whether a character belongs to a script that runs from right to left.
#[must_use]
pub const fn is_right_to_left(character: char) -> bool {
    matches!(
        character,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
    )
}

impl ReadingOrder {
    /// The order of a text; `None` if all of it runs from left to right.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        if text.is_ascii() || !text.contains(is_right_to_left) {
            return None;
        }
        let mut marks = marks(text).into_iter().peekable();
        let mut marked = String::with_capacity(2 * text.len());
        let mut levels_at = Vec::new();
        for (at, character) in text.char_indices() {
            while let Some((_, mark)) = marks.next_if(|(it, _)| *it <= at) {
                marked.push_str(mark);
            }
            levels_at.push(marked.len());
            marked.push(character);
        }
        let bidi = BidiInfo::new(&marked, Some(Level::ltr()));
        let level = |at: &usize| bidi.levels.get(*at).copied().unwrap_or(Level::ltr());
        Some(Self {
            levels: levels_at.iter().map(level).collect(),
            is_space: text.chars().map(char::is_whitespace).collect(),
            letter_ends: text
                .graphemes(true)
                .scan(0, |count, letter| {
                    *count += letter.chars().count();
                    Some(*count)
                })
                .collect(),
        })
    }

    /// The smallest number of characters, but at least `chars`, that does not separate a letter
    /// from its marks.
    #[must_use]
    pub fn whole_letters(&self, chars: usize) -> usize {
        if chars == 0 {
            return 0;
        }
        let ends = &self.letter_ends;
        let index = ends.partition_point(|end| *end < chars);
        ends.get(index).copied().unwrap_or(chars)
    }

    /// The runs of one line from left to right.
    ///
    /// `chars` are the characters on the line; indices beyond the text are ignored.
    #[must_use]
    pub fn line(&self, chars: Range<usize>) -> Vec<Run> {
        let end = chars.end.min(self.levels.len());
        let start = chars.start.min(end);
        let mut levels = self.levels.get(start..end).unwrap_or_default().to_vec();
        let spaces = self.is_space.get(start..end).unwrap_or_default();
        // Spaces at the end of a line go to its right end.
        for (level, is_space) in levels.iter_mut().zip(spaces).rev() {
            if !is_space {
                break;
            }
            *level = Level::ltr();
        }
        let mut runs: Vec<Run> = Vec::new();
        for index in BidiInfo::reorder_visual(&levels) {
            let is_right_to_left = levels.get(index).is_some_and(Level::is_rtl);
            let char = start + index;
            if let Some(run) = runs
                .last_mut()
                .filter(|run| run.is_right_to_left == is_right_to_left)
            {
                if is_right_to_left && char + 1 == run.chars.start {
                    run.chars.start = char;
                    continue;
                }
                if !is_right_to_left && char == run.chars.end {
                    run.chars.end = char + 1;
                    continue;
                }
            }
            runs.push(Run {
                chars: char..char + 1,
                is_right_to_left,
            });
        }
        runs
    }
}

/// The control characters to put around independent parts, each with the byte offset to put it at.
fn marks(text: &str) -> Vec<(usize, &'static str)> {
    let values = values(text);
    let numbers = numbers(text);
    let starts = values.iter().map(|it| (it.start, "\u{2066}"));
    let ends = values.iter().map(|it| (it.end, "\u{2069}"));
    // Without the override, a space between Arabic digits would reverse the groups.
    let number_starts = numbers.iter().map(|it| (it.start, "\u{2066}\u{202d}"));
    let number_ends = numbers.iter().map(|it| (it.end, "\u{202c}\u{2069}"));
    // At one offset, ends come before starts, and inner ends before outer ones.
    let ends = number_ends.chain(ends);
    let mut marks: Vec<_> = ends.chain(starts).chain(number_starts).collect();
    marks.sort_by_key(|(at, _)| *at);
    marks
}

/// The values in a text, as byte ranges: any two are disjoint or nested.
fn values(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    for part in parts(text, 0..text.len(), &SEPARATORS) {
        if part.len() < text.len() {
            all.push(part.clone());
        }
        let inner = text.get(part.clone()).unwrap_or_default();
        if inner.starts_with('{') && inner.ends_with('}') && inner.len() > 1 {
            all.extend(parts(text, part.start + 1..part.end - 1, &[", "]));
        } else {
            quoted(text, part, &mut all);
        }
    }
    all.retain(|it| !it.is_empty());
    all
}

/// What Callscope writes between values.
const SEPARATORS: [&str; 3] = [" · ", " → ", " — "];

fn parts(text: &str, within: Range<usize>, separators: &[&str]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (within.start, within.start);
    while let Some(rest) = text.get(at..within.end).filter(|rest| !rest.is_empty()) {
        if let Some(separator) = separators.iter().find(|it| rest.starts_with(**it)) {
            parts.push(start..at);
            at += separator.len();
            start = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push(start..within.end);
    parts
}

/// The texts in quotation marks. In Hebrew, such a mark also occurs inside words, so an opening one
/// has nothing or a non-letter before it, and a closing one after it.
fn quoted(text: &str, within: Range<usize>, all: &mut Vec<Range<usize>>) {
    let inner = text.get(within.clone()).unwrap_or_default();
    let mut opened: Option<(usize, char)> = None;
    let mut before: Option<char> = None;
    let mut is_escaped = false;
    for (at, character) in inner.char_indices() {
        match (opened, character) {
            (None, '"') if before.is_none_or(|it| !it.is_alphanumeric()) => {
                opened = Some((at + 1, '"'));
            }
            (None, '“') => opened = Some((at + '“'.len_utf8(), '”')),
            (Some((start, close)), _) if character == close && !is_escaped => {
                let after = inner.get(at + close.len_utf8()..).unwrap_or_default();
                if after.chars().next().is_none_or(|it| !it.is_alphanumeric()) {
                    all.push(within.start + start..within.start + at);
                    opened = None;
                }
            }
            _ => {}
        }
        is_escaped = character == '\\' && !is_escaped;
        before = Some(character);
    }
}

/// Numbers, and what is written like one; none is partly inside a value.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(length) = number(rest) {
            all.push(at..at + length);
            at += length;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    all
}

/// The length of the number that a text begins with.
fn number(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    let mut end = None;
    // How many characters ago the last digit was.
    let mut since_digit = 0;
    for (at, character) in text.char_indices() {
        if is_digit(character) {
            since_digit = 0;
            if depth == 0 {
                end = Some(at + character.len_utf8());
            }
            continue;
        }
        since_digit += 1;
        let is_between = match character {
            '+' | '#' | '*' | '−' => end.is_none() && depth == 0,
            '(' => {
                depth += 1;
                true
            }
            ')' => {
                depth -= 1;
                // `(020)` with nothing after it.
                if depth == 0 && since_digit == 1 {
                    end = Some(at + 1);
                }
                depth >= 0
            }
            '-' => true,
            ',' => text
                .get(at + 1..)
                .is_some_and(|it| it.starts_with(is_digit)),
            ' ' | '.' | '/' | ':' | '\u{a0}' | '\u{202f}' | '\u{2011}' | '–' => at > 0,
            _ => false,
        };
        if !is_between || since_digit > 3 {
            break;
        }
    }
    end.filter(|end| text.get(..*end).is_some_and(|it| it.contains(is_digit)))
}

/// A European, Arabic or Persian digit.
const fn is_digit(character: char) -> bool {
    matches!(character, '0'..='9' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The characters as displayed from left to right.
    fn seen(text: &str) -> String {
        let count = text.chars().count();
        line(text, 0..count)
    }

    fn line(text: &str, chars: Range<usize>) -> String {
        let all: Vec<char> = text.chars().collect();
        let Some(order) = ReadingOrder::new(text) else {
            return all[chars].iter().collect();
        };
        let mut seen = String::new();
        let mut count = 0;
        for run in order.line(chars.clone()) {
            count += run.chars.len();
            let chars = all[run.chars].iter();
            if run.is_right_to_left {
                seen.extend(chars.rev());
            } else {
                seen.extend(chars);
            }
        }
        assert_eq!(count, chars.len(), "each character once");
        seen
    }

    #[test]
    fn what_runs_to_the_right_is_left_alone() {
        for text in ["", "+20 100 555 0199", "Zoë 電話 🎉", "देवनागरी"] {
            assert_eq!(ReadingOrder::new(text), None);
        }
    }

    #[test]
    fn words_run_to_the_left_in_a_line_that_begins_at_the_left() {
        assert_eq!(seen("אבג"), "גבא");
        assert_eq!(seen("to אבג דהו, please"), "to והד גבא, please");
        // The full stop belongs to the line, which begins at the left.
        assert_eq!(seen("אבג."), "גבא.");
        assert_eq!(seen("אבג abc דהו"), "גבא abc והד");
        // Brackets follow their letters, N0 of the algorithm; those that are reversed are drawn
        // mirrored.
        assert_eq!(seen("אב (גד) הו"), "וה )דג( בא");
        assert_eq!(seen("ab (גד) ef"), "ab (דג) ef");
        assert_eq!(seen("אב (cd) הו"), "בא (cd) וה");
        assert_eq!(seen("אב (גד [cd] הו)"), "בא (דג [cd] וה)");
    }

    #[test]
    fn numbers_stay_what_they_are_in_any_text() {
        for number in [
            "+20 100 555 0199",
            "+20-100-555-0199",
            "(020) 7946 0018",
            "+1 (555) 010-0199",
            "2026-11-26",
            "26/11/2026",
            "12:00:00.829",
            "1,234.50",
            "-5",
            "#12",
            "192.168.0.1",
            "٠١٠٠ ٥٥٥ ٠١٩٩",
        ] {
            for text in [
                format!("محمد {number}"),
                format!("{number} محمد"),
                format!("مكتب محمد {number} علي"),
                format!("שלום {number}"),
                format!("שלום, {number}."),
                format!("שלום ({number}) עולם"),
                format!("from {number} · محمد · {number}"),
                format!("\"محمد\": \"{number}\""),
            ] {
                assert!(
                    seen(&text).contains(number),
                    "{:?} of {text:?}",
                    seen(&text)
                );
            }
        }
        // Its place in the sentence is decided by the sentence.
        assert_eq!(seen("אבג 12 דהו"), "והד 12 גבא");
        assert_eq!(seen("אבג 12"), "גבא 12");
        // A bracket of the sentence is not part of the number.
        assert_eq!(seen("אב (5 גד) הו"), "וה )דג 5( בא");
    }

    #[test]
    fn values_do_not_change_places() {
        assert_eq!(seen("אב · גד"), "בא · דג");
        assert_eq!(seen("אב → גד · הו"), "בא → דג · וה");
        assert_eq!(seen("\"אב\", \"גד\""), "\"בא\", \"דג\"");
        assert_eq!(seen("“אב” “גד”"), "“בא” “דג”");
        assert_eq!(seen("{אב, גד, …}"), "{בא, דג, …}");
        // Within one value they do change places: it is one text.
        assert_eq!(seen("אב, גד"), "דג ,בא");
        assert_eq!(seen("\"אב, גד\""), "\"דג ,בא\"");
        // A mark inside a word is one of its letters, also where JSON escapes it.
        assert_eq!(seen("צה\"ל אב"), "בא ל\"הצ");
        assert_eq!(seen("\"צה\\\"ל אב\""), "\"בא ל\"\\הצ\"");
        // So are quotation marks that are never closed.
        assert_eq!(seen("\"אב, גד"), "\"דג ,בא");
    }

    #[test]
    fn each_line_has_an_order_of_its_own() {
        let text = "אב גד הו";
        assert_eq!(line(text, 0..6), "דג בא ");
        assert_eq!(line(text, 6..8), "וה");
        // A cut text is the beginning of what was written, not its left part.
        assert_eq!(line(text, 0..4), "ג בא");
        assert_eq!(ReadingOrder::new(text).unwrap().line(8..20), []);
    }

    #[test]
    fn letters_keep_their_marks() {
        let order = ReadingOrder::new("שָׁלוֹם").unwrap();
        let ends: Vec<usize> = (0..=9).map(|chars| order.whole_letters(chars)).collect();
        assert_eq!(ends, [0, 3, 3, 3, 4, 6, 6, 7, 8, 9]);
    }

    #[test]
    fn any_text_has_an_order() {
        for text in [
            "א · \"ב · ג\" · {ד, \"ה}",
            "((((א(1)))",
            "א 1(2 3)4) (5",
            "א\n12 ב",
            "א · ",
            "{א}",
            "{}א",
            "\"\"א\"",
        ] {
            seen(text);
        }
    }
}
