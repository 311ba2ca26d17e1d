//! The simulator's settings, which are looked at before anything is started.

use expect_test::expect;

use crate::{check_run, run};

#[test]
fn everything_that_can_go_wrong_is_listed() {
    let listed = run(&["simulate", "--list"]);
    for words in [
        "dialed-twice",
        "create-engagement ",
        "delay, fail, drop, duplicate, wrong-origin",
        "caller-id-match.matches:none|one|several",
        "sync.storm:COUNT",
    ] {
        assert!(listed.contains(words), "{words}: {listed}");
    }
}

#[test]
fn a_setting_that_is_wrong_or_matches_nothing_is_an_error() {
    let widget = ["simulate", "--widget", "https://localhost:9/"];
    for (more, expected) in [
        (["--switch", "create-engagment.fail"], expect![[""]]),
        (["--switch", "create-engagement.delay:soon"], expect![[""]]),
        (["--preset", "dialled-twice"], expect![[""]]),
        (["--profile", "0.3"], expect![[""]]),
        (["--place", "sidebar"], expect![[""]]),
        (["--record", "deal/1"], expect![[""]]),
    ] {
        check_run(&[&widget[..], &more[..]].concat(), &expected);
    }
    let seed = ["--profile", "seed", "--switch", "caller-id-match.fail"];
    check_run(&[&widget[..], &seed[..]].concat(), &expect![[""]]);
}
