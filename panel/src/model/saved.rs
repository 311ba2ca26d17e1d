//! Saved sessions: one that is being opened, and one that is open besides the live one.
//!
//! A file is read piece by piece, so that the panel never freezes; until all of it is read, the
//! panel shows what it showed before.

use callscope_session_log::{Header, LogError};
use callscope_session_view::Opening;
use callscope_session_view::header;
use callscope_session_view::rows::ViewOptions;

use super::Model;
use super::files::Imported;
use crate::action::{Action, View};

/// Saved sessions that are not shown.
#[derive(Debug, Default)]
pub(super) struct Saved {
    reading: Option<Reading>,
    /// The one that is open while the live session is shown.
    beside: Option<Imported>,
}

/// A file that is being read.
#[derive(Debug)]
struct Reading {
    number: u32,
    name: String,
    opening: Opening,
    /// The percentage last drawn.
    drawn: u64,
}

impl Reading {
    fn percent(&self) -> u64 {
        let (read, size) = self.opening.progress();
        (read * 100).checked_div(size).unwrap_or(0).min(100)
    }
}

/// The sessions that the user can choose from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SessionsData {
    /// The number of messages in the live session.
    pub(crate) live: usize,
    pub(crate) saved: Option<SavedSession>,
    pub(crate) opening: Option<OpeningFile>,
}

/// A saved session that is open.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SavedSession {
    pub(crate) name: String,
    pub(crate) messages: usize,
    /// Its origin, from the log's header.
    pub(crate) facts: String,
    /// Whether it is shown, rather than the live session.
    pub(crate) is_shown: bool,
}

/// A file that is being opened.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OpeningFile {
    pub(crate) name: String,
    pub(crate) percent: u64,
    pub(crate) messages: usize,
}

/// What a header says in one line. That it is redacted comes first, where it is not cut off.
fn facts(header: &Header) -> String {
    let others = header::facts(header).filter(|(label, _)| *label != header::PRIVACY);
    let redacted = header.redacted.then_some("redacted");
    let parts: Vec<&str> = redacted.into_iter().chain(others.map(|it| it.1)).collect();
    parts.join(" · ")
}

impl Model {
    /// The sessions to choose from; `None` if there is only the live one.
    pub(crate) fn sessions_data(&self) -> Option<SessionsData> {
        let open = self.imported.as_ref().or(self.saved.beside.as_ref());
        let saved = open.map(|open| SavedSession {
            name: open.name.clone(),
            messages: open.source.session().message_count(),
            facts: facts(&open.header),
            is_shown: self.imported.is_some(),
        });
        let opening = self.saved.reading.as_ref().map(|reading| OpeningFile {
            name: reading.name.clone(),
            percent: reading.percent(),
            messages: reading.opening.messages(),
        });
        let has_any = saved.is_some() || opening.is_some();
        has_any.then(|| SessionsData {
            live: self.live.session().message_count(),
            saved,
            opening,
        })
    }

    /// Whether the panel wants more of the file with this number.
    pub(crate) fn is_reading(&self, number: u32) -> bool {
        let reading = self.saved.reading.as_ref();
        self.scenarios.is_reading(number) || reading.is_some_and(|reading| reading.number == number)
    }

    pub(super) fn begin_file(&mut self, number: u32, name: String, size: u64) {
        self.give_up_for(&name);
        self.saved.reading = Some(Reading {
            number,
            name,
            opening: Opening::new(size, self.saved_options()),
            drawn: 0,
        });
    }

    pub(super) fn take_piece(&mut self, number: u32, bytes: &[u8]) {
        /// The smallest change in percent worth drawing.
        const STEP: u64 = 8;
        let reading = self.saved.reading.as_mut();
        let Some(reading) = reading.filter(|it| it.number == number) else {
            return;
        };
        if let Err(error) = reading.opening.feed(bytes) {
            let name = std::mem::take(&mut reading.name);
            self.saved.reading = None;
            self.refuse(&name, &error);
            return;
        }
        let percent = reading.percent();
        if percent < reading.drawn + STEP {
            self.is_quiet = true;
        } else {
            reading.drawn = percent;
        }
    }

    pub(super) fn end_file(&mut self, number: u32, result: Result<(), String>) {
        if !self.is_reading(number) {
            return;
        }
        let Some(reading) = self.saved.reading.take() else {
            return;
        };
        let name = reading.name;
        if let Err(reason) = result {
            let text = format!("Could not read {name}: {reason}");
            self.notices.failed_to_open(&name, text);
            return;
        }
        match reading.opening.finish() {
            Ok(opened) => self.show_opened(Imported::new(name, opened)),
            Err(error) => self.refuse(&name, &error),
        }
    }

    /// Shows the session or the scenario in a text. What was being opened before is given up.
    pub(super) fn open_text(&mut self, name: &str, text: &str) {
        self.give_up_for(name);
        if !self.take_scenario(name, text.as_bytes()) {
            self.import(name, text.as_bytes());
        }
    }

    /// Shows the session in a file, or reports why it cannot be read and changes nothing.
    pub(super) fn import(&mut self, name: &str, bytes: &[u8]) {
        match Imported::read(name, bytes) {
            Ok(imported) => self.show_opened(imported),
            Err(error) => self.refuse(name, &error),
        }
    }

    fn refuse(&mut self, name: &str, error: &LogError) {
        // The words of a terminal.
        let error = error.to_string().replace('`', "\"");
        let text = format!("Could not open {name}: {error}. Nothing was changed");
        self.notices.failed_to_open(name, text);
    }

    /// How the rows of a saved session are filtered; what was cleared belongs to the live session.
    fn saved_options(&self) -> ViewOptions {
        ViewOptions {
            filter: self.view_options.filter.clone(),
            muted: self.muted_rules(),
            ..ViewOptions::default()
        }
    }

    /// Shows a session that was just opened, with what is special about its file.
    pub(super) fn show_opened(&mut self, imported: Imported) {
        self.notices.withdraw_opening(&imported.name);
        for note in &imported.notes {
            let text = format!("{}: {note}", imported.name);
            self.notices.remark_on_file(&imported.name, text);
        }
        self.show_imported(imported);
    }

    pub(super) fn show_imported(&mut self, imported: Imported) {
        let before = self.imported.replace(imported);
        let before = before.or_else(|| self.saved.beside.take());
        self.calls.put_aside(before);
        self.leave_session();
        self.follows = false;
        self.left_at = u64::MAX;
        if matches!(self.view, View::Compose | View::Scenarios | View::Overrides) {
            self.view = View::Timeline;
        }
    }

    /// What was done is confirmed no longer where another session is shown: it would seem to be
    /// about that one. What a notice offers to leave has been left.
    fn leave_session(&mut self) {
        self.notices.withdraw_confirmations();
        for left in [Action::BackToLive, Action::SwitchSession] {
            self.notices.withdraw(&left);
        }
        self.look_at_another_session();
    }

    /// Whether a saved session is open, shown or not.
    pub(crate) const fn has_saved_session(&self) -> bool {
        self.imported.is_some() || self.saved.beside.is_some()
    }

    /// Whether a saved session is being opened.
    pub(crate) const fn is_opening(&self) -> bool {
        self.saved.reading.is_some()
    }

    /// Stops reading a file because the user opens another one.
    fn give_up_for(&mut self, name: &str) {
        if let Some(reading) = self.saved.reading.take() {
            let before = reading.name;
            let text = format!("Opening {before} was given up: {name} is opened instead");
            self.notices.info(self.seconds(), text, None);
        }
    }

    pub(super) fn cancel_import(&mut self) {
        if let Some(reading) = self.saved.reading.take() {
            let text = format!("Opening {} was canceled", reading.name);
            self.notices.done(self.seconds(), text, None);
        }
    }

    /// Switches between the live session and the open saved one.
    pub(super) fn switch_session(&mut self) {
        if let Some(imported) = self.imported.take() {
            self.saved.beside = Some(imported);
            self.leave_session();
            self.follows = true;
        } else if let Some(imported) = self.saved.beside.take() {
            self.show_imported(imported);
        }
    }

    /// Closes the saved session that is open.
    pub(super) fn close_saved(&mut self) {
        let shown = self.imported.take();
        if shown.is_some() {
            self.leave_session();
            self.follows = true;
        }
        let closed = shown.or_else(|| self.saved.beside.take());
        if let Some(closed) = &closed {
            self.notices.withdraw_opening(&closed.name);
        }
        self.calls.put_aside(closed);
    }
}

#[cfg(test)]
mod tests {
    use callscope_protocol::Millis;

    use super::*;
    use crate::event::Event;
    use crate::model::testing::{log, source};

    const TRACE: &str = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://localhost"}
        widget {"type":"INITIALIZED","messageId":"17_2","data":{"isLoggedIn":true,"sizeInfo":{"width":1,"height":1}}}
    "#;

    fn begin(model: &mut Model, number: u32, text: &str) {
        model.handle(Event::FileBegins {
            number,
            name: "a".to_owned(),
            bytes: text.len() as u64,
        });
    }

    fn piece(model: &mut Model, number: u32, bytes: &[u8]) {
        let bytes = bytes.to_vec();
        model.handle(Event::FilePiece { number, bytes });
    }

    fn end(model: &mut Model, number: u32, result: Result<(), String>) {
        model.handle(Event::FileEnds { number, result });
    }

    #[test]
    fn pieces_of_any_length_make_the_session_of_the_whole() {
        let text = log(&source(TRACE));
        let whole = Imported::read("a", text.as_bytes()).unwrap();
        for length in [1, 7, 100, text.len()] {
            let mut model = Model::default();
            begin(&mut model, 1, &text);
            for bytes in text.as_bytes().chunks(length) {
                assert!(model.is_reading(1));
                assert!(model.imported.is_none());
                piece(&mut model, 1, bytes);
            }
            end(&mut model, 1, Ok(()));
            let imported = model.imported.as_ref().unwrap();
            assert_eq!(imported.header, whole.header);
            let (session, expected) = (imported.source.session(), whole.source.session());
            assert_eq!(session.facts(), expected.facts());
            assert_eq!(session.findings(), expected.findings());
            assert_eq!(imported.source.work().decoded, 3);
        }
    }

    /// Nothing else says that a cut line is missing.
    #[test]
    fn what_is_special_about_a_file_is_said_while_it_is_open() {
        let text = log(&source(TRACE));
        let cut = text.trim_end().len() - 5;
        let mut model = Model::default();
        model.import("cut", &text.as_bytes()[..cut]);
        let told = |model: &mut Model, seconds: f64| {
            model.tick(Millis(seconds * 1_000.0));
            let mut notices = model.notices.iter();
            notices.any(|it| it.text.starts_with("cut: ") && it.text.contains("left out"))
        };
        assert!(told(&mut model, 600.0));
        model.close_saved();
        assert!(!told(&mut model, 601.0));
    }

    #[test]
    fn progress_is_told_and_canceling_changes_nothing() {
        let text = log(&source(TRACE));
        let mut model = Model::default();
        begin(&mut model, 1, &text);
        let half = text.len() / 2;
        piece(&mut model, 1, &text.as_bytes()[..half]);
        let opening = model.sessions_data().unwrap().opening.unwrap();
        let percent = (half * 100 / text.len()) as u64;
        assert_eq!((opening.name.as_str(), opening.percent), ("a", percent));
        model.perform(Action::CancelImport);
        assert!(!model.is_reading(1));
        piece(&mut model, 1, &text.as_bytes()[half..]);
        end(&mut model, 1, Ok(()));
        assert!(model.imported.is_none());
        assert_eq!(model.sessions_data(), None);
    }

    #[test]
    fn of_several_files_the_others_are_not_passed_over_in_silence() {
        let mut model = Model::default();
        model.handle(Event::FilesLeft {
            first: "a.jsonl".to_owned(),
            others: 2,
        });
        let notices: Vec<&str> = model.notices.iter().map(|it| it.text.as_str()).collect();
        let told = "Opening only a.jsonl, not the 2 other files: drop one at a time";
        assert_eq!(notices, [told]);
    }

    #[test]
    fn another_file_takes_the_place_of_the_one_that_is_read() {
        let text = log(&source(TRACE));
        let mut model = Model::default();
        begin(&mut model, 1, &text);
        begin(&mut model, 2, &text);
        piece(&mut model, 1, b"nonsense\nnonsense\nnonsense");
        piece(&mut model, 2, text.as_bytes());
        end(&mut model, 2, Ok(()));
        assert!(model.imported.is_some());
        let notices: Vec<&str> = model.notices.iter().map(|it| it.text.as_str()).collect();
        let told = "Opening a was given up: a is opened instead";
        assert_eq!(notices, [told]);
    }

    #[test]
    fn what_is_pasted_takes_the_place_of_the_file_that_is_read() {
        let text = log(&source(TRACE));
        let mut model = Model::default();
        begin(&mut model, 1, &text);
        let pasted = Action::Paste { text: text.clone() };
        assert_eq!(model.perform(pasted), []);
        end(&mut model, 1, Ok(()));
        let imported = model.imported.as_ref().unwrap();
        assert_eq!(imported.name, "pasted text");
        // A long one is read piece by piece, and can be canceled.
        let text = format!("{text}{}", "\n".repeat(1 << 20));
        let effects = model.perform(Action::Paste { text: text.clone() });
        let name = "pasted text".to_owned();
        assert_eq!(effects, [crate::event::Effect::ReadText { name, text }]);
    }

    #[test]
    fn esc_takes_back_the_opening_of_a_file_before_all_else() {
        let text = log(&source(TRACE));
        let mut model = Model::default();
        model.import("a", text.as_bytes());
        model.perform(Action::SelectSeq { seq: 2 });
        begin(&mut model, 1, &text);
        assert!(model.can_go_back());
        model.perform(Action::Back);
        assert!(!model.is_opening());
        assert!(model.is_detail_open && model.selected.is_some());
        let notices: Vec<&str> = model.notices.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(notices, ["Opening a was canceled"]);
        // With nothing else to go back from, the key is the panel's as well.
        let mut model = Model::default();
        assert!(!model.can_go_back());
        begin(&mut model, 1, &text);
        assert!(model.can_go_back());
    }

    #[test]
    fn a_line_that_cannot_be_read_ends_it_at_once() {
        let mut model = Model::default();
        begin(&mut model, 1, "");
        let header = "{\"kind\":\"header\",\"format\":\"callscope-session\",\"version\":1}\n";
        piece(&mut model, 1, header.as_bytes());
        piece(&mut model, 1, b"{\"kind\":\"frame\"}\n\n{");
        assert!(!model.is_reading(1));
        let notice = model.notices.iter().last().unwrap();
        assert!(notice.text.contains("line 2"), "{}", notice.text);
    }

    #[test]
    fn a_confirmation_does_not_stay_over_another_session() {
        let text = log(&source(TRACE));
        let mut model = Model::default();
        model.import("a", text.as_bytes());
        for leave in [
            Action::ImportText {
                name: "b".to_owned(),
                text,
            },
            Action::SwitchSession,
            Action::SwitchSession,
            Action::BackToLive,
        ] {
            model.notices.failed("No");
            model.notices.done(0.0, "Copied", None);
            model.perform(leave);
            let notices: Vec<&str> = model.notices.iter().map(|it| it.text.as_str()).collect();
            assert_eq!(notices, ["No"]);
        }
    }

    #[test]
    fn what_offers_to_leave_the_session_goes_with_it() {
        let text = log(&source(TRACE));
        for leave in [Action::SwitchSession, Action::BackToLive] {
            let mut model = Model::default();
            model.import("a", text.as_bytes());
            model.perform(Action::Clear);
            let notice = model.notices.iter().next().unwrap();
            assert_eq!(notice.action, Some(Action::BackToLive));
            model.perform(leave);
            assert_eq!(model.notices.iter().count(), 0);
        }
    }

    #[test]
    fn the_saved_session_stands_beside_the_live_one() {
        let text = log(&source(TRACE));
        let mut model = Model::default();
        model.import("a", text.as_bytes());
        model.perform(Action::SwitchSession);
        assert_eq!(model.shown().session().message_count(), 0);
        let saved = model.sessions_data().unwrap().saved.unwrap();
        assert_eq!((saved.messages, saved.is_shown), (3, false));
        model.perform(Action::SwitchSession);
        assert_eq!(model.shown().session().message_count(), 3);
        model.perform(Action::BackToLive);
        assert_eq!(model.sessions_data(), None);
        model.perform(Action::SwitchSession);
        assert!(model.imported.is_none());
    }
}
