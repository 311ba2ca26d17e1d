//! What panels ask for.

use callscope_bus::{DocumentId, FromPanel, Outcome, Post, SettingText, Source, ToPanel, ToTap};
use callscope_protocol::{ConversationId, Millis, Setting};

use super::actions;
use super::conversations::NoRoute;
use super::filed::Filed;
use super::heard::{Direction, Heard};
use super::injections::{DUE, Expected};
use super::message::Message;
use super::{Event, MOST_PAUSES, Page, PanelId, Recorder};

/// A message that another document was asked to post.
#[derive(Debug)]
pub(super) struct Forwarded {
    panel: PanelId,
    request: u32,
    /// Until when it must have said that it has.
    pub(super) due: f64,
    /// What to record once it is posted, if no tap will hear it.
    heard: Option<Heard>,
}

/// Who asks for a message to be posted, and for which conversation.
#[derive(Clone, Copy, Debug)]
struct Asking {
    panel: PanelId,
    request: u32,
    conversation: ConversationId,
}

impl Recorder {
    /// A panel opened its port.
    pub(crate) fn on_panel_connect(&mut self, panel: PanelId) {
        self.panels.connect(panel);
    }

    /// A panel's port was closed.
    pub(crate) fn on_panel_disconnect(&mut self, panel: PanelId) {
        self.panels.disconnect(panel);
        self.forget_asked(panel);
    }

    /// Does what a panel asks for.
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
                let done = if by_widget {
                    self.inject_up(asking, &message, now, page)
                } else {
                    self.inject(asking, &message, now, page)
                };
                match done {
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

    /// Another document answered a message that it was asked to post.
    pub(crate) fn on_post_answer(&mut self, panel: PanelId, request: u32, outcome: Outcome) {
        let place = self
            .forwarded
            .iter()
            .position(|forwarded| forwarded.panel == panel && forwarded.request == request);
        let Some(Forwarded { heard, .. }) = place.map(|place| self.forwarded.remove(place)) else {
            return;
        };
        match (outcome, heard) {
            (Outcome::Failed { reason }, _) => {
                self.injections.withdraw(panel, request);
                self.fail(panel, request, reason);
            }
            (_, Some(heard)) => {
                self.settling.push(heard.at, Event::Heard(heard));
                self.done.push((panel, request, Outcome::Ok));
            }
            // The widget's tap will report it.
            (_, None) => {}
        }
    }

    fn subscribe(
        &mut self,
        panel: PanelId,
        since: Option<(DocumentId, u64)>,
        now: f64,
        page: &mut impl Page,
    ) {
        for key in actions::RECORDED_SETTINGS {
            // A page without localStorage has no settings; whoever asks for them is told why.
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

    /// Has the widget's frame post a message for the user to its parent, so that the host takes it
    /// for the widget's; there is always something to wait for.
    fn inject_up(
        &mut self,
        asking: Asking,
        message: &str,
        now: f64,
        page: &mut impl Page,
    ) -> Result<bool, String> {
        let Asking {
            panel,
            request,
            conversation,
        } = asking;
        let message = canonical(message, page)?;
        let route = self
            .conversations
            .route_up(&self.documents, &self.pairing, conversation)
            .map_err(actions::no_route)?;
        let widget = self.documents.get(route.widget);
        let document = widget.and_then(|widget| widget.chrome.clone());
        let document = document.ok_or_else(|| actions::no_route(NoRoute::WidgetUntapped))?;
        self.forwarded.push(Forwarded {
            panel,
            request,
            due: now + DUE,
            heard: None,
        });
        let (slot, index) = route.window;
        let expected = Expected {
            receiver: route.host,
            source: Source::Child { slot, index },
            message: message.clone(),
        };
        self.injections.posted(panel, request, expected, now);
        let post = Post {
            to: Source::Parent,
            target_origin: route.target_origin,
            message,
        };
        page.forward(panel, request, &document, &ToTap::Post(post));
        Ok(false)
    }

    /// Gives up what was handed to a frame that has not said in time that it has posted it.
    pub(super) fn fail_unposted(&mut self, now: f64) {
        while let Some(place) = self.forwarded.iter().position(|it| it.due <= now) {
            let Forwarded { panel, request, .. } = self.forwarded.remove(place);
            self.injections.fail(panel, request);
            self.fail(panel, request, actions::unheard(None));
        }
    }

    /// Posts a message for the user; says whether that is all there is to wait for.
    fn inject(
        &mut self,
        asking: Asking,
        message: &str,
        now: f64,
        page: &mut impl Page,
    ) -> Result<bool, String> {
        let Asking {
            panel,
            request,
            conversation,
        } = asking;
        let message = canonical(message, page)?;
        let route = self
            .conversations
            .route(&self.documents, &self.pairing, conversation)
            .map_err(actions::no_route)?;
        let host = self.documents.get(route.host);
        let chrome = host.and_then(|host| host.chrome.clone());
        let heard = route.widget.is_none().then(|| Heard {
            by: route.host,
            direction: Direction::ToChild { slot: route.slot },
            at: now,
            origin: host
                .map(|host| host.hello.origin.clone())
                .unwrap_or_default(),
            message: Message::read(message.clone()),
            cloned: String::new(),
            truncated: None,
            injected: true,
        });
        let post = Post {
            to: Source::Child {
                slot: route.slot,
                index: route.index,
            },
            target_origin: route.target_origin,
            message: message.clone(),
        };
        match (chrome, heard) {
            (None, None) => page.post(&post)?,
            (None, Some(heard)) => {
                page.post(&post)?;
                self.settling.push(now, Event::Heard(heard));
                return Ok(true);
            }
            (Some(document), heard) => {
                self.forwarded.push(Forwarded {
                    panel,
                    request,
                    due: now + DUE,
                    heard,
                });
                page.forward(panel, request, &document, &ToTap::Post(post));
            }
        }
        if let Some(receiver) = route.widget {
            let expected = Expected {
                receiver,
                source: Source::Parent,
                message,
            };
            self.injections.posted(panel, request, expected, now);
        }
        Ok(false)
    }

    /// Reads a setting, and records it if it is one of HubSpot's own and has changed.
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

    fn fail(&mut self, panel: PanelId, request: u32, reason: String) {
        self.done.push((panel, request, Outcome::Failed { reason }));
    }
}

/// A message as the browser will write it for whoever receives it.
fn canonical(message: &str, page: &impl Page) -> Result<String, String> {
    let canonical = page.canonical(message);
    canonical.ok_or_else(|| "The message is not valid JSON".to_owned())
}
