//! Characters that must not be displayed as they are.

/// Whether a character changes how others are displayed, or is invisible itself.
///
/// These are Unicode's control (Cc) and format (Cf) characters, except those with a visible sign of
/// their own; the separators of lines and paragraphs; and everything else that Unicode declares
/// invisible (`Default_Ignorable_Code_Point`), except variation selectors, which change the look of
/// the character before them.
#[must_use]
pub const fn is_trouble(character: char) -> bool {
    matches!(
        character,
        // C0, DEL and C1: cursor movements, colors, titles, bells, line ends.
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        // Marks, embeddings, overrides and isolates of the bidirectional algorithm.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
        // Line and paragraph separators.
        | '\u{2028}' | '\u{2029}'
        // Invisible characters: soft hyphen, zero-width space, joiners and non-joiners, invisible
        // operators, byte order mark, annotations, shorthand, music and tags.
        | '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e007f}' | '\u{13430}'..='\u{1343f}'
        // Also invisible, but not format characters: the grapheme joiner, Hangul fillers, two Khmer
        // vowels, and code points reserved for more of them.
        | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0080}'..='\u{e00ff}'
        | '\u{e01f0}'..='\u{e0fff}'
    )
}
