//! Concatenates texts.

/// The parts, concatenated.
///
/// The standard library's `concat` is instantiated for each number of parts, and `format!` is too
/// large for a script that runs in every frame.
pub(crate) fn join(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts {
        out.push_str(part);
    }
    out
}
