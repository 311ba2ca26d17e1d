//! What the session knows is filled into a message that is being written.

use callscope_protocol::{Message, MessageType, Side};
use callscope_session_view::composer::{Draft, Known, takes_id_of_another};
use expect_test::{Expect, expect};
use serde_json::json;

use crate::trace::view;

const CALL: &str = r#"
    host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com","portalId":62515}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7"}
    widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"externalCallId":"new","toNumber":"+1555","createEngagement":true}}
    host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_2","data":{"engagementId":7}}
"#;

/// The messages that are composed after a `CALL_ENDED` of an earlier call.
#[track_caller]
fn check(trace: &str, types: &[MessageType], expected: &Expect) {
    let earlier = r#"{"type":"CALL_ENDED","data":{"externalCallId":"old","engagementId":1,"callEndStatus":"BUSY"}}"#;
    let last = Message::decode(&earlier.into());
    let view = view(trace);
    let conversation = view.session().conversations().next();
    let lines: Vec<String> = (types.iter())
        .map(|ty| {
            let known = Known {
                conversation,
                last: (*ty == MessageType::CallEnded).then_some(&last),
                new_call: None,
            };
            let draft = Draft::new(*ty, Side::Widget, known, |_| None);
            draft.to_message("1_2").to_string()
        })
        .collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn ids_are_those_of_the_present_call() {
    let types = [
        MessageType::CallEnded,
        MessageType::CallCompleted,
        MessageType::CallAnswered,
        MessageType::UserAvailable,
        MessageType::Sync,
    ];
    check(
        CALL,
        &types,
        &expect![[r#"
        {"type":"CALL_ENDED","messageId":"1_2","data":{"callEndStatus":"BUSY","externalCallId":"new","engagementId":7}}
        {"type":"CALL_COMPLETED","messageId":"1_2","data":{"engagementId":7,"externalCallId":"new"}}
        {"type":"CALL_ANSWERED","messageId":"1_2","data":{"externalCallId":"new"}}
        {"type":"USER_AVAILABLE","messageId":"1_2"}
        {"type":"SYNC","messageId":"1_2","hostUrl":"https://app.hubspot.com","engagementId":7,"portalId":62515}"#]],
    );
}

#[test]
fn a_new_call_has_no_id_yet() {
    let ended =
        r#"widget {"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"new"}}"#;
    let types = [
        MessageType::OutgoingCallStarted,
        MessageType::IncomingCall,
        MessageType::CallCompleted,
    ];
    check(
        &format!("{CALL}\n{ended}"),
        &types,
        &expect![[r#"
        {"type":"OUTGOING_CALL_STARTED","messageId":"1_2","data":{}}
        {"type":"INCOMING_CALL","messageId":"1_2","data":{}}
        {"type":"CALL_COMPLETED","messageId":"1_2","data":{"engagementId":7,"externalCallId":"new"}}"#]],
    );
}

#[test]
fn a_new_call_does_not_take_the_ids_of_one_that_is_going_on() {
    check(
        CALL,
        &[MessageType::OutgoingCallStarted, MessageType::IncomingCall],
        &expect![[r#"
            {"type":"OUTGOING_CALL_STARTED","messageId":"1_2","data":{}}
            {"type":"INCOMING_CALL","messageId":"1_2","data":{}}"#]],
    );
    let view = view(CALL);
    let calls = view.session().last_calls(0);
    let takes = |ty, id: &str| {
        let message = json!({"data": {"externalCallId": id}});
        takes_id_of_another(ty, &message, &calls)
    };
    assert!(takes(MessageType::OutgoingCallStarted, "new"));
    assert!(!takes(MessageType::OutgoingCallStarted, "other"));
    assert!(
        !takes(MessageType::CallAnswered, "new"),
        "it is about that call"
    );
}
