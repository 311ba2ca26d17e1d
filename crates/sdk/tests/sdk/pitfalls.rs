//! The pitfalls of the original that are fixed here, by number.

use callscope_protocol::PITFALLS;
use expect_test::expect;

use crate::world::{check, check_clean};

#[test]
fn d01_two_sends_in_one_millisecond() {
    check_clean(&expect![[r#"
        0 widget start
        0 host start
        0 host load
        > 0 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        > 1 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_0","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 1 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        > 2 host is ready: 0.9.7 at https://phone.example
        2 widget INITIALIZED {"isLoggedIn":true}
        > 2 widget posts {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W_2"} to https://app.hubspot.com
        2 widget USER_AVAILABLE
        > 2 widget posts {"type":"USER_AVAILABLE","messageId":"W_3"} to https://app.hubspot.com
        2 widget LOGGED_OUT
        > 2 widget posts {"type":"LOGGED_OUT","messageId":"W_4"} to https://app.hubspot.com
        > 3 host hears {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W_2"}
        > 3 host hears {"type":"USER_AVAILABLE","messageId":"W_3"}
        > 3 host hears {"type":"LOGGED_OUT","messageId":"W_4"}
    "#]]);
}

/// In the same millisecond, even with the same seed.
#[test]
fn d02_two_objects_in_one_millisecond() {
    check_clean(&expect![[r#"
        0 widget start seed=1
        0 host start seed=1
        0 host load
        > 0 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        > 1 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_0","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 1 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        > 2 host is ready: 0.9.7 at https://phone.example
        2 widget INITIALIZED {"isLoggedIn":true}
        > 2 widget posts {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W_2"} to https://app.hubspot.com
        > 3 host hears {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W_2"}
        3 host END_CALL
        > 3 host posts {"type":"END_CALL","messageId":"H_3"} to https://phone.example
        > 4 widget hears {"type":"END_CALL","messageId":"H_3"}
    "#]]);
}

#[test]
fn d03_d04_ids_that_look_like_an_answer() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget LOGGED_IN
        > 1 widget posts {"type":"LOGGED_IN","messageId":"W_1"} to https://app.hubspot.com
        2 widget hears {"type":"END_CALL","messageId":"W_1"}
        > 2 widget hears {"type":"END_CALL","messageId":"W_1"}
        3 widget hears {"type":"END_CALL","messageId":"W_100"}
        > 3 widget hears {"type":"END_CALL","messageId":"W_100"}
    "#]]);
}

#[test]
fn d05_sync_of_a_stranger() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"} @https://stranger.example
        > 0 widget ignores SYNC: its page is not among the allowed hosts
        1 widget hears {"type":"SYNC","messageId":"17_1"} other-window
        > 1 widget ignores SYNC: it comes from another window
        2 widget hears {"type":"SYNC","messageId":"17_1","hostUrl":"https://stranger.example"}
        > 2 widget posts {"type":"SYNC_ACK","messageId":"17_1","hostUrl":"https://stranger.example","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 2 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        3 widget LOGGED_IN
        > 3 widget posts {"type":"LOGGED_IN","messageId":"W_3"} to https://app.hubspot.com
        4 widget hears {"type":"END_CALL","messageId":"17_2"} @https://stranger.example
        > 4 widget ignores END_CALL: it comes from another origin
        5 widget start hosts=https://*.crm.example
        5 widget hears {"type":"SYNC","messageId":"17_1"} @https://eu.crm.example
        > 5 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://eu.crm.example
        > 5 widget is ready at https://eu.crm.example: {}
    "#]]);
}

#[test]
fn d06_a_second_host() {
    check_clean(&expect![[r#"
        0 widget start
        0 host start
        0 host load
        > 0 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        > 1 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_0","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 1 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        > 2 host is ready: 0.9.7 at https://phone.example
        2 widget INITIALIZED {"isLoggedIn":true}
        > 2 widget posts {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W_2"} to https://app.hubspot.com
        > 3 host hears {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W_2"}
        5000 host start seed=5
        5000 host load
        > 5000 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H2_5000"} to https://phone.example
        > 5001 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H2_5000","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 5001 widget is ready again at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        > 5002 host is ready: 0.9.7 at https://phone.example
        5003 widget INITIALIZED {"isLoggedIn":true}
        > 5003 widget posts {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W2_5003"} to https://app.hubspot.com
        > 5004 host hears {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W2_5003"}
        6000 host END_CALL
        > 6000 host posts {"type":"END_CALL","messageId":"H2_6000"} to https://phone.example
        > 6001 widget hears {"type":"END_CALL","messageId":"H2_6000"}
    "#]]);
}

/// There is no referrer here at all.
#[test]
fn d07_d08_nothing_before_sync() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"DIAL_NUMBER","messageId":"17_1","data":{"phoneNumber":"1"}}
        > 0 widget ignores DIAL_NUMBER: there was no handshake yet
    "#]]);
}

#[test]
fn d09_origins_spelled_otherwise() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com:443/"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","hostUrl":"https://app.hubspot.com:443/","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        1 widget hears {"type":"END_CALL","messageId":"17_2"}
        > 1 widget hears {"type":"END_CALL","messageId":"17_2"}
        2 host start
        2 host load
        > 2 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_2"} to https://phone.example
        > 3 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_2","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 3 widget is ready again at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        3 host hears {"type":"SYNC_ACK","messageId":"H_2","iFrameUrl":"HTTPS://phone.example/"}
        > 3 host is ready: – at https://phone.example
        > 4 host ignores SYNC_ACK: it answers no SYNC that waits
        4 host hears {"type":"LOGGED_IN","messageId":"18_1"}
        > 4 host hears {"type":"LOGGED_IN","messageId":"18_1"}
    "#]]);
}

#[test]
fn d10_where_the_new_url_is() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget SET_WIDGET_URL {"iFrameUrl":"https://other.example"}
        > 1 widget posts {"type":"SET_WIDGET_URL","data":{"iFrameUrl":"https://other.example"},"iFrameUrl":"https://other.example","messageId":"W_1"} to https://app.hubspot.com
        1 widget raw {"type":"SET_WIDGET_URL","iFrameUrl":"https://other.example"}
        > 1 widget posts {"type":"SET_WIDGET_URL","iFrameUrl":"https://other.example","messageId":"W_2"} to https://app.hubspot.com
        2 host start
        2 host load
        > 2 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_2"} to https://phone.example
        > 3 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_2","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 3 widget is ready again at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        3 host hears {"type":"SYNC_ACK","messageId":"H_2"}
        > 3 host is ready: – at https://phone.example
        > 4 host ignores SYNC_ACK: it answers no SYNC that waits
        4 host hears {"type":"SET_WIDGET_URL","messageId":"18_1","iFrameUrl":"https://a.example"}
        > 4 host hears of a move to https://a.example
        > 4 host hears {"type":"SET_WIDGET_URL","messageId":"18_1","iFrameUrl":"https://a.example"}
        5 host hears {"type":"SET_WIDGET_URL","messageId":"18_2","data":{"iFrameUrl":"https://b.example"}}
        > 5 host hears of a move to https://b.example
        > 5 host hears {"type":"SET_WIDGET_URL","messageId":"18_2","data":{"iFrameUrl":"https://b.example"}}
        6 host load
        > 6 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_6"} to https://b.example
    "#]]);
}

#[test]
fn d11_a_widget_is_not_moved() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget hears {"type":"SET_WIDGET_URL","messageId":"17_2","iFrameUrl":"https://stranger.example"}
        > 1 widget ignores SET_WIDGET_URL: the other side may not send its type
        2 widget LOGGED_IN
        > 2 widget posts {"type":"LOGGED_IN","messageId":"W_2"} to https://app.hubspot.com
    "#]]);
}

#[test]
fn d16_no_error_for_an_error() {
    check(&expect![[r#"
        0 widget start
        0 host start
        0 host load
        > 0 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        > 1 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_0","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 1 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        > 2 host is ready: 0.9.7 at https://phone.example
        2 widget raw {"type":"NO_SUCH_THING"}
        > 2 widget posts {"type":"NO_SUCH_THING","messageId":"W_2"} to https://app.hubspot.com
        > 3 host hears {"type":"NO_SUCH_THING","messageId":"W_2"}
        3 host raw {"type":"NO_SUCH_THING"}
        > 3 host posts {"type":"NO_SUCH_THING","messageId":"H_3"} to https://phone.example
        > 4 widget posts {"type":"ERROR","data":{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"NO_SUCH_THING","messageId":"H_3"}}},"messageId":"W_4"} to https://app.hubspot.com
        > 4 widget hears {"type":"NO_SUCH_THING","messageId":"H_3"}
        > 5 host hears {"type":"ERROR","data":{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"NO_SUCH_THING","messageId":"H_3"}}},"messageId":"W_4"}
        9 host ERROR {"message":"x"}
        > 9 host posts {"type":"ERROR","data":{"message":"x"},"messageId":"H_9"} to https://phone.example
        > 10 widget hears {"type":"ERROR","data":{"message":"x"},"messageId":"H_9"}
    "#]]);
}

#[test]
fn d17_names_of_object_members() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget hears {"type":"toString","messageId":"17_2"}
        > 1 widget posts {"type":"ERROR","data":{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"toString","messageId":"17_2"}}},"messageId":"W_1"} to https://app.hubspot.com
        > 1 widget hears {"type":"toString","messageId":"17_2"}
    "#]]);
}

#[test]
fn d18_values_that_are_no_messages() {
    check(&expect![[r#"
        0 widget start
        0 host start
        0 widget hears null
        0 widget hears "text"
        0 widget hears [1]
        0 widget hears {"type":null}
        0 widget hears {"type":""}
        0 host hears null
        0 host hears {"type":["SYNC_ACK"]}
        0 host hears {"no":"type"} other-window
    "#]]);
}

#[test]
fn d19_a_page_that_does_not_load() {
    check(&expect![[r#"
        0 host start
        50 host load-failed
        > 50 host gives up: LoadFailed
        500 pass
        900 host load
        > 900 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_900"} to https://phone.example
    "#]]);
}

#[test]
fn d20_one_answer_is_enough() {
    check(&expect![[r#"
        0 host start
        0 host load
        > 0 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        > 100 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_100"} to https://phone.example
        150 host hears {"type":"SYNC_ACK","messageId":"H_0"}
        > 150 host is ready: – at https://phone.example
        151 host hears {"type":"SYNC_ACK","messageId":"H_100"}
        > 151 host ignores SYNC_ACK: it answers no SYNC that waits
        200 host load
        > 200 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_200"} to https://phone.example
        201 host hears {"type":"SYNC_ACK","messageId":"H_100"}
        > 201 host ignores SYNC_ACK: it answers no SYNC that waits
        202 host hears {"type":"SYNC_ACK","messageId":"H_200"}
        > 202 host is ready again: – at https://phone.example
    "#]]);
}

#[test]
fn d21_two_loads_at_once() {
    check(&expect![[r#"
        0 host start
        0 host load
        > 0 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        50 host load
        > 50 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_50"} to https://phone.example
        > 150 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_150"} to https://phone.example
        > 250 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_250"} to https://phone.example
        260 host remove
        500 pass
    "#]]);
}

#[test]
fn d23_what_is_sent_too_early_waits() {
    check_clean(&expect![[r#"
        0 widget start queue=3
        0 widget LOGGED_IN
        1 widget INITIALIZED {"isLoggedIn":false}
        2 widget USER_AVAILABLE
        3 widget LOGGED_OUT
        > 3 widget refuses: too many messages wait for the handshake already; is this page inside HubSpot?
        4 host start
        5 host END_CALL
        > 5 host refuses: the widget has not answered the handshake yet: wait for ready
        10 host load
        > 10 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_10"} to https://phone.example
        > 11 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_10","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 11 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        > 11 widget posts {"type":"INITIALIZED","data":{"isLoggedIn":false},"messageId":"W_11"} to https://app.hubspot.com
        > 11 widget posts {"type":"LOGGED_IN","messageId":"W_12"} to https://app.hubspot.com
        > 11 widget posts {"type":"USER_AVAILABLE","messageId":"W_13"} to https://app.hubspot.com
        > 12 host is ready: 0.9.7 at https://phone.example
        > 12 host hears {"type":"INITIALIZED","data":{"isLoggedIn":false},"messageId":"W_11"}
        > 12 host hears {"type":"LOGGED_IN","messageId":"W_12"}
        > 12 host hears {"type":"USER_AVAILABLE","messageId":"W_13"}
        20 host END_CALL
        > 20 host posts {"type":"END_CALL","messageId":"H_20"} to https://phone.example
        > 21 widget hears {"type":"END_CALL","messageId":"H_20"}
    "#]]);
}

#[test]
fn d30_no_logs_without_debug_mode() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget hears {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+442079460123"}}
        > 1 widget hears {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+442079460123"}}
    "#]]);
}

#[test]
fn d31_local_types_on_the_wire() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget hears {"type":"READY","messageId":"17_2"}
        > 1 widget ignores READY: its type never travels between windows
        2 host start
        2 host load
        > 2 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_2"} to https://phone.example
        > 3 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_2","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 3 widget is ready again at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        3 host hears {"type":"READY","messageId":"18_1"}
        > 3 host ignores READY: its type never travels between windows
        > 4 host is ready: 0.9.7 at https://phone.example
        4 host hears {"type":"SYNC","messageId":"18_2"}
        > 4 host ignores SYNC: the other side may not send its type
    "#]]);
}

#[test]
fn d32_a_page_in_no_frame() {
    check(&expect![[r#"
        0 widget start alone
        0 widget LOGGED_IN
        > 0 widget refuses: this page is not in a frame, so there is no HubSpot to talk to
    "#]]);
}

#[test]
fn d33_nothing_after_remove() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget remove
        2 widget LOGGED_IN
        > 2 widget refuses: this object was removed
        3 widget hears {"type":"END_CALL","messageId":"17_2"}
        4 host start
        4 host load
        > 4 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_4"} to https://phone.example
        5 host remove
        6 host END_CALL
        > 6 host refuses: this object was removed
        7 host hears {"type":"SYNC_ACK","messageId":"H_4"}
    "#]]);
}

#[test]
fn d36_the_widgets_debug_mode_is_its_own() {
    check(&expect![[r#"
        0 host start
        0 host load
        > 0 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        1 host hears {"type":"SYNC_ACK","messageId":"H_0","debugMode":true}
        > 1 host is ready: – at https://phone.example, debug
        2 host END_CALL
        > 2 host posts {"type":"END_CALL","messageId":"H_2"} to https://phone.example
    "#]]);
}

#[test]
fn d37_ids_are_minted() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget raw {"type":"LOGGED_IN","messageId":"own","more":1}
        > 1 widget posts {"type":"LOGGED_IN","messageId":"W_1","more":1} to https://app.hubspot.com
        2 widget raw {"type":"SYNC_ACK"}
        > 2 widget posts {"type":"SYNC_ACK","messageId":"W_2"} to https://app.hubspot.com
        2 widget raw {}
        > 2 widget refuses: a message needs a type
        3 widget SYNC_ACK
        > 3 widget refuses: SYNC_ACK cannot be sent from this side
        4 widget END_CALL
        > 4 widget refuses: END_CALL cannot be sent from this side
    "#]]);
}

/// Those with tests elsewhere: handlers in `src/handlers.rs`, calls in `calls.rs`, the version in
/// `the_constants_are_the_originals` of xtask, which reads the original's own, and the types in
/// `crates/sdk-web/npm/check`, which `cargo xtask npm` compiles.
const ELSEWHERE: [&str; 5] = ["D13", "D27", "D34", "D35", "D39"];

#[test]
fn the_docs_name_known_pitfalls_and_each_has_a_test() {
    let rust = include_str!("../../src/lib.rs").replace("//! ", "");
    let guide = include_str!("../../../../docs/sdk.md");
    let tests = include_str!("pitfalls.rs");
    // The ids of a document's table: its lines begin with them.
    let table = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("| D"));
        let ids = lines.filter_map(|line| line.split_once(" |"));
        ids.flat_map(|(ids, _)| {
            format!("D{ids}")
                .split(", ")
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
    };
    let told = table(&rust);
    assert_eq!(told, table(guide));
    assert!(told.len() > 20);
    for pitfall in PITFALLS {
        let id = pitfall.id;
        let name = id.to_lowercase();
        let is_tested = tests.contains(&format!("fn {name}_"))
            || tests.contains(&format!("_{name}_"))
            || ELSEWHERE.contains(&id);
        assert_eq!(told.iter().any(|it| it == id), is_tested, "{id}");
        for text in [&rust, guide] {
            assert!(
                text.contains(id),
                "{id} is neither fixed nor said to be no matter"
            );
        }
    }
}
