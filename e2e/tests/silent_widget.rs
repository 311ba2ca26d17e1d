//! A widget that never answers, observed while it happens.

use callscope_e2e::{Pages, Shown, Stage, demo, only_traffic, open_panel};

#[test]
fn the_panel_says_that_sync_is_unanswered_and_counts() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let pages = Pages::open(&browser, &demo, "silent=1").unwrap();
    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();

    // "SYNC unanswered for 3 s (31 sent)."
    let numbers = |shown: &Shown| -> Option<(u32, usize)> {
        let trouble = shown.trouble.as_deref()?;
        let (seconds, rest) = trouble
            .strip_prefix("SYNC unanswered for ")?
            .split_once(" s (")?;
        let sent = rest.strip_suffix(" sent).")?;
        Some((seconds.parse().ok()?, sent.parse().ok()?))
    };
    let first = panel
        .wait_until("the panel to say so", |shown| numbers(shown).is_some())
        .unwrap();
    let (seconds, sent) = numbers(&first).unwrap();
    assert!(seconds >= 1);
    assert_eq!(first.conversations[0].states.len(), 1);
    assert!(first.conversations[0].states[0].starts_with("Waiting for SYNC_ACK "));
    let later = panel
        .wait_until("the panel to count", |shown| {
            numbers(shown).is_some_and(|(now, count)| now >= seconds + 2 && count > sent)
        })
        .unwrap();
    panel.wait_for_words("SYNC unanswered for").unwrap();

    // As many as there were; the page continues to send in the meantime.
    let (_, sent) = numbers(&later).unwrap();
    let received = only_traffic(&pages.widget).unwrap().len();
    assert!(sent <= received, "{sent} of {received}");
    let recorded = panel
        .wait_until("all of them", |shown| {
            shown.status["messages"].as_u64() >= u64::try_from(received).ok()
        })
        .unwrap();
    // A single row for all of them.
    let rows: Vec<&str> = recorded.types();
    assert_eq!(rows, ["SYNC"]);
}
