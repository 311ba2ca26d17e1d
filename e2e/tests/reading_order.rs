//! Hebrew and Arabic look in the panel as the browser itself draws them, and numbers in them are
//! those that were posted.

use std::collections::BTreeMap;

use callscope_e2e::{Stage, demo};
use serde_json::json;

const COMPARE: &str = include_str!("reading_order/compare.js");

/// Values in a page, and how a browser is told to lay them out: each one isolated, starting from
/// the left, with the number in it isolated as well.
const VALUES: [(&str, &str); 3] = [
    (
        "محمد +20 100 555 0199 علي",
        "\u{2066}محمد \u{2066}+20 100 555 0199\u{2069} علي\u{2069}",
    ),
    (
        "שלום 2026-11-26, עולם",
        "\u{2066}שלום \u{2066}2026-11-26\u{2069}, עולם\u{2069}",
    ),
    (
        "مكتب المبيعات (فرع ٢) call 5",
        "\u{2066}مكتب المبيعات (فرع \u{2066}٢\u{2069}) call 5\u{2069}",
    ),
];

#[test]
fn text_stands_in_its_reading_order_with_its_letters_joined() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.target().evaluate::<()>(COMPARE).unwrap();
    for (index, (value, layout)) in VALUES.into_iter().enumerate() {
        let message = json!({
            "type": "DIAL_NUMBER",
            "messageId": format!("reading_{index}"),
            "data": { "phoneNumber": value },
        });
        pages
            .host
            .evaluate::<()>(&format!("frames[0].postMessage({message}, '*')"))
            .unwrap();
        let shown = panel
            .wait_until(value, |shown| {
                shown.rows.iter().any(|row| row.summary == value)
            })
            .unwrap();
        // The text itself has not changed.
        let row = shown.rows.iter().find(|row| row.summary == value).unwrap();
        panel.wait_for_words(&row.summary).unwrap();

        // The similarity of the row with each of these, from 0 to 1.
        let drawn = json!({
            "right": layout,
            // As if its letters were Latin.
            "as it was written": format!("\u{202d}{value}\u{202c}"),
            "all turned": format!("\u{202e}{value}\u{202c}"),
        });
        let likeness: BTreeMap<String, f64> = panel
            .target()
            .evaluate(&format!("compare({}, {drawn})", json!(value)))
            .unwrap();
        let right = likeness["right"];
        assert!(right > 0.95, "{value}: {likeness:?}");
        for (what, alike) in &likeness {
            assert!(
                what == "right" || *alike < right - 0.03,
                "{value}: {likeness:?}"
            );
        }
    }
}
