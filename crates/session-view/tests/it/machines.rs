//! Checks the drawings of the state machines against the recorded sessions.

use std::collections::BTreeSet;

use callscope_session_view::machines::{Machine, Machines};

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
