//! The export sheet: what is saved, in which format, and whether it is redacted.

use std::collections::BTreeSet;
use std::rc::Rc;

use callscope_diagram as diagram;
use callscope_protocol::{CallId, Millis};
use callscope_report::{self as report, Report};
use callscope_session_log::{Log, Placed, Redactor, Session};
use callscope_session_view::SessionView;
use callscope_session_view::ladder::{Choice, ladders};
use callscope_session_view::part::Part;
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::{calls, words};

use super::cached::Cached;
use super::connection::Connection;
use super::{Model, files};
use crate::action::{ExportChoice, ExportFormat, ExportPart};
use crate::event::Effect;

/// The sheet's state. The choices last until the panel closes, but each opening begins with the
/// setting for redaction.
#[derive(Debug, Default)]
pub(crate) struct ExportState {
    pub(crate) is_open: bool,
    pub(crate) choice: ExportChoice,
    /// Random bytes for the next file; `None` until the browser has provided them.
    salt: Option<[u8; 16]>,
    preview: Cached<PreviewKey, Preview>,
    /// How often the sheet has been opened.
    openings: u64,
}

/// What the preview depends on. Messages that arrive are not among it: the sheet counts them.
#[derive(Debug, PartialEq)]
struct PreviewKey {
    opening: u64,
    choice: ExportChoice,
    salt: Option<[u8; 16]>,
    /// The selected message, which a call is chosen by.
    selected: Option<u64>,
    /// What the selection consists of, if that is to be saved.
    ids: Option<BTreeSet<u64>>,
    /// What is shown, if that is to be saved.
    filter: Option<String>,
}

/// What a file would contain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preview {
    /// How many messages: `12 messages, and 4 before, such as the handshake, that they depend on`.
    pub(crate) holds: String,
    /// How many messages were chosen.
    pub(super) chosen: u64,
    /// How many different values are redacted, and in how many places.
    pub(crate) replaced: Option<(u64, u64)>,
    /// These values, with their replacements.
    pub(crate) replaced_values: Vec<(String, String)>,
}

/// What the sheet shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExportData {
    pub(crate) choice: ExportChoice,
    /// The available parts, with their labels.
    pub(crate) parts: Vec<(ExportPart, String)>,
    /// The file name.
    pub(crate) name: String,
    pub(crate) preview: Rc<Preview>,
    /// How many messages have come since the preview; they will be in the file as well.
    pub(crate) grown: u64,
    /// Whether the file can be saved now.
    pub(crate) can_save: bool,
    /// Whether an export was requested and waits for what the page still has to send.
    pub(crate) is_waiting: bool,
    /// Tells this opening of the sheet from others.
    pub(crate) opening: u64,
}

impl Model {
    /// The shown session as a complete log file.
    #[must_use]
    pub fn export_text(&self) -> String {
        let whole = Part::Whole.of(self.shown(), &self.cleared());
        self.export_lines(&whole.session)
    }

    /// A part of the shown session as a log.
    pub(super) fn export_lines(&self, part: &Session) -> String {
        let writer = match &self.connection {
            Connection::Attached(info) => files::Writer {
                user_agent: info.user_agent.clone(),
                page: Some(info.page.clone()),
            },
            _ => files::Writer::default(),
        };
        let header = self.imported.as_ref().map(|imported| &imported.header);
        files::export(part, header, &writer, self.now)
    }

    /// Opens the sheet.
    pub(super) fn open_export(&mut self) -> Vec<Effect> {
        self.overlay = None;
        self.export.is_open = true;
        self.export.openings += 1;
        // Not redacting is meant for one file.
        self.export.choice.redacted = self.settings.redact_exports;
        self.mend_export_part();
        vec![Effect::MakeSalt]
    }

    /// Falls back to the whole session if the chosen part no longer exists, so that what is chosen
    /// is among the choices. A part that is being saved stays: nothing else is saved in its place.
    fn mend_export_part(&mut self) {
        if !self.is_exporting() && self.part().is_none() {
            self.export.choice.part = ExportPart::Whole;
        }
    }

    pub(super) fn choose_export(&mut self, choice: ExportChoice) {
        self.export.choice = choice;
        self.mend_export_part();
    }

    /// Handles random bytes for the next file.
    pub(super) fn take_salt(&mut self, salt: [u8; 16]) {
        self.export.salt = Some(salt);
    }

    /// The chosen part, if it still exists.
    fn part(&self) -> Option<Part> {
        match self.export.choice.part {
            ExportPart::Whole => Some(Part::Whole),
            ExportPart::Shown => (!self.view_options.filter.is_empty()).then_some(Part::Shown),
            ExportPart::Call => self.call_to_export().map(Part::Call),
            ExportPart::Selected => {
                let ids = self.selected_ids();
                (!ids.is_empty()).then_some(Part::Messages(ids))
            }
        }
    }

    fn call_to_export(&self) -> Option<CallId> {
        let session = self.shown().session();
        let has_several = session.conversations().nth(1).is_some();
        let is_followed = |id| self.filter_text.trim() == calls::filter(id, has_several);
        let mut ids = session.calls().into_iter().map(|call| call.id);
        let followed = ids.find(|id| is_followed(*id));
        let placement = |seq| self.shown().session().placement(seq).call;
        followed.or_else(|| self.selected_seq().and_then(placement))
    }

    /// The parts that can be chosen at the moment, with their labels.
    fn export_parts(&self) -> Vec<(ExportPart, String)> {
        let view = self.shown();
        let counted = |count: u64| words::counted(count, "message");
        let mut parts = vec![(
            ExportPart::Whole,
            format!("Whole session ({})", counted(self.message_count())),
        )];
        if !self.view_options.filter.is_empty() {
            let shown = counted(view.rows().shown());
            parts.push((
                ExportPart::Shown,
                format!("What the filter shows ({shown})"),
            ));
        }
        if let Some(call) = self.call_to_export() {
            let is_several = view.session().conversations().nth(1).is_some();
            let count = Part::Call(call).count(view, &self.cleared());
            let name = words::capitalized(&calls::name(call, is_several));
            parts.push((ExportPart::Call, format!("{name} ({})", counted(count))));
        }
        let selected = self.selected_ids().len() as u64;
        if selected > 0 {
            parts.push((
                ExportPart::Selected,
                format!("Selection ({})", counted(selected)),
            ));
        }
        parts
    }

    /// How many messages the chosen part has now.
    fn count_to_export(&self) -> u64 {
        let view = self.shown();
        match self.export.choice.part {
            ExportPart::Whole => self.message_count(),
            ExportPart::Shown => view.rows().shown(),
            ExportPart::Call => (self.call_to_export())
                .map_or(0, |call| Part::Call(call).count(view, &self.cleared())),
            ExportPart::Selected => self.selected_ids().len() as u64,
        }
    }

    /// That messages go on coming, so that a file ends in the middle of them.
    pub(super) fn still_coming(&self) -> Option<String> {
        /// Nobody takes this for silence.
        const LATELY: Millis = Millis(1_000.0);
        let is_live = self.imported.is_none() && self.connection.is_attached();
        let now = self.recorder_clock().filter(|_| is_live)?;
        let mut latest = self.live.session().facts().iter().rev();
        let last = latest.find_map(Placed::message)?.at;
        (now < last + LATELY).then(|| {
            let time = self.offset.time_of_day(last);
            format!("Messages are still coming: the last one in the file is of {time}")
        })
    }

    /// The sheet's contents; `None` if it is not open.
    pub(crate) fn export_data(&mut self) -> Option<ExportData> {
        if !self.export.is_open {
            return None;
        }
        // The filter or the selection may have changed.
        self.mend_export_part();
        let choice = self.export.choice.clone();
        let is_part = |part| choice.part == part;
        let key = PreviewKey {
            opening: self.export.openings,
            choice: choice.clone(),
            salt: self.export.salt,
            selected: self.selected,
            ids: is_part(ExportPart::Selected).then(|| self.selected_ids()),
            filter: is_part(ExportPart::Shown).then(|| self.filter_text.clone()),
        };
        let mut cached = std::mem::take(&mut self.export.preview);
        let preview = cached.get(key, || self.preview());
        self.export.preview = cached;
        Some(ExportData {
            parts: self.export_parts(),
            name: self.export_name(),
            grown: self.count_to_export().saturating_sub(preview.chosen),
            preview,
            can_save: !choice.redacted || self.export.salt.is_some(),
            is_waiting: self.is_exporting(),
            opening: self.export.openings,
            choice,
        })
    }

    fn preview(&self) -> Preview {
        let Some((log, chosen, context)) = self.log_to_export() else {
            return Preview::default();
        };
        let mut holds = words::counted(chosen, "message");
        if context > 0 {
            holds.push_str(", and ");
            holds.push_str(&words::count(context));
            holds.push_str(" before, such as the handshake, that they depend on");
        }
        let mut preview = Preview {
            holds,
            chosen,
            ..Preview::default()
        };
        if let Some(salt) = self.export.salt.filter(|_| self.export.choice.redacted) {
            let replaced = Redactor::new(salt).replaced(&log);
            preview.replaced = Some((replaced.values.len() as u64, replaced.places));
            preview.replaced_values = replaced.values.into_iter().collect();
        }
        preview
    }

    /// The chosen part, how many messages were chosen, and how many are added for context.
    fn log_to_export(&self) -> Option<(Log, u64, u64)> {
        let part = self.part()?;
        let partial = part.of(self.shown(), &self.cleared());
        let text = self.export_lines(&partial.session);
        let log = Log::read(text.as_bytes()).ok()?;
        Some((log, partial.chosen, partial.context))
    }

    /// The file name: the user's, or one made from the date and time.
    pub(crate) fn export_name(&self) -> String {
        let choice = &self.export.choice;
        let extension = choice.format.extension();
        match choice.name.trim() {
            "" => format!("{}{extension}", files::file_stem(self.now)),
            name if name.ends_with(extension) => name.to_owned(),
            name => format!("{name}{extension}"),
        }
    }

    /// The text of the chosen file; `None` if it cannot be written.
    pub(crate) fn chosen_export_text(&self) -> Option<String> {
        let ExportChoice {
            format, redacted, ..
        } = self.export.choice;
        if format == ExportFormat::Log && !redacted {
            let partial = self.part()?.of(self.shown(), &self.cleared());
            return Some(self.export_lines(&partial.session));
        }
        let (mut log, ..) = self.log_to_export()?;
        if redacted {
            log = Redactor::new(self.export.salt?).log(&log);
        }
        Some(match format {
            ExportFormat::Log => log.to_text(),
            ExportFormat::Html => Report::new(log, redacted).write(report::Format::Html),
            ExportFormat::Markdown => Report::new(log, redacted).write(report::Format::Markdown),
            ExportFormat::Svg => ladder(log, diagram::Format::Svg),
            ExportFormat::Mermaid => ladder(log, diagram::Format::Mermaid),
            ExportFormat::Text => ladder(log, diagram::Format::Text),
        })
    }

    /// Saves the chosen file.
    pub(super) fn save_chosen(&mut self) -> Vec<Effect> {
        let name = self.export_name();
        let Some(text) = self.chosen_export_text() else {
            self.notices
                .failed(format!("{name} was not saved: what was chosen is gone"));
            return Vec::new();
        };
        let mut said = files::handed_over(&name, self.privacy());
        if !self.cleared().is_empty() && self.export.choice.part == ExportPart::Whole {
            said.push_str(
                ". Of what you cleared it holds only what the state of a conversation hangs on",
            );
        }
        if let Some(words) = self.still_coming() {
            said.push_str(". ");
            said.push_str(&words);
        }
        self.notices.done(self.seconds(), said, None);
        self.export.is_open = false;
        // The next file gets other replacements.
        self.export.salt = None;
        vec![Effect::Save { name, text }]
    }

    /// Copies the text of the file.
    pub(super) fn copy_export(&mut self) -> Vec<Effect> {
        let Some(text) = self.chosen_export_text() else {
            return Vec::new();
        };
        let mut what = format!("{}. {}", self.export.choice.format.title(), self.privacy());
        if let Some(words) = self.still_coming() {
            what = format!("{what}. {words}");
        }
        self.export.salt = None;
        vec![Effect::Copy { what, text }, Effect::MakeSalt]
    }

    fn privacy(&self) -> &'static str {
        if self.export.choice.redacted {
            "Names, numbers, e-mail addresses and ids are replaced; look at it before you publish it"
        } else {
            "Nothing is replaced: it holds phone numbers and names as they were"
        }
    }
}

fn ladder(log: Log, format: diagram::Format) -> String {
    let mut view = SessionView::from(log);
    view.update_rows(&ViewOptions::everything());
    diagram::write(&ladders(&view, Choice::default()), format)
}
