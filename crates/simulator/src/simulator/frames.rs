//! The widget's frames: how they come, load anew and go.

use callscope_protocol::{Location, MessageType};
use callscope_sdk::{Host, HostInput, HostOptions};
use serde_json::{Map, Value, json};

use super::due::Due;
use super::{Frame, Simulator};
use crate::records::{OWNER_ID, PORTAL_ID, USER_ID};
use crate::{AnswerId, Fault, LinkView, Output, Place, Profile, Setting, Special, Stage};

impl Simulator {
    /// Makes the widget's frames, at once or as late as a switch says.
    pub(super) fn mount(&mut self, now: f64) {
        self.frames.clear();
        self.storm.clear();
        self.forget_widget();
        match self.switches.special(Special::SlowLoad) {
            Some(Setting::Millis(millis)) => self.schedule.at(now + millis, Due::Mount),
            _ => self.mount_now(now),
        }
    }

    pub(super) fn mount_now(&mut self, now: f64) {
        let Some(url) = self.widget_url.clone() else {
            return;
        };
        let copies = match self.switches.special(Special::Twice) {
            Some(_) => 2,
            None => 1,
        };
        for &place in self.place.frames() {
            for _ in 0..copies {
                let host = self.new_host(&url, place, self.frames.len() as u64, now);
                let due = None;
                self.frames.push(Frame { place, host, due });
            }
        }
        let copies = self.frames.len();
        self.outputs.push_back(Output::Mount { url, copies });
    }

    /// Of a widget that goes nothing is known any more.
    pub(super) fn forget_widget(&mut self) {
        self.link = match self.widget_url {
            Some(_) => LinkView::Loading,
            None => LinkView::NoWidget,
        };
        self.sdk_version = None;
        self.logged_in = None;
        self.available = None;
    }

    fn new_host(&mut self, url: &str, place: Place, index: u64, now: f64) -> Host<Value> {
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
        options.sync_fields = Some(self.sync_fields(place));
        Host::new(options)
    }

    /// What SYNC tells beside its type, as far as the profile knows it.
    pub(super) fn sync_fields(&self, place: Place) -> Value {
        let mut fields = Map::new();
        if let Some(engagement) = self.handed_over {
            fields.insert("engagementId".to_owned(), json!(engagement));
        }
        fields.insert("portalId".to_owned(), json!(PORTAL_ID));
        fields.insert("userId".to_owned(), json!(USER_ID));
        fields.insert("ownerId".to_owned(), json!(OWNER_ID));
        fields.insert("iframeLocation".to_owned(), json!(place.name()));
        let has_window = place != Place::Widget;
        fields.insert("usesCallingWindow".to_owned(), json!(has_window));
        let fields = self
            .profile
            .only_its_fields(MessageType::Sync, Location::Top, fields);
        Value::Object(fields)
    }

    pub(super) fn loaded(&mut self, frame: usize, now: f64) {
        if frame >= self.frames.len() {
            return;
        }
        self.log_own("loaded", "the widget's frame has loaded");
        if !self.is_another_ready(frame) {
            self.forget_widget();
        }
        match self.switches.fault(AnswerId::Sync, Fault::Delay) {
            Some(Setting::Millis(millis)) => self.schedule.at(now + millis, Due::Load { frame }),
            _ => self.start_sync(frame, now),
        }
    }

    /// Whether the widget is connected in another frame: what it has said there holds on.
    pub(super) fn is_another_ready(&self, frame: usize) -> bool {
        let mut others = (self.frames.iter().enumerate()).filter(|(index, _)| *index != frame);
        others.any(|(_, it)| it.host.is_ready())
    }

    /// The calling window is gone. What HubSpot does about it is not known: here the call is over
    /// with it, unless the widget is in the navigation bar as well.
    pub(super) fn window_closed(&mut self, now: f64) {
        let Some(url) = self.widget_url.clone() else {
            return;
        };
        for index in 0..self.frames.len() {
            if self.frames[index].place == Place::Window {
                // The window that is opened next has another page of the widget's.
                let host = self.new_host(&url, Place::Window, index as u64, now);
                self.frames[index].host = host;
                self.frames[index].due = None;
            }
        }
        self.log_own("window-closed", "the user has closed the calling window");
        if self.expect_ready().is_ok() {
            self.warn("Your calling window is closed. The widget in the navigation bar goes on.");
            return;
        }
        self.forget_widget();
        self.link = LinkView::WindowClosed;
        let was_in_call = (self.call.as_ref()).is_some_and(|it| it.stage != Stage::Ended);
        if was_in_call {
            self.end_call(&Value::Null, now);
            self.warn("Your calling window is closed, and the call with it.");
        } else {
            self.warn("Your calling window is closed.");
        }
    }

    pub(super) fn start_sync(&mut self, frame: usize, now: f64) {
        if !self.is_another_ready(frame) {
            self.link = LinkView::Syncing;
        }
        self.feed(frame, HostInput::Load, now);
    }

    /// Shows another page in a widget's frame.
    pub(super) fn show_source(&mut self, frame: usize, url: String) {
        let Some(it) = self.frames.get_mut(frame) else {
            return;
        };
        it.host.set_widget_url(&url);
        it.due = None;
        self.forget_widget();
        self.outputs.push_back(Output::Source { frame, url });
    }
}
