//! Properties of any session, however broken.

use std::collections::BTreeMap;

use callscope_protocol::{
    Answer, CallId, Checker, Closed, ConversationId, ConversationStart, Fact, Finding, Gap,
    GapReason, Inside, InsideKind, Message, MessageSummary, MessageText, MessageType, Millis,
    Placement, RecordedMessage, Setting, SeverityCounts, Side, VersionRange, check_fields,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any JSON value, small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_u64..20).prop_map(Value::from),
        "[a-z]{0,4}|\\+?[0-9]{3,12}|https://[a-z.]{1,9}/?".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,3}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A message of a known type whose fields have correct and wrong values.
fn any_message() -> impl Strategy<Value = Value> {
    let ty = prop::sample::select(MessageType::ALL);
    let id = prop_oneof![
        "(1|2|3)_[0-9]{1,2}".prop_map(Value::from),
        Just(Value::Null),
        "[a-z]{0,2}".prop_map(Value::from),
    ];
    let value = prop_oneof![
        any_json(),
        "[ab]".prop_map(Value::from),
        (1_u64..4).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
    ];
    let version = prop::sample::select(vec![
        "1.0.0",
        "0.0.1",
        "0.2.1-beta.0",
        "0.5.1-beta.0",
        "0.8.1-alpha.0",
        "0.9.7-beta.0",
        "mine",
    ]);
    (
        ty,
        id,
        prop::collection::vec(value, 12),
        any::<u16>(),
        version,
    )
        .prop_map(|(ty, id, values, which, version)| {
            let mut message = json!({ "type": ty.name(), "messageId": id });
            let mut data = json!({});
            for (index, (field, value)) in ty.spec().fields.iter().zip(values).enumerate() {
                if which & (1 << (index % 16)) == 0 {
                    continue;
                }
                let key = field
                    .name
                    .split(['.', '['])
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                match field.location {
                    callscope_protocol::Location::Top => message[key] = value,
                    callscope_protocol::Location::Data => data[key] = value,
                }
            }
            if ty == MessageType::SyncAck {
                message["version"] = version.into();
            }
            message["type"] = ty.name().into();
            message["data"] = data;
            message
        })
}

fn any_text() -> impl Strategy<Value = MessageText> {
    prop_oneof![
        8 => any_message().prop_map(|value| MessageText::from(value.to_string())),
        1 => any_json().prop_map(|value| MessageText::from(value.to_string())),
        1 => "[{}\":,a-z0-9\\\\]{0,20}".prop_map(MessageText::from),
    ]
}

fn any_side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Host), Just(Side::Widget)]
}

fn any_reason() -> impl Strategy<Value = GapReason> {
    prop_oneof![
        Just(GapReason::LateStart),
        Just(GapReason::PageLeft),
        Just(GapReason::SenderGone),
        Just(GapReason::BufferFull),
        any_side().prop_map(GapReason::HalfMissing),
    ]
}

/// A fact, and how much later than the previous one it is; it gets its number later.
fn any_fact() -> impl Strategy<Value = (Fact, f64)> {
    let id = (1_u32..3).prop_map(ConversationId);
    let at = Millis(0.0);
    let recorded = (
        any_text(),
        any_side(),
        id.clone(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            move |(message, from, conversation, injected, right_origin)| {
                let origin = match (from, right_origin) {
                    (Side::Host, true) => "https://app.hubspot.com",
                    (Side::Widget, true) => "https://widget.example",
                    (_, false) => "",
                };
                Fact::Message(RecordedMessage {
                    seq: 0,
                    at,
                    conversation,
                    from,
                    origin: origin.into(),
                    injected,
                    message,
                    cloned: BTreeMap::new(),
                    truncated: None,
                })
            },
        );
    let gap = (
        prop::option::of(id.clone()),
        prop::option::of(0_u64..3),
        any_reason(),
    )
        .prop_map(move |(conversation, lost, why)| {
            Fact::Gap(Gap {
                at,
                conversation,
                lost,
                why,
            })
        });
    let start = (id.clone(), prop::option::of(id.clone())).prop_map(move |(id, continues)| {
        let (host_origin, widget_origin) = (None, None);
        Fact::Conversation(ConversationStart {
            id,
            at,
            continues,
            host_origin,
            widget_origin,
            in_calling_window: false,
        })
    });
    let closed = (id, any_side()).prop_map(move |(conversation, side)| {
        Fact::Closed(Closed {
            conversation,
            at,
            side,
        })
    });
    let keys = vec![
        "LocalSettings:Calling:CallingExtensions",
        "LocalSettings:Sales:CallingExtensions",
    ];
    let setting = (prop::sample::select(keys), prop::option::of("\\{.{0,9}\\}")).prop_map(
        move |(key, value)| {
            Fact::Setting(Setting {
                at,
                key: key.to_owned(),
                value,
            })
        },
    );
    let what = prop::sample::select(InsideKind::ALL.to_vec());
    let text = || prop::option::of("[A-Z_:. \\n]{0,12}");
    let alone = prop::option::of((0_u32..3).prop_map(ConversationId));
    let inside = (alone, any_side(), what, text(), text()).prop_map(
        move |(conversation, side, what, text, stack)| {
            Fact::Inside(Box::new(Inside {
                conversation,
                text,
                stack,
                ..Inside::new(at, side, what)
            }))
        },
    );
    let later = prop_oneof![
        6 => 0.0..500.0,
        2 => 500.0..40_000.0,
        1 => prop::sample::select(vec![-50.0, f64::NAN, f64::INFINITY, 1e300]),
    ];
    let fact =
        prop_oneof![20 => recorded, 1 => gap, 1 => start, 1 => closed, 1 => setting, 1 => inside];
    (fact, later)
}

fn any_session() -> impl Strategy<Value = Vec<Fact>> {
    prop::collection::vec(any_fact(), 0..60).prop_map(|facts| {
        let mut now = 1_700_000_000_000.0;
        let mut seq = 0;
        let timed = facts.into_iter().map(|(mut fact, later)| {
            let at = Millis(now + later);
            if later.is_finite() && later < 1e9 {
                now += later;
            }
            match &mut fact {
                Fact::Message(recorded) => {
                    seq += 1;
                    (recorded.seq, recorded.at) = (seq, at);
                }
                Fact::Gap(gap) => gap.at = at,
                Fact::Conversation(start) => start.at = at,
                Fact::Closed(closed) => closed.at = at,
                Fact::Setting(setting) => setting.at = at,
                Fact::Inside(inside) => inside.at = at,
                Fact::End(end) => *end = at,
            }
            fact
        });
        timed.collect()
    })
}

/// How many facts a percentage of them is.
fn count_of(facts: &[Fact], percent: usize) -> usize {
    facts.len() * percent / 100
}

fn check(facts: &[Fact]) -> Vec<Finding> {
    let mut checker = Checker::new();
    for fact in facts {
        checker.observe(fact);
    }
    checker.drain_findings()
}

/// The call and request that each message belongs to.
fn place(facts: &[Fact]) -> Vec<(u64, Placement)> {
    let mut checker = Checker::new();
    let mut placed = Vec::new();
    for fact in facts {
        checker.observe(fact);
        if let Fact::Message(recorded) = fact {
            placed.push((recorded.seq, checker.placement()));
        }
    }
    placed
}

fn recorded(facts: &[Fact], seq: u64) -> &RecordedMessage {
    let messages = facts.iter().filter_map(|fact| match fact {
        Fact::Message(recorded) => Some(recorded),
        _ => None,
    });
    messages
        .into_iter()
        .find(|recorded| recorded.seq == seq)
        .expect("it is of the session")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_session_panics(facts in any_session(), later in any::<f64>()) {
        let mut checker = Checker::new();
        for fact in &facts {
            checker.observe(fact);
            for conversation in checker.conversations() {
                prop_assert!(!conversation.sdk_words().is_empty());
            }
        }
        checker.advance(Millis(later));
        checker.observe(&Fact::End(Millis(later)));
        let findings = checker.drain_findings();
        let counted: u64 = checker
            .conversations()
            .map(|it| it.note_count + it.warning_count + it.error_count)
            .sum();
        prop_assert!(counted <= findings.len() as u64);
        for finding in findings {
            prop_assert!(!finding.message.is_empty());
        }
    }

    #[test]
    fn the_beginning_has_the_beginning_of_the_findings(facts in any_session(), percent in 0_usize..=100) {
        let count = count_of(&facts, percent);
        let all = check(&facts);
        let some = check(facts.get(..count).unwrap_or_default());
        prop_assert_eq!(all.get(..some.len()), Some(some.as_slice()));
    }

    #[test]
    fn the_beginning_has_the_beginning_of_the_answers(facts in any_session(), percent in 0_usize..=100) {
        let count = count_of(&facts, percent);
        let all = place(&facts);
        let some = place(facts.get(..count).unwrap_or_default());
        prop_assert_eq!(all.get(..some.len()), Some(some.as_slice()));
    }

    #[test]
    fn answers_come_after_their_requests(facts in any_session()) {
        for (seq, Placement { answers, .. }) in place(&facts) {
            if let Some(Answer { request, request_type, answer_type, latency }) = answers {
                prop_assert!(request < seq);
                prop_assert!(latency >= Millis(0.0));
                let asked = recorded(&facts, request);
                let answer = recorded(&facts, seq);
                prop_assert_eq!(asked.conversation, answer.conversation);
                prop_assert!(asked.from != answer.from);
                prop_assert_eq!(Message::decode(&asked.message).known(), request_type);
                prop_assert_eq!(Message::decode(&answer.message).known(), Some(answer_type));
            }
        }
    }

    /// Every call is returned once, with the messages that belong to it, and the summary counts it.
    #[test]
    fn calls_have_their_messages(facts in any_session(), drain_every in 1_usize..9) {
        let mut checker = Checker::new();
        let mut calls = Vec::new();
        let mut findings = Vec::new();
        let mut members: BTreeMap<CallId, Vec<u64>> = BTreeMap::new();
        for (index, fact) in facts.iter().enumerate() {
            checker.observe(fact);
            if let (Fact::Message(recorded), Some(call)) = (fact, checker.placement().call) {
                members.entry(call).or_default().push(recorded.seq);
                prop_assert_eq!(call.conversation, recorded.conversation);
            }
            if index % drain_every == 0 {
                calls.extend(checker.drain_calls());
                findings.extend(checker.drain_findings());
            }
        }
        let summary = checker.summary();
        calls.extend(checker.drain_calls());
        calls.extend(checker.open_calls());
        findings.extend(checker.drain_findings());
        prop_assert_eq!(summary.calls.count, calls.len() as u64);
        let SeverityCounts { errors, warnings, notes } = summary.findings;
        prop_assert_eq!(errors + warnings + notes, findings.len() as u64);
        for call in calls {
            let own = members.remove(&call.id).unwrap_or_default();
            prop_assert_eq!(call.message_count, own.len() as u64, "{:?}", &call);
            prop_assert_eq!(Some(&call.first_seq), own.first());
            prop_assert_eq!(Some(&call.last_seq), own.last());
        }
        prop_assert!(members.is_empty(), "{:?}", members);
        for finding in findings {
            if let Some(call) = finding.call {
                prop_assert_eq!(call.conversation, finding.conversation);
                prop_assert!(finding.seq.is_some() || finding.fact.is_some());
            }
        }
    }

    #[test]
    fn a_clone_goes_on_alike(facts in any_session(), percent in 0_usize..=100) {
        let count = count_of(&facts, percent);
        let (before, after) = facts.split_at(count);
        let mut checker = Checker::new();
        for fact in before {
            checker.observe(fact);
        }
        let mut copy = checker.clone();
        for fact in after {
            copy.observe(fact);
        }
        prop_assert_eq!(copy.drain_findings(), check(&facts));
    }

    #[test]
    fn deadlines_come_to_an_end(facts in any_session()) {
        let mut checker = Checker::new();
        for fact in &facts {
            checker.observe(fact);
        }
        let mut rounds = 0;
        while let Some(deadline) = checker.next_deadline() {
            checker.advance(deadline);
            rounds += 1;
            prop_assert!(rounds < 1_000, "{:?}", deadline);
        }
    }

    #[test]
    fn any_text_is_a_message(text in any_text()) {
        let message = Message::decode(&text);
        let _ = (message.kind(), check_fields(&message, VersionRange::default()));
        let summary = MessageSummary::read(&text);
        prop_assert_eq!(&summary.type_name, message.type_name().unwrap_or_default());
        prop_assert_eq!(summary.known, message.known());
        prop_assert_eq!(summary.message_id, message.message_id().unwrap_or_default());
    }
}
