use std::fs;
use std::path::Path;

use callscope_protocol::{CallState, Version, VersionRange};
use callscope_session_log::Log;
use expect_test::expect;

use super::graph::By;
use super::*;

/// A condition of each machine in each of its states.
fn in_state(machine: &str, state: usize) -> Condition {
    let links = [
        LinkState::Silent,
        LinkState::Joined,
        LinkState::Syncing,
        LinkState::Ready,
        LinkState::Initialized,
        LinkState::Failed,
        LinkState::Closed,
    ];
    let logins = [Login::Unknown, Login::LoggedOut, Login::LoggedIn];
    let available = [
        Availability::Unknown,
        Availability::Unavailable,
        Availability::Available,
    ];
    let phases = [
        CallPhase::DialRequested,
        CallPhase::Started,
        CallPhase::Ringing,
        CallPhase::Resumed,
        CallPhase::Answered,
        CallPhase::Ended,
        CallPhase::Finalizing,
        CallPhase::Completed,
        CallPhase::Transferred,
    ];
    let open = Condition {
        link: LinkState::Initialized,
        login: Login::LoggedIn,
        availability: Availability::Available,
        speaks: VersionRange {
            oldest: Version::new(0, 0, 1),
            newest: Version::new(0, 9, 7),
        },
        ..Condition::default()
    };
    match machine {
        "Link" => Condition {
            link: links[state],
            ..open
        },
        "Log-in" => Condition {
            login: logins[state],
            // What is first told of the user is told with INITIALIZED.
            link: if state == 0 {
                LinkState::Ready
            } else {
                LinkState::Initialized
            },
            ..open
        },
        "Availability" => Condition {
            availability: available[state],
            link: if state == 0 {
                LinkState::Ready
            } else {
                LinkState::Initialized
            },
            ..open
        },
        _ => Condition {
            call: state.checked_sub(1).map(|phase| CallState {
                serial: 1,
                phase: phases[phase],
                direction: None,
            }),
            ..open
        },
    }
}

#[test]
fn the_messages_on_the_arrows_have_a_place_where_they_begin() {
    for spec in &SPECS {
        for state in 0..spec.states.len() {
            assert_eq!((spec.state)(&in_state(spec.name, state)), state);
        }
        for usual in spec.usual {
            let By::Message(ty) = usual.by else { continue };
            let condition = in_state(spec.name, usual.from);
            let may = |side| condition.allows(side, ty).is_some();
            assert!(
                may(Side::Host) || may(Side::Widget),
                "{}: {} in {}",
                spec.name,
                ty.name(),
                spec.states[usual.from].name
            );
        }
    }
}

#[test]
fn no_two_states_stand_in_one_place() {
    for spec in &SPECS {
        for (index, station) in spec.states.iter().enumerate() {
            let others = &spec.states[index + 1..];
            assert!(
                others.iter().all(|it| it.spot != station.spot),
                "{}: {}",
                spec.name,
                station.name
            );
        }
    }
}

/// The drawing shows the protocol: what real SDKs did is on it before they do it.
#[test]
fn what_well_behaved_sessions_do_is_usual() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/well-behaved");
    let (mut seen, mut unusual) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let view = SessionView::from(Log::read(&fs::read(&path).unwrap()).unwrap());
        for conversation in view.session().conversations() {
            let machines = Machines::new(&view, conversation.id, None).unwrap();
            for (machine, spec) in machines.machines.iter().zip(&SPECS) {
                for arrow in &machine.arrows {
                    let by_message = |place: usize| machine.taken[place].cause.is_some();
                    if !arrow.taken.is_some_and(by_message) {
                        continue;
                    }
                    let usual = |it: &&Usual| (it.from, it.to) == (arrow.from, arrow.to);
                    let place = spec.usual.iter().position(|it| usual(&it));
                    let name = |state: usize| spec.states[state].name;
                    let (from, to) = (name(arrow.from), name(arrow.to));
                    if place.is_none() {
                        unusual.push(format!("{}: {from} → {to} by {}", spec.name, arrow.label));
                    }
                    seen.push((spec.name, arrow.from, arrow.to));
                }
            }
        }
    }
    unusual.sort_unstable();
    unusual.dedup();
    expect![""].assert_eq(&unusual.join("\n"));
    seen.sort_unstable();
    seen.dedup();
    assert!(seen.len() > 15, "{seen:?}");
}
