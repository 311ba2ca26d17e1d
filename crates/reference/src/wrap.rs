//! Wraps text to a width.

/// Breaks a text at spaces into lines of at most `width` characters; a longer word gets a line of
/// its own. There is always at least one line.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    fill(text.split_whitespace(), width)
}

/// Arranges words in lines of at most `width` characters.
pub(crate) fn fill<'a>(words: impl Iterator<Item = &'a str>, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in words {
        let word_length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length == 0 => {
                line.push_str(word);
                length = word_length;
            }
            Some(line) if length + 1 + word_length <= width => {
                line.push(' ');
                line.push_str(word);
                length += 1 + word_length;
            }
            _ => {
                lines.push(word.to_owned());
                length = word_length;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_broken_at_spaces() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("extraordinary words", 5), ["extraordinary", "words"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
