//! The page's state, and what changes it.

use std::collections::{HashMap, VecDeque};

use callscope_protocol::{Location, MessageType, Millis};
use callscope_sdk::{
    Host, HostEvent, HostInput, HostOptions, Ignored, Output as HostOutput, Posted, SyncFailure,
};
use serde_json::{Map, Value, json};

use self::address::address;
use self::due::{Due, Schedule};
use crate::records::{OWNER_ID, PORTAL_ID, USER_ID};
use crate::{
    Act, Activity, Alert, AnswerId, CallView, Fault, Go, Input, LinkView, Options, Output, Place,
    Preset, Profile, RECORDS, Record, RecordId, Setting, SimulatorError, Speaker, Special,
    SwitchId, Switches, View, WindowView,
};

mod address;
mod calls;
mod due;
mod engagements;
mod records;
mod say;
mod start;
mod user;

/// Size of the widget's frame until it asks for another, in CSS pixels.
const SIZE: (f64, f64) = (400.0, 650.0);

/// After READY, a host that is mounted anew sends its SYNC so much later.
const AFTER_READY_MS: f64 = 1_000.0;
/// How often another script posts null, with the switch for it.
const NULL_EVERY_MS: f64 = 1_000.0;
/// Nobody's origin: what is addressed to it is not delivered.
const ELSEWHERE: &str = "https://elsewhere.invalid";

/// HubSpot's page around a widget.
///
/// Feed it with [`handle`](Self::handle), then take [`poll`](Self::poll) until it gives nothing,
/// show [`view`](Self::view), and come back at [`deadline`](Self::deadline) with
/// [`Input::Timeout`], or with whatever comes first. Times are milliseconds since the epoch.
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
    /// SYNCs of a storm, and the one of the host that each stands for.
    storm: HashMap<String, String>,
    link: LinkView,
    sdk_version: Option<String>,
    logged_in: Option<bool>,
    available: Option<bool>,
    window: WindowView,
    size: (f64, f64),
    call: Option<CallView>,
    /// What to do once the call's engagement exists, or does not.
    wants_record: Option<Wish>,
    /// Whether the engagement that was asked for has not come yet.
    awaits_engagement: bool,
    activity: Vec<Activity>,
    alert: Option<Alert>,
    /// How many ids were minted in this session, through all of its pages.
    minted: u64,
    /// Whether the next `DIAL_NUMBER` gets lost, with the switch for it.
    loses_dial: bool,
    schedule: Schedule,
    outputs: VecDeque<Output>,
}

#[derive(Debug)]
struct Frame {
    host: Host<Value>,
    due: Option<f64>,
}

/// A record that the widget asked for.
#[derive(Clone, Debug)]
struct Wish {
    frame: usize,
    data: Value,
}

/// How a message goes out.
#[derive(Clone, Copy, Debug, Default)]
struct Manner {
    copies: usize,
    lost: Option<&'static str>,
    is_misaddressed: bool,
}

impl Simulator {
    /// Takes what happened at `now`.
    ///
    /// # Errors
    ///
    /// The user cannot do that now.
    pub fn handle(&mut self, input: Input, now: f64) -> Result<(), SimulatorError> {
        match input {
            Input::Act { step } => return self.act(step, now),
            Input::Load { frame } => self.loaded(frame, now),
            Input::Message {
                frame,
                origin,
                value,
            } => self.hear(frame, origin, value, now),
            Input::WindowClosed => {
                self.log_own("closed", "the calling window was closed");
                // In the window that the user may open instead.
                self.mount(now);
            }
            Input::Timeout => {}
        }
        self.run_due(now);
        Ok(())
    }

    /// What is to be done next, if anything.
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
    /// One of them is wrong or would match nothing; nothing is changed then.
    pub fn set(&mut self, settings: &Map<String, Value>, now: f64) -> Result<(), SimulatorError> {
        let settings = settings.iter().map(|(name, value)| (name.as_str(), value));
        let profile = self.profile;
        self.with_switches(now, |switches| switches.set(settings, profile))
    }

    /// All switches off.
    pub fn reset(&mut self, now: f64) {
        _ = self.with_switches(now, |switches| {
            switches.reset();
            Ok::<_, crate::SwitchError>(())
        });
    }

    /// The switches of a preset, and only those.
    ///
    /// # Errors
    ///
    /// There is no such preset, or it would match nothing; nothing is changed then.
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

    /// The switches that are on and have matched nothing yet.
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

    // ── frames ──

    /// Makes the widget's frames, at once or as late as a switch says.
    fn mount(&mut self, now: f64) {
        self.frames.clear();
        self.storm.clear();
        self.forget_widget();
        match self.switches.special(Special::SlowLoad) {
            Some(Setting::Millis(millis)) => self.schedule.at(now + millis, Due::Mount),
            _ => self.mount_now(now),
        }
    }

    fn mount_now(&mut self, now: f64) {
        let Some(url) = self.widget_url.clone() else {
            return;
        };
        let copies = match self.switches.special(Special::Twice) {
            Some(_) => 2,
            None => 1,
        };
        self.frames = (0..copies)
            .map(|index| Frame {
                host: self.new_host(&url, index as u64, now),
                due: None,
            })
            .collect();
        self.outputs.push_back(Output::Mount { url, copies });
    }

    /// Of a widget that goes nothing is known any more.
    fn forget_widget(&mut self) {
        self.link = match self.widget_url {
            Some(_) => LinkView::Loading,
            None => LinkView::NoWidget,
        };
        self.sdk_version = None;
        self.logged_in = None;
        self.available = None;
    }

    fn new_host(&mut self, url: &str, index: u64, now: f64) -> Host<Value> {
        let slash = self.switches.special(Special::HostUrlSlash).is_some();
        let has_host_url =
            self.profile != Profile::Seed && self.switches.special(Special::NoHostUrl).is_none();
        let mut origin = self.origin.clone();
        if slash {
            origin.push('/');
        }
        // Two pages of one session, and two frames of one page, mint different ids.
        let seed = (self.seed ^ now.to_bits()).wrapping_add(index);
        let mut options = HostOptions::new(origin, url, seed);
        options.tells_origin = has_host_url;
        options.sync_fields = Some(self.sync_fields());
        Host::new(options)
    }

    /// What SYNC tells beside its type, as far as the profile knows it.
    fn sync_fields(&self) -> Value {
        let mut fields = Map::new();
        if let Some(engagement) = self.handed_over {
            fields.insert("engagementId".to_owned(), json!(engagement));
        }
        fields.insert("portalId".to_owned(), json!(PORTAL_ID));
        fields.insert("userId".to_owned(), json!(USER_ID));
        fields.insert("ownerId".to_owned(), json!(OWNER_ID));
        fields.insert("iframeLocation".to_owned(), json!(self.place.name()));
        let has_window = self.place != Place::Widget;
        fields.insert("usesCallingWindow".to_owned(), json!(has_window));
        let fields = self
            .profile
            .only_its_fields(MessageType::Sync, Location::Top, fields);
        Value::Object(fields)
    }

    fn loaded(&mut self, frame: usize, now: f64) {
        if frame >= self.frames.len() {
            return;
        }
        self.log_own("loaded", "the widget's frame has loaded");
        self.forget_widget();
        match self.switches.fault(AnswerId::Sync, Fault::Delay) {
            Some(Setting::Millis(millis)) => self.schedule.at(now + millis, Due::Load { frame }),
            _ => self.start_sync(frame, now),
        }
    }

    fn start_sync(&mut self, frame: usize, now: f64) {
        self.link = LinkView::Syncing;
        self.feed(frame, HostInput::Load, now);
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

    /// Does what the SDK's host wants done.
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
        // The host waits for the one SYNC that it knows of.
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
                self.link = LinkView::Ready;
                self.sdk_version.clone_from(&ready.version);
                let origin = Some(ready.widget_origin);
                self.log_widget(MessageType::SyncAck.name(), ready.ack, origin, None);
                if self.switches.special(Special::SyncAfterReady).is_some() {
                    self.schedule
                        .at(now + AFTER_READY_MS, Due::SyncAgain { frame });
                }
            }
            HostEvent::SyncFailed(SyncFailure::NoAnswer) => {
                self.link = LinkView::NoAnswer;
                self.log_own(
                    "no-answer",
                    "no SYNC_ACK within 30 seconds of the frame's load",
                );
            }
            HostEvent::SyncFailed(_) => self.link = LinkView::NoAnswer,
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
                // The widget answers the first of many SYNCs; the others it may answer as well.
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
                Due::Navigate { wish, record } => self.navigate_now(&wish, record),
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

    /// Shows another page in a widget's frame.
    fn show_source(&mut self, frame: usize, url: String) {
        let Some(it) = self.frames.get_mut(frame) else {
            return;
        };
        it.host.set_widget_url(&url);
        it.due = None;
        self.forget_widget();
        self.outputs.push_back(Output::Source { frame, url });
    }

    /// The next id of a kind that HubSpot mints.
    fn mint(&mut self) -> u64 {
        self.minted += 1;
        self.minted
    }
}
