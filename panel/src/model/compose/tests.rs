use std::collections::BTreeMap;

use callscope_bus::FrameInfo;
use callscope_protocol::{Closed, ConversationStart};
use callscope_session_log::Session;
use callscope_session_view::composer::DraftField;
use expect_test::{Expect, expect};

use super::*;
use crate::model::testing::source;

const HANDSHAKE: &str = r#"
    host   {"type":"SYNC","messageId":"1700000000000_1","hostUrl":"https://app.hubspot.com","portalId":62515,"ownerId":7}
    widget {"type":"SYNC_ACK","messageId":"1700000000000_1","version":"0.9.7","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"1700000000500_1700000000600","data":{"isLoggedIn":true}}
"#;

const SYNC: &str = r#"host {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}"#;

fn around<'a>(source: &'a SessionView, loads: &'a PageLoads) -> Surroundings<'a> {
    Surroundings {
        source,
        is_attached: true,
        is_imported: false,
        loads,
        frames: &[],
        is_worker_silent: false,
        now: Millis(1_700_000_001_000.0),
    }
}

/// The obstacle shown, and what is posted if the user sends anyway.
fn told(compose: &mut Compose, around: Surroundings<'_>) -> String {
    let data = compose.data(around, &[]);
    let obstacle = data.obstacle.map_or_else(
        || "can be sent".to_owned(),
        |it| format!("{} [anyway: {}]", it.words, it.can_send_anyway),
    );
    let outgoing = compose.outgoing(around, true);
    let posted = outgoing.map(|it| format!("{}: {}", it.from.name(), it.message));
    format!("{obstacle}\n{}\n", posted.unwrap_or_default())
}

#[track_caller]
fn check(trace: &str, write: impl FnOnce(&mut Compose, Surroundings<'_>), expected: &Expect) {
    let source = source(trace);
    let loads = PageLoads::default();
    let around = around(&source, &loads);
    let mut compose = Compose::default();
    write(&mut compose, around);
    expected.assert_eq(&told(&mut compose, around));
}

fn set(compose: &mut Compose, typed: &[(&str, &str)]) {
    for (path, value) in typed {
        compose.set(path, (*value).to_owned());
    }
}

#[test]
fn ids_of_the_session_are_filled_in() {
    check(
        HANDSHAKE,
        |compose, _| {
            set(
                compose,
                &[
                    ("data.phoneNumber", "+1 555 010 0199"),
                    ("data.calleeInfo.calleeId", "12"),
                ],
            );
        },
        &expect![[r#"
            can be sent
            host: {"type":"DIAL_NUMBER","messageId":"1700000000000_1700000001000","data":{"phoneNumber":"+1 555 010 0199","ownerId":7,"portalId":62515,"calleeInfo":{"calleeId":12}}}
        "#]],
    );
}

#[test]
fn what_is_typed_wins_and_an_emptied_field_is_left_out() {
    check(
        HANDSHAKE,
        |compose, _| {
            set(
                compose,
                &[
                    ("data.phoneNumber", "1"),
                    ("data.portalId", ""),
                    ("data.ownerId", "me"),
                ],
            );
        },
        &expect![[r#"
            ownerId: should be a number. [anyway: true]
            host: {"type":"DIAL_NUMBER","messageId":"1700000000000_1700000001000","data":{"phoneNumber":"1","ownerId":"me"}}
        "#]],
    );
}

#[test]
fn a_widget_speaks_with_its_own_ids() {
    check(
        HANDSHAKE,
        |compose, _| compose.choose_type(Side::Widget, "USER_AVAILABLE"),
        &expect![[r#"
            can be sent
            widget: {"type":"USER_AVAILABLE","messageId":"1700000000500_1700000001000"}
        "#]],
    );
    // The id of the message that it answers.
    check(
        SYNC,
        |compose, _| compose.choose_type(Side::Widget, "SYNC_ACK"),
        &expect![[r#"
            version: HubSpot requires it. [anyway: true]
            widget: {"type":"SYNC_ACK","messageId":"17_1"}
        "#]],
    );
}

#[test]
fn each_side_has_a_message_that_it_sends() {
    let source = source(HANDSHAKE);
    let loads = PageLoads::default();
    let around = around(&source, &loads);
    let mut compose = Compose::default();
    set(&mut compose, &[("data.phoneNumber", "1")]);
    let mut seen = Vec::new();
    let mut note = |compose: &mut Compose| {
        let data = compose.data(around, &[]);
        let problem = data
            .obstacle
            .map_or_else(|| "fine".to_owned(), |it| it.words);
        seen.push(format!(
            "{} {}: {problem}",
            data.from.name(),
            data.type_name
        ));
    };
    compose.choose_side(Side::Widget);
    note(&mut compose);
    compose.choose_type(Side::Widget, "USER_AVAILABLE");
    compose.choose_side(Side::Host);
    note(&mut compose);
    compose.choose_side(Side::Widget);
    note(&mut compose);
    // What both may send stays, and so does what the catalogue does not know.
    compose.choose_type(Side::Widget, "ERROR");
    compose.choose_side(Side::Host);
    note(&mut compose);
    compose.set_json(true);
    compose.set_text(around, r#"{"type":"MINE"}"#.to_owned());
    compose.choose_side(Side::Widget);
    note(&mut compose);
    let expected = [
        "widget OUTGOING_CALL_STARTED: It would break M05: OUTGOING_CALL_STARTED has no toNumber, and \
         HubSpot did not ask to dial.",
        "host DIAL_NUMBER: fine",
        "widget USER_AVAILABLE: fine",
        "host ERROR: fine",
        "widget MINE: type: the catalogue has no such message, and one more problem.",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn reasons_against_sending_are_said() {
    let number = |compose: &mut Compose, _: Surroundings<'_>| {
        set(compose, &[("data.phoneNumber", "1")]);
    };
    check(
        "",
        |_, _| {},
        &expect![[r#"
        No widget has been heard in this page yet. Open the softphone in HubSpot first. [anyway: false]

    "#]],
    );
    check(
        SYNC,
        number,
        &expect![[r#"
        The handshake is not complete: the SDK ignores everything but SYNC until then. [anyway: true]
        host: {"type":"DIAL_NUMBER","messageId":"17_1700000001000","data":{"phoneNumber":"1"}}
    "#]],
    );
    check(
        SYNC,
        |compose, _| compose.choose_type(Side::Widget, "LOGGED_IN"),
        &expect![[r#"
            The handshake is not complete: HubSpot's SDK drops what a widget sends before it has answered with SYNC_ACK. [anyway: true]
            widget: {"type":"LOGGED_IN","messageId":"9700000001000_1700000001000"}
        "#]],
    );
    check(
        HANDSHAKE,
        |compose, _| compose.choose_type(Side::Widget, "DIAL_NUMBER"),
        &expect![[r#"
            A widget never sends DIAL_NUMBER. [anyway: true]
            widget: {"type":"DIAL_NUMBER","messageId":"1700000000500_1700000001000","data":{"ownerId":7,"portalId":62515}}
        "#]],
    );
    check(
        HANDSHAKE,
        |compose, _| compose.choose_type(Side::Widget, "OUTGOING_CALL_STARTED"),
        &expect![[r#"
            It would break M05: OUTGOING_CALL_STARTED has no toNumber, and HubSpot did not ask to dial. [anyway: true]
            widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001000","data":{"externalCallId":"callscope-1700000001000"}}
        "#]],
    );
}

/// Only a conversation that the user chose is kept when its page has gone away.
#[test]
fn a_message_goes_to_the_conversation_that_takes_the_place_of_its_own() {
    let gone = ConversationId(1);
    let mut session = Session::new();
    let start = |id, continues| {
        Fact::Conversation(ConversationStart {
            id,
            at: Millis(0.0),
            continues,
            host_origin: None,
            widget_origin: None,
            in_calling_window: false,
        })
    };
    session.push(start(gone, None));
    session.push(Fact::Closed(Closed {
        conversation: gone,
        at: Millis(1.0),
        side: Side::Widget,
    }));
    session.push(start(ConversationId(2), Some(gone)));
    session.push(start(ConversationId(3), None));
    let source = SessionView::from(session);
    let loads = PageLoads::default();
    let around = around(&source, &loads);
    let message = r#"{"type":"END_CALL","messageId":"17_1"}"#;
    let recorded = RecordedMessage {
        seq: 1,
        at: Millis(0.0),
        conversation: gone,
        from: Side::Host,
        origin: "https://app.hubspot.com".into(),
        injected: false,
        message: message.to_owned().into(),
        cloned: BTreeMap::new(),
        truncated: None,
    };
    let mut compose = Compose::default();
    compose.write_again(around, &recorded, Some(gone));
    assert_eq!(compose.data(around, &[]).target, Some(2));
    compose.reset();
    assert_eq!(compose.data(around, &[]).target, Some(2));
    compose.choose(gone);
    assert_eq!(compose.data(around, &[]).target, Some(1));
    compose.write_again(around, &recorded, Some(gone));
    assert_eq!(compose.data(around, &[]).target, Some(2));
}

/// What a widget of this version sends is filled in or comes first, with a fresh id for each call.
#[test]
fn a_new_call_comes_with_what_rules_require() {
    let form = |version: &str| {
        let trace = HANDSHAKE.replace("0.9.7", version);
        let source = source(&trace);
        let loads = PageLoads::default();
        let mut around = around(&source, &loads);
        let mut compose = Compose::default();
        compose.choose_type(Side::Widget, "OUTGOING_CALL_STARTED");
        let data = compose.data(around, &[]);
        let first = |it: &&DraftField| it.is_usual || !it.value.is_empty();
        let names = data
            .fields
            .iter()
            .filter(first)
            .map(|it| it.name().to_owned());
        let names: Vec<String> = names.collect();
        set(&mut compose, &[("data.toNumber", "+1555")]);
        let mut sent = Vec::new();
        for _ in 0..2 {
            around.now = around.now + Millis(1_000.0);
            sent.push(told(&mut compose, around));
        }
        format!("{}\n{}", names.join(" "), sent.join(""))
    };
    expect![[r#"
        createEngagement fromNumber toNumber externalCallId
        can be sent
        widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001000","data":{"toNumber":"+1555","externalCallId":"callscope-1700000001000"}}
        can be sent
        widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000003000","data":{"toNumber":"+1555","externalCallId":"callscope-1700000003000"}}
    "#]].assert_eq(&form("0.9.7"));
    expect![[r#"
        phoneNumber createEngagement
        can be sent
        widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001000","data":{"toNumber":"+1555"}}
        can be sent
        widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000003000","data":{"toNumber":"+1555"}}
    "#]].assert_eq(&form("0.2.1"));
}

/// What a rule requires is said before it is sent, whatever the form is filled with.
#[test]
fn a_message_without_what_a_rule_requires_is_said() {
    let starts = |typed: &'static [(&str, &str)]| {
        move |compose: &mut Compose, _: Surroundings<'_>| {
            compose.choose_type(Side::Widget, "OUTGOING_CALL_STARTED");
            set(compose, typed);
        }
    };
    check(
        HANDSHAKE,
        starts(&[("data.toNumber", "+1555"), ("data.externalCallId", "")]),
        &expect![[r#"
            It would break M01: OUTGOING_CALL_STARTED has no externalCallId. [anyway: true]
            widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001000","data":{"toNumber":"+1555"}}
        "#]],
    );
    check(
        HANDSHAKE,
        starts(&[]),
        &expect![[r#"
        It would break M05: OUTGOING_CALL_STARTED has no toNumber, and HubSpot did not ask to dial. [anyway: true]
        widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001000","data":{"externalCallId":"callscope-1700000001000"}}
    "#]],
    );
}

/// One call at a time, whatever its id; only an incoming one may wait.
#[test]
fn a_second_call_is_said() {
    let started = r#"widget {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_3","data":{"externalCallId":"a","toNumber":"+1555","createEngagement":true}}"#;
    let answered = r#"widget {"type":"CALL_ANSWERED","messageId":"1700000000500_4","data":{"externalCallId":"a"}}"#;
    let trace = format!("{HANDSHAKE}\n{started}\n{answered}");
    for (ty, expected) in [
        (
            "OUTGOING_CALL_STARTED",
            expect![[r#"
            A call is going on. HubSpot could not tell the engagements of two calls apart (M32): send CALL_ENDED first. [anyway: true]
            widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001000","data":{"createEngagement":true,"fromNumber":"+1556","toNumber":"+1557","externalCallId":"callscope-1700000001000"}}
        "#]],
        ),
        (
            "INCOMING_CALL",
            expect![[r#"
            can be sent
            widget: {"type":"INCOMING_CALL","messageId":"1700000000500_1700000001000","data":{"fromNumber":"+1556","toNumber":"+1557","externalCallId":"callscope-1700000001000"}}
        "#]],
        ),
    ] {
        let begins = |compose: &mut Compose, _: Surroundings<'_>| {
            compose.choose_type(Side::Widget, ty);
            set(
                compose,
                &[("data.fromNumber", "+1556"), ("data.toNumber", "+1557")],
            );
        };
        check(&trace, begins, &expected);
    }
}

#[test]
fn a_repeated_sync_is_said_and_has_no_type_or_id_to_fill_in() {
    let sync = |compose: &mut Compose, _: Surroundings<'_>| {
        compose.choose_type(Side::Host, "SYNC");
    };
    check(
        HANDSHAKE,
        sync,
        &expect![[r#"
        The handshake is complete, so this SYNC is a repeated one: the widget's SDK answers only the first. [anyway: true]
        host: {"type":"SYNC","messageId":"1700000000000_1700000001000","hostUrl":"https://app.hubspot.com","portalId":62515,"ownerId":7}
    "#]],
    );
    check(
        SYNC,
        sync,
        &expect![[r#"
        can be sent
        host: {"type":"SYNC","messageId":"17_1700000001000","hostUrl":"https://app.hubspot.com"}
    "#]],
    );
    let source = source(HANDSHAKE);
    let loads = PageLoads::default();
    let around = around(&source, &loads);
    for (from, ty) in [(Side::Host, "SYNC"), (Side::Widget, "SYNC_ACK")] {
        let mut compose = Compose::default();
        compose.choose_type(from, ty);
        let data = compose.data(around, &[]);
        assert!(data.preview.contains(&format!(r#""type": "{ty}""#)));
        let mut paths = data.fields.iter().map(|it| it.path.as_str());
        assert!(paths.all(|it| !matches!(it, "type" | "messageId")), "{ty}");
        assert_eq!(data.beyond, [] as [String; 0]);
    }
}

/// A message about the present call has its id; the start of another call has it only if the user
/// writes it, and then that is said.
#[test]
fn a_new_call_with_the_id_of_one_that_goes_on_is_said() {
    let started = r#"widget {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_3","data":{"externalCallId":"a","toNumber":"+1555","createEngagement":true}}"#;
    let trace = format!("{HANDSHAKE}\n{started}");
    let starts = |compose: &mut Compose, _: Surroundings<'_>| {
        compose.choose_type(Side::Widget, "OUTGOING_CALL_STARTED");
    };
    check(
        &trace,
        starts,
        &expect![[r#"
            A call is going on. HubSpot could not tell the engagements of two calls apart (M32): send CALL_ENDED first. [anyway: true]
            widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001000","data":{"createEngagement":true,"toNumber":"+1555","externalCallId":"callscope-1700000001000"}}
        "#]],
    );
    check(
        &trace,
        |compose, around| {
            starts(compose, around);
            set(compose, &[("data.externalCallId", "a")]);
        },
        &expect![[r#"
            A call with this externalCallId is going on. A new call needs an id of its own. [anyway: true]
            widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001000","data":{"createEngagement":true,"toNumber":"+1555","externalCallId":"a"}}
        "#]],
    );
    check(
        &trace,
        |compose, around| {
            let recorded = around.source.session().facts()[3].message().unwrap();
            compose.write_again(around, recorded, None);
            compose.set_json(true);
        },
        &expect![[r#"
            A call with this externalCallId is going on. A new call needs an id of its own. [anyway: true]
            widget: {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001000","data":{"externalCallId":"a","toNumber":"+1555","createEngagement":true}}
        "#]],
    );
}

#[test]
fn only_where_callscope_runs_a_widget_can_post() {
    let source = source(HANDSHAKE);
    let loads = PageLoads::default();
    let mut compose = Compose::default();
    compose.choose_type(Side::Widget, "USER_AVAILABLE");
    let frame = |tapped| FrameInfo {
        origin: "https://localhost:9025".to_owned(),
        tapped,
        widget: true,
    };
    let around = around(&source, &loads);
    let (here, elsewhere) = ([frame(true)], [frame(false)]);
    let with = |frames, is_worker_silent| Surroundings {
        frames,
        is_worker_silent,
        ..around
    };
    assert!(told(&mut compose, with(&here, false)).starts_with("can be sent"));
    expect![[r#"
        Callscope does not run in the widget's frame, so it cannot post from there. Allow it in localhost:9025 and reload the page. [anyway: false]

    "#]].assert_eq(&told(&mut compose, with(&elsewhere, false)));
    expect![[r#"
        Callscope's service worker does not answer, and only it can have the widget's frame post something. Reload Callscope on chrome://extensions, then this page. [anyway: false]

    "#]].assert_eq(&told(&mut compose, with(&here, true)));
    // To post as HubSpot, the page itself is enough.
    compose.choose_type(Side::Host, "END_CALL");
    assert!(told(&mut compose, with(&elsewhere, true)).starts_with("can be sent"));
}

#[test]
fn json_is_checked_and_gets_each_time_another_id() {
    let source = source(HANDSHAKE);
    let loads = PageLoads::default();
    let mut compose = Compose::default();
    let mut around = around(&source, &loads);
    compose.set_json(true);
    let first = compose.data(around, &[]).preview;
    let text = first.replace("\"data\": {", "\"data\": {\n    \"phoneNumber\": \"\",");
    compose.set_text(around, text);
    expect![[r#"
        can be sent
        host: {
          "type": "DIAL_NUMBER",
          "messageId": "1700000000000_1700000001000",
          "data": {
            "phoneNumber": "",
            "ownerId": 7,
            "portalId": 62515
          }
        }
    "#]]
    .assert_eq(&told(&mut compose, around));
    around.now = Millis(1_700_000_002_000.0);
    expect![[r#"
        can be sent
        host: {
          "type": "DIAL_NUMBER",
          "messageId": "1700000000000_1700000002000",
          "data": {
            "phoneNumber": "",
            "ownerId": 7,
            "portalId": 62515
          }
        }
    "#]]
    .assert_eq(&told(&mut compose, around));

    // An id that the user wrote is kept.
    let own = r#"{"type":"MINE","messageId":"1_2","a":"\ud800"}"#;
    compose.set_text(around, own.to_owned());
    expect![[r#"
        type: the catalogue has no such message. [anyway: true]
        host: {"type":"MINE","messageId":"1_2","a":"\ud800"}
    "#]]
    .assert_eq(&told(&mut compose, around));
    assert!(compose.data(around, &[]).no_form.is_some());
    compose.set_json(false);
    assert!(compose.data(around, &[]).is_json, "it has no form");

    compose.set_text(around, "{".to_owned());
    expect![[r#"
        It is not JSON: line 1, column 1: EOF while parsing an object. [anyway: false]

    "#]]
    .assert_eq(&told(&mut compose, around));
}

#[test]
fn a_message_goes_from_json_to_the_form_with_all_that_it_has() {
    let source = source(HANDSHAKE);
    let loads = PageLoads::default();
    let around = around(&source, &loads);
    let mut compose = Compose::default();
    compose.set_json(true);
    let text = r#"{"type":"CALL_ENDED","messageId":"1_2","data":{"externalCallId":"a","mine":1}}"#;
    compose.set_text(around, text.to_owned());
    compose.set_json(false);
    let data = compose.data(around, &[]);
    assert_eq!(data.type_name, "CALL_ENDED");
    assert_eq!(data.beyond, ["data.mine"]);
    let field = data
        .fields
        .iter()
        .find(|it| it.path == "data.externalCallId");
    assert_eq!(field.unwrap().value, "a");
    assert!(told(&mut compose, around).contains("\"mine\":1"));
}

/// The result of opening a recorded message.
fn again(trace: &str, index: usize) -> String {
    let source = source(trace);
    let loads = PageLoads::default();
    let around = around(&source, &loads);
    let recorded = source.session().facts()[index].message().unwrap();
    let mut compose = Compose::default();
    compose.write_again(around, recorded, None);
    let is_json = compose.data(around, &[]).is_json;
    format!("json: {is_json}\n{}", told(&mut compose, around))
}

#[test]
fn any_recorded_message_is_sent_again_as_it_was_but_for_its_id() {
    let more = |message: &str| format!("{HANDSHAKE}\n{message}");
    let form = r#"host {"messageId":"1700000000000_9","type":"DIAL_NUMBER","data":{"b":[1],"phoneNumber":"1"},"c":null}"#;
    expect![[r#"
        json: false
        can be sent
        host: {"messageId":"1700000000000_1700000001000","type":"DIAL_NUMBER","data":{"b":[1],"phoneNumber":"1"},"c":null}
    "#]].assert_eq(&again(&more(form), 3));
    let unknown = r#"widget {"type":"MINE","messageId":"1700000000500_9","a":[1,{"b":""}]}"#;
    expect![[r#"
        json: true
        type: the catalogue has no such message. [anyway: true]
        widget: {
          "type": "MINE",
          "messageId": "1700000000500_1700000001000",
          "a": [
            1,
            {
              "b": ""
            }
          ]
        }
    "#]]
    .assert_eq(&again(&more(unknown), 3));
    let broken = r#"widget {"type":"LOGGED_IN","messageId":"1700000000500_9","a":"\ud800"}"#;
    expect![[r#"
        json: true
        can be sent
        widget: {"type":"LOGGED_IN","messageId":"1700000000500_1700000001000","a":"\ud800"}
    "#]]
    .assert_eq(&again(&more(broken), 3));
    let odd = r#"widget {"type":"LOGGED_IN","messageId":"1700000000500_9","data":"now"}"#;
    expect![[r#"
        json: true
        data: should be an object. [anyway: true]
        widget: {
          "type": "LOGGED_IN",
          "messageId": "1700000000500_1700000001000",
          "data": "now"
        }
    "#]]
    .assert_eq(&again(&more(odd), 3));
}

#[test]
fn items_of_lists_come_and_go() {
    let source = source(HANDSHAKE);
    let loads = PageLoads::default();
    let around = around(&source, &loads);
    let mut compose = Compose::default();
    compose.choose_type(Side::Host, "CALLER_ID_MATCH_SUCCEEDED");
    for _ in 0..2 {
        compose.change_list(around, "data.callerIdMatches", None);
    }
    set(
        &mut compose,
        &[("data.callerIdMatches[1].firstName", "Ada")],
    );
    compose.change_list(around, "data.callerIdMatches", Some(0));
    expect![[r#"
        callerIdMatches[0].callerIdType: HubSpot always sends it, and one more problem. [anyway: true]
        host: {"type":"CALLER_ID_MATCH_SUCCEEDED","messageId":"1700000000000_1700000001000","data":{"callerIdMatches":[{"firstName":"Ada"}]}}
    "#]].assert_eq(&told(&mut compose, around));
}
