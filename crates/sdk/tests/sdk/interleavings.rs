//! In whatever order things happen, both ends become ready.

use callscope_protocol::{
    ConversationId, Fact, MessageText, MessageType, Millis, RecordedMessage, Severity, Side,
};
use callscope_sdk::{
    Host, HostEvent, HostInput, HostOptions, Output, Posted, Widget, WidgetEvent, WidgetInput,
    WidgetOptions,
};
use callscope_session_log::Session;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

use crate::world::{BEGINNING, HOST, PHONE};

/// What may happen next.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The next message to this side arrives.
    Arrive(Side),
    /// This many milliseconds pass.
    Pass(u16),
    /// The widget's application sends something.
    Speak(u8),
    /// HubSpot's application sends something.
    Answer(u8),
    /// The widget's page is reloaded: its script starts, and later the iframe fires `load`.
    Reload,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Arrive(Side::Host)),
        4 => Just(Step::Arrive(Side::Widget)),
        3 => (1_u16..400).prop_map(Step::Pass),
        2 => any::<u8>().prop_map(Step::Speak),
        2 => any::<u8>().prop_map(Step::Answer),
        1 => Just(Step::Reload),
    ]
}

struct Pair {
    now: f64,
    host: Host<Value>,
    widget: Option<Widget<Value>>,
    seed: u64,
    /// Whether messages under way arrive before time passes. If a SYNC comes half a second after
    /// the answer, the checker concludes that the host did not receive the answer.
    is_prompt: bool,
    to_host: VecDeque<Value>,
    to_widget: VecDeque<Value>,
    timer: Option<f64>,
    facts: Vec<Fact>,
    host_ready: usize,
    widget_ready: usize,
    is_logged_in: bool,
    is_available: bool,
}

impl Pair {
    /// A host and a widget whose page has just loaded.
    fn new(is_prompt: bool) -> Self {
        let mut pair = Self {
            is_prompt,
            now: BEGINNING,
            host: Host::new(HostOptions::new(HOST, PHONE, 1)),
            widget: None,
            seed: 1,
            to_host: VecDeque::new(),
            to_widget: VecDeque::new(),
            timer: None,
            facts: Vec::new(),
            host_ready: 0,
            widget_ready: 0,
            is_logged_in: false,
            is_available: false,
        };
        pair.reload();
        pair.drain();
        pair
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Arrive(side) => self.arrive(side),
            Step::Pass(millis) => {
                let time = self.now + f64::from(millis);
                if self.is_prompt {
                    self.deliver_all();
                }
                self.pass(time);
            }
            Step::Speak(choice) => self.speak(choice),
            Step::Answer(choice) => self.answer(choice),
            Step::Reload => self.reload(),
        }
        self.drain();
    }

    fn pass(&mut self, time: f64) {
        while let Some(at) = self.timer.filter(|at| *at <= time) {
            self.now = at;
            self.timer = None;
            self.host.handle_input(HostInput::Timeout, Millis(at));
            self.drain();
            if self.is_prompt {
                self.deliver_all();
            }
        }
        self.now = time.max(self.now);
    }

    /// Messages to an unloading page are lost, but nothing else is.
    fn reload(&mut self) {
        while !self.to_host.is_empty() {
            self.arrive(Side::Host);
            self.drain();
        }
        self.to_widget.clear();
        self.seed += 1;
        self.now += 20.0;
        let options = WidgetOptions::new(PHONE, self.seed);
        self.widget = Some(Widget::new(options));
        self.is_logged_in = false;
        self.is_available = false;
        self.now += 30.0;
        self.host.handle_input(HostInput::Load, Millis(self.now));
    }

    fn arrive(&mut self, to: Side) {
        let (queue, origin) = match to {
            Side::Host => (&mut self.to_host, PHONE),
            Side::Widget => (&mut self.to_widget, HOST),
        };
        let Some(value) = queue.pop_front() else {
            return;
        };
        self.now += 1.0;
        self.facts.push(Fact::Message(RecordedMessage {
            seq: self.facts.len() as u64 + 1,
            at: Millis(self.now),
            conversation: ConversationId::default(),
            from: to.other(),
            origin: origin.into(),
            injected: false,
            message: MessageText::from(value.to_string()),
            cloned: BTreeMap::new(),
            truncated: None,
        }));
        let posted = Posted {
            origin: origin.to_owned(),
            is_from_peer: true,
            value,
        };
        let now = Millis(self.now);
        match to {
            Side::Host => self.host.handle_input(HostInput::Message(posted), now),
            Side::Widget => {
                if let Some(widget) = &mut self.widget {
                    widget.handle_input(WidgetInput::Message(posted), now);
                }
            }
        }
    }

    /// A well-behaved application; before the handshake, it does not wait.
    fn speak(&mut self, choice: u8) {
        let now = Millis(self.now);
        let Some(widget) = &mut self.widget else {
            return;
        };
        let sent = match choice % 4 {
            0 if !self.is_logged_in => {
                self.is_logged_in = true;
                widget.user_logged_in(now)
            }
            1 if self.is_logged_in && !self.is_available => {
                self.is_available = true;
                widget.user_available(now)
            }
            2 if self.is_available => {
                self.is_available = false;
                widget.user_unavailable(now)
            }
            _ => widget.resize_widget(json!({"width": 400, "height": 600}), now),
        };
        sent.unwrap();
    }

    fn answer(&mut self, choice: u8) {
        let now = Millis(self.now);
        let hidden = choice.is_multiple_of(2);
        let data = json!({"isMinimized": false, "isHidden": hidden});
        let sent = self.host.visibility_changed(data, now);
        assert_eq!(sent.is_ok(), self.host.is_ready());
    }

    fn drain(&mut self) {
        loop {
            match self.host.poll_output() {
                Output::Post { message, .. } => self.to_widget.push_back(message),
                Output::Event(HostEvent::Ready(_)) => self.host_ready += 1,
                Output::Event(HostEvent::Ignored { type_name, why, .. }) => {
                    panic!("the host ignores {type_name}: {why:?}")
                }
                Output::Event(_) | Output::Log(_) => {}
                Output::Timeout(at) => {
                    self.timer = at.map(|at| at.0);
                    break;
                }
            }
        }
        while let Some(widget) = &mut self.widget {
            match widget.poll_output() {
                Output::Post { message, .. } => self.to_host.push_back(message),
                Output::Event(WidgetEvent::Ready(_)) => {
                    self.widget_ready += 1;
                    let data = json!({"isLoggedIn": false});
                    widget.initialized(data, Millis(self.now)).unwrap();
                }
                Output::Event(_) | Output::Log(_) => {}
                Output::Timeout(_) => break,
            }
        }
    }

    fn deliver_all(&mut self) {
        while !(self.to_host.is_empty() && self.to_widget.is_empty()) {
            self.arrive(Side::Widget);
            self.drain();
            self.arrive(Side::Host);
            self.drain();
        }
    }

    /// Delivers everything under way, for as long as a handshake may take.
    fn settle(&mut self) {
        for _ in 0..10 {
            self.deliver_all();
            self.pass(self.now + 110.0);
        }
    }
}

proptest! {
    #[test]
    fn both_come_to_be_ready(steps in prop::collection::vec(step(), 0..120)) {
        let mut pair = Pair::new(false);
        let mut reloads = 1;
        for step in steps {
            reloads += usize::from(matches!(step, Step::Reload));
            pair.take(step);
        }
        pair.settle();

        prop_assert!(pair.host.is_ready());
        prop_assert!(pair.widget.as_ref().is_some_and(Widget::is_ready));
        // At most once for each page load: a page that is replaced before it answers is never
        // ready.
        prop_assert!((1..=reloads).contains(&pair.host_ready));
        prop_assert!((1..=reloads).contains(&pair.widget_ready));
    }

    #[test]
    fn the_checker_finds_nothing_wrong(steps in prop::collection::vec(step(), 0..60)) {
        let mut pair = Pair::new(true);
        for step in steps {
            pair.take(step);
        }
        pair.settle();

        let mut session = Session::new();
        session.push_all(pair.facts.iter().cloned());
        session.push(Fact::End(Millis(pair.now)));
        let faults: Vec<String> = session
            .findings()
            .iter()
            .filter(|finding| finding.severity != Severity::Note)
            .map(|finding| format!("{} {}", finding.rule.code, finding.message))
            .collect();
        let shown: Vec<String> = pair
            .facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Message(it) => Some(format!(
                    "{} {} {}",
                    it.at.0 - BEGINNING,
                    it.from.name(),
                    it.message.as_str()
                )),
                _ => None,
            })
            .collect();
        prop_assert!(faults.is_empty(), "{faults:#?}\n{}", shown.join("\n"));
    }
}

#[test]
fn any_value_may_be_posted() {
    let kinds = MessageType::ALL.iter().map(|kind| json!(kind.name()));
    let mut pair = Pair::new(true);
    pair.settle();
    for kind in kinds.chain([json!(null), json!(7), json!({}), json!("x")]) {
        for id in [json!(null), json!(0), json!("17_1"), json!({})] {
            let value = json!({"type": kind, "messageId": id, "data": null});
            pair.to_host.push_back(value.clone());
            pair.to_widget.push_back(value);
        }
    }
    while !(pair.to_host.is_empty() && pair.to_widget.is_empty()) {
        pair.arrive(Side::Host);
        pair.arrive(Side::Widget);
        while !matches!(pair.host.poll_output(), Output::Timeout(_)) {}
        let widget = pair.widget.as_mut().unwrap();
        while !matches!(widget.poll_output(), Output::Timeout(_)) {}
    }
    assert!(pair.host.is_ready());
}
