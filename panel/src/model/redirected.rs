//! Detects a widget frame whose origin is not that of its `src`.
//!
//! HubSpot posts SYNC to the origin of the address that it loads the widget from, so the browser
//! does not deliver it to a frame with another origin. Then there is nothing to hear: only the
//! frames themselves can report where they are.

use callscope_bus::{FrameInfo, FromPanel};
use callscope_protocol::{Millis, origin_of, rule, sync_never_arrives};

use super::Model;
use super::empty::OPAQUE;
use crate::event::Effect;

/// The origins of the page's frames, as far as Callscope may look.
#[derive(Debug, Default)]
pub(super) struct FramePlaces {
    /// The origin that each frame of the page reports; `None` if nobody has looked.
    origins: Option<Vec<String>>,
    /// The first and the last look of those that found the widget's frame nowhere, one after the
    /// other.
    nowhere: Option<(Millis, Millis)>,
    /// The recorder's list of frames when Callscope last looked.
    asked_for: Vec<FrameInfo>,
    /// What the recorder has been told.
    told: Option<Redirected>,
}

/// A widget frame that has another origin than HubSpot posts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Redirected {
    /// The origin that HubSpot loads the widget from, and posts SYNC to.
    pub(crate) from: String,
    /// The frame's origin, if Callscope may look inside it.
    pub(crate) to: Option<String>,
}

impl Redirected {
    /// The problem in a sentence.
    pub(crate) fn words(&self) -> String {
        sync_never_arrives(&self.from, self.to.as_deref())
    }
}

/// For how long a frame has to be nowhere: while it goes from one page to the next, it reports
/// nothing.
const NOWHERE: Millis = Millis(1_500.0);

/// How to fix it: as W06 says, which reports it.
pub(crate) fn redirected_fix() -> &'static str {
    rule("W06").map_or("", |rule| rule.fix)
}

impl FramePlaces {
    /// Handles the recorder's list of frames; returns whether to look where they are.
    ///
    /// Looks whenever the list has changed, as long as nothing has been heard from the widget's
    /// frame.
    pub(super) fn wants_look(&mut self, frames: &[FrameInfo]) -> bool {
        if silent_widget(frames).is_none() {
            *self = Self::default();
            return false;
        }
        let is_new = self.asked_for != frames;
        self.asked_for = frames.to_vec();
        is_new
    }
}

/// The widget whose frame nothing has been heard from.
fn silent_widget(frames: &[FrameInfo]) -> Option<&FrameInfo> {
    let mut widgets = frames.iter().filter(|frame| frame.widget);
    widgets.find(|frame| !frame.tapped && frame.origin != OPAQUE)
}

impl Model {
    /// Handles the origins that the frames have reported.
    pub(super) fn place_frames(&mut self, origins: Vec<String>) -> Vec<Effect> {
        self.frame_places.origins = Some(origins);
        let is_nowhere = self.other_place().is_some_and(|it| it.to.is_none());
        let first = self.frame_places.nowhere.map_or(self.now, |it| it.0);
        self.frame_places.nowhere = is_nowhere.then_some((first, self.now));
        Vec::new()
    }

    /// Tells the recorder of a redirected widget, so that it is in the session, once.
    pub(super) fn tell_redirected(&mut self) -> Option<Effect> {
        let found = self.redirected_in_page()?;
        if self.frame_places.told.as_ref() == Some(&found) {
            return None;
        }
        self.frame_places.told = Some(found.clone());
        let Redirected { from, to } = found;
        Some(Effect::Send(FromPanel::Redirected { from, to }))
    }

    /// The widget frame that has another origin than HubSpot posts to; `None` in a saved session.
    pub(crate) fn redirected(&self) -> Option<Redirected> {
        self.redirected_in_page()
            .filter(|_| self.imported.is_none())
    }

    fn redirected_in_page(&self) -> Option<Redirected> {
        let is_certain = |it: &Redirected| {
            let looks = self.frame_places.nowhere;
            it.to.is_some() || looks.is_some_and(|(first, last)| last - first >= NOWHERE)
        };
        self.other_place().filter(is_certain)
    }

    /// Where the widget's frame is if it is not where HubSpot posts to, as of the last look.
    fn other_place(&self) -> Option<Redirected> {
        if !self.connection.is_attached() {
            return None;
        }
        let frames = &self.status.as_ref()?.frames;
        let origins = self.frame_places.origins.as_ref()?;
        let widget = silent_widget(frames)?;
        // Without permission, the frame's origin is unknown.
        if self.permissions.is_missing(&widget.origin) || origins.contains(&widget.origin) {
            return None;
        }
        let page = match &self.connection {
            super::Connection::Attached(info) => origin_of(&info.page),
            _ => None,
        };
        // An empty frame has the origin of its page: it may still be loading.
        let is_empty = |it: &String| page.as_ref() == Some(it);
        let is_known =
            |it: &&String| is_empty(it) || frames.iter().any(|frame| frame.origin == **it);
        let mut others = origins.iter().filter(|it| !is_known(it));
        let to = others.next().cloned().filter(|_| others.next().is_none());
        if to.is_none() && origins.iter().any(is_empty) {
            return None;
        }
        let from = widget.origin.clone();
        Some(Redirected { from, to })
    }
}

#[cfg(test)]
mod tests {
    use callscope_bus::{RecorderStatus, ToPanel, encode};

    use super::*;
    use crate::event::Event;
    use crate::model::testing;

    const FROM: &str = "http://localhost:9025";
    const TO: &str = "http://127.0.0.1:9025";

    /// A page with a widget that nothing has been heard from, and the panel's effects.
    fn silent() -> (Model, Vec<Effect>) {
        silent_in("https://app.hubspot.com/contacts")
    }

    fn silent_in(page: &str) -> (Model, Vec<Effect>) {
        let mut model = Model::default();
        let attached = ToPanel::Attached {
            info: callscope_bus::RecorderInfo {
                page: page.to_owned(),
                ..testing::recorder("one")
            },
            reset: true,
            cleared: None,
        };
        model.handle(Event::Received(encode(&attached)));
        let frame = |origin: &str, widget| FrameInfo {
            origin: origin.to_owned(),
            tapped: false,
            widget,
        };
        let status = RecorderStatus {
            recording: true,
            frames: vec![frame(FROM, true), frame("https://adverts.example", false)],
            ..RecorderStatus::default()
        };
        let status = encode(&ToPanel::Status { status });
        let effects = model.handle(Event::Received(status.clone()));
        // It looks only once for the same frames.
        let again = model.handle(Event::Received(status));
        assert!(!again.contains(&Effect::FindFrames));
        (model, effects)
    }

    fn case(model: &mut Model, origins: &[&str]) -> &'static str {
        let origins = origins.iter().map(|it| (*it).to_owned()).collect();
        model.handle(Event::Frames { origins });
        model.empty_data().unwrap().case
    }

    #[test]
    fn a_frame_that_is_elsewhere_is_named() {
        let (mut model, effects) = silent();
        assert!(effects.contains(&Effect::FindFrames), "{effects:?}");
        assert_eq!(model.redirected(), None);
        assert_eq!(
            case(&mut model, &[TO, "https://adverts.example"]),
            "redirected"
        );
        assert_eq!(
            model.redirected().unwrap().words(),
            "The widget's frame was redirected to http://127.0.0.1:9025: HubSpot's SYNC to \
             http://localhost:9025 never arrives"
        );
        assert_eq!(model.origins_to_permit(), [""; 0]);
    }

    /// Where Callscope lacks permission, or while the frame goes from one page to the next.
    #[test]
    fn a_frame_that_is_nowhere_for_a_while_is_elsewhere() {
        let (mut model, _) = silent();
        let mut look = |at: f64, origins: &[&str]| {
            model.set_time(Millis(at));
            let case = case(&mut model, origins);
            (case, model.redirected().map(|it| it.to))
        };
        let adverts = "https://adverts.example";
        assert_eq!(look(1_000.0, &[adverts]), ("silent-widget", None));
        assert_eq!(look(3_000.0, &[FROM, adverts]), ("silent-widget", None));
        assert_eq!(look(4_000.0, &[adverts]), ("silent-widget", None));
        assert_eq!(look(6_000.0, &[adverts]), ("redirected", Some(None)));
    }

    /// The recorder is told once, for the finding, even while a saved session is shown.
    #[test]
    fn it_is_recorded() {
        let (mut model, _) = silent();
        model.perform(crate::action::Action::ImportText {
            name: "saved.jsonl".to_owned(),
            text: "{\"kind\":\"header\",\"format\":\"callscope-session\",\"version\":1}\n"
                .to_owned(),
        });
        let told = Effect::Send(FromPanel::Redirected {
            from: FROM.to_owned(),
            to: Some(TO.to_owned()),
        });
        let mut place = |origins: &[&str]| {
            let origins = origins.iter().map(|it| (*it).to_owned()).collect();
            let effects = model.handle(Event::Frames { origins });
            effects.iter().filter(|it| **it == told).count()
        };
        assert_eq!(place(&[FROM]), 0);
        assert_eq!(place(&[TO]), 1);
        assert_eq!(place(&[TO]), 0);
        assert_eq!(model.redirected(), None);
    }

    /// A host of one's own may have the origin that the widget was loaded from.
    #[test]
    fn a_widget_may_be_redirected_from_the_pages_own_origin() {
        let (mut model, _) = silent_in("http://localhost:9025/");
        // Until it is loaded, its frame is empty.
        assert_eq!(case(&mut model, &[FROM]), "silent-widget");
        assert_eq!(case(&mut model, &[TO]), "redirected");
        assert_eq!(model.redirected().unwrap().to.as_deref(), Some(TO));
    }

    #[test]
    fn an_origin_is_not_the_pages_because_it_begins_like_it() {
        let (mut model, _) = silent_in("https://a.test.evil.example/");
        assert_eq!(case(&mut model, &["https://a.test"]), "redirected");
        assert_eq!(
            model.redirected().unwrap().to.as_deref(),
            Some("https://a.test")
        );
    }

    #[test]
    fn a_frame_that_is_where_it_should_be_or_loads_is_silent() {
        let (mut model, _) = silent();
        assert_eq!(case(&mut model, &[FROM]), "silent-widget");
        assert_eq!(
            case(&mut model, &["https://app.hubspot.com"]),
            "silent-widget"
        );
    }
}
