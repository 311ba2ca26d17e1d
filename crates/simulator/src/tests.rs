//! Traces: what happens is given as lines, and what the page does is written as lines.

use std::fmt::Write as _;

use callscope_protocol::MessageType;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::{Input, Options, Output, Simulator, Speaker};

const START: f64 = 1_800_000_000_000.0;
const WIDGET: &str = "https://dialer.example";

struct Stage {
    simulator: Simulator,
    now: f64,
    sync: Value,
    said: String,
    messages: u32,
    /// The frame that the widget speaks in.
    frame: usize,
}

/// Plays a trace. Its lines are:
///
/// - `load`: the widget's frame has loaded; `ack`: the widget acknowledges the last SYNC;
/// - `< TYPE {data}`: the widget sends a message;
/// - `load 1`, `in 1`: the second frame has loaded; the lines that follow are about it;
/// - `closed`: the calling window is closed;
/// - `act {…}`, `set {…}`, `preset NAME`: calls, as in scripts;
/// - `+MILLISECONDS`: time passes;
/// - `?KEY…`: prints what the view has under these keys.
fn play(options: Options, lines: &str) -> String {
    let origin = "https://app.hubspot.com".to_owned();
    let options = Options {
        origin,
        widget: options.widget.or(Some(format!("{WIDGET}/phone"))),
        seed: 7,
        ..options
    };
    let simulator = match Simulator::start(options, START) {
        Ok(simulator) => simulator,
        Err(error) => return format!("error: {error}\n"),
    };
    let mut stage = Stage {
        simulator,
        now: START,
        sync: Value::Null,
        said: String::new(),
        messages: 0,
        frame: 0,
    };
    stage.take();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        stage.line(line);
    }
    stage.said
}

impl Stage {
    fn line(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let done = match word {
            "load" | "in" => {
                self.frame = rest.parse().unwrap_or(0);
                let frame = self.frame;
                match word {
                    "load" => self.simulator.handle(Input::Load { frame }, self.now),
                    _ => Ok(()),
                }
            }
            "closed" => self.simulator.handle(Input::WindowClosed, self.now),
            "ack" => {
                let mut ack = self.sync.clone();
                ack["type"] = json!("SYNC_ACK");
                ack["version"] = json!("0.9.7");
                self.post(ack);
                Ok(())
            }
            "<" => {
                let (kind, data) = rest.split_once(' ').unwrap_or((rest, ""));
                self.messages += 1;
                let mut message = json!({ "type": kind });
                if !data.is_empty() {
                    message["data"] = serde_json::from_str(data).unwrap();
                }
                message["messageId"] = json!(format!("1_{}", self.messages));
                self.post(message);
                Ok(())
            }
            "act" => {
                let step = serde_json::from_str(rest).unwrap();
                self.simulator.handle(Input::Act { step }, self.now)
            }
            "set" => {
                let settings: Value = serde_json::from_str(rest).unwrap();
                self.simulator.set(settings.as_object().unwrap(), self.now)
            }
            "preset" => self.simulator.preset(rest, self.now),
            word if word.starts_with('+') => {
                let until = self.now + word[1..].parse::<f64>().unwrap();
                while let Some(due) = self.simulator.deadline().filter(|due| *due <= until) {
                    self.now = due;
                    self.simulator.handle(Input::Timeout, due).unwrap();
                    self.take();
                }
                self.now = until;
                Ok(())
            }
            word if word.starts_with('?') => {
                let view = serde_json::to_value(self.simulator.view()).unwrap();
                let keys = word[1..].split('.');
                let value = keys.fold(&view, |value, key| match key.parse::<usize>() {
                    Ok(index) => &value[index],
                    Err(_) => &value[key],
                });
                writeln!(self.said, "?      {} = {value}", &word[1..]).unwrap();
                Ok(())
            }
            _ => panic!("no such line: {line}"),
        };
        if let Err(error) = done {
            self.write(&format!("error: {error}"));
        }
        self.take();
    }

    fn post(&mut self, value: Value) {
        let input = Input::Message {
            frame: Some(self.frame),
            origin: WIDGET.to_owned(),
            value,
        };
        self.simulator.handle(input, self.now).unwrap();
    }

    fn write(&mut self, text: &str) {
        writeln!(self.said, "{:<6} {text}", self.now - START).unwrap();
    }

    fn take(&mut self) {
        while let Some(output) = self.simulator.poll() {
            let text = match output {
                Output::Post { message, .. } => {
                    if message["type"] == "SYNC" {
                        self.sync = message;
                    }
                    continue;
                }
                Output::Log {
                    from: Speaker::Widget,
                    ..
                } => continue,
                Output::Log {
                    from: Speaker::Simulator,
                    r#type,
                    message,
                    ..
                } => format!("[{}] {}", r#type, message["text"].as_str().unwrap()),
                Output::Log { message, note, .. } => {
                    let data = match &message["data"] {
                        Value::Null => String::new(),
                        data => format!(" {data}"),
                    };
                    let note = note.map(|note| format!(" ({note})")).unwrap_or_default();
                    format!("> {}{data}{note}", message["type"].as_str().unwrap())
                }
                Output::Mount { url, copies } => format!("mount {copies} × {url}"),
                Output::Reload { frame } => format!("reload frame {frame}"),
                Output::Source { frame, url } => format!("frame {frame} shows {url}"),
                Output::Go { to } => format!("go {}", serde_json::to_string(&to).unwrap()),
            };
            self.write(&text);
        }
    }
}

const OPEN: &str = r#"
    load
    ack
    < INITIALIZED {"isLoggedIn":true,"isAvailable":true,"sizeInfo":{"width":420,"height":"600px"}}
"#;

fn check(lines: &str, expected: &Expect) {
    expected.assert_eq(&play(Options::default(), &format!("{OPEN}{lines}")));
}

fn check_with(options: Options, lines: &str, expected: &Expect) {
    expected.assert_eq(&play(options, &format!("{OPEN}{lines}")));
}

#[test]
fn an_outbound_call_from_dial_to_timeline() {
    check(
        r#"
        act {"act":"dial","number":"+16175550188"}
        +500
        < OUTGOING_CALL_STARTED {"externalCallId":"a","toNumber":"+16175550188","fromNumber":"+16175550142","createEngagement":true}
        +1000
        ?call
        ?activity.0.status
        < CALL_ANSWERED {"externalCallId":"a"}
        act {"act":"endCall"}
        < CALL_ENDED {"externalCallId":"a","callEndStatus":"COMPLETED"}
        ?activity.0.status
        < CALL_COMPLETED {"externalCallId":"a","engagementId":18000007002,"hideWidget":true,"engagementProperties":{"hs_call_title":"Lenses","hs_call_body":"Will send them","hs_call_duration":"61000","hs_call_status":"COMPLETED"}}
        +1000
        ?call
        ?window
        ?activity
        < FINALIZE_ENGAGEMENT {"engagementId":18000007002,"externalCallId":"a"}
        +1000
        "#,
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            100    > DIAL_NUMBER {"phoneNumber":"+16175550188","ownerId":70412055,"subjectId":301,"objectId":301,"objectType":"CONTACT","portalId":24021990,"countryCode":"US","calleeInfo":{"calleeId":902,"calleeObjectTypeId":"0-2"},"startTimestamp":1800000000000.0,"toPhoneNumberSrc":"phone"}
            640    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
            820    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
            835    > ENGAGEMENT_CREATED {"engagementId":18000007002}
            ?      call = {"inbound":false,"stage":"ringing","number":"+16175550188","name":"Nordlicht Optik","externalCallId":"a","engagementId":18000007002,"since":1800000000500.0}
            ?      activity.0.status = "In progress"
            1500   > END_CALL
            ?      activity.0.status = "Ended, not saved yet"
            1560   > VISIBILITY_CHANGED {"isMinimized":false,"isHidden":true}
            1760   > UPDATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
            ?      call = null
            ?      window = "closed"
            ?      activity = [{"engagementId":18000007002,"title":"Lenses","body":"Will send them","status":"Saved","outcome":"COMPLETED","durationMs":61000.0,"recordingUrl":null,"inbound":false,"at":1800000000820.0}]
            2680   > FINALIZE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002,"externalCallId":"a"}
        "#]],
    );
}

#[test]
fn an_inbound_call_that_opens_the_record() {
    check(
        r#"
        act {"act":"minimize"}
        < INCOMING_CALL {"externalCallId":"a","fromNumber":"+447700900777","toNumber":"+16175550142","createEngagement":true}
        +230
        < NAVIGATE_TO_RECORD {"objectCoordinates":{"portalId":24021990,"objectId":303,"objectTypeId":"0-1"}}
        +1000
        ?call.name
        "#,
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            60     > VISIBILITY_CHANGED {"isMinimized":true,"isHidden":false}
            60     > VISIBILITY_CHANGED {"isMinimized":false,"isHidden":false}
            140    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
            220    > CALLER_ID_MATCH_SUCCEEDED {"callerIdMatches":[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":24021990,"objectId":303,"objectTypeId":"0-1"},"firstName":"Jonas","lastName":"Okoye","email":"jonas.okoye@example.com"}]}
            320    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
            335    > ENGAGEMENT_CREATED {"engagementId":18000007002}
            570    go {"record":"contact/303","engagement":18000007002,"newTab":false}
            ?      call.name = "Jonas Okoye"
        "#]],
    );
}

#[test]
fn a_page_that_is_left_during_a_call_hands_it_over() {
    check(
        r#"
        < INCOMING_CALL {"externalCallId":"a","fromNumber":"+447700900777","toNumber":"+16175550142","createEngagement":true}
        +400
        act {"act":"openRecord","record":"company/902"}
        act {"act":"reloadPage"}
        < CALL_ENDED {"externalCallId":"a"}
        act {"act":"reloadPage"}
        "#,
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            140    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
            220    > CALLER_ID_MATCH_SUCCEEDED {"callerIdMatches":[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":24021990,"objectId":303,"objectTypeId":"0-1"},"firstName":"Jonas","lastName":"Okoye","email":"jonas.okoye@example.com"}]}
            320    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
            335    > ENGAGEMENT_CREATED {"engagementId":18000007002}
            400    go {"record":"company/902","engagement":18000007002,"newTab":false}
            400    go {"engagement":18000007002,"newTab":false}
            400    go {"newTab":false}
        "#]],
    );
}

#[test]
fn the_page_after_it_hands_the_engagement_over() {
    let mut first = Simulator::start(
        Options {
            widget: Some(WIDGET.to_owned()),
            ..Options::default()
        },
        START,
    )
    .unwrap();
    first.preset("update-fails", START).unwrap();
    let mut kept = first.kept();
    kept["call"] = json!({
        "inbound": true, "stage": "ringing", "number": "+447700900777", "name": null,
        "externalCallId": "a", "engagementId": 18_000_000_001_u64, "since": START,
    });
    let options = |engagement| Options {
        record: Some("contact/303".to_owned()),
        engagement,
        kept: Some(kept.clone()),
        ..Options::default()
    };
    let lines = "load\n?engagementId\n?call.externalCallId\n?record.name\n?switches";
    expect![[r#"
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        ?      engagementId = 18000000001
        ?      call.externalCallId = "a"
        ?      record.name = "Jonas Okoye"
        ?      switches = [{"name":"update-engagement.fail","value":true,"met":false}]
    "#]]
    .assert_eq(&play(options(Some(18_000_000_001)), lines));
    expect![[r#"
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        ?      engagementId = null
        ?      call.externalCallId = null
        ?      record.name = "Jonas Okoye"
        ?      switches = [{"name":"update-engagement.fail","value":true,"met":false}]
    "#]]
    .assert_eq(&play(options(None), lines));
}

#[test]
fn nobody_dials_from_a_widget_that_is_not_logged_in() {
    check(
        r#"
        < LOGGED_OUT
        act {"act":"dial"}
        ?alert
        < LOGGED_IN
        act {"act":"dial"}
        +100
        < OUTGOING_CALL_STARTED {"toNumber":"+442079460123"}
        act {"act":"dial"}
        +1000
        "#,
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            0      [alert] Log in to the calling app first, then click the number again.
            ?      alert = {"number":1,"text":"Log in to the calling app first, then click the number again."}
            100    > DIAL_NUMBER {"phoneNumber":"+442079460123","ownerId":70412055,"subjectId":301,"objectId":301,"objectType":"CONTACT","portalId":24021990,"countryCode":"GB","calleeInfo":{"calleeId":301,"calleeObjectTypeId":"0-1"},"startTimestamp":1800000000000.0,"toPhoneNumberSrc":"phone"}
            100    [alert] There is a call already. End it first.
            240    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
        "#]],
    );
}

#[test]
fn the_widget_is_told_how_it_is_shown() {
    check(
        r#"
        ?width
        ?height
        act {"act":"minimize"}
        +100
        act {"act":"minimize"}
        act {"act":"restore"}
        +100
        act {"act":"close"}
        +100
        < RESIZE_WIDGET {"width":500,"height":0}
        ?width
        ?height
        act {"act":"dial"}
        +100
        "#,
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            ?      width = 420.0
            ?      height = 600.0
            60     > VISIBILITY_CHANGED {"isMinimized":true,"isHidden":false}
            160    > VISIBILITY_CHANGED {"isMinimized":false,"isHidden":false}
            260    > VISIBILITY_CHANGED {"isMinimized":false,"isHidden":true}
            ?      width = 500.0
            ?      height = 600.0
            360    > VISIBILITY_CHANGED {"isMinimized":false,"isHidden":false}
            400    > DIAL_NUMBER {"phoneNumber":"+442079460123","ownerId":70412055,"subjectId":301,"objectId":301,"objectType":"CONTACT","portalId":24021990,"countryCode":"GB","calleeInfo":{"calleeId":301,"calleeObjectTypeId":"0-1"},"startTimestamp":1800000000300.0,"toPhoneNumberSrc":"phone"}
        "#]],
    );
}

#[test]
fn answers_fail_and_get_lost_and_come_late() {
    let call = r#"< OUTGOING_CALL_STARTED {"externalCallId":"a","toNumber":"+442079460123","createEngagement":true}
        +9000
        ?activity
        "#;
    for (preset, expected) in [
        (
            "engagement-fails",
            expect![[r#"
                0      mount 1 × https://dialer.example/phone
                0      [loaded] the widget's frame has loaded
                0      > SYNC
                0      [switches] create-engagement.fail
                140    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
                320    > CREATE_ENGAGEMENT_FAILED {"error":{"message":"The engagement could not be created"}}
                ?      activity = []
            "#]],
        ),
        (
            "engagement-late",
            expect![[r#"
                0      mount 1 × https://dialer.example/phone
                0      [loaded] the widget's frame has loaded
                0      > SYNC
                0      [switches] create-engagement.delay:8000, engagement-created.delay:8015
                140    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
                8000   > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
                8015   > ENGAGEMENT_CREATED {"engagementId":18000007002}
                ?      activity = [{"engagementId":18000007002,"title":"Call with +442079460123","body":null,"status":"In progress","outcome":null,"durationMs":null,"recordingUrl":null,"inbound":false,"at":1800000008000.0}]
            "#]],
        ),
        (
            "engagement-silent",
            expect![[r#"
                0      mount 1 × https://dialer.example/phone
                0      [loaded] the widget's frame has loaded
                0      > SYNC
                0      [switches] create-engagement.drop, engagement-created.drop
                140    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
                320    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002} (not sent: switch create-engagement.drop)
                335    > ENGAGEMENT_CREATED {"engagementId":18000007002} (not sent: switch engagement-created.drop)
                ?      activity = [{"engagementId":18000007002,"title":"Call with +442079460123","body":null,"status":"In progress","outcome":null,"durationMs":null,"recordingUrl":null,"inbound":false,"at":1800000000320.0}]
            "#]],
        ),
        (
            "engagement-told-twice",
            expect![[r#"
                0      mount 1 × https://dialer.example/phone
                0      [loaded] the widget's frame has loaded
                0      > SYNC
                0      [switches] create-engagement.duplicate
                140    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
                320    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
                320    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
                335    > ENGAGEMENT_CREATED {"engagementId":18000007002}
                ?      activity = [{"engagementId":18000007002,"title":"Call with +442079460123","body":null,"status":"In progress","outcome":null,"durationMs":null,"recordingUrl":null,"inbound":false,"at":1800000000320.0}]
            "#]],
        ),
        (
            "call-id-fails",
            expect![[r#"
                0      mount 1 × https://dialer.example/phone
                0      [loaded] the widget's frame has loaded
                0      > SYNC
                0      [switches] initiate-call-id.fail
                140    > INITIATE_CALL_ID_FAILED {"error":{"message":"The call id could not be made"}}
                320    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
                335    > ENGAGEMENT_CREATED {"engagementId":18000007002}
                ?      activity = [{"engagementId":18000007002,"title":"Call with +442079460123","body":null,"status":"In progress","outcome":null,"durationMs":null,"recordingUrl":null,"inbound":false,"at":1800000000320.0}]
            "#]],
        ),
    ] {
        check(&format!("preset {preset}\n{call}"), &expected);
    }
}

#[test]
fn callers_are_matched() {
    let ring = |number: &str| {
        format!(
            "< INCOMING_CALL {{\"externalCallId\":\"a\",\"fromNumber\":\"{number}\",\"toNumber\":\"+16175550142\"}}\n+300\n"
        )
    };
    let lines = [
        ring("+1 617-555-0188"),
        ring("+15550100"),
        "preset caller-lookup-fails\n".to_owned() + &ring("+447700900777"),
        "preset caller-unknown\n".to_owned() + &ring("+447700900777"),
        "preset inbound-not-enabled\n".to_owned() + &ring("+447700900777"),
    ];
    check(
        &lines.concat(),
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            140    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
            220    > CALLER_ID_MATCH_SUCCEEDED {"callerIdMatches":[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":24021990,"objectId":302,"objectTypeId":"0-1"},"firstName":"Mara","lastName":"Lindqvist","email":"mara.lindqvist@example.com"},{"callerIdType":"COMPANY","objectCoordinates":{"portalId":24021990,"objectId":902,"objectTypeId":"0-2"},"name":"Nordlicht Optik"}]}
            440    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0002"}
            520    > CALLER_ID_MATCH_SUCCEEDED {"callerIdMatches":[]}
            600    [switches] caller-id-match.fail
            740    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0003"}
            820    > CALLER_ID_MATCH_FAILED {"error":{"message":"The search for the caller failed"}}
            900    [switches] caller-id-match.matches:"none"
            1040   > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0004"}
            1120   > CALLER_ID_MATCH_SUCCEEDED {"callerIdMatches":[]}
            1200   [switches] incoming-call.ignored
            1200   [ignored] INCOMING_CALL: switch incoming-call.ignored
        "#]],
    );
}

#[test]
fn each_generation_sends_what_it_knows() {
    let lines = r#"
        act {"act":"dial"}
        +500
        < OUTGOING_CALL_STARTED {"externalCallId":"a","toNumber":"+442079460123","createEngagement":true}
        +1000
        < CALL_ENDED
        < CALL_COMPLETED {"engagementId":18000007002,"engagementProperties":{"hs_call_body":"x"}}
        +1000
        act {"act":"setCallState"}
    "#;
    let mut said = String::new();
    for profile in ["seed", "0.2", "0.5", "0.9"] {
        let options = Options {
            profile: Some(profile.to_owned()),
            place: Some("remote".to_owned()),
            ..Options::default()
        };
        let mut stage_said = play(options, &format!("load\n{OPEN}{lines}"));
        stage_said.insert_str(0, &format!("profile {profile}\n"));
        said += &stage_said;
    }
    expect![[r#"
        profile seed
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        100    > DIAL_NUMBER {"phoneNumber":"+442079460123"}
        2500   error: HubSpot of profile seed does not send SET_CALL_STATE
        profile 0.2
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        100    > DIAL_NUMBER {"phoneNumber":"+442079460123","ownerId":70412055,"objectId":301,"objectType":"CONTACT","portalId":24021990}
        820    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
        835    > ENGAGEMENT_CREATED {"engagementId":18000007002}
        1560   > VISIBILITY_CHANGED {"isMinimized":false,"isHidden":true}
        1760   > UPDATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
        2500   > SET_CALL_STATE
        profile 0.5
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        100    > DIAL_NUMBER {"phoneNumber":"+442079460123","ownerId":70412055,"subjectId":301,"objectId":301,"objectType":"CONTACT","portalId":24021990,"countryCode":"GB","calleeInfo":{"calleeId":301,"calleeObjectTypeId":"0-1"},"startTimestamp":1800000000000.0,"toPhoneNumberSrc":"phone"}
        640    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
        820    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
        835    > ENGAGEMENT_CREATED {"engagementId":18000007002}
        1560   > VISIBILITY_CHANGED {"isMinimized":false,"isHidden":true}
        1760   > UPDATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
        2500   > SET_CALL_STATE
        profile 0.9
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        100    > DIAL_NUMBER {"phoneNumber":"+442079460123","ownerId":70412055,"subjectId":301,"objectId":301,"objectType":"CONTACT","portalId":24021990,"countryCode":"GB","calleeInfo":{"calleeId":301,"calleeObjectTypeId":"0-1"},"startTimestamp":1800000000000.0,"toPhoneNumberSrc":"phone"}
        640    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
        820    > CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
        835    > ENGAGEMENT_CREATED {"engagementId":18000007002}
        1560   > VISIBILITY_CHANGED {"isMinimized":false,"isHidden":true}
        1760   > UPDATE_ENGAGEMENT_SUCCEEDED {"engagementId":18000007002}
        2500   > SET_CALL_STATE
    "#]].assert_eq(&said);
}

#[test]
fn sync_has_what_its_time_knew() {
    let mut said = String::new();
    for (profile, switch) in [
        ("seed", None),
        ("0.2", None),
        ("0.5", None),
        ("0.9", None),
        ("0.9", Some("sync.host-url-slash")),
        ("0.9", Some("sync.no-host-url")),
    ] {
        let mut simulator = Simulator::start(
            Options {
                origin: "https://app.hubspot.com".to_owned(),
                widget: Some(WIDGET.to_owned()),
                profile: Some(profile.to_owned()),
                engagement: Some(5),
                switches: switch.iter().map(|it| (*it).to_owned()).collect(),
                ..Options::default()
            },
            START,
        )
        .unwrap();
        simulator.handle(Input::Load { frame: 0 }, START).unwrap();
        while let Some(output) = simulator.poll() {
            if let Output::Post { mut message, .. } = output {
                message.as_object_mut().unwrap().shift_remove("messageId");
                writeln!(said, "{profile}: {message}").unwrap();
            }
        }
    }
    expect![[r#"
        seed: {"type":"SYNC"}
        0.2: {"type":"SYNC","hostUrl":"https://app.hubspot.com"}
        0.5: {"engagementId":5,"portalId":24021990,"userId":5120877,"type":"SYNC","hostUrl":"https://app.hubspot.com"}
        0.9: {"engagementId":5,"portalId":24021990,"userId":5120877,"ownerId":70412055,"iframeLocation":"widget","usesCallingWindow":false,"type":"SYNC","hostUrl":"https://app.hubspot.com"}
        0.9: {"engagementId":5,"portalId":24021990,"userId":5120877,"ownerId":70412055,"iframeLocation":"widget","usesCallingWindow":false,"type":"SYNC","hostUrl":"https://app.hubspot.com/"}
        0.9: {"engagementId":5,"portalId":24021990,"userId":5120877,"ownerId":70412055,"iframeLocation":"widget","usesCallingWindow":false,"type":"SYNC"}
    "#]].assert_eq(&said);
}

#[test]
fn a_widget_that_never_answers() {
    let mut simulator = Simulator::start(
        Options {
            widget: Some(WIDGET.to_owned()),
            ..Options::default()
        },
        START,
    )
    .unwrap();
    simulator.handle(Input::Load { frame: 0 }, START).unwrap();
    let (mut syncs, mut end) = (0, None);
    while let Some(due) = simulator.deadline() {
        simulator.handle(Input::Timeout, due).unwrap();
        while let Some(output) = simulator.poll() {
            match output {
                Output::Post { .. } => syncs += 1,
                Output::Log { r#type, .. } if r#type == "no-answer" => end = Some(due - START),
                _ => {}
            }
        }
    }
    assert_eq!((syncs, end), (301, Some(30_100.0)));
}

#[test]
fn the_handshake_can_go_wrong() {
    let tries = [
        ("sync-storm", "load\nack\n?link\n?switches"),
        ("remounted", "load\nack\n+1500\n?link"),
        ("slow-widget", "load\n+8000\nload\nack\n?link"),
        ("mounted-twice", "load\nack\n?link"),
        ("null-messages", "load\nack\n+2500\n?switches"),
    ];
    let mut said = String::new();
    for (preset, lines) in tries {
        let options = Options {
            preset: Some(preset.to_owned()),
            ..Options::default()
        };
        writeln!(said, "{preset}\n{}", play(options, lines)).unwrap();
    }
    let lines = "set {\"sync.delay\":500}\nload\n+600\nack\n?link\n";
    writeln!(said, "sync.delay\n{}", play(Options::default(), lines)).unwrap();
    let lines = "set {\"sync.drop\":true}\nload\n+150\n?link\n";
    writeln!(said, "sync.drop\n{}", play(Options::default(), lines)).unwrap();
    expect![[r#"
        sync-storm
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        0      > SYNC
        ?      link = "ready"
        ?      switches = [{"name":"sync.storm","value":20,"met":true}]

        remounted
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        1000   > SYNC
        ?      link = "ready"

        slow-widget
        8000   mount 1 × https://dialer.example/phone
        8000   [loaded] the widget's frame has loaded
        8000   > SYNC
        ?      link = "ready"

        mounted-twice
        0      mount 2 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        ?      link = "ready"

        null-messages
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        ?      switches = [{"name":"page.null-messages","value":true,"met":true}]

        sync.delay
        0      mount 1 × https://dialer.example/phone
        0      [switches] sync.delay:500
        0      [loaded] the widget's frame has loaded
        500    > SYNC
        600    > SYNC
        ?      link = "ready"

        sync.drop
        0      mount 1 × https://dialer.example/phone
        0      [switches] sync.drop
        0      [loaded] the widget's frame has loaded
        0      > SYNC (not sent: switch sync.drop)
        100    > SYNC (not sent: switch sync.drop)
        ?      link = "syncing"

    "#]]
    .assert_eq(&said);
}

#[test]
fn a_widget_moves() {
    check(
        r#"
        < SET_WIDGET_URL {"iFrameUrl":"https://other.example/phone"}
        +10
        ?link
        "#,
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            0      frame 0 shows https://other.example/phone
            ?      link = "loading"
        "#]],
    );
    check(
        r#"
        < SET_WIDGET_URL {"iFrameUrl":"phone.html"}
        +10
        "#,
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            0      > SET_WIDGET_URL_FAILED {"error":{"message":"\"phone.html\" cannot be shown"}}
        "#]],
    );
}

#[test]
fn the_record_is_wished_for_in_vain() {
    check_with(
        Options {
            preset: Some("navigation-fails".to_owned()),
            ..Options::default()
        },
        r#"
        < NAVIGATE_TO_RECORD {"objectCoordinates":{"portalId":24021990,"objectId":303,"objectTypeId":"0-1"}}
        +300
        set {"navigate-to-record.fail":null}
        < NAVIGATE_TO_RECORD {"objectCoordinates":{"portalId":24021990,"objectId":9,"objectTypeId":"0-1"}}
        +300
        < NAVIGATE_TO_RECORD {"objectCoordinates":{"portalId":24021990,"objectId":"902","objectTypeId":"0-2"},"openIn":"NEW_TAB"}
        +300
        "#,
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            250    > NAVIGATE_TO_RECORD_FAILED {"engagementId":null,"objectCoordinates":{"portalId":24021990,"objectId":303,"objectTypeId":"0-1"}}
            300    [switches] all switches off
            550    > NAVIGATE_TO_RECORD_FAILED {"engagementId":null,"objectCoordinates":{"portalId":24021990,"objectId":9,"objectTypeId":"0-1"}}
            850    go {"record":"company/902","newTab":true}
        "#]],
    );
}

#[test]
fn what_cannot_be_done_is_an_error() {
    check(
        r#"
        act {"act":"endCall"}
        act {"act":"openRecord","record":"contact/9"}
        act {"act":"setWidget","url":"phone.html"}
        set {"dial-number.quickly":true}
        preset engagement-fail
        act {"act":"send","type":"CALL_QUALITY","data":{"score":4}}
        act {"act":"openRecord","record":"ticket/5501"}
        "#,
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            0      error: no call is running, so there is nothing to end
            0      error: there is no record "contact/9"; there is contact/301, contact/302, contact/303, company/902, company/903, ticket/5501
            0      error: "phone.html" is not the address of a widget; write one such as https://localhost:9025/
            0      error: there is no switch "dial-number.quickly"; did you mean dial-number.delay?
            0      error: there is no preset "engagement-fail"; did you mean engagement-fails?
            0      > CALL_QUALITY {"score":4}
            0      go {"record":"ticket/5501","newTab":false}
        "#]],
    );
    let early = play(Options::default(), r#"act {"act":"endCall"}"#);
    expect![[r#"
        0      mount 1 × https://dialer.example/phone
        0      error: the widget has not answered SYNC yet, so nothing can be sent to it
    "#]]
    .assert_eq(&early);
    for options in [
        Options {
            profile: Some("0.3".to_owned()),
            ..Options::default()
        },
        Options {
            record: Some("deal/1".to_owned()),
            ..Options::default()
        },
        Options {
            profile: Some("seed".to_owned()),
            switches: vec!["caller-id-match.fail".to_owned()],
            ..Options::default()
        },
        Options {
            widget: Some("localhost:3000".to_owned()),
            ..Options::default()
        },
    ] {
        let said = play(options, "");
        assert!(said.starts_with("error: "), "{said}");
    }
}

#[test]
fn a_ticket_dials_without_an_object() {
    check_with(
        Options {
            record: Some("ticket/5501".to_owned()),
            ..Options::default()
        },
        "act {\"act\":\"dial\"}\n+100",
        &expect![[r#"
            0      mount 1 × https://dialer.example/phone
            0      [loaded] the widget's frame has loaded
            0      > SYNC
            100    > DIAL_NUMBER {"phoneNumber":"+442079460123","ownerId":70412055,"subjectId":5501,"objectId":0,"portalId":24021990,"countryCode":"GB","calleeInfo":{"calleeId":301,"calleeObjectTypeId":"0-1"},"startTimestamp":1800000000000.0,"toPhoneNumberSrc":"phone"}
        "#]],
    );
}

/// Whatever a widget sends, nothing breaks.
#[test]
fn every_type_with_odd_data_is_taken() {
    let odd = [
        "",
        " null",
        " 7",
        " \"x\"",
        " []",
        " {}",
        r#" {"engagementId":"x","objectCoordinates":{"objectId":-1},"sizeInfo":7,"iFrameUrl":{},"fromNumber":"","toNumber":[]}"#,
    ];
    let mut lines = OPEN.to_owned();
    for kind in MessageType::ALL {
        for data in odd {
            writeln!(lines, "< {kind}{data}").unwrap();
        }
    }
    let said = play(
        Options::default(),
        &(lines + "+10000\nact {\"act\":\"send\",\"type\":\"END_CALL\"}"),
    );
    assert!(said.ends_with("> END_CALL\n"), "{said}");
}

fn at_place(place: &str) -> Options {
    Options {
        place: Some(place.to_owned()),
        ..Options::default()
    }
}

#[test]
fn bar_and_window_have_a_handshake_each() {
    let lines = r#"
        load
        ack
        < INITIALIZED {"isLoggedIn":true}
        load 1
        ?link
        ack
        ?link
        < INITIALIZED {"isLoggedIn":true}
        act {"act":"dial"}
        +200
        < OUTGOING_CALL_STARTED {"externalCallId":"a","toNumber":"+442079460123"}
        < CALL_ANSWERED {"externalCallId":"a"}
        act {"act":"openRecord","record":"company/902"}
        closed
        ?link
        ?call.stage
        in 0
        < CALL_ENDED {"externalCallId":"a"}
        ?call.stage
    "#;
    expect![[r#"
        0      mount 2 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        ?      link = "open"
        ?      link = "open"
        100    > DIAL_NUMBER {"phoneNumber":"+442079460123","ownerId":70412055,"subjectId":301,"objectId":301,"objectType":"CONTACT","portalId":24021990,"countryCode":"GB","calleeInfo":{"calleeId":301,"calleeObjectTypeId":"0-1"},"startTimestamp":1800000000000.0,"toPhoneNumberSrc":"phone"}
        100    > DIAL_NUMBER {"phoneNumber":"+442079460123","ownerId":70412055,"subjectId":301,"objectId":301,"objectType":"CONTACT","portalId":24021990,"countryCode":"GB","calleeInfo":{"calleeId":301,"calleeObjectTypeId":"0-1"},"startTimestamp":1800000000000.0,"toPhoneNumberSrc":"phone"}
        200    [window-closed] the user has closed the calling window
        200    [alert] Your calling window is closed. The widget in the navigation bar goes on.
        ?      link = "open"
        ?      call.stage = "answered"
        ?      call.stage = "ended"
    "#]].assert_eq(&play(at_place("both"), lines));
}

#[test]
fn a_calling_window_takes_its_call_with_it_and_opens_again() {
    let lines = r#"
        load
        ack
        < INITIALIZED {"isLoggedIn":true}
        < OUTGOING_CALL_STARTED {"externalCallId":"a","toNumber":"+442079460123"}
        +1000
        closed
        ?link
        ?call.stage
        ?loggedIn
        act {"act":"endCall"}
        act {"act":"dial"}
        +1000
        load
        +200
        ack
        < INITIALIZED {"isLoggedIn":true}
        ?link
    "#;
    expect![[r#"
        0      mount 1 × https://dialer.example/phone
        0      [loaded] the widget's frame has loaded
        0      > SYNC
        140    > INITIATE_CALL_ID_SUCCEEDED {"callId":"00000007-0001"}
        1000   [window-closed] the user has closed the calling window
        1000   [alert] Your calling window is closed, and the call with it.
        ?      link = "windowClosed"
        ?      call.stage = "ended"
        ?      loggedIn = null
        1000   error: the widget has not answered SYNC yet, so nothing can be sent to it
        1000   [alert] The calling app is not connected. Wait until it has answered.
        2000   [loaded] the widget's frame has loaded
        2000   > SYNC
        2100   > SYNC
        2200   > SYNC
        ?      link = "open"
    "#]]
    .assert_eq(&play(at_place("window"), lines));
}
