//! Events from outside: the port, the recorder, files, permissions.

use callscope_bus::{BusError, FromPanel, Outcome, Record, RecorderInfo, RecorderStatus, ToPanel};
use callscope_live::{Edits, PageLoads, Tab};
use callscope_session_view::{SessionView, words};

use super::clearing::Clearing;
use super::compose::SendOutcome;
use super::overrides::{Change, WriteOutcome};
use super::redirected::FramePlaces;
use super::{Connection, Model, Request};
use crate::action::{Action, View};
use crate::event::{Effect, Event, WindowEvent};

impl Model {
    /// Handles an event.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = self.take_in(event);
        effects.extend(self.go_on_with_scenario());
        effects.extend(self.tell_redirected());
        effects
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each event")]
    fn take_in(&mut self, event: Event) -> Vec<Effect> {
        self.is_quiet = false;
        match event {
            Event::PortOpened => {
                self.loads.listen_to(Tab::OPENER);
                vec![Effect::Send(self.loads.subscribe())]
            }
            Event::Window { tab, what } => self.handle_window(tab, what),
            Event::Received(text) => match callscope_bus::decode(&text) {
                Ok(message) => {
                    self.loads.listen_to(Tab::OPENER);
                    self.receive(message)
                }
                Err(BusError::VersionMismatch { found }) => {
                    let reason = format!(
                        "The page's recorder uses version {found} of Callscope's own messages, \
                         this panel version {}.",
                        callscope_bus::VERSION
                    );
                    self.connection = Connection::Outdated(reason);
                    Vec::new()
                }
                Err(error) => {
                    self.notices.failed(format!(
                        "The page's recorder sent something unreadable: {error}"
                    ));
                    Vec::new()
                }
            },
            Event::PortClosed => {
                self.lose_port();
                self.export_without(Tab::OPENER)
            }
            Event::Page(page) => {
                if !matches!(self.connection, Connection::Outdated(_)) {
                    self.connection = Connection::Absent(page);
                }
                Vec::new()
            }
            Event::Navigated => {
                self.notices.withdraw(&Action::ReloadPage);
                self.overrides.forget();
                self.permissions.forget_missing();
                self.leave_page_of_scenario();
                let mut effects = vec![Effect::FindLeft];
                // The new page's recorder may answer before the browser reports the navigation.
                if self.view == View::Overrides && self.connection.is_attached() {
                    effects.push(self.read_settings());
                }
                effects
            }
            Event::ContextLost => {
                let reason = "The extension was updated, reloaded or removed.".to_owned();
                self.connection = Connection::Outdated(reason);
                Vec::new()
            }
            Event::FilesLeft { first, others } => {
                let others = words::counted(others as u64, "other file");
                let text = format!("Opening only {first}, not the {others}: drop one at a time");
                self.notices.info(self.seconds(), text, None);
                Vec::new()
            }
            Event::FileBegins {
                number,
                name,
                bytes,
            } => {
                if !self.begin_scenario_file(number, &name, bytes) {
                    self.begin_file(number, name, bytes);
                }
                Vec::new()
            }
            Event::FilePiece { number, bytes } => {
                self.take_scenario_piece(number, &bytes);
                self.take_piece(number, &bytes);
                Vec::new()
            }
            Event::FileEnds { number, result } => {
                if !self.end_scenario_file(number, &result) {
                    self.end_file(number, result);
                }
                Vec::new()
            }
            Event::Salt(salt) => {
                self.take_salt(salt);
                Vec::new()
            }
            Event::SaveFailed { name, reason } => {
                self.notices
                    .failed(format!("Could not save {name}: {reason}"));
                Vec::new()
            }
            Event::Left {
                parked,
                goodbyes,
                is_new,
            } => {
                self.take_left(parked.map(|it| *it), goodbyes, is_new);
                Vec::new()
            }
            Event::LeftAll => {
                self.settle_left();
                Vec::new()
            }
            Event::Copied { what, result } => {
                match result {
                    Ok(()) => self.notices.done(self.seconds(), copied_words(&what), None),
                    Err(reason) => self.notices.failed(format!("Could not copy: {reason}")),
                }
                Vec::new()
            }
            Event::SeesInside { origins, failure } => {
                self.set_sees_inside(origins, failure);
                Vec::new()
            }
            Event::Permission { origin, granted } => {
                self.permissions.learn(origin, granted);
                Vec::new()
            }
            Event::Frames { origins } => self.place_frames(origins),
            Event::SimulatorAnswered { number, answer } => {
                self.hear_simulator(number, answer);
                Vec::new()
            }
            Event::WorkerSilent { since } => {
                self.worker_silent_since = Some(since);
                Vec::new()
            }
            Event::WorkerAnswered => {
                self.worker_silent_since = None;
                Vec::new()
            }
            Event::Permitted { origin, result } => {
                self.asking.remove(&origin);
                match result {
                    Ok(true) => {
                        self.permissions.learn(origin.clone(), true);
                        let text = format!(
                            "Callscope now listens in {}. Reload the page to see its first messages",
                            words::origin(&origin)
                        );
                        self.notices
                            .done(self.seconds(), text, Some(Action::ReloadPage));
                        return vec![Effect::Reconnect];
                    }
                    Ok(false) => self.notices.done(
                        self.seconds(),
                        format!("{} was not allowed", words::origin(&origin)),
                        None,
                    ),
                    Err(reason) => self
                        .notices
                        .failed(format!("Could not ask for {origin}: {reason}")),
                }
                Vec::new()
            }
        }
    }

    /// Notifies the user of a change: a page that is open stays as it was loaded.
    fn set_sees_inside(&mut self, origins: Vec<String>, failure: Option<String>) {
        let before = self.sees_inside.replace(origins);
        if let Some(reason) = failure {
            self.notices
                .failed(format!("Could not see inside the widget's page: {reason}"));
            return;
        }
        // The state at opening is shown by the banner.
        let Some(before) = before else {
            return;
        };
        let after = self.sees_inside();
        let new = after.iter().find(|it| !before.contains(it));
        let gone = before.iter().find(|it| !after.contains(it));
        let text = match (new, gone) {
            (Some(origin), _) => format!(
                "Callscope sees inside the pages of {} from their next load on",
                words::origin(origin)
            ),
            (None, Some(origin)) => format!(
                "Callscope no longer sees inside the pages of {}. One that is open goes on until \
                 it is reloaded",
                words::origin(origin)
            ),
            (None, None) => return,
        };
        self.notices
            .done(self.seconds(), text, Some(Action::ReloadPage));
    }

    fn lose_port(&mut self) {
        if matches!(self.connection, Connection::Attached(_)) {
            self.connection = Connection::Connecting;
        }
        self.overrides.forget();
        self.asking.clear();
        let reason = "The page went away before it answered";
        for (_, request) in std::mem::take(&mut self.requests) {
            if matches!(request, Request::Reload | Request::ReadSettings) {
                // That was asked for, and the next page is read anyway.
                continue;
            }
            self.answer(
                request,
                Outcome::Failed {
                    reason: reason.to_owned(),
                },
            );
        }
    }

    /// Handles an event from a calling window.
    fn handle_window(&mut self, tab: Tab, what: WindowEvent) -> Vec<Effect> {
        self.loads.listen_to(tab);
        match what {
            WindowEvent::PortOpened => {
                self.windows.insert(tab);
                let bytes = self.settings.history_limit;
                return vec![
                    Effect::SendTo(tab, self.loads.subscribe()),
                    Effect::SendTo(tab, FromPanel::SetLimit { bytes }),
                ];
            }
            WindowEvent::Received(text) => {
                // For another build or garbled data, the page's own port reports the error.
                if let Ok(message) = callscope_bus::decode(&text) {
                    match message {
                        ToPanel::Attached {
                            info,
                            reset,
                            cleared,
                        } => {
                            let is_known = self.loads.knows(&info.recorder);
                            let edits = self.loads.attach(&info, reset, self.live.session());
                            self.edit(edits);
                            let answer = self.hear_cleared(is_known, cleared);
                            return (answer.into_iter())
                                .map(|it| Effect::SendTo(tab, it))
                                .collect();
                        }
                        // The panel shows the page's numbers, not the window's.
                        ToPanel::Status { .. } => self.is_quiet = true,
                        message => return self.receive(message),
                    }
                }
            }
            WindowEvent::Left { parked, goodbyes } => {
                self.take_left_of_window(tab, parked.map(|it| *it), goodbyes);
            }
            WindowEvent::Closed => {
                self.windows.remove(&tab);
                let ends = self.loads.close(tab, self.live.session());
                self.live.insert(ends);
                if let Some(ahead) = self.left.windows.remove(&tab) {
                    self.take_left_of_window(tab, Some(ahead), Vec::new());
                }
                return self.export_without(tab);
            }
        }
        Vec::new()
    }

    fn receive(&mut self, message: ToPanel) -> Vec<Effect> {
        match message {
            ToPanel::Attached {
                info,
                reset,
                cleared,
            } => self.attach(info, reset, cleared),
            ToPanel::Records { records } => {
                self.add(records);
                Vec::new()
            }
            ToPanel::Evicted { ids } => {
                self.live.remove(&self.loads.evicted(ids));
                Vec::new()
            }
            ToPanel::Status { status } => {
                self.status_at = self.now;
                // If only the time differs, nothing has changed: the status answers a request.
                let now = status.now;
                let known = self.status.take();
                self.is_quiet =
                    known.is_some_and(|known| RecorderStatus { now, ..known } == status);
                let unknown = self.permissions.unasked(&status.frames);
                let looks = self.frame_places.wants_look(&status.frames);
                self.status = Some(status);
                let unknown = unknown.into_iter().map(Effect::CheckPermission);
                unknown.chain(looks.then_some(Effect::FindFrames)).collect()
            }
            ToPanel::Done { request, outcome } => {
                let Some(request) = self.requests.remove(&request) else {
                    return Vec::new();
                };
                if matches!(request, Request::Export(_)) {
                    return self.hear_of_export(&outcome);
                }
                self.is_quiet |= request == Request::Time;
                self.answer(request, outcome);
                Vec::new()
            }
        }
    }

    fn attach(&mut self, info: RecorderInfo, reset: bool, cleared: Option<f64>) -> Vec<Effect> {
        let is_same = self.loads.is_current(&info.recorder);
        let mut effects = Vec::new();
        if !is_same && self.begin_page() {
            // The windows still exist, but what they sent is gone.
            let all = FromPanel::Subscribe { since: None };
            effects.extend((self.windows.iter()).map(|tab| Effect::SendTo(*tab, all.clone())));
        }
        let is_known = self.loads.knows(&info.recorder);
        let edits = self.loads.attach(&info, reset, self.live.session());
        let answer = self.hear_cleared(is_known, cleared);
        effects.extend(answer.map(Effect::Send));
        self.edit(edits);
        if !is_same {
            // A recorder starts with the default limit.
            let bytes = self.settings.history_limit;
            effects.push(Effect::Send(FromPanel::SetLimit { bytes }));
            effects.push(Effect::FindLeft);
        }
        if !is_same && info.was_discarded {
            self.notices.info(
                self.seconds(),
                "Chrome discarded this page to save memory, and has loaded it again: what was \
                 recorded before that is gone",
                None,
            );
        }
        self.connection = Connection::Attached(info);
        if let Some(on) = self.recording_wish.take() {
            effects.extend(self.send_to_all(&FromPanel::SetRecording { on }));
        }
        if !is_same {
            self.begin_page_of_scenario();
        }
        if self.view == View::Overrides {
            effects.push(self.read_settings());
        }
        effects
    }

    /// Handles a new page; returns whether the session starts with it.
    fn begin_page(&mut self) -> bool {
        let keeps = (self.settings.preserve_log || self.scenarios.keeps_log())
            && self.live.session().message_count() > 0;
        if !keeps {
            self.live = SessionView::default();
            self.forget_arrived();
            self.loads = PageLoads::default();
            self.clearing = Clearing::default();
            self.notices.withdraw(&Action::UndoClear);
            if self.imported.is_none() {
                self.look_at_another_session();
            }
            self.options_revision += 1;
        }
        if self.imported.is_none() {
            self.follows = true;
        }
        self.status = None;
        self.frame_places = FramePlaces::default();
        self.compose.leave_page();
        self.overrides.forget();
        !keeps
    }

    fn add(&mut self, records: Vec<Record>) {
        let (lines, unreadable) = self.loads.take_in(records, self.live.session());
        self.edit(Edits {
            insert: lines,
            unreadable,
            ..Edits::default()
        });
    }

    /// Applies edits to the live session.
    pub(super) fn edit(&mut self, edits: Edits) {
        let Edits {
            remove,
            insert,
            unreadable,
        } = edits;
        for error in unreadable {
            self.notices
                .failed(format!("The recorder sent an unreadable record: {error}"));
        }
        self.arrives_in_sorted(insert.iter().map(|(id, _)| *id));
        if !remove.is_empty() {
            self.scenarios.forget(&remove);
            self.live.remove(&remove);
        }
        if !insert.is_empty() {
            self.live.insert(insert);
        }
    }

    fn answer(&mut self, request: Request, outcome: Outcome) {
        match (request, outcome) {
            (Request::ReadSettings, outcome) => {
                self.overrides.is_waiting = false;
                match outcome {
                    Outcome::Settings { settings } => self.overrides.read(&settings),
                    Outcome::Ok => {}
                    Outcome::Failed { reason } => {
                        self.overrides.outcome = Some(WriteOutcome::Failed { reason });
                    }
                }
            }
            (Request::WriteSetting { setting, before }, outcome) => {
                self.overrides.is_waiting = false;
                self.overrides.outcome = Some(match outcome {
                    Outcome::Failed { reason } => WriteOutcome::Failed { reason },
                    outcome => {
                        match outcome {
                            Outcome::Settings { settings } => self.overrides.read(&settings),
                            _ => self.overrides.read(std::slice::from_ref(&setting)),
                        }
                        self.overrides.drop_draft(&setting.key);
                        self.overrides.note_change(Change {
                            key: setting.key.clone(),
                            before: before.clone(),
                            after: setting.value.clone(),
                            at: self.now,
                        });
                        WriteOutcome::Done {
                            key: setting.key,
                            value: setting.value,
                            before,
                        }
                    }
                });
            }
            (Request::Inject { message_id, from }, outcome) => {
                self.compose.outcome = Some(match outcome {
                    Outcome::Failed { reason } => SendOutcome::Failed { reason },
                    Outcome::Ok | Outcome::Settings { .. } => {
                        SendOutcome::Sent { message_id, from }
                    }
                });
            }
            (Request::Reload, Outcome::Failed { reason }) => {
                self.notices
                    .failed(format!("Could not reload the page: {reason}"));
            }
            (Request::Reload, Outcome::Ok | Outcome::Settings { .. })
            | (Request::Time | Request::Export(_), _) => {}
        }
    }
}

/// That something was copied; what there is to know about it follows.
fn copied_words(what: &str) -> String {
    match what.split_once(". ") {
        Some((what, remarks)) => format!("{what} copied. {remarks}"),
        None => format!("{what} copied"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_copied_comes_before_what_there_is_to_know_about_it() {
        assert_eq!(copied_words("Value"), "Value copied");
        assert_eq!(
            copied_words("Session log. Nothing is replaced"),
            "Session log copied. Nothing is replaced"
        );
    }
}
