//! The simulated HubSpot between the pipe and the runner: messages from the widget go to both
//! HubSpot and the runner, messages from HubSpot to the page and the runner.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use callscope_protocol::{
    Closed, ConversationId, ConversationStart, Fact, Millis, RecordedMessage, Side,
};
use callscope_scenario::{Answers, Event, HostAction, HostStep, Runner};
use callscope_simulator::{Act, Go, Input, Options, Output, Simulator, SimulatorError};
use serde_json::{Map, Value, json};

use super::pipe::{Heard, Pipe};

/// A simulated HubSpot around one widget.
#[derive(Debug)]
pub(super) struct Hubspot {
    simulator: Simulator,
    options: Options,
    /// The conversation of each frame, and whether its page has loaded.
    frames: HashMap<usize, (ConversationId, bool)>,
    conversations: u32,
    messages: u64,
}

/// The text of a message as recorded.
struct Text {
    message: String,
    /// Its original size, if it was cut.
    truncated: Option<u64>,
}

impl Hubspot {
    /// Starts a HubSpot with this page, this widget and these answers.
    pub(super) fn start(
        origin: &str,
        widget: &str,
        profile: Option<&str>,
        answers: &[Answers],
        now: Millis,
    ) -> Result<Self, SimulatorError> {
        let switches = Answers::switches_at_start(answers);
        let options = Options {
            origin: origin.to_owned(),
            widget: Some(widget.to_owned()),
            profile: profile.map(ToOwned::to_owned),
            switches,
            seed: now.0.to_bits(),
            ..Options::default()
        };
        Ok(Self {
            simulator: Simulator::start(options.clone(), now.0)?,
            options,
            frames: HashMap::new(),
            conversations: 0,
            messages: 0,
        })
    }

    /// The latest time at which it has something to do.
    pub(super) fn deadline(&self) -> Option<Millis> {
        self.simulator.deadline().map(Millis)
    }

    /// The switches whose conditions never occurred.
    pub(super) fn unmet(&self) -> Vec<&'static str> {
        self.simulator.unmet()
    }

    /// Advances the time.
    pub(super) fn advance(&mut self, now: Millis) {
        if self.deadline().is_some_and(|it| it <= now) {
            // A time-out cannot be refused.
            _ = self.simulator.handle(Input::Timeout, now.0);
        }
    }

    /// Makes HubSpot's user do something. The error is the message that this user gets instead.
    pub(super) fn act(
        &mut self,
        command: &HostStep,
        now: Millis,
    ) -> anyhow::Result<Result<(), String>> {
        let action = command.action;
        let step: Act = serde_json::from_value(command.to_act())
            .with_context(|| format!("the simulator does not know {}", action.word()))?;
        let alerts = |it: &Simulator| it.view().alert.map(|it| (it.number, it.text));
        let before = alerts(&self.simulator);
        if let Err(error) = self.simulator.handle(Input::Act { step }, now.0) {
            return Ok(Err(error.to_string()));
        }
        let told = alerts(&self.simulator).filter(|it| Some(it) != before.as_ref());
        // If it does not dial, the user is told why.
        Ok(match told {
            Some((_, text)) if action == HostAction::Dial => Err(text),
            _ => Ok(()),
        })
    }

    /// Changes its answers.
    pub(super) fn set(&mut self, answers: &Answers, now: Millis) -> Result<(), SimulatorError> {
        let settings: Map<String, Value> = answers.to_switches().into_iter().collect();
        self.simulator.set(&settings, now.0)
    }

    /// Processes what the page has received.
    pub(super) fn hear(&mut self, heard: Heard, now: Millis, runner: &mut Runner) {
        let Heard {
            frame,
            loaded,
            origin,
            message,
            truncated,
        } = heard;
        if loaded {
            self.loaded(frame, now, runner);
            _ = self.simulator.handle(Input::Load { frame }, now.0);
            return;
        }
        // HubSpot could not act on a message that was cut.
        let value = serde_json::from_str(&message).unwrap_or(Value::Null);
        let text = Text { message, truncated };
        self.record(frame, Side::Widget, origin.clone(), text, now, runner);
        let input = Input::Message {
            frame: Some(frame),
            origin,
            value,
        };
        _ = self.simulator.handle(input, now.0);
    }

    /// Handles a page that loads; in a frame that already has a page, it replaces that.
    fn loaded(&mut self, frame: usize, now: Millis, runner: &mut Runner) {
        match self.frames.get_mut(&frame) {
            Some((_, is_loaded @ false)) => *is_loaded = true,
            Some((conversation, true)) => {
                let conversation = *conversation;
                close(conversation, Side::Widget, now, runner);
                self.begin(frame, Some(conversation), now, runner);
                if let Some((_, is_loaded)) = self.frames.get_mut(&frame) {
                    *is_loaded = true;
                }
            }
            None => {}
        }
    }

    /// Does what the simulator asks for.
    ///
    /// # Errors
    ///
    /// The next page cannot be started.
    pub(super) fn obey(
        &mut self,
        pipe: &mut Pipe<'_>,
        now: Millis,
        runner: &mut Runner,
    ) -> Result<(), SimulatorError> {
        while let Some(output) = self.simulator.poll() {
            match output {
                Output::Mount { url, copies } => {
                    let before = self.frames.get(&0).map(|(it, _)| *it);
                    for (conversation, _) in std::mem::take(&mut self.frames).into_values() {
                        close(conversation, Side::Host, now, runner);
                    }
                    let view = self.simulator.view();
                    let size = json!({ "width": view.width, "height": view.height });
                    pipe.call("mount", &[json!(url), json!(copies), size]);
                    for frame in 0..copies {
                        self.begin(frame, before.filter(|_| frame == 0), now, runner);
                    }
                }
                Output::Reload { frame } => pipe.call("reload", &[json!(frame)]),
                Output::Source { frame, url } => pipe.call("show", &[json!(frame), json!(url)]),
                Output::Post {
                    frame,
                    target_origin,
                    message,
                } => {
                    let text = Text {
                        message: message.to_string(),
                        truncated: None,
                    };
                    let origin = self.options.origin.clone();
                    pipe.call("post", &[json!(frame), message, json!(target_origin)]);
                    self.record(frame, Side::Host, origin, text, now, runner);
                }
                Output::Go { to } => self.go(to, now)?,
                Output::Log { .. } => {}
            }
        }
        Ok(())
    }

    /// Replaces this page of HubSpot's by another one.
    fn go(&mut self, to: Go, now: Millis) -> Result<(), SimulatorError> {
        let Go {
            record,
            engagement,
            profile,
            place,
            widget,
            new_tab: _,
        } = to;
        let options = &mut self.options;
        options.kept = Some(self.simulator.kept());
        options.switches.clear();
        options.engagement = engagement;
        options.seed = now.0.to_bits();
        options.record = record.or(options.record.take());
        options.widget = widget.or(options.widget.take());
        options.profile = profile
            .map(|it| it.name().to_owned())
            .or(options.profile.take());
        options.place = place
            .map(|it| it.name().to_owned())
            .or(options.place.take());
        self.simulator = Simulator::start(options.clone(), now.0)?;
        Ok(())
    }

    fn begin(
        &mut self,
        frame: usize,
        continues: Option<ConversationId>,
        now: Millis,
        runner: &mut Runner,
    ) {
        self.conversations += 1;
        let id = ConversationId(self.conversations);
        self.frames.insert(frame, (id, false));
        runner.handle(Event::Fact(Fact::Conversation(ConversationStart {
            id,
            at: now,
            continues,
            host_origin: Some(self.options.origin.clone()),
            widget_origin: self
                .options
                .widget
                .as_deref()
                .and_then(callscope_protocol::origin_of),
            in_calling_window: false,
        })));
    }

    fn record(
        &mut self,
        frame: usize,
        from: Side,
        origin: String,
        text: Text,
        now: Millis,
        runner: &mut Runner,
    ) {
        let Text { message, truncated } = text;
        let Some((conversation, _)) = self.frames.get(&frame) else {
            return;
        };
        self.messages += 1;
        runner.handle(Event::Fact(Fact::Message(RecordedMessage {
            seq: self.messages,
            at: now,
            conversation: *conversation,
            from,
            origin: origin.into(),
            injected: false,
            message: message.into(),
            cloned: BTreeMap::new(),
            truncated,
        })));
    }
}

fn close(conversation: ConversationId, side: Side, now: Millis, runner: &mut Runner) {
    runner.handle(Event::Fact(Fact::Closed(Closed {
        conversation,
        at: now,
        side,
    })));
}
