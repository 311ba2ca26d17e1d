//! A person does what the widget's user does, as in the panel.

use expect_test::expect;

use crate::stage::{HANDSHAKE, after_handshake, play_by_hand};

const LOG_IN: &str = r#"
    {"widget": "INITIALIZED"},
    {"user": "logIn", "if": "loggedOut"},
    {"widget": "LOGGED_IN", "if": "loggedOut"},
    {"host": "dial", "number": "+442079460123"}
"#;

#[test]
fn what_is_done_by_hand_is_seen_by_what_the_widget_says() {
    // LOGGED_IN does not make the runner skip the step that waits for it.
    let script = after_handshake(
        "60000 widget LOGGED_IN
60500 wait",
    );
    play_by_hand(
        LOG_IN,
        &script,
        &expect![[r#"
                 0 > open
                30 > by hand: logIn +442079460123
             60000 > host dial +442079460123 
            pass, 4 steps
        "#]],
    );
}

#[test]
fn what_the_widget_tells_of_in_no_message_is_said_by_hand() {
    let steps = r#"
        {"widget": "INITIALIZED"},
        {"user": "remoteNoAnswer"},
        {"never": "CALL_ANSWERED", "for": 500},
        {"host": "endCall"}
    "#;
    let script = after_handshake(
        "5000 wait
6000 done
6400 wait
6600 wait",
    );
    play_by_hand(
        steps,
        &script,
        &expect![[r#"
             0 > open
            30 > by hand: remoteNoAnswer +442079460123
          6500 > host endCall  
        no verdict, at step 4, Ending
    "#]],
    );
    let script = after_handshake("5000 cannot nobody was there");
    play_by_hand(
        steps,
        &script,
        &expect![[r#"
             0 > open
            30 > by hand: remoteNoAnswer +442079460123
        skipped: nobody was there
    "#]],
    );
}

#[test]
fn step_by_step_it_stops_before_each_step_that_is_not_left_out() {
    let script =
        format!("0 step\n{HANDSHAKE}\n1000 wait\n2000 step\n3000 widget LOGGED_IN\n60000 wait");
    play_by_hand(
        LOG_IN,
        &script,
        &expect![[r#"
             0 > open
          2000 > by hand: logIn +442079460123
        no verdict, at step 2, Stopped
    "#]],
    );
    let script = format!("{script}\n61000 step\n62000 step\n63000 wait");
    play_by_hand(
        LOG_IN,
        &script,
        &expect![[r#"
             0 > open
          2000 > by hand: logIn +442079460123
         62000 > host dial +442079460123 
        pass, 4 steps
    "#]],
    );
    // Continues without stopping.
    let script = format!("0 step\n{HANDSHAKE}\n1000 run\n3000 widget LOGGED_IN\n3400 wait");
    play_by_hand(
        LOG_IN,
        &script,
        &expect![[r#"
             0 > open
          1000 > by hand: logIn +442079460123
          3000 > host dial +442079460123 
        pass, 4 steps
    "#]],
    );
}

#[test]
fn what_came_before_its_step_is_seen_at_once() {
    // Both came while the user was still doing something.
    let script = after_handshake(
        "50 widget LOGGED_IN\n60 widget USER_AVAILABLE\n70 done\n80 wait\n400 wait",
    );
    play_by_hand(
        r#"
        {"widget": "INITIALIZED"},
        {"user": "logIn"},
        {"never": "CALL_ENDED", "for": 30},
        {"widget": "LOGGED_IN"},
        {"widget": "USER_AVAILABLE"}
        "#,
        &script,
        &expect![[r#"
                 0 > open
                30 > by hand: logIn +442079460123
            pass, 5 steps
        "#]],
    );
}
