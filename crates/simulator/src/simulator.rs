//! The page's state and its transitions.

use std::collections::{HashMap, VecDeque};

use callscope_protocol::{MessageType, Millis};
use callscope_sdk::{
    Host, HostEvent, HostInput, Ignored, Output as HostOutput, Posted, SyncFailure,
};
use serde_json::{Map, Value, json};

use self::address::address;
use self::due::{Due, Schedule};
use crate::{
    Act, Activity, Alert, AnswerId, CallView, Fault, Go, Input, LinkView, Options, Output, Place,
    Preset, Profile, RECORDS, Record, RecordId, Setting, SimulatorError, Speaker, Special,
    SwitchId, Switches, View, WindowView,
};

mod address;
mod calls;
mod due;
mod engagements;
mod frames;
mod records;
mod say;
mod start;
mod user;

/// The size of the widget's frame until it asks for another, in CSS pixels.
const SIZE: (f64, f64) = (400.0, 650.0);

/// How long after READY a newly mounted host sends its SYNC.
const AFTER_READY_MS: f64 = 1_000.0;
/// How often another script posts null, if that switch is on.
const NULL_EVERY_MS: f64 = 1_000.0;
/// An origin that does not exist, so that messages addressed to it are not delivered.
const ELSEWHERE: &str = "https://elsewhere.invalid";

/// HubSpot's page around a widget.
///
/// Call [`handle`](Self::handle), then [`poll`](Self::poll) until it returns nothing, show
/// [`view`](Self::view), and come back at [`deadline`](Self::deadline) with [`Input::Timeout`], or
/// with whatever happens first. Times are milliseconds since the epoch.
#[derive(Debug)]
pub struct Simulator {
    profile: Profile,
    place: Place,
    origin: String,
    widget_url: Option<String>,
    record: &'static Record,
    handed_over: Option<u64>,
    seed: u64,
    switches: Switches,
    frames: Vec<Frame>,
    /// The ids of SYNCs in a storm, each with the id of the host's SYNC that it stands for.
    storm: HashMap<String, String>,
    link: LinkView,
    sdk_version: Option<String>,
    logged_in: Option<bool>,
    available: Option<bool>,
    window: WindowView,
    size: (f64, f64),
    call: Option<CallView>,
    /// The record to show once the call's engagement has been created, or has failed.
    wants_record: Option<RecordRequest>,
    /// Whether a requested engagement is still missing.
    awaits_engagement: bool,
    activity: Vec<Activity>,
    alert: Option<Alert>,
    /// How many ids were created in this session, over all of its pages.
    minted: u64,
    /// Whether the next `DIAL_NUMBER` is lost, if that switch is on.
    loses_dial: bool,
    schedule: Schedule,
    outputs: VecDeque<Output>,
}

#[derive(Debug)]
struct Frame {
    place: Place,
    host: Host<Value>,
    due: Option<f64>,
}

/// A record that the widget asked for.
#[derive(Clone, Debug)]
struct RecordRequest {
    frame: usize,
    data: Value,
}

/// How to post a message.
#[derive(Clone, Copy, Debug, Default)]
struct Manner {
    copies: usize,
    lost: Option<&'static str>,
    is_misaddressed: bool,
}

impl Simulator {
    /// Processes what happened at `now`.
    ///
    /// # Errors
    ///
    /// The user cannot do this now.
    pub fn handle(&mut self, input: Input, now: f64) -> Result<(), SimulatorError> {
        match input {
            Input::Act { step } => return self.act(step, now),
            Input::Load { frame } => self.loaded(frame, now),
            Input::Message {
                frame,
                origin,
                value,
            } => self.hear(frame, origin, value, now),
            Input::WindowClosed => self.window_closed(now),
            Input::Timeout => {}
        }
        self.run_due(now);
        Ok(())
    }

    /// What to do next, if anything.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to come back at the latest; `None` if there is nothing to wait for.
    #[must_use]
    pub fn deadline(&self) -> Option<f64> {
        let frames = self.frames.iter().filter_map(|frame| frame.due);
        frames.chain(self.schedule.next()).min_by(f64::total_cmp)
    }

    /// Turns switches on and off.
    ///
    /// # Errors
    ///
    /// One of them is invalid or has no effect; then nothing is changed.
    pub fn set(&mut self, settings: &Map<String, Value>, now: f64) -> Result<(), SimulatorError> {
        let settings = settings.iter().map(|(name, value)| (name.as_str(), value));
        let profile = self.profile;
        self.with_switches(now, |switches| switches.set(settings, profile))
    }

    /// Turns all switches off.
    pub fn reset(&mut self, now: f64) {
        _ = self.with_switches(now, |switches| {
            switches.reset();
            Ok::<_, crate::SwitchError>(())
        });
    }

    /// Sets the switches of a preset, and turns off all others.
    ///
    /// # Errors
    ///
    /// The preset does not exist, or has no effect; then nothing is changed.
    pub fn preset(&mut self, name: &str, now: f64) -> Result<(), SimulatorError> {
        let preset = Preset::find(name)?;
        let profile = self.profile;
        self.with_switches(now, |switches| preset.apply(switches, profile))
    }

    fn with_switches<E>(
        &mut self,
        now: f64,
        change: impl FnOnce(&mut Switches) -> Result<(), E>,
    ) -> Result<(), SimulatorError>
    where
        SimulatorError: From<E>,
    {
        let is_on = |it: &Self, special| it.switches.is_on(SwitchId::Special(special));
        let was_twice = is_on(self, Special::Twice);
        let had_null = is_on(self, Special::NullMessages);
        change(&mut self.switches)?;
        let on: Vec<String> = (self.switches.on())
            .map(|(name, setting, _)| match setting {
                Setting::On => name.to_owned(),
                _ => format!("{name}:{}", setting.to_json()),
            })
            .collect();
        let text = if on.is_empty() {
            "all switches off".to_owned()
        } else {
            on.join(", ")
        };
        self.log_own("switches", text);
        if is_on(self, Special::NullMessages) && !had_null {
            self.schedule.at(now + NULL_EVERY_MS, Due::Null);
        }
        if is_on(self, Special::Twice) != was_twice && self.widget_url.is_some() {
            self.mount(now);
        }
        Ok(())
    }

    /// The switches that are on and have had no effect yet.
    #[must_use]
    pub fn unmet(&self) -> Vec<&'static str> {
        self.switches.unmet()
    }

    /// What the page shows.
    #[must_use]
    pub fn view(&self) -> View {
        let switches = self.switches.on().map(|(name, setting, met)| {
            let value = setting.to_json();
            crate::SwitchView { name, value, met }
        });
        View {
            profile: self.profile,
            place: self.place,
            widget_url: self.widget_url.clone().unwrap_or_default(),
            link: self.link,
            sdk_version: self.sdk_version.clone(),
            logged_in: self.logged_in,
            available: self.available,
            window: self.window,
            width: self.size.0,
            height: self.size.1,
            record: self.record,
            engagement_id: self.handed_over,
            call: self.call.clone(),
            activity: self.activity.clone(),
            alert: self.alert.clone(),
            switches: switches.collect(),
        }
    }

    fn log_own(&mut self, what: &str, text: impl Into<String>) {
        let text: String = text.into();
        self.outputs.push_back(Output::Log {
            from: Speaker::Simulator,
            r#type: what.to_owned(),
            message: json!({ "text": text }),
            origin: None,
            note: None,
        });
    }

    fn warn(&mut self, text: impl Into<String>) {
        let number = self.alert.as_ref().map_or(0, |alert| alert.number) + 1;
        let text: String = text.into();
        self.log_own("alert", text.clone());
        self.alert = Some(Alert { number, text });
    }

    fn feed(&mut self, frame: usize, input: HostInput<Value>, now: f64) {
        if let Some(it) = self.frames.get_mut(frame) {
            it.host.handle_input(input, Millis(now));
            self.drain(
                frame,
                Manner {
                    copies: 1,
                    ..Manner::default()
                },
                now,
            );
        }
    }

    /// Does what the SDK's host asks for.
    fn drain(&mut self, frame: usize, manner: Manner, now: f64) {
        while let Some(it) = self.frames.get_mut(frame) {
            match it.host.poll_output() {
                HostOutput::Timeout(due) => {
                    it.due = due.map(|millis| millis.0);
                    return;
                }
                HostOutput::Post {
                    target_origin,
                    message,
                } => {
                    if message["type"] == MessageType::Sync.name() {
                        self.post_sync(frame, &target_origin, &message, now);
                    } else {
                        self.post(frame, &target_origin, message, manner);
                    }
                }
                HostOutput::Log(_) => {}
                HostOutput::Event(event) => self.learn(frame, event, now),
            }
        }
    }

    fn hear(&mut self, frame: Option<usize>, origin: String, mut value: Value, now: f64) {
        let Some(frame) = frame else { return };
        // The host only accepts an answer to the SYNC that it knows about.
        let own = value["messageId"]
            .as_str()
            .and_then(|id| self.storm.get(id));
        if let Some(own) = own.filter(|_| value["type"] == MessageType::SyncAck.name()) {
            value["messageId"] = json!(own);
        }
        let posted = Posted {
            origin,
            is_from_peer: true,
            value,
        };
        self.feed(frame, HostInput::Message(posted), now);
    }

    fn learn(&mut self, frame: usize, event: HostEvent<Value>, now: f64) {
        match event {
            HostEvent::Ready(ready) => {
                if !self.is_another_ready(frame) {
                    self.link = LinkView::Ready;
                }
                self.sdk_version.clone_from(&ready.version);
                let origin = Some(ready.widget_origin);
                self.log_widget(MessageType::SyncAck.name(), ready.ack, origin, None);
                if self.switches.special(Special::SyncAfterReady).is_some() {
                    self.schedule
                        .at(now + AFTER_READY_MS, Due::SyncAgain { frame });
                }
            }
            HostEvent::SyncFailed(why) => {
                if !self.is_another_ready(frame) {
                    self.link = LinkView::NoAnswer;
                }
                if why == SyncFailure::NoAnswer {
                    self.log_own(
                        "no-answer",
                        "no SYNC_ACK within 30 seconds of the frame's load",
                    );
                }
            }
            HostEvent::Moves { .. } => {}
            HostEvent::Message(received) => {
                let origin = self.widget_origin(frame);
                let name = received.type_name.clone();
                let known = received.known.filter(|kind| self.profile.knows(*kind));
                let note = match (received.known, known) {
                    (None, _) => Some("HubSpot does not know this type".to_owned()),
                    (Some(_), None) => Some(format!(
                        "HubSpot of profile {} does not know this type",
                        self.profile.name()
                    )),
                    _ => None,
                };
                self.log_widget(&name, received.message, origin, note);
                if let Some(kind) = known {
                    self.react(frame, kind, received.data.unwrap_or(Value::Null), now);
                }
            }
            HostEvent::Ignored {
                type_name,
                origin,
                why,
            } => {
                // The widget answers the first of many SYNCs; it may also answer the others.
                let why = match why {
                    Ignored::OtherOrigin => format!(
                        "ignored: {}, {}",
                        why.words(),
                        self.widget_origin(frame).unwrap_or_default()
                    ),
                    _ => format!("ignored: {}", why.words()),
                };
                let message = json!({ "type": type_name });
                self.log_widget(&type_name, message, Some(origin), Some(why));
            }
        }
    }

    fn log_widget(
        &mut self,
        kind: &str,
        message: Value,
        origin: Option<String>,
        note: Option<String>,
    ) {
        self.outputs.push_back(Output::Log {
            from: Speaker::Widget,
            r#type: kind.to_owned(),
            message,
            origin,
            note,
        });
    }

    fn widget_origin(&self, frame: usize) -> Option<String> {
        let frame = self.frames.get(frame)?;
        Some(frame.host.widget_origin().to_owned())
    }

    // ── time ──

    fn run_due(&mut self, now: f64) {
        for frame in 0..self.frames.len() {
            if self.frames[frame].due.is_some_and(|due| due <= now) {
                self.feed(frame, HostInput::Timeout, now);
            }
        }
        while let Some(due) = self.schedule.take(now) {
            match due {
                Due::Mount => self.mount_now(now),
                Due::Load { frame } => self.start_sync(frame, now),
                Due::Reload { frame } => self.outputs.push_back(Output::Reload { frame }),
                Due::Source { frame, url } => self.show_source(frame, url),
                Due::SyncAgain { frame } => self.sync_again(frame, now),
                Due::Null => self.post_null(now),
                Due::Say(say) => self.say_now(say, now),
                Due::Navigate { request, record } => self.navigate_now(&request, record),
            }
        }
    }

    fn post_null(&mut self, now: f64) {
        if self.switches.special(Special::NullMessages).is_none() {
            return;
        }
        for frame in 0..self.frames.len() {
            if let Some(target_origin) = self.widget_origin(frame) {
                self.outputs.push_back(Output::Post {
                    frame,
                    target_origin,
                    message: Value::Null,
                });
            }
        }
        self.schedule.at(now + NULL_EVERY_MS, Due::Null);
    }

    /// The next id of a kind that HubSpot creates.
    fn mint(&mut self) -> u64 {
        self.minted += 1;
        self.minted
    }
}
