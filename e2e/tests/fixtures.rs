//! The recorded sessions are still what these pages do.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::path::Path;
use std::sync::Arc;

use callscope_e2e::{Recorder, Stage, demo, recorded};
use callscope_fixtures::{Scenario, scenarios};

/// The types of a side's messages in order, without the SYNCs, whose number varies.
fn flow(log: &str, side: &str) -> Vec<String> {
    let frames = recorded(log).unwrap().into_iter();
    frames
        .filter(|frame| frame.from == side && frame.kind() != "SYNC")
        .map(|frame| frame.kind().to_owned())
        .collect()
}

fn kept(scenario: &Scenario) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    std::fs::read_to_string(folder.join(scenario.path())).unwrap()
}

#[test]
fn a_session_recorded_anew_is_the_one_that_is_kept() {
    let demo = demo().unwrap();
    let browser = Arc::new(Stage::browser(&demo).unwrap());
    let mut recorder = Recorder::start(demo, browser).unwrap();
    let all = scenarios();
    for name in ["widget-0.9.7", "M17-another-engagement"] {
        let scenario = all.iter().find(|it| it.name == name).unwrap();
        let (anew, kept) = (recorder.record(scenario).unwrap(), kept(scenario));
        for side in ["host", "widget"] {
            assert_eq!(flow(&anew, side), flow(&kept, side), "{name}, {side}");
        }
    }
}
