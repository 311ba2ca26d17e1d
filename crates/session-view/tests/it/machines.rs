//! Checks the drawings of the state machines against the recorded sessions.

use std::collections::BTreeSet;

use callscope_session_log::Placed;
use callscope_session_view::SessionView;
use callscope_session_view::machines::{Machine, Machines};
use expect_test::expect;

use crate::trace::{recorded_in, view};

/// The ends of a machine's arrows, with its name.
fn ends(machine: &Machine, is_meant: impl Fn(usize) -> bool) -> BTreeSet<(String, usize, usize)> {
    let arrows = machine.arrows.iter().enumerate();
    arrows
        .filter(|(index, _)| is_meant(*index))
        .map(|(_, arrow)| (machine.name.to_string(), arrow.from, arrow.to))
        .collect()
}

/// The drawings show the protocol: every transition of a real SDK is in them from the start.
#[test]
fn what_well_behaved_sessions_do_is_drawn_before_they_do_it() {
    let sync = view("host SYNC");
    let first = sync.session().conversations().next().unwrap();
    let machines = Machines::new(&sync, first.id, None).unwrap().machines;
    let drawn: BTreeSet<_> = machines.iter().flat_map(|it| ends(it, |_| true)).collect();

    let mut taken = BTreeSet::new();
    for (name, session) in recorded_in("well-behaved") {
        for conversation in session.session().conversations() {
            let machines = Machines::new(&session, conversation.id, None).unwrap();
            for machine in &machines.machines {
                let by_message = |arrow: usize| {
                    let place = machine.arrows[arrow].taken;
                    place.is_some_and(|place| machine.taken[place].cause.is_some())
                };
                let took = ends(machine, by_message);
                let new: Vec<_> = took.difference(&drawn).collect();
                assert!(new.is_empty(), "{name}: {new:?}");
                taken.extend(took);
            }
        }
    }
    assert!(taken.len() > 15, "{taken:?}");
}

fn machines_at(view: &SessionView, seq: u64) -> Machines {
    let session = view.session();
    let is_it = |placed: &Placed| placed.message().is_some_and(|it| it.seq == seq);
    let position = session.facts().iter().position(is_it).unwrap();
    let id = session.message(seq).unwrap().conversation;
    Machines::new(view, id, Some(position)).unwrap()
}

/// What the Call machine says about the message with this number, and every transition so far.
fn call_at(view: &SessionView, seq: u64) -> (String, Vec<String>) {
    let call = machines_at(view, seq).machines.into_iter().last().unwrap();
    let taken = call.taken.iter().map(|it| {
        let cause = it.cause.as_ref().map(|(_, name)| name.as_str());
        format!("{} {}", it.words(), cause.unwrap_or_default())
    });
    (call.change(), taken.collect())
}

/// With call waiting, the message's own call is shown, and going back to the other one is no
/// transition.
#[test]
fn a_second_call_that_ends_does_not_lead_into_the_first() {
    let id = |ty: &str, id: &str| {
        format!(
            r#"widget {{"type":"{ty}","messageId":"18_{ty}{id}","data":{{"externalCallId":"{id}"}}}}"#
        )
    };
    let trace = [
        "host SYNC".to_owned(),
        r#"widget {"type":"SYNC_ACK","messageId":"4_0","version":"0.9.7"}"#.to_owned(),
        r#"widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true,"isAvailable":true}}"#.to_owned(),
        id("OUTGOING_CALL_STARTED", "a"),
        id("CALL_ANSWERED", "a"),
        id("INCOMING_CALL", "b"),
        id("CALL_ENDED", "b"),
        id("CALL_COMPLETED", "b"),
        id("CALL_ENDED", "a"),
        id("CALL_COMPLETED", "a"),
    ];
    let session = view(&trace.join("\n"));
    let changes: Vec<String> = (4..=10).map(|seq| call_at(&session, seq).0).collect();
    assert_eq!(
        changes,
        [
            "no call → started",
            "started → answered",
            "no call → ringing",
            "ringing → ended",
            "ended → completed",
            "answered → ended",
            "ended → completed",
        ]
    );
    for seq in 1..=10 {
        let machines = machines_at(&session, seq);
        assert_eq!(machines.is_legal, Some(true), "{seq}");
        let came = machines.legal.iter().flat_map(|(_, legal)| legal);
        assert_eq!(came.filter(|it| it.is_it).count(), 1, "{seq}");
    }
    expect![[r#"
        no call → started by 4 OUTGOING_CALL_STARTED
        started → answered by 5 CALL_ANSWERED
        no call → ringing by 6 INCOMING_CALL
        ringing → ended by 7 CALL_ENDED
        ended → completed ×2, the last by 10 CALL_COMPLETED
        answered → ended by 9 CALL_ENDED"#]]
    .assert_eq(&call_at(&session, 10).1.join("\n"));
}
