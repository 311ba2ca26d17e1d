//! Messages are lost, duplicated, reordered, forged or malformed, and the clock jumps: nothing
//! panics, nothing goes on forever, and the next page load is as good as the first.

use callscope_protocol::{MessageType, Millis, Side};
use callscope_sdk::{
    Host, HostEvent, HostInput, HostOptions, Output, Posted, Widget, WidgetEvent, WidgetInput,
    WidgetOptions,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{BEGINNING, HOST, PHONE};

/// An origin that neither end should accept.
const STRANGER: &str = "https://stranger.example";

/// What may happen next.
#[derive(Clone, Debug)]
enum Step {
    /// A message under way arrives, and may stay to arrive again.
    Arrive { to: Side, which: u8, stays: bool },
    /// A message never arrives.
    Lose { to: Side, which: u8 },
    /// A message comes from another origin or another window.
    Forge { to: Side, which: u8, window: bool },
    /// Any value is posted, from any window.
    Post(Side, Value),
    /// The clock advances, or is set.
    Clock(i32),
    /// The host's timer fires, early or late.
    Time,
    /// The iframe fires `load`, or fails.
    Load { fails: bool },
    /// The iframe has another page, whose script has started.
    Page,
    /// HubSpot shows the widget's URL again.
    Show,
    /// Either application sends something.
    Say(Side, u8),
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Host), Just(Side::Widget)]
}

/// A value that more or less looks like a message.
fn anything() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(MessageType::ALL).prop_map(|it| json!(it.name()));
    let odd = prop_oneof![
        Just(json!(null)),
        Just(json!("")),
        Just(json!("toString")),
        Just(json!({}))
    ];
    let ids = prop_oneof![
        Just(json!(null)),
        Just(json!(0)),
        Just(json!("1_2")),
        Just(json!("1_3")),
        Just(json!("2_2")),
        Just(json!([]))
    ];
    let urls = prop_oneof![
        Just(json!(null)),
        Just(json!(PHONE)),
        Just(json!(STRANGER)),
        Just(json!("about:blank")),
        Just(json!(7))
    ];
    prop_oneof![
        9 => (prop_oneof![9 => kinds, 1 => odd], ids, urls).prop_map(|(kind, id, url)| json!({
            "type": kind, "messageId": id, "iFrameUrl": url, "hostUrl": url, "data": {"iFrameUrl": url},
        })),
        1 => prop_oneof![Just(json!(null)), Just(json!([1])), Just(json!("SYNC"))],
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (side(), any::<u8>(), any::<bool>())
            .prop_map(|(to, which, stays)| Step::Arrive { to, which, stays }),
        2 => (side(), any::<u8>()).prop_map(|(to, which)| Step::Lose { to, which }),
        1 => (side(), any::<u8>(), any::<bool>())
            .prop_map(|(to, which, window)| Step::Forge { to, which, window }),
        2 => (side(), anything()).prop_map(|(to, value)| Step::Post(to, value)),
        3 => (1..400).prop_map(Step::Clock),
        1 => (-4_000_000..4_000_000).prop_map(Step::Clock),
        4 => Just(Step::Time),
        1 => any::<bool>().prop_map(|fails| Step::Load { fails }),
        1 => Just(Step::Page),
        1 => Just(Step::Show),
        3 => (side(), any::<u8>()).prop_map(|(side, choice)| Step::Say(side, choice)),
    ]
}

struct World {
    now: f64,
    host: Host<Value>,
    widget: Widget<Value>,
    seed: u64,
    to_host: Vec<Value>,
    to_widget: Vec<Value>,
    timer: Option<f64>,
    /// How many messages each end has sent of its own accord since the last step.
    said: usize,
}

impl World {
    fn new() -> Self {
        let options = HostOptions::new(HOST, PHONE, 1);
        let mut world = Self {
            now: BEGINNING,
            host: Host::new(options),
            widget: Widget::new(WidgetOptions::new(PHONE, 2)),
            seed: 2,
            to_host: Vec::new(),
            to_widget: Vec::new(),
            timer: None,
            said: 0,
        };
        world.drain();
        world
    }

    fn on_the_way(&mut self, to: Side) -> &mut Vec<Value> {
        match to {
            Side::Host => &mut self.to_host,
            Side::Widget => &mut self.to_widget,
        }
    }

    fn pick(&mut self, to: Side, which: u8, stays: bool) -> Option<Value> {
        let queue = self.on_the_way(to);
        let at = usize::from(which) % queue.len().max(1);
        if stays {
            queue.get(at).cloned()
        } else {
            (at < queue.len()).then(|| queue.remove(at))
        }
    }

    fn hear(&mut self, to: Side, value: Value, origin: &str, is_from_peer: bool) {
        let posted = Posted {
            origin: origin.to_owned(),
            is_from_peer,
            value,
        };
        let now = Millis(self.now);
        match to {
            Side::Host => self.host.handle_input(HostInput::Message(posted), now),
            Side::Widget => self.widget.handle_input(WidgetInput::Message(posted), now),
        }
    }

    fn take(&mut self, step: Step) {
        let now = Millis(self.now);
        let origin = |to| match to {
            Side::Host => PHONE,
            Side::Widget => HOST,
        };
        match step {
            Step::Arrive { to, which, stays } => {
                if let Some(value) = self.pick(to, which, stays) {
                    self.hear(to, value, origin(to), true);
                }
            }
            Step::Lose { to, which } => drop(self.pick(to, which, false)),
            Step::Forge { to, which, window } => {
                if let Some(value) = self.pick(to, which, true) {
                    let ready = (self.host.is_ready(), self.widget.is_ready());
                    let origin = if window { origin(to) } else { STRANGER };
                    self.hear(to, value, origin, !window);
                    assert_eq!(ready, (self.host.is_ready(), self.widget.is_ready()));
                }
            }
            Step::Post(to, value) => self.hear(to, value, origin(to), true),
            Step::Clock(millis) => self.now += f64::from(millis),
            Step::Time => self.host.handle_input(HostInput::Timeout, now),
            Step::Load { fails: true } => self.host.handle_input(HostInput::LoadFailed, now),
            Step::Load { fails: false } => self.host.handle_input(HostInput::Load, now),
            Step::Page => self.page(),
            Step::Show => self.host.set_widget_url(PHONE),
            Step::Say(Side::Host, choice) => {
                let sent = self.host.dial_number(json!({"phoneNumber": choice}), now);
                assert_eq!(sent.is_ok(), self.host.is_ready());
            }
            // A hundred of them fill the queue.
            Step::Say(Side::Widget, choice) => {
                _ = self.widget.call_data(json!({"choice": choice}), now);
            }
        }
        self.drain();
    }

    fn page(&mut self) {
        self.seed += 1;
        self.widget = Widget::new(WidgetOptions::new(PHONE, self.seed));
        self.to_widget.clear();
    }

    /// Carries out what the ends want; neither may want more than it had reason for.
    fn drain(&mut self) {
        self.said = 0;
        loop {
            match self.host.poll_output() {
                Output::Post {
                    message,
                    target_origin,
                } => {
                    assert!(message["messageId"].is_string(), "{message}");
                    // The browser does not deliver messages addressed to another origin.
                    if target_origin == PHONE {
                        self.to_widget.push(message);
                    }
                }
                Output::Event(HostEvent::Ready(ready)) => assert_eq!(ready.widget_origin, PHONE),
                Output::Event(_) | Output::Log(_) => {}
                Output::Timeout(at) => {
                    self.timer = at.map(|at| at.0);
                    break;
                }
            }
            self.said += 1;
        }
        loop {
            match self.widget.poll_output() {
                Output::Post {
                    message,
                    target_origin,
                } => {
                    assert!(!message["messageId"].is_null(), "{message}");
                    assert_eq!(target_origin, HOST);
                    self.to_host.push(message);
                }
                Output::Event(WidgetEvent::Ready(ready)) => {
                    assert_eq!(ready.host_origin, HOST);
                    let data = json!({"isLoggedIn": false});
                    self.widget.initialized(data, Millis(self.now)).unwrap();
                }
                Output::Event(_) | Output::Log(_) => {}
                Output::Timeout(at) => {
                    assert_eq!(at, None, "a widget waits for nothing");
                    break;
                }
            }
            self.said += 1;
        }
        assert!(self.said < 250, "an end that talks to itself");
    }

    /// A page load in which everything arrives, and nobody sets the clock.
    fn heal(&mut self) {
        self.host.set_widget_url(PHONE);
        self.page();
        self.to_host.clear();
        self.take(Step::Load { fails: false });
        for _ in 0..5 {
            for to in [Side::Widget, Side::Host, Side::Widget] {
                let count = self.on_the_way(to).len();
                for _ in 0..count {
                    self.take(Step::Arrive {
                        to,
                        which: 0,
                        stays: false,
                    });
                }
            }
            if let Some(at) = self.timer {
                assert!(at <= self.now + 100.0, "it waits too long");
                self.now = self.now.max(at);
                self.take(Step::Time);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_next_page_load_is_as_good_as_the_first(steps in prop::collection::vec(step(), 0..200)) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
        }
        world.heal();

        prop_assert!(world.host.is_ready());
        prop_assert!(world.widget.is_ready());
        prop_assert_eq!(world.host.widget_origin(), PHONE);
        prop_assert_eq!(world.widget.host_origin(), Some(HOST));
        prop_assert_eq!(world.timer, None);
        world.to_widget.clear();
        world.take(Step::Say(Side::Host, 1));
        prop_assert_eq!(world.to_widget.len(), 1);
    }

    /// Setting the clock during the handshake neither silences the host nor makes it ask forever.
    #[test]
    fn the_host_gives_up_after_as_many_questions(jumps in prop::collection::vec(-4_000_000..90_i32, 0..40)) {
        let mut world = World::new();
        world.take(Step::Load { fails: false });
        let mut asked = 1;
        let mut jumps = jumps.into_iter();
        while let Some(at) = world.timer {
            asked += 1;
            prop_assert!(asked < 450);
            // The timer was set by the old clock, and the clock is set before it fires.
            let jump = f64::from(jumps.next().unwrap_or_default());
            world.now += (at - world.now).max(0.0) + jump.min(0.0);
            world.take(Step::Time);
            prop_assert!(world.timer.is_none_or(|it| it - world.now <= 100.0));
        }
        prop_assert!(!world.host.is_ready());
    }
}
