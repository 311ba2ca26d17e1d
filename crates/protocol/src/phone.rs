//! Phone numbers, to the extent that a checker can judge them.

/// Whether a number can be dialed: an optional `+` and 7 to 15 digits, not counting spaces,
/// dashes, dots, slashes, parentheses and an extension.
pub(crate) fn is_dialable(number: &str) -> bool {
    digits(number).is_some_and(|digits| (7..=15).contains(&digits.len()))
}

/// Whether two texts are the same number, whatever their formatting.
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    match (digits(left), digits(right)) {
        (Some(left), Some(right)) => left == right,
        _ => left.trim() == right.trim(),
    }
}

/// The digits of a number without its extension; `None` if it holds anything else.
fn digits(number: &str) -> Option<String> {
    plain_digits(number).or_else(|| {
        let number = number.to_lowercase();
        let extensions = ["extension", "ext.", "ext", "x", "#", ";", ","];
        let (number, _) = extensions
            .iter()
            .filter_map(|word| number.split_once(word))
            .find(|(_, extension)| extension.chars().any(|it| it.is_ascii_digit()))?;
        // RFC 3966 writes `;ext=12`, a dial string `,12`.
        plain_digits(number.trim_end_matches([';', ',', ' ']))
    })
}

/// The digits of a number that has no extension.
fn plain_digits(number: &str) -> Option<String> {
    let number = number.trim();
    let number = number.strip_prefix('+').unwrap_or(number);
    let mut digits = String::with_capacity(number.len());
    for character in number.chars() {
        match character {
            '0'..='9' => digits.push(character),
            ' ' | '\u{a0}' | '-' | '\u{2011}' | '.' | '/' | '(' | ')' => {}
            _ => return None,
        }
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialable_numbers() {
        for number in [
            "+1 (555) 010-0199",
            "15550100199",
            "555.0100",
            "+442073238299",
            "+1 555 010 0199 ext. 12",
            "+15550100199;ext=12",
            "+15550100199,,12",
            "+49 89 / 123456-0",
        ] {
            assert!(is_dialable(number), "{number}");
        }
        for number in [
            "",
            "101",
            "anonymous",
            "+1 555 CALL NOW",
            "1234567890123456",
            "+",
            "++15550100",
            "tel:+15550100199",
        ] {
            assert!(!is_dialable(number), "{number}");
        }
    }

    #[test]
    fn spelling_does_not_matter() {
        assert!(is_same("+1 (555) 010-0199", "+15550100199"));
        assert!(is_same("+1 555 010 0199 x7", "15550100199"));
        assert!(is_same("+15550100199;ext=7", "15550100199"));
        assert!(!is_same("+15550100199", "+15550100198"));
        assert!(is_same("anonymous", " anonymous "));
    }
}
