//! Properties of every log, and of every input that is not a log.

use std::collections::BTreeMap;

use callscope_protocol::{
    Closed, ConversationId, ConversationStart, Fact, Gap, GapReason, Inside, InsideKind,
    MessageText, Millis, RecordedMessage, Setting, Side,
};
use callscope_session_log::{
    Entry, Extra, Header, Log, LogLine, Session, Timestamp, UnknownLine, read_fact,
};
use proptest::prelude::*;

fn any_side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Host), Just(Side::Widget)]
}

fn any_millis() -> impl Strategy<Value = Millis> {
    prop_oneof![
        4 => (0.0..4e12_f64).prop_map(Millis),
        1 => prop::num::f64::NORMAL.prop_map(Millis),
        1 => (0_u32..9).prop_map(|at| Millis(f64::from(at))),
    ]
}

/// Texts with everything that JSON escapes.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z:/.]{0,12}",
        any::<String>(),
        "[\\x00-\\x1f\"\\\\\u{7f}\u{2028}\u{202e}é😀]{0,8}",
    ]
}

/// JSON texts as a page may post them.
fn any_message() -> impl Strategy<Value = MessageText> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("-0.0e-9".to_owned()),
        Just("123456789012345678901234567890".to_owned()),
        Just("1e999".to_owned()),
        Just(r#""\ud800 \udc00\ud800""#.to_owned()),
        any_text().prop_map(|text| serde_json::to_string(&text).expect("a string")),
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        let key = prop_oneof![
            Just("\"__proto__\"".to_owned()),
            Just(r#""\udfff""#.to_owned()),
            Just("\"type\"".to_owned()),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|items| format!("[{}]", items.join(" ,\t"))),
            prop::collection::vec((key, inner), 0..5).prop_map(|items| {
                let items: Vec<_> = items
                    .iter()
                    .map(|(key, value)| format!("{key} : {value}"))
                    .collect();
                format!("{{ {} }}", items.join(","))
            }),
        ]
    })
    .prop_map(MessageText::from)
}

fn any_reason() -> impl Strategy<Value = GapReason> {
    prop_oneof![
        Just(GapReason::BufferFull),
        Just(GapReason::Evicted),
        Just(GapReason::Paused),
        Just(GapReason::Cleared),
        any::<bool>().prop_map(|same_state| GapReason::LeftOut { same_state }),
        Just(GapReason::LateStart),
        Just(GapReason::PageLeft),
        Just(GapReason::SenderGone),
        any_side().prop_map(GapReason::HalfMissing),
        Just(GapReason::Other("the disk was full".to_owned())),
        Just(GapReason::Other(String::new())),
    ]
}

fn any_id() -> impl Strategy<Value = ConversationId> {
    prop_oneof![
        Just(ConversationId(1)),
        any::<u32>().prop_map(ConversationId)
    ]
}

fn any_frame() -> impl Strategy<Value = RecordedMessage> {
    (
        any_millis(),
        any_id(),
        any_side(),
        any_text(),
        any::<bool>(),
        any_message(),
        prop::collection::btree_map(any_text(), any_text(), 0..3),
        prop::option::of(any::<u64>()),
    )
        .prop_map(
            |(at, conversation, from, origin, injected, message, cloned, truncated)| {
                RecordedMessage {
                    seq: 1,
                    at,
                    conversation,
                    from,
                    origin: origin.into(),
                    injected,
                    message,
                    cloned,
                    truncated,
                }
            },
        )
}

fn any_inside() -> BoxedStrategy<Inside> {
    let what = prop::sample::select(InsideKind::ALL.to_vec());
    let texts = || prop::array::uniform9(prop::option::of(any_text()));
    (
        any_millis(),
        prop::option::of(any_id()),
        any_side(),
        any_text(),
        what,
        texts(),
    )
        .prop_map(|(at, conversation, side, origin, what, texts)| {
            let [
                type_name,
                message_id,
                text,
                place,
                target,
                recipient,
                channel,
                message,
                stack,
            ] = texts;
            Inside {
                at,
                conversation,
                side,
                origin,
                what,
                type_name,
                message_id,
                text,
                place,
                target,
                recipient,
                channel,
                message,
                stack,
            }
        })
        .boxed()
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let origin = || prop::option::of(any_text());
    prop_oneof![
        6 => any_frame().prop_map(Fact::Message),
        1 => (any_millis(), prop::option::of(any_id()), prop::option::of(any::<u64>()), any_reason())
            .prop_map(|(at, conversation, lost, why)| {
                Fact::Gap(Gap { at, conversation, lost, why })
            }),
        1 => (any_id(), any_millis(), prop::option::of(any_id()), origin(), origin(), any::<bool>())
            .prop_map(|(id, at, continues, host_origin, widget_origin, in_calling_window)| {
                Fact::Conversation(ConversationStart {
                    id, at, continues, host_origin, widget_origin, in_calling_window,
                })
            }),
        1 => (any_id(), any_millis(), any_side())
            .prop_map(|(conversation, at, side)| Fact::Closed(Closed { conversation, at, side })),
        1 => (any_millis(), any_text(), origin())
            .prop_map(|(at, key, value)| Fact::Setting(Setting { at, key, value })),
        1 => any_inside().prop_map(|it| Fact::Inside(Box::new(it))).boxed(),
        1 => any_millis().prop_map(Fact::End),
    ]
}

/// Keys that no kind has.
fn any_extra() -> impl Strategy<Value = Extra> {
    prop::collection::btree_map(
        any_text().prop_map(|key| format!("x{key}")),
        any_message(),
        0..3,
    )
}

fn any_entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        9 => (any_fact(), any_extra()).prop_map(|(fact, extra)| Entry::Fact(LogLine { fact, extra })),
        1 => any_message().prop_map(|message| Entry::Unknown(UnknownLine {
            kind: "mood".to_owned(),
            text: format!(r#"{{ "kind" : "mood","value":{}}}"#, message.as_str()).into(),
        })),
    ]
}

fn any_header() -> impl Strategy<Value = Header> {
    let text = || prop::option::of(any_text());
    let texts = (text(), text(), text(), text(), text());
    (texts, any::<bool>(), any_extra()).prop_map(
        |((created, started, tool, browser, page), redacted, extra)| Header {
            created: created.map(Timestamp),
            started: started.map(Timestamp),
            tool,
            browser,
            page,
            redacted,
            extra,
        },
    )
}

fn any_log() -> impl Strategy<Value = Log> {
    (
        any_header(),
        prop::collection::vec((any_entry(), 1..3_u64), 0..12),
    )
        .prop_map(|(header, entries)| {
            let mut last = 0;
            let entries = entries
                .into_iter()
                .map(|(mut entry, step)| {
                    if let Entry::Fact(LogLine {
                        fact: Fact::Message(recorded),
                        ..
                    }) = &mut entry
                    {
                        last += step;
                        recorded.seq = last;
                    }
                    entry
                })
                .collect();
            Log {
                header,
                entries,
                notes: Vec::new(),
            }
        })
}

/// A log with one line changed, which may break it.
fn any_near_log() -> impl Strategy<Value = Vec<u8>> {
    (
        any_log(),
        any::<prop::sample::Index>(),
        prop::collection::vec(any::<u8>(), 0..4),
        0..5_usize,
    )
        .prop_map(|(log, at, bytes, removed)| {
            let mut text = log.to_text().into_bytes();
            let at = at.index(text.len());
            let end = (at + removed).min(text.len());
            text.splice(at..end, bytes);
            text
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read(log in any_log()) {
        let text = log.to_text();
        let mut read = Log::read(text.as_bytes()).expect("readable");
        read.notes.clear();
        prop_assert_eq!(&read, &log);
        prop_assert_eq!(read.to_text(), text);
    }

    #[test]
    fn every_line_is_json_for_others_too(fact in any_fact()) {
        let line = callscope_session_log::write_fact(&fact);
        prop_assert!(!line.contains(['\n', '\r']));
        // A `RawValue` only has to follow JSON's grammar; a `Value` would refuse what pages can
        // post.
        let parsed: BTreeMap<String, &serde_json::value::RawValue> =
            serde_json::from_str(&line).expect("JSON");
        prop_assert!(parsed.contains_key("at"));
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        _ = Log::read(&bytes);
    }

    #[test]
    fn texts_never_panic(text in any::<String>()) {
        _ = read_fact(&text);
        _ = Log::read(text.as_bytes());
    }

    #[test]
    fn near_misses_are_read_or_refused_with_their_line(bytes in any_near_log()) {
        match Log::read(&bytes) {
            Ok(log) => {
                // What was read once can be read again, and the checker accepts all of it.
                let again = Log::read(log.to_text().as_bytes()).expect("readable");
                prop_assert_eq!(&again.entries, &log.entries);
                prop_assert_eq!(&again.header, &log.header);
                _ = Session::from(log).findings();
            }
            Err(error) => {
                let error = error.to_string();
                prop_assert!(error.contains("line ") || error == "the log is empty", "{}", error);
                prop_assert!(error.chars().count() < 400, "{}", error);
                prop_assert!(!error.chars().any(char::is_control), "{}", error);
            }
        }
    }

    #[test]
    fn cutting_a_log_anywhere_behind_its_header_keeps_the_frames_before_it(
        log in any_log(),
        at in any::<prop::sample::Index>(),
    ) {
        let text = log.to_text();
        let header_end = text.find('\n').expect("a header") + 1;
        let at = header_end + at.index(text.len() - header_end + 1);
        let read = Log::read(&text.as_bytes()[..at]).expect("readable");
        let whole_lines = text.as_bytes()[header_end..at].split(|byte| *byte == b'\n').count() - 1;
        // The last line may be complete and lack only its end.
        prop_assert!((whole_lines..=whole_lines + 1).contains(&read.entries.len()));
        prop_assert_eq!(&read.entries[..], &log.entries[..read.entries.len()]);
    }
}
