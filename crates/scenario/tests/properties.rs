//! Whatever a page posts and whatever happens, nothing panics, and generated scenarios can be read.

use std::collections::BTreeMap;

use callscope_protocol::{
    Closed, ConversationId, ConversationStart, Fact, MessageType, Millis, RecordedMessage,
    Severity, Side,
};
use callscope_scenario::{
    Bindings, Event, FromSession, Options, Plan, Runner, Scenario, Verdict, built_in,
};
use callscope_session_log::Session;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A name that a page may give something.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("externalCallId".to_owned()),
        2 => Just("engagementId".to_owned()),
        1 => Just("callEndStatus".to_owned()),
        1 => Just("$not".to_owned()),
        1 => "[$a-z\\- ]{0,6}Id",
        1 => ".{0,8}",
    ]
}

/// A value that a page may post.
fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..9).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[$a-c]{0,3}".prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    plain.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..4)
                .prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

/// A message's type: one from the catalogue, or any other.
fn type_name() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => prop::sample::select(MessageType::ALL).prop_map(|it| it.name().to_owned()),
        1 => ".{0,8}",
    ]
}

/// What happens in a session.
#[derive(Clone, Debug)]
enum Step {
    Say(Side, String, Option<Value>),
    /// A value posted by a page that is not a message.
    Anything(Side, Value),
    Reload(Side),
    Pass(i32),
    /// For a runner: the command is done, or why it is not.
    Tell(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let side = || prop_oneof![Just(Side::Host), Just(Side::Widget)];
    prop_oneof![
        8 => (side(), type_name(), prop::option::of(value())).prop_map(|(a, b, c)| Step::Say(a, b, c)),
        1 => (side(), value()).prop_map(|(a, b)| Step::Anything(a, b)),
        1 => side().prop_map(Step::Reload),
        // A clock may be set back.
        2 => (-3_000_i32..9_000).prop_map(Step::Pass),
        3 => any::<u8>().prop_map(Step::Tell),
    ]
}

/// Turns steps into facts.
struct Facts {
    now: f64,
    conversation: u32,
    count: u64,
}

impl Facts {
    const fn new() -> Self {
        Self {
            now: 1_764_147_000_000.0,
            conversation: 0,
            count: 0,
        }
    }

    fn begin(&mut self) -> Fact {
        let continues = (self.conversation > 0).then_some(ConversationId(self.conversation));
        self.conversation += 1;
        Fact::Conversation(ConversationStart {
            id: ConversationId(self.conversation),
            at: Millis(self.now),
            continues,
            host_origin: Some("https://app.hubspot.com".to_owned()),
            widget_origin: Some("https://localhost:9025".to_owned()),
            in_calling_window: false,
        })
    }

    fn message(&mut self, from: Side, message: &Value) -> Fact {
        self.count += 1;
        self.now += 1.0;
        Fact::Message(RecordedMessage {
            seq: self.count,
            at: Millis(self.now),
            conversation: ConversationId(self.conversation),
            from,
            origin: "https://localhost:9025".into(),
            injected: false,
            message: message.to_string().into(),
            cloned: BTreeMap::new(),
            truncated: None,
        })
    }

    fn of(&mut self, step: &Step) -> Vec<Fact> {
        match step {
            Step::Say(from, name, data) => {
                let mut message = json!({ "type": name, "messageId": format!("1_{}", self.count) });
                if let Some(data) = data {
                    message["data"] = data.clone();
                }
                vec![self.message(*from, &message)]
            }
            Step::Anything(from, value) => vec![self.message(*from, value)],
            Step::Reload(side) => {
                let conversation = ConversationId(self.conversation);
                let at = Millis(self.now);
                let side = *side;
                vec![
                    Fact::Closed(Closed {
                        conversation,
                        at,
                        side,
                    }),
                    self.begin(),
                ]
            }
            Step::Pass(millis) => {
                self.now += f64::from(*millis);
                Vec::new()
            }
            Step::Tell(_) => Vec::new(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_scenario_that_is_made_can_be_read(
        steps in prop::collection::vec(step(), 1..20),
        is_strict in any::<bool>(),
    ) {
        let mut facts = Facts::new();
        let mut session = Session::new();
        session.push(facts.begin());
        for step in &steps {
            session.push_all(facts.of(step));
        }
        let maker = FromSession { name: "made", source: "a session", is_strict };
        if let Ok(made) = maker.make(&session) {
            let read = Scenario::read("made.jsonc", &made.text);
            prop_assert!(read.is_ok(), "{}\n{}", read.unwrap_err(), made.text);
        }
    }

    #[test]
    fn a_scenario_ends_whatever_happens(
        steps in prop::collection::vec(step(), 0..60),
        which in any::<prop::sample::Index>(),
    ) {
        let all = built_in().unwrap();
        let find = |name: &str| all.iter().find(|it| it.name == name);
        let plan = Plan::new(which.get(&all), &find).unwrap();
        let options = Options { profile: None, deny: Some(Severity::Error), by_hand: false };
        let mut facts = Facts::new();
        let mut runner = Runner::new(plan, Bindings::default(), options, Millis(facts.now));
        let mut is_open = false;
        for step in &steps {
            if runner.poll_command().is_some() && !is_open {
                is_open = true;
                runner.handle(Event::Fact(facts.begin()));
            }
            if let Step::Tell(choice) = step {
                let why = "why".to_owned();
                runner.handle(match choice % 16 {
                    0 => Event::CannotUse(why),
                    1 => Event::Refused(why),
                    2 => Event::CannotLoad(why),
                    _ => Event::Done,
                });
            }
            if is_open {
                for fact in facts.of(step) {
                    runner.handle(Event::Fact(fact));
                }
            }
            runner.advance(Millis(facts.now));
        }
        // If the driver carries out all commands and lets time pass, the runner comes to an end.
        let before = runner.plan().steps.len();
        for _ in 0..before * 100 {
            if runner.verdict().is_some() {
                break;
            }
            _ = runner.poll_command();
            runner.handle(Event::Done);
            facts.now += 1_000.0;
            runner.advance(Millis(facts.now));
        }
        prop_assert!(runner.verdict().is_some());
        if let Some(Verdict::Fail(failure)) = runner.verdict() {
            prop_assert!(failure.step < runner.plan().steps.len());
        }
        prop_assert!(runner.poll_command().is_none());
    }
}
