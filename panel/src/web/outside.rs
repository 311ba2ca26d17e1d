//! Carries out what the model wants of the browser.

use callscope_bus::{Parked, decode, parked_key};

use super::events::Events;
use super::port::PortKeeper;
use super::{chrome, clipboard, files, permission};
use crate::event::{Effect, Event};

/// The key in the panel page's own localStorage.
const SETTINGS_KEY: &str = "callscope.settings";

/// The browser around the panel.
pub(crate) struct Outside {
    events: Events,
    port: PortKeeper,
}

impl Outside {
    /// Connects to the inspected page; `wake` is called whenever something has happened.
    pub(crate) fn new(wake: impl Fn() + 'static) -> Self {
        let events = Events::new(wake);
        let port = PortKeeper::open(events.clone());
        Self { events, port }
    }

    /// Where events come in; for what else can happen, such as a dropped file.
    pub(crate) const fn events(&self) -> &Events {
        &self.events
    }

    /// Carries out one wish.
    pub(crate) fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::Send(message) => self.port.send(&message),
            Effect::Reconnect => self.port.reconnect(),
            Effect::Copy { what, text } => clipboard::copy(what, text, self.events.clone()),
            Effect::Save { name, text } => drop(files::save(&name, &text)),
            Effect::PickFile => drop(files::pick(self.events.clone())),
            Effect::PermitOrigin(origin) => permission::permit(origin, self.events.clone()),
            Effect::ReloadPage => chrome::reload_page(),
            Effect::FindParked => {
                wasm_bindgen_futures::spawn_local(find_parked(self.events.clone()))
            }
            Effect::StoreSettings(text) => drop(store_settings(&text)),
        }
    }
}

async fn find_parked(events: Events) {
    let text = chrome::session_text(&parked_key(chrome::tab_id())).await;
    let parked = text.and_then(|text| decode::<Parked>(&text).ok());
    events.push(Event::Parked(parked));
}

/// The settings that were stored last.
pub(crate) fn stored_settings() -> Option<String> {
    local_storage()?.get_item(SETTINGS_KEY).ok()?
}

/// `None` if site data is switched off: settings then last as long as the panel.
fn store_settings(text: &str) -> Option<()> {
    local_storage()?.set_item(SETTINGS_KEY, text).ok()
}

fn local_storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}
