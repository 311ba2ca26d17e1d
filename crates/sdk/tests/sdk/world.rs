//! A page with a frame in it, in a world where time only passes when a test says so.
//!
//! A trace is text: a time in milliseconds, who, what. Lines that begin with `>` are the results,
//! which [`check`] compares.
//!
//! ```text
//! 0 host load
//! > 0 host posts {…} to https://phone.example
//! ```
//!
//! | line | what happens |
//! | --- | --- |
//! | `host start WORDS` | a host, with `debug`, `bare` (no `hostUrl`), `fields={…}` |
//! | `widget start WORDS` | a widget whose script runs, with `debug`, `alone` (no frame), `hosts=…`, `queue=N` |
//! | `host load`, `host load-failed` | what the iframe fires |
//! | `WHO TYPE {…}` | the application sends; without an object there is no payload |
//! | `WHO raw {…}` | the same with a whole message |
//! | `WHO remove` | |
//! | `WHO hears {…} WORDS` | a message comes from outside, with `@origin` and `other-window` |
//! | `WHO asleep` | what is posted to it from now on is lost |
//! | `pass` | time |
//!
//! What one end posts, the other receives a millisecond later. An id is written `H_5` or `W_5` if
//! it was created five milliseconds after the beginning, and `W2_5` after another handshake.

use std::collections::VecDeque;
use std::fmt::Write as _;

use callscope_protocol::{
    ConversationId, Fact, MessageText, MessageType, Millis, RecordedMessage, Severity, Side,
};
use callscope_sdk::{
    AllowedHosts, Host, HostEvent, HostInput, HostOptions, Log, Output, Posted, SendError, Widget,
    WidgetEvent, WidgetInput, WidgetOptions,
};
use callscope_session_log::Session;
use expect_test::Expect;
use serde_json::Value;

pub(crate) const HOST: &str = "https://app.hubspot.com";
pub(crate) const PHONE: &str = "https://phone.example";

/// The absolute time at which traces begin, so that ids look realistic.
pub(crate) const BEGINNING: f64 = 1_764_147_000_000.0;

/// Plays the trace, and compares the results with those beneath its lines.
#[track_caller]
pub(crate) fn check(expected: &Expect) {
    let mut world = World::default();
    let text = world.play(expected.data());
    expected.assert_eq(&text);
}

/// The same, and also checks that the session has no findings.
#[track_caller]
pub(crate) fn check_clean(expected: &Expect) {
    let mut world = World::default();
    let text = world.play(expected.data());
    expected.assert_eq(&text);
    assert_eq!(world.faults(), [""; 0]);
}

#[derive(Default)]
pub(crate) struct World {
    now: f64,
    pub(crate) host: Option<Host<Value>>,
    pub(crate) widget: Option<Widget<Value>>,
    host_asleep: bool,
    widget_asleep: bool,
    host_timer: Option<f64>,
    /// The messages under way: time of arrival, receiver, origin, value.
    wire: VecDeque<(f64, Side, String, Value)>,
    facts: Vec<Fact>,
    /// The instances of the ids so far, with their names in a trace.
    instances: Vec<(String, String)>,
    text: String,
}

impl World {
    /// Plays each line, and returns the trace with its results.
    pub(crate) fn play(&mut self, trace: &str) -> String {
        for line in trace.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('>') {
                continue;
            }
            let (time, rest) = line.split_once(' ').unwrap();
            self.pass_until(time.parse().unwrap());
            writeln!(self.text, "{line}").unwrap();
            self.act(rest.trim());
            self.drain();
        }
        self.pass_until(self.now + 1.0);
        std::mem::take(&mut self.text)
    }

    fn clock(&self) -> Millis {
        Millis(BEGINNING + self.now)
    }

    /// Lets timers fire and messages arrive until this time.
    pub(crate) fn pass_until(&mut self, time: f64) {
        loop {
            let arrival = self.wire.front().map(|it| it.0);
            let next = match (arrival, self.host_timer) {
                (Some(arrival), Some(timer)) => arrival.min(timer),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => break,
            };
            if next > time {
                break;
            }
            self.now = next;
            if arrival == Some(next) {
                let (_, to, origin, value) = self.wire.pop_front().unwrap();
                self.deliver(to, origin, value, true);
            } else {
                self.host_timer = None;
                let now = self.clock();
                if let Some(host) = &mut self.host {
                    host.handle_input(HostInput::Timeout, now);
                }
            }
            self.drain();
        }
        self.now = time;
    }

    fn act(&mut self, line: &str) {
        let (who, what) = line.split_once(' ').unwrap_or((line, ""));
        let what = what.trim();
        let (word, rest) = what.split_once(' ').unwrap_or((what, ""));
        let now = self.clock();
        match (who, word) {
            ("pass", _) => {}
            ("host", "start") => self.start_host(rest),
            ("widget", "start") => self.start_widget(rest),
            ("host", "asleep") => self.host_asleep = true,
            ("widget", "asleep") => self.widget_asleep = true,
            ("host", "load") => {
                let host = self.host.as_mut().unwrap();
                host.handle_input(HostInput::Load, now);
            }
            ("host", "load-failed") => {
                let host = self.host.as_mut().unwrap();
                host.handle_input(HostInput::LoadFailed, now);
            }
            ("host", "remove") => self.host.as_mut().unwrap().remove(),
            ("widget", "remove") => self.widget.as_mut().unwrap().remove(),
            (_, "hears") => self.hear(who, rest),
            (_, "raw") => {
                let message = serde_json::from_str(rest).unwrap();
                let sent = match who {
                    "host" => self.host.as_mut().unwrap().send_message(&message, now),
                    _ => self.widget.as_mut().unwrap().send_message(message, now),
                };
                self.tell_error(who, sent);
            }
            _ => self.send(who, word, rest),
        }
    }

    fn start_host(&mut self, words: &str) {
        let mut options = HostOptions::new(HOST, format!("{PHONE}/cti?x"), 1);
        for word in words.split_whitespace() {
            match word.split_once('=').unwrap_or((word, "")) {
                ("debug", _) => options.debug_mode = true,
                ("bare", _) => options.tells_origin = false,
                ("seed", seed) => options.seed = seed.parse().unwrap(),
                ("fields", json) => {
                    options.sync_fields = Some(serde_json::from_str(json).unwrap());
                }
                _ => panic!("{word}"),
            }
        }
        self.host_asleep = false;
        self.host = Some(Host::new(options));
    }

    fn start_widget(&mut self, words: &str) {
        let mut options = WidgetOptions::new(PHONE, 2);
        for word in words.split_whitespace() {
            match word.split_once('=').unwrap_or((word, "")) {
                ("debug", _) => options.debug_mode = Some(true),
                ("alone", _) => options.is_framed = false,
                ("queue", limit) => options.queue_limit = limit.parse().unwrap(),
                ("seed", seed) => options.seed = seed.parse().unwrap(),
                ("hosts", pattern) => options.hosts = AllowedHosts::default().and(pattern),
                _ => panic!("{word}"),
            }
        }
        self.widget_asleep = false;
        self.widget = Some(Widget::new(options));
    }

    fn send(&mut self, who: &str, name: &str, data: &str) {
        let now = self.clock();
        let data = (!data.is_empty()).then(|| serde_json::from_str(data).unwrap());
        let kind = MessageType::from_name(name).unwrap();
        let sent = match who {
            "host" => self.host.as_mut().unwrap().send(kind, data, now),
            _ => self.widget.as_mut().unwrap().send(kind, data, now),
        };
        self.tell_error(who, sent);
    }

    pub(crate) fn tell_error(&mut self, who: &str, sent: Result<(), SendError>) {
        if let Err(error) = sent {
            writeln!(self.text, "> {} {who} refuses: {error}", self.now).unwrap();
        }
    }

    fn hear(&mut self, who: &str, rest: &str) {
        let to = if who == "host" {
            Side::Host
        } else {
            Side::Widget
        };
        let end = rest
            .rfind(['}', 'l', '"', ']'])
            .map_or(rest.len(), |it| it + 1);
        let end = rest
            .find(" @")
            .or(rest.find(" other-window"))
            .unwrap_or(end);
        let (json, words) = rest.split_at(end);
        let value = serde_json::from_str(&self.with_ids(json)).unwrap();
        let mut origin = if to == Side::Host { PHONE } else { HOST }.to_owned();
        let mut is_from_peer = true;
        for word in words.split_whitespace() {
            match word.strip_prefix('@') {
                Some(other) => other.clone_into(&mut origin),
                None => is_from_peer = false,
            }
        }
        self.deliver(to, origin, value, is_from_peer);
    }

    fn deliver(&mut self, to: Side, origin: String, value: Value, is_from_peer: bool) {
        let now = self.clock();
        let (asleep, exists) = match to {
            Side::Host => (self.host_asleep, self.host.is_some()),
            Side::Widget => (self.widget_asleep, self.widget.is_some()),
        };
        // A recorder hears what a window receives, even if nobody is listening there yet.
        self.facts.push(Fact::Message(RecordedMessage {
            seq: self.facts.len() as u64 + 1,
            at: now,
            conversation: ConversationId::default(),
            from: to.other(),
            origin: origin.as_str().into(),
            injected: false,
            message: MessageText::from(value.to_string()),
            cloned: std::collections::BTreeMap::new(),
            truncated: None,
        }));
        if asleep || !exists {
            return;
        }
        let posted = Posted {
            origin,
            is_from_peer,
            value,
        };
        match to {
            Side::Host => {
                let host = self.host.as_mut().unwrap();
                host.handle_input(HostInput::Message(posted), now);
            }
            Side::Widget => {
                let widget = self.widget.as_mut().unwrap();
                widget.handle_input(WidgetInput::Message(posted), now);
            }
        }
    }

    /// Takes all outputs of both ends.
    pub(crate) fn drain(&mut self) {
        while let Some(host) = &mut self.host {
            match host.poll_output() {
                Output::Post {
                    target_origin,
                    message,
                } => self.post(Side::Host, &target_origin, message),
                Output::Event(event) => self.tell("host", &host_words(&event)),
                Output::Log(log) => self.log(Side::Host, &log),
                Output::Timeout(at) => {
                    self.host_timer = at.map(|at| at.0 - BEGINNING);
                    break;
                }
            }
        }
        while let Some(widget) = &mut self.widget {
            match widget.poll_output() {
                Output::Post {
                    target_origin,
                    message,
                } => self.post(Side::Widget, &target_origin, message),
                Output::Event(event) => self.tell("widget", &widget_words(&event)),
                Output::Log(log) => self.log(Side::Widget, &log),
                Output::Timeout(at) => {
                    assert_eq!(at, None);
                    break;
                }
            }
        }
    }

    fn log(&mut self, side: Side, log: &Log<Value>) {
        self.learn(side, &log.message);
        let Log {
            label,
            type_name,
            message,
        } = log;
        self.tell(side.name(), &format!("logs {label}: {type_name} {message}"));
    }

    fn post(&mut self, from: Side, target_origin: &str, message: Value) {
        let (who, own, to) = match from {
            Side::Host => ("host", HOST, PHONE),
            Side::Widget => ("widget", PHONE, HOST),
        };
        self.learn(from, &message);
        self.tell(who, &format!("posts {message} to {target_origin}"));
        // A browser delivers nothing to a window of another origin.
        let arrives = target_origin == to;
        if arrives {
            let at = self.now + 1.0;
            self.wire
                .push_back((at, from.other(), own.to_owned(), message));
        }
    }

    /// Gives the instance of an id a short name.
    fn learn(&mut self, from: Side, message: &Value) {
        let Some((instance, _)) = message["messageId"]
            .as_str()
            .and_then(|it| it.split_once('_'))
        else {
            return;
        };
        let letter = match from {
            Side::Host => 'H',
            Side::Widget => 'W',
        };
        let digit = if from == Side::Host { '9' } else { '8' };
        let is_own = instance.len() > 13 && instance.starts_with(digit);
        if !is_own || self.instances.iter().any(|it| it.0 == instance) {
            return;
        }
        let count = self
            .instances
            .iter()
            .filter(|it| it.1.starts_with(letter))
            .count();
        let name = match count {
            0 => letter.to_string(),
            more => format!("{letter}{}", more + 1),
        };
        self.instances.push((instance.to_owned(), name));
    }

    fn tell(&mut self, who: &str, what: &str) {
        let what = self.without_ids(what);
        writeln!(self.text, "> {} {who} {what}", self.now).unwrap();
    }

    /// A text with its ids in the form of a trace.
    fn without_ids(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (instance, name) in &self.instances {
            while let Some(at) = text.find(&format!("{instance}_")) {
                let minted_at = at + instance.len() + 1;
                let digits: String = text[minted_at..]
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                let ahead = digits.parse::<f64>().unwrap() - BEGINNING;
                text.replace_range(at..minted_at + digits.len(), &format!("{name}_{ahead}"));
            }
        }
        text
    }

    /// The reverse.
    fn with_ids(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (instance, name) in &self.instances {
            let short = format!("\"{name}_");
            while let Some(at) = text.find(&short) {
                let minted_at = at + short.len();
                let digits: String = text[minted_at..]
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                let minted = BEGINNING + digits.parse::<f64>().unwrap();
                let whole = format!("\"{instance}_{minted}");
                text.replace_range(at..minted_at + digits.len(), &whole);
            }
        }
        text
    }

    /// The checker's findings about the session, except notes.
    pub(crate) fn faults(&mut self) -> Vec<String> {
        let mut session = Session::new();
        session.push_all(self.facts.iter().cloned());
        session.push(Fact::End(self.clock()));
        session
            .findings()
            .iter()
            .filter(|finding| finding.severity != Severity::Note)
            .map(|finding| format!("{} {}", finding.rule.code, finding.message))
            .collect()
    }
}

fn host_words(event: &HostEvent<Value>) -> String {
    match event {
        HostEvent::Ready(ready) => {
            let version = ready.version.as_deref().unwrap_or("–");
            let again = if ready.again { " again" } else { "" };
            let debug = match ready.debug_mode {
                Some(true) => ", debug",
                Some(false) | None => "",
            };
            format!(
                "is ready{again}: {version} at {}{debug}",
                ready.widget_origin
            )
        }
        HostEvent::SyncFailed(why) => format!("gives up: {why:?}"),
        HostEvent::Moves { origin } => format!("hears of a move to {origin}"),
        HostEvent::Message(message) => format!("hears {}", message.message),
        HostEvent::Ignored {
            type_name,
            origin: _,
            why,
        } => format!("ignores {type_name}: {}", why.words()),
    }
}

fn widget_words(event: &WidgetEvent<Value>) -> String {
    match event {
        WidgetEvent::Ready(ready) => {
            let again = if ready.again { " again" } else { "" };
            format!("is ready{again} at {}: {}", ready.host_origin, ready.data)
        }
        WidgetEvent::Message(message) => format!("hears {}", message.message),
        WidgetEvent::Ignored {
            type_name,
            origin: _,
            why,
        } => format!("ignores {type_name}: {}", why.words()),
    }
}
