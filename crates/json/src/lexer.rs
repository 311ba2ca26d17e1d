//! The lexical elements of JSON.

use memchr::memchr2;

use crate::RawString;

/// Reads a text from its beginning, piece by piece.
///
/// Each method reads one piece, or returns `None` if the text does not continue with one of its
/// kind. After a `None`, [`eat`](Self::eat) and [`word`](Self::word) have not advanced; the others
/// may have advanced partly. Blanks are only skipped by the methods that say so.
///
/// ```
/// let mut lexer = callscope_json::Lexer::new(r#"["a\n", 1e3]"#);
/// assert!(lexer.eat(b'[').is_some());
/// assert_eq!(lexer.string().map(|it| it.text()), Some("a\n".into()));
/// assert_eq!(lexer.comma_or(b']'), Some(true));
/// lexer.skip_space();
/// assert_eq!(lexer.number(), Some("1e3"));
/// assert_eq!(lexer.comma_or(b']'), Some(false));
/// assert!(lexer.is_at_end());
/// ```
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer at the beginning of a text.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes have been read.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// Whether the end of the text is reached.
    #[must_use]
    pub const fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// The next byte, without reading it.
    #[inline]
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The text read since position `start`.
    #[inline]
    #[must_use]
    pub fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Skips blanks.
    #[inline]
    pub fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Reads `byte`, which must be ASCII.
    #[inline]
    pub fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Reads a word, such as `null`.
    #[inline]
    pub fn word(&mut self, word: &str) -> Option<()> {
        let is_next = self.rest().starts_with(word.as_bytes());
        is_next.then(|| self.at += word.len())
    }

    /// Reads the colon after a key, and skips the blanks around it.
    #[inline]
    pub fn colon(&mut self) -> Option<()> {
        self.skip_space();
        self.eat(b':')?;
        self.skip_space();
        Some(())
    }

    /// Skips blanks, and reads a comma or the `end` of the container; returns whether it was a
    /// comma.
    #[inline]
    pub fn comma_or(&mut self, end: u8) -> Option<bool> {
        self.skip_space();
        let next = self.peek()?;
        let is_comma = next == b',';
        (is_comma || next == end).then(|| {
            self.at += 1;
            is_comma
        })
    }

    /// Reads a string.
    ///
    /// Control characters in it are accepted, although JSON forbids them.
    #[inline]
    pub fn string(&mut self) -> Option<RawString<'a>> {
        self.eat(b'"')?;
        let start = self.at;
        self.at += memchr2(b'"', b'\\', self.rest())?;
        let has_escapes = self.peek()? == b'\\';
        if has_escapes {
            self.escapes()?;
        }
        let inner = self.since(start)?;
        self.at += 1;
        Some(RawString::new(inner, has_escapes))
    }

    /// Reads from the first backslash of a string to its closing quote.
    fn escapes(&mut self) -> Option<()> {
        loop {
            self.at += match self.rest() {
                [b'"', ..] => return Some(()),
                [
                    _,
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't',
                    ..,
                ] => 2,
                [_, b'u', a, b, c, d, ..]
                    if [a, b, c, d].iter().all(|it| it.is_ascii_hexdigit()) =>
                {
                    6
                }
                _ => return None,
            };
            self.at += memchr2(b'"', b'\\', self.rest())?;
        }
    }

    /// Reads a number, as written.
    #[inline]
    pub fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        _ = self.eat(b'-');
        if self.eat(b'0').is_none() {
            self.digits()?;
        }
        if self.eat(b'.').is_some() {
            self.digits()?;
        }
        if self.eat(b'e').or_else(|| self.eat(b'E')).is_some() {
            _ = self.eat(b'+').or_else(|| self.eat(b'-'));
            self.digits()?;
        }
        self.since(start)
    }

    #[inline]
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// Reads a value of any depth, as written.
    ///
    /// Like [`skip_container`](Self::skip_container), it does not check that this is valid JSON.
    pub fn skip_value(&mut self) -> Option<&'a str> {
        let start = self.at;
        match self.peek()? {
            b'"' => drop(self.string()?),
            b'{' | b'[' => self.skip_container()?,
            _ => {
                while let Some(b'a'..=b'z' | b'E' | b'0'..=b'9' | b'-' | b'+' | b'.') = self.peek()
                {
                    self.at += 1;
                }
            }
        }
        self.since(start)
    }

    /// Skips an object or array of any depth.
    ///
    /// It only looks at strings and brackets, and does not check that this is valid JSON.
    pub fn skip_container(&mut self) -> Option<()> {
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open = open.checked_sub(1)?,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_json() {
        for text in ["0", "-0", "10", "-1.5", "0.25e-7", "1E+9", "1e999"] {
            let mut lexer = Lexer::new(text);
            assert_eq!(lexer.number(), Some(text));
            assert!(lexer.is_at_end());
        }
        for text in ["", "-", "+1", ".5", "1.", "1.e3", "1e", "1e+", "x", "inf"] {
            assert_eq!(Lexer::new(text).number(), None, "{text}");
        }
        // Two numbers, of which only the first is read.
        assert_eq!(Lexer::new("01").number(), Some("0"));
    }

    #[test]
    fn strings_end_where_they_end() {
        for (text, inner) in [
            (r#""""#, ""),
            (r#""a"b"#, "a"),
            (r#""\\""#, r"\\"),
            (r#""\"\u00e9\n" "#, r#"\"\u00e9\n"#),
        ] {
            let raw = Lexer::new(text).string().unwrap();
            assert_eq!(raw.as_written(), inner);
        }
        for text in [
            "",
            "a",
            "\"",
            "\"a",
            r#""\""#,
            r#""\x""#,
            r#""\u12""#,
            r#""\u00g0""#,
        ] {
            assert!(Lexer::new(text).string().is_none(), "{text}");
        }
    }

    #[test]
    fn values_are_passed() {
        for text in ["null", "-1.5E+3", r#""a\"]""#, r#"{"a":[1,"}"]}"#, "[]"] {
            for after in ["", ",", "]", "}", " "] {
                let whole = format!("{text}{after}");
                assert_eq!(Lexer::new(&whole).skip_value(), Some(text), "{whole}");
            }
        }
    }

    #[test]
    fn containers_of_any_depth_are_passed() {
        let text = format!("{}\"]\"{}", "[".repeat(100_000), "]".repeat(100_000));
        let mut lexer = Lexer::new(&text);
        lexer.skip_container().unwrap();
        assert!(lexer.is_at_end());
        for text in ["", "[", "[\"]", "]", "{\"a\":[}"] {
            assert!(Lexer::new(text).skip_container().is_none(), "{text}");
        }
    }
}
