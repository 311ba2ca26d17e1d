//! Handles the requests of panels.

use callscope_bus::{DocumentId, FromPanel, Outcome, SettingText, ToPanel};
use callscope_protocol::{ConversationId, Millis, Setting};

use super::actions;
use super::filed::Filed;
use super::posting::Asking;
use super::{Event, MOST_PAUSES, Page, PanelId, Recorder};

impl Recorder {
    /// A panel has opened its port.
    pub(crate) fn on_panel_connect(&mut self, panel: PanelId) {
        self.panels.connect(panel);
    }

    /// A panel's port has been closed.
    pub(crate) fn on_panel_disconnect(&mut self, panel: PanelId) {
        self.panels.disconnect(panel);
        self.forget_asked(panel);
    }

    /// Handles a panel's request.
    pub(crate) fn on_panel_message(
        &mut self,
        panel: PanelId,
        message: FromPanel,
        now: f64,
        page: &mut impl Page,
    ) {
        match message {
            FromPanel::Subscribe { since } => self.subscribe(panel, since, now, page),
            FromPanel::SetRecording { on } => self.set_recording(on, now),
            FromPanel::SetCleared { through } => self.cleared = through,
            FromPanel::SetLimit { bytes } => {
                self.history
                    .set_limit(usize::try_from(bytes).unwrap_or(usize::MAX));
            }
            FromPanel::Inject {
                request,
                conversation,
                by_widget,
                message,
            } => {
                let asking = Asking {
                    panel,
                    request,
                    conversation: ConversationId(conversation),
                };
                match self.inject(asking, by_widget, &message, now, page) {
                    Ok(true) => self.done.push((panel, request, Outcome::Ok)),
                    Ok(false) => {}
                    Err(reason) => self.fail(panel, request, reason),
                }
            }
            FromPanel::ReadSettings { request, keys } => {
                let mut settings = Vec::new();
                let mut failed = None;
                for key in keys {
                    match self.read_setting(key, now, page) {
                        Ok(setting) => settings.push(setting),
                        Err(reason) => failed = Some(reason),
                    }
                }
                match failed {
                    Some(reason) => self.fail(panel, request, reason),
                    None => self
                        .done
                        .push((panel, request, Outcome::Settings { settings })),
                }
            }
            FromPanel::WriteSetting { request, setting } => {
                let done = actions::check_key(&setting.key)
                    .and_then(|()| page.set_setting(&setting))
                    .and_then(|()| self.read_setting(setting.key, now, page));
                match done {
                    Ok(setting) => {
                        let settings = vec![setting];
                        self.done
                            .push((panel, request, Outcome::Settings { settings }));
                    }
                    Err(reason) => self.fail(panel, request, reason),
                }
            }
            FromPanel::Report { request } => self.ask(panel, request, now),
            FromPanel::Redirected { from, to } => self.note_redirected((from, to), now),
            FromPanel::Reload { request } => {
                page.send(
                    panel,
                    &ToPanel::Done {
                        request,
                        outcome: Outcome::Ok,
                    },
                );
                page.reload();
            }
        }
        self.panels.hurry(now);
    }

    fn subscribe(
        &mut self,
        panel: PanelId,
        since: Option<(DocumentId, u64)>,
        now: f64,
        page: &mut impl Page,
    ) {
        for key in actions::RECORDED_SETTINGS {
            // A page without localStorage has no settings; a panel that asks for them learns why.
            if let Ok(setting) = self.read_setting(key.to_owned(), now, page) {
                drop(setting);
            }
        }
        let through = since
            .filter(|(recorder, _)| *recorder == self.info.recorder)
            .and_then(|(_, id)| u32::try_from(id).ok())
            .filter(|id| self.history.continues_from(*id));
        self.panels.subscribe(panel, through, now);
    }

    fn set_recording(&mut self, on: bool, now: f64) {
        match (on, self.pauses.last_mut()) {
            (true, Some((_, to @ None))) => {
                *to = Some(now);
                self.settling.push(now, Event::Resumed);
            }
            (false, Some((_, None))) | (true, _) => {}
            (false, _) => {
                if self.pauses.len() >= MOST_PAUSES {
                    self.pauses.remove(0);
                }
                self.pauses.push((now, None));
            }
        }
    }

    /// Reads a setting; records it if it is one of [`actions::RECORDED_SETTINGS`] and has changed.
    fn read_setting(
        &mut self,
        key: String,
        now: f64,
        page: &impl Page,
    ) -> Result<SettingText, String> {
        actions::check_key(&key)?;
        let value = page.setting(&key)?;
        for (recorded, known) in actions::RECORDED_SETTINGS.iter().zip(&mut self.settings) {
            if *recorded == key && *known != value {
                known.clone_from(&value);
                let setting = Setting {
                    at: Millis(now),
                    key: key.clone(),
                    value: value.clone(),
                };
                self.history.push(Filed::Setting(setting));
            }
        }
        Ok(SettingText { key, value })
    }

    pub(super) fn fail(&mut self, panel: PanelId, request: u32, reason: String) {
        self.done.push((panel, request, Outcome::Failed { reason }));
    }
}
