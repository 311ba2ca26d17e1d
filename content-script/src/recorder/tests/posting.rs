//! What panels ask to post, to the widget and as the widget.

use callscope_bus::{FromPanel, Outcome, Post, Source, ToTap};

use super::stage::{HOST, PANEL, Stage, check_failed, child, connected, message};

const DIAL: &str = r#"{"type":"DIAL_NUMBER","messageId":"1_7","data":{"phoneNumber":"+1"}}"#;

fn inject(request: u32, conversation: u32) -> FromPanel {
    FromPanel::Inject {
        request,
        conversation,
        by_widget: false,
        message: DIAL.replace(':', ": "),
    }
}

const LOGIN: &str = r#"{"type":"USER_LOGGED_IN","messageId":"2_7"}"#;

fn inject_up(request: u32) -> FromPanel {
    FromPanel::Inject {
        request,
        conversation: 1,
        by_widget: true,
        message: LOGIN.to_owned(),
    }
}

#[test]
fn an_injected_message_goes_to_the_widget_and_is_marked_once() {
    let (mut stage, widget) = connected();
    stage.ask(PANEL, inject(5, 1));
    let post = Post {
        to: child(1, 0),
        target_origin: "https://widget.test".to_owned(),
        message: DIAL.to_owned(),
    };
    assert_eq!(stage.page.posted, [post]);
    assert_eq!(stage.outcomes(), []);
    stage.hear(widget, Source::Parent, DIAL);
    stage.wait(300.0);
    assert_eq!(stage.outcomes(), [(5, Outcome::Ok)]);
    // HubSpot may send the same message.
    stage.hear(widget, Source::Parent, DIAL);
    stage.wait(300.0);
    assert_eq!(
        stage.lines(PANEL)[4..],
        ["1 host DIAL_NUMBER injected", "1 host DIAL_NUMBER"]
    );
}

#[test]
fn what_the_widget_does_not_hear_is_reported() {
    let (mut stage, _) = connected();
    stage.ask(PANEL, inject(5, 1));
    stage.wait(3_000.0);
    check_failed(&stage, 5, "did not receive");
    assert_eq!(stage.lines(PANEL).len(), 4);
}

#[test]
fn an_injection_into_a_widget_without_a_tap_is_recorded_when_it_is_posted() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.hear(HOST, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(3_000.0);
    stage.ask(PANEL, inject(5, 1));
    stage.wait(300.0);
    assert_eq!(stage.outcomes(), [(5, Outcome::Ok)]);
    assert_eq!(
        stage.lines(PANEL).last().unwrap(),
        "1 host DIAL_NUMBER injected"
    );
}

#[test]
fn an_injection_from_a_host_in_a_frame_is_posted_there() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let host = stage.load("h", 5, &[2]);
    let widget = stage.load("w", 7, &[2, 0]);
    stage.hear(widget, Source::Parent, &message("SYNC", "1_1"));
    stage.hear(host, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(300.0);
    stage.ask(PANEL, inject(5, 1));
    let [(document, ToTap::Post(post))] = stage.page.forwarded.as_slice() else {
        panic!("{:?}", stage.page.forwarded);
    };
    assert_eq!((document.as_str(), &post.to), ("chrome-h", &child(1, 0)));
    stage.recorder.on_post_answer(
        PANEL,
        5,
        Outcome::Failed {
            reason: "gone".to_owned(),
        },
    );
    stage.wait(3_000.0);
    check_failed(&stage, 5, "gone");
    assert_eq!(stage.outcomes().len(), 1);
}

#[test]
fn a_message_in_the_widgets_name_is_posted_by_its_frame_and_marked_once() {
    let (mut stage, _) = connected();
    stage.ask(PANEL, inject_up(5));
    let post = Post {
        to: Source::Parent,
        target_origin: "https://host.test".to_owned(),
        message: LOGIN.to_owned(),
    };
    let forwarded = ("chrome-w".to_owned(), ToTap::Post(post));
    assert_eq!(stage.page.forwarded, [forwarded]);
    assert_eq!(stage.page.posted, [], "the host must not post it itself");
    stage.recorder.on_post_answer(PANEL, 5, Outcome::Ok);
    assert_eq!(stage.outcomes(), [], "posted is not received");
    // Another frame of the page sends the same message.
    stage.hear(HOST, child(2, 1), LOGIN);
    stage.wait(300.0);
    assert_eq!(stage.outcomes(), []);
    for _ in 0..2 {
        stage.hear(HOST, child(1, 0), LOGIN);
    }
    stage.wait(300.0);
    assert_eq!(stage.outcomes(), [(5, Outcome::Ok)]);
    let lines = stage.lines(PANEL);
    let own: Vec<&String> = lines
        .iter()
        .filter(|it| it.starts_with("1 widget USER"))
        .collect();
    assert_eq!(
        own,
        [
            "1 widget USER_LOGGED_IN injected",
            "1 widget USER_LOGGED_IN"
        ],
        "{lines:#?}"
    );
}

#[test]
fn a_widget_in_a_host_in_a_frame_posts_to_that() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let host = stage.load("h", 5, &[2]);
    let widget = stage.load("w", 7, &[2, 0]);
    stage.hear(widget, Source::Parent, &message("SYNC", "1_1"));
    stage.hear(host, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(300.0);
    stage.ask(PANEL, inject_up(5));
    assert_eq!(stage.page.forwarded[0].0, "chrome-w");
    stage.recorder.on_post_answer(PANEL, 5, Outcome::Ok);
    stage.hear(host, child(1, 0), LOGIN);
    stage.wait(300.0);
    assert_eq!(stage.outcomes(), [(5, Outcome::Ok)]);
}

#[test]
fn why_a_widget_cannot_post_is_said() {
    // Callscope lacks permission for its frame.
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.hear(HOST, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(3_000.0);
    stage.ask(PANEL, inject_up(5));
    check_failed(&stage, 5, "does not run in the widget's frame");
    assert_eq!(stage.page.forwarded, []);

    // The worker does not forward it.
    let (mut stage, widget) = connected();
    stage.ask(PANEL, inject_up(5));
    stage.wait(3_000.0);
    check_failed(&stage, 5, "service worker");
    // If it arrives after all, it is marked, and nobody is told twice.
    stage.recorder.on_post_answer(PANEL, 5, Outcome::Ok);
    stage.hear(HOST, child(1, 0), LOGIN);
    stage.wait(300.0);
    assert_eq!(stage.outcomes().len(), 1);
    let lines = stage.lines(PANEL);
    assert_eq!(lines.last().unwrap(), "1 widget USER_LOGGED_IN injected");

    // It was posted, but nobody receives it.
    stage.ask(PANEL, inject_up(6));
    stage.recorder.on_post_answer(PANEL, 6, Outcome::Ok);
    stage.wait(3_000.0);
    check_failed(&stage, 6, "HubSpot's page did not receive");

    stage.unload(widget);
    stage.wait(300.0);
    stage.ask(PANEL, inject_up(7));
    check_failed(&stage, 7, "reloaded or removed");
}

/// A parent cannot navigate without its frames, so an opaque origin does no harm.
#[test]
fn a_widget_posts_to_a_sandboxed_host() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let host = stage.load_from("h", "null", 5, &[2]);
    let widget = stage.load("w", 7, &[2, 0]);
    stage.hear_from(widget, Source::Parent, "null", &message("SYNC", "1_1"));
    stage.hear(host, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(300.0);
    stage.ask(PANEL, inject_up(5));
    let [(_, ToTap::Post(post))] = stage.page.forwarded.as_slice() else {
        panic!("{:?}", stage.page.forwarded);
    };
    assert_eq!(post.target_origin, "*");
}

#[test]
fn a_message_that_cannot_be_posted_is_refused_with_a_reason() {
    let (mut stage, widget) = connected();
    stage.ask(PANEL, inject(1, 9));
    check_failed(&stage, 1, "no such conversation");
    let message = "{".to_owned();
    stage.ask(
        PANEL,
        FromPanel::Inject {
            request: 2,
            conversation: 1,
            by_widget: false,
            message,
        },
    );
    check_failed(&stage, 2, "not valid JSON");
    stage.unload(widget);
    stage.wait(300.0);
    stage.ask(PANEL, inject(3, 1));
    check_failed(&stage, 3, "reloaded or removed");
    assert_eq!(stage.page.posted, []);
}

/// A sandboxed widget's origin is opaque, so its window has to be the known one, with a tap in it.
#[test]
fn a_sandboxed_widget_is_posted_to_by_its_window() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load_from("w", "null", 7, &[0]);
    stage.hear(widget, Source::Parent, &message("SYNC", "1_1"));
    stage.wait(300.0);
    // It has not answered: its window is unknown.
    stage.ask(PANEL, inject(1, 1));
    assert_eq!(stage.page.posted, []);
    stage.hear_from(HOST, child(1, 0), "null", &message("SYNC_ACK", "1_1"));
    stage.wait(300.0);
    stage.ask(PANEL, inject(1, 1));
    let [post] = &stage.page.posted[..] else {
        panic!("{:#?}", stage.page.posted);
    };
    assert_eq!((&post.to, post.target_origin.as_str()), (&child(1, 0), "*"));

    // Another page may have been loaded into the frame unnoticed.
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.hear_from(HOST, child(1, 0), "null", &message("SYNC_ACK", "1_1"));
    stage.wait(300.0);
    stage.ask(PANEL, inject(1, 1));
    assert_eq!(stage.page.posted, []);
    assert!(matches!(
        &stage.outcomes()[..],
        [(1, Outcome::Failed { reason })] if reason.contains("sandboxed")
    ));
}
