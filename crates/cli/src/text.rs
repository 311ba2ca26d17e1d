//! Page data on its way to a terminal or a file.

use std::borrow::Cow;

use callscope_session_view::columns;
pub(crate) use callscope_session_view::visible::{visible as safe, visible_json as safe_json};

/// Text that is safe to print, cut to `limit` columns.
pub(crate) fn short(text: &str, limit: usize) -> Cow<'_, str> {
    match safe(text) {
        Cow::Borrowed(text) => columns::cut(text, limit),
        Cow::Owned(text) => Cow::Owned(columns::cut(&text, limit).into_owned()),
    }
}

/// Text for XML and HTML; characters that XML cannot hold are escaped as everywhere.
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in safe(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 forbids them.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_fits_its_columns() {
        assert_eq!(short("día\n", 10), "día\\n");
        assert_eq!(short("día\n", 3), "dí…");
        assert_eq!(short("王小明\u{202e}", 20), "王小明\\u{202e}");
        assert_eq!(short("王小明\u{202e}", 6), "王小…");
    }
}
