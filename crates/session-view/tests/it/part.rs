//! Parts of recorded sessions as files.

use std::collections::{BTreeSet, HashSet};

use callscope_protocol::{Fact, GapReason, Login};
use callscope_session_log::{Header, Log, Session, write_log};
use callscope_session_view::SessionView;
use callscope_session_view::cleared::Cleared;
use callscope_session_view::part::Part;

use crate::trace::{all_recorded, options, view};

/// Of every recorded session, each call, the results of some filters, single messages and a few
/// consecutive ones are written and read again: they have no findings that the whole session does
/// not have, and nothing that was chosen is missing.
#[test]
fn parts_of_recorded_sessions_have_no_findings_of_their_own() {
    let mut parts = 0;
    let mut false_findings = Vec::new();
    for (name, mut view) in all_recorded() {
        let mut check = |view: &SessionView, part: &Part, what: &str| {
            parts += 1;
            false_findings.extend(false_findings_of(view, part, &format!("{name} {what}")));
        };
        for filter in [
            "type:CALL_*",
            "from:widget",
            "from:host",
            "-type:SYNC",
            "is:finding",
            "9",
        ] {
            view.update_rows(&options(filter, &[]));
            check(&view, &Part::Shown, filter);
        }
        for call in view.session().calls() {
            check(&view, &Part::Call(call.id), &format!("{:?}", call.id));
        }
        let ids: Vec<u64> = view.session().facts().iter().map(|it| it.id).collect();
        for length in [1, 2, 5] {
            for ids in ids.windows(length) {
                let part = Part::Messages(ids.iter().copied().collect());
                check(&view, &part, &format!("{ids:?}"));
            }
        }
        let some: BTreeSet<u64> = ids.iter().copied().step_by(3).collect();
        check(&view, &Part::Messages(some), "every third");
    }
    assert!(parts > 1000, "{parts}");
    assert!(
        false_findings.is_empty(),
        "{} in {parts} parts:\n{}",
        false_findings.len(),
        false_findings.join("\n")
    );
}

fn false_findings_of(view: &SessionView, part: &Part, name: &str) -> Vec<String> {
    let cleared = Cleared::default();
    let cut = part.of(view, &cleared);
    assert_eq!(cut.chosen, part.count(view, &cleared), "{name}");
    let mut text = String::new();
    write_log(&mut text, &Header::default(), cut.session.to_lines()).unwrap();
    let read = Session::from(Log::read(text.as_bytes()).unwrap());
    assert_eq!(
        read.message_count() as u64,
        cut.chosen + cut.context,
        "{name}"
    );
    let whole = view.session();
    assert_eq!(
        cut.chosen + cut.context + cut.left_out,
        whole.message_count() as u64,
        "{name}"
    );
    if cut.chosen == 0 {
        return Vec::new();
    }
    // A finding that is reported only once moves to a later message if the first is left out.
    let known: HashSet<&str> = whole.findings().iter().map(|it| it.rule.code).collect();
    let new = read.findings().iter();
    // After a gap, a checker assigns a message that names a call to that call. This is correct
    // unless a widget gives two calls one id, which is the mistake in this session (M03).
    let is_reused_id = |code: &str| code == "C02" && known.contains("M03");
    let new = new.filter(|it| !known.contains(it.rule.code) && !is_reused_id(it.rule.code));
    new.map(|it| format!("{name}: {} of {:?}: {}", it.rule.code, it.seq, it.message))
        .collect()
}

/// Messages that are left out are counted where they are left out, and described in words.
#[test]
fn what_is_left_out_is_counted() {
    let text = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://a.example","message":{"type":"SYNC","messageId":"1_1"}}
{"kind":"frame","seq":2,"at":2,"from":"widget","origin":"https://b.example","message":{"type":"SYNC_ACK","messageId":"1_1","version":"0.9.7"}}
{"kind":"frame","seq":3,"at":3,"from":"widget","origin":"https://b.example","message":{"type":"INITIALIZED","messageId":"2_1","data":{"isLoggedIn":true}}}
{"kind":"frame","seq":4,"at":4,"from":"host","origin":"https://a.example","message":{"type":"VISIBILITY_CHANGED","messageId":"1_2"}}
{"kind":"frame","seq":5,"at":5,"from":"host","origin":"https://a.example","message":{"type":"PUBLISH_TO_CHANNEL","messageId":"1_3"}}
{"kind":"frame","seq":6,"at":6,"from":"widget","origin":"https://b.example","message":{"type":"RESIZE_WIDGET","messageId":"2_2","data":{"height":1,"width":1}}}
{"kind":"frame","seq":7,"at":7,"from":"widget","origin":"https://b.example","message":{"type":"RESIZE_WIDGET","messageId":"2_3","data":{"height":1,"width":1}}}"#;
    let view = SessionView::from(Log::read(text.as_bytes()).unwrap());
    let ids = view.session().facts().iter().map(|it| it.id);
    let chosen: BTreeSet<u64> = ids.skip(4).take(1).collect();
    let cut = Part::Messages(chosen).of(&view, &Cleared::default());
    assert_eq!((cut.chosen, cut.context, cut.left_out), (1, 4, 2));
    let gaps = cut.session.facts().iter().filter_map(|it| match &it.fact {
        Fact::Gap(gap) => Some((gap.lost, gap.why.clone())),
        _ => None,
    });
    let gaps: Vec<_> = gaps.collect();
    let same_state = true;
    assert_eq!(gaps, [(Some(2), GapReason::LeftOut { same_state })]);
}

/// The parts of a file in order: messages by their numbers, and gaps with how many are left out.
fn told(part: &Session) -> String {
    let facts = part.facts().iter().filter_map(|it| match &it.fact {
        Fact::Message(recorded) => Some(recorded.seq.to_string()),
        Fact::Gap(gap) => Some(format!("-{}", gap.lost.unwrap())),
        _ => None,
    });
    facts.collect::<Vec<_>>().join(" ")
}

/// A gap stands where messages are left out, and what they did not change stays known.
#[test]
fn a_gap_stands_where_messages_are_left_out() {
    for (third, login) in [
        ("RESIZE_WIDGET", Login::LoggedIn),
        // The last of these is kept.
        ("LOGGED_OUT", Login::LoggedOut),
    ] {
        let view = view(&format!(
            r#"
            host SYNC
            widget SYNC_ACK
            widget {{"type":"INITIALIZED","messageId":"6_9","data":{{"isLoggedIn":true}}}}
            widget {third}
            widget RESIZE_WIDGET
            host PUBLISH_TO_CHANNEL
            widget RESIZE_WIDGET
            "#
        ));
        let chosen = view.id_of(6).into_iter().collect();
        let cut = Part::Messages(chosen).of(&view, &Cleared::default());
        let expected = match login {
            Login::LoggedIn => "1 2 3 -2 6 -1",
            _ => "1 2 3 4 -1 6 -1",
        };
        assert_eq!(told(&cut.session), expected);
        let conversation = cut.session.conversations().next().unwrap();
        assert_eq!(conversation.login, login);
    }
}

/// Where a log-in that is left out changes the state, it is unknown from there on.
#[test]
fn what_is_left_out_in_between_may_change_the_log_in() {
    let view = view(
        r#"
        host SYNC
        widget SYNC_ACK
        widget {"type":"INITIALIZED","messageId":"6_9","data":{"isLoggedIn":true}}
        host PUBLISH_TO_CHANNEL
        widget LOGGED_OUT
        host PUBLISH_TO_CHANNEL
        "#,
    );
    let chosen = [4, 6].into_iter().filter_map(|it| view.id_of(it)).collect();
    let cut = Part::Messages(chosen).of(&view, &Cleared::default());
    assert_eq!(told(&cut.session), "1 2 3 4 -1 6");
    let conversation = cut.session.conversations().next().unwrap();
    assert_eq!(conversation.login, Login::Unknown);
}

/// Of two calls at a time, the file of one has no message of the other.
#[test]
fn a_call_is_saved_without_another_calls_messages() {
    let view = view(
        r#"
        host SYNC
        widget SYNC_ACK
        widget {"type":"INITIALIZED","messageId":"6_9","data":{"isLoggedIn":true}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"6_10","data":{"toNumber":"+15550100","externalCallId":"a"}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"6_11","data":{"toNumber":"+15550101","externalCallId":"b"}}
        widget {"type":"CALL_ENDED","messageId":"6_12","data":{"externalCallId":"b"}}
        widget {"type":"CALL_ENDED","messageId":"6_13","data":{"externalCallId":"a"}}
        "#,
    );
    let call = view.session().calls().first().unwrap().id;
    let cut = Part::Call(call).of(&view, &Cleared::default());
    assert_eq!(told(&cut.session), "1 2 3 4 -2 7");
}

/// In a log that was cleared, the messages kept for the state are filtered as well, although their
/// rows are folded away.
#[test]
fn what_is_kept_of_a_cleared_list_is_filtered() {
    let mut view = view(
        "
        host SYNC
        widget SYNC_ACK
        cleared
        widget CALL_ENDED
        ",
    );
    let none = Cleared::default();
    for (filter, count) in [("", 3), ("type:CALL_*", 1), ("from:host", 1)] {
        view.update_rows(&options(filter, &[]));
        assert_eq!(Part::Shown.count(&view, &none), count, "{filter}");
    }
}
