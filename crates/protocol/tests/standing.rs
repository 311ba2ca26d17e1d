//! Which conversations are marked as a stranger's, and when nothing may be concluded.

#![expect(clippy::unwrap_used, reason = "a failing helper fails its test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use callscope_protocol::{
    Checker, Closed, ConversationId, ConversationStart, Fact, FrameStanding, Gap, GapReason,
    Millis, RecordedMessage, Side,
};
use expect_test::{Expect, expect};

/// `TIME CONVERSATION WHAT`, the time in milliseconds and 0 for no conversation. `start` takes the
/// names of the host's and the widget's site, and the conversation that it continues; `host` and
/// `widget` take a message's type; `gap` takes its reason; `closed` and `advance` take nothing.
fn play(checker: &mut Checker, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let word = |index: usize| words.get(index).copied().unwrap_or_default();
    let at = Millis(word(0).parse().unwrap());
    let conversation = ConversationId(word(1).parse().unwrap());
    let origin = |site: &str| format!("https://{site}.example");
    let message = |from: Side, injected| {
        Fact::Message(RecordedMessage {
            seq: 0,
            at,
            conversation,
            from,
            origin: "".into(),
            injected,
            message: format!(r#"{{"type":"{}","messageId":"1_{}"}}"#, word(3), at.0).into(),
            cloned: BTreeMap::new(),
            truncated: None,
        })
    };
    let fact = match word(2) {
        "start" => Fact::Conversation(ConversationStart {
            id: conversation,
            at,
            continues: word(5).parse().ok().map(ConversationId),
            host_origin: Some(origin(word(3))),
            widget_origin: Some(origin(word(4))),
            in_calling_window: false,
        }),
        "host" => message(Side::Host, false),
        "widget" => message(Side::Widget, false),
        "injected" => message(Side::Host, true),
        "closed" => Fact::Closed(Closed {
            conversation,
            at,
            side: Side::Widget,
        }),
        "gap" => Fact::Gap(Gap {
            at,
            conversation: (conversation.0 > 0).then_some(conversation),
            lost: None,
            why: match word(3) {
                "full" => GapReason::BufferFull,
                "evicted" => GapReason::Evicted,
                "cleared" => GapReason::Cleared,
                "paused" => GapReason::Paused,
                "late" => GapReason::LateStart,
                "no-host" => GapReason::HalfMissing(Side::Host),
                "no-widget" => GapReason::HalfMissing(Side::Widget),
                other => GapReason::Other(other.to_owned()),
            },
        }),
        "advance" => return checker.advance(at),
        "end" => Fact::End(at),
        other => panic!("{other}"),
    };
    checker.observe(&fact);
}

/// Plays the lines, and writes under each which standings it has changed.
#[track_caller]
fn check(expected: &Expect) {
    let mut checker = Checker::new();
    let mut text = String::new();
    let mut known = BTreeMap::new();
    let lines = expected.data().lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('=')) {
        play(&mut checker, line);
        writeln!(text, "{line}").unwrap();
        for conversation in checker.conversations() {
            let (id, now) = (conversation.id.0, conversation.standing);
            assert_eq!(conversation.is_strangers(), now == FrameStanding::Stranger);
            if known.insert(id, now).unwrap_or_default() != now {
                writeln!(text, "    = {id} {now:?}").unwrap();
            }
        }
    }
    expected.assert_eq(&text);
}

#[test]
fn a_frame_that_speaks_while_hubspot_syncs_with_another_is_a_stranger() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 2 start hubspot adverts
        20 1 host SYNC
            = 1 Synced
        30 1 widget SYNC_ACK
        40 2 widget INITIALIZED
        5039 2 widget OUTGOING_CALL_STARTED
        5041 2 widget CALL_ENDED
            = 2 Stranger
        9000 1 widget LOGGED_IN
    "#]]);
}

/// The stranger may come before the widget, and answer a SYNC that it has not seen.
#[test]
fn the_order_makes_no_difference() {
    check(&expect![[r#"
        0 2 start hubspot adverts
        1 2 widget SYNC_ACK
        100 2 widget INITIALIZED
        6000 2 widget LOGGED_IN
        7000 1 start hubspot dialer
        7010 1 host SYNC
            = 1 Synced
            = 2 Stranger
        7020 1 widget SYNC_ACK
    "#]]);
}

#[test]
fn time_alone_tells() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 2 start hubspot adverts
        30 2 widget INITIALIZED
        5029 0 advance
        5030 0 advance
            = 2 Stranger
    "#]]);
}

/// A page that is still loading may send messages before HubSpot's `SYNC`.
#[test]
fn a_widget_that_speaks_early_is_none() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 2 start hubspot second
        30 2 widget LOGGED_IN
        4900 2 host SYNC
            = 2 Synced
        9000 2 widget INITIALIZED
    "#]]);
}

/// A slow widget is cleared when `SYNC` comes after all.
#[test]
fn a_late_sync_counts() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 2 start hubspot second
        30 2 widget LOGGED_IN
        6000 2 widget LOGGED_OUT
            = 2 Stranger
        9000 2 host SYNC
            = 2 Synced
    "#]]);
}

/// A SYNC that the user posts is not a sign of HubSpot.
#[test]
fn an_injected_sync_does_not_count() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 2 start hubspot adverts
        30 2 widget LOGGED_IN
        40 2 injected SYNC
        6000 2 widget LOGGED_OUT
            = 2 Stranger
    "#]]);
}

/// This is a host that does not work, not a strange frame; the handshake rules report it.
#[test]
fn nothing_is_said_where_no_frame_is_synced_with() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 widget LOGGED_IN
        60000 1 widget LOGGED_OUT
        70000 0 end
    "#]]);
}

#[test]
fn nothing_is_said_where_a_sync_may_be_missing() {
    for why in ["full", "paused", "late", "no-host", "broken"] {
        for conversation in [2, 0] {
            let trace = format!(
                "0 1 start hubspot dialer
                10 1 host SYNC
                20 2 start hubspot adverts
                30 2 widget LOGGED_IN
                40 {conversation} gap {why}
                9000 2 widget LOGGED_OUT"
            );
            let mut checker = Checker::new();
            trace.lines().for_each(|line| play(&mut checker, line));
            let of = |id| checker.conversation(ConversationId(id)).unwrap().standing;
            assert_eq!(
                (of(1), of(2)),
                (FrameStanding::Synced, FrameStanding::Unknown),
                "{why}"
            );
        }
    }
}

#[test]
fn a_doubt_takes_the_mark_away() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 2 start hubspot adverts
        30 2 widget LOGGED_IN
        6000 2 widget LOGGED_OUT
            = 2 Stranger
        7000 0 gap full
            = 2 Unknown
        8000 2 widget LOGGED_IN
    "#]]);
}

/// The recorder keeps the first `SYNC` of every conversation whose start it keeps, so a stranger
/// cannot hide its lack of one by filling the history.
#[test]
fn a_full_history_hides_no_sync() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 2 start hubspot adverts
        30 2 gap evicted
        40 2 gap cleared
        50 2 gap no-widget
        60 2 widget LOGGED_IN
        6000 2 widget LOGGED_OUT
            = 2 Stranger
    "#]]);
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        30 2 gap evicted
        60 2 widget LOGGED_IN
        6000 2 widget LOGGED_OUT
        6100 2 start hubspot adverts
    "#]]);
}

/// A log that was cut at the front does not say where its conversations begin.
#[test]
fn nothing_is_said_of_a_conversation_without_its_beginning() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 0 gap evicted
        30 2 widget LOGGED_IN
        40 2 start hubspot adverts
        6000 2 widget LOGGED_OUT
        7000 3 start hubspot adverts
        7010 3 widget LOGGED_OUT
        13000 0 advance
            = 3 Stranger
    "#]]);
}

/// A frame inside the widget that talks to the widget as if that were HubSpot.
#[test]
fn a_frame_inside_the_widget_is_a_stranger() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 2 start dialer inner
        30 2 widget INITIALIZED
        6000 2 widget LOGGED_IN
            = 2 Stranger
    "#]]);
}

#[test]
fn another_page_has_its_own_frames() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 2 start elsewhere dialer
        30 2 widget INITIALIZED
        6000 2 widget LOGGED_IN
    "#]]);
}

/// A preserved log: the frames of an unloaded page say nothing about those of the next one.
#[test]
fn a_page_that_has_gone_does_not_count() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 1 closed
        30 2 start hubspot dialer
        40 2 widget LOGGED_IN
        9000 2 widget LOGGED_OUT
    "#]]);
}

/// The widget's log-in page, then the widget itself, in one frame.
#[test]
fn pages_in_one_frame_stand_together() {
    check(&expect![[r#"
        0 1 start hubspot dialer
        10 1 host SYNC
            = 1 Synced
        20 2 start hubspot sso
        30 2 widget LOGGED_IN
        6000 2 closed
            = 2 Stranger
        6010 3 start hubspot second 2
        6020 3 host SYNC
            = 2 Synced
            = 3 Synced
        6030 4 start hubspot sso 3
            = 4 Synced
        6040 4 widget LOGGED_OUT
        20000 4 widget LOGGED_IN
    "#]]);
}
