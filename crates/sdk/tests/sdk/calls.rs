//! A call as a value.

use callscope_protocol::Millis;
use callscope_sdk::{EndStatus, SendError};
use expect_test::expect;
use serde_json::{Value, json};

use crate::world::{BEGINNING, World};

fn open() -> World {
    let mut world = World::default();
    world.play(
        "0 widget start
         0 host start
         0 host load
         5 widget INITIALIZED {\"isLoggedIn\":true}",
    );
    world
}

#[test]
fn each_step_names_the_call() {
    let mut world = open();
    let now = Millis(BEGINNING + 1_000.0);
    world.pass_until(1_000.0);
    let data = json!({"toNumber": "+442079460123", "fromNumber": "+16175550188",
        "createEngagement": true});
    let widget = world.widget.as_mut().unwrap();
    let mut call = widget.start_outgoing_call(&data, now).unwrap();
    call.set_engagement_id(json!(7));
    let id = call.external_call_id().to_owned();
    let call = call.answered(widget, None, now).unwrap();
    let call = call.ended(widget, EndStatus::Completed, None, now).unwrap();
    let data = json!({"hideWidget": false});
    let call = call.completed(widget, Some(&data), now).unwrap();
    call.finalize_engagement(widget, now).unwrap();
    world.drain();
    let text = world.play("2000 pass").replace(&id, "ID");
    expect![[r#"
        > 1000 widget posts {"type":"OUTGOING_CALL_STARTED","data":{"toNumber":"+442079460123","fromNumber":"+16175550188","createEngagement":true,"externalCallId":"ID"},"messageId":"W_1000"} to https://app.hubspot.com
        > 1000 widget posts {"type":"CALL_ANSWERED","data":{"externalCallId":"ID"},"messageId":"W_1001"} to https://app.hubspot.com
        > 1000 widget posts {"type":"CALL_ENDED","data":{"externalCallId":"ID","engagementId":7,"callEndStatus":"COMPLETED"},"messageId":"W_1002"} to https://app.hubspot.com
        > 1000 widget posts {"type":"CALL_COMPLETED","data":{"hideWidget":false,"externalCallId":"ID","engagementId":7},"messageId":"W_1003"} to https://app.hubspot.com
        > 1000 widget posts {"type":"FINALIZE_ENGAGEMENT","data":{"externalCallId":"ID","engagementId":7},"messageId":"W_1004"} to https://app.hubspot.com
        > 1001 host hears {"type":"OUTGOING_CALL_STARTED","data":{"toNumber":"+442079460123","fromNumber":"+16175550188","createEngagement":true,"externalCallId":"ID"},"messageId":"W_1000"}
        > 1001 host hears {"type":"CALL_ANSWERED","data":{"externalCallId":"ID"},"messageId":"W_1001"}
        > 1001 host hears {"type":"CALL_ENDED","data":{"externalCallId":"ID","engagementId":7,"callEndStatus":"COMPLETED"},"messageId":"W_1002"}
        > 1001 host hears {"type":"CALL_COMPLETED","data":{"hideWidget":false,"externalCallId":"ID","engagementId":7},"messageId":"W_1003"}
        > 1001 host hears {"type":"FINALIZE_ENGAGEMENT","data":{"externalCallId":"ID","engagementId":7},"messageId":"W_1004"}
        2000 pass
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_step_that_cannot_be_sent_gives_the_call_back() {
    let mut world = open();
    let now = Millis(BEGINNING + 1_000.0);
    let widget = world.widget.as_mut().unwrap();
    let data = json!({"externalCallId": "a"});
    let call = widget.start_incoming_call(&data, now).unwrap();
    widget.remove();
    let refused = call.answered(widget, None, now).unwrap_err();
    assert_eq!(refused.error, SendError::Removed);
    assert_eq!(refused.call.external_call_id(), "a");
}

#[test]
fn calls_without_an_id_get_different_ones() {
    let mut world = open();
    let now = Millis(BEGINNING + 1_000.0);
    let widget = world.widget.as_mut().unwrap();
    let ids = [0, 1].map(|_| {
        let call = widget.start_outgoing_call(&Value::Null, now).unwrap();
        call.external_call_id().to_owned()
    });
    assert_ne!(ids[0], ids[1]);
}
