//! Since when a handshake has been waiting, whichever host asks.

#![expect(clippy::unwrap_used, reason = "a failing helper fails its test")]

use std::collections::BTreeMap;

use callscope_protocol::{
    Checker, Closed, ConversationId, Fact, Link, Millis, RecordedMessage, Side,
};

const ID: ConversationId = ConversationId(1);

fn sync(checker: &mut Checker, at: f64, instance: &str) {
    checker.observe(&Fact::Message(RecordedMessage {
        seq: 0,
        at: Millis(at),
        conversation: ID,
        from: Side::Host,
        origin: "https://app.hubspot.com".into(),
        injected: false,
        message: format!(r#"{{"type":"SYNC","messageId":"{instance}_{at}"}}"#).into(),
        cloned: BTreeMap::new(),
        truncated: None,
    }));
}

/// Since when it waits, and how many `SYNC`s were sent.
fn waiting(checker: &Checker) -> Option<(f64, u32)> {
    match checker.conversation(ID).unwrap().link {
        Link::Syncing { since, sync_count } => Some((since.0, sync_count)),
        _ => None,
    }
}

#[test]
fn another_host_instance_does_not_start_the_clock_anew() {
    let mut checker = Checker::new();
    sync(&mut checker, 1_000.0, "1");
    sync(&mut checker, 1_100.0, "1");
    sync(&mut checker, 9_000.0, "2");
    assert_eq!(waiting(&checker), Some((1_000.0, 3)));
    sync(&mut checker, 12_000.0, "3");
    sync(&mut checker, 12_100.0, "3");
    assert_eq!(waiting(&checker), Some((1_000.0, 5)));
    // It gives up 30 s after its own first SYNC.
    checker.advance(Millis(41_999.0));
    assert_eq!(waiting(&checker), Some((1_000.0, 5)));
    checker.advance(Millis(42_000.0));
    let failed = Link::Failed {
        since: Millis(12_000.0),
        sync_count: 2,
    };
    assert_eq!(checker.conversation(ID).unwrap().link, failed);
}

#[test]
fn another_page_of_the_widget_does() {
    let mut checker = Checker::new();
    sync(&mut checker, 1_000.0, "1");
    checker.observe(&Fact::Closed(Closed {
        conversation: ID,
        at: Millis(2_000.0),
        side: Side::Widget,
    }));
    sync(&mut checker, 3_000.0, "2");
    assert_eq!(waiting(&checker), Some((3_000.0, 1)));
}
