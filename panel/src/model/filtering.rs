//! The filter, its suggestions, and DevTools' search.

use std::rc::Rc;

use callscope_session_view::filter::{Filter, Vocabulary};
use callscope_session_view::rows::RowKind;

use super::Model;
use super::cached::Cached;
use super::settings::SavedFilter;
use crate::action::{Move, View};
use crate::event::Effect;

/// The state of the filter field besides its text.
#[derive(Debug, Default)]
pub(crate) struct Filtering {
    /// What the session offers as suggestions; while messages stream in, it is not computed for
    /// each.
    vocabulary: Cached<VocabularyKey, Vocabulary>,
    /// The search text and the filter that finds it.
    pub(crate) finding: Option<Finding>,
}

/// What a vocabulary depends on.
type VocabularyKey = (bool, u64);

/// The age up to which a vocabulary is reused, in milliseconds.
const VOCABULARY_AGE: f64 = 2_000.0;

/// A search by DevTools.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) text: String,
    filter: Filter,
}

impl Model {
    pub(super) fn set_filter(&mut self, text: String) {
        match Filter::parse(&text) {
            Ok(filter) => {
                self.filter_error = None;
                if filter != self.view_options.filter {
                    self.view_options.filter = filter;
                    self.options_revision += 1;
                    self.nudges.reveal = true;
                    // Messages shown again are not new.
                    self.recounts = true;
                }
            }
            // While the user types, the last valid filter stays in force.
            Err(error) => self.filter_error = Some(error),
        }
        self.filter_text = text;
        self.forget_filter_before();
    }

    /// The filter in force: not the field's text while that has an error.
    pub(crate) fn filter_in_force(&self) -> String {
        self.view_options.filter.to_string()
    }

    /// The shown session's suggestions for the filter; computed only while the field is used.
    pub(crate) fn vocabulary(&mut self) -> Rc<Vocabulary> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive and far below 2^53"
        )]
        let age = (self.now.0 / VOCABULARY_AGE).max(0.0) as u64;
        let key = (self.imported.is_some(), age);
        let mut cached = std::mem::take(&mut self.filtering.vocabulary);
        let vocabulary = cached.get(key, || Vocabulary::of(self.shown()));
        self.filtering.vocabulary = cached;
        vocabulary
    }

    pub(super) fn save_filter(&mut self, name: &str) -> Vec<Effect> {
        let text = self.filter_text.trim().to_owned();
        if text.is_empty() || self.filter_error.is_some() {
            return Vec::new();
        }
        let saved = SavedFilter {
            name: name.trim().to_owned(),
            text,
        };
        let all = &mut self.settings.saved_filters;
        match all.iter_mut().find(|it| it.text == saved.text) {
            Some(same) => *same = saved,
            None => all.push(saved),
        }
        self.store()
    }

    pub(super) fn remove_filter(&mut self, text: &str) -> Vec<Effect> {
        self.settings.saved_filters.retain(|it| it.text != text);
        self.store()
    }

    /// Searches as the user types, from the selected row on.
    pub(super) fn find(&mut self, text: String) {
        if text.is_empty() {
            self.filtering.finding = None;
            return;
        }
        let filter = Filter::text(&text);
        self.filtering.finding = Some(Finding { text, filter });
        self.find_from(true, false);
    }

    pub(super) fn find_again(&mut self, backwards: bool) {
        self.find_from(false, backwards);
    }

    /// Selects the nearest message with the text, wrapping around at the ends.
    fn find_from(&mut self, takes_this: bool, backwards: bool) {
        let Some(finding) = self.filtering.finding.take() else {
            return;
        };
        let found = self.nearest_row(takes_this, backwards, |model, id| {
            model.shown().holds(id, &finding.filter)
        });
        if let Some(id) = found {
            self.go_to(id);
        } else {
            let text = format!("No message shown here holds “{}”", finding.text);
            self.notices.info(self.seconds(), text, None);
        }
        self.filtering.finding = Some(finding);
    }

    /// Selects the next or previous message or gap with a finding.
    pub(super) fn move_to_finding(&mut self, backwards: bool) {
        let is_list = self.view == View::Findings && !self.findings_data().lines.is_empty();
        if is_list {
            let step = if backwards {
                Move::Previous
            } else {
                Move::Next
            };
            return self.move_in_findings(step);
        }
        let found = self.nearest_row(false, backwards, |model, id| {
            let shown = model.shown();
            let Some((_, placed)) = shown.find(id) else {
                return false;
            };
            if let Some(message) = placed.message() {
                return shown.unmuted_findings_of(message.seq).next().is_some();
            }
            let finding = shown.finding_of_fact(&placed.fact);
            finding.is_some_and(|it| !shown.is_muted(it))
        });
        match found {
            Some(id) => self.go_to(id),
            None => self
                .notices
                .info(self.seconds(), "Nothing shown here has a finding", None),
        }
    }

    fn go_to(&mut self, id: u64) {
        if matches!(self.view, View::Compose | View::Scenarios | View::Overrides) {
            self.view = View::Timeline;
        }
        self.select(id);
        self.stop_following();
        self.nudges.reveal = true;
    }

    /// The nearest row that passes a test, from the selected one on, wrapping around at the ends.
    fn nearest_row(
        &mut self,
        takes_this: bool,
        backwards: bool,
        test: impl Fn(&Self, u64) -> bool,
    ) -> Option<u64> {
        self.refresh();
        let rows = self.shown().rows();
        let count = rows.len();
        let selected = self.selected_row();
        let first = match (selected, backwards) {
            (Some(row), _) if takes_this => row,
            (Some(row), false) => row + 1,
            (Some(row), true) => row + count.saturating_sub(1),
            (None, false) => 0,
            (None, true) => count.saturating_sub(1),
        };
        (0..count)
            .map(|step| {
                let row = if backwards {
                    first + count - step
                } else {
                    first + step
                };
                row % count
            })
            .filter_map(|row| rows.get(row))
            .find(|row| {
                let facts = self.shown().session().facts();
                let stands_for_facts = !matches!(row.kind(), RowKind::Cleared { .. });
                let mut facts = facts.get(row.positions()).into_iter().flatten();
                stands_for_facts && facts.any(|placed| test(self, placed.id))
            })
            .map(|row| row.id)
    }
}
