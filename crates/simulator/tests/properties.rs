//! Whatever the widget sends, the user does and goes wrong: nothing panics, nothing continues by
//! itself without end, and the next page of the session can start.

use callscope_protocol::MessageType;
use callscope_simulator::{
    Act, Input, Options, Output, PORTAL_ID, PRESETS, RECORDS, SWITCHES, Simulator,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const WIDGET: &str = "https://phone.example";

/// What may happen next.
#[derive(Clone, Debug)]
enum Step {
    Load(usize),
    /// The widget answers the last SYNC.
    Answer,
    /// A message of the catalogue, with anything in it.
    Say(usize, String, Value),
    /// A message as a good widget sends it.
    Behave(u8),
    Post(Option<usize>, Value),
    Act(Value),
    Switch(usize, Value),
    Preset(usize),
    Reset,
    /// The clock advances, or is set back.
    Pass(f64),
}

/// Keys that the simulator looks for.
const KEYS: [&str; 16] = [
    "isLoggedIn",
    "createEngagement",
    "fromNumber",
    "toNumber",
    "externalCallId",
    "engagementId",
    "callEndStatus",
    "hideWidget",
    "engagementProperties",
    "hs_call_duration",
    "objectCoordinates",
    "sizeInfo",
    "width",
    "iFrameUrl",
    "message",
    "openIn",
];

fn any_value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        Just(json!("+447700900777")),
        Just(json!("400px")),
        ".{0,6}".prop_map(Value::from),
    ];
    plain.prop_recursive(3, 16, 5, |inner| {
        let key = prop::sample::select(KEYS.to_vec()).prop_map(ToOwned::to_owned);
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            4 => prop::collection::btree_map(key, inner, 0..6)
                .prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

fn act() -> impl Strategy<Value = Value> {
    let plain = vec![
        "dial",
        "endCall",
        "minimize",
        "restore",
        "close",
        "open",
        "reloadWidget",
        "reloadPage",
        "setCallState",
    ];
    let records: Vec<String> = RECORDS.iter().map(|it| it.id.to_string()).collect();
    let urls = vec!["https://other.example/x", "about:blank", ""];
    prop_oneof![
        9 => prop::sample::select(plain).prop_map(|it| json!({ "act": it })),
        1 => ".{0,8}".prop_map(|it| json!({ "act": "dial", "number": it })),
        2 => prop::sample::select(records)
            .prop_map(|it| json!({ "act": "openRecord", "record": it })),
        1 => ".{0,8}".prop_map(|it| json!({ "act": "openRecord", "record": it })),
        1 => (".{0,8}", any_value())
            .prop_map(|(kind, data)| json!({ "act": "send", "type": kind, "data": data })),
        1 => prop::sample::select(vec!["seed", "0.2", "0.5", "0.9"])
            .prop_map(|it| json!({ "act": "setProfile", "profile": it })),
        1 => prop::sample::select(vec!["widget", "remote", "window"])
            .prop_map(|it| json!({ "act": "setPlace", "place": it })),
        1 => prop::sample::select(urls).prop_map(|it| json!({ "act": "setWidget", "url": it })),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop::sample::select(MessageType::ALL).prop_map(|it| it.name().to_owned());
    let setting = prop_oneof![
        3 => Just(json!(true)),
        2 => (0..5_000).prop_map(Value::from),
        1 => Just(json!("several")),
        1 => any_value(),
    ];
    prop_oneof![
        2 => (0_usize..3).prop_map(Step::Load),
        4 => Just(Step::Answer),
        8 => (0_usize..3, kind, any_value()).prop_map(|(a, b, c)| Step::Say(a, b, c)),
        6 => any::<u8>().prop_map(Step::Behave),
        1 => (prop::option::of(0_usize..3), any_value()).prop_map(|(a, b)| Step::Post(a, b)),
        6 => act().prop_map(Step::Act),
        3 => (0..SWITCHES.len(), setting).prop_map(|(a, b)| Step::Switch(a, b)),
        1 => (0..PRESETS.len()).prop_map(Step::Preset),
        1 => Just(Step::Reset),
        4 => (0.0..4_000.0).prop_map(Step::Pass),
        1 => (-9e6..9e6).prop_map(Step::Pass),
    ]
}

struct Page {
    now: f64,
    simulator: Simulator,
    options: Options,
    last_sync: Option<Value>,
}

impl Page {
    fn begin() -> Result<Self, TestCaseError> {
        let options = Options {
            origin: "https://app.hubspot.com".to_owned(),
            widget: Some(format!("{WIDGET}/softphone")),
            seed: 1,
            ..Options::default()
        };
        let now = 1_764_147_000_000.0;
        Ok(Self {
            now,
            simulator: started(&options, now)?,
            options,
            last_sync: None,
        })
    }

    /// Does a step; a refusal must have a message, and is otherwise ignored.
    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Load(frame) => self.handle(Input::Load { frame }),
            Step::Answer => {
                if let Some(mut ack) = self.last_sync.clone() {
                    ack["type"] = json!("SYNC_ACK");
                    self.hear(Some(0), ack);
                    let data = json!({ "isLoggedIn": true });
                    let ready = json!({ "type": "INITIALIZED", "messageId": "1_1", "data": data });
                    self.hear(Some(0), ready);
                }
            }
            Step::Say(frame, kind, data) => {
                let value = json!({ "type": kind, "messageId": "1_2", "data": data });
                self.hear(Some(frame), value);
            }
            Step::Behave(choice) => {
                let (kind, data) = self.good_message(choice);
                let value = json!({ "type": kind, "messageId": "1_3", "data": data });
                self.hear(Some(0), value);
            }
            Step::Post(frame, value) => self.hear(frame, value),
            Step::Act(act) => {
                let step: Act = serde_json::from_value(act)
                    .map_err(|error| TestCaseError::fail(error.to_string()))?;
                self.handle(Input::Act { step });
            }
            Step::Switch(which, value) => {
                if let Some(row) = SWITCHES.get(which) {
                    let settings = Map::from_iter([(row.name.clone(), value)]);
                    _ = self.simulator.set(&settings, self.now);
                }
            }
            Step::Preset(which) => {
                if let Some(preset) = PRESETS.get(which) {
                    _ = self.simulator.preset(preset.name, self.now);
                }
            }
            Step::Reset => self.simulator.reset(self.now),
            Step::Pass(millis) => {
                self.now += millis;
                self.handle(Input::Timeout);
            }
        }
        self.obey()
    }

    fn good_message(&self, choice: u8) -> (&'static str, Value) {
        let view = self.simulator.view();
        let engagement = view.activity.first().map(|it| it.engagement_id);
        let call = json!({ "externalCallId": "a", "engagementId": engagement });
        let with = |key: &str, value: Value| {
            let mut data = call.clone();
            data[key] = value;
            data
        };
        let number = "+447700900777";
        match choice % 8 {
            0 => {
                let mut data = with("createEngagement", json!(true));
                data["toNumber"] = json!(number);
                ("OUTGOING_CALL_STARTED", data)
            }
            1 => {
                let mut data = with("createEngagement", json!(true));
                data["fromNumber"] = json!(number);
                ("INCOMING_CALL", data)
            }
            2 => ("CALL_ANSWERED", call),
            3 => ("CALL_ENDED", with("callEndStatus", json!("COMPLETED"))),
            4 => {
                let properties = json!({ "hs_call_body": "Notes", "hs_call_duration": "1500" });
                ("CALL_COMPLETED", with("engagementProperties", properties))
            }
            5 => {
                let coordinates =
                    json!({ "portalId": PORTAL_ID, "objectTypeId": "0-1", "objectId": 302 });
                ("NAVIGATE_TO_RECORD", with("objectCoordinates", coordinates))
            }
            6 => ("FINALIZE_ENGAGEMENT", call),
            _ => ("CALL_TRANSFERRED", call),
        }
    }

    fn hear(&mut self, frame: Option<usize>, value: Value) {
        let origin = WIDGET.to_owned();
        self.handle(Input::Message {
            frame,
            origin,
            value,
        });
    }

    fn handle(&mut self, input: Input) {
        _ = self.simulator.handle(input, self.now);
    }

    /// Does what the page's script does.
    fn obey(&mut self) -> Result<(), TestCaseError> {
        let mut count = 0;
        let mut next = None;
        while let Some(output) = self.simulator.poll() {
            count += 1;
            prop_assert!(count < 20_000, "it talks without end");
            match output {
                Output::Post { message, .. } if message["type"] == "SYNC" => {
                    self.last_sync = Some(message);
                }
                Output::Go { to } => next = Some(to),
                _ => {}
            }
        }
        let deadline = self.simulator.deadline();
        prop_assert!(deadline.is_none_or(f64::is_finite));
        prop_assert!(serde_json::to_value(self.simulator.view()).is_ok());
        let Some(to) = next else { return Ok(()) };
        let options = &mut self.options;
        options.kept = Some(self.simulator.kept());
        options.engagement = to.engagement;
        options.record = to.record.or(options.record.take());
        options.widget = to.widget.or(options.widget.take());
        let profile = to.profile.map(|it| it.name().to_owned());
        options.profile = profile.or(options.profile.take());
        let place = to.place.map(|it| it.name().to_owned());
        options.place = place.or(options.place.take());
        self.simulator = started(&self.options, self.now)?;
        self.last_sync = None;
        self.obey()
    }
}

fn started(options: &Options, now: f64) -> Result<Simulator, TestCaseError> {
    Simulator::start(options.clone(), now).map_err(|error| TestCaseError::fail(error.to_string()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_a_widget_or_a_user_does_breaks_the_page(
        steps in prop::collection::vec(step(), 0..80),
    ) {
        let mut page = Page::begin()?;
        page.obey()?;
        for step in steps {
            page.take(step)?;
        }
        // Left alone, with nothing going wrong, it comes to rest.
        page.take(Step::Reset)?;
        for _ in 0..2_000 {
            let Some(deadline) = page.simulator.deadline() else { break };
            page.take(Step::Pass((deadline - page.now).max(0.0)))?;
        }
        prop_assert_eq!(page.simulator.deadline(), None);
    }
}
