//! How a page starts, and what is carried over to the next page.

use serde_json::{Value, json};

use super::due::Schedule;
use super::{
    LinkView, Map, NULL_EVERY_MS, Options, Place, Preset, Profile, RECORDS, Record, RecordId, SIZE,
    Simulator, SimulatorError, Special, SwitchId, Switches, WindowView, address,
};
use crate::simulator::due::Due;

/// The first id of an engagement.
const FIRST_ENGAGEMENT: u64 = 18_000_000_000;

impl Simulator {
    /// A page that starts at `now`.
    ///
    /// # Errors
    ///
    /// One of the options is invalid, or a switch has no effect.
    pub fn start(options: Options, now: f64) -> Result<Self, SimulatorError> {
        let profile = choose(
            "profile",
            options.profile.as_deref(),
            &Profile::ALL,
            Profile::name,
        )?;
        let place = choose("place", options.place.as_deref(), &Place::ALL, Place::name)?;
        let record = match &options.record {
            None => &RECORDS[0],
            Some(name) => RecordId::parse(name)
                .and_then(Record::find)
                .ok_or_else(|| SimulatorError::NoRecord(name.clone()))?,
        };
        let widget_url = options.widget.as_deref().map(address).transpose()?;
        let mut simulator = Self {
            profile,
            place,
            origin: options.origin,
            widget_url,
            record,
            handed_over: options.engagement,
            seed: options.seed,
            switches: Switches::default(),
            frames: Vec::new(),
            storm: std::collections::HashMap::new(),
            link: LinkView::NoWidget,
            sdk_version: None,
            logged_in: None,
            available: None,
            window: WindowView::Open,
            size: SIZE,
            call: None,
            wants_record: None,
            awaits_engagement: false,
            activity: Vec::new(),
            alert: None,
            minted: 0,
            loses_dial: false,
            schedule: Schedule::default(),
            outputs: std::collections::VecDeque::new(),
        };
        if let Some(kept) = &options.kept {
            simulator.take_kept(kept);
        }
        // The URL's settings take precedence over what was kept.
        if let Some(preset) = &options.preset {
            Preset::find(preset)?.apply(&mut simulator.switches, profile)?;
        }
        for text in &options.switches {
            simulator.switches.set_text(text, profile)?;
        }
        if simulator
            .switches
            .is_on(SwitchId::Special(Special::NullMessages))
        {
            simulator.schedule.at(now + NULL_EVERY_MS, Due::Null);
        }
        if simulator.widget_url.is_some() {
            simulator.mount(now);
        }
        Ok(simulator)
    }

    /// What the next page of this session must know.
    #[must_use]
    pub fn kept(&self) -> Value {
        let switches: Map<String, Value> = self
            .switches
            .on()
            .map(|(name, setting, _)| (name.to_owned(), setting.to_json()))
            .collect();
        json!({
            "switches": switches,
            "activity": self.activity,
            "call": self.call,
            "minted": self.minted,
        })
    }

    /// Restores what the previous page kept; something may be missing if another version of the
    /// simulator kept it.
    fn take_kept(&mut self, kept: &Value) {
        let none = Map::new();
        let switches = kept["switches"].as_object().unwrap_or(&none);
        for (name, value) in switches {
            // A switch that has no effect under another profile is dropped; the page shows which
            // are on.
            _ = self.switches.set([(name.as_str(), value)], self.profile);
        }
        self.activity = serde_json::from_value(kept["activity"].clone()).unwrap_or_default();
        self.minted = kept["minted"].as_u64().unwrap_or_default();
        // A call only continues in the next page if HubSpot hands its engagement over.
        let call: Option<crate::CallView> =
            serde_json::from_value(kept["call"].clone()).unwrap_or_default();
        self.call = call
            .filter(|call| call.engagement_id.is_some() && call.engagement_id == self.handed_over);
    }

    /// The id of a new engagement, unique in this session's account.
    pub(super) fn new_engagement(&mut self) -> u64 {
        FIRST_ENGAGEMENT + self.seed % 1_000_000 * 1_000 + self.mint()
    }
}

fn choose<T: Copy + Default>(
    what: &'static str,
    given: Option<&str>,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, SimulatorError> {
    let Some(given) = given else {
        return Ok(T::default());
    };
    let found = all.iter().copied().find(|it| name(*it) == given);
    found.ok_or_else(|| SimulatorError::NoSuch {
        what,
        given: given.to_owned(),
        known: (all.iter().map(|it| name(*it)).collect::<Vec<_>>()).join(", "),
    })
}
