//! Selections of several messages, and actions on them.
//!
//! A selection consists of entries, not rows: they stay selected while rows are folded, sorted or
//! filtered. Actions leave out entries that the filter hides.

use std::collections::{BTreeSet, HashSet};

use callscope_protocol::RecordedMessage;
use callscope_session_view::{calls, filter, snippet, words};

use super::Model;
use super::cached::Cached;
use super::columns::table_row;
use crate::action::{Action, CopyAs, ExportPart, Move, View};
use crate::event::Effect;

/// The selection besides the selected entry.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// All selected entries; empty while only one row is selected.
    entries: HashSet<u64>,
    /// The selected entry that `entries` belong to: if another one is selected, they are void.
    lead: Option<u64>,
    /// The row where a range selection starts, by the id of its first entry.
    anchor: Option<u64>,
    /// Changes whenever `entries` do.
    revision: u64,
    count: Cached<(u64, u64, u64, Option<u64>), usize>,
}

/// The most messages that are checked for whether there is code for one of them.
const ASKED_FOR_CODE: usize = 200;

/// The most types named in a filter.
const MOST_TYPES: usize = 40;

impl Selection {
    /// The selected entries if several rows are selected.
    fn entries(&self, selected: Option<u64>) -> Option<&HashSet<u64>> {
        let holds = selected.is_some() && self.lead == selected && !self.entries.is_empty();
        holds.then_some(&self.entries)
    }

    fn set(&mut self, entries: HashSet<u64>, lead: Option<u64>) {
        self.entries = entries;
        self.lead = lead;
        self.revision += 1;
    }
}

impl Model {
    /// Selects one row and nothing else.
    pub(super) fn select_alone(&mut self, id: Option<u64>) {
        self.selected = id;
        self.selection.set(HashSet::new(), id);
        self.selection.anchor = id;
        self.calls.look_here();
        self.compare_selection();
    }

    /// Whether several rows are selected.
    pub(crate) fn has_several(&self) -> bool {
        self.selection.entries(self.selected).is_some()
    }

    /// Whether an entry is part of a multiple selection.
    pub(crate) fn is_among_selected(&self, id: u64) -> bool {
        let entries = self.selection.entries(self.selected);
        entries.is_some_and(|entries| entries.contains(&id))
    }

    /// Whether the row at this place of the list is selected, alone or with others.
    pub(crate) fn is_place_selected(&self, place: usize) -> bool {
        let view = self.shown();
        let Some(row) = view.rows().get(self.row_at(place)) else {
            return false;
        };
        let positions = row.positions();
        let Some(entries) = self.selection.entries(self.selected) else {
            let selected = self.selected.and_then(|id| view.find(id));
            return selected.is_some_and(|(position, _)| positions.contains(&position));
        };
        if entries.len() < positions.len() {
            let mut found = entries.iter().filter_map(|id| view.find(*id));
            return found.any(|(position, _)| positions.contains(&position));
        }
        let facts = view.session().facts().get(positions);
        let mut facts = facts.into_iter().flatten();
        facts.any(|it| entries.contains(&it.id))
    }

    /// The entries of the rows at these places in the list.
    fn entries_at(&self, places: impl Iterator<Item = usize>) -> HashSet<u64> {
        let view = self.shown();
        let facts = view.session().facts();
        let rows = places.filter_map(|place| view.rows().get(self.row_at(place)));
        let entries = rows.flat_map(|row| facts.get(row.positions()).into_iter().flatten());
        entries.map(|it| it.id).collect()
    }

    /// The id of the row at this place in the list.
    fn id_at(&self, place: usize) -> Option<u64> {
        let row = self.shown().rows().get(self.row_at(place))?;
        Some(row.id)
    }

    /// Extends the selection to this row.
    pub(super) fn extend_selection(&mut self, id: u64) {
        let Some(to) = self.place_of_row(id) else {
            return;
        };
        let anchor = self.selection.anchor.or(self.selected);
        let anchor = anchor.filter(|it| self.place_of_row(*it).is_some());
        let anchor = anchor.unwrap_or(id);
        let from = self.place_of_row(anchor).unwrap_or(to);
        let entries = self.entries_at(from.min(to)..=from.max(to));
        self.lead_selection(entries, id);
        self.selection.anchor = Some(anchor);
        self.stop_following();
    }

    /// Sets the selection, and the entry whose details are shown.
    fn lead_selection(&mut self, entries: HashSet<u64>, lead: u64) {
        self.selected = Some(lead);
        self.selection.set(entries, Some(lead));
        self.compare_selection();
    }

    /// Extends the selection from the selected row by a step.
    pub(super) fn extend_selection_by(&mut self, step: Move) {
        if self.view == View::Findings {
            return self.extend_in_findings_by(step);
        }
        self.refresh();
        let Some(last) = self.shown().rows().len().checked_sub(1) else {
            return;
        };
        let place = step.from(self.selected_row(), last, self.page_rows);
        if let Some(id) = self.id_at(place) {
            self.extend_selection(id);
            self.nudges.reveal = true;
        }
    }

    /// Adds a row to the selection, or removes it.
    pub(super) fn toggle_selected(&mut self, id: u64) {
        let Some(place) = self.place_of_row(id) else {
            return;
        };
        let toggled = self.entries_at(std::iter::once(place));
        self.toggle_entries(&toggled, id);
    }

    fn toggle_entries(&mut self, toggled: &HashSet<u64>, id: u64) {
        let mut entries = match self.selection.entries(self.selected) {
            Some(entries) => entries.clone(),
            None => self.entries_at(self.selected_row().into_iter()),
        };
        let is_in = toggled.iter().any(|it| entries.contains(it));
        if is_in {
            entries.retain(|it| !toggled.contains(it));
            // The details move to the nearest row that is still selected.
            let place = self.place_of_row(id).unwrap_or_default();
            let left = entries
                .iter()
                .filter_map(|it| Some((*it, self.place_of_row(*it)?)));
            let nearest = left.min_by_key(|(it, at)| (at.abs_diff(place), *it));
            match (nearest, self.selected) {
                (None, _) => {
                    self.select_alone(None);
                    self.is_detail_open = false;
                }
                (Some(_), Some(selected)) if entries.contains(&selected) => {
                    self.lead_selection(entries, selected);
                }
                (Some((nearest, _)), _) => self.lead_selection(entries, nearest),
            }
            self.selection.anchor = self.selected;
        } else {
            entries.extend(toggled);
            self.lead_selection(entries, id);
            self.selection.anchor = Some(id);
        }
        self.stop_following();
    }

    /// Selects everything in the list.
    pub(super) fn select_all(&mut self) {
        self.refresh();
        if self.view == View::Findings {
            return self.select_all_findings();
        }
        let count = self.shown().rows().len();
        let lead = self.selected.filter(|it| self.place_of_row(*it).is_some());
        let Some(lead) = lead.or_else(|| self.id_at(0)) else {
            return;
        };
        let entries = self.entries_at(0..count);
        self.lead_selection(entries, lead);
        self.stop_following();
    }

    /// Selects these messages; the details shown are those of the last.
    pub(super) fn select_messages(&mut self, ids: &[u64], anchor: Option<u64>) {
        if let Some(lead) = ids.last() {
            self.lead_selection(ids.iter().copied().collect(), *lead);
            self.selection.anchor = anchor.or(Some(*lead));
        }
    }

    /// Adds a message to the selection, or removes it.
    pub(super) fn toggle_message(&mut self, id: u64) {
        if !self.has_several()
            && let Some(selected) = self.selected
        {
            // Not the whole run that it is part of.
            self.lead_selection(HashSet::from([selected]), selected);
        }
        self.toggle_entries(&HashSet::from([id]), id);
    }

    /// Selects what a row's menu is for: the whole selection if it includes the row, otherwise the
    /// row.
    pub(super) fn select_for_menu(&mut self, id: u64) {
        let is_among = self
            .place_of_row(id)
            .is_some_and(|at| self.is_place_selected(at));
        if is_among && self.has_several() {
            let entries = std::mem::take(&mut self.selection.entries);
            self.lead_selection(entries, id);
        } else {
            self.select_alone(Some(id));
        }
    }

    /// The ids of the selected messages in the list.
    pub(crate) fn selected_ids(&self) -> BTreeSet<u64> {
        let view = self.shown();
        let is_shown = |id: u64| {
            let found = view.find(id);
            found.is_some_and(|(position, placed)| {
                placed.message().is_some() && view.rows().row_of(position).is_some()
            })
        };
        if let Some(entries) = self.selection.entries(self.selected) {
            return entries.iter().copied().filter(|id| is_shown(*id)).collect();
        }
        let row = self.entries_at(self.selected_row().into_iter());
        row.into_iter().filter(|id| is_shown(*id)).collect()
    }

    /// The number of selected messages, if several rows are selected.
    pub(crate) fn selected_count(&mut self) -> Option<usize> {
        if !self.has_several() {
            return None;
        }
        let revision = self.shown().session().revision();
        let key = (
            revision,
            self.options_revision,
            self.selection.revision,
            self.selected,
        );
        let mut cached = std::mem::take(&mut self.selection.count);
        let count = cached.get(key, || self.selected_ids().len());
        self.selection.count = cached;
        Some(*count)
    }

    /// The selected messages in session order.
    fn selected_messages(&self) -> Vec<&RecordedMessage> {
        let view = self.shown();
        let ids = self.selected_ids().into_iter();
        let found = ids.filter_map(|id| view.find(id)?.1.message());
        let mut messages: Vec<&RecordedMessage> = found.collect();
        messages.sort_by_key(|it| it.seq);
        messages
    }

    /// The selected messages as recorded.
    fn selected_json(&self) -> Vec<String> {
        let messages = self.selected_messages().into_iter();
        messages.map(|it| it.message.as_str().to_owned()).collect()
    }

    /// The selected rows as a table, one per line, in list order.
    fn selected_table(&self) -> Vec<String> {
        let count = self.shown().rows().len();
        let places: Vec<usize> = if self.has_several() {
            (0..count)
                .filter(|it| self.is_place_selected(*it))
                .collect()
        } else {
            self.selected_row().into_iter().collect()
        };
        let rows = places
            .into_iter()
            .flat_map(|at| self.describe_places(at..at + 1));
        rows.map(|row| table_row(&row)).collect()
    }

    /// Copies the selection.
    pub(crate) fn copy_selected(&mut self, form: CopyAs) -> Vec<Effect> {
        let count = self.selected_ids().len();
        let texts = match form {
            CopyAs::Json => self.selected_json(),
            CopyAs::Rows => {
                let is_list = self.view == View::Findings;
                let findings = is_list.then(|| self.selected_finding_table());
                // A message selected elsewhere may have no finding.
                findings
                    .filter(|it| !it.is_empty())
                    .unwrap_or_else(|| self.selected_table())
            }
            CopyAs::Code => {
                let messages = self.selected_messages().into_iter();
                messages.filter_map(code_of).collect()
            }
            CopyAs::Console => {
                let messages = self.selected_messages().into_iter();
                messages.map(snippet::console_line).collect()
            }
        };
        if texts.is_empty() {
            let text = "The selection has nothing to copy in this form";
            self.notices.info(self.seconds(), text, None);
            return Vec::new();
        }
        let counted = |what: &str| words::counted(texts.len() as u64, what);
        let what = match form {
            CopyAs::Json if texts.len() == 1 => "Message".to_owned(),
            CopyAs::Rows if texts.len() == 1 => "Row".to_owned(),
            CopyAs::Json => counted("message"),
            CopyAs::Rows => counted("row"),
            CopyAs::Code if count == 1 => "Code".to_owned(),
            CopyAs::Code if texts.len() == count => counted("snippet"),
            CopyAs::Code => {
                let without = words::counted((count - texts.len()) as u64, "message");
                format!("{} (none for {without})", counted("snippet"))
            }
            CopyAs::Console if texts.len() == 1 => "Console snippet".to_owned(),
            CopyAs::Console => counted("console snippet"),
        };
        let text = match form {
            // Several are an array, which is JSON as well.
            CopyAs::Json if texts.len() > 1 => format!("[\n{}\n]", texts.join(",\n")),
            CopyAs::Json | CopyAs::Rows => texts.join("\n"),
            CopyAs::Code | CopyAs::Console => texts.join("\n\n"),
        };
        vec![Effect::Copy { what, text }]
    }

    /// Opens the export with the selection chosen.
    pub(super) fn export_selected(&mut self) -> Vec<Effect> {
        self.export.choice.part = ExportPart::Selected;
        self.open_export()
    }

    /// Compares the two selected messages.
    pub(super) fn compare_selected(&mut self) {
        let view = self.shown();
        let ids: Vec<Option<u64>> = self
            .selected_messages()
            .iter()
            .map(|it| view.id_of(it.seq))
            .collect();
        if let [Some(first), Some(second)] = ids[..] {
            self.compare_message(Some(first));
            let entries = std::mem::take(&mut self.selection.entries);
            self.lead_selection(entries, second);
            self.is_detail_open = true;
            self.show_message_in_findings();
        }
    }

    /// The actions for the selection, in groups.
    pub(crate) fn selection_actions(&self) -> Vec<Vec<(String, Action)>> {
        let messages = self.selected_messages();
        let mut groups = Vec::new();
        let several = self.has_several();
        let lead = self.selected.filter(|_| !several);
        let lead = lead.and_then(|id| Some((id, self.shown().find(id)?.1.message()?)));
        if let Some((_, message)) = lead {
            groups.extend(self.call_filter(message));
        }
        groups.extend(self.type_filters(&messages));
        let copy = |label: String, form| (label, Action::CopySelected { form });
        let mut copies = Vec::new();
        if messages.len() > 1 {
            let counted = words::counted(messages.len() as u64, "message");
            copies.push(copy(format!("Copy {counted} as JSON"), CopyAs::Json));
            copies.push(copy("Copy as table rows".to_owned(), CopyAs::Rows));
            let mut asked = messages.iter().take(ASKED_FOR_CODE);
            if asked.any(|it| code_of(it).is_some()) {
                let label = "Copy SDK calls and handlers".to_owned();
                copies.push(copy(label, CopyAs::Code));
            }
            copies.push(copy("Copy as console snippets".to_owned(), CopyAs::Console));
        } else {
            let one = messages.first();
            if one.is_some() {
                copies.push(copy("Copy message as JSON".to_owned(), CopyAs::Json));
            }
            copies.push(copy("Copy as table row".to_owned(), CopyAs::Rows));
            if let Some(one) = one {
                if snippet::sdk_call(one).is_some() {
                    copies.push(copy("Copy SDK call".to_owned(), CopyAs::Code));
                } else if snippet::handler(one).is_some() {
                    copies.push(copy("Copy handler".to_owned(), CopyAs::Code));
                }
                let label = "Copy as console snippet".to_owned();
                copies.push(copy(label, CopyAs::Console));
            }
        }
        groups.push(copies);
        let labeled = |action: Action| (action.label(), action);
        match (lead, messages.len()) {
            (Some((id, _)), _) => groups.push(vec![
                labeled(Action::CompareMessage { id: Some(id) }),
                labeled(Action::Resend { id }),
            ]),
            (None, 2) => groups.push(vec![
                labeled(Action::CompareSelected),
                labeled(Action::ExportSelected),
            ]),
            (None, 1..) => groups.push(vec![labeled(Action::ExportSelected)]),
            (None, 0) => {}
        }
        groups
    }

    /// The present filter with additional terms.
    pub(super) fn filter_with(&self, terms: &str) -> String {
        match self.filter_text.trim() {
            "" => terms.to_owned(),
            text if text.split_whitespace().any(|it| it == terms) => text.to_owned(),
            text if text.contains(" or ") => format!("({text}) {terms}"),
            text => format!("{text} {terms}"),
        }
    }

    fn call_filter(&self, message: &RecordedMessage) -> Option<Vec<(String, Action)>> {
        let session = self.shown().session();
        let call = session.placement(message.seq).call?;
        let text = calls::filter(call, session.conversations().nth(1).is_some());
        let name = self.shown().call_name(call);
        let is_followed = self.filter_text.trim() == text;
        let follow = (!is_followed).then(|| Action::follow_named(call, &name));
        let compare = Action::compare_named(call, &name);
        Some(follow.into_iter().chain([compare]).collect())
    }

    /// Filters that show only these types, or hide them.
    fn type_filters(&self, messages: &[&RecordedMessage]) -> Option<Vec<(String, Action)>> {
        let view = self.shown();
        let ids = messages.iter().filter_map(|it| view.id_of(it.seq));
        let digests = ids.filter_map(|id| view.digest(id));
        let types: BTreeSet<&str> = digests.map(|it| it.type_name.as_ref()).collect();
        let types = types.into_iter().filter(|it| !it.is_empty());
        let terms: Option<Vec<String>> = types.map(|it| filter::term("type", it)).collect();
        let terms = terms.filter(|it| !it.is_empty() && it.len() <= MOST_TYPES)?;
        let (only, these) = match &terms[..] {
            [one] => (one.clone(), "this type".to_owned()),
            several => (
                format!("({})", several.join(" or ")),
                format!("these {} types", several.len()),
            ),
        };
        let hidden: Vec<String> = terms.iter().map(|it| format!("-{it}")).collect();
        let action = |terms: &str| {
            let text = self.filter_with(terms);
            Action::SetFilter { text }
        };
        Some(vec![
            (format!("Only {these}"), action(&only)),
            (format!("Hide {these}"), action(&hidden.join(" "))),
        ])
    }
}

/// The code that sends a message, or that receives it.
fn code_of(message: &RecordedMessage) -> Option<String> {
    snippet::sdk_call(message).or_else(|| snippet::handler(message))
}
