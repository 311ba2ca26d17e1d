//! Sessions as text: one fact per line, 10 ms apart.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use callscope_protocol::{
    Closed, ConversationId, Fact, Gap, GapReason, Inside, InsideKind, Millis, RecordedMessage,
    Setting, Side,
};
use callscope_session_log::{Log, Session};
use callscope_session_view::SessionView;
use callscope_session_view::filter::Filter;
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::words::UtcOffset;

/// The time of the first line: 2023-11-14T22:13:20Z.
pub(crate) const START: f64 = 1_700_000_000_000.0;

/// `host` or `widget`, then a type or a message as JSON; `!` marks an injected message, `@2` puts
/// it into conversation 2. `gap`, `cleared`, `closed` and `setting` are other facts.
pub(crate) fn facts(trace: &str) -> Vec<Fact> {
    let lines = trace.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .zip(0_u32..)
        .map(|(line, index)| fact(line, index))
        .collect()
}

pub(crate) fn fact(line: &str, index: u32) -> Fact {
    let at = Millis(START + f64::from(index) * 10.0);
    let (line, injected) = match line.strip_prefix('!') {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let (conversation, line) = match line.strip_prefix('@') {
        Some(rest) => {
            let (number, rest) = rest.split_once(' ').unwrap();
            (ConversationId(number.parse().unwrap()), rest)
        }
        None => (ConversationId::default(), line),
    };
    let (word, message) = line.split_once(' ').unwrap_or((line, ""));
    let gap = |why| {
        Fact::Gap(Gap {
            at,
            conversation: None,
            lost: Some(3),
            why,
        })
    };
    let from = match word {
        "host" => Side::Host,
        "widget" => Side::Widget,
        "gap" => return gap(GapReason::BufferFull),
        "cleared" => return gap(GapReason::Cleared),
        "closed" => {
            return Fact::Closed(Closed {
                conversation,
                at,
                side: Side::Widget,
            });
        }
        "inside" | "sent" | "undelivered" => {
            let what = match word {
                "sent" => InsideKind::Sent,
                "undelivered" => InsideKind::Undelivered,
                _ => InsideKind::Error,
            };
            return Fact::Inside(Box::new(Inside {
                conversation: Some(conversation),
                ..Inside::new(at, Side::Widget, what)
            }));
        }
        "setting" => {
            return Fact::Setting(Setting {
                at,
                key: "key".to_owned(),
                value: None,
            });
        }
        other => panic!("{other}"),
    };
    let message = message.trim();
    let message = if message.starts_with('{') {
        message.to_owned()
    } else {
        format!(
            r#"{{"type":"{message}","messageId":"{}_{index}"}}"#,
            word.len()
        )
    };
    Fact::Message(RecordedMessage {
        seq: u64::from(index) + 1,
        at,
        conversation,
        from,
        origin: match from {
            Side::Host => "https://app.hubspot.com",
            Side::Widget => "https://localhost:9025",
        }
        .into(),
        injected,
        message: message.into(),
        cloned: BTreeMap::new(),
        truncated: None,
    })
}

/// A session in which a page writes `value` wherever it can; `escaped` is the value in JSON.
pub(crate) fn written_everywhere(value: &str, escaped: &str) -> Vec<Fact> {
    let trace = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"E","iframeLocation":"E","E":"E"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"E","iFrameUrl":"E","debugMode":"E"}
        widget {"type":"INITIALIZED","messageId":"E","data":{"isLoggedIn":"E","E":1}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"E","externalCallId":"E","createEngagement":"E"}}
        widget {"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"E","callEndStatus":"E","engagementId":"E"}}
        widget {"type":"E","messageId":"18_4","data":{"E":{"E":"E"}}}
        host   {"type":"CALLER_ID_MATCH_SUCCEEDED","messageId":"17_4","data":{"callerIdMatches":[{"firstName":"E","lastName":"E"}]}}
        widget {"type":"ERROR","messageId":"18_5","data":{"type":"E","data":{"originalMessage":{"type":"E"}}}}
    "#;
    let mut facts = facts(&trace.replace("\"E\"", &format!("\"{escaped}\"")));
    for fact in &mut facts {
        if let Fact::Message(recorded) = fact {
            recorded.origin = format!("https://{value}.test").into();
            recorded.cloned.insert(value.to_owned(), value.to_owned());
        }
    }
    facts
}

/// A session recorded from a real SDK: its path in `fixtures/`, without the extension.
pub(crate) fn recorded(name: &str) -> SessionView {
    read(&fixtures().join(format!("{name}.callscope.jsonl")))
}

/// All sessions recorded from a real SDK, with the names of their files.
pub(crate) fn all_recorded() -> impl Iterator<Item = (String, SessionView)> {
    recorded_in("well-behaved").chain(recorded_in("mistakes"))
}

/// The sessions of one folder of `fixtures/`.
pub(crate) fn recorded_in(folder: &str) -> impl Iterator<Item = (String, SessionView)> + use<> {
    let files = fs::read_dir(fixtures().join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|it| it.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 12, "every published SDK was recorded");
    paths.into_iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, read(&path))
    })
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn read(path: &Path) -> SessionView {
    SessionView::from(Log::read(&fs::read(path).unwrap()).unwrap())
}

/// A view of these facts, with ids from 1 on.
pub(crate) fn view(trace: &str) -> SessionView {
    let mut session = Session::new();
    session.insert_all((1..).zip(facts(trace)));
    SessionView::new(session)
}

/// The text of the rows, with the findings under them.
pub(crate) fn told(view: &SessionView) -> String {
    let mut text = String::new();
    let count = view.rows().len();
    for (index, row) in view.describe(0..count, UtcOffset::UTC).iter().enumerate() {
        let fold = match row.fold {
            None => "",
            Some(false) => "+ ",
            Some(true) => "- ",
        };
        let member = if row.is_member { "  " } else { "" };
        let seq = row.seq.map_or_else(String::new, |seq| format!("{seq} "));
        let label = row.label();
        let (_, label) = label.split_once(' ').unwrap();
        writeln!(text, "{member}{fold}{seq}{label}").unwrap();
        for finding in view.findings_of_row(index) {
            writeln!(text, "    ! {} {}", finding.rule.code, finding.severity).unwrap();
        }
    }
    if view.rows().hidden() > 0 {
        writeln!(text, "{} hidden", view.rows().hidden()).unwrap();
    }
    text
}

pub(crate) fn options(filter: &str, unfolded: &[u64]) -> ViewOptions {
    ViewOptions {
        filter: Filter::parse(filter).unwrap(),
        unfolded: unfolded.iter().copied().collect(),
        ..ViewOptions::default()
    }
}
