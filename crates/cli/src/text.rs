//! Makes page data safe for a terminal or a file.

pub(crate) use callscope_diagram::xml;
pub(crate) use callscope_session_view::columns::short;
pub(crate) use callscope_session_view::visible::{visible as safe, visible_json as safe_json};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_fits_its_columns() {
        assert_eq!(short("día\n", 10), "día\\n");
        assert_eq!(short("día\n", 3), "dí…");
        assert_eq!(short("王小明\u{202e}", 20), "王小明\\u202e");
        assert_eq!(short("王小明\u{202e}", 6), "王小…");
    }
}
