//! The simulator's settings are checked before anything is started.

use expect_test::expect;

use crate::{check_run, run};

#[test]
fn everything_that_can_go_wrong_is_listed() {
    let listed = run(&["simulate", "--list"]).stdout;
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
        (
            ["--switch", "create-engagment.fail"],
            expect![[r#"
            --- standard error
            error: there is no switch "create-engagment.fail"; did you mean create-engagement.fail?
            --- exit 2
        "#]],
        ),
        (
            ["--switch", "create-engagement.delay:soon"],
            expect![[r#"
            --- standard error
            error: switch create-engagement.delay takes milliseconds from 0 to 3600000, not "soon"
            --- exit 2
        "#]],
        ),
        (
            ["--preset", "dialled-twice"],
            expect![[r#"
            --- standard error
            error: there is no preset "dialled-twice"; did you mean dialed-twice?
            --- exit 2
        "#]],
        ),
        (
            ["--profile", "0.3"],
            expect![[r#"
            --- standard error
            error: there is no profile "0.3"; there is seed, 0.2, 0.5, 0.9
            --- exit 2
        "#]],
        ),
        (
            ["--place", "sidebar"],
            expect![[r#"
            --- standard error
            error: there is no place "sidebar"; there is widget, remote, window, both
            --- exit 2
        "#]],
        ),
        (
            ["--record", "deal/1"],
            expect![[r#"
                --- standard error
                error: there is no record "deal/1"; there is contact/301, contact/302, contact/303, company/902, company/903, ticket/5501
                --- exit 2
            "#]],
        ),
    ] {
        check_run(&[&widget[..], &more[..]].concat(), &expected);
    }
    let seed = ["--profile", "seed", "--switch", "caller-id-match.fail"];
    check_run(
        &[&widget[..], &seed[..]].concat(),
        &expect![[r#"
        --- standard error
        error: switch caller-id-match.fail would match nothing: HubSpot of profile seed does not send CALLER_ID_MATCH_SUCCEEDED; choose another profile or leave it out
        --- exit 2
    "#]],
    );
}
