//! Characters that must not reach anybody's eyes as they are.

/// Whether a character changes how the others are shown, or is not seen itself.
///
/// Unicode's control (Cc) and format (Cf) characters, but for those that are drawn as signs of
/// their own; and the separators of lines and paragraphs.
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
        // Characters that nobody sees: soft hyphen, zero-width space, joiners and non-joiners,
        // invisible operators, byte order mark, annotations, shorthand, music and tags.
        | '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e007f}'
    )
}
