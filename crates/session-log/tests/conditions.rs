//! Which messages are legal where they are, checked against recorded sessions.

#![expect(clippy::unwrap_used, reason = "all of it is test code")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use callscope_protocol::{Condition, Fact, Message, legal_next};
use callscope_session_log::{Log, Session};
use expect_test::expect;

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(fixtures.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn session(path: &Path) -> Session {
    Session::from(Log::read(std::fs::read(path).unwrap().as_slice()).unwrap())
}

/// The messages of a session that are not legal where they are.
fn out_of_place(path: &Path) -> String {
    let session = session(path);
    let mut text = String::new();
    for (position, placed) in session.facts().iter().enumerate() {
        let Fact::Message(recorded) = &placed.fact else {
            continue;
        };
        let condition = session.condition_before(recorded.conversation, position);
        let Some(ty) = Message::decode(&recorded.message).known() else {
            continue;
        };
        let legal = legal_next(&condition);
        if !legal
            .iter()
            .any(|it| it.ty == ty && it.from == recorded.from)
        {
            let Condition {
                link,
                login,
                availability,
                call,
                ..
            } = condition;
            let phase = call.map_or("no call", |call| call.phase.words());
            let name = path.file_name().unwrap().to_string_lossy();
            let name = name.split('.').next().unwrap();
            let from = recorded.from.name();
            writeln!(
                text,
                "{name}: {from} {} while {link:?} {login:?} {availability:?}, {phase}",
                ty.name()
            )
            .unwrap();
        }
    }
    text
}

#[test]
fn every_message_of_a_good_session_has_its_place() {
    let text: String = fixtures("well-behaved")
        .iter()
        .map(|path| out_of_place(path))
        .collect();
    assert!(text.is_empty(), "{text}");
}

#[test]
fn mistakes_of_order_are_out_of_place() {
    let text: String = fixtures("mistakes")
        .iter()
        .map(|path| out_of_place(path))
        .collect();
    expect![[r#"
        C01-announced-twice: widget OUTGOING_CALL_STARTED while Initialized LoggedIn Available, started
        C02-answered-twice: widget CALL_ANSWERED while Initialized LoggedIn Available, answered
        H03-second-host: widget USER_UNAVAILABLE while Syncing LoggedIn Available, no call
        M11-answered-without-call: widget CALL_ANSWERED while Initialized LoggedIn Available, no call
        M12-ended-twice: widget CALL_ENDED while Initialized LoggedIn Available, ended
        M12-ended-without-call: widget CALL_ENDED while Initialized LoggedIn Available, no call
        M14-completed-before-ended: widget CALL_COMPLETED while Initialized LoggedIn Available, answered
        M14-completed-before-ended: widget CALL_ENDED while Initialized LoggedIn Available, completed
        M21-finalized-during-the-call: widget FINALIZE_ENGAGEMENT while Initialized LoggedIn Available, answered
        M25-ended-after-transfer: widget CALL_ENDED while Initialized LoggedIn Available, transferred
        M28-associations: host UPDATE_ASSOCIATIONS_FAILED while Initialized LoggedIn Available, no call
        M32-call-waiting: widget CALL_COMPLETED while Initialized LoggedIn Available, answered
        M32-second-call: widget OUTGOING_CALL_STARTED while Initialized LoggedIn Available, started
        Q04-ended-twice: widget CALL_ENDED while Initialized LoggedIn Available, ended
        Q08-data: widget DATA while Initialized LoggedIn Available, ended
        Q10-second-call: widget INCOMING_CALL while Initialized LoggedIn Available, started
        S01-no-initialized: widget LOGGED_IN while Ready Unknown Unknown, no call
        S06-logged-in-again: widget LOGGED_IN while Initialized LoggedIn Available, no call
        S07-dial-while-logged-out: host DIAL_NUMBER while Initialized LoggedOut Unavailable, no call
        S08-call-while-logged-out: widget OUTGOING_CALL_STARTED while Initialized LoggedOut Available, no call
        S09-available-while-logged-out: widget USER_AVAILABLE while Initialized LoggedOut Unavailable, no call
        S10-call-while-unavailable: widget INCOMING_CALL while Initialized LoggedIn Unavailable, no call
        S11-availability-from-an-old-sdk: widget USER_AVAILABLE while Initialized LoggedIn Available, no call
        S13-initialized-with-an-old-state: widget INITIALIZED while Initialized LoggedIn Available, no call
        T01-message-before-the-answer: widget USER_AVAILABLE while Syncing Unknown Unknown, no call
        T02-answer-with-an-id-of-its-own: widget INITIALIZED while Syncing Unknown Unknown, no call
        T09-two-instances: widget SYNC_ACK while Initialized LoggedIn Available, no call
        T09-two-instances: widget INITIALIZED while Initialized LoggedIn Available, no call
        T09-two-objects-in-a-row: widget SYNC_ACK while Initialized LoggedIn Available, no call
        T09-two-objects-in-a-row: widget INITIALIZED while Initialized LoggedIn Available, no call
        T11-answer-twice: widget SYNC_ACK while Initialized LoggedIn Available, no call
        T12-sync-without-reload: widget USER_UNAVAILABLE while Syncing LoggedIn Available, no call
        T14-sync-without-id: widget INITIALIZED while Syncing Unknown Unknown, no call
        T17-ready: host READY while Initialized LoggedIn Available, no call
        T17-ready: widget INITIALIZED while Initialized LoggedIn Available, no call
        T18-unloading: widget UNLOADING while Initialized LoggedIn Available, no call
        T21-old-widget: host INITIATE_CALL_ID_SUCCEEDED while Initialized LoggedIn Available, started
        T23-type-of-the-host: widget CREATE_ENGAGEMENT_SUCCEEDED while Initialized LoggedIn Available, no call
        T25-widget-url-from-the-host: host SET_WIDGET_URL while Initialized LoggedIn Available, no call
        T25-widget-url-from-the-host: widget INITIALIZED while Initialized LoggedIn Available, no call
    "#]].assert_eq(&text);
}

/// However the facts arrived, the states are those of the facts in order.
#[test]
fn states_are_kept_in_step() {
    for path in fixtures("mistakes") {
        let whole = session(&path);
        let mut late = Session::new();
        let items: Vec<_> = whole
            .facts()
            .iter()
            .map(|placed| (placed.id, placed.fact.clone()))
            .collect();
        let (odd, even): (Vec<_>, Vec<_>) = items.into_iter().partition(|(id, _)| id % 2 == 1);
        late.insert_all(even);
        late.insert_all(odd.clone());
        let ids: Vec<u64> = odd.iter().map(|(id, _)| *id).collect();
        late.remove(&ids);
        late.insert_all(odd);
        let mut straight = Session::new();
        let all = late.facts().iter();
        straight.insert_all(all.map(|placed| (placed.id, placed.fact.clone())));
        for conversation in straight.conversations() {
            let id = conversation.id;
            assert!(
                late.conditions(id).eq(straight.conditions(id)),
                "{}",
                path.display()
            );
            let last = straight.conditions(id).last().map(|(_, last)| last);
            let has_failed = matches!(conversation.link, callscope_protocol::Link::Failed { .. });
            // That HubSpot gives up follows from time alone, not from a fact.
            assert!(has_failed || last == Some(Condition::from(conversation)));
        }
    }
}
