//! Texts from parts.

/// The parts one after another.
///
/// The standard library's `concat` is made anew for each number of parts, and `format!` brings
/// more than a script that runs in every frame should carry.
pub(crate) fn join(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts {
        out.push_str(part);
    }
    out
}
