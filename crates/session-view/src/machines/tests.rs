use callscope_protocol::{CallState, Version, VersionRange};

use super::graph::By;
use super::*;

/// A condition with a machine in one of its states.
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
            // The first thing known about the user comes with INITIALIZED.
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

#[test]
fn many_transitions_are_counted_as_elsewhere() {
    let taken = |count| Taken {
        from: "started",
        to: "ended",
        count,
        cause: None,
        remark: None,
        is_now: false,
    };
    assert_eq!(taken(1).words(), "started → ended by");
    assert_eq!(taken(1433).words(), "started → ended ×1,433, the last by");
}
