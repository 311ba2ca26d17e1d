//! A page's report about itself is filed in its conversation, and never counts as a message.

use callscope_bus::{FromPanel, Source};

use super::stage::{HOST, PANEL, Stage, child, message};

const BROKEN: &str = r#"["error","","","it broke"]"#;

#[test]
fn what_a_page_tells_waits_for_its_conversation() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 1, &[0]);
    stage.hear(widget, Source::Page, BROKEN);
    stage.wait(500.0);
    assert_eq!(stage.lines(PANEL), [] as [&str; 0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    stage.hear(HOST, Source::Page, r#"["rejection","","","of the host"]"#);
    stage.wait(300.0);
    assert_eq!(
        stage.lines(PANEL),
        [
            "1 starts",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED",
            "1 widget tells error it broke",
            "1 host tells rejection of the host",
        ]
    );
}

#[test]
fn a_page_that_takes_part_in_nothing_is_heard_all_the_same() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 1, &[0]);
    stage.hear(widget, Source::Page, BROKEN);
    stage.hear(widget, Source::Page, r#"["lost","","","12"]"#);
    stage.hear(widget, Source::Page, "whatever a page may say");
    stage.wait(3_000.0);
    assert_eq!(
        stage.lines(PANEL),
        ["- widget tells error it broke", "- widget tells lost 12"]
    );
}

#[test]
fn a_message_in_its_words_is_none() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 1, &[0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    stage.hear(widget, Source::Page, &message("DIAL_NUMBER", "1_2"));
    stage.wait(300.0);
    let lines = stage.lines(PANEL);
    assert!(!lines.iter().any(|line| line.contains("DIAL")), "{lines:?}");
}

#[test]
fn nothing_is_told_while_recording_pauses() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 1, &[0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    stage.ask(PANEL, FromPanel::SetRecording { on: false });
    stage.now += 1.0;
    stage.hear(widget, Source::Page, BROKEN);
    stage.wait(300.0);
    let lines = stage.lines(PANEL);
    assert!(
        !lines.iter().any(|line| line.contains("tells")),
        "{lines:?}"
    );
}
