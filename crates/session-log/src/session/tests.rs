//! However facts arrive, the session is that of the facts in order.

use callscope_protocol::{
    Closed, ConversationId, ConversationStart, Fact, Finding, Gap, GapReason, Inside, InsideKind,
    MessageText, Millis, RecordedMessage, Setting, Side,
};
use proptest::prelude::*;
use proptest::sample::Index;

use super::causes::{RESOLUTION, answers};
use super::timeline::Placed;
use crate::Session;
use crate::line::LogLine;

pub(super) fn recorded(at: f64, conversation: u32, from: Side, message: &str) -> Fact {
    Fact::Message(RecordedMessage {
        seq: 1,
        at: Millis(at),
        conversation: ConversationId(conversation),
        from,
        origin: "https://app.hubspot.com".into(),
        injected: false,
        message: MessageText::from(message),
        cloned: std::collections::BTreeMap::new(),
        truncated: None,
    })
}

fn start(at: f64, id: u32) -> Fact {
    Fact::Conversation(ConversationStart {
        id: ConversationId(id),
        at: Millis(at),
        continues: None,
        host_origin: None,
        widget_origin: None,
        in_calling_window: false,
    })
}

/// The order by its definition, computed in the simplest way.
fn in_order(items: &[(u64, Fact)]) -> Vec<(u64, Fact)> {
    let rank = |fact: &Fact| match fact {
        Fact::Conversation(_) => 0,
        Fact::Setting(_) => 1,
        Fact::Gap(_) => 2,
        Fact::Message(recorded) if recorded.from == Side::Host => 3,
        Fact::Message(_) => 4,
        Fact::Inside(_) => 5,
        Fact::Closed(_) => 6,
        Fact::End(_) => 7,
    };
    let at = |fact: &Fact| match fact {
        Fact::Conversation(start) => items
            .iter()
            .filter_map(|(_, other)| match other {
                Fact::Message(recorded) if recorded.conversation == start.id => Some(recorded.at.0),
                _ => None,
            })
            .fold(start.at.0, f64::min),
        other => other.at().0,
    };
    let sort = |items: &mut Vec<(f64, u64, Fact)>| {
        items.sort_by(|(a_at, a_id, a), (b_at, b_id, b)| {
            (a_at.total_cmp(b_at))
                .then(rank(a).cmp(&rank(b)))
                .then(a_id.cmp(b_id))
        });
    };
    let all = items.iter();
    let mut all: Vec<_> = all
        .map(|(id, fact)| (at(fact), *id, fact.clone()))
        .collect();
    sort(&mut all);
    let mut sorted = all.clone();
    for (index, (own, _, fact)) in all.iter().enumerate() {
        let Fact::Message(recorded) = fact else {
            continue;
        };
        let near = all[index..].iter();
        let mut near = near.take_while(|(at, ..)| *at <= own + RESOLUTION);
        let is_request = |(_, _, other): &&(f64, u64, Fact)| match other {
            Fact::Message(other) => answers(recorded, other),
            _ => false,
        };
        let mut at = *own;
        if let Some((request, ..)) = near.find(is_request) {
            at = request.next_up();
        }
        let is_same_document = |(_, other): &(usize, &(f64, u64, Fact))| match &other.2 {
            Fact::Message(other) => {
                other.conversation == recorded.conversation && other.from == recorded.from
            }
            _ => false,
        };
        let mut earlier = all[..index].iter().enumerate().rev();
        if let Some((last, (last_own, ..))) = earlier.find(is_same_document) {
            let last_at = sorted[last].0;
            if last_at > *last_own && last_at >= at {
                at = last_at.next_up();
            }
        }
        sorted[index].0 = at;
    }
    sort(&mut sorted);
    let mut sorted: Vec<(u64, Fact)> = sorted.into_iter().map(|(_, id, fact)| (id, fact)).collect();
    let mut seq = 0;
    for (_, fact) in &mut sorted {
        if let Fact::Message(recorded) = fact {
            seq += 1;
            recorded.seq = seq;
        }
    }
    sorted
}

fn bare(facts: &[Placed]) -> Vec<(u64, Fact)> {
    facts
        .iter()
        .map(|placed| (placed.id, placed.fact.clone()))
        .collect()
}

fn any_fact() -> impl Strategy<Value = Fact> {
    // Few different times and conversations, so that many are equal.
    let at = (0_u32..2000).prop_map(|at| f64::from(at / 30) * 10.0 + f64::from(at % 5) / 10.0);
    let side = prop_oneof![Just(Side::Host), Just(Side::Widget)];
    let message = prop_oneof![
        Just(r#"{"type":"SYNC","messageId":"IFRAME_HOST_0"}"#),
        Just(r#"{"type":"SYNC_ACK","messageId":"IFRAME_HOST_0","version":"0.9.7"}"#),
        Just(r#"{"type":"INITIALIZED","messageId":"1_0","data":{"isLoggedIn":true}}"#),
        Just(r#"{"type":"DIAL_NUMBER","messageId":"2_0","data":{"phoneNumber":"+15550100"}}"#),
        Just(
            r#"{"type":"OUTGOING_CALL_STARTED","messageId":"1_1","data":{"createEngagement":true,"externalCallId":"a"}}"#
        ),
        Just(
            r#"{"type":"INCOMING_CALL","messageId":"1_2","data":{"createEngagement":true,"externalCallId":"b"}}"#
        ),
        Just(
            r#"{"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"2_2","data":{"engagementId":7}}"#
        ),
        Just(r#"{"type":"CALL_ENDED","messageId":"2_0","data":{}}"#),
        Just(r#"{"type":"NO_SUCH_TYPE"}"#),
        Just("null"),
    ];
    (at, 1_u32..4, side, message, 0_u8..12).prop_map(|(at, id, side, message, kind)| {
        let conversation = ConversationId(id);
        let millis = Millis(at);
        match kind {
            0 => start(at, id),
            1 => Fact::Gap(Gap {
                at: millis,
                conversation: Some(conversation).filter(|_| side == Side::Host),
                lost: Some(u64::from(id)),
                why: GapReason::BufferFull,
            }),
            2 => Fact::Closed(Closed {
                conversation,
                at: millis,
                side,
            }),
            3 => Fact::Setting(Setting {
                at: millis,
                key: "LocalSettings:Calling:CallingExtensions".to_owned(),
                value: None,
            }),
            4 => Fact::Inside(Box::new(Inside {
                conversation: Some(conversation).filter(|_| side == Side::Host),
                ..Inside::new(millis, side, InsideKind::Error)
            })),
            _ => recorded(at, id, side, message),
        }
    })
}

fn any_facts(count: usize) -> impl Strategy<Value = Vec<(u64, Fact)>> {
    prop::collection::vec(any_fact(), 0..count)
        .prop_map(|facts| (1..).zip(facts).collect::<Vec<_>>())
}

#[derive(Clone, Debug)]
enum Action {
    /// Inserts this many of the shuffled items at once.
    Insert(usize),
    Advance(f64),
    Remove(Vec<Index>),
}

fn any_action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (1_usize..12).prop_map(Action::Insert),
        2 => (0_u32..30_000).prop_map(|now| Action::Advance(f64::from(now))),
        1 => prop::collection::vec(any::<Index>(), 1..6).prop_map(Action::Remove),
    ]
}

/// A fact's id and its findings, as kept by code that only learns of changes.
type Kept = (u64, Vec<(&'static str, callscope_protocol::Severity)>);

fn kept(session: &Session, placed: &Placed) -> Kept {
    let seq = placed.message().map(|recorded| recorded.seq);
    let findings = seq.into_iter().flat_map(|seq| session.findings_of(seq));
    let mut findings: Vec<_> = findings.map(|it| (it.rule.code, it.severity)).collect();
    findings.sort_unstable();
    (placed.id, findings)
}

/// Updates `copy` with what [`Session::take_changes`] returns.
fn keep_in_step(copy: &mut Vec<Kept>, session: &mut Session) {
    let changes = session.take_changes();
    let facts = session.facts();
    if let Some(from) = changes.from {
        copy.truncate(from);
        copy.extend(facts.iter().skip(from).map(|it| kept(session, it)));
    }
    for position in changes.judged {
        copy[position] = kept(session, &facts[position]);
    }
}

/// All lookups agree with the facts and the findings.
fn check_lookups(session: &Session) {
    for (position, placed) in session.facts().iter().enumerate() {
        assert_eq!(session.position(placed.id), Some(position));
    }
    assert_eq!(session.position(u64::MAX), None);
    let messages: Vec<&RecordedMessage> =
        session.facts().iter().filter_map(Placed::message).collect();
    assert_eq!(session.message_count(), messages.len());
    for (index, recorded) in messages.iter().enumerate() {
        assert_eq!(session.message(recorded.seq), Some(*recorded));
        assert_eq!(session.message_index(recorded.seq), Some(index));
        assert_eq!(
            session.nth_message(index).and_then(Placed::message),
            Some(*recorded)
        );
        let expected: Vec<_> = session
            .findings()
            .iter()
            .filter(|finding| finding.seq == Some(recorded.seq))
            .collect();
        assert_eq!(
            session.findings_of(recorded.seq).collect::<Vec<_>>(),
            expected
        );
    }
    for (position, placed) in session.facts().iter().enumerate() {
        let seq = placed.message().map(|recorded| recorded.seq);
        let is_about = |finding: &&Finding| match seq {
            Some(seq) => finding.seq == Some(seq),
            None => finding.fact == Some(position),
        };
        let about: Vec<&Finding> = session.findings().iter().filter(is_about).collect();
        assert_eq!(session.findings_at(position).collect::<Vec<_>>(), about);
        for finding in about {
            let anchor = session.anchor_of(finding).map(|it| it.id);
            assert!(anchor == Some(placed.id) || finding.seq != seq);
        }
    }
    for recorded in &messages {
        let placement = session.placement(recorded.seq);
        if let Some(id) = placement.call {
            let call = session.call(id).expect("the call of a message");
            assert!(session.calls().contains(&call));
        }
        if let Some(answer) = placement.answers {
            let link = (recorded.seq, answer);
            assert!(session.answers_to(answer.request).any(|it| it == link));
        }
        for (seq, answer) in session.answers_to(recorded.seq) {
            assert_eq!(session.placement(seq).answers, Some(answer));
        }
    }
    let calls = session.calls().len() as u64;
    assert_eq!(session.summary().calls.count, calls);
    let last = messages.last().map_or(0, |recorded| recorded.seq);
    assert_eq!(session.message(last + 1), None);
    for severity in callscope_protocol::Severity::ALL {
        let findings = session.findings().iter();
        assert_eq!(
            session.finding_count(severity),
            findings
                .filter(|finding| finding.severity == severity)
                .count()
        );
    }
}

proptest! {
    #[test]
    fn any_order_of_arrival_gives_the_same_session(
        items in any_facts(120),
        seed in any::<[u8; 32]>(),
        actions in prop::collection::vec(any_action(), 0..40),
    ) {
        let mut waiting = items.clone();
        let mut random = proptest::test_runner::TestRng::from_seed(
            proptest::test_runner::RngAlgorithm::ChaCha,
            &seed,
        );
        for index in (1..waiting.len()).rev() {
            let other = usize::try_from(random.next_u64() % (index as u64 + 1)).expect("small");
            waiting.swap(index, other);
        }
        let mut there: Vec<(u64, Fact)> = Vec::new();
        let mut session = Session::new();
        let mut latest: Option<f64> = None;
        let mut copy = Vec::new();
        for (index, action) in actions.into_iter().enumerate() {
            let (judgments, before) = (session.judgments(), session.findings().to_vec());
            match action {
                Action::Insert(count) => {
                    let batch: Vec<_> = waiting.drain(..count.min(waiting.len())).collect();
                    there.extend(batch.iter().cloned());
                    session.insert_all(batch);
                }
                Action::Advance(now) => {
                    latest = Some(latest.unwrap_or(now).max(now));
                    session.advance(Millis(now));
                }
                Action::Remove(indices) if !there.is_empty() => {
                    let ids: Vec<u64> = indices.iter().map(|index| index.get(&there).0).collect();
                    there.retain(|(id, _)| !ids.contains(id));
                    session.remove(&ids);
                }
                Action::Remove(_) => {}
            }
            prop_assert_eq!(bare(session.facts()), in_order(&there));
            if session.judgments() == judgments {
                let named = |it: &Finding| (it.rule.code, it.severity, it.seq);
                let after = session.findings().iter().map(named).take(before.len());
                prop_assert!(after.eq(before.iter().map(named)));
            }
            if index % 3 == 0 {
                keep_in_step(&mut copy, &mut session);
                let all = session.facts().iter().map(|it| kept(&session, it));
                prop_assert_eq!(&copy, &all.collect::<Vec<_>>());
                let none = crate::Changes::default();
                prop_assert_eq!(session.take_changes(), none);
            }
        }
        check_lookups(&session);

        let mut plain = Session::new();
        for (_, fact) in in_order(&there) {
            plain.push(fact);
        }
        if let Some(now) = latest {
            plain.advance(Millis(now));
        }
        prop_assert_eq!(session.findings(), plain.findings());
        prop_assert_eq!(session.calls(), plain.calls());
        prop_assert_eq!(session.summary(), plain.summary());
        for conversation in plain.conversations() {
            let id = conversation.id;
            prop_assert!(session.conditions(id).eq(plain.conditions(id)));
        }
        for recorded in plain.facts().iter().filter_map(Placed::message) {
            prop_assert_eq!(session.placement(recorded.seq), plain.placement(recorded.seq));
        }
        check_lookups(&plain);
    }

    #[test]
    fn the_log_of_a_session_has_the_same_findings(
        items in any_facts(60),
        now in 0_u32..60_000,
    ) {
        let mut session = Session::new();
        session.insert_all(items);
        session.advance(Millis(f64::from(now)));
        let mut text = String::new();
        crate::write_log(&mut text, &crate::Header::default(), session.to_lines()).expect("written");
        let again = Session::from(crate::Log::read(text.as_bytes()).expect("readable"));
        let written: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with(r#"{"kind":"finding""#))
            .collect();
        let found: Vec<String> = again.findings().iter().map(crate::kind::finding::write_finding).collect();
        prop_assert_eq!(written, found);
        let facts = |session: &Session| -> Vec<Fact> {
            let facts = session.facts().iter().map(|placed| placed.fact.clone());
            facts.filter(|fact| !matches!(fact, Fact::End(_))).collect()
        };
        prop_assert_eq!(facts(&again), facts(&session));
    }
}

#[test]
fn pushed_facts_keep_line_order_and_numbers() {
    let mut session = Session::new();
    for (seq, at) in [(3, 50.0), (7, 10.0), (8, 30.0)] {
        let Fact::Message(recorded) = recorded(at, 1, Side::Host, "null") else {
            unreachable!()
        };
        session.push(Fact::Message(RecordedMessage { seq, ..recorded }));
    }
    session.push(start(0.0, 1));
    let seqs: Vec<_> = session
        .facts()
        .iter()
        .map(|placed| placed.message().map(|recorded| recorded.seq))
        .collect();
    assert_eq!(seqs, [Some(3), Some(7), Some(8), None]);
    check_lookups(&session);
    session.remove(&[1]);
    assert_eq!(session.message(7), None);
    assert!(session.message(3).is_some() && session.message(8).is_some());
    check_lookups(&session);
}

#[test]
fn a_conversation_stands_before_its_first_frame() {
    let mut session = Session::new();
    session.insert(1, recorded(100.0, 2, Side::Widget, "null"));
    session.insert(2, start(130.0, 2));
    session.insert(3, recorded(90.0, 2, Side::Host, "null"));
    session.insert(4, recorded(80.0, 1, Side::Host, "null"));
    let ids = |session: &Session| -> Vec<u64> {
        session.facts().iter().map(|placed| placed.id).collect()
    };
    assert_eq!(ids(&session), [4, 2, 3, 1]);
    session.remove(&[3]);
    assert_eq!(ids(&session), [4, 2, 1]);
    session.remove(&[1]);
    session.insert(9, recorded(120.0, 1, Side::Host, "null"));
    assert_eq!(ids(&session), [4, 9, 2]);
}

/// The messages of a widget and a host, as `at side message` in session order.
fn order_of(items: &[(u64, f64, Side, &str)]) -> Vec<String> {
    let mut session = Session::new();
    for (id, at, from, message) in items {
        session.insert(*id, recorded(*at, 1, *from, message));
    }
    let facts = session.facts().iter();
    let line = |it: &RecordedMessage| format!("{} {:?} {}", it.at.0, it.from, it.message.as_str());
    facts.filter_map(|it| it.message().map(line)).collect()
}

#[test]
fn an_answer_stands_behind_its_request_where_the_clocks_cannot_tell() {
    const INCOMING: &str = r#"{"type":"INCOMING_CALL"}"#;
    const MATCH: &str = r#"{"type":"CALLER_ID_MATCH_SUCCEEDED"}"#;
    const OTHER: &str = r#"{"type":"VISIBILITY_CHANGED"}"#;
    let (host, widget) = (Side::Host, Side::Widget);
    // Too early by a tenth, with what the widget received after it; and at the same time, when the
    // host's message would otherwise come first.
    for answered in [10.0, 10.1] {
        let order = order_of(&[
            (1, answered, host, MATCH),
            (2, answered, host, OTHER),
            (3, 10.1, widget, INCOMING),
            (4, 10.2, host, OTHER),
        ]);
        let expected = [
            format!("10.1 Widget {INCOMING}"),
            format!("{answered} Host {MATCH}"),
            format!("{answered} Host {OTHER}"),
            format!("10.2 Host {OTHER}"),
        ];
        assert_eq!(order, expected);
    }
    // The clocks can tell, or it is not the answer.
    for (at, message) in [(9.7, MATCH), (10.0, OTHER)] {
        let order = order_of(&[(1, at, host, message), (2, 10.1, widget, INCOMING)]);
        assert_eq!(order[0], format!("{at} Host {message}"));
    }
}

#[test]
fn a_sync_ack_stands_behind_the_sync_that_it_names() {
    let (host, widget) = (Side::Host, Side::Widget);
    let sync = |id| format!(r#"{{"type":"SYNC","messageId":"{id}"}}"#);
    let ack = |id| format!(r#"{{"type":"SYNC_ACK","messageId":"{id}"}}"#);
    let order = order_of(&[(1, 10.0, widget, &ack(1)), (2, 10.1, host, &sync(1))]);
    assert!(order[0].contains(&sync(1)), "{order:?}");
    let order = order_of(&[(1, 10.0, widget, &ack(1)), (2, 10.1, host, &sync(2))]);
    assert!(order[0].contains(&ack(1)), "{order:?}");
}

#[test]
fn the_same_id_is_taken_once() {
    let mut session = Session::new();
    session.insert(5, recorded(1.0, 1, Side::Host, "null"));
    let revision = session.revision();
    session.insert(5, recorded(1.0, 1, Side::Host, "null"));
    session.insert_all(Vec::<(u64, Fact)>::new());
    session.remove(&[77]);
    assert_eq!(session.message_count(), 1);
    assert_eq!(session.revision(), revision);
    session.remove(&[5]);
    assert_eq!(session.message_count(), 0);
    assert_ne!(session.revision(), revision);
    session.insert(5, recorded(1.0, 1, Side::Host, "null"));
    assert_eq!(session.message_count(), 1);
}

#[test]
fn unknown_keys_stay_with_their_fact() {
    let mut session = Session::new();
    let mut line = LogLine::from(recorded(1.0, 1, Side::Host, "null"));
    line.extra
        .insert("mark".to_owned(), MessageText::from("[1]"));
    session.insert(1, line);
    let written = session.to_lines().next().expect("a line");
    assert!(
        written.ends_with(r#""message":null,"mark":[1]}"#),
        "{written}"
    );
}
