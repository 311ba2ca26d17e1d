//! One WebSocket to the browser, shared by all sessions.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Message, WebSocket};

use crate::BrowserError;
use crate::dialogs::{Dialog, Dialogs};
use crate::surrogates::replace_lone;
use crate::wait::now;

/// How many events [`Connection::events`] keeps; older ones are dropped.
const EVENT_LIMIT: usize = 10_000;

/// An event from the browser.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// The session that it belongs to; `None` for the browser itself.
    #[serde(rename = "sessionId")]
    pub session: Option<String>,
    /// Its name, such as `Page.loadEventFired`.
    pub method: String,
    /// Its parameters.
    #[serde(default)]
    pub params: Value,
}

/// A JavaScript world in which scripts can be evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Context {
    id: i64,
    /// Chromium's id for it, used to evaluate scripts there.
    pub unique_id: String,
    /// `location.origin`, or the extension's origin for a content script.
    pub origin: String,
    /// The extension's name for a content script's world, empty for the page's own.
    pub name: String,
    aux_data: AuxData,
}

impl Context {
    /// Whether it is the page's own world.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.aux_data.is_default
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AuxData {
    is_default: bool,
}

pub(crate) struct Connection {
    shared: Arc<Shared>,
    last_words: Box<dyn Fn() -> String + Send + Sync>,
}

struct Shared {
    writer: Mutex<WebSocket<TcpStream>>,
    next_id: AtomicU64,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: HashMap<u64, Waiting>,
    events: VecDeque<Event>,
    contexts: HashMap<String, Vec<Context>>,
    dialogs: Dialogs,
    closed: Option<String>,
}

struct Waiting {
    session: Option<String>,
    answer: Option<Answer>,
}

enum Answer {
    Result(Value),
    Refused(String),
    TargetGone,
}

#[derive(Deserialize)]
struct Incoming {
    id: Option<u64>,
    result: Option<Value>,
    error: Option<ProtocolError>,
}

#[derive(Deserialize)]
struct ProtocolError {
    message: String,
    data: Option<Value>,
}

impl Connection {
    /// Connects to the address that Chromium printed.
    ///
    /// `last_words` returns the end of the browser's standard error, for when it has exited.
    pub(crate) fn open(
        url: &str,
        last_words: impl Fn() -> String + Send + Sync + 'static,
    ) -> Result<Self, BrowserError> {
        let address = url
            .strip_prefix("ws://")
            .and_then(|rest| rest.split('/').next())
            .unwrap_or(url);
        let stream = TcpStream::connect(address)
            .map_err(BrowserError::io(format!("connecting to {address}")))?;
        stream
            .set_nodelay(true)
            .map_err(BrowserError::io("setting up the connection"))?;
        // A screenshot, or a page's 5 MB string, is a single message.
        let config = WebSocketConfig::default()
            .max_message_size(None)
            .max_frame_size(None);
        let (reader, _) = tungstenite::client::client_with_config(url, stream, Some(config))
            .map_err(|error| BrowserError::Connect {
                url: url.to_owned(),
                source: Box::new(match error {
                    tungstenite::HandshakeError::Failure(error) => error,
                    tungstenite::HandshakeError::Interrupted(_) => {
                        tungstenite::Error::ConnectionClosed
                    }
                }),
            })?;
        // Both halves use one socket: a browser neither pings nor speaks first, so the reading half
        // never writes into the middle of what the other half sends.
        let half = reader
            .get_ref()
            .try_clone()
            .map_err(BrowserError::io("sharing the connection"))?;
        let writer = WebSocket::from_raw_socket(half, Role::Client, Some(config));
        let shared = Arc::new(Shared {
            writer: Mutex::new(writer),
            next_id: AtomicU64::new(1),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let for_thread = Arc::clone(&shared);
        thread::Builder::new()
            .name("browser reader".to_owned())
            .spawn(move || for_thread.read_all(reader))
            .map_err(BrowserError::io("starting the reader thread"))?;
        Ok(Self {
            shared,
            last_words: Box::new(last_words),
        })
    }

    /// Sends a command and waits for its answer.
    pub(crate) fn call(
        &self,
        session: Option<&str>,
        method: &str,
        params: &Value,
        limit: Duration,
    ) -> Result<Value, BrowserError> {
        let id = self.shared.next_id.fetch_add(1, Ordering::Relaxed);
        self.shared.lock().waiting.insert(
            id,
            Waiting {
                session: session.map(ToOwned::to_owned),
                answer: None,
            },
        );
        let answer = match self.shared.send(id, session, method, params) {
            Ok(()) => self.wait_for_answer(id, method, limit),
            Err(error) => Err(self.gone(error.to_string())),
        };
        self.shared.lock().waiting.remove(&id);
        match answer? {
            Answer::Result(value) => Ok(value),
            Answer::Refused(message) => Err(BrowserError::Refused {
                method: method.to_owned(),
                message,
            }),
            Answer::TargetGone => Err(BrowserError::TargetGone {
                target: "the target".to_owned(),
                method: method.to_owned(),
            }),
        }
    }

    fn wait_for_answer(
        &self,
        id: u64,
        method: &str,
        limit: Duration,
    ) -> Result<Answer, BrowserError> {
        let started = now();
        let mut state = self.shared.lock();
        loop {
            if let Some(answer) = state.waiting.get_mut(&id).and_then(|it| it.answer.take()) {
                return Ok(answer);
            }
            if let Some(why) = &state.closed {
                let why = why.clone();
                drop(state);
                return Err(self.gone(why));
            }
            let waited = started.elapsed();
            let Some(left) = limit.checked_sub(waited) else {
                return Err(BrowserError::Timeout {
                    what: format!("the answer to {method}"),
                    waited,
                    seen: "nothing".to_owned(),
                });
            };
            state = self
                .shared
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn gone(&self, why: String) -> BrowserError {
        BrowserError::Gone {
            why,
            log: (self.last_words)(),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.shared.lock().closed.is_none()
    }

    /// The events of one session, oldest first; only the last few thousand of all sessions are
    /// kept.
    pub(crate) fn events(&self, session: Option<&str>) -> Vec<Event> {
        self.shared
            .lock()
            .events
            .iter()
            .filter(|event| event.session.as_deref() == session)
            .cloned()
            .collect()
    }

    /// Answers the dialogs of a session, which needs `Page.enable` first.
    pub(crate) fn answer_dialogs(&self, session: &str) {
        self.shared.lock().dialogs.watch(session);
    }

    /// The dialogs of a session that were answered so far.
    pub(crate) fn dialogs(&self, session: &str) -> Vec<Dialog> {
        self.shared.lock().dialogs.of(session)
    }

    /// The worlds of a session that `Runtime.enable` was called for.
    pub(crate) fn contexts(&self, session: &str) -> Vec<Context> {
        self.shared
            .lock()
            .contexts
            .get(session)
            .cloned()
            .unwrap_or_default()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn send(
        &self,
        id: u64,
        session: Option<&str>,
        method: &str,
        params: &Value,
    ) -> Result<(), tungstenite::Error> {
        let mut command = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            command["sessionId"] = json!(session);
        }
        lock(&self.writer).send(Message::text(command.to_string()))
    }

    fn read_all(&self, mut reader: WebSocket<TcpStream>) {
        let why = loop {
            match reader.read() {
                Ok(Message::Text(text)) => {
                    let answer = self.lock().take_in(text.as_str());
                    self.changed.notify_all();
                    if let Some((session, params)) = answer {
                        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
                        let method = "Page.handleJavaScriptDialog";
                        // If this fails, the next read fails, too.
                        _ = self.send(id, Some(&session), method, &params);
                    }
                }
                Ok(Message::Close(_)) => break "it closed the connection".to_owned(),
                Ok(_) => {}
                Err(error) => break error.to_string(),
            }
        };
        self.lock().closed = Some(why);
        self.changed.notify_all();
    }
}

impl State {
    /// Processes a message from the browser; returns the answer to a dialog, with its session.
    fn take_in(&mut self, text: &str) -> Option<(String, Value)> {
        let mut text = Cow::Borrowed(text);
        let mut incoming = serde_json::from_str::<Incoming>(&text);
        if incoming.is_err() {
            text = Cow::Owned(replace_lone(&text));
            incoming = serde_json::from_str(&text);
        }
        // Anything that is neither an answer nor an event is ignored: nobody waits for it.
        let incoming = incoming.ok()?;
        let Some(id) = incoming.id else {
            let event = serde_json::from_str::<Event>(&text).ok()?;
            let answer = self.dialogs.answer(&event);
            let session = event.session.clone();
            self.take_event(event);
            return session.zip(answer);
        };
        // It is absent if the caller gave up waiting.
        if let Some(waiting) = self.waiting.get_mut(&id) {
            waiting.answer = Some(match incoming.error {
                Some(ProtocolError { message, data }) => Answer::Refused(match data {
                    Some(Value::String(data)) => format!("{message} ({data})"),
                    Some(data) => format!("{message} ({data})"),
                    None => message,
                }),
                None => Answer::Result(incoming.result.unwrap_or_default()),
            });
        }
        None
    }

    fn take_event(&mut self, event: Event) {
        match (event.method.as_str(), &event.session) {
            ("Runtime.executionContextCreated", Some(session)) => {
                if let Ok(context) = Context::deserialize(&event.params["context"]) {
                    self.contexts
                        .entry(session.clone())
                        .or_default()
                        .push(context);
                }
            }
            ("Runtime.executionContextDestroyed", Some(session)) => {
                let gone = event.params["executionContextId"].as_i64();
                if let Some(contexts) = self.contexts.get_mut(session) {
                    contexts.retain(|context| Some(context.id) != gone);
                }
            }
            ("Runtime.executionContextsCleared", Some(session)) => {
                self.contexts.remove(session);
            }
            ("Target.detachedFromTarget", _) => {
                let session = event.params["sessionId"].as_str();
                for waiting in self.waiting.values_mut() {
                    if waiting.session.as_deref() == session && waiting.answer.is_none() {
                        waiting.answer = Some(Answer::TargetGone);
                    }
                }
                if let Some(session) = session {
                    self.contexts.remove(session);
                }
            }
            _ => {}
        }
        if self.events.len() == EVENT_LIMIT {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }
}

/// Locks a mutex even if a thread panicked while holding it: that leaves nothing inconsistent that
/// matters here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting_for(id: u64, session: &str) -> State {
        let mut state = State::default();
        state.waiting.insert(
            id,
            Waiting {
                session: Some(session.to_owned()),
                answer: None,
            },
        );
        state
    }

    #[test]
    fn answers_find_their_caller() {
        let mut state = waiting_for(7, "A");
        state.take_in(r#"{"id":8,"result":{}}"#);
        assert!(state.waiting[&7].answer.is_none());
        state.take_in(r#"{"id":7,"sessionId":"A","result":{"x":1}}"#);
        assert!(matches!(&state.waiting[&7].answer, Some(Answer::Result(it)) if it["x"] == 1));
    }

    #[test]
    fn a_refusal_keeps_its_details() {
        let mut state = waiting_for(7, "A");
        state.take_in(r#"{"id":7,"error":{"code":-1,"message":"No","data":"why"}}"#);
        assert!(matches!(&state.waiting[&7].answer, Some(Answer::Refused(it)) if it == "No (why)"));
    }

    #[test]
    fn nobody_waits_for_a_target_that_has_gone() {
        let mut state = waiting_for(7, "A");
        state.take_in(r#"{"method":"Target.detachedFromTarget","params":{"sessionId":"B"}}"#);
        assert!(state.waiting[&7].answer.is_none());
        state.take_in(r#"{"method":"Target.detachedFromTarget","params":{"sessionId":"A"}}"#);
        assert!(matches!(state.waiting[&7].answer, Some(Answer::TargetGone)));
    }

    #[test]
    fn knows_the_worlds_of_a_session() {
        let mut state = State::default();
        let created = |id: i64, default: bool| {
            format!(
                r#"{{"method":"Runtime.executionContextCreated","sessionId":"A","params":{{"context":
                {{"id":{id},"origin":"https://x","name":"n","uniqueId":"u{id}","auxData":{{"isDefault":{default}}}}}}}}}"#
            )
        };
        state.take_in(&created(1, true));
        state.take_in(&created(2, false));
        assert!(state.contexts["A"][0].is_page());
        assert!(!state.contexts["A"][1].is_page());
        state.take_in(
            r#"{"method":"Runtime.executionContextDestroyed","sessionId":"A","params":{"executionContextId":1}}"#,
        );
        assert_eq!(state.contexts["A"][0].unique_id, "u2");
        state.take_in(
            r#"{"method":"Runtime.executionContextsCleared","sessionId":"A","params":{}}"#,
        );
        assert!(!state.contexts.contains_key("A"));
    }

    #[test]
    fn old_events_make_room() {
        let mut state = State::default();
        for _ in 0..=EVENT_LIMIT {
            state.take_in(r#"{"method":"Page.frameNavigated","params":{}}"#);
        }
        assert_eq!(state.events.len(), EVENT_LIMIT);
    }
}
