//! Whatever happens to batches on their way, each message is recorded once and in order, or counted
//! as lost.

use callscope_bus::{Ack, Source, TapMessage};
use proptest::prelude::*;

use super::stage::{HOST, PANEL, Stage, child};

/// What happens next on the stage.
#[derive(Clone, Debug)]
enum Move {
    /// The host or the widget receives a message.
    Hear {
        host: bool,
    },
    /// A tap puts a batch into the channel.
    Send {
        host: bool,
    },
    /// Something in the channel arrives, possibly twice.
    Arrive {
        which: usize,
        again: bool,
    },
    /// Something in the channel is lost.
    Lose {
        which: usize,
    },
    /// An answer in the channel arrives.
    Answer {
        which: usize,
    },
    Wait {
        millis: u32,
    },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => any::<bool>().prop_map(|host| Move::Hear { host }),
        4 => any::<bool>().prop_map(|host| Move::Send { host }),
        4 => (any::<usize>(), any::<bool>()).prop_map(|(which, again)| Move::Arrive { which, again }),
        1 => any::<usize>().prop_map(|which| Move::Lose { which }),
        3 => any::<usize>().prop_map(|which| Move::Answer { which }),
        3 => (0_u32..200).prop_map(|millis| Move::Wait { millis }),
    ];
    prop::collection::vec(one, 1..150)
}

/// The numbers of the recorded messages of a side, in the panel's order.
fn numbers(stage: &Stage, side: &str) -> Vec<u32> {
    stage
        .lines(PANEL)
        .iter()
        .filter_map(|line| line.strip_prefix(&format!("1 {side} TEST"))?.parse().ok())
        .collect()
}

fn test_message(number: u32) -> String {
    format!(r#"{{"type":"TEST{number}","messageId":"a"}}"#)
}

fn run(moves: Vec<Move>, room: usize) -> (Stage, u32, u32) {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 7, &[0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    stage.limit_rooms(room);
    let mut heard = [0, 0];
    let mut channel: Vec<(usize, TapMessage)> = Vec::new();
    let mut answers: Vec<(usize, Ack)> = Vec::new();
    let side = |host| if host { HOST } else { widget };
    for next in moves {
        match next {
            Move::Hear { host } => {
                let tap = side(host);
                let source = if host { child(1, 0) } else { Source::Parent };
                stage.hear(tap, source, &test_message(heard[tap]));
                heard[tap] += 1;
            }
            Move::Send { host } => {
                let tap = side(host);
                if let Some(message) = stage.take(tap) {
                    channel.push((tap, message));
                }
            }
            Move::Arrive { which, again } if !channel.is_empty() => {
                let place = which % channel.len();
                let (tap, message) = if again {
                    channel[place].clone()
                } else {
                    channel.remove(place)
                };
                let ack = stage.deliver(tap, message);
                answers.push((tap, ack));
            }
            Move::Lose { which } if !channel.is_empty() => {
                let (tap, _) = channel.remove(which % channel.len());
                stage.fail(tap);
            }
            Move::Answer { which } if !answers.is_empty() => {
                let (tap, ack) = answers.remove(which % answers.len());
                stage.answer(tap, &ack);
            }
            Move::Wait { millis } => {
                stage.now += f64::from(millis);
                stage.recorder.tick(stage.now, &mut stage.page);
            }
            Move::Arrive { .. } | Move::Lose { .. } | Move::Answer { .. } => {}
        }
    }
    // In the end, the channel works.
    stage.wait(30_000.0);
    (stage, heard[HOST], heard[widget])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_message_is_recorded_once_and_in_order(moves in moves()) {
        let (stage, from_widget, from_host) = run(moves, usize::MAX);
        prop_assert_eq!(numbers(&stage, "widget"), (0..from_widget).collect::<Vec<_>>());
        prop_assert_eq!(numbers(&stage, "host"), (0..from_host).collect::<Vec<_>>());
    }

    #[test]
    fn what_has_no_room_is_counted(moves in moves()) {
        let (stage, from_widget, from_host) = run(moves, 3);
        let recorded = [numbers(&stage, "widget"), numbers(&stage, "host")];
        for numbers in &recorded {
            prop_assert!(numbers.is_sorted());
        }
        let lost: u32 = stage
            .lines(PANEL)
            .iter()
            .filter_map(|line| line.strip_prefix("1 gap buffer full ")?.parse::<u32>().ok())
            .sum();
        let recorded: usize = recorded.iter().map(Vec::len).sum();
        prop_assert_eq!(u32::try_from(recorded).unwrap() + lost, from_widget + from_host);
    }
}

#[test]
fn two_streams_come_in_the_order_of_their_clocks() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 7, &[0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    for number in 0..20 {
        stage.now += 1.0;
        if number % 2 == 0 {
            stage.hear(HOST, child(1, 0), &test_message(number));
        } else {
            stage.hear(widget, Source::Parent, &test_message(number));
        }
    }
    stage.wait(300.0);
    let order: Vec<String> = stage.lines(PANEL).split_off(4);
    let expected: Vec<String> = (0..20)
        .map(|number| {
            let side = if number % 2 == 0 { "widget" } else { "host" };
            format!("1 {side} TEST{number}")
        })
        .collect();
    assert_eq!(order, expected);
}
