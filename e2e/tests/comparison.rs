//! What the other tests compare sessions with finds every difference.

use std::collections::BTreeMap;

use callscope_e2e::{Entry, Recorded, difference};

fn logged() -> Vec<Entry> {
    let entry = |at: f64, from: &str, message: &str| Entry {
        at,
        dir: "received".to_owned(),
        origin: "https://x".to_owned(),
        from: from.to_owned(),
        message: serde_json::json!({ "type": message, "messageId": message }),
        note: None,
        sent_at: Some(at - 20.0),
    };
    vec![
        entry(100.0, "parent", "SYNC"),
        entry(200.0, "child", "SYNC_ACK"),
        entry(300.0, "parent", "DIAL_NUMBER"),
    ]
}

fn recorded() -> Vec<Recorded> {
    let of = |(seq, entry): (u64, Entry)| Recorded {
        seq,
        at: entry.at - 1.0,
        conversation: 1,
        from: entry.side().to_owned(),
        origin: entry.origin,
        injected: entry.message["type"] == "DIAL_NUMBER",
        message: entry.message,
        cloned: BTreeMap::new(),
        truncated: None,
    };
    (1..).zip(logged()).map(of).collect()
}

#[track_caller]
fn check(change: impl FnOnce(&mut Vec<Recorded>), expected: &str) {
    let mut recorded = recorded();
    change(&mut recorded);
    let found = difference(&recorded, &logged(), &["DIAL_NUMBER"]).unwrap_or_default();
    assert_eq!(found.is_empty(), expected.is_empty(), "{found}");
    assert!(found.contains(expected), "{found}");
}

#[test]
fn every_difference_is_found() {
    check(|_| {}, "");
    check(|it| drop(it.remove(2)), "but the page got");
    check(|it| it.push(it[2].clone()), "but the page got");
    check(|it| it[1].message["x"] = 1.into(), "but the page got");
    check(|it| it[1].origin.clear(), "but the page got");
    check(|it| it[2].injected = false, "but the page got");
    check(|it| it[0].injected = true, "but the page got");
    check(|it| it[0].at -= 100.0, "at another time");
    check(|it| it[0].at += 100.0, "at another time");
    check(|it| it.swap(0, 1), "backwards");
}
