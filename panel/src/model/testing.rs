//! Sessions for tests, written as text.

use callscope_protocol::{ConversationId, Fact, Millis, RecordedMessage, Side};
use callscope_session_log::{Log, Session};

use callscope_session_view::SessionView;

/// The time of a trace's first message: 2023-11-14T22:13:20Z.
pub(crate) const START: f64 = 1_700_000_000_000.0;

/// A recorder with this id.
pub(crate) fn recorder(name: &str) -> callscope_bus::RecorderInfo {
    callscope_bus::RecorderInfo {
        recorder: callscope_bus::DocumentId(name.to_owned()),
        page: "https://app.hubspot.com/contacts".to_owned(),
        user_agent: String::new(),
        was_discarded: false,
        from_start: true,
    }
}

/// A session with one message per line: side and JSON, 10 ms apart.
///
/// `@2` before the side puts it in conversation 2; `!` marks an injected message.
pub(crate) fn source(trace: &str) -> SessionView {
    let mut session = Session::new();
    for fact in facts(trace) {
        session.push(fact);
    }
    SessionView::new(session)
}

/// A model with a live session.
pub(crate) fn live(trace: &str) -> super::Model {
    super::Model {
        live: source(trace),
        ..super::Model::default()
    }
}

/// A recorded session.
pub(crate) fn recorded(log: &[u8]) -> SessionView {
    SessionView::new(Session::from(Log::read(log).unwrap()))
}

/// The facts of a trace.
pub(crate) fn facts(trace: &str) -> Vec<Fact> {
    let lines = trace.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .zip(0_u32..)
        .map(|(line, index)| {
            let (line, injected) = match line.strip_prefix('!') {
                Some(rest) => (rest, true),
                None => (line, false),
            };
            let (conversation, line) = match line.strip_prefix('@') {
                Some(rest) => {
                    let (number, rest) = rest.split_once(' ').unwrap();
                    (number.parse().unwrap(), rest)
                }
                None => (1, line),
            };
            let (side, message) = line.split_once(' ').unwrap();
            let from = if side == "host" {
                Side::Host
            } else {
                Side::Widget
            };
            Fact::Message(RecordedMessage {
                seq: u64::from(index) + 1,
                at: Millis(START + f64::from(index) * 10.0),
                conversation: ConversationId(conversation),
                from,
                origin: match from {
                    Side::Host => "https://app.hubspot.com",
                    Side::Widget => "https://localhost:9025",
                }
                .into(),
                injected,
                message: message.trim().into(),
                cloned: std::collections::BTreeMap::new(),
                truncated: None,
            })
        })
        .collect()
}

/// The session as a log.
pub(crate) fn log(source: &SessionView) -> String {
    let writer = super::files::Writer::default();
    super::files::export(source.session(), None, &writer, Millis(START))
}
