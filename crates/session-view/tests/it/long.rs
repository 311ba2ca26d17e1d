//! A value of thousands of characters leaves the sentences around it short.

use callscope_session_log::Session;
use callscope_session_view::SessionView;
use callscope_session_view::rows::ViewOptions;

use crate::said::said;
use crate::trace::written_everywhere;

/// The longest that any text may be, apart from the value itself.
const MOST: usize = 600;

/// Hebrew, and a character that becomes ten times as long when it is made visible.
const LONG: [&str; 2] = ["שלום ", "\u{e0041}"];

fn view(value: &str) -> SessionView {
    let mut session = Session::new();
    session.insert_all((1..).zip(written_everywhere(value, value)));
    let mut view = SessionView::new(session);
    view.update_rows(&ViewOptions::everything());
    view
}

#[test]
fn no_value_floods_what_is_said_of_it() {
    for part in LONG {
        let view = view(&part.repeat(1_000));
        assert!(view.session().findings().len() > 8);
        for (what, text) in said(&view) {
            let count = text.chars().count();
            assert!(
                what == "a value" || count <= MOST,
                "{what} has {count} characters: {text:.700}"
            );
        }
    }
}

#[test]
fn a_value_without_blanks_takes_no_more_than_a_line_of_a_finding_or_a_call() {
    let view = view(&"1".repeat(5_000));
    let told = said(&view);
    let about = |wanted: &str| -> Vec<&str> {
        let texts = told.iter().filter(|(what, _)| what == wanted);
        texts.map(|(_, text)| text.as_str()).collect()
    };
    for (what, most) in [("a finding", 62), ("belongs to", 40)] {
        let texts = about(what);
        let long: Vec<&str> = (texts.iter().copied())
            .filter(|text| text.contains('…'))
            .collect();
        assert!(!long.is_empty(), "{what} quotes the value: {texts:?}");
        for word in long.iter().flat_map(|text| text.split_whitespace()) {
            assert!(word.chars().count() <= most, "{what}: {word}");
        }
    }
}
