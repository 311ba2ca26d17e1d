//! A widget's frame that is at another origin than its `src`.
//!
//! HubSpot posts SYNC to the origin of the address that it loads the widget from, so the browser
//! delivers none at another one. Nothing is said then that anybody could hear: only the frames
//! themselves tell where they are.

use callscope_bus::FrameInfo;

use super::Model;
use super::empty::OPAQUE;
use crate::event::Effect;

/// Where the frames of the page are, as far as Callscope may look.
#[derive(Debug, Default)]
pub(super) struct FramePlaces {
    /// The origins of all frames in the page, each as the frame itself tells it; `None` if nobody
    /// has looked.
    origins: Option<Vec<String>>,
    /// What the recorder knew of the frames when they were looked for.
    asked_for: Vec<FrameInfo>,
}

/// A widget's frame that is not where HubSpot speaks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Redirected {
    /// The origin that HubSpot loads the widget from, and posts SYNC to.
    pub(crate) from: String,
    /// The origin where the frame is, if Callscope may look there.
    pub(crate) to: Option<String>,
}

impl Redirected {
    /// What is the case, in a sentence.
    pub(crate) fn words(&self) -> String {
        let Self { from, to } = self;
        match to {
            Some(to) => format!(
                "HubSpot's SYNC to {from} never arrives: the widget's frame was redirected to {to}"
            ),
            None => format!(
                "HubSpot's SYNC to {from} never arrives: the widget's frame is not there, and \
                 Callscope may not listen where it is"
            ),
        }
    }
}

/// What to do about it.
pub(crate) const REDIRECTED_FIX: &str = "Give HubSpot the address at which the widget's page ends \
    up (the url in the app's calling settings, or in the override), or do not redirect to another \
    origin. localhost and 127.0.0.1 are two origins, too.";

impl FramePlaces {
    /// The recorder tells of the frames: whether to look where they are.
    ///
    /// Whenever other frames are there, for as long as nobody has heard anything in the widget's.
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

/// The widget in whose frame nobody has heard anything.
fn silent_widget(frames: &[FrameInfo]) -> Option<&FrameInfo> {
    let mut widgets = frames.iter().filter(|frame| frame.widget);
    widgets.find(|frame| !frame.tapped && frame.origin != OPAQUE)
}

impl Model {
    /// The frames have told where they are.
    pub(super) fn place_frames(&mut self, origins: Vec<String>) -> Vec<Effect> {
        self.frame_places.origins = Some(origins);
        Vec::new()
    }

    /// The widget's frame that is not where HubSpot speaks to.
    pub(crate) fn redirected(&self) -> Option<Redirected> {
        if self.imported.is_some() || !self.connection.is_attached() {
            return None;
        }
        let frames = &self.status.as_ref()?.frames;
        let origins = self.frame_places.origins.as_ref()?;
        let widget = silent_widget(frames)?;
        // Where Callscope may not look nothing is known.
        if self.permissions.is_missing(&widget.origin) || origins.contains(&widget.origin) {
            return None;
        }
        let page = match &self.connection {
            super::Connection::Attached(info) => info.page.as_str(),
            _ => "",
        };
        // An empty frame has its page's origin: it may still be loading.
        let is_empty = |it: &String| page.starts_with(it.as_str());
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

    /// A page that shows a widget in which nobody has heard anything, and what it asks for.
    fn silent() -> (Model, Vec<Effect>) {
        let mut model = Model::default();
        let attached = ToPanel::Attached {
            info: testing::recorder("one"),
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
        // It looks once for one widget.
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
            "HubSpot's SYNC to http://localhost:9025 never arrives: the widget's frame was \
             redirected to http://127.0.0.1:9025"
        );
        assert_eq!(model.origins_to_permit(), [""; 0]);
        // Where Callscope may not look.
        assert_eq!(case(&mut model, &["https://adverts.example"]), "redirected");
        assert_eq!(model.redirected().unwrap().to, None);
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
