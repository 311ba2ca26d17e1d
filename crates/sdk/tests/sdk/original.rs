//! What the original's own tests check, and what every version does on the wire.

use expect_test::expect;

use crate::world::{check, check_clean};

#[test]
fn a_whole_session() {
    check_clean(&expect![[r#"
        0 widget start
        0 host start fields={"portalId":7,"userId":8,"ownerId":9,"iframeLocation":"widget"}
        0 host load
        > 0 host posts {"portalId":7,"userId":8,"ownerId":9,"iframeLocation":"widget","type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        > 1 widget posts {"portalId":7,"userId":8,"ownerId":9,"iframeLocation":"widget","type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_0","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 1 widget is ready at https://app.hubspot.com: {"portalId":7,"userId":8,"ownerId":9,"iframeLocation":"widget","hostUrl":"https://app.hubspot.com"}
        > 2 host is ready: 0.9.7 at https://phone.example
        2 widget INITIALIZED {"isLoggedIn":true,"isAvailable":true,"sizeInfo":{"width":400,"height":600}}
        > 2 widget posts {"type":"INITIALIZED","data":{"isLoggedIn":true,"isAvailable":true,"sizeInfo":{"width":400,"height":600}},"messageId":"W_2"} to https://app.hubspot.com
        > 3 host hears {"type":"INITIALIZED","data":{"isLoggedIn":true,"isAvailable":true,"sizeInfo":{"width":400,"height":600}},"messageId":"W_2"}
        1000 host DIAL_NUMBER {"phoneNumber":"+442079460123"}
        > 1000 host posts {"type":"DIAL_NUMBER","data":{"phoneNumber":"+442079460123"},"messageId":"H_1000"} to https://phone.example
        > 1001 widget hears {"type":"DIAL_NUMBER","data":{"phoneNumber":"+442079460123"},"messageId":"H_1000"}
        1500 widget OUTGOING_CALL_STARTED {"externalCallId":"a","toNumber":"+442079460123","fromNumber":"+16175550188","createEngagement":true}
        > 1500 widget posts {"type":"OUTGOING_CALL_STARTED","data":{"externalCallId":"a","toNumber":"+442079460123","fromNumber":"+16175550188","createEngagement":true},"messageId":"W_1500"} to https://app.hubspot.com
        > 1501 host hears {"type":"OUTGOING_CALL_STARTED","data":{"externalCallId":"a","toNumber":"+442079460123","fromNumber":"+16175550188","createEngagement":true},"messageId":"W_1500"}
        1600 host CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":70}
        > 1600 host posts {"type":"CREATE_ENGAGEMENT_SUCCEEDED","data":{"engagementId":70},"messageId":"H_1600"} to https://phone.example
        > 1601 widget hears {"type":"CREATE_ENGAGEMENT_SUCCEEDED","data":{"engagementId":70},"messageId":"H_1600"}
        4000 widget CALL_ANSWERED {"externalCallId":"a"}
        > 4000 widget posts {"type":"CALL_ANSWERED","data":{"externalCallId":"a"},"messageId":"W_4000"} to https://app.hubspot.com
        > 4001 host hears {"type":"CALL_ANSWERED","data":{"externalCallId":"a"},"messageId":"W_4000"}
        9000 host END_CALL
        > 9000 host posts {"type":"END_CALL","messageId":"H_9000"} to https://phone.example
        > 9001 widget hears {"type":"END_CALL","messageId":"H_9000"}
        9100 widget CALL_ENDED {"externalCallId":"a","engagementId":70,"callEndStatus":"COMPLETED"}
        > 9100 widget posts {"type":"CALL_ENDED","data":{"externalCallId":"a","engagementId":70,"callEndStatus":"COMPLETED"},"messageId":"W_9100"} to https://app.hubspot.com
        > 9101 host hears {"type":"CALL_ENDED","data":{"externalCallId":"a","engagementId":70,"callEndStatus":"COMPLETED"},"messageId":"W_9100"}
        9900 widget CALL_COMPLETED {"externalCallId":"a","engagementId":70,"hideWidget":false}
        > 9900 widget posts {"type":"CALL_COMPLETED","data":{"externalCallId":"a","engagementId":70,"hideWidget":false},"messageId":"W_9900"} to https://app.hubspot.com
        > 9901 host hears {"type":"CALL_COMPLETED","data":{"externalCallId":"a","engagementId":70,"hideWidget":false},"messageId":"W_9900"}
    "#]]);
}

#[test]
fn messages_without_argument_have_no_data() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget LOGGED_IN
        > 1 widget posts {"type":"LOGGED_IN","messageId":"W_1"} to https://app.hubspot.com
        2 widget LOGGED_OUT
        > 2 widget posts {"type":"LOGGED_OUT","messageId":"W_2"} to https://app.hubspot.com
        3 widget USER_AVAILABLE
        > 3 widget posts {"type":"USER_AVAILABLE","messageId":"W_3"} to https://app.hubspot.com
        4 widget USER_UNAVAILABLE
        > 4 widget posts {"type":"USER_UNAVAILABLE","messageId":"W_4"} to https://app.hubspot.com
        5 host start
    "#]]);
}

#[test]
fn a_sync_without_id_is_answered() {
    check(&expect![[r#"
        0 widget start debug
        0 widget hears {"type":"SYNC"}
        > 0 widget logs From HubSpot: SYNC {"type":"SYNC"}
        > 0 widget logs To HubSpot: SYNC_ACK {"type":"SYNC_ACK","messageId":"W_0","debugMode":true,"version":"0.9.7","iFrameUrl":"https://phone.example"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"W_0","debugMode":true,"version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
    "#]]);
}

#[test]
fn all_keys_of_sync_come_back() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com","engagementId":5,"surprise":{"a":[1]}}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","hostUrl":"https://app.hubspot.com","engagementId":5,"surprise":{"a":[1]},"version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {"engagementId":5,"hostUrl":"https://app.hubspot.com"}
        100 widget hears {"type":"SYNC","messageId":"17_2","hostUrl":"https://app.hubspot.com"}
        > 100 widget ignores SYNC: this host's SYNC was answered before
    "#]]);
}

/// 301 SYNCs at 100 ms, and the failure after 30.1 s. A late answer still counts.
#[test]
fn a_host_asks_for_thirty_seconds() {
    let trace = expect![[r#"
        0 host start
        0 host load
        40000 host hears {"type":"SYNC_ACK","messageId":"H_0","version":"0.9.7"}
        40001 host hears {"type":"SYNC_ACK","messageId":"H_100","version":"0.9.7"}
    "#]];
    let mut world = crate::world::World::default();
    let text = world.play(trace.data());
    assert_eq!(text.matches("\"SYNC\"").count(), 301);
    assert!(text.contains("> 30000 host posts"));
    let rest: Vec<&str> = text.lines().filter(|it| !it.contains("posts")).collect();
    expect![[r#"
        0 host start
        0 host load
        > 30100 host gives up: NoAnswer
        40000 host hears {"type":"SYNC_ACK","messageId":"H_0","version":"0.9.7"}
        > 40000 host is ready: 0.9.7 at https://phone.example
        40001 host hears {"type":"SYNC_ACK","messageId":"H_100","version":"0.9.7"}
        > 40001 host ignores SYNC_ACK: it answers no SYNC that waits"#]]
    .assert_eq(&rest.join("\n"));
}

#[test]
fn a_reload_is_another_handshake() {
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
        500 widget start seed=3
        600 host load
        > 600 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_600"} to https://phone.example
        > 601 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_600","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 601 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        > 602 host is ready again: 0.9.7 at https://phone.example
        602 widget INITIALIZED {"isLoggedIn":true}
        > 602 widget posts {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W2_602"} to https://app.hubspot.com
        > 603 host hears {"type":"INITIALIZED","data":{"isLoggedIn":true},"messageId":"W2_602"}
    "#]]);
}

#[test]
fn an_unknown_type_is_answered_with_error() {
    check(&expect![[r#"
        0 widget start
        0 widget hears {"type":"SYNC","messageId":"17_1"}
        > 0 widget posts {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 0 widget is ready at https://app.hubspot.com: {}
        1 widget hears {"type":"NO_SUCH_THING","messageId":"17_2","data":1}
        > 1 widget posts {"type":"ERROR","data":{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"NO_SUCH_THING","messageId":"17_2","data":1}}},"messageId":"W_1"} to https://app.hubspot.com
        > 1 widget hears {"type":"NO_SUCH_THING","messageId":"17_2","data":1}
        2 widget hears {"type":"UNLOADING","messageId":"17_3"}
        > 2 widget posts {"type":"ERROR","data":{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"UNLOADING","messageId":"17_3"}}},"messageId":"W_2"} to https://app.hubspot.com
        > 2 widget hears {"type":"UNLOADING","messageId":"17_3"}
        3 widget hears {"type":"SYNC_ACK","messageId":"17_4"}
        > 3 widget posts {"type":"ERROR","data":{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"SYNC_ACK","messageId":"17_4"}}},"messageId":"W_3"} to https://app.hubspot.com
        > 3 widget hears {"type":"SYNC_ACK","messageId":"17_4"}
        4 widget hears {"type":"INITIALIZED","messageId":"17_5"}
        > 4 widget posts {"type":"ERROR","data":{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"INITIALIZED","messageId":"17_5"}}},"messageId":"W_4"} to https://app.hubspot.com
        > 4 widget hears {"type":"INITIALIZED","messageId":"17_5"}
    "#]]);
}

#[test]
fn debug_mode_logs_both_ways() {
    check(&expect![[r#"
        0 widget start debug
        0 host start debug
        0 host load
        > 0 host logs To HubSpot: SYNC {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"}
        > 0 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        > 1 widget logs From HubSpot: SYNC {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"}
        > 1 widget logs To HubSpot: SYNC_ACK {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_0","debugMode":true,"version":"0.9.7","iFrameUrl":"https://phone.example"}
        > 1 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_0","debugMode":true,"version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 1 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        > 2 host logs From HubSpot: SYNC_ACK {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_0","debugMode":true,"version":"0.9.7","iFrameUrl":"https://phone.example"}
        > 2 host is ready: 0.9.7 at https://phone.example, debug
        2 widget LOGGED_IN
        > 2 widget logs To HubSpot: LOGGED_IN {"type":"LOGGED_IN","messageId":"W_2"}
        > 2 widget posts {"type":"LOGGED_IN","messageId":"W_2"} to https://app.hubspot.com
        > 3 host logs From HubSpot: LOGGED_IN {"type":"LOGGED_IN","messageId":"W_2"}
        > 3 host hears {"type":"LOGGED_IN","messageId":"W_2"}
        10 host END_CALL
        > 10 host logs To HubSpot: END_CALL {"type":"END_CALL","messageId":"H_10"}
        > 10 host posts {"type":"END_CALL","messageId":"H_10"} to https://phone.example
        > 11 widget logs From HubSpot: END_CALL {"type":"END_CALL","messageId":"H_10"}
        > 11 widget hears {"type":"END_CALL","messageId":"H_10"}
    "#]]);
}

/// A widget says where it is moving to, and the host sends SYNC there.
#[test]
fn a_widget_moves() {
    check(&expect![[r#"
        0 widget start
        0 host start
        0 host load
        > 0 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_0"} to https://phone.example
        > 1 widget posts {"type":"SYNC_ACK","hostUrl":"https://app.hubspot.com","messageId":"H_0","version":"0.9.7","iFrameUrl":"https://phone.example"} to https://app.hubspot.com
        > 1 widget is ready at https://app.hubspot.com: {"hostUrl":"https://app.hubspot.com"}
        > 2 host is ready: 0.9.7 at https://phone.example
        2 widget SET_WIDGET_URL {"iFrameUrl":"https://Other.example/cti"}
        > 2 widget posts {"type":"SET_WIDGET_URL","data":{"iFrameUrl":"https://Other.example/cti"},"iFrameUrl":"https://Other.example/cti","messageId":"W_2"} to https://app.hubspot.com
        > 3 host hears of a move to https://other.example
        > 3 host hears {"type":"SET_WIDGET_URL","data":{"iFrameUrl":"https://Other.example/cti"},"iFrameUrl":"https://Other.example/cti","messageId":"W_2"}
        500 widget asleep
        500 host load
        > 500 host posts {"type":"SYNC","hostUrl":"https://app.hubspot.com","messageId":"H_500"} to https://other.example
        501 host hears {"type":"SYNC_ACK","messageId":"H_500","version":"0.5.1-beta.0"} @https://other.example
        > 501 host is ready again: 0.5.1-beta.0 at https://other.example
        502 host END_CALL
        > 502 host posts {"type":"END_CALL","messageId":"H_502"} to https://other.example
    "#]]);
}
